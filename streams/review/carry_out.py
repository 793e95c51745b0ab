"""A person's decision at work: masked again, validated again, and released, held once more or withheld.

The first decision on a task claims it, by an object that only one writer can make; every later one is refused. One
that is replayed must be, word for word, the one that has the claim: whoever may replay may not decide.
What comes of masking again is `mask_again`'s to say, here as where there is no broker.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from detectors.errors import Reason, RedoubtError
from streams.attest.attestor import Attests
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentRejected,
    Refusal,
    ReviewChoice,
    ReviewDecided,
    ReviewRequested,
    derived_id,
)
from streams.fates import FATES, Fate
from streams.kafka.intake import kept_event, open_claim
from streams.kafka.topics import AUDIT_PENDING, REJECTED_DOCUMENTS, REVIEW_REPLAYS, REVIEW_TASKS
from streams.pipeline.document import Document, Outcome
from streams.publish import Addressed, IsCanary, Origin, publish, routed
from streams.review.mask_again import answers, mask_again
from streams.review.proof import is_genuine, proven
from streams.review.rules import objection
from streams.store.claims import ClaimStore
from streams.store.sealed import SealedStore


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Called by the worker for every decision. `claims` is the PHI store: who decided first stands there."""

    handle: Callable[[Document], Outcome]
    sealed: SealedStore
    masked: ClaimStore
    claims: ClaimStore
    is_canary: IsCanary = lambda _document_id: False
    attestor: Attests | None = None

    def __call__(self, decided: ReviewDecided, origin: Origin) -> tuple[Addressed, ...]:
        """The events to publish, all outputs stored; `origin` is the decision's record.

        Raises RedoubtError only where another attempt may help or the gateway cannot work at all.
        """
        refused = objection(decided) or self._made_up(decided.task) or self._claim(decided, origin)
        if refused:
            return self._routed([(AUDIT_PENDING, _refused(decided, refused, origin))], decided)
        # What comes of it names the decision: done again, it is done with all that people had burned.
        came_from = dataclasses.replace(
            origin,
            actor=decided.reviewer,
            round=decided.task.round + 1,
            why=decided.why.value,
            ticket=decided.ticket,
        )
        if decided.choice is ReviewChoice.WITHHOLD:
            return self._ended(decided, Reason.WITHHELD_BY_REVIEWER, came_from)
        try:
            return self._again(decided, came_from)
        except RedoubtError as error:
            if FATES[error.reason] not in (Fate.REJECT, Fate.REVIEW, Fate.WITHHOLD):
                raise
            if error.reason is Reason.INVALID_EVENT:
                return self._asked_again(decided, came_from)
            return self._ended(decided, error.reason, came_from)

    def _made_up(self, task: ReviewRequested) -> Reason | None:
        """Why the task is none of a worker's, or can no longer be told from one that is."""
        try:
            seal = self.sealed.open(task.tenant, task.document_id)
        except RedoubtError as error:
            if error.reason not in (Reason.CONTENT_MISSING, Reason.HASH_MISMATCH):
                raise
            return error.reason
        return None if is_genuine(task, seal) else Reason.INVALID_EVENT

    def _claim(self, decided: ReviewDecided, origin: Origin) -> Reason | None:
        """The task is this decision's from now on, or has long been another's."""
        key, claim = f"decided/{decided.task.ce_id}", sha256(decided.to_message()[2]).hexdigest().encode()
        try:
            if origin.topic == REVIEW_REPLAYS:
                return None if self.claims.get(key) == claim else Reason.ALREADY_DECIDED
            self.claims.put(key, claim)
        except RedoubtError as error:
            refused = {Reason.HASH_MISMATCH: Reason.ALREADY_DECIDED, Reason.CONTENT_MISSING: Reason.INVALID_EVENT}
            if error.reason not in refused:
                raise
            return refused[error.reason]
        return None

    def _again(self, decided: ReviewDecided, came_from: Origin) -> tuple[Addressed, ...]:
        task = decided.task
        event = kept_event(task.tenant, task.document_id, task.event, self.sealed)
        claim = open_claim(event, self.sealed)
        # Nothing is put by on the way: what was, would outlive the decision.
        document = dataclasses.replace(claim.document, checkpoint=None)
        seen = claim.seal.get(task.reference) if task.reference else None
        again = mask_again(decided, document, seen, self.handle)
        claim = dataclasses.replace(claim, document=dataclasses.replace(document, answers=answers(again.decided)))
        came_from = dataclasses.replace(came_from, signed=again.signed)
        return publish(claim, again.outcome, came_from, self.masked, self.sealed, self.is_canary, self.attestor)

    def _asked_again(self, decided: ReviewDecided, came_from: Origin) -> tuple[Addressed, ...]:
        """The same task in its next round: what was to be burned lies on no page, which only the pages could tell."""
        topic, partition, offset = came_from.topic, came_from.partition, came_from.offset
        next_round = dataclasses.replace(
            decided.task, topic=topic, partition=partition, offset=offset, round=came_from.round
        )
        task = proven(next_round, self.sealed.open(next_round.tenant, next_round.document_id))
        entry = _refused(decided, Reason.INVALID_EVENT, came_from)
        return self._routed([(REVIEW_TASKS, task), (AUDIT_PENDING, entry)], decided)

    def _ended(self, decided: ReviewDecided, reason: Reason, came_from: Origin) -> tuple[Addressed, ...]:
        task = decided.task
        withheld = FATES[reason] is not Fate.REJECT
        event = DocumentRejected(
            tenant=task.tenant,
            document_id=task.document_id,
            refusal=Refusal.WITHHELD if withheld else Refusal.REJECTED,
            reasons=(reason,),
            topic=came_from.topic,
            partition=came_from.partition,
            offset=came_from.offset,
            reference=task.original,
        )
        entry = AuditEntry(
            entry_id=derived_id(AuditEntry.TYPE, event.ce_id),
            actor=came_from.actor,
            action=AuditAction.WITHHELD if withheld else AuditAction.REJECTED,
            time=came_from.at,
            tenant=task.tenant,
            document_id=task.document_id,
            reasons=(reason,),
            profile=task.profile,
            profile_version=task.profile_version,
            why=came_from.why,
            ticket=came_from.ticket,
        )
        return self._routed([(REJECTED_DOCUMENTS, event), (AUDIT_PENDING, entry)], decided)

    def _routed(self, events: list[Addressed], decided: ReviewDecided) -> tuple[Addressed, ...]:
        return routed(events, self.is_canary(decided.document_id))


def _refused(decided: ReviewDecided, reason: Reason, origin: Origin) -> AuditEntry:
    return AuditEntry(
        entry_id=derived_id(AuditEntry.TYPE, "refused", decided.decision),
        actor=decided.reviewer,
        action=AuditAction.DECISION_REFUSED,
        time=origin.at,
        tenant=decided.tenant,
        document_id=decided.document_id,
        reasons=(reason,),
        why=decided.why.value,
        ticket=decided.ticket,
    )
