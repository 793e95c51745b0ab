"""Whether a text layer says what the page shows, proven glyph by glyph for the price of reading a few words.

Every glyph belongs to a kind of glyphs that look alike (`glyphs`). A kind is proven where one of it looks like its
letter in a common face (`shapes`), or stands in a word that the engine, shown nothing but the pixels of that word,
reads as the layer says. A word is proven where all kinds in it are. So no glyph rests on a sample: each was read
itself, or looks like one that was. What is left to a liar are strokes that lie off by less than a pixel, and shapes
that an engine takes for another letter than a person does, with which he deceives every reading of a scan as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from rapidfuzz.distance import Levenshtein

from detectors.geometry import Box, Boxes
from detectors.pages import LayerState, Pixels, TextLayer
from detectors.reading.engines.engine import Engine
from detectors.reading.text_layer.glyphs import INVISIBLE, Seen, seen
from detectors.reading.text_layer.word_sheet import read_alone
from detectors.reading.text_layer.words import Ints, LayerGlyphs, in_reading_order

TINY_IN: Final = 3 / 72
"""Height of a glyph's cell, a type size of three points, under which print is not meant to be read."""
UNPROVEN_SHARE: Final = 0.15
"""Share of a layer's words that may stay unproven and be read one by one; of more the page is read whole."""
SURE: Final = 70.0
"""Confidence from which another reading of a word contradicts the layer, and is no failure of the engine."""
ANOTHER_WORD: Final = 0.5
"""Similarity under which two readings are of two words: an engine takes a letter in two for another at most."""
SECOND_SCALE: Final = 1.4
"""Words that were not read as told are shown again larger, among others: another view makes other mistakes."""
SECOND_WORDS: Final = 80
FEW: Final = 3
USUAL_LENGTH: Final = 6
"""Letters of a word that an engine reads best for its price."""
UNTOLD: Final = "\ufffd"
"""What a file says of a glyph that it does not map to Unicode: blanks are often left out of the map. What a word says
in whose cells lies more than its letters, too."""
_TWINS: Final = str.maketrans(
    {**dict.fromkeys("Il1|!¡", "l"), **dict.fromkeys("O0Qo", "o"), **dict(zip("CSVWXZKUP", "csvwxzkup", strict=True))}
)
"""Letters that are told apart by their size or not at all: no engine is sure of them, and no liar gains by them."""
_READ_FOR: Final = {
    "a": "4 d",
    "e": "6",
    "l": "t f i",
    "i": "l t f",
    "n": "fi h",
    "o": "6",
    "u": "ii ll ti it lt tl il li",
    "c": "g",
}
"""What the engine also makes of an accented letter, twins as one: two dots are read as strokes."""


