"""A clerk without a broker: what `redoubt redact` held back in a folder is looked at, decided upon, and proven."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from policies.notice import strip
from policies.scope.authorization import NOTICE
from streams.cli import app
from streams.events import AuditAction
from streams.review.folder.log import LocalLog
from tests.acceptance.command import page_pixels
from tests.cli.conftest import page

CANARIES = ("Zdravka Quillfeather-Obi", "QX-5550199-7", "Quillfeather chart")
WHO = ("--actor", "c.lerk", "--ticket", "ROI-7")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile that keeps what is the patient's, and no patient: nobody knows whose record it is."""
    folder = tmp_path_factory.mktemp("clerk")
    file = folder / f"{CANARIES[2]}.pdf"
    file.write_bytes(page(f"Patient: {CANARIES[0]}", f"MRN: {CANARIES[1]}"))
    authorization = ("--authorization-id", "auth-1", "--authorization-expires", "2100-01-01")
    authorization += ("--authorization-allows", "sud", "--source-program", "part2-rehab")
    options = ("--profile", "roi-authorization", *authorization, "--out", str(folder / "out"), "--processes", "1")
    done = CliRunner().invoke(app, ["redact", str(file), *options])
    assert done.exit_code == 3, done.output
    return folder / "out"


def said(*arguments: str | Path, columns: int = 200) -> Result:
    return CliRunner().invoke(app, ["review", "folder", *map(str, arguments)], env={"COLUMNS": str(columns)})


def test_what_a_clerk_mistypes_is_told_in_words(out: Path, tmp_path: Path) -> None:
    burn = ("decide", out, "1", "burn", *WHO, "--why", "precaution", "--key", tmp_path / "key")
    for wrong, told in (
        ((*burn, "--burn-shown"), "this task shows no places"),
        ((*burn, "--burn", "1:1,1,9,9:nickname"), "age_over_89"),
        ((*burn, "--burn", "1:1,1,9"), "PAGE:LEFT,TOP,RIGHT,BOTTOM in pixels"),
        (("list", tmp_path), "has not written to this folder"),
        (("show", tmp_path, "1"), "has not written to this folder"),
    ):
        done = said(*wrong)
        assert (done.exit_code, told in done.output) == (2, True), done.output
    helped = said("decide", "--help").output
    for word in ("pixels of the page", "age_over_89"):
        assert word in helped
    shown = said("show", out, "1", columns=80)
    ((width, height),) = json.loads(said("show", out, "1", "--json").output)["page_sizes"]
    assert f"size      page 1  {width} x {height} pixels" in shown.output
    (held,) = (out / "review").glob("*.pdf")
    assert height == len(page_pixels(held.read_bytes())) - len(strip(NOTICE, width)), "boxes are on the page alone"
    outside = said(*burn, "--burn", f"1:10,{height},600,{height + 40}")
    assert (outside.exit_code, f"{width} x {height} pixels" in outside.output) == (2, True), outside.output
    assert not (out / "audit.jsonl").exists(), "nothing is decided by a slip"
    listed = said("list", out, columns=80).output
    assert {"roi-authorization", "patient_not_found"} <= set(listed.split())
    assert "whole pages" in listed, "a doubt about no place of its own"
    assert max(map(len, listed.splitlines())) <= 80


def test_where_the_original_lies_is_told_by_its_task_alone(out: Path) -> None:
    """The name of a file can be a patient's. A decision makes the copy anew, so that its task must lead to the
    original: for this user's eyes, and until the decision."""
    (task,) = (out / "review").glob("*.json")
    name = CANARIES[2].encode()
    assert [file for file in out.rglob("*") if file.is_file() and name in file.read_bytes()] == [task]
    assert (stat.S_IMODE(task.stat().st_mode), stat.S_IMODE(task.parent.stat().st_mode)) == (0o600, 0o700)


