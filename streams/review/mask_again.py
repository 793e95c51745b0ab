"""A held copy masked and validated again by what a person decided, without a broker."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Verdict
from streams.events import Place, ReviewChoice, ReviewDecided
from streams.pipeline.document import Document, Outcome
from streams.publish import PLACES_LIMIT
from streams.review.carry_out import answers, is_as_shown
from streams.review.shown import shown_again

Handle = Callable[[Document], Outcome]
MORE_MASKINGS: Final = 3
"""How often what shows again is burned and the document masked anew: each time the detectors see another copy."""


def mask_again(
    decided: ReviewDecided, document: Document, seen: bytes, handle: Handle
) -> tuple[ReviewDecided, Outcome, tuple[Place, ...]]:
    """The decision as it was carried out, what came of it, and the places that show what was black in `seen`.

    With more burned, what was black in the copy that the person saw stays black: what a detector found then it may
    find no more with other things burned. Such places become part of the decision, so that a later round burns them,
    too. A release is of the copy that was seen, or held again.
    """
    outcome = handle(dataclasses.replace(document, answers=answers(decided)))
    again = _shown_again(decided, outcome, seen)
    for _ in range(MORE_MASKINGS if decided.choice is ReviewChoice.BURN else 0):
        kept = tuple(place for place in again if place not in decided.places)
        if not kept or len(decided.task.burned) + len(decided.places) + len(kept) > PLACES_LIMIT:
            break
        decided = dataclasses.replace(decided, places=(*decided.places, *kept))
        outcome = handle(dataclasses.replace(document, answers=answers(decided)))
        again = _shown_again(decided, outcome, seen)
    if outcome.verdict is Verdict.RELEASE and not is_as_shown(decided, outcome.copy, seen):
        outcome = dataclasses.replace(outcome, verdict=Verdict.REVIEW, reasons=decided.task.reasons, record=None)
    return decided, outcome, again[:PLACES_LIMIT]


def _shown_again(decided: ReviewDecided, outcome: Outcome, seen: bytes) -> tuple[Place, ...]:
    if outcome.copy is None:
        return ()
    return tuple(
        Place(page, box.left, box.top, box.right, box.bottom, Kind.INK, Reason.RESIDUAL_FINDING)
        for page, box in shown_again(outcome.copy, seen, decided.task.pages)
    )
