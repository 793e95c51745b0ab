"""What every event of a document says of where it came from, and where the events go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from streams.events import Event, SignOff

IsCanary = Callable[[str], bool]
"""Whether a document id is a planted one. Asked here and nowhere before."""

Addressed = tuple[str, Event]
"""A topic and what goes there."""


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
    signed: tuple[SignOff, ...] = ()
    """Who else signed off what is released; or who has signed off what is held for one more."""
