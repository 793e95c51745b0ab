"""Simulated damage of recognition: letters for their likenesses, broken and glued words, lost and added marks."""

from __future__ import annotations

from enum import Enum
from random import Random
from typing import Final

from tests.eval.samples import Gold, Sample


class Strength(Enum):
    """Share of the characters that are damaged.

    On our scans the engine errs in .004 of the characters of clean ones and in about .012 of poor ones; three times
    as much is a page that validation withholds.
    """

    LIGHT = 0.004
    MIDDLE = 0.012
    HEAVY = 0.036


_LIKE: Final = {
    "0": "Oo", "O": "0Q", "o": "0c", "1": "lI|", "l": "1I|", "I": "l1|", "5": "S", "S": "5$", "8": "B", "B": "8",
    "6": "G", "G": "6", "2": "Z", "Z": "2", "e": "c", "c": "e", "a": "o", "h": "b", "b": "h", "u": "n", "n": "u",
    "i": "l", "t": "f", "f": "t", "v": "y", "y": "v", "g": "q", "9": "g", ",": ".", ".": ",", ":": ";", "-": "~",
    "3": "8", "7": "1", "4": "A", "E": "F", "D": "O", "C": "G", "R": "K", "M": "N", "/": "l", "s": "5",
}  # fmt: skip
_LIKE_TWO: Final = {"rn": "m", "m": "rn", "cl": "d", "d": "cl", "w": "vv", "li": "h", "vv": "w"}
_BREAK, _GLUE, _DROP, _SPECK = 0.08, 0.08, 0.06, 0.05
"""Of the damage, the share that opens a blank in a word, closes one, loses a character, adds a speck."""


def damaged(sample: Sample, strength: Strength, name: str) -> Sample:
    """The same text as an engine might read it; golds cover what became of theirs. Lines stay lines."""
    rng = Random(f"{name}/{sample.id}/{strength.name}")  # noqa: S311
    pieces: list[str] = []
    at: list[int] = []
    """For each character of the text, where what it became begins."""
    length = index = 0
    while index < len(sample.text):
        taken, piece = _read(sample.text, index, rng) if rng.random() < strength.value else (1, sample.text[index])
        at.extend([length] * taken)
        pieces.append(piece)
        length += len(piece)
        index += taken
    at.append(length)
    text = "".join(pieces)
    golds = []
    for gold in sample.golds:
        start, end = at[gold.start], max(at[gold.end], at[gold.start])
        if start < end:
            golds.append(Gold(start, end, gold.kind, gold.counts))
    return Sample(f"{name}/{sample.id.partition('/')[2]}", text, tuple(golds))


def _read(text: str, index: int, rng: Random) -> tuple[int, str]:
    """How many characters are taken, and what is read for them."""
    char = text[index]
    if char == "\n":
        return 1, char
    roll = rng.random()
    if char == " ":
        return 1, "" if roll < 0.5 else " "
    if roll < _BREAK:
        return 1, char + " "
    if roll < _BREAK + _GLUE and text[index + 1 : index + 2] == " ":
        return 2, char
    if roll < _BREAK + _GLUE + _DROP and not char.isalnum():
        return 1, ""
    if roll < _BREAK + _GLUE + _DROP + _SPECK:
        return 1, char + rng.choice("'.`,")
    for width in (2, 1):
        if text[index : index + width] in _LIKE_TWO and rng.random() < 0.5:
            return width, _LIKE_TWO[text[index : index + width]]
    return 1, rng.choice(_LIKE.get(char, char))
