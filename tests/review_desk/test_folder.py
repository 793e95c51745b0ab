"""The desk over a folder: what is told before a copy is opened, what boxes rest on, what came of a decision."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.pages import PageRaster
from policies import profile
from policies.masking.assemble import assemble
from policies.notice import under
from policies.scope.authorization import NOTICE
from streams.events import AuditAction, Grounds, ReviewChoice
from streams.review.desk.desks import What
from streams.review.desk.folder import FolderDesk
from streams.review.desk.form import Said, Unclear, decision
from streams.review.desk.words import why
from streams.review.folder import held as local
from streams.review.folder.held import LocalDesk
from streams.review.folder.log import FILE, LocalLog
from streams.review.folder.task import LocalTask
from streams.review.reviewer import Decision
from tests.review_desk.doubles import TICKETS, copy_of_two_pages, waiting

BOX = {"page": 2, "left": 1, "top": 2, "right": 30, "bottom": 9, "kind": "person", "layer": "ner", "action": "burn"}
PERSON = profile.load("hipaa-safe-harbor").rules[0]
DECISION = Decision(ReviewChoice.WITHHOLD, "c.lerk", Grounds.WRONG_RECORD, "ROI-1")


def held(out: Path) -> LocalTask:
    """A folder as `redoubt redact` leaves it, with one held copy."""
    (out / "review").mkdir(parents=True)
    event = waiting("1").event
    task = LocalTask(position=1, name="name", file=out / "gone.pdf", sha256="0" * 64, event=event, at=datetime.now(UTC))
    LocalDesk(out).hold(task)
    LocalDesk(out).copy_of(task).write_bytes(copy_of_two_pages())
    boxes = [{**BOX, "rule": PERSON.id}, {**BOX, "rule": "reviewer"}]
    entry = {"position": 1, "verdict": "review", "reasons": ["unexplained_ink"], "boxes": boxes, "output": "name.pdf"}
    (out / "report.json").write_text(json.dumps({"documents": [entry]}))
    return task


@pytest.fixture
def out(tmp_path: Path) -> Path:
    held(tmp_path / "out")
    return tmp_path / "out"


def desk(out: Path, what: str = "released") -> FolderDesk:
    return FolderDesk(out, lambda *_: what, "c.lerk", "ROI-7")


def test_a_look_is_on_record_before_the_copy_is_read(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[AuditAction]] = []

    def content(_: Path) -> bytes:
        read.append([entry.action for entry in LocalLog(out).entries])
        return copy_of_two_pages()

    monkeypatch.setattr(local, "content_of", content)
    [found] = desk(out).waiting()
    assert read == []
    desk(out).open(found)
    assert read
    assert read[0] == [AuditAction.REVEALED]
    [entry] = LocalLog(out).entries
    assert (entry.actor, entry.ticket, entry.why) == ("c.lerk", "ROI-7", "review")


def test_without_its_record_no_copy_is_read(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / FILE).write_text("edited\n")
    monkeypatch.setattr(local, "content_of", lambda _: pytest.fail("it was read"))
    [found] = desk(out).waiting()
    with pytest.raises(RedoubtError) as failed:
        desk(out).open(found)
    assert failed.value.reason is Reason.HASH_MISMATCH


def test_a_box_rests_on_the_rule_of_the_profile_that_made_the_copy(out: Path) -> None:
    [found] = desk(out).waiting()
    other, reviewer = desk(out).open(found).boxes
    assert (other.page, other.kind, other.because) == (1, Kind.PERSON, ""), "the profile is another one by now"
    assert why(other) == f"rule {PERSON.id}"
    assert why(reviewer) == "a person had it burned"


def test_the_profiles_words_stand_on_a_box_of_the_same_version(tmp_path: Path) -> None:
    task = held(tmp_path / "out")
    version = profile.load("hipaa-safe-harbor").version
    same = dataclasses.replace(task.event, profile_version=version)
    LocalDesk(tmp_path / "out").hold(dataclasses.replace(task, event=same))
    [found] = desk(tmp_path / "out").waiting()
    box, _ = desk(tmp_path / "out").open(found).boxes
    assert (box.because, box.source) == (PERSON.reason, PERSON.source)


def test_a_notice_is_shown_and_nothing_is_marked_on_it(tmp_path: Path) -> None:
    task = held(tmp_path / "out")
    event = dataclasses.replace(task.event, profile="roi-authorization")
    LocalDesk(tmp_path / "out").hold(dataclasses.replace(task, event=event, source_program="part2-rehab"))
    sheet = under(PageRaster(np.full((400, 900), 255, np.uint8), 100.0), NOTICE)
    LocalDesk(tmp_path / "out").copy_of(task).write_bytes(assemble([sheet, sheet]))
    [found] = desk(tmp_path / "out").waiting()
    opened = desk(tmp_path / "out").open(found)
    assert opened.pictures == ((900, sheet.height),) * 2
    assert opened.sizes == ((900, 400),) * 2
    given = Said("burn", {"burn": "precaution"}, ("2:10,400,90,402",), (), "ROI-7")
    with pytest.raises(Unclear, match="900 x 400 pixels, without the notice below it"):
        decision(given, opened, "c.lerk", TICKETS)


@pytest.mark.parametrize("told", ["{", "[]", '{"documents": []}', '{"documents": [{"position": 1, "boxes": [{}]}]}'])
def test_a_report_that_is_none_is_told_by_its_code(out: Path, told: str) -> None:
    (out / "report.json").write_text(told)
    [found] = desk(out).waiting()
    with pytest.raises(RedoubtError) as failed:
        desk(out).open(found)
    assert failed.value.reason is Reason.STORE_UNAVAILABLE


def test_without_a_report_the_copy_is_shown_and_no_box_named(out: Path) -> None:
    (out / "report.json").unlink()
    [found] = desk(out).waiting()
    assert desk(out).open(found).boxes == ()


@pytest.mark.parametrize(
    ("what", "reasons", "where"),
    [
        ("released", (), "name.pdf"),
        ("withheld", (Reason.UNEXPLAINED_INK,), ""),
        ("held again", (Reason.UNEXPLAINED_INK,), ""),
    ],
)
def test_what_came_of_it_is_told_with_what_the_report_says_now(
    out: Path, what: str, reasons: tuple[Reason], where: str
) -> None:
    [found] = desk(out).waiting()
    came = desk(out, what).decide(found, DECISION)
    assert (came.what, came.reasons, came.where) == (What(what), reasons, where and str(out / where))


def test_of_a_round_that_is_over_nothing_is_decided(out: Path) -> None:
    [found] = desk(out).waiting()
    later = dataclasses.replace(found, event=dataclasses.replace(found.event, round=2))
    for act in (lambda: desk(out).open(later), lambda: desk(out).decide(later, DECISION)):
        with pytest.raises(RedoubtError) as failed:
            act()
        assert failed.value.reason is Reason.ALREADY_DECIDED
    assert not (out / FILE).exists()
