"""Why each black box is there: the decisions under it, without a word of what it hides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from detectors.geometry import Quad, overlaps, sides_of
from policies.decisions import Action, Decision
from streams.pipeline.document import BoxEntry


def entries(burned: Sequence[Sequence[Quad]], decisions: Sequence[Decision]) -> tuple[BoxEntry, ...]:
    """One entry a burned region and reason, in page order; `burned` holds each page's regions in source pixels.

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
            if shared[index, region]:
                found.add(_entry(page, regions[region], owners[index]))
    return tuple(sorted(found, key=lambda e: (e.page, e.box.top, e.box.left, e.kind, e.rule, e.layer)))


def _entry(page: int, region: Quad, decision: Decision) -> BoxEntry:
    return BoxEntry(page, region.bounds, decision.finding.kind, decision.finding.layer, decision.rule, decision.action)
