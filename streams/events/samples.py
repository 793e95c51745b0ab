"""Released documents that a person looks at once more, drawn by lot, and what they said. No text anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from streams.events.envelope import Event, derived_id
from streams.events.results import Grounds, Place


@dataclass(frozen=True, slots=True)
class SampleDrawn(Event):
    """A task of its own kind: whether a released copy shows anything that its profile takes out. Says nothing of how
    the copy came to be released, so that the person looks at it as if nobody had.

    `reference` is the copy's content address in the masked store, `shown` the pages to look at, from 0. `quality` is
    `digital` where the file's own text was proven on every page, else `scanned`.
    """

    TYPE: ClassVar[str] = "redoubt.sample.drawn.v1"
    SOURCE: ClassVar[str] = "/redoubt/sampler"

    tenant: str
    document_id: str
    document_class: str
    profile: str
    quality: str
    reference: str
    pages: int
    shown: tuple[int, ...]
    proof: str | None = field(default=None, repr=False)
    """That the sampler drew this very document: see `streams.review.second_looks.lots`."""

    @property
    def ce_id(self) -> str:
        return derived_id(self.TYPE, self.document_id, self.reference)

    @property
    def whole(self) -> bool:
        """Whether every page is looked at."""
        return len(self.shown) == self.pages


@dataclass(frozen=True, slots=True)
class SampleJudged(Event):
    """What a person saw. `places` are where something can be read that had to go; none: the copy is clean.

    `decision` is random: two on one task are two events, of which the first counts.
    """

    TYPE: ClassVar[str] = "redoubt.sample.judged.v1"
    SOURCE: ClassVar[str] = "/redoubt/console"

    tenant: str
    document_id: str
    decision: str
    reviewer: str
    why: Grounds
    ticket: str
    task: SampleDrawn
    places: tuple[Place, ...] = ()

    @property
    def ce_id(self) -> str:
        return self.decision

    @property
    def leaked(self) -> bool:
        return bool(self.places)

    @property
    def counts(self) -> bool:
        """Whether it adds to the bound: a copy that was seen in part and shows nothing there tells nothing."""
        return self.leaked or self.task.whole

    @property
    def document_class(self) -> str:
        return self.task.document_class

    @property
    def profile(self) -> str:
        return self.task.profile
