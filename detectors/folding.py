"""Text as it is compared: no case, accents or separators, and what OCR confuses made equal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

TOKEN: Final = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
"""A word: letters and digits, with apostrophes inside. Hyphens part words, so a compound name is found by halves."""

_NO_WORD: Final = re.compile(r"[\W_]+")
_FOLDING: Final = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f]")
"""Letters and digits that fold one to one, and any character that may not."""

# What Tesseract takes for one another in digit strings; both sides of a comparison go through it.
_AS_DIGIT: Final = str.maketrans("OQDILSBZG", "000115826")
# The same for names, digits and look-alike letters to one letter.
_AS_LETTER: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "6": "g", "|": "l"})


def word_set(words: str, separator: str | None = None) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(words.split(separator))


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char == "ı":
        return "i"  # as its capital folds, which is an I like any other
    return "".join(c for c in unicodedata.normalize("NFKD", char).casefold() if c.isalnum())


def fold(text: str) -> str:
    """Letters and digits only, casefolded, accents off."""
    if text.isascii():
        return text.lower() if text.isalnum() else _NO_WORD.sub("", text).lower()
    return "".join(map(_fold_char, text))


def fold_word(word: str) -> str:
    """As `fold`, with the possessive taken off ("Smith's" is "smith")."""
    if len(word) > 3 and word[-1] in "sS" and word[-2] in "'’`":
        word = word[:-2]
    return fold(word)


def as_id(text: str) -> str:
    """A number or code in comparable form: separators gone, O as 0, I and L as 1, S as 5, B as 8, Z as 2, G as 6."""
    return fold(text).upper().translate(_AS_DIGIT)


def as_name(word: str) -> str:
    """A name in comparable form after damage: i, l and 1 alike, o and 0, m and rn, w and vv."""
    return fold_word(word).translate(_AS_LETTER).replace("rn", "m").replace("vv", "w")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text at half-open character offsets, with its folded form."""

    text: str
    start: int
    end: int
    folded: str


def tokens(text: str) -> list[Token]:
    return [Token(m[0], m.start(), m.end(), fold_word(m[0])) for m in TOKEN.finditer(text)]


@dataclass(frozen=True, slots=True)
class IdText:
    """A text in `as_id` form, and where each of its characters stands in the original."""

    folded: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> IdText:
        folded: list[str] = []
        at: list[int] = []
        for run in _FOLDING.finditer(text):
            if (letters := run[0]).isascii():
                folded.append(letters.upper().translate(_AS_DIGIT))
                at += range(*run.span())
                continue
            for c in _fold_char(letters):
                folded.append(c.upper().translate(_AS_DIGIT)[:1])
                at.append(run.start())
        return cls("".join(folded), tuple(at))

    def occurrences(self, text: str, value: str) -> list[tuple[int, int]]:
        """Half-open offsets in `text` (the original) where the folded `value` stands, separators allowed inside.

        Values under seven characters must stand alone: no letter or digit may touch them. Separators inside are at
        most four characters long, so that a value is not glued together from far places.
        """
        found = []
        index = self.folded.find(value)
        while index >= 0:
            start, end = self.at[index], self.at[index + len(value) - 1] + 1
            if self._holds(text, value, index, start, end):
                found.append((start, end))
            index = self.folded.find(value, index + 1)
        return found

    def _holds(self, text: str, value: str, index: int, start: int, end: int) -> bool:
        steps = self.at[index : index + len(value)]
        if any(b - a > _MAX_SEPARATOR for a, b in pairwise(steps)):
            return False
        raw = text[start:end]
        # Letters count as digits above; a run of plain letters must not pass for a number.
        wanted = sum(c.isdigit() for c in value)
        if wanted * 2 > len(value) and sum(c.isdigit() for c in raw) * 2 < wanted:
            return False
        touched = (start > 0 and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum())
        return not touched or len(value) >= _FREE_LENGTH


_MAX_SEPARATOR: Final = 5
"""Offsets between two neighbouring characters of an id: up to four separators, as in `(555) - 123`."""
_FREE_LENGTH: Final = 7
"""From seven characters on a chance hit inside a longer number is rarer than a number glued to a word by OCR."""
