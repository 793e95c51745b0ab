"""The bounds as a table: per tenant, class and quality of the scan, and over all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from streams.canaries.bounds import anytime, exact, of_identifiers
from streams.events import CanaryJudged, SampleJudged

ALL: Final = "all"
Group = tuple[str, str, str]
"""Tenant, class, quality of the scan."""
Judged = TypeVar("Judged")


@dataclass(frozen=True, slots=True)
class LookedAt:
    """`leaked` of `documents` real releases, drawn by lot and looked at again by a person, showed an identifier.

    `exact_bound` answers one look, `anytime_bound` as many as one likes; both are upper bounds of the share of
    documents that leak, at 95 %.
    """

    tenant: str
    document_class: str
    quality: str
    documents: int
    leaked: int
    exact_bound: float
    anytime_bound: float


@dataclass(frozen=True, slots=True)
class Bounded(LookedAt):
    """The same of planted and released documents, and of the identifiers on them."""

    identifiers: int
    identifiers_leaked: int
    identifiers_bound: float


def bounded(judged: Iterable[CanaryJudged]) -> list[Bounded]:
    """All together first, then each tenant, class and quality by name. Nothing is pooled with any other source."""
    grouped = _grouped(((e.tenant, e.document_class, e.quality), e) for e in judged)
    return [
        Bounded(
            *_of_documents(group, [event.leaked > 0 for event in events]),
            identifiers=sum(event.planted for event in events),
            identifiers_leaked=sum(event.leaked for event in events),
            identifiers_bound=of_identifiers([(event.leaked, event.planted) for event in events])[1],
        )
        for group, events in grouped
    ]


def looked_at(judged: Iterable[SampleJudged]) -> list[LookedAt]:
    """As above, of releases. Without those that tell nothing."""
    grouped = _grouped(((e.tenant, e.document_class, e.task.quality), e.leaked) for e in judged if e.counts)
    return [LookedAt(*_of_documents(group, leaked)) for group, leaked in grouped]


def _grouped(found: Iterable[tuple[Group, Judged]]) -> list[tuple[Group, list[Judged]]]:
    groups: dict[Group, list[Judged]] = {(ALL, ALL, ALL): []}
    for group, each in found:
        groups[ALL, ALL, ALL].append(each)
        groups.setdefault(group, []).append(each)
    return sorted(groups.items(), key=lambda found: (found[0][0] != ALL, found[0]))


def _of_documents(group: Group, leaked: Sequence[bool]) -> tuple[str, str, str, int, int, float, float]:
    found, of = sum(leaked), len(leaked)
    return (*group, of, found, exact(found, of), anytime(found, of))
