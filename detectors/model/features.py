"""What the model sees of a text: tokens, and for each the numbers of its features.

An ordinary or clinical word is known by itself; every other word only by its shape, its ends, and what the name lists
say of it. So the model cannot learn names by heart: it learns where names stand and what they look like.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from detectors.dictionaries.lexicon import (
    fold,
    given_rank,
    is_city,
    is_clinical_word,
    is_trained_word,
    surname_rank,
    word_set,
)

Ids = npt.NDArray[np.int32]

TABLES: Final = {"word": 8192, "prefix": 2048, "suffix": 2048, "shape": 512, "listed": 256, "gap": 4}
"""Rows of each feature's table; row 0 stands for nothing: the edge of a text, or a feature left out in training."""
FEATURES: Final = len(TABLES)
EDGE: Final = 8
"""Tokens of nothing before and after a text: as far as the model looks."""

_TOKEN: Final = re.compile(r"[^\W_]{1,40}|\n\s*|(?P<mark>[^\w\s]|_)(?P=mark){0,99}")
_UNKNOWN, _MIXED, _FIRST_WORD = 1, 2, 3
_LARGE: Final = word_set(
    """
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas
    utah vermont virginia washington wisconsin wyoming america states kingdom canada china india japan germany france
    england britain ireland scotland wales spain italy portugal poland russia ukraine brazil argentina chile peru
    colombia cuba haiti jamaica egypt nigeria ghana kenya ethiopia somalia africa iran iraq israel turkey syria lebanon
    pakistan afghanistan bangladesh nepal vietnam thailand philippines indonesia malaysia korea australia zealand greece
    sweden norway denmark finland netherlands belgium switzerland austria hungary romania czech estonia latvia lithuania
    slovakia slovenia croatia serbia bulgaria iceland cyprus malta luxembourg europe asia guatemala honduras ecuador
    venezuela bolivia uruguay paraguay panama nicaragua salvador dominican puerto rico morocco algeria tunisia sudan
    uganda tanzania zimbabwe zambia cameroon senegal liberia congo angola yemen oman qatar jordan armenia albania
    bosnia macedonia montenegro kosovo moldova belarus kazakhstan uzbekistan mongolia taiwan singapore cambodia laos
    myanmar burma lanka fiji samoa guam trinidad tobago bahamas barbados belize guyana
    """
)


def tokens(text: str) -> list[tuple[int, int]]:
    """Half-open character offsets of words, runs of one mark, and line breaks."""
    return [match.span() for match in _TOKEN.finditer(text)]


def ids(text: str, spans: list[tuple[int, int]]) -> Ids:
    """Feature numbers, shape (EDGE + tokens + EDGE, FEATURES)."""
    found = np.zeros((len(spans) + 2 * EDGE, FEATURES), np.int32)
    if spans:
        found[EDGE:-EDGE, :-1] = [of_word(text[a:b]) for a, b in spans]
        found[:, -1] = gaps(spans)
    return found


def gaps(spans: list[tuple[int, int]]) -> Ids:
    """The feature of the gap before each token, of which there is one at least, and of the edges."""
    edges = np.fromiter(chain.from_iterable(spans), np.int32, 2 * len(spans))
    found = np.zeros(len(spans) + 2 * EDGE, np.int32)
    found[EDGE] = 1
    found[EDGE + 1 : -EDGE] = np.minimum(edges[2::2] - edges[1:-1:2], 2) + 1
    return found


@lru_cache(maxsize=1 << 14)
def of_word(token: str) -> tuple[int, int, int, int, int]:
    """Rows of word, prefix, suffix, shape and listed."""
    if token[0] == "\n":
        return _row("\n", "word", _FIRST_WORD), 0, 0, _row("\n", "shape"), 0
    if not token[0].isalnum():
        return _row(token[:2], "word", _FIRST_WORD), 0, 0, _row("." * len(token[:2]), "shape"), 0
    key = fold(token)
    shape = _row(_shape(token), "shape")
    if token.isdigit():
        return _row("#" + _magnitude(token), "word", _FIRST_WORD), 0, 0, shape, 0
    if not token.isalpha():
        return _MIXED, _row(key[:3], "prefix"), _row(key[-3:], "suffix"), shape, _listed(token)
    ordinary = is_trained_word(token) or is_clinical_word(token) or len(key) == 1
    word = _row(key, "word", _FIRST_WORD) if ordinary else _UNKNOWN
    return word, _row(key[:3], "prefix"), _row(key[-3:], "suffix"), shape, _listed(token)


def is_strange(token: str) -> bool:
    """Whether it is no ordinary word: of letters alone, or of letters and digits."""
    return of_word(token)[0] in (_UNKNOWN, _MIXED)


def _row(value: str, table: str, first: int = 1) -> int:
    return first + crc32(value.encode("utf-8", "replace")) % (TABLES[table] - first)


def _magnitude(digits: str) -> str:
    """Days, months and years apart from other numbers of as many digits."""
    if not digits.isascii() or len(digits) > 4:
        return str(min(len(digits), 12))
    value = int(digits)
    if len(digits) <= 2:
        return f"{len(digits)}{'m' if 0 < value <= 12 else 'd' if 0 < value <= 31 else ''}"
    return f"{len(digits)}{'y' if 1900 <= value <= 2099 else ''}"


def _shape(token: str) -> str:
    plain = token.isascii()
    shape = token[:12].translate(_SHAPES) if plain else "".join(map(_shape_of, token[:12]))
    return f"{_shortened(shape)}{min(len(token), 8)}{'' if plain else '´'}"


def _shape_of(char: str) -> str:
    return "0" if char.isdigit() else "X" if char.isupper() else "x"


_SHAPES: Final = {code: _shape_of(chr(code)) for code in range(128)}


@lru_cache(maxsize=1 << 10)
def _shortened(shape: str) -> str:
    """With no more than two of a kind in a row."""
    return re.sub(r"(.)\1{2,}", r"\1\1", shape)


def _listed(token: str) -> int:
    """What the lists say of a word, in one number."""
    given, surname, key = given_rank(token), surname_rank(token), fold(token)
    found = _bucket(given, 300, 1500) * 4 + _bucket(surname, 1000, 10_000)
    for says in (is_trained_word(token), is_clinical_word(token), is_city(token) or key in _LARGE):
        found = found * 2 + says
    return 1 + found + (128 - 1) * (key in _LARGE)


def _bucket(rank: int | None, high: int, middle: int) -> int:
    return 0 if rank is None else 1 if rank <= high else 2 if rank <= middle else 3
