"""A clerk's sitting in a real Chromium: what `redoubt redact` held back is looked at, marked, decided upon, by keys."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from streams.events import AuditAction
from streams.review.folder.log import LocalLog
from tests.acceptance.command import page_pixels
from tests.review_desk.conftest import ACTOR, CANARIES, TICKET, desk

sys.path.insert(0, str(Path(__file__).parents[2] / "leakage-tests"))
from hunt import hunt

pytestmark = pytest.mark.browser

WORKS_MS = 120_000
SERIOUS = {"serious", "critical"}


def no_violation(page: Any, when: str) -> None:
    """Nothing that axe-core calls serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in SERIOUS]
    assert not found, (when, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def told(page: Any) -> str:
    return str(page.locator("#told").inner_text())


def whole(page: Any) -> None:
    page.wait_for_function(
        "() => { const i = document.querySelector('.sheet img'); return i && i.complete && i.naturalWidth }"
    )


def drawn(page: Any, left: int, top: int, right: int, bottom: int) -> None:
    """Drags over a box of the page that is shown, in its pixels."""
    frame = page.locator(".sheet").bounding_box()
    scale = frame["width"] / page.evaluate("document.querySelector('.sheet img').naturalWidth")
    corners = [(frame["x"] + x * scale, frame["y"] + y * scale) for x, y in ((left, top), (right, bottom))]
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=4)
    page.mouse.up()


def report(out: Path, position: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "report.json").read_text())["documents"][position - 1]
    return found


