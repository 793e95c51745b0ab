"""`python -m tests.bench.born_digital`: what a born-digital page costs, step by step, with its text layer and without,
beside tuned Presidio, and what is found either way.

One thread, CPU seconds; the same documents interleaved. `--documents N --seed S --presidio --json FILE`. Depth
`structure`: the copy is not read again. Three of the eight families of the documents are standard faces, which cost no
reading; words in the other five are read on sheets.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

os.environ.update({"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"})

from detectors.findings import Finding, Kind, Layer
from detectors.pages import LayerState
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from policies import profile as profiles
from policies.attack.finished.structure import check_structure
from policies.attack.report import Claim
from policies.masking import burn
from policies.masking.assemble import Assembled, sheet
from streams.canaries.documents import Format, SyntheticDocument, generate
from streams.canaries.leakcheck import check, read_untouched
from streams.decode.formats import opened
from tests.bench import peer
from tests.bench.cpu import tree_seconds

T = TypeVar("T")

PROFILE = "maximal"
STEPS = ("decode", "read", "detect", "mask", "structure")
WAYS = ("layer", "reading")


class Costs:
    """CPU seconds of this process by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def time(self, step: str, work: Callable[[], T]) -> T:
        began = time.process_time()
        found = work()
        self.seconds[step] += time.process_time() - began
        return found


class Gateway:
    """The pipeline's steps on one document, without processes between them."""

    def __init__(self) -> None:
        # Here, for the peer's process imports this module, and Presidio takes our recognizers there for its own.
        from detectors.detect import PageDetector, findings

        self._findings = findings
        self.engine = TesserocrEngine()
        self._detector = PageDetector()
        self._profile = profiles.load(PROFILE)

    def copy(self, content: bytes, costs: Costs, *, layered: bool) -> tuple[bytes, list[LayerState]]:
        """The finished copy, and what became of the layer of each page."""
        pages = costs.time("decode", lambda: list(opened(content).pages))
        if not layered:
            pages = [replace(page, layer=None) for page in pages]
        read = costs.time("read", lambda: [recognize(page, self.engine) for page in pages])
        readings = [reading for reading, _ in read]
        found = costs.time(
            "detect", lambda: self._findings(readings, [self._detector.spans(r, None) for r in readings], None)
        )
        found += [
            Finding(p, Kind.INK, 1.0, Layer.VISUAL, (quad,)) for p, (_, ink) in enumerate(read) for quad in ink.regions
        ]
        decisions = [
            self._profile.decide(f, readings[f.page].text[f.span.start : f.span.end] if f.span else "") for f in found
        ]

        def mask() -> tuple[bytes, Claim]:
            regions = [
                burn.regions(readings[p], [d for d in decisions if d.finding.page == p], page)
                for p, page in enumerate(pages)
            ]
            sheets = [sheet(burn.burn(page, regions[p]), p) for p, page in enumerate(pages)]
            made = Assembled([(len(s.data), s.starts) for s in sheets], lambda number: sheets[number].data)
            sizes = tuple((page.width, page.height) for page in pages)
            return b"".join(made.pieces()), Claim(sizes, tuple(regions), ())

        copy, claim = costs.time("mask", mask)
        reasons = costs.time("structure", lambda: check_structure(copy, claim))
        if reasons:
            raise RuntimeError("a copy is not built as it should be")
        return copy, [reading.layer for reading in readings]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=18)
    options.add_argument("--seed", type=int, default=70_001)
    options.add_argument("--presidio", action="store_true", help="tuned Presidio on the same pages")
    options.add_argument("--no-quality", action="store_true", help="costs alone")
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    gateway = Gateway()
    warm = next(generate(1, 1, [Format.BORN_DIGITAL_PDF]))
    for way in WAYS:
        gateway.copy(warm.content, Costs(), layered=way == "layer")
    costs = {way: Costs() for way in (*WAYS, "presidio")}
    quality = {way: Counter[str]() for way in WAYS}
    states = Counter[str]()
    presidio = None
    if given.presidio:
        presidio = peer.Peer(1, peer.Tuning.TUNED)
    pages = 0
    for document in generate(given.seed, given.documents, [Format.BORN_DIGITAL_PDF]):
        rasters = list(opened(document.content).pages)
        pages += len(rasters)
        copies = {}
        for way in WAYS:
            copies[way], found = gateway.copy(document.content, costs[way], layered=way == "layer")
            states.update(state.value for state in found if way == "layer")
        if presidio is not None:
            began = tree_seconds()
            presidio.redact(rasters)
            costs["presidio"].seconds["all"] += tree_seconds() - began
        if not given.no_quality:
            _judge(document, copies, gateway, quality)
    if presidio is not None:
        presidio.close()
    figures = _figures(pages, costs, quality, states)
    print(json.dumps(figures, indent=2))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


def _judge(
    document: SyntheticDocument, copies: dict[str, bytes], gateway: Gateway, quality: dict[str, Counter[str]]
) -> None:
    acts_on = profiles.load(PROFILE).acts_on
    untouched = read_untouched(document, gateway.engine)
    for way, copy in copies.items():
        found = check(document, copy, acts_on, gateway.engine, untouched)
        quality[way].update(
            planted=found.planted,
            uncovered=len(found.uncovered),
            readable=len(found.readable),
            words_clean=found.words_clean,
            words_kept=found.words_kept,
        )


def _figures(
    pages: int, costs: dict[str, Costs], quality: dict[str, Counter[str]], states: Counter[str]
) -> dict[str, object]:
    a_page = {
        way: {step: round(seconds / pages, 4) for step, seconds in cost.seconds.items()}
        | {"sum": round(sum(cost.seconds.values()) / pages, 4)}
        for way, cost in costs.items()
    }
    return {"pages": pages, "layers": states, "cpu_s_a_page": a_page, "quality": quality}


if __name__ == "__main__":
    sys.exit(main())
