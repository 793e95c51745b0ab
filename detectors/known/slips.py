"""Whether one text may be another as an engine misread it, likeness for letter: what tells a damaged value of the
patient's from somebody else's that is nearly the same.

A figure that became another figure is no slip here: numbers given one after the other, those of twins and of the next
patient, differ by just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from detectors.folding import fold

_ALIKE: Final = (
    "0oqdc", "1iltj", "2z", "3e", "4a", "5s", "6gb", "7tz", "8b", "9gq",
    "ecoa", "hb", "nu", "nmh", "tflr", "vyu", "wv", "gqy", "do", "cg", "rk", "ef", "pf", "kx",
)  # fmt: skip
"""Shapes of print that are taken for one another, in either case."""
_PAIRS: Final = frozenset(
    (a, b) for group in _ALIKE for a in group for b in group if a != b and not (a.isdigit() and b.isdigit())
)
_TWO: Final = {"m": ("rn", "nn", "in"), "d": ("cl", "ol"), "w": ("vv", "uu"), "h": ("li", "ii"), "n": ("ri",),
               "u": ("ii",), "b": ("lo",)}  # fmt: skip
"""One shape for two that touch, or two for one."""
_THIN: Final = "ilj"
"""Lost beside a stronger stroke, or made of a speck."""
_MARKS: Final = str.maketrans("|!$&£", "lls8e")
_LETTERS_A_SLIP: Final = 8
_MOST: Final = 3
_MIN_LEFT: Final = 3
"""Letters that an engine knows, for each that it does not."""


def comparable(text: str) -> str:
    """Letters and figures, casefolded, without accents; all else goes."""
    return fold(text.translate(_MARKS))


def misread(read: str, listed: str) -> bool:
    """Whether `read`, in comparable form, is `listed` with at most one slip for every eight characters begun."""
    most = _allowed(listed)
    return abs(len(read) - len(listed)) <= most and _fits(read, listed, most)


def foreign_shape(name: str) -> re.Pattern[str] | None:
    """What a part of a name with letters outside the engine's alphabet reads: one letter or two for each of those.

    None where it has none, or where so many go that the shape would be anybody's.
    """
    foreign = sum(not c.isascii() for c in name if c.isalpha())
    if not foreign or len(name) - foreign < _MIN_LEFT * foreign:
        return None
    return re.compile("".join("[a-z0-9]{1,2}" if not c.isascii() else re.escape(fold(c)) for c in name))


def figures_misread(read: str, listed: str) -> bool:
    """Whether all that differs are letters in the place of figures.

    A letter that became another letter may be another unit's or another plan's number, and one that became a figure a
    number of figures alone, of which there are most: of the next patient, or of the house next door.
    """
    return len(read) == len(listed) and all(
        a == b or (b.isdigit() and not a.isdigit() and (a, b) in _PAIRS) for a, b in zip(read, listed, strict=True)
    )


def misread_words(read: str, listed: Sequence[str]) -> bool:
    """Whether `read` is so some of the `listed` words in their order, whole ones; a number that opens them, figure by
    figure: next door is another's."""
    for first in range(len(listed)):
        number = len(listed[first]) if listed[first][:1].isdigit() else 0
        run = ""
        for word in listed[first:]:
            run += word
            if len(run) > len(read) + _MOST:
                break
            if figures_misread(read[:number], run[:number]) and misread(read[number:], run[number:]):
                return True
    return False


def _allowed(value: str) -> int:
    return min(_MOST, 1 + (len(value) - 1) // _LETTERS_A_SLIP)


def _fits(read: str, listed: str, left: int) -> bool:
    """Whether `left` slips make the one of the other."""
    same = next((i for i, (a, b) in enumerate(zip(read, listed, strict=False)) if a != b), min(len(read), len(listed)))
    read, listed = read[same:], listed[same:]
    if not read and not listed:
        return True
    return left > 0 and any(_fits(read[a:], listed[b:], left - 1) for a, b in _slips(read, listed))


def _slips(read: str, listed: str) -> Iterator[tuple[int, int]]:
    """How many characters of each the first slip may take."""
    if read and listed and (read[0], listed[0]) in _PAIRS:
        yield 1, 1
    if read[:2] in _TWO.get(listed[:1], ()):
        yield 2, 1
    if listed[:2] in _TWO.get(read[:1], ()):
        yield 1, 2
    if listed[:1] and listed[0] in _THIN:
        yield 0, 1
    if read[:1] and read[0] in _THIN:
        yield 1, 0
