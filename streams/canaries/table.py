"""The bounds as a table: per tenant, class and quality of the scan, and over all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from streams.canaries.bounds import anytime, exact, of_identifiers
from streams.events import CanaryJudged, SampleJudged

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Bounded:
    """`leaked` of `documents` planted and released ones showed an identifier. `exact_bound` answers one look,
    `anytime_bound` as many as one likes; both are upper bounds of the share of documents that leak, at 95 %."""

    tenant: str
    document_class: str
    quality: str
    documents: int
    leaked: int
    exact_bound: float
    anytime_bound: float
    identifiers: int
    identifiers_leaked: int
    identifiers_bound: float


def bounded(judged: Iterable[CanaryJudged]) -> list[Bounded]:
    """All together first, then each tenant, class and quality by name. Nothing is pooled with any other source."""
    groups: dict[tuple[str, str, str], list[CanaryJudged]] = {(ALL, ALL, ALL): []}
    for event in judged:
        groups[ALL, ALL, ALL].append(event)
        groups.setdefault((event.tenant, event.document_class, event.quality), []).append(event)
    return [_row(group, groups[group]) for group in sorted(groups, key=lambda g: (g[0] != ALL, g))]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """`leaked` of `documents` real releases, drawn by lot and looked at again by a person, showed an identifier. Bounds
    as above."""

    tenant: str
    document_class: str
    quality: str
    documents: int
    leaked: int
    exact_bound: float
    anytime_bound: float


def looked_at(judged: Iterable[SampleJudged]) -> list[LookedAt]:
    """All together first, then each tenant, class and quality by name. Without those that tell nothing."""
    groups: dict[tuple[str, str, str], list[bool]] = {(ALL, ALL, ALL): []}
    for event in judged:
        if event.counts:
            for group in ((ALL, ALL, ALL), (event.tenant, event.document_class, event.task.quality)):
                groups.setdefault(group, []).append(event.leaked)
    return [
        LookedAt(*group, len(seen), sum(seen), exact(sum(seen), len(seen)), anytime(sum(seen), len(seen)))
        for group, seen in sorted(groups.items(), key=lambda each: (each[0][0] != ALL, each[0]))
    ]


def _row(group: tuple[str, str, str], events: list[CanaryJudged]) -> Bounded:
    leaked = sum(event.leaked > 0 for event in events)
    return Bounded(
        *group,
        documents=len(events),
        leaked=leaked,
        exact_bound=exact(leaked, len(events)),
        anytime_bound=anytime(leaked, len(events)),
        identifiers=sum(event.planted for event in events),
        identifiers_leaked=sum(event.leaked for event in events),
        identifiers_bound=of_identifiers([(event.leaked, event.planted) for event in events])[1],
    )
