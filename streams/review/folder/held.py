"""Held copies of `redoubt redact`: a folder with a task beside each copy, and a person's decision at work on it.

The same rules as at the broker's: a decision masks again and validates again, a release puts out the copy as it was
shown or nothing, and what was done stands in a log of Merkle leaves before it happens. What there is no vault for lies
in files that only this user can read; a task names the files that it was made from and holds nothing of what they say.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import os
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from policies import profile
from policies.attack.finished.allowed import Walk
from policies.attack.finished.pdf import held, parse
from policies.attack.finished.raster import finished_page
from policies.attack.report import Verdict
from policies.notice import strip
from policies.scope.authorization import notice_due
from streams.attest.attestor import Attests
from streams.attest.statement import Decider
from streams.events import AuditAction, AuditEntry, ReviewChoice, derived_id
from streams.pipeline.document import Document, Outcome
from streams.publish import PLACES_LIMIT, doubtful_places
from streams.publish.released import signers
from streams.review.folder import report as local_report
from streams.review.folder.log import LocalLog, decision_of
from streams.review.folder.release import HELD, LocalRelease, stated
from streams.review.folder.report import REPORT, described, said
from streams.review.folder.task import TENANT, LocalTask, content_of
from streams.review.mask_again import Again, Handle, mask_again
from streams.review.reviewer import LOOKED, Decision, outlined
from streams.review.rules import objection
from streams.store.private import remove_private, sweep, write_private

LOCK: Final = ".lock"


class LocalDesk:
    """The folder that `redoubt redact` wrote to, with what waits in it. Raises RedoubtError(STORE_UNAVAILABLE)."""

    def __init__(self, out: Path) -> None:
        self._out, self._held = out, out / HELD

    def exists(self) -> bool:
        """Whether `redoubt redact` has written to the folder."""
        return (self._out / REPORT).exists() or self._held.is_dir()

    def hold(self, task: LocalTask) -> None:
        with _writing():
            write_private(self._held / f"{task.name}.json", task.to_json())

    def tasks(self) -> list[LocalTask]:
        """What waits, by its place on the command line. Raises RedoubtError(INVALID_EVENT) for a task that is none."""
        found = [LocalTask.read(file) for file in self._held.glob("*.json")]
        return sorted(found, key=lambda task: task.position)

    def copy_of(self, task: LocalTask) -> Path:
        return self._held / f"{task.name}.pdf"

    def sizes(self, task: LocalTask) -> list[tuple[int, int]]:
        """Width and height of the held copy's pages in pixels, which boxes are in, without the strip of the notice
        below them; nothing of what they show."""
        copy = held(content_of(self.copy_of(task)))
        try:
            sizes = Walk(copy, parse(copy)).sizes()
        except zlib.error:
            raise RedoubtError(Reason.FORBIDDEN_OBJECT) from None
        text = notice_due(profile.load(task.event.profile), task.source_program)
        return sizes if text is None else [(width, height - len(strip(text, width))) for width, height in sizes]

    def opened(self, task: LocalTask, who: str, ticket: str | None) -> bytes:
        """The held copy, to look at. Told before it is opened."""
        with self._alone() as log:
            log.append(_entry(task, AuditAction.REVEALED, who, LOOKED, ticket))
        return content_of(self.copy_of(task))

    def looked(self, task: LocalTask, who: str) -> bool:
        """Whether this person has opened the held copy as it is now: what an earlier round held is another copy."""
        seen = False
        with self._alone() as log:
            for entry in log.entries:
                if entry.document_id == task.event.document_id:
                    is_look = entry.action is AuditAction.REVEALED and (entry.actor, entry.why) == (who, LOOKED)
                    seen = (seen or is_look) and entry.action is not AuditAction.HELD
        return seen

    def reveal(self, task: LocalTask, who: str, ticket: str | None) -> Iterator[Pixels]:
        """The held copy's pages as RGB, places in doubt outlined. Told before the copy is opened."""
        copy = self.opened(task, who, ticket)
        for number in range(task.event.pages):
            shown = [place for place in (*task.event.places, *task.shows_again) if place.page == number]
            yield outlined(finished_page(copy, number).pixels, shown)

    def decide(self, task: LocalTask, decision: Decision, document: Document, handle: Handle, attests: Attests) -> str:
        """What came of it: released, withheld or held again. `document` is the file's, with its content.

        What broke off once the log had it is brought to its end, and nothing is masked again: a release by a release,
        a withholding by whatever is said of it next.

        Raises RedoubtError: the reason for which such a decision is not followed, ALREADY_DECIDED where somebody was
        first, or a release that broke off has to be brought to its end, HASH_MISMATCH where the file is no longer the
        one that was redacted; and as `handle` and `attests` do: then the task stays.
        """
        with self._alone() as log:
            self._require_open(task, decision, log)
            if self._is_out(task, log):
                return self._put_out(task, decision)
            withheld = log.entry(_outcome_id(AuditAction.WITHHELD, task))
            if withheld and not _is_released(task, log):
                if self._put_by(task, withheld) is not decision.choice:
                    raise RedoubtError(Reason.ALREADY_DECIDED)
                return "withheld"
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
            again = mask_again(decided, document, content_of(self.copy_of(task)), handle)
            match again.outcome.verdict:
                case Verdict.RELEASE:
                    return self._released(task, decision, again, document, log, attests)
                case Verdict.REVIEW:
                    return self._held_again(task, decision, again, log)
                case Verdict.WITHHOLD:
                    return self._ended(task, decision, log, *again.outcome.reasons)

    def _require_open(self, task: LocalTask, decision: Decision, log: LocalLog) -> None:
        file = self._held / f"{task.name}.json"
        is_latest = file.exists() and LocalTask.read(file).event.round == task.event.round
        # The copy may be out already, though its task is there: then nothing else may be said of it.
        if not is_latest or (_is_released(task, log) and decision.choice is not ReviewChoice.RELEASE):
            raise RedoubtError(Reason.ALREADY_DECIDED)

    def _is_out(self, task: LocalTask, log: LocalLog) -> bool:
        """Whether the log has the release, and its copy is out or lies ready."""
        release = LocalRelease(self._out, task.name)
        return _is_released(task, log) and (release.copy.exists() or release.told() is not None)

    def _released(
        self, task: LocalTask, decision: Decision, again: Again, document: Document, log: LocalLog, attests: Attests
    ) -> str:
        outcome = again.outcome
        deciders = (*signers(again.signed), Decider(decision.reviewer, decision.why.value, decision.ticket))
        # First: what cannot be attested is not put out either.
        statement, key = stated(outcome, task.event.document_id, document.content, attests, deciders)
        record = "\n\f".join(outcome.record.pages) if task.records and outcome.record is not None else None
        told = {"said": said(task.event.round, decision), "now": {**described(outcome), "output": f"{task.name}.pdf"}}
        with _writing():
            LocalRelease(self._out, task.name).make_ready(_bytes(outcome), statement, key, record, told)
            log.append(self._outcome(task, AuditAction.RELEASED, decision))
        return self._put_out(task, decision)

    def _put_out(self, task: LocalTask, decision: Decision) -> str:
        """The end of a release that the log has, told as it was decided then."""
        release = LocalRelease(self._out, task.name)
        now = {"verdict": Verdict.RELEASE.value, "reasons": [], "output": release.copy.name}
        with _writing():
            told = release.told() or {"said": said(task.event.round, decision), "now": now}
            release.put_out()
            self._report(task, told["said"], told["now"])
            release.close()
            self._close(task)
        return "released"

    def _held_again(self, task: LocalTask, decision: Decision, again: Again, log: LocalLog) -> str:
        decided, outcome = again.decided, again.outcome
        places = doubtful_places(outcome)
        next_round = dataclasses.replace(
            task.event,
            reasons=outcome.reasons,
            round=task.event.round + 1,
            offset=task.event.offset + 1,
            places=tuple(places[:PLACES_LIMIT]),
            places_left_out=max(0, len(places) - PLACES_LIMIT),
            burned=(*task.event.burned, *decided.places),
            signed=again.signed or None,
        )
        log.append(_entry(task, AuditAction.HELD, decided.reviewer, decided.why.value, decided.ticket, outcome.reasons))
        output = str(self.copy_of(task).relative_to(self._out))
        with _writing():
            LocalRelease(self._out, task.name).withdraw()
            self._report(task, said(task.event.round, decision), {**described(outcome), "output": output})
            write_private(self.copy_of(task), _bytes(outcome))
        self.hold(dataclasses.replace(task, event=next_round, at=datetime.now(UTC), shows_again=again.shows_again))
        return "held again"

    def _ended(self, task: LocalTask, decision: Decision, log: LocalLog, *reasons: Reason) -> str:
        entry = self._outcome(task, AuditAction.WITHHELD, decision, reasons)
        log.append(entry)
        self._put_by(task, entry)
        return "withheld"

    def _put_by(self, task: LocalTask, withheld: AuditEntry) -> ReviewChoice:
        """The end of a withholding that the log has, told as it was decided then; by which choice it was."""
        decision = decision_of(withheld)
        now = {"verdict": Verdict.WITHHOLD.value, "output": None, "reasons": [r.value for r in withheld.reasons]}
        with _writing():
            LocalRelease(self._out, task.name).withdraw()
            self._report(task, said(task.event.round, decision), now)
            self._close(task)
        return decision.choice

    def _outcome(
        self, task: LocalTask, action: AuditAction, decision: Decision, reasons: tuple[Reason, ...] = ()
    ) -> AuditEntry:
        """Once a task, however often the act was begun."""
        entry = _entry(task, action, decision.reviewer, decision.why.value, decision.ticket, reasons)
        return dataclasses.replace(entry, entry_id=_outcome_id(action, task))

    def _close(self, task: LocalTask) -> None:
        """Last: until the task is gone it can be decided upon again, and comes to the same."""
        sweep(self._out / REPORT)
        remove_private(self.copy_of(task))
        remove_private(self._held / f"{task.name}.json")

    def _report(self, task: LocalTask, said: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        local_report.decided(self._out, task.position, task.event.document_id, said, now)

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


def _is_released(task: LocalTask, log: LocalLog) -> bool:
    return log.entry(_outcome_id(AuditAction.RELEASED, task)) is not None


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


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