def test_a_sitting_from_the_list_to_two_decisions(page: Any, out: Path, tmp_path: Path, held_back: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with desk(out, "--key", str(held_back / "key"), temporary=temporary) as running:
        page.goto(running.address)
        assert page.url == f"{running.base}/"
        assert not (out / "audit.jsonl").exists(), "a list is no look"
        no_violation(page, "list")
        press(page, "n", "Enter")
        page.wait_for_url("**/held/2")
        [look] = LocalLog(out).entries
        assert (look.action, look.actor, look.ticket) == (AuditAction.REVEALED, ACTOR, TICKET)
        whole(page)
        no_violation(page, "copy")
        steps_through_places(page, out)
        names_black_boxes(page, out)
        assert len(LocalLog(out).entries) == 1, "pages and places are turned within one look"
        burns(page, out)
        press(page, "n")
        page.wait_for_url("**/held/1")
        releases(page, out)
        withholds(page, out)
        assert not page.wrong
        titles_and_addresses = [*page.seen, page.title()]
        assert running.end() == 0
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    places = {f"said {n}": text.encode() for n, text in enumerate((*running.said, *titles_and_addresses))}
    places |= {str(file): file.read_bytes() for file in files if file.suffix in (".json", ".jsonl", ".input-key")}
    assert places.keys() >= {str(out / "audit.jsonl"), str(out / "report.json")}
    assert hunt(CANARIES, places) == []
    assert not [file for file in temporary.rglob("*") if file.is_file()], "nothing is written beside the folder"
    assert page.title() == "Review desk"


def steps_through_places(page: Any, out: Path) -> None:
    """By n and p over the pages' borders: the first of the third page comes after the last of the first."""
    pages = [int(found) for found in page.locator("#places button").evaluate_all("all => all.map(b => b.dataset.page)")]
    assert pages == sorted(pages)
    assert set(pages) == {1, 3}
    borders = pages.index(3)
    for number in range(1, borders + 1):
        press(page, "n")
        assert told(page).startswith(f"Place {number} of {len(pages)}, page 1")
    press(page, "n")
    assert told(page).startswith(f"Place {borders + 1} of {len(pages)}, page 3")
    assert "Much of a page is no print" in told(page)
    assert page.locator("#page-now").inner_text() == "3"
    frame, room = page.locator("rect.doubt.now").bounding_box(), page.locator("#desk").bounding_box()
    assert frame["y"] < room["y"] + room["height"]
    assert frame["y"] + frame["height"] > room["y"]
    assert page.locator("#places [aria-current=true] b").inner_text() == str(borders + 1)
    press(page, "p")
    assert page.locator("#page-now").inner_text() == "1"
    press(page, "j")
    assert (page.locator("#page-now").inner_text(), page.locator("rect.doubt").count()) == ("2", 0)
    press(page, "ArrowRight", "ArrowRight")
    assert told(page) == "This is the last page."
    press(page, "k", "ArrowLeft")
    assert page.locator("#page-now").inner_text() == "1"


def names_black_boxes(page: Any, out: Path) -> None:
    """Each one by keys, and under the mouse: its kind, its rule, and the profile's reason for it."""
    whole(page)
    first = next(box for box in report(out, 2)["boxes"] if box["page"] == 1)
    press(page, "b")
    assert f"{first['kind']}; rule {first['rule']}: " in told(page)
    assert "CFR" in told(page)
    press(page, "0", "+", "-", "k")
    page.locator("#desk").evaluate("desk => desk.scrollTo(0, 0)")
    person = next(number for number, box in enumerate(report(out, 2)["boxes"]) if box["kind"] == "person")
    page.locator("rect.box").nth(person).hover(force=True)
    assert told(page).startswith("Black: person; rule others")


def burns(page: Any, out: Path) -> None:
    """A place that is drawn, one by numbers, one too many that is removed: black in the next copy, which is held."""
    press(page, "d")
    page.select_option("#kind", "facility")
    drawn(page, 100, 60, 400, 130)
    assert re.match(r"To burn: page 1, (99|100|101),(59|60|61) to ", told(page))
    assert told(page).endswith("facility.")
    press(page, "Escape")
    page.select_option("#kind", "")
    page.get_by_text("By numbers").click()
    for name, value in (("page", 2), ("left", 90), ("top", 200), ("right", 700), ("bottom", 260)):
        page.fill(f"#by-{name}", str(value))
    page.click("#by-add")
    page.click("#by-add")
    page.locator("h1").click()
    press(page, "x")
    assert page.locator("#marks li").count() == 2
    page.set_viewport_size({"width": 1920, "height": 1080})
    no_violation(page, "with marks")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.click("#send")
    assert "Say why" in page.locator("[role=alert]").inner_text()
    whole(page)
    assert page.locator("#marks li").count() == 2, "what was marked is still there, on the page it was marked on"
    assert page.wrong.pop().startswith("Failed to load resource: the server responded with a status of 422")
    page.select_option("select[name=why-burn]", "missed_identifier")
    page.check("input[name=answer][value=patient_not_found]")
    send = page.locator("#send").bounding_box()
    assert send["y"] + send["height"] <= 800, "the button is in sight whatever is marked"
    twice = "() => { for (const _ of '12') document.querySelector('#send').click(); return work.textContent }"
    assert page.evaluate(twice).startswith("At work")
    page.wait_for_url("**/came", timeout=WORKS_MS)
    no_violation(page, "came")
    assert page.locator("h1").inner_text() == "Held again"
    assert "unexplained ink" in page.locator("main").inner_text().lower()
    assert "patient not found" not in page.locator("main").inner_text().lower(), "it was answered"
    [said] = report(out, 2)["decided"]
    assert (said["choice"], said["why"], said["by"], said["ticket"]) == ("burn", "missed_identifier", ACTOR, TICKET)
    copy = (out / report(out, 2)["output"]).read_bytes()
    assert page_pixels(copy, 0)[70:120, 110:390].max() < 40
    assert page_pixels(copy, 1)[205:255, 95:690].max() < 40
    actions = [entry.action for entry in LocalLog(out).entries]
    assert actions == [AuditAction.REVEALED, AuditAction.DECIDED, AuditAction.HELD], "sent twice, decided once"


def releases(page: Any, out: Path) -> None:
    """By keys alone: choose, say why, send."""
    whole(page)
    copy = (out / report(out, 1)["output"]).read_bytes()
    shown = page.evaluate(
        """() => { const i = document.querySelector('.sheet img'), c = document.createElement('canvas');
        [c.width, c.height] = [i.naturalWidth, i.naturalHeight]; const g = c.getContext('2d'); g.drawImage(i, 0, 0);
        const line = g.getImageData(0, 100, c.width, 1).data;
        return [c.width, c.height, Array.from(line.filter((_, n) => n % 4 == 0))] }"""
    )
    there = page_pixels(copy, 0)
    assert shown[:2] == [there.shape[1], there.shape[0]]
    assert np.array_equal(np.array(shown[2]), there[100] if there.ndim == 2 else there[100, :, 0]), "the very pixels"
    press(page, "1", "Tab")
    page.keyboard.type("Read")
    press(page, "Tab", "Enter")
    page.wait_for_url("**/came", timeout=WORKS_MS)
    assert page.locator("h1").inner_text() == "Released"
    assert report(out, 1)["decided"][-1]["why"] == "read_by_eye"
    released = out / Path(report(out, 1)["output"]).name
    assert page.locator("code").inner_text() == str(released)
    assert released.read_bytes() == copy, "byte for byte what was shown"
    assert (out / "attestations" / f"{released.stem}.json").exists()


def withholds(page: Any, out: Path) -> None:
    """The copy that was held again comes last, with a look of its own."""
    press(page, "n")
    page.wait_for_url("**/held/2")
    assert "round 2" in page.locator("header").inner_text()
    press(page, "?")
    assert page.locator("#keys").is_visible()
    no_violation(page, "keys")
    press(page, "Escape", "3")
    page.select_option("select[name=why-withhold]", "wrong_record")
    page.click("#send")
    page.wait_for_url("**/came", timeout=WORKS_MS)
    assert page.locator("h1").inner_text() == "Withheld"
    assert report(out, 2)["verdict"] == "withhold"
    assert not list((out / "review").iterdir())
    page.get_by_role("link", name="0 waiting").click()
    assert "Nothing waits" in page.locator("main").inner_text()
    actions = [(entry.action, entry.actor) for entry in LocalLog(out).entries]
    looks = [number for number, (action, _) in enumerate(actions) if action is AuditAction.REVEALED]
    assert looks == [0, 3, 6]
    assert {actor for _, actor in actions} == {ACTOR}


def test_keys_type_where_somebody_types_and_can_be_switched_off(page: Any, out: Path, tmp_path: Path) -> None:
    with desk(out, "--key", str(tmp_path / "key"), temporary=tmp_path) as running:
        page.goto(running.address)
        press(page, "Enter")
        page.wait_for_url("**/held/1")
        whole(page)
        page.fill("input[name=ticket]", "")
        page.locator("input[name=ticket]").press_sequentially("jd?x2")
        assert page.input_value("input[name=ticket]") == "jd?x2"
        assert not page.locator("#keys").is_visible()
        page.locator("h1").click()
        press(page, "?")
        page.uncheck("#keys-on")
        press(page, "Escape", "d")
        assert page.get_attribute("#draw", "aria-pressed") == "false"
        running.end()


def test_everything_is_reached_by_keyboard_and_seen_where_it_is(page: Any, out: Path, tmp_path: Path) -> None:
    with desk(out, "--key", str(tmp_path / "key"), temporary=tmp_path) as running:
        page.goto(running.address)
        press(page, "n", "Enter")
        page.wait_for_url("**/held/2")
        press(page, "2")
        page.locator(".brand").focus()
        reached = set()
        for _ in range(120):
            press(page, "Tab")
            found = page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e);"
                "return [e.id || e.name || e.tagName, parseFloat(s.outlineWidth), s.outlineStyle] }"
            )
            reached.add(found[0])
            assert found[0] == "BODY" or (found[1] >= 2 and found[2] != "none"), found
        wanted = {"page-on", "place-on", "box-on", "draw", "kind", "zoom-in", "desk", "mark-shown", "SUMMARY", "send"}
        assert wanted | {"answer", "why-burn", "ticket", "choice", "show-keys"} <= reached
        running.end()


