"""The decision that a form says, or a sentence on what it lacks. Nothing that was typed is repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from detectors.errors import Reason
from streams.events import Grounds, Place, ReviewChoice, SampleDrawn
from streams.pipeline.answers import ANSWERABLE
from streams.review import places
from streams.review.desk.desks import Judgement, Opened, Saw
from streams.review.desk.words import sentence
from streams.review.reviewer import Decision
from streams.review.rules import GROUNDS, objection

MAX_BYTES: Final = 256 * 1024
"""A thousand places are a fifth of it."""


class Unclear(ValueError):
    """The form says no decision. The message tells the person what it lacks."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was filled in, as it came: shown again where it was no decision yet."""

    choice: str = ""
    why: Mapping[str, str] = field(default_factory=dict)
    burn: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    ticket: str = ""


def said(fields: Sequence[tuple[str, str]]) -> Said:
    """The fields of a form by their meaning; unknown ones are left out."""

    def of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    def one(name: str) -> str:
        return (*of(name), "")[0]

    why = {choice.value: one(f"why-{choice.value}") for choice in ReviewChoice}
    return Said(one("choice"), why, of("burn"), of("answer"), one("ticket").strip())


def decision(given: Said, opened: Opened, actor: str, ticket: re.Pattern[str]) -> Decision | Judgement:
    """What the person says of the opened copy. Raises Unclear."""
    event = opened.waiting.event
    if isinstance(event, SampleDrawn):
        return _judgement(given, opened, actor, ticket)
    if given.choice not in set(ReviewChoice):
        raise Unclear("Choose: release, burn more, or withhold.")
    choice = ReviewChoice(given.choice)
    if given.why.get(choice.value) not in {ground.value for ground in GROUNDS[choice]}:
        raise Unclear("Say why: choose one of the grounds.")
    _has_ticket(given, ticket)
    burn: Sequence[Place] = ()
    answered = event.reasons
    if choice is ReviewChoice.BURN:
        burn = _places(given, opened)
        known = {reason.value: reason for reason in event.reasons if reason in ANSWERABLE}
        if not set(given.answered) <= set(known):
            raise Unclear("Only what is in doubt can be answered.")
        answered = tuple(known[code] for code in dict.fromkeys(given.answered))
    elif choice is ReviewChoice.WITHHOLD:
        answered = ()
    found = Decision(choice, actor, Grounds(given.why[choice.value]), given.ticket, tuple(burn), answered)
    refused = objection(found.on(event))
    if refused is Reason.SECOND_SIGN_OFF:
        raise Unclear("You have signed this copy off already: another person has to look at it.")
    if refused is Reason.INVALID_EVENT:
        raise Unclear("That cannot be decided so: look at the choice and its places again.")
    if refused:
        raise Unclear(f"Nobody may answer this, so the copy is burned or withheld. {sentence(refused)}")
    return found


def _judgement(given: Said, opened: Opened, actor: str, ticket: re.Pattern[str]) -> Judgement:
    if given.choice not in set(Saw):
        raise Unclear("Choose: clean, or it leaks.")
    _has_ticket(given, ticket)
    seen = _places(given, opened) if given.choice == Saw.LEAKS else ()
    if given.choice == Saw.CLEAN and given.burn:
        raise Unclear("A place is marked where it leaks: choose that it leaks, or remove the mark.")
    return Judgement(actor, given.ticket, tuple(seen))


def _has_ticket(given: Said, ticket: re.Pattern[str]) -> None:
    if not ticket.fullmatch(given.ticket):
        raise Unclear("The ticket is the number of a case, as in ROI-118: never a name.")


def _places(given: Said, opened: Opened) -> Sequence[Place]:
    if not given.burn:
        what = "where it leaks" if opened.waiting.is_second_look else "what has to be burned"
        raise Unclear(f"Mark {what}: draw it on the page (d), or type its numbers.")
    try:
        typed = [places.place(value, opened.waiting.event.pages) for value in given.burn]
        return places.on_pages(typed, opened.sizes)
    except places.NotAPlace as error:
        raise Unclear(f"One of the places is none: {error}.") from None
