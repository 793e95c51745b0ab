"""The safe list: what may stay where a profile masks every other word.

Ordinary and clinical words, the words of labels, and numbers that are doses or results by the unit or the analyte
beside them. Never names: a word that is also a given name is on no list, nor is a frequent surname; capitals make a
name likelier, so what is written with one must be no surname of some frequency either. An eponym ("Foley") is a
surname and goes. The words come from `detectors/dictionaries/data`, whose README states source and licence of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.folding import fold, word_set
from detectors.labels.table import WORDS
from detectors.patterns.states import STATE_NAMES
from detectors.places.towns import is_large
from detectors.spans.merge import merge
from detectors.words.harmless import clinical_values, is_measure

LOWER_SURNAMES: Final = 1_000
"""An ordinary word in lower case is a name to be feared up to this rank among the surnames of the census: "cook"."""
CAPITAL_SURNAMES: Final = 10_000
"""The same with a capital. Each rarer surname is borne by less than one person in 100,000."""
_UNLISTED_SCORE: Final = 0.5
_GRAMMAR: Final = word_set(
    "a an and are as at be been but by can did do for from had has have he her him his i if in into is it its long low "
    "may me more most my no nor not of off old on or our out over she so than that the their them then there these "
    "they this to too under up upon us was we well were when which while who will with within without you young your"
)
"""Small words that are also surnames or given names: safe in lower case, where no list of names can do without them."""
_CALENDAR: Final = re.compile(
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)"
)
_OLD: Final = re.compile(r"ninet.*|.*hundred.*|cent?enarian|nonagenarian")
"""Ages over 89 in words."""
_STATE: Final = re.compile(rf"(?i:{STATE_NAMES})")
_CODE: Final = re.compile(r"(?!(?:Dr|Mr|Ms|Pt|MD|RN)$)[A-Z][A-Za-z]")
"""States, credentials, short surnames: nobody can tell them apart alone, but for the commonest titles."""
_CHUNK: Final = re.compile(r"\S+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{1,2}(?![^\W_]))?")
_PART: Final = re.compile(r"[^\W_]+(?:['’][^\W\d_]{1,2}(?![^\W_]))?")
_MARKS: Final = " .,;:!?'\"()[]{}‘’“”"
_ALPHANUMERIC: Final = re.compile(r"[^\W_]")


class _Chunk(NamedTuple):
    """What stands between two blanks: half-open character offsets, and the number of its line."""

    text: str
    line: int
    start: int


def unlisted(text: str) -> list[Span]:
    """Disjoint spans over all that is not on the safe list, in text order; between blanks all goes or nothing."""
    chunks = list(_chunks(text))
    values = clinical_values(chunks)
    return [
        Span(chunk.start, chunk.start + len(chunk.text), Kind.UNREADABLE, _UNLISTED_SCORE, Layer.DICTIONARY)
        for index, chunk in enumerate(chunks)
        if index not in values and not is_safe(chunk.text)
    ]


def strictly(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans, and with them all that is not on the safe list; disjoint, in text order."""
    return merge(text, [*spans, *unlisted(text)])


@lru_cache(maxsize=1 << 15)
def is_safe(text: str) -> bool:
    """Whether all that stands here may stay by itself: every part is a safe word, or the whole measures something."""
    if not _ALPHANUMERIC.search(text):
        return True
    bare = text.strip(_MARKS)
    if is_measure(bare) and not bare.istitle() and not _could_be_date(bare.strip("-–")):
        return True
    return all(_WORD.fullmatch(part) is not None and _is_safe_word(part) for part in _PART.findall(text))


def _is_safe_word(word: str) -> bool:
    key = fold(word)
    if not word.replace("’", "'").isascii() or not (lexicon.is_common_word(word) or key in WORDS):
        return False
    if word.islower() and key in _GRAMMAR:
        return True
    if lexicon.is_given_name(key) or len(key) < 2 or _tells_time_or_place(key):
        return False
    if not word.islower() and (lexicon.is_city(key) or _STATE.fullmatch(word) or _CODE.fullmatch(word)):
        return False
    rank = lexicon.surname_rank(key)
    return rank is None or rank > (LOWER_SURNAMES if word.islower() else CAPITAL_SURNAMES)


def _tells_time_or_place(key: str) -> bool:
    return is_large(key) or _CALENDAR.fullmatch(key) is not None or _OLD.fullmatch(key) is not None


def _could_be_date(text: str) -> bool:
    """A decimal that day and month could make."""
    day, dot, month = text.partition(".")
    return bool(dot) and len(text) <= 5 and month.isdigit() and day.isdigit() and len(month) == 2 and int(month) <= 31


def _chunks(text: str) -> Iterator[_Chunk]:
    for number, line in enumerate(re.finditer(r"[^\n]+", text)):
        for chunk in _CHUNK.finditer(text, line.start(), line.end()):
            yield _Chunk(chunk[0], number, chunk.start())