def test_left_alone_what_it_showed_is_gone(page: Any, out: Path, tmp_path: Path) -> None:
    with desk(out, "--key", str(tmp_path / "key"), temporary=tmp_path, idle_min=0.2) as running:
        page.goto(running.address)
        press(page, "Enter")
        page.wait_for_url("**/held/1")
        whole(page)
        for _ in range(4):  # who works on a page asks for none, and loses nothing
            page.wait_for_timeout(4000)
            press(page, "b")
        assert running.process.poll() is None
        page.get_by_text("The desk has ended.").wait_for(timeout=40_000)
        assert page.locator("img").count() == 0
        assert running.process.wait(20) == 0


def test_a_desk_serves_one_browser(browser: Any, out: Path, tmp_path: Path) -> None:
    with desk(out, "--key", str(tmp_path / "key"), temporary=tmp_path) as running:
        with browser.new_context() as first, browser.new_context() as second:
            one, two = first.new_page(), second.new_page()
            one.goto(running.address)
            assert two.goto(running.address).status == 403
            assert two.goto(f"{running.base}/").status == 403
            assert one.goto(f"{running.base}/").status == 200
            [cookie] = first.cookies(f"{running.base}/")
            assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
            assert not first.cookies(running.base.rpartition("/")[0]), "for the desk's own path alone"
        running.end()
