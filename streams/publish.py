"""From an outcome to what leaves: outputs are stored first, then events say so. Knows no broker.

Only a released document leaves the PHI zone. A copy that a person must see first stays in it, sealed under the
document's data key; of a withheld one there is no copy at all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box
from policies.attack.report import Verdict
from streams.attest.attestor import Attests
from streams.attest.statement import GATEWAY, Decider, Release
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentRejected,
    Event,
    LeakageObserved,
    Place,
    RecordTokenized,
    Refusal,
    ReviewRequested,
    derived_id,
)
from streams.kafka.intake import Claim, keep_event, keep_payload
from streams.kafka.topics import (
    AUDIT_PENDING,
    CANARY_RESULTS,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.pipeline.document import Outcome
from streams.review.proof import proven
from streams.store.claims import ClaimStore
from streams.store.sealed import SealedStore

RECORD_LIMIT_BYTES: Final = 256 * 1024
"""A larger record goes to the store, as a larger document does."""
PLACES_LIMIT: Final = 1000
"""A reviewer sees the page as well; a thousand boxes already say that the whole copy is in doubt."""

IsCanary = Callable[[str], bool]
"""Whether a document id is a planted one. Asked here and nowhere before."""

Addressed = tuple[str, Event]
"""A topic and what goes there."""

_ACTIONS: Final = {
    Verdict.RELEASE: AuditAction.RELEASED,
    Verdict.REVIEW: AuditAction.HELD,
    Verdict.WITHHOLD: AuditAction.WITHHELD,
}


_BLACK: Final = {
    Kind.INK: Reason.UNEXPLAINED_INK,
    Kind.UNREADABLE: Reason.UNREADABLE_PAGE,
    Kind.REDACTION: Reason.INCOMING_REDACTION,
}
"""What is burned for a doubt, and which one."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The record that a document came from, who works on it, and the time of the attempt.

    `round` counts how often a person will have been asked about it, should this attempt end in review. Where it is
    a person's decision that is carried out, `actor` is that person, with the decision's grounds and ticket.
    """

    topic: str
    partition: int
    offset: int
    actor: str
    at: datetime
    round: int = 1
    why: str | None = None
    ticket: str | None = None


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
            events = list(_released(claim, outcome, origin, masked, attestor))
        case Verdict.REVIEW:
            events = [(REVIEW_TASKS, proven(_review(claim, outcome, origin), claim.seal))]
        case Verdict.WITHHOLD:
            events = [(REJECTED_DOCUMENTS, _withheld(claim, outcome, origin, sealed))]
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


def _released(
    claim: Claim, outcome: Outcome, origin: Origin, masked: ClaimStore, attestor: Attests | None
) -> Iterator[Addressed]:
    if outcome.copy is None:
        raise RedoubtError(Reason.MASKER_FAILED)
    # First: what cannot be attested is not stored either.
    document = claim.document
    said = said_of(outcome, document.tenant, document.id, claim.commitment, _decider(origin))
    attestation = attestor.attest(said, outcome.copy) if attestor else None
    reference = claim.seal.put_output(masked, outcome.copy)
    yield (
        MASKED_DOCUMENTS,
        DocumentMasked(
            tenant=claim.document.tenant,
            document_id=claim.document.id,
            reference=reference,
            size_bytes=len(outcome.copy),
            commitment=claim.commitment,
            pages=outcome.pages,
            profile=outcome.profile,
            profile_version=outcome.profile_version,
            engine=outcome.engine,
            depth=outcome.depth,
            verdict=outcome.verdict,
            counts=dict(outcome.counts),
            kept=dict(outcome.kept),
            words=outcome.words,
            words_burned=outcome.words_burned,
            rounds=outcome.rounds,
            attestation=claim.seal.put_output(masked, attestation) if attestation else None,
            layers=dict(outcome.layers),
            notice=outcome.notice,
            document_class=claim.document.document_class,
        ),
    )
    if outcome.record is not None:
        # The JSON form counts: it is what the topic would carry.
        text = json.dumps(outcome.record.pages).encode()
        large = len(text) > RECORD_LIMIT_BYTES
        yield (
            TOKENIZED_RECORDS,
            RecordTokenized(
                tenant=claim.document.tenant,
                document_id=claim.document.id,
                document_class=claim.document.document_class,
                profile=outcome.profile,
                profile_version=outcome.profile_version,
                pages=outcome.pages,
                mean_confidence=outcome.record.mean_confidence,
                text=None if large else outcome.record.pages,
                reference=claim.seal.put_output(masked, text) if large else None,
            ),
        )


def _decider(origin: Origin) -> Decider:
    # Which worker did it changes nothing, and would give the same document another attestation.
    return Decider(origin.actor, origin.why, origin.ticket) if origin.why else Decider(GATEWAY)


def said_of(outcome: Outcome, tenant: str, document_id: str, commitment: str, decider: Decider) -> Release:
    """What a statement on the release asserts. `commitment` as `Release` has it."""
    return Release(
        tenant=tenant,
        document_id=document_id,
        commitment=commitment,
        profile=outcome.profile,
        profile_version=outcome.profile_version,
        engine=outcome.engine,
        depth=outcome.depth,
        verdict=outcome.verdict,
        rounds=outcome.rounds,
        pages=outcome.pages,
        deciders=(decider,),
    )


def _review(claim: Claim, outcome: Outcome, origin: Origin) -> ReviewRequested:
    places = doubtful_places(outcome)
    return ReviewRequested(
        tenant=claim.document.tenant,
        document_id=claim.document.id,
        profile=outcome.profile,
        profile_version=outcome.profile_version,
        depth=outcome.depth,
        pages=outcome.pages,
        reasons=outcome.reasons,
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        event=keep_event(claim),
        round=origin.round,
        places=tuple(places[:PLACES_LIMIT]),
        places_left_out=max(0, len(places) - PLACES_LIMIT),
        burned=tuple(_place(mark.page, mark.box, mark.kind) for mark in claim.document.answers.burn),
        reference=None if outcome.copy is None else claim.seal.put(outcome.copy),
        original=claim.event.reference,
    )


def doubtful_places(outcome: Outcome) -> list[Place]:
    """Where a person should look: what the attacker still found, what the pipeline asks about, and the black boxes over
    what nobody could read or explain, where that is what is in doubt."""
    places = [_place(r.page, r.region.bounds, r.kind, r.reason) for r in (*outcome.asked, *outcome.residuals)]
    doubted = {kind: reason for kind, reason in _BLACK.items() if reason in outcome.reasons}
    boxes = dict.fromkeys((box.page, box.box, box.kind) for box in outcome.boxes if box.kind in doubted)
    return places + [_place(page, box, kind, doubted[kind]) for page, box, kind in boxes]


def _place(page: int, box: Box, kind: Kind, reason: Reason = Reason.RESIDUAL_FINDING) -> Place:
    return Place(page, box.left, box.top, box.right, box.bottom, kind, reason)


def _withheld(claim: Claim, outcome: Outcome, origin: Origin, sealed: SealedStore) -> DocumentRejected:
    return DocumentRejected(
        tenant=claim.document.tenant,
        document_id=claim.document.id,
        refusal=Refusal.WITHHELD,
        reasons=outcome.reasons,
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        reference=keep_payload(claim.event, sealed),
        event=keep_event(claim),
    )


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
    )
