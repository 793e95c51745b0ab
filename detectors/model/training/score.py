"""What the model finds on text from patterns and names that it was never trained on."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

import numpy as np

from detectors.model.network import Inference, Network, Tag
from detectors.model.tagger import THRESHOLD, stretches
from detectors.model.training.corpus import pages
from detectors.model.training.draw import Draw

PAGES: Final = 1000
DAMAGE: Final = (0.0, 0.01, 0.03, 0.06)
TOLD: Final = tuple(tag for tag in Tag if tag not in (Tag.NOTHING, Tag.FIRM))
_SEED: Final = 977
_WORD: Final = re.compile(r"\S*\w\S*")


@dataclass(frozen=True, slots=True)
class Figures:
    """`recall` of stretches by tag: one counts where each letter and digit of it is covered under whatever tag.
    `kept`: the share of words without any tag that nothing covers."""

    recall: dict[Tag, float]
    kept: float


def measured(network: Network, damage: float, count: int = PAGES, threshold: float = THRESHOLD) -> Figures:
    """On so many pages; `damage`: the share of characters that an engine misread."""
    model = Inference(network)
    hit, planted, kept, clean = Counter[Tag](), Counter[Tag](), 0, 0
    for text, gold in islice(pages(Draw.seeded(_SEED, held=True), damage), count):
        covered = np.zeros(len(text), bool)
        for stretch in stretches(text, model, threshold):
            covered[stretch.start : stretch.end] |= stretch.tag is not Tag.FIRM
        at = 0
        for value, run in groupby(gold):
            end = at + len(list(run))
            inside = [i for i in range(at, end) if text[i].isalnum()]
            if value and inside:
                planted[Tag(value)] += 1
                hit[Tag(value)] += bool(covered[inside].all())
            at = end
        for word in _WORD.finditer(text):
            if not any(gold[word.start() : word.end()]):
                clean += 1
                kept += not covered[word.start() : word.end()].any()
    return Figures({tag: hit[tag] / max(planted[tag], 1) for tag in TOLD}, kept / max(clean, 1))


def table(network: Network) -> str:
    """A line for each strength of damage."""
    lines = ["damage  words kept" + "".join(f"{tag.name.lower():>10}" for tag in TOLD)]
    for share in DAMAGE:
        figures = measured(network, share)
        lines.append(f"{share:<8}{figures.kept:>10.4f}" + "".join(f"{figures.recall[tag]:>10.4f}" for tag in TOLD))
    return "\n".join(lines)
