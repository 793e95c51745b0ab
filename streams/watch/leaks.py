"""Judged releases of one source, and how much may leak by them: planted documents, or real ones looked at again."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Collection, Sequence
from itertools import product
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from streams.canaries.bounds import anytime, exact
from streams.events import DocumentClass
from streams.watch.labels import OTHER
from streams.watch.labels import own as own_name

ALL: Final = "all"
_GROUP: Final = ("tenant", "document_class", "quality")
_CLASSES: Final = tuple(c.value for c in DocumentClass)
_BOUND: Final = "Upper bound, at 95 %, of the share of released documents that leak, by the "


class Leaks:
    """redoubt_<judged>_judged_total{tenant,document_class,quality,leaked} and
    redoubt_<bound>_leak_bound{tenant,document_class,quality,method}, since the process started. One source each: two
    are never pooled.

    `tenants` are those that the operator lets stand in a label; all others are one, OTHER, and bounded only together
    with everybody, as `all`.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        judged: tuple[str, str],
        bound: tuple[str, str],
        qualities: Sequence[str],
        tenants: Collection[str],
    ) -> None:
        # A tenant who has the name of a sum is none of those who stand for themselves.
        self._qualities, self._tenants = qualities, sorted({*tenants} - {ALL, OTHER})
        self._judged = Counter(f"redoubt_{judged[0]}_judged", judged[1], [*_GROUP, "leaked"], registry=registry)
        self._bound = Gauge(f"redoubt_{bound[0]}_leak_bound", _BOUND + bound[1], [*_GROUP, "method"], registry=registry)
        self._seen: dict[tuple[str, str, str], Counts[bool]] = {}
        # A series that appears with its first leak has not risen: nobody would be woken.
        for group in product((*self._tenants, OTHER), _CLASSES, qualities):
            for leaked in ("true", "false"):
                self._judged.labels(*group, leaked)

    def count(self, tenant: str, document_class: str, quality: str, *, leaks: bool, bounds: bool = True) -> None:
        """One more; `bounds`: whether it adds to the bounds, too."""
        whose, of = own_name(tenant, self._tenants), own_name(document_class, _CLASSES)
        how = own_name(quality, self._qualities)
        self._judged.labels(whose, of, how, str(leaks).lower()).inc()
        if not bounds:
            return
        for group in ((whose, of, how), (whose, ALL, ALL), (ALL, of, how), (ALL, ALL, ALL)):
            if group[0] == OTHER:
                continue
            seen = self._seen.setdefault(group, Counts())
            seen[leaks] += 1
            self._bound.labels(*group, "exact").set(exact(seen[True], seen.total()))
            self._bound.labels(*group, "anytime").set(anytime(seen[True], seen.total()))
