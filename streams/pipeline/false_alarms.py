"""Guesses of the attacker that our own reading of the same word settles."""

from __future__ import annotations

from typing import Final

from detectors.dictionaries import lexicon
from detectors.errors import Reason
from detectors.findings import Kind
from detectors.folding import fold
from detectors.pages import PageReading, Word
from policies.attack.report import Residual
from streams.pipeline.secrecy import words_at

SURE_FROM: Final = 90.0
"""Confidence from which a common word is what it was read as. The attacker reads at another scale, where it takes
slips in small print for names: of 151 such guesses on poor and degraded pages 6 lay on an identifier, and of the 79
that this settles none but for two that touched one on the line beside."""
ACROSS: Final = 0.7
"""Share of the guess's width that such words take: what we did not read beside them may be the name."""
_EDGES: Final = ".,;:()"


def is_false_alarm(residual: Residual, reading: PageReading) -> bool:
    """Whether a guess at a name stands where our own reading is sure of common words, and nowhere else.

    Only guesses: what a rule or a known value proves counts whatever we have read.
    """
    if residual.certain or residual.kind is not Kind.PERSON or residual.reason is not Reason.RESIDUAL_FINDING:
        return False
    words = [reading.words[index] for index in words_at(residual, reading)]
    if not all(word.confidence >= SURE_FROM and _names_nobody(word) for word in words):
        return False
    place = residual.region.bounds
    read = sum(max(0, min(w.region.bounds.right, place.right) - max(w.region.bounds.left, place.left)) for w in words)
    return read >= ACROSS * place.width


def _names_nobody(word: Word) -> bool:
    """In small letters too a name is a name: "hope", "banks"."""
    bare = word.text.strip(_EDGES)
    folded = fold(bare)
    if not bare.isalpha() or not lexicon.is_common_word(folded):
        return False
    return not (lexicon.is_given_name(folded) or lexicon.is_surname(folded))
