"""Words that the engine could not read well enough for anyone to say that they are harmless."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from detectors.dictionaries import lexicon
from detectors.folding import fold
from detectors.pages import PageReading, Word
from detectors.words.harmless import clinical_values, is_furniture, is_measure, page_counts, pronouns

UNREADABLE_UNDER: Final = 30.0
"""Confidence under which a word is burned unseen. Measured in the spike: recall .989 to .998 on hard scans, no clean
word lost (what the engine reads so badly nobody counts as readable)."""
DOUBTFUL_UNDER: Final = 60.0
"""Under this a word is burned when it holds a digit or a capital, as identifiers do, or a sign that a letter may have
become; cost .002 of the words."""
UNKNOWN_UNDER: Final = 50.0
"""Under this a word is burned when it is no common one."""
NAME_UNDER: Final = 70.0
"""The same for a capitalised word that is no common one: of these, half were parts of names on our poor scans."""
NUMBER_UNDER: Final = 80.0
"""The same for two digits and more: a misread digit hides a number from every rule that checks it, and of the numbers
read so half were identifiers."""
BESIDE_UNDER: Final = 85.0
"""The same for words next to a burned one on their line: damage and identifiers both run over several words."""
JOINED: Final = (-0.3, 0.1)
"""Heights between two words that have no blank between them: an engine took one value apart. It burns 6 words more of
4,700 on 32 poor forms, a name and a facility's among them, and three that were misread."""


def unreadable(word: Word) -> bool:
    """Whether the word burns by itself, its neighbours left aside."""
    if word.confidence < UNREADABLE_UNDER:
        return True
    if is_measure(word.text) or is_furniture(word.text):
        return False
    if word.confidence < DOUBTFUL_UNDER and not (word.text.islower() and word.text.isalpha()):
        return True
    if word.confidence < NUMBER_UNDER and sum(c.isdigit() for c in word.text) >= 2:
        return True
    limit = NAME_UNDER if word.text[0].isupper() else UNKNOWN_UNDER
    return word.confidence < limit and not lexicon.is_common_word(fold(word.text))


def doubtful(reading: PageReading) -> frozenset[int]:
    """Indices of the words that burn, and of those beside them that share the doubt."""
    words = reading.words
    if not any(word.confidence < NUMBER_UNDER for word in words):
        return frozenset()
    clinical = clinical_values(words) | page_counts(words) | pronouns(words)
    found = {
        index
        for index, word in enumerate(words)
        if unreadable(word) and (word.confidence < UNREADABLE_UNDER or index not in clinical)
    }
    order = range(len(words))
    for forward in (True, False):
        for a, b in pairwise(order if forward else reversed(order)):
            if a not in found or b in clinical or words[a].line != words[b].line:
                continue
            if _shares(words[a], words[b]) or _joined(words[a], words[b]):
                found.add(b)
    return frozenset(found)


def _shares(burned: Word, word: Word) -> bool:
    telling = any(c.isdigit() or c.isupper() for c in burned.text)
    return (
        telling
        and word.confidence < BESIDE_UNDER
        and not is_measure(word.text)
        and not is_furniture(word.text)
        and any(c.isdigit() or c.isupper() for c in word.text)
    )


def _joined(burned: Word, word: Word) -> bool:
    if is_measure(word.text) or is_furniture(word.text):
        return False
    first, second = sorted((burned, word), key=lambda one: one.start)
    (left, top), (right, low) = first.region.corners[:2]
    x, y = second.region.corners[0]
    along = math.dist((left, top), (right, low))
    gap = ((x - right) * (right - left) + (y - low) * (low - top)) / max(along, 1.0)
    least, most = JOINED
    return least <= gap / max(min(_height(first), _height(second)), 1.0) <= most


def _height(word: Word) -> float:
    return math.dist(word.region.corners[0], word.region.corners[3])
