"""Names in display type: large words, far paler than the page's print, that are no words of a language or a form. A
practice's mark is printed so, and no sentence or label tells that it is a name."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word
from detectors.folding import fold
from detectors.labels.table import WORDS
from detectors.levels import level_at
from detectors.pages import Pixels, Word

_LARGE: Final = 1.5
"""Heights of the page's usual word."""
_PALER: Final = 60
"""Gray levels by which its ink is lighter than the page's; a heading is as black as its text, and on poor copies
blacker."""
_INK: Final = 5
"""Percentile of the levels in a word's box that is its ink."""
_LETTERS: Final = 4
_LEAST_WORDS: Final = 8
"""Fewer words have no usual one."""
_EDGES: Final = ".,;:'\"&®™"


def logos(gray: Pixels, words: Sequence[Word]) -> list[Word]:
    """The words of the page, gray (height, width), that are such names."""
    if len(words) < _LEAST_WORDS:
        return []
    least = _LARGE * median(word.region.bounds.height for word in words)
    large = [word for word in words if word.region.bounds.height >= least and _may_be_a_name(word.text)]
    if not large:
        return []
    usual = median(_ink(gray, word) for word in words)
    return [word for word in large if _ink(gray, word) >= usual + _PALER]


def _may_be_a_name(text: str) -> bool:
    bare = text.strip(_EDGES)
    word = fold(bare)
    named = len(word) >= _LETTERS and bare[0].isupper() and bare.replace("-", "").isalpha()
    return named and not (word in WORDS or is_common_word(word) or is_clinical_word(word))


def _ink(gray: Pixels, word: Word) -> float:
    box = word.region.bounds.clipped(gray.shape[1], gray.shape[0])
    return 255.0 if box is None else level_at(gray[box.top : box.bottom, box.left : box.right], _INK)
