"""What a set of labelled text is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from detectors.pages import PageReading


@dataclass(frozen=True, slots=True, order=True)
class Gold:
    """An identifier in a text: half-open character offsets.

    `counts` says whether recall asks for it. One that does not count (an organization, or an age that the profile
    keeps) still is no clean word, so that neither finding it nor leaving it moves any figure.
    """

    start: int
    end: int
    kind: str
    counts: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("an empty or negative span")


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled text. `id` is stable: the same for the same seed, or the line of its corpus.

    `page` is where its words stand, for text that was printed."""

    id: str
    text: str = field(repr=False)
    golds: tuple[Gold, ...]
    page: PageReading | None = None

    def __post_init__(self) -> None:
        if any(gold.end > len(self.text) for gold in self.golds):
            raise ValueError("a label outside its text")


def only(samples: Iterable[Sample], counts: Iterable[str]) -> tuple[Sample, ...]:
    """The same samples; only golds of these kinds count."""
    wanted = frozenset(counts)
    return tuple(
        replace(s, golds=tuple(replace(g, counts=g.counts and g.kind in wanted) for g in s.golds)) for s in samples
    )
