"""Decisions on what `redoubt redact` held back: the rules of the broker's way, on files."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import sys
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from detectors.pages import PageRaster
from policies.attack.report import Verdict
from policies.masking.assemble import assemble
from policies.record import TokenizedRecord
from streams.events import AuditAction, AuditEntry, Grounds, Place, ReviewChoice
from streams.pipeline.document import BoxEntry, Document, Outcome
from streams.publish import doubtful_places
from streams.review import local_release, local_report
from streams.review.local import LOCK, LocalDesk
from streams.review.local_log import FILE, LocalLog
from streams.review.local_release import LocalRelease
from streams.review.local_task import LocalTask, task_of
from streams.review.reviewer import Decision
from streams.store.private import drafts, write_private
from tests.kafka.people import refused
from tests.watch.test_metrics import OUTCOME

CONTENT = b"%PDF the original"
WHITE = np.full((1100, 850), 255, np.uint8)
COPY = assemble([PageRaster(WHITE, 100.0)])
DARKER = np.where(np.arange(850)[None, :] < 200, np.uint8(0), WHITE)
DARK = assemble([PageRaster(DARKER, 100.0)])
HELD = dataclasses.replace(OUTCOME, pages=1, reasons=(Reason.UNEXPLAINED_INK,), copy=COPY)
RELEASED = dataclasses.replace(HELD, verdict=Verdict.RELEASE, reasons=())
PLACE = Place(0, 0, 0, 200, 1100, Kind.PERSON, Reason.RESIDUAL_FINDING)
RELEASE = Decision(ReviewChoice.RELEASE, "c.lerk", Grounds.READ_BY_EYE, "ROI-7", answered=(Reason.UNEXPLAINED_INK,))
BURN = dataclasses.replace(RELEASE, choice=ReviewChoice.BURN, why=Grounds.PRECAUTION, places=(PLACE,))
WITHHOLD = dataclasses.replace(RELEASE, choice=ReviewChoice.WITHHOLD, why=Grounds.WRONG_RECORD, answered=())


RECORD = TokenizedRecord(("Cough for three days",), 90.0)


class Signs:
    """Says nothing, for a desk that asks for a statement."""

    def attest(self, release: object, copy: object) -> bytes:
        return b"{}"


@pytest.fixture
def desk(tmp_path: Path) -> LocalDesk:
    return held_in(tmp_path)


def held_in(folder: Path) -> LocalDesk:
    out = folder / "out"
    (out / "review").mkdir(parents=True)
    (folder / "a.pdf").write_bytes(CONTENT)
    (out / "review" / "ab.pdf").write_bytes(COPY)
    (out / "report.json").write_text(json.dumps({"documents": [{"position": 1, "verdict": "review"}]}))
    found = LocalDesk(out)
    found.hold(task_of(HELD, 1, "ab", folder / "a.pdf"))
    return found


def decide(desk: LocalDesk, decision: Decision, outcome: Outcome, content: bytes = CONTENT) -> str:
    (task,) = desk.tasks()
    document = Document("local", "document-1", content, task.event.profile)
    asked: list[Document] = []

    def handle(given: Document) -> Outcome:
        asked.append(given)
        return outcome

    came = desk.decide(task, decision, document, handle, Signs())
    if decision.choice is not ReviewChoice.WITHHOLD:
        (given,) = asked
        assert given.answers.doubts == frozenset(decision.answered)
        assert [mark.box for mark in given.answers.burn] == [
            Box(p.left, p.top, p.right, p.bottom) for p in decision.places
        ]
    return came


def actions(folder: Path) -> list[AuditAction]:
    return [entry.action for entry in LocalLog(folder / "out").entries]


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


def upgraded(_document: Document) -> Outcome:
    """What another version makes of the same file."""
    return dataclasses.replace(HELD, copy=DARK)


def never(_document: Document) -> Outcome:
    raise AssertionError("nothing is masked again")


LINES = {
    "statement": (local_release, "private_folder", False),
    "copy": (local_release, "write_private", False),
    "log": (LocalLog, "append", False),
    "out": (LocalRelease, "put_out", True),
    "report": (local_report, "decided", True),
    "told": (LocalRelease, "close", True),
    "task": (LocalDesk, "_close", True),
}


@pytest.mark.parametrize("line", LINES)
def test_a_release_that_broke_off_ends_as_it_was_made_or_leaves_nothing(
    desk: LocalDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """The machine goes down at a line, and another version takes over: its copy would be another one."""
    (task,) = desk.tasks()
    desk.hold(dataclasses.replace(task, records=True))
    (task,) = desk.tasks()
    document = Document("local", "document-1", CONTENT, "maximal")
    room, name, said = LINES[line]
    real, left = getattr(room, name), [1 if line == "log" else 0]

    def goes_down(*given: object) -> object:
        left[0] -= 1
        if left[0] >= 0:
            return real(*given)
        raise OSError

    with monkeypatch.context() as down:
        down.setattr(room, name, goes_down)
        made = dataclasses.replace(RELEASED, record=RECORD)
        assert refused(lambda: desk.decide(task, RELEASE, document, lambda _: made, Signs())) == "store_unavailable"
    out = tmp_path / "out"
    if said:
        assert desk.decide(task, RELEASE, document, never, Signs()) == "released"
        assert (out / "ab.pdf").read_bytes() == COPY
        assert not list((out / "review").iterdir())
        (told,) = json.loads((out / "report.json").read_text())["documents"]
        assert (told["verdict"], told["output"], told["words"]) == ("release", "ab.pdf", RELEASED.words)
    else:
        assert desk.decide(task, RELEASE, document, upgraded, Signs()) == "held again"
        assert not (out / "ab.pdf").exists()
        assert {f.name for folder in (out / "attestations", out / "records") for f in folder.glob("*")} == set()
        assert {f.name for f in (out / "review").iterdir()} == {"ab.pdf", "ab.json"}
    assert actions(tmp_path).count(AuditAction.RELEASED) == said
    assert refused(lambda: desk.decide(task, RELEASE, document, never, Signs())) == "already_decided"


def test_a_broken_off_release_of_more_burned_is_not_taken_back_to_what_was_shown(
    desk: LocalDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    darker = dataclasses.replace(RELEASED, copy=DARK, words_burned=7)
    with monkeypatch.context() as down:
        down.setattr(LocalRelease, "put_out", lambda _: (_ for _ in ()).throw(OSError()))
        assert refused(lambda: decide(desk, BURN, darker)) == "store_unavailable"
    (task,) = desk.tasks()
    document = Document("local", "document-1", CONTENT, "maximal")
    assert desk.decide(task, RELEASE, document, never, Signs()) == "released"
    assert (tmp_path / "out" / "ab.pdf").read_bytes() == DARK
    (told,) = json.loads((tmp_path / "out" / "report.json").read_text())["documents"]
    assert (told["words_burned"], [one["choice"] for one in told["decided"]]) == (7, ["burn"])


class Killed(BaseException):
    """The machine went down."""


def killed_once_withheld(desk: LocalDesk, line: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Withholds, and goes down before the nth line that runs once the log has it; whether there was one."""
    (task,) = desk.tasks()
    in_log, ran, real = [False], set[tuple[str, int]](), LocalLog.append

    def told(log: LocalLog, entry: AuditEntry) -> None:
        real(log, entry)
        in_log[0] = entry.action is AuditAction.WITHHELD

    def trace(frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        # Its last line frees the lock, as the end of the process does.
        if Path(code.co_filename).parent.name not in {"review", "store"} or code.co_name == "_alone":
            return None
        if event == "line" and in_log[0]:
            ran.add((code.co_filename, frame.f_lineno))
            if len(ran) > line:
                raise Killed
        return trace

    before = sys.gettrace()
    with monkeypatch.context() as down:
        down.setattr(LocalLog, "append", told)
        try:
            sys.settrace(trace)
            desk.decide(task, WITHHOLD, Document("local", "document-1", CONTENT, "maximal"), never, Signs())
        except Killed:
            return True
        finally:
            sys.settrace(before)
    return False


def test_what_was_withheld_stays_withheld_wherever_it_broke_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, went_down = Document("local", "document-1", CONTENT, "maximal"), 0
    for line in count():
        for decision in ((RELEASE, BURN)[line % 2], WITHHOLD):
            (tmp_path / f"{line}{decision.choice}").mkdir()
            desk = held_in(tmp_path / f"{line}{decision.choice}")
            out, (task,) = tmp_path / f"{line}{decision.choice}" / "out", desk.tasks()
            if not killed_once_withheld(desk, line, monkeypatch):
                assert went_down > 20, "the lines were counted"
                return
            went_down += 1
            if decision is WITHHOLD and desk.tasks():
                assert desk.decide(task, decision, document, never, Signs()) == "withheld"
            assert refused(partial(desk.decide, task, decision, document, never, Signs())) == "already_decided"
            assert actions(out.parent) == [AuditAction.DECIDED, AuditAction.WITHHELD]
            assert {f.name for f in out.rglob("*") if f.is_file()} == {"report.json", FILE, LOCK}
            (told,) = json.loads((out / "report.json").read_text())["documents"]
            assert (told["verdict"], told["output"], told["reasons"]) == ("withhold", None, ["withheld_by_reviewer"])
            assert told["decided"] == [local_report.said(1, WITHHOLD)]


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


@pytest.mark.parametrize("decision", [RELEASE, WITHHOLD])
def test_what_a_killed_writer_left_goes_with_the_task(desk: LocalDesk, tmp_path: Path, decision: Decision) -> None:
    """Drafts hold the copy, its text, or the key of the statement's commitment."""
    out = tmp_path / "out"
    files = ("review/ab.ready", "review/ab.told", "review/ab.pdf", "review/ab.json", "records/ab.txt", "report.json")
    for file in (*files, "attestations/ab.json", "attestations/ab.input-key", "review/abc.pdf"):
        (out / file).parent.mkdir(exist_ok=True)
        (out / file).with_name(f".{Path(file).name}.4711").write_text("draft")
    decide(desk, decision, RELEASED)
    assert [f.name for f in out.rglob(".*.4711")] == [".abc.pdf.4711"], "another task's is not this one's"


def test_a_draft_is_known_by_its_name_and_goes_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Path, str]] = []

    def full(draft: Path, _: Path) -> None:
        seen.extend(drafts(tmp_path))
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_private(tmp_path / "a[1].pdf", b"copy")
    assert [name for _, name in seen] == ["a[1].pdf"]
    assert not list(tmp_path.iterdir())


def test_a_release_that_broke_off_ends_as_a_release(desk: LocalDesk, tmp_path: Path) -> None:
    """Its copy may be out already: nothing may say afterwards that it was withheld."""
    report = tmp_path / "out" / "report.json"
    content = report.read_text()
    report.write_text("no report")
    assert refused(lambda: decide(desk, RELEASE, RELEASED)) == "store_unavailable"
    assert (tmp_path / "out" / "ab.pdf").exists()
    report.write_text(content)
    assert refused(lambda: decide(desk, WITHHOLD, RELEASED)) == "already_decided"
    assert refused(lambda: decide(desk, BURN, dataclasses.replace(HELD, copy=DARK))) == "already_decided"
    (task,) = desk.tasks()
    assert desk.decide(task, RELEASE, Document("local", "document-1", CONTENT, "maximal"), never, Signs()) == "released"
    assert actions(tmp_path).count(AuditAction.RELEASED) == 1
    assert AuditAction.WITHHELD not in actions(tmp_path)


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
