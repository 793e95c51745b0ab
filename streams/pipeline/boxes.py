"""Why each black box is there: the decisions under it, without a word of what it hides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Quad, overlaps, sides_of
from policies.decisions import Action, Decision
from streams.pipeline.document import BoxEntry


def entries(
    burned: Sequence[Sequence[Quad]], decisions: Sequence[Decision], sizes: Sequence[tuple[int, int]] = ()
) -> tuple[BoxEntry, ...]:
    """One entry a burned region and reason, in page order; `burned` holds each page's regions in source pixels, `sizes`
    their widths and heights, at which boxes end.

    The box is that of the burned region, not of the finding: the finding's own width could give a name away. A region
    in which several findings were merged has an entry for each reason. A finding counts for the region that holds
    most of it, and every region has at least the finding that reaches furthest into it.
    """
    found: set[BoxEntry] = set()
    on_page = defaultdict[int, list[Decision]](list)
    for decision in decisions:
        if decision.action is not Action.KEEP:
            on_page[decision.finding.page].append(decision)
    for page, regions in enumerate(burned):
        acted = on_page[page]
        if not regions or not acted:
            continue
        owners = [decision for decision in acted for _ in decision.finding.regions]
        places = sides_of([region.bounds for decision in acted for region in decision.finding.regions])
        shared = overlaps(places, sides_of([region.bounds for region in regions]))
        pairs = {(finding, int(best)) for finding, best in enumerate(shared.argmax(axis=1))}
        pairs |= {(int(best), region) for region, best in enumerate(shared.argmax(axis=0))}  # no box without a reason
        for index, region in pairs:
            bounds = regions[region].bounds
            box = bounds.clipped(*sizes[page]) if sizes else bounds
            if shared[index, region] and box:
                found.add(_entry(page, box, owners[index]))
    return tuple(sorted(found, key=lambda e: (e.page, e.box.top, e.box.left, e.kind, e.rule, e.layer)))


def still_shown(burned: Sequence[Sequence[Quad]], decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions to keep of which at least a part is under no burned region: the rest went with something else, as
    all writing does on a picture of a body."""
    kept = [decision for decision in decisions if decision.action is Action.KEEP]
    places = [sides_of([region.bounds for region in regions]) if regions else None for regions in burned]
    return [decision for decision in kept if not _hidden(decision, places[decision.finding.page])]


def _hidden(decision: Decision, burned: NDArray[np.int64] | None) -> bool:
    bounds = [region.bounds for region in decision.finding.regions]
    if burned is None or not bounds:
        return False
    areas = np.array([box.area for box in bounds])
    return bool((overlaps(sides_of(bounds), burned).max(axis=1) >= areas).all())


def _entry(page: int, box: Box, decision: Decision) -> BoxEntry:
    return BoxEntry(page, box, decision.finding.kind, decision.finding.layer, decision.rule, decision.action)
