"""Decisions on what `redoubt redact` held back: the rules of the broker's way, on files."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from policies.attack.report import Verdict
from streams.events import AuditAction, Grounds, Place
from streams.pipeline.document import BoxEntry, Document, Outcome
from streams.publish import doubtful_places
from streams.review.folder.held import LocalDesk
from streams.review.folder.log import FILE, LocalLog
from streams.review.folder.task import LocalTask
from tests.kafka.people import refused
from tests.streams.local_desk import (
    BURN,
    CONTENT,
    COPY,
    DARK,
    HELD,
    PLACE,
    RELEASE,
    RELEASED,
    WITHHOLD,
    Signs,
    actions,
    decide,
    desk,
    never,
)

__all__ = ["desk"]


def test_a_release_that_is_not_what_was_shown_is_held_again(desk: LocalDesk, tmp_path: Path) -> None:
    other = dataclasses.replace(RELEASED, copy=DARK)
    assert decide(desk, RELEASE, other) == "held again"
    assert not (tmp_path / "out" / "ab.pdf").exists()
    (task,) = desk.tasks()
    assert task.event.round == 2
    assert desk.copy_of(task).read_bytes() == other.copy
    assert actions(tmp_path) == [AuditAction.DECIDED, AuditAction.HELD]
    assert decide(desk, dataclasses.replace(RELEASE, answered=HELD.reasons), other) == "released"
    assert (tmp_path / "out" / "ab.pdf").read_bytes() == other.copy


def test_more_burned_goes_out_and_less_never(desk: LocalDesk, tmp_path: Path) -> None:
    darker = dataclasses.replace(RELEASED, copy=DARK)
    assert decide(desk, dataclasses.replace(BURN, answered=()), dataclasses.replace(HELD, copy=darker.copy)) == (
        "held again"
    )
    (task,) = desk.tasks()
    assert task.event.burned == (PLACE,)
    (document,) = json.loads((tmp_path / "out" / "report.json").read_text())["documents"]
    assert document["verdict"] == "review"
    again = dataclasses.replace(BURN, places=(dataclasses.replace(PLACE, left=300, right=400),))
    lighter, asked = dataclasses.replace(RELEASED, copy=COPY), list[Document]()
    document = Document("local", "document-1", CONTENT, "maximal")

    def handle(given: Document) -> Outcome:
        asked.append(given)
        return lighter

    came = desk.decide(task, again, document, handle, Signs())
    assert came == "held again", "it shows what was black before"
    (task,) = desk.tasks()
    kept = dataclasses.replace(PLACE, kind=Kind.INK)
    assert task.event.burned == (PLACE, *again.places, kept)
    assert asked[-1].answers.burn[-1].box == Box(0, 0, 200, 1100), "what was black was asked for, once more"
    assert task.shows_again == (kept,)
    assert desk.sizes(task) == [(850, 1100)]
    (told,) = json.loads((tmp_path / "out" / "report.json").read_text())["documents"]
    assert [said["round"] for said in told["decided"]] == [1, 2]
    assert not (tmp_path / "out" / "ab.pdf").exists()


def test_what_was_black_stays_black_where_it_can(desk: LocalDesk, tmp_path: Path) -> None:
    """With more burned the detectors find less; burned as the person saw it, it goes out."""
    assert decide(desk, dataclasses.replace(BURN, answered=()), dataclasses.replace(HELD, copy=DARK)) == "held again"
    (task,) = desk.tasks()
    lighter, darker = dataclasses.replace(RELEASED, copy=COPY), dataclasses.replace(RELEASED, copy=DARK, words_burned=7)
    document = Document("local", "document-1", CONTENT, "maximal")
    came = desk.decide(task, BURN, document, lambda given: darker if len(given.answers.burn) == 3 else lighter, Signs())
    assert came == "released"
    assert (tmp_path / "out" / "ab.pdf").read_bytes() == DARK
    (told,) = json.loads((tmp_path / "out" / "report.json").read_text())["documents"]
    assert (told["verdict"], told["words_burned"], told["document"]) == ("release", 7, task.event.document_id)
    assert [said["choice"] for said in told["decided"]] == ["burn", "burn"]


def test_withheld_is_gone(desk: LocalDesk, tmp_path: Path) -> None:
    assert decide(desk, WITHHOLD, RELEASED) == "withheld"
    assert not list((tmp_path / "out" / "review").iterdir())
    assert not (tmp_path / "out" / "ab.pdf").exists()
    (document,) = json.loads((tmp_path / "out" / "report.json").read_text())["documents"]
    assert (document["verdict"], document["output"]) == ("withhold", None)
    assert document["reasons"] == ["withheld_by_reviewer"]


@pytest.mark.parametrize(
    ("change", "content", "reason"),
    [
        ({"answered": ()}, CONTENT, "invalid_event"),
        ({"why": Grounds.PRECAUTION}, CONTENT, "invalid_event"),
        ({"places": (PLACE,)}, CONTENT, "invalid_event"),
        ({}, b"%PDF another original", "hash_mismatch"),
    ],
)
def test_what_is_not_followed_is_logged_and_changes_nothing(
    desk: LocalDesk, tmp_path: Path, change: dict[str, object], content: bytes, reason: str
) -> None:
    bad = dataclasses.replace(RELEASE, **change)  # type: ignore[arg-type]
    assert refused(lambda: decide(desk, bad, RELEASED, content)) == reason
    assert actions(tmp_path) == [AuditAction.DECISION_REFUSED]
    assert len(desk.tasks()) == 1


def test_what_nobody_may_answer_is_not_released(desk: LocalDesk, tmp_path: Path) -> None:
    (task,) = desk.tasks()
    reasons = (Reason.KNOWN_VALUE_READABLE,)
    desk.hold(dataclasses.replace(task, event=dataclasses.replace(task.event, reasons=reasons)))
    bad = dataclasses.replace(RELEASE, answered=reasons)
    assert refused(lambda: decide(desk, bad, RELEASED)) == "known_value_readable"
    assert not (tmp_path / "out" / "ab.pdf").exists()


def test_what_the_attacker_withheld_is_not_asked_about_again(
    desk: LocalDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuted = dataclasses.replace(HELD, verdict=Verdict.WITHHOLD, reasons=(Reason.KNOWN_VALUE_READABLE,), copy=None)
    with monkeypatch.context() as down:
        down.setattr(LocalDesk, "_close", lambda *_: (_ for _ in ()).throw(OSError()))
        assert refused(lambda: decide(desk, BURN, refuted)) == "store_unavailable"
    (task,) = desk.tasks()
    document = Document("local", "document-1", CONTENT, "maximal")
    assert desk.decide(task, BURN, document, never, Signs()) == "withheld"
    (told,) = json.loads((tmp_path / "out" / "report.json").read_text())["documents"]
    assert told["reasons"] == ["known_value_readable"]


def test_a_decision_on_what_somebody_has_changed_meanwhile_is_none(desk: LocalDesk) -> None:
    (seen,) = desk.tasks()
    assert decide(desk, BURN, dataclasses.replace(HELD, copy=DARK)) == "held again"
    document = Document("local", "document-1", CONTENT, "maximal")
    assert refused(lambda: desk.decide(seen, WITHHOLD, document, lambda _: HELD, Signs())) == "already_decided"
    (task,) = desk.tasks()
    assert task.event.burned == (PLACE,)


def test_a_log_that_was_changed_is_told_and_half_a_line_is_none(desk: LocalDesk, tmp_path: Path) -> None:
    assert decide(desk, RELEASE, RELEASED) == "released"
    file = tmp_path / "out" / FILE
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"entry":')
    log = LocalLog(tmp_path / "out")
    assert len(log.entries) == 2
    log.append(dataclasses.replace(log.entries[0], entry_id="e" * 32))
    assert len(LocalLog(tmp_path / "out").entries) == 3
    lines = whole.splitlines(keepends=True)
    for bad in (whole.replace(b"c.lerk", b"d.lerk"), b"".join(reversed(lines)), b"".join(lines[1:]), b"[]\n"):
        file.write_bytes(bad)
        assert refused(lambda: LocalLog(tmp_path / "out")) == "hash_mismatch"


def test_a_task_names_its_files_and_tells_nothing_of_them(desk: LocalDesk, tmp_path: Path) -> None:
    (task,) = desk.tasks()
    assert task.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert task.file == tmp_path / "a.pdf"
    assert {field.name for field in dataclasses.fields(LocalTask)} & {"content", "subject", "text"} == set()


def test_places_name_what_is_black_for_the_doubt() -> None:
    box = BoxEntry(0, Box(1, 2, 30, 40), Kind.INK, None, "unreadable", None)  # type: ignore[arg-type]
    doubtful = dataclasses.replace(HELD, boxes=[box, box, dataclasses.replace(box, kind=Kind.PERSON)])
    assert doubtful_places(doubtful) == [Place(0, 1, 2, 30, 40, Kind.INK, Reason.UNEXPLAINED_INK)]
    assert doubtful_places(dataclasses.replace(doubtful, reasons=(Reason.HIDDEN_TEXT,))) == []