def test_a_held_copy_is_seen_released_and_proven(out: Path, tmp_path: Path) -> None:
    (held,) = (out / "review").glob("*.pdf")
    copy = held.read_bytes()
    (task,) = json.loads(said("list", out, "--json").output)
    assert (task["file"], task["doubts"]) == (1, ["patient_not_found"])
    looked = said("show", out, "1", "--images", tmp_path / "look", "--actor", "c.lerk")
    assert looked.exit_code == 0, looked.output
    (picture,) = (tmp_path / "look").iterdir()
    for told in (str(held), str(picture), "patient_not_found", "roi-authorization"):
        assert told in looked.output
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600

    wrong = said("decide", out, "1", "release", *WHO, "--why", "precaution", "--key", tmp_path / "key")
    assert wrong.exit_code == 2
    key = tmp_path / "key"
    before = json.loads((out / "report.json").read_text())["documents"][0]
    burn = ("--burn", "1:20,20,400,140", "--burn", "1:1,1,9,99999", "--why", "precaution", "--key", key)
    again = said("decide", out, "1", "burn", *WHO, *burn)
    assert again.exit_code == 3, again.output
    assert "held again" in again.output
    assert "patient_not_found" in again.output, "and why"
    burned = held.read_bytes()
    assert burned != copy
    release = ("decide", out, "1", "release", "--ticket", "ROI-7", "--why", "read_by_eye", "--key", key)
    unseen = said(*release, "--actor", "c.lerk")
    assert (unseen.exit_code, "has not opened this copy" in unseen.output) == (2, True), "the first was another copy"
    assert said("show", out, "1", "--images", tmp_path / "again", "--actor", "c.lerk").exit_code == 0
    assert said(*release, "--actor", "somebody.else").exit_code == 2, "it was another person who looked"
    done = said(*release, "--actor", "c.lerk")
    assert done.exit_code == 0, done.output
    released = out / held.name
    assert released.read_bytes() == burned, "byte for byte what was shown"
    sheet = page_pixels(burned)
    below = strip(NOTICE, sheet.shape[1])
    assert np.abs(sheet[-len(below) :].astype(int) - below).max() < 40, "what was shown had the notice, too"
    assert said("list", out).output == "nothing waits for a person in this folder\n"
    assert not list((out / "review").iterdir())
    statement = out / "attestations" / f"{held.stem}.json"
    inputs = (
        "--input",
        str(out.parent / f"{CANARIES[2]}.pdf"),
        "--input-key",
        str(statement.with_suffix(".input-key")),
    )
    checked = CliRunner().invoke(
        app,
        ["verify", str(released), "--attestation", str(statement), "--public-key", f"{key}.pub", *inputs],
    )
    assert checked.exit_code == 0, checked.output
    assert "decided by c.lerk" in checked.output
    assert f"verify --public-key {key}.pub" in done.output
    (entry,) = json.loads((out / "report.json").read_text())["documents"]
    assert (entry["verdict"], entry["output"]) == ("release", held.name)
    first, last = entry["decided"]
    assert (first["round"], first["choice"], first["why"]) == (1, "burn", "precaution")
    assert last == {"round": 2, "choice": "release", "by": "c.lerk", "why": "read_by_eye", "ticket": "ROI-7"}
    assert entry["words_burned"] > before["words_burned"]
    assert any(box["rule"] == "reviewer" and box["left"] <= 20 < 400 <= box["right"] for box in entry["boxes"])
    log = LocalLog(out).entries
    assert {e.document_id for e in log} == {entry["document"]}
    actions = [(e.action, e.actor) for e in log]
    assert actions == [
        (AuditAction.REVEALED, "c.lerk"),
        (AuditAction.DECIDED, "c.lerk"),
        (AuditAction.HELD, "c.lerk"),
        (AuditAction.REVEALED, "c.lerk"),
        (AuditAction.DECIDED, "c.lerk"),
        (AuditAction.RELEASED, "c.lerk"),
    ]
    assert said("decide", out, "1", "release", *WHO, "--why", "read_by_eye").exit_code == 2, "it is closed"
    for file in (path for path in out.rglob("*") if path.is_file() and path != released):
        content = file.read_bytes()
        assert not [value for value in CANARIES if value.encode() in content], file
    everything = looked.output + wrong.output + again.output + done.output + checked.output
    assert not [value for value in CANARIES if value in everything]
