"""Guesses of the attacker that our own reading of the same word settles."""

from __future__ import annotations

from typing import Final

from detectors.dictionaries import lexicon
from detectors.errors import Reason
from detectors.findings import Kind
from detectors.folding import fold
from detectors.pages import PageReading, Word
from detectors.words.harmless import is_furniture
from policies.attack.report import Residual
from streams.pipeline.secrecy import words_at

SURE_FROM: Final = 90.0
"""Confidence from which a common word is what it was read as. The attacker reads at another scale, where it takes
slips in small print for names: of 151 such guesses on poor and degraded pages 6 lay on an identifier, and of the 79
that this settles none but for two that touched one on the line beside."""
_EDGES: Final = ".,;:()"


def is_false_alarm(residual: Residual, reading: PageReading) -> bool:
    """Whether a guess at a name stands where our own reading is sure of common words, and nowhere else.

    Only guesses: what a rule or a known value proves counts whatever we have read.
    """
    if residual.certain or residual.kind is not Kind.PERSON or residual.reason is not Reason.RESIDUAL_FINDING:
        return False
    words = [reading.words[index] for index in words_at(residual, reading)]
    return bool(words) and all(word.confidence >= SURE_FROM and _names_nobody(word) for word in words)


def _names_nobody(word: Word) -> bool:
    bare = word.text.strip(_EDGES)
    return is_furniture(word.text) or (bare.isalpha() and bare.islower() and lexicon.is_common_word(fold(bare)))
