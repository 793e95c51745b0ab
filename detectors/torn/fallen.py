"""Values that fell apart into words of which each is harmless: no rule sees them, and an engine is sure of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word
from detectors.folding import fold
from detectors.pages import Word
from detectors.torn.rows import GAP, gap

_BLANK: Final = 1.3
"""Heights of the line between two groups of a number, as boxes of figures are low."""
_FOURS: Final = 4
"""Groups of four figures that a card's number has; with one figure misread its check sum fails."""
_FOUR: Final = re.compile(r"\W?\d{4}\W?")
_HOST: Final = re.compile(r"(?=.{5})[\w-]+(?:\.[\w-]+)*[.,]|(?=.{6})[a-z][a-z\d-]+(?:\.[a-z\d-]+)*")
"""Before the end that lost it the stop may be lost, too."""
_WWW: Final = re.compile(r"[wvyue]{2,4}\W?")
_DOMAIN: Final = re.compile(r"(?:com|net|org|edu|gov)(?:/\S*)?[.,;]?")


def numbers(words: Sequence[Word]) -> frozenset[int]:
    """Indices of the words of four groups of four figures in a row."""
    found: set[int] = set()
    run: list[int] = []
    for at, word in enumerate(words):
        goes_on = bool(run) and gap(words[run[-1]], word) <= _BLANK
        run = [*(run if goes_on else []), at] if _FOUR.fullmatch(word.text) else []
        if len(run) >= _FOURS:
            found.update(run)
    return frozenset(found)


def addresses(words: Sequence[Word]) -> frozenset[int]:
    """Indices of the words of an address whose end stands apart: "recordsmed. net", "wew recordsmed com"."""
    found: set[int] = set()
    for at, (host, end) in enumerate(pairwise(words)):
        if (
            _DOMAIN.fullmatch(end.text)
            and _HOST.fullmatch(host.text)
            and gap(host, end) <= GAP
            and not is_common_word(fold(host.text))
            and not is_clinical_word(fold(host.text))
        ):
            opens = at and _WWW.fullmatch(words[at - 1].text) and gap(words[at - 1], host) <= GAP
            found.update((at - 1, at, at + 1) if opens else (at, at + 1))
    return frozenset(found)
