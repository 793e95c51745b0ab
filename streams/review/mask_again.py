"""A held copy masked and validated again by what a person decided: through the broker and without one.

A release releases what the person was shown: where masking again gives other bytes (a rule or an engine changed since),
a person is asked again, and so they are where, with more burned, something shows that was black before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from policies import profile
from policies.attack.report import Residual, Verdict
from streams.events import Place, ReviewChoice, ReviewDecided, SignOff
from streams.pipeline.answers import Answers, Mark
from streams.pipeline.document import Document, Outcome
from streams.publish import PLACES_LIMIT, doubtful_places
from streams.review.shown import shown_again, shows_no_more

Handle = Callable[[Document], Outcome]
MORE_MASKINGS: Final = 3
"""How often what shows again is burned and the document masked anew: each time the detectors see another copy."""


@dataclass(frozen=True, slots=True)
class Again:
    """The decision as it was carried out, what came of it, and the places that show what was black in the copy that the
    person saw. `signed` has who else signed off what is released, or all who have signed off what is held for the
    sign-off of one more."""

    decided: ReviewDecided
    outcome: Outcome
    shows_again: tuple[Place, ...]
    signed: tuple[SignOff, ...] = ()


def mask_again(decided: ReviewDecided, document: Document, seen: bytes | None, handle: Handle) -> Again:
    """`seen` is the copy that the person saw; None where there was none, and nothing is released.

    With more burned, what was black in the copy that the person saw stays black: what a detector found then it may
    find no more with other things burned. Such places become part of the decision, so that a later round burns them,
    too.
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
    if outcome.verdict is Verdict.RELEASE and not _is_as_shown(decided, outcome, seen):
        outcome = dataclasses.replace(outcome, verdict=Verdict.REVIEW, reasons=decided.task.reasons, record=None)
    if outcome.verdict is not Verdict.RELEASE:
        return Again(decided, outcome, again[:PLACES_LIMIT])
    earlier = (decided.task.signed or ()) if decided.choice is ReviewChoice.RELEASE else ()
    signed = (*earlier, SignOff(decided.reviewer, decided.why, decided.ticket))
    if len({each.reviewer for each in signed}) < profile.load(decided.task.profile).sign_offs:
        return Again(decided, _for_one_more(decided, outcome), again[:PLACES_LIMIT], signed)
    return Again(decided, outcome, again[:PLACES_LIMIT], earlier)


def _for_one_more(decided: ReviewDecided, outcome: Outcome) -> Outcome:
    """What could be released, held for another person, who is asked what the first one was asked."""
    reasons = tuple(dict.fromkeys((*decided.answered, Reason.SECOND_SIGN_OFF)))
    held = dataclasses.replace(outcome, verdict=Verdict.REVIEW, reasons=reasons, record=None)
    told = set(doubtful_places(held))
    asked = tuple(
        Residual(place.page, place.kind, Quad.of(mark.box), place.reason, False)
        for place, mark in zip(decided.task.places, _marks(decided.task.places), strict=True)
        if place not in told
    )
    return dataclasses.replace(held, asked=(*outcome.asked, *asked))


def answers(decided: ReviewDecided) -> Answers:
    """What the pipeline is told of a decision."""
    burn = (*decided.task.burned, *decided.places)
    return Answers(_marks(burn), frozenset(decided.answered), _marks(decided.task.places))


def _marks(places: tuple[Place, ...]) -> tuple[Mark, ...]:
    return tuple(Mark(p.page, Box(p.left, p.top, p.right, p.bottom), p.kind) for p in places)


def _is_as_shown(decided: ReviewDecided, outcome: Outcome, seen: bytes | None) -> bool:
    """Whether the copy is the one that the person saw, or, where they had more burned, one that shows no less."""
    if outcome.copy is None or seen is None:
        return False
    if decided.choice is ReviewChoice.RELEASE:
        return outcome.copy == seen
    return shows_no_more(outcome.copy, seen, decided.task.pages)


def _shown_again(decided: ReviewDecided, outcome: Outcome, seen: bytes | None) -> tuple[Place, ...]:
    if outcome.copy is None or seen is None:
        return ()
    return tuple(
        Place(page, box.left, box.top, box.right, box.bottom, Kind.INK, Reason.RESIDUAL_FINDING)
        for page, box in shown_again(outcome.copy, seen, decided.task.pages)
    )
