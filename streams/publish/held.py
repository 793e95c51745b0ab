"""A document that does not leave: the task for a person who shall look at it, or the rejection without a copy."""

from __future__ import annotations

from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from streams.events import DocumentRejected, Place, Refusal, ReviewRequested
from streams.kafka.intake import Claim, keep_event, keep_payload
from streams.pipeline.document import Outcome
from streams.publish.origin import Origin
from streams.review import boxes
from streams.store.sealed import SealedStore

PLACES_LIMIT: Final = 1000
"""A reviewer sees the page as well; a thousand boxes already say that the whole copy is in doubt."""

_BLACK: Final = {
    Kind.INK: Reason.UNEXPLAINED_INK,
    Kind.UNREADABLE: Reason.UNREADABLE_PAGE,
    Kind.REDACTION: Reason.INCOMING_REDACTION,
}
"""What is burned for a doubt, and which one."""


def review_task(claim: Claim, outcome: Outcome, origin: Origin) -> ReviewRequested:
    """What a person is asked. The copy stays in the PHI zone, sealed under the document's data key, and beside it which
    rule made each of its boxes black."""
    places = doubtful_places(outcome)
    reference = None if outcome.copy is None else claim.seal.put(outcome.copy)
    if reference:
        claim.seal.put_beside(reference, boxes.BESIDE, boxes.kept_form(outcome.boxes))
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
        reference=reference,
        original=claim.event.reference,
        signed=origin.signed or None,
    )


def doubtful_places(outcome: Outcome) -> list[Place]:
    """Where a person should look: what the attacker still found, what the pipeline asks about, and the black boxes over
    what nobody could read or explain, where that is what is in doubt."""
    places = [_place(r.page, r.region.bounds, r.kind, r.reason) for r in (*outcome.asked, *outcome.residuals)]
    doubted = {kind: reason for kind, reason in _BLACK.items() if reason in outcome.reasons}
    black = dict.fromkeys((box.page, box.box, box.kind) for box in outcome.boxes if box.kind in doubted)
    return places + [_place(page, box, kind, doubted[kind]) for page, box, kind in black]


def _place(page: int, box: Box, kind: Kind, reason: Reason = Reason.RESIDUAL_FINDING) -> Place:
    """A box that burns over the page's edge ends at it."""
    return Place(page, max(box.left, 0), max(box.top, 0), box.right, box.bottom, kind, reason)


def withheld(claim: Claim, outcome: Outcome, origin: Origin, sealed: SealedStore) -> DocumentRejected:
    """The rejection of a document whose copy nobody gets; its payload is kept."""
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
