"""What the pages say and take, over a desk without documents."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
import time
from collections.abc import Iterator

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from streams.events import Grounds, Place, ReviewChoice, ReviewRequested, SignOff
from streams.review.desk import words
from streams.review.desk.desks import What
from streams.review.places import place, typed
from streams.review.rules import GROUNDS
from tests.review_desk.doubles import Browser, DeskOfTwo, copy_of_two_pages, served, waiting

RELEASE = {"choice": "release", "why-release": "read_by_eye", "ticket": "ROI-1"}
BURN = {"choice": "burn", "why-burn": "precaution", "ticket": "ROI-1", "burn": "1:10,10,50,30:person"}
SECRET = "Quillanthe"


@pytest.fixture
def desk() -> DeskOfTwo:
    return DeskOfTwo(copy_of_two_pages())


@pytest.fixture
def entered(desk: DeskOfTwo) -> Iterator[Browser]:
    with served(desk) as (found, _):
        found.enter()
        yield found


def test_every_choice_ground_and_outcome_has_its_words() -> None:
    assert set(words.CHOICES) == set(ReviewChoice)
    assert set(words.GROUNDS) >= set().union(*GROUNDS.values())
    assert set(words.CAME) == set(What)
    assert {Grounds.CAUSE_MENDED, Grounds.SUBMITTED_ANEW}.isdisjoint(words.GROUNDS), "of dead letters"


def test_a_place_is_typed_as_it_is_read() -> None:
    for each in (
        Place(0, 1, 2, 3, 4, Kind.INK, Reason.RESIDUAL_FINDING),
        Place(8, 10, 2, 30, 4, Kind.AGE_OVER_89, Reason.RESIDUAL_FINDING),
    ):
        assert place(typed(each), 9) == each


def test_one_opening_is_one_look_however_many_pages_are_turned(entered: Browser, desk: DeskOfTwo) -> None:
    entered.open()
    for path in ("/held/1", "/held/1/1.png", "/held/1/2.png", "/held/1"):
        assert entered.get(path).status == 200
    assert entered.get("/held/1/1.png").body.startswith(b"\x89PNG")
    assert desk.asked == ["open 1"]
    entered.open("2")
    assert entered.get("/held/1/1.png").status == 404, "one copy is open at a time"
    assert desk.asked == ["open 1", "open 2"]


def test_the_list_explains_a_doubt_once_however_many_copies_have_it(entered: Browser) -> None:
    text = entered.get("/").text
    assert text.count("<strong>unexplained ink</strong>") == 2
    assert text.count(words.sentence(Reason.UNEXPLAINED_INK)) == 1


def test_the_page_names_doubts_places_and_boxes(entered: Browser) -> None:
    entered.open()
    text = entered.get("/held/1").text
    for told in ("unexplained ink", words.sentence(Reason.PATIENT_NOT_FOUND).replace("'", "&#39;"), "page 2"):
        assert told in text
    found = re.search(r'id="data">(.*?)</script>', text)
    assert found
    assert "<somebody>" not in text, "escaped in the script's data as everywhere"
    [box] = json.loads(found[1])["boxes"]
    assert box == [1, 5, 5, 50, 20, "person", "rule others: It names <somebody>. (45 CFR 164.508)"]
    assert re.findall("<title>(.*?)</title>", text) == ["Review desk"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"choice": ""}, "Choose"),
        ({"choice": SECRET}, "Choose"),
        ({"why-burn": "read_by_eye"}, "Say why"),
        ({"ticket": SECRET}, "number of a case"),
        ({"burn": f"1:1,1,9,9:{SECRET}"}, "One of the places is none"),
        ({"burn": "3:1,1,9,9"}, "pages from 1 to 2"),
        ({"burn": "1:900,1,910,9"}, "lies outside"),
        ({"answer": "region_not_solid"}, "Only what is in doubt"),
    ],
)
def test_what_is_no_decision_is_told_and_what_was_marked_stays(
    entered: Browser, desk: DeskOfTwo, changed: dict[str, str], told: str
) -> None:
    look = entered.open()
    answer = entered.post("/held/1/decide", {**BURN, "look": look, **changed})
    assert (answer.status, told in answer.text) == (422, True), answer.text
    if "burn" not in changed:
        assert BURN["burn"] in answer.text
    assert desk.asked == ["open 1"]


def test_without_a_place_nothing_is_burned(entered: Browser, desk: DeskOfTwo) -> None:
    look = entered.open()
    said = {name: value for name, value in BURN.items() if name != "burn"}
    assert "Mark what has to be burned" in entered.post("/held/1/decide", {**said, "look": look}).text
    assert desk.decisions == []


def test_what_nobody_may_answer_is_not_released(entered: Browser, desk: DeskOfTwo) -> None:
    desk.there[0] = waiting("1", Reason.UNEXPLAINED_INK, Reason.REGION_NOT_SOLID)
    look = entered.open()
    assert re.search(r'value="release"[^>]* disabled', entered.get("/held/1").text)
    answer = entered.post("/held/1/decide", {**RELEASE, "look": look})
    assert (answer.status, "Nobody may answer this" in answer.text) == (422, True)
    assert desk.decisions == []


def test_a_decision_says_all_that_the_form_says(entered: Browser, desk: DeskOfTwo) -> None:
    look = entered.open()
    sent = {**BURN, "look": look, "burn": "2:190,100,999,999", "answer": "unexplained_ink"}
    assert entered.post("/held/1/decide", sent).headers["Location"] == f"{entered.path}/came"
    [made] = desk.decisions
    assert (made.choice, made.why, made.reviewer, made.ticket) == ("burn", "precaution", "c.lerk", "ROI-1")
    assert made.places == (Place(1, 190, 100, 200, 120, Kind.INK, Reason.RESIDUAL_FINDING),), "cut at the page's edge"
    assert made.answered == (Reason.UNEXPLAINED_INK,)
    came = entered.get("/came").text
    assert "Released" in came
    assert "Next: file 2" in came
    assert entered.get("/held/1/1.png").status == 404, "what is decided is shown no more"


def test_a_release_answers_every_doubt(entered: Browser, desk: DeskOfTwo) -> None:
    entered.post("/held/1/decide", {**RELEASE, "look": entered.open()})
    [made] = desk.decisions
    assert set(made.answered) == {Reason.UNEXPLAINED_INK, Reason.PATIENT_NOT_FOUND}
    assert made.places == ()


def test_a_form_that_is_sent_twice_decides_once(entered: Browser, desk: DeskOfTwo) -> None:
    desk.seconds = 0.5
    sent = {**RELEASE, "look": entered.open()}
    answers: list[int] = []
    both = [threading.Thread(target=lambda: answers.append(entered.post("/held/1/decide", sent).status)) for _ in "ab"]
    for thread in both:
        thread.start()
        time.sleep(0.1)
    for thread in both:
        thread.join()
    assert answers == [303, 303]
    assert entered.post("/held/1/decide", sent).status == 303, "and once more when it is done"
    assert len(desk.decisions) == 1


def test_a_form_of_an_earlier_look_decides_nothing(entered: Browser, desk: DeskOfTwo) -> None:
    old = entered.open()
    entered.open()
    assert entered.post("/held/1/decide", {**RELEASE, "look": old}).status == 409
    assert desk.decisions == []


@pytest.mark.parametrize(
    ("comes", "sent", "told"),
    [
        (What.HELD_AGAIN, RELEASE, words.NOT_AS_SHOWN),
        (What.HELD_AGAIN, BURN, words.CAME[What.HELD_AGAIN][1]),
        (What.WITHHELD, BURN, "why no copy may leave"),
        (What.SENT, BURN, words.CAME[What.SENT][1]),
    ],
)
def test_what_was_not_asked_for_is_explained(
    entered: Browser, desk: DeskOfTwo, comes: What, sent: dict[str, str], told: str
) -> None:
    desk.comes = comes
    entered.post("/held/1/decide", {**sent, "look": entered.open()})
    text = entered.get("/came").text
    assert told in text
    assert words.sentence(Reason.UNEXPLAINED_INK) in text
    assert ("Look at file 1 again" in text) is (comes is What.HELD_AGAIN)


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        (RedoubtError(Reason.HASH_MISMATCH), words.sentence(Reason.HASH_MISMATCH)),
        (ValueError(SECRET), words.sentence(Reason.INTERNAL)),
    ],
)
def test_a_decision_that_fails_is_told_in_words_and_the_copy_stays_open(
    entered: Browser, desk: DeskOfTwo, fails: Exception, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    look = entered.open()
    desk.fails = fails
    answer = entered.post("/held/1/decide", {**BURN, "look": look})
    assert told in answer.text
    assert SECRET not in answer.text
    desk.fails = None
    assert entered.post("/held/1/decide", {**BURN, "look": look}).status == 303
    assert SECRET not in "".join(capfd.readouterr())


def test_what_somebody_else_decided_is_told(entered: Browser, desk: DeskOfTwo) -> None:
    desk.there.clear()
    assert "Nothing waits" in entered.get("/").text
    answer = entered.post("/held/1/open")
    assert (answer.status, words.sentence(Reason.ALREADY_DECIDED) in answer.text) == (409, True)


def test_left_alone_it_ends_but_not_under_a_decision(desk: DeskOfTwo) -> None:
    desk.seconds = 5.0
    with served(desk, idle_s=2.0) as (browser, thread):
        browser.enter()
        assert browser.post("/held/1/decide", {**RELEASE, "look": browser.open()}).status == 303
        assert desk.decisions
        thread.join(10.0)
        assert not thread.is_alive()


def test_strangers_keep_no_desk_open(desk: DeskOfTwo) -> None:
    with served(desk, idle_s=1.0) as (browser, thread):
        end = time.monotonic() + 10
        while thread.is_alive() and time.monotonic() < end:
            try:
                browser.get("/", Cookie=None)
            except OSError:
                break
            time.sleep(0.1)
        assert time.monotonic() < end


def test_its_person_ends_it(desk: DeskOfTwo) -> None:
    with served(desk) as (browser, thread):
        browser.enter()
        assert words.ENDED in browser.post("/end").text
        thread.join(5)
        assert not thread.is_alive()


def test_who_has_signed_off_is_named_and_cannot_do_it_twice(entered: Browser, desk: DeskOfTwo) -> None:
    first = waiting("1", Reason.UNEXPLAINED_INK, Reason.SECOND_SIGN_OFF, round_=2)
    assert isinstance(first.event, ReviewRequested)
    by = SignOff("c.lerk", Grounds.READ_BY_EYE, "ROI-1")
    desk.there[0] = dataclasses.replace(first, event=dataclasses.replace(first.event, signed=(by,)))
    look = entered.open()
    assert "Signed off by <b>c.lerk</b> (read by eye, ROI-1)" in entered.get("/held/1").text
    answer = entered.post("/held/1/decide", {"look": look, **RELEASE})
    assert (answer.status, "You have signed this copy off already" in answer.text) == (422, True)
    assert desk.decisions == []


def test_a_copy_that_is_signed_off_waits_for_one_more(entered: Browser, desk: DeskOfTwo) -> None:
    desk.there[0] = waiting("1", Reason.UNEXPLAINED_INK, Reason.SECOND_SIGN_OFF)
    desk.comes = What.HELD_AGAIN
    look = entered.open()
    assert entered.post("/held/1/decide", {"look": look, **RELEASE}).status == 303
    text = entered.get("/came").text
    assert words.SIGNED in text
    assert words.NOT_AS_SHOWN not in text
