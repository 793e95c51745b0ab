"""What the pages need of a place where held copies wait: a folder of `redoubt redact`, or the gateway's stream."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies import profile
from policies.attack.finished.allowed import Walk
from policies.attack.finished.pdf import held, parse
from policies.profile import Rule
from streams.events import Place, ReviewRequested, SampleDrawn
from streams.review.reviewer import Decision

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: a held copy, or a released one that was drawn by lot for a second look. `id` stands in addresses: a
    number or an opaque id; `name` is what a person calls it."""

    id: str
    name: str
    at: datetime
    event: ReviewRequested | SampleDrawn
    again: tuple[Place, ...] = ()
    """Where the copy shows what was black in the one before."""

    @property
    def is_second_look(self) -> bool:
        return isinstance(self.event, SampleDrawn)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where a person should look; of a second look nothing is told."""
        return () if isinstance(self.event, SampleDrawn) else (*self.event.places, *self.again)


@dataclass(frozen=True, slots=True)
class BlackBox:
    """What is black on a page, counted from 0, and the rule that made it so; `because` and `source` are the profile's
    words on it, empty where the profile has changed since, or a person had it burned."""

    page: int
    left: int
    top: int
    right: int
    bottom: int
    kind: Kind
    rule: str
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A copy that is being looked at. `pictures` are the sizes of its pages, `sizes` without a notice below."""

    waiting: Waiting
    copy: bytes = field(repr=False)
    pictures: tuple[Size, ...]
    sizes: tuple[Size, ...]
    boxes: tuple[BlackBox, ...] = ()


class What(StrEnum):
    """What came of a decision."""

    RELEASED = "released"
    HELD_AGAIN = "held again"
    WITHHELD = "withheld"
    SENT = "sent"
    """To the workers, who mask and validate again."""
    JUDGED = "judged"
    """A second look: to the sampler, who counts."""


class Saw(StrEnum):
    """What a person says of a released copy at a second look."""

    CLEAN = "clean"
    LEAKS = "leaks"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person saw at a second look. `places` are where something can be read that had to go; none: clean."""

    reviewer: str
    ticket: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    what: What
    reasons: tuple[Reason, ...] = ()
    """What is still in doubt, or why nothing leaves."""
    where: str = ""
    """Where a released copy lies, for the eyes of who released it: a file's name can be a patient's."""


class Desk(Protocol):
    """One person's. All of it raises RedoubtError, and is called by one thread at a time."""

    def waiting(self) -> list[Waiting]:
        """What waits, in the order in which to look at it."""

    def open(self, waiting: Waiting) -> Opened:
        """The copy, to look at. Told to the audit log before it is opened."""

    def decide(self, waiting: Waiting, decision: Decision | Judgement) -> Came:
        """Carried out, or handed to who does."""


def black_boxes(entries: Iterable[Mapping[str, Any]], event: ReviewRequested) -> tuple[BlackBox, ...]:
    """Of entries as `streams.review.boxes` makes them, with the profile's words. Raises RedoubtError(STORE_UNAVAILABLE)
    where they are none."""
    rules = _rules_of(event)

    def box(entry: Mapping[str, Any]) -> BlackBox:
        rule = rules.get(entry["rule"])
        left, top, right, bottom = (int(entry[side]) for side in ("left", "top", "right", "bottom"))
        words = (rule.reason, rule.source) if rule else ("", "")
        return BlackBox(entry["page"] - 1, left, top, right, bottom, Kind(entry["kind"]), entry["rule"], *words)

    try:
        return tuple(box(entry) for entry in entries)
    except (LookupError, TypeError, ValueError):
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None


def picture_sizes(copy: bytes) -> tuple[Size, ...]:
    """Of all pages of a finished copy. Raises RedoubtError(FORBIDDEN_OBJECT)."""
    found = held(copy)
    try:
        return tuple(Walk(found, parse(found)).sizes())
    except zlib.error:
        raise RedoubtError(Reason.FORBIDDEN_OBJECT) from None


def _rules_of(event: ReviewRequested) -> Mapping[str, Rule]:
    """The rules by which a copy was made, by their ids; none where the profile is no longer the same."""
    found = profile.load(event.profile)
    return {rule.id: rule for rule in found.rules} if found.version == event.profile_version else {}
