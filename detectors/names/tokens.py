"""Words of a text with what the name rules ask of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’`\-](?=[^\W\d_])){0,40}\.?|\n|(?P<mark>[^\w\s])(?P=mark){0,99}|\S")
_CLOSE = 3
"""Blanks between two words of one name: an engine may see two or three where one was printed."""
PARTICLES = word_set(
    """
    de la las los del della di da das dos do du van der den ter ten von zu zur bin ibn al el le lo san santa st st.
    y e af av
    """
)
COMMON_GIVEN, COMMON_SURNAME = 1200, 4000
"""Up to these ranks an ordinary word is believed to be a name too, given company that says so."""


class Word(NamedTuple):
    """A tuple, for a page has hundreds.

    `text` without a closing full stop; `weight` says how much the word itself speaks for a name, 0 to 2.
    """

    text: str
    start: int
    end: int
    dotted: bool
    near: bool
    """Whether it stands close to the word before it, on the same line."""
    fresh_line: bool
    low: str
    """`text` in lower case."""
    shape: str
    capital: bool
    is_initial: bool

    @property
    def given(self) -> int | None:
        return facts(self.text).given

    @property
    def surname(self) -> int | None:
        return facts(self.text).surname

    @property
    def common(self) -> bool:
        return facts(self.text).common

    @property
    def weight(self) -> float:
        return facts(self.text).weight if self.capital else 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    given: int | None
    surname: int | None
    common: bool
    weight: float


@lru_cache(maxsize=1 << 15)
def facts(text: str) -> Facts:
    """What the lexicons know of a word, kept for the next time it is met."""
    given, surname, common = given_rank(text), surname_rank(text), is_common_word(text)
    if common:
        known = (given or 1 << 30) <= COMMON_GIVEN or (surname or 1 << 30) <= COMMON_SURNAME
        weight = 1.0 if known else 0.0
        if known and is_clinical_word(text) and not given:
            weight = 0.8
    elif given or surname:
        weight = 2.0
    else:
        weight = 1.5 if len(text) > 1 else 0.0
    return Facts(given, surname, common, weight)


def _shape(text: str) -> str:
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return "none"
    if text[0].isupper() or text[:1] in "01":
        upper = sum(c.isupper() for c in letters)
        if len(letters) > 1 and upper == len(letters):
            return "UPPER"
        # McDonald and O'Brien carry a second capital; "pH" and "mRNA" do not begin with one.
        return "Title" if upper <= 1 + len(letters) // 4 or "-" in text or "'" in text or "’" in text else "mixed"
    return "lower"


_new = tuple.__new__
"""Named fields are checked by name; a page has hundreds of words, and here they are as they should be."""


def words(text: str) -> Iterator[Word]:
    """Words and single punctuation marks, in order."""
    end, fresh = 0, True
    for hit in _WORD.finditer(text):
        piece = hit[0]
        start, after = hit.span()
        if piece == "\n":
            fresh, end = True, after
            continue
        plain, dotted, low, shape, capital, is_initial = _looks(piece)
        near = not fresh and start - end <= _CLOSE
        yield _new(Word, (plain, start, start + len(plain), dotted, near, fresh, low, shape, capital, is_initial))
        end, fresh = after, False


@lru_cache(maxsize=1 << 15)
def _looks(piece: str) -> tuple[str, bool, str, str, bool, bool]:
    """Of a word as it stands: all that a `Word` says of it but where it stands."""
    dotted = len(piece) > 1 and piece.endswith(".")
    plain = piece[:-1] if dotted else piece
    shape = _shape(plain)
    is_initial = len(plain) == 1 and plain.isalpha() and plain.isupper()
    return plain, dotted, plain.lower(), shape, shape in ("Title", "UPPER"), is_initial
