"""A decision on files that broke off anywhere ends as it was made, or leaves nothing."""

from __future__ import annotations

import dataclasses
import errno
import json
import sys
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from streams.events import AuditAction, AuditEntry
from streams.pipeline.document import Document
from streams.review.folder import release as local_release
from streams.review.folder import report as local_report
from streams.review.folder.held import LOCK, LocalDesk
from streams.review.folder.log import FILE, LocalLog
from streams.review.folder.release import LocalRelease
from streams.review.reviewer import Decision
from streams.store.private import drafts, write_private
from tests.kafka.people import refused
from tests.streams.local_desk import (
    BURN,
    CONTENT,
    COPY,
    DARK,
    HELD,
    RECORD,
    RELEASE,
    RELEASED,
    WITHHOLD,
    Signs,
    actions,
    decide,
    desk,
    held_in,
    never,
    upgraded,
)

__all__ = ["desk"]
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
