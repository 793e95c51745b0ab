"""What a decision may say. The same rules hold for the tool that writes a decision and for the worker that reads it."""

from __future__ import annotations

from typing import Final

from detectors.errors import Reason
from streams.events import Grounds, ReviewChoice, ReviewDecided
from streams.fates import FATES, Fate
from streams.pipeline.answers import ANSWERABLE
from streams.publish import PLACES_LIMIT

GROUNDS: Final = {
    ReviewChoice.RELEASE: frozenset({Grounds.FALSE_ALARM, Grounds.READ_BY_EYE, Grounds.PERMITTED}),
    ReviewChoice.BURN: frozenset({Grounds.MISSED_IDENTIFIER, Grounds.PRECAUTION}),
    ReviewChoice.WITHHOLD: frozenset({Grounds.NOT_REDACTABLE, Grounds.WRONG_RECORD, Grounds.NOT_AUTHORIZED}),
}
"""Which grounds carry which choice."""

DOUBTS: Final = frozenset(
    reason
    for reason, fate in FATES.items()
    if fate in (Fate.REVIEW, Fate.WITHHOLD) and reason not in (Reason.WITHHELD_BY_REVIEWER, Reason.CLASS_HELD)
)
"""What a task may be about; what of it a person can answer is `ANSWERABLE`."""


def objection(decided: ReviewDecided) -> Reason | None:
    """Why the decision is not followed, whoever comes first; the task stays open then. None where it may stand.

    A second sign-off by the same person is none. A reason that nobody may answer is given back as it is: a known value
    that can be read is burned or withheld.
    """
    task = decided.task
    if (decided.tenant, decided.document_id) != (task.tenant, task.document_id):
        return Reason.INVALID_EVENT
    if decided.why not in GROUNDS[decided.choice] or not set(decided.answered) <= set(task.reasons):
        return Reason.INVALID_EVENT
    burned = (*task.burned, *decided.places)
    places = (*burned, *task.places)
    if len(burned) > PLACES_LIMIT or any(
        p.page >= task.pages or p.left >= p.right or p.top >= p.bottom for p in places
    ):
        return Reason.INVALID_EVENT
    if bool(decided.places) is not (decided.choice is ReviewChoice.BURN):
        return Reason.INVALID_EVENT
    if decided.choice is ReviewChoice.RELEASE:
        if any(earlier.reviewer == decided.reviewer for earlier in task.signed or ()):
            return Reason.SECOND_SIGN_OFF
        if task.reference is None:
            return Reason.CONTENT_MISSING
        unanswerable = [reason for reason in task.reasons if reason not in ANSWERABLE]
        if unanswerable or set(decided.answered) != set(task.reasons):
            return unanswerable[0] if unanswerable else Reason.INVALID_EVENT
    return next((reason for reason in decided.answered if reason not in ANSWERABLE), None)