@dataclass(frozen=True, slots=True)
class LayerWord:
    """A word as the layer has it: its ink lies in `box`, that of its letters in `glyphs`, in source
    pixels. What else `box` holds, as beside an initial many times as high as the rest, the layer says nothing of."""

    text: str = field(repr=False)
    box: Box
    line: int
    glyphs: Boxes | tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What of a layer holds, and the words of it that nothing bears out; both are empty unless the state is PROVEN."""

    state: LayerState
    words: tuple[LayerWord, ...] = ()
    unproven: tuple[LayerWord, ...] = ()


def prove(gray: Pixels, dpi: float, layer: TextLayer, engine: Engine) -> Proof:
    """Holds the layer against the page (height, width). Raises RedoubtError(READER_FAILED)."""
    if layer.scanned:
        return Proof(LayerState.UNDER_SCAN)
    glyphs = in_reading_order(layer)
    if not len(glyphs):
        return Proof(LayerState.NONE)
    found = seen(gray, glyphs)
    hidden = _hidden(glyphs, found.kinds, gray, dpi)
    if hidden is not None:
        return Proof(hidden)
    words = _words(glyphs, found)
    proven, lied = _read(gray, dpi, [c for c in words if not c.kinds & found.overfull], found.known, engine)
    if lied:
        return Proof(LayerState.CONTRADICTED)
    holds = [claim.clear and claim.kinds <= proven for claim in words]
    if sum(holds) < (1 - UNPROVEN_SHARE) * len(words):
        return Proof(LayerState.UNPROVEN)
    borne_out = tuple(claim.word for claim, held in zip(words, holds, strict=True) if held)
    # Of a cell that holds more, an engine reads the large letter and is sure of it: no reading clears the place.
    unproven = (
        c.word if c.clear else replace(c.word, text=UNTOLD) for c, held in zip(words, holds, strict=True) if not held
    )
    return Proof(LayerState.PROVEN, borne_out, tuple(unproven))


@dataclass(frozen=True, slots=True)
class _Claim:
    """A word with the kinds of its glyphs, and whether nothing but they shows in their cells."""

    word: LayerWord
    kinds: frozenset[int]
    clear: bool

    @property
    def text(self) -> str:
        return self.word.text

    @property
    def box(self) -> Box:
        return self.word.box


def _hidden(glyphs: LayerGlyphs, found: Ints, gray: Pixels, dpi: float) -> LayerState | None:
    """Why glyphs cannot be seen; None where all can be."""
    cells = glyphs.cells
    if float((cells[:, 3] - cells[:, 1]).min()) < TINY_IN * dpi:
        return LayerState.TINY
    middle = (cells[:, :2] + cells[:, 2:]) / 2
    if ((middle < 0) | (middle >= gray.shape[::-1])).any():
        return LayerState.OUTSIDE
    unseen = np.flatnonzero(found == INVISIBLE).tolist()
    return LayerState.INVISIBLE if any(glyphs.texts[index] != UNTOLD for index in unseen) else None


def _words(glyphs: LayerGlyphs, found: Seen) -> list[_Claim]:
    """The words in reading order, each with the box of its ink."""
    starts = np.flatnonzero(np.diff(glyphs.words, prepend=-1))
    low = np.minimum.reduceat(found.ink[:, :2], starts, axis=0).tolist()
    high = np.maximum.reduceat(found.ink[:, 2:], starts, axis=0).tolist()
    numbers, lines = found.kinds.tolist(), glyphs.lines.tolist()
    ends = [*starts.tolist()[1:], len(glyphs)]
    sides = found.ink.astype(np.intc)
    words = []
    for a, b, first, last in zip(starts.tolist(), ends, low, high, strict=True):
        kinds = frozenset(numbers[a:b])
        visible = [i for i in range(a, b) if numbers[i] != INVISIBLE] if INVISIBLE in kinds else slice(a, b)
        inked = Boxes(sides[visible].tobytes())
        clear = kinds.isdisjoint(found.overfull) and glyphs.covered.isdisjoint(range(a, b))
        words.append(_Claim(LayerWord("".join(glyphs.texts[a:b]), Box(*first, *last), lines[a], inked), kinds, clear))
    return words


def _read(
    gray: Pixels, dpi: float, words: Sequence[_Claim], known: frozenset[int], engine: Engine
) -> tuple[set[int], bool]:
    """The kinds that are proven, those known among them, and whether the engine was sure, twice, that a word says
    something else."""
    proven = set(known)

    def look(chosen: Sequence[int], scale: float) -> set[int]:
        """Proves what is read as told; returns the words of which the engine is sure that they say something else."""
        denied: set[int] = set()
        read = read_alone([words[i].box for i in chosen], gray, dpi, scale, engine)
        for index, (text, confidence) in zip(chosen, read, strict=True):
            if agrees(words[index].text, text):
                proven.update(words[index].kinds)
            elif confidence >= SURE and contradicts(words[index].text, text):
                denied.add(index)
        return denied

    denied = look(_covering(words, proven), 1.0)
    few = _few(words, proven, denied)
    again = look(few, SECOND_SCALE)
    again |= look([index for index in _with_any(words, proven) if index not in few], SECOND_SCALE)
    return proven, any(words[index].kinds - proven for index in denied & again)


def _few(words: Sequence[_Claim], proven: set[int], denied: set[int]) -> list[int]:
    """Of the words that hold a kind that is not proven those that were `denied`, and some of each kind: mostly they
    are read better than the one that was shown first, and the many others need not be shown."""
    holders: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        for kind in word.kinds - proven:
            holders.setdefault(kind, []).append(index)
    chosen = {index for index in denied if words[index].kinds - proven}
    for held in holders.values():
        chosen |= set(sorted(held, key=lambda i: (abs(len(words[i].text) - USUAL_LENGTH), i))[:FEW])
    return sorted(chosen)


def _with_any(words: Sequence[_Claim], proven: set[int]) -> list[int]:
    """The words that hold a kind that is not proven; so many of them at most."""
    return [index for index, word in enumerate(words) if word.kinds - proven][:SECOND_WORDS]


def _covering(words: Sequence[_Claim], proven: set[int]) -> list[int]:
    """Few words that hold every kind that is not proven, in reading order: those of the rarest kinds first."""
    count = Counter(kind for word in words for kind in word.kinds if kind not in proven)
    holders: dict[int, list[int]] = {kind: [] for kind in count}
    for index, word in enumerate(words):
        for kind in word.kinds - proven:
            holders[kind].append(index)
    left = set(count)
    chosen: set[int] = set()
    for kind, _ in sorted(count.items(), key=lambda item: (item[1], item[0])):
        if kind in left:
            best = max(holders[kind], key=lambda i: (len(words[i].kinds & left), -len(words[i].text), -i))
            chosen.add(best)
            left -= words[best].kinds
    return sorted(chosen)


def agrees(told: str, read: str) -> bool:
    """Whether an engine's reading bears out what a layer tells: letter for letter and digit for digit.

    English models read an accented letter as the plain one, or as two that look like it.
    """
    letters = _letters(told)
    if not letters:
        return bool(read) and not _letters(read)
    theirs = _letters(read)
    return letters == theirs or (not told.isascii() and re.fullmatch(_accented(told), theirs) is not None)


def contradicts(told: str, read: str) -> bool:
    """Whether a reading is of another word or number, and not of the same one with a letter misread."""
    ours, theirs = _letters(told), _letters(read)
    numbers = [[c for c in letters if c.isdigit()] for letters in (ours, theirs)]
    other = all(numbers) and len(numbers[0]) == len(numbers[1]) and numbers[0] != numbers[1]
    return bool(theirs) and (other or Levenshtein.normalized_similarity(ours, theirs) < ANOTHER_WORD)


def _accented(told: str) -> str:
    """A pattern of what an engine may read for a word with accents."""
    parts = []
    for character in told:
        plain = _letters(character)
        others = "" if character.isascii() else _READ_FOR.get(plain.lower(), "")
        parts.append(f"(?:{'|'.join([re.escape(plain), *others.split()])})" if others else re.escape(plain))
    return "".join(parts)


def _letters(text: str) -> str:
    """Letters and digits without accents, twins as one."""
    plain = (c for c in unicodedata.normalize("NFKD", text) if c.isalnum() or c in "|!¡")
    return "".join(plain).translate(_TWINS)
