"""From decisions to a copy: page by page, and again only the pages that were decided further."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from detectors.geometry import Quad
from detectors.pages import PageReading
from policies.attack.report import Claim
from policies.decisions import Decision
from policies.masking import burn
from policies.masking.assemble import Assembled, sheet
from policies.notice import under
from streams.pipeline.chart import Chart
from streams.pipeline.secrecy import secrets_of

COPY_BYTES: Final = 32 * 1024 * 1024
"""A larger copy goes to the store piece by piece."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A copy, what the attacker may be told of it, and what it is made of: how many decisions each page took in, its
    sheet's size and starts, and its sheet's digest."""

    copy: Assembled
    claim: Claim
    decided: tuple[int, ...]
    sheets: tuple[tuple[int, tuple[int, ...]], ...] = field(repr=False)
    digests: tuple[str, ...] = field(repr=False)

    def finished(self) -> bytes | Assembled:
        """The copy, in memory unless it is a chart's."""
        return self.copy if len(self.copy) > COPY_BYTES else b"".join(self.copy.pieces())


def mask(
    chart: Chart,
    readings: Sequence[PageReading],
    decisions: Sequence[Decision],
    before: Masked | None,
    notice: str | None = None,
) -> Masked:
    """A new file from new rasters, with every decided region solid black and the notice, if one is due, below each
    page; one page in memory at a time.

    Decisions are only ever added: a page that got none since `before` stays as it was.
    """
    on_page: list[list[Decision]] = [[] for _ in range(chart.pages)]
    for decision in decisions:
        on_page[decision.finding.page].append(decision)
    decided = tuple(len(found) for found in on_page)
    changed = [page for page in range(chart.pages) if before is None or decided[page] != before.decided[page]]
    regions: list[tuple[Quad, ...]] = list(before.claim.burned) if before else [()] * chart.pages
    sheets: list[tuple[int, tuple[int, ...]]] = list(before.sheets) if before else [(0, ())] * chart.pages
    digests = list(before.digests) if before else [""] * chart.pages
    for page, raster in chart.again(changed):
        regions[page] = burn.regions(readings[page], on_page[page], raster)
        burned = burn.burn(raster, regions[page])
        made = sheet(burned if notice is None else under(burned, notice), page)
        chart.spill.put(f"sheet-{page}", made.data)
        sheets[page] = (len(made.data), made.starts)
        digests[page] = hashlib.sha256(made.data).hexdigest()
    copy = Assembled(sheets, lambda page: chart.spill.get(f"sheet-{page}"))
    claim = Claim(chart.sizes, tuple(regions), secrets_of(readings, decisions), notice)
    return Masked(copy, claim, decided, tuple(sheets), tuple(digests))
