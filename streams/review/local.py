"""Held copies of `redoubt redact`: a folder with a task beside each copy, and a person's decision at work on it.

The same rules as at the broker's: a decision masks again and validates again, a release puts out the copy as it was
shown or nothing, and what was done stands in a log of Merkle leaves before it happens. What there is no vault for lies
in files that only this user can read; a task names the files that it was made from and holds nothing of what they say.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import hmac
import os
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from policies.attack.allowed import Walk
from policies.attack.pdf import held, parse
from policies.attack.raster import finished_page
from policies.attack.report import Verdict
from policies.authorization import Authorization
from streams.attest.attestor import Attests
from streams.attest.statement import Decider
from streams.events import AuditAction, AuditEntry, Place, ReviewChoice, ReviewDecided, ReviewRequested, derived_id
from streams.pipeline.document import Document, Outcome
from streams.publish import PLACES_LIMIT, doubtful_places, said_of
from streams.review import local_report
from streams.review.local_log import LocalLog
from streams.review.local_report import REPORT, described
from streams.review.mask_again import Handle, mask_again
from streams.review.reviewer import LOOKED, Decision, outlined
from streams.review.rules import objection
from streams.store.private import private_folder, write_private

TENANT: Final = "local"
HELD: Final = "review"
STATEMENTS: Final = "attestations"
RECORDS: Final = "records"
LOCK: Final = ".lock"


@dataclasses.dataclass(frozen=True, slots=True)
class LocalTask:
    """A held copy `name`.pdf, the file that it was made from, and what was in doubt about it."""

    position: int
    name: str
    file: Path
    sha256: str
    event: ReviewRequested
    at: datetime
    document_class: str = "unknown"
    source_program: str = "unspecified"
    authorization: Authorization | None = None
    patient: Path | None = None
    keyring: Path | None = None
    records: bool = False
    shows_again: tuple[Place, ...] = ()
    """Where the copy shows what was black in the one before."""


_TASK: Final = TypeAdapter(LocalTask)


def task_of(outcome: Outcome, position: int, name: str, file: Path, **other: Any) -> LocalTask:
    """The task of a copy that is held. Raises RedoubtError(CONTENT_MISSING) where the file cannot be read any more."""
    places = doubtful_places(outcome)
    event = ReviewRequested(
        tenant=TENANT,
        document_id=secrets.token_hex(16),
        profile=outcome.profile,
        profile_version=outcome.profile_version,
        depth=outcome.depth,
        pages=outcome.pages,
        reasons=outcome.reasons,
        topic=TENANT,
        partition=0,
        offset=0,
        event=TENANT,
        places=tuple(places[:PLACES_LIMIT]),
        places_left_out=max(0, len(places) - PLACES_LIMIT),
        reference=TENANT,
    )
    sha256 = hashlib.sha256(_content(file)).hexdigest()
    return LocalTask(position, name, file.absolute(), sha256, event, datetime.now(UTC), **other)


class LocalDesk:
    """The folder that `redoubt redact` wrote to, with what waits in it. Raises RedoubtError(STORE_UNAVAILABLE)."""

    def __init__(self, out: Path) -> None:
        self._out, self._held = out, out / HELD

    def exists(self) -> bool:
        """Whether `redoubt redact` has written to the folder."""
        return (self._out / REPORT).exists() or self._held.is_dir()

    def hold(self, task: LocalTask) -> None:
        with _writing():
            write_private(self._held / f"{task.name}.json", _TASK.dump_json(task))

    def tasks(self) -> list[LocalTask]:
        """What waits, by its place on the command line. Raises RedoubtError(INVALID_EVENT) for a task that is none."""
        found = [_read(file) for file in self._held.glob("*.json")]
        return sorted(found, key=lambda task: task.position)

    def copy_of(self, task: LocalTask) -> Path:
        return self._held / f"{task.name}.pdf"

    def sizes(self, task: LocalTask) -> list[tuple[int, int]]:
        """Width and height of the held copy's pages in pixels, which boxes are in; nothing of what they show."""
        copy = held(_content(self.copy_of(task)))
        try:
            return Walk(copy, parse(copy)).sizes()
        except zlib.error:
            raise RedoubtError(Reason.FORBIDDEN_OBJECT) from None

    def reveal(self, task: LocalTask, who: str, ticket: str | None) -> Iterator[Pixels]:
        """The held copy's pages as RGB, places in doubt outlined. Told before the copy is opened."""
        with self._alone() as log:
            log.append(_entry(task, AuditAction.REVEALED, who, LOOKED, ticket))
        copy = _content(self.copy_of(task))
        for number in range(task.event.pages):
            shown = [place for place in (*task.event.places, *task.shows_again) if place.page == number]
            yield outlined(finished_page(copy, number).pixels, shown)

    def decide(self, task: LocalTask, decision: Decision, document: Document, handle: Handle, attests: Attests) -> str:
        """What came of it: released, withheld or held again. `document` is the file's, with its content.

        Raises RedoubtError: the reason for which such a decision is not followed, ALREADY_DECIDED where somebody was
        first, or a release that broke off has to be brought to its end, HASH_MISMATCH where the file is no longer the
        one that was redacted; and as `handle` and `attests` do: then the task stays.
        """
        with self._alone() as log:
            self._require_open(task, decision, log)
            decided = decision.on(task.event)
            refused = objection(decided)
            if hashlib.sha256(document.content).hexdigest() != task.sha256:
                refused = refused or Reason.HASH_MISMATCH
            action = AuditAction.DECISION_REFUSED if refused else AuditAction.DECIDED
            reasons = (refused,) if refused else task.event.reasons
            log.append(_entry(task, action, decision.reviewer, decision.why.value, decision.ticket, reasons))
            if refused:
                raise RedoubtError(refused)
            if decision.choice is ReviewChoice.WITHHOLD:
                return self._ended(task, decision, log, Reason.WITHHELD_BY_REVIEWER)
            decided, outcome, again = mask_again(decided, document, _content(self.copy_of(task)), handle)
            match outcome.verdict:
                case Verdict.RELEASE:
                    return self._released(task, decision, outcome, document, log, attests)
                case Verdict.REVIEW:
                    return self._held_again(task, decision, decided, outcome, again, log)
                case Verdict.WITHHOLD:
                    return self._ended(task, decision, log, *outcome.reasons)

    def _require_open(self, task: LocalTask, decision: Decision, log: LocalLog) -> None:
        file = self._held / f"{task.name}.json"
        is_latest = file.exists() and _read(file).event.round == task.event.round
        # The copy may be out already, though its task is there: then nothing else may be said of it.
        released = _outcome_id(AuditAction.RELEASED, task) in {entry.entry_id for entry in log.entries}
        if not is_latest or (released and decision.choice is not ReviewChoice.RELEASE):
            raise RedoubtError(Reason.ALREADY_DECIDED)

    def _released(
        self, task: LocalTask, decision: Decision, outcome: Outcome, document: Document, log: LocalLog, attests: Attests
    ) -> str:
        copy, key = _bytes(outcome), secrets.token_bytes(32)
        commitment = hmac.new(key, document.content, hashlib.sha256).hexdigest()
        decider = Decider(decision.reviewer, decision.why.value, decision.ticket)
        release = said_of(outcome, TENANT, task.event.document_id, commitment, decider)
        # First: what cannot be attested is not put out either.
        statement = attests.attest(release, copy)
        with _writing():
            statements = private_folder(self._out / STATEMENTS)
            write_private(statements / f"{task.name}.json", statement)
            write_private(statements / f"{task.name}.input-key", key.hex().encode())
            log.append(self._outcome(task, AuditAction.RELEASED, decision))
            if task.records and outcome.record is not None:
                records = private_folder(self._out / RECORDS)
                write_private(records / f"{task.name}.txt", "\n\f".join(outcome.record.pages).encode())
            write_private(self._out / f"{task.name}.pdf", copy)
        self._close(task, decision, {**described(outcome), "output": f"{task.name}.pdf"})
        return "released"

    def _held_again(
        self,
        task: LocalTask,
        decision: Decision,
        decided: ReviewDecided,
        outcome: Outcome,
        again: tuple[Place, ...],
        log: LocalLog,
    ) -> str:
        places = doubtful_places(outcome)
        next_round = dataclasses.replace(
            task.event,
            reasons=outcome.reasons,
            round=task.event.round + 1,
            offset=task.event.offset + 1,
            places=tuple(places[:PLACES_LIMIT]),
            places_left_out=max(0, len(places) - PLACES_LIMIT),
            burned=(*task.event.burned, *decided.places),
        )
        log.append(_entry(task, AuditAction.HELD, decided.reviewer, decided.why.value, decided.ticket, outcome.reasons))
        output = str(self.copy_of(task).relative_to(self._out))
        with _writing():
            self._report(task, decision, {**described(outcome), "output": output})
            write_private(self.copy_of(task), _bytes(outcome))
        self.hold(dataclasses.replace(task, event=next_round, at=datetime.now(UTC), shows_again=again))
        return "held again"

    def _ended(self, task: LocalTask, decision: Decision, log: LocalLog, *reasons: Reason) -> str:
        log.append(self._outcome(task, AuditAction.WITHHELD, decision, reasons))
        now = {"verdict": Verdict.WITHHOLD.value, "output": None, "reasons": [reason.value for reason in reasons]}
        self._close(task, decision, now)
        return "withheld"

    def _outcome(
        self, task: LocalTask, action: AuditAction, decision: Decision, reasons: tuple[Reason, ...] = ()
    ) -> AuditEntry:
        """Once a task, however often the act was begun."""
        entry = _entry(task, action, decision.reviewer, decision.why.value, decision.ticket, reasons)
        return dataclasses.replace(entry, entry_id=_outcome_id(action, task))

    def _close(self, task: LocalTask, decision: Decision, now: Mapping[str, Any]) -> None:
        """Last: until the task is gone it can be decided upon again, and comes to the same."""
        with _writing():
            self._report(task, decision, now)
            self.copy_of(task).unlink(missing_ok=True)
            (self._held / f"{task.name}.json").unlink(missing_ok=True)

    def _report(self, task: LocalTask, decision: Decision, now: Mapping[str, Any]) -> None:
        local_report.decided(self._out, task.position, task.event.document_id, task.event.round, decision, now)

    @contextmanager
    def _alone(self) -> Iterator[LocalLog]:
        """One at a time in this folder; the log as it stands."""
        with _writing():
            lock = os.open(self._out / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield LocalLog(self._out)
        finally:
            os.close(lock)


def _outcome_id(action: AuditAction, task: LocalTask) -> str:
    return derived_id(action.value, task.event.document_id)


def _entry(
    task: LocalTask, action: AuditAction, who: str, why: str, ticket: str | None, reasons: tuple[Reason, ...] = ()
) -> AuditEntry:
    return AuditEntry(
        entry_id=secrets.token_hex(16),
        actor=who,
        action=action,
        time=datetime.now(UTC),
        tenant=TENANT,
        document_id=task.event.document_id,
        reasons=reasons,
        profile=task.event.profile,
        profile_version=task.event.profile_version,
        why=why,
        ticket=ticket,
    )


def _bytes(outcome: Outcome) -> bytes:
    if outcome.copy is None:
        raise RedoubtError(Reason.MASKER_FAILED)
    return outcome.copy if isinstance(outcome.copy, bytes) else b"".join(outcome.copy.pieces())


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise RedoubtError(Reason.CONTENT_MISSING) from None


def _read(file: Path) -> LocalTask:
    try:
        return _TASK.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise RedoubtError(Reason.INVALID_EVENT) from None


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
