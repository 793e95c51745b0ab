"""From an outcome to what leaves: outputs are stored first, then events say so. Knows no broker.

Only a released document leaves the PHI zone. A copy that a person must see first stays in it, sealed under the
document's data key; of a withheld one there is no copy at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.attack.report import Verdict
from streams.attest.attestor import Attests
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentRejected,
    Event,
    LeakageObserved,
    Refusal,
    derived_id,
)
from streams.kafka.intake import Claim
from streams.kafka.topics import (
    AUDIT_PENDING,
    CANARY_RESULTS,
    LEAKAGE_OBSERVATIONS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
)
from streams.pipeline.document import Outcome
from streams.publish.held import PLACES_LIMIT, doubtful_places, review_task, withheld
from streams.publish.origin import Addressed, IsCanary, Origin
from streams.publish.released import released, said_of
from streams.review.proof import proven
from streams.store.claims import ClaimStore
from streams.store.sealed import SealedStore

__all__ = [
    "PLACES_LIMIT",
    "Addressed",
    "IsCanary",
    "Origin",
    "Refused",
    "doubtful_places",
    "publish",
    "refuse",
    "routed",
    "said_of",
]

_ACTIONS: Final = {
    Verdict.RELEASE: AuditAction.RELEASED,
    Verdict.REVIEW: AuditAction.HELD,
    Verdict.WITHHOLD: AuditAction.WITHHELD,
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that ends without an outcome. `reference` says where its payload is kept."""

    tenant: str
    document_id: str
    refusal: Refusal
    reason: Reason
    attempts: int
    reference: str | None


def publish(
    claim: Claim,
    outcome: Outcome,
    origin: Origin,
    masked: ClaimStore,
    sealed: SealedStore,
    is_canary: IsCanary,
    attestor: Attests | None = None,
) -> tuple[Addressed, ...]:
    """Store the outputs and return the document's events. Raises RedoubtError(STORE_UNAVAILABLE), as `attestor` does,
    and RedoubtError(MASKER_FAILED) for an outcome that contradicts itself: nothing is then released."""
    if outcome.document_id != claim.document.id or (outcome.copy is None and outcome.verdict is Verdict.RELEASE):
        raise RedoubtError(Reason.MASKER_FAILED)
    match outcome.verdict:
        case Verdict.RELEASE:
            events = list(released(claim, outcome, origin, masked, attestor))
        case Verdict.REVIEW:
            events = [(REVIEW_TASKS, proven(review_task(claim, outcome, origin), claim.seal))]
        case Verdict.WITHHOLD:
            events = [(REJECTED_DOCUMENTS, withheld(claim, outcome, origin, sealed))]
    events.append((LEAKAGE_OBSERVATIONS, _observed(claim, outcome)))
    events.append((AUDIT_PENDING, _entry(claim, outcome, origin, events[0][1])))
    return routed(events, is_canary(claim.document.id))


def refuse(refused: Refused, origin: Origin, is_canary: IsCanary) -> tuple[Addressed, ...]:
    """The events of a document that could not be worked on. Its payload is kept already."""
    event = DocumentRejected(
        tenant=refused.tenant,
        document_id=refused.document_id,
        refusal=refused.refusal,
        reasons=(refused.reason,),
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        attempts=refused.attempts,
        reference=refused.reference,
    )
    action = AuditAction.REJECTED if refused.refusal is Refusal.REJECTED else AuditAction.WITHHELD
    entry = AuditEntry(
        entry_id=derived_id(AuditEntry.TYPE, event.ce_id),
        actor=origin.actor,
        action=action,
        time=origin.at,
        tenant=refused.tenant,
        document_id=refused.document_id,
        reasons=(refused.reason,),
    )
    return routed([(REJECTED_DOCUMENTS, event), (AUDIT_PENDING, entry)], is_canary(refused.document_id))


def routed(events: list[Addressed], canary: bool) -> tuple[Addressed, ...]:
    """Where a planted document's events go, so that no reader of the outputs takes it for a patient's."""
    return tuple((CANARY_RESULTS if canary else topic, event) for topic, event in events)


def _observed(claim: Claim, outcome: Outcome) -> LeakageObserved:
    return LeakageObserved(
        tenant=claim.document.tenant,
        document_id=claim.document.id,
        document_class=claim.document.document_class,
        profile=outcome.profile,
        depth=outcome.depth,
        verdict=outcome.verdict,
        reasons=outcome.reasons,
        pages=outcome.pages,
        counts=dict(outcome.counts),
        residuals=dict(Counter(residual.kind for residual in outcome.residuals)),
        words=outcome.words,
        words_burned=outcome.words_burned,
        words_doubtful=outcome.words_doubtful,
        rounds=outcome.rounds,
        seconds=dict(outcome.seconds),
        ink_unexplained=round(outcome.ink_unexplained, 4),
    )


def _entry(claim: Claim, outcome: Outcome, origin: Origin, result: Event) -> AuditEntry:
    return AuditEntry(
        entry_id=derived_id(AuditEntry.TYPE, result.ce_id),
        actor=origin.actor,
        action=_ACTIONS[outcome.verdict],
        time=origin.at,
        tenant=claim.document.tenant,
        document_id=claim.document.id,
        reasons=outcome.reasons,
        profile=outcome.profile,
        profile_version=outcome.profile_version,
        verdict=outcome.verdict,
        reference=result.reference if isinstance(result, DocumentMasked) else None,
        commitment=claim.commitment,
        why=origin.why,
        ticket=origin.ticket,
        attestation=result.attestation if isinstance(result, DocumentMasked) else None,
    )
