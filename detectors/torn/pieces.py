"""Letters and figures that stand beside or between the found pieces of a name, an address, a number or a date.

An engine reads "O." as "0.", tears a number in two, and takes a point of the compass for a word of its own. Surely read
or not, what such a sign is tells the piece that it touches: a letter beside a name is its initial, beside anything else
it may be a vitamin's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word
from detectors.findings import Kind
from detectors.folding import fold, word_set
from detectors.names.dotted import is_surname_behind
from detectors.pages import Word
from detectors.torn.rows import touching
from detectors.words.harmless import is_measure

SURE_FROM: Final = 90.0
"""Confidence from which a lone sign or letter is what it was read as."""
TORN: Final = 0.32
"""Heights of the line between the parts of a number that an engine tore; nine in ten blanks are wider."""
_INITIAL: Final = re.compile(r"[^\W_a-z][.,:;]?")
"""A capital, or the figure that an engine made of one, with its stop or what was read for it."""
_STOPPED: Final = re.compile(r"[^\W\d_a-z][.:]|0[.,:]")
"""The same where nothing but its stop tells it from a grade or a number of a list: a round O is no number."""
_NUMBERED: Final = re.compile(r"[1258][.,:]")
"""An I, a Z, an S or a B; where a line begins, the number of a list."""
_LAST: Final = re.compile(r"[B-HJ-Z],?")
"""The initial of a surname; an A is an article, an I a pronoun or a number."""
_SURNAME: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*[.,;:]?")
_ALONE: Final = re.compile(r"[^\W\d_a-z]\.?")
_THINGS: Final = word_set(
    "vitamin vitamins vit hepatitis hep grade type class stage factor group influenza protein figure part plan table "
    "section phase level category lead bipolar complex coenzyme"
)
"""What has a letter or a number behind it for a name of its own."""
COMPASS: Final = re.compile(r"(?:N|S|E|W|NE|NW|SE|SW)[.,:]{0,2}")
_ORDINAL: Final = re.compile(r"\d{1,3}(?:st|nd|rd|th),?")
_ROAD_ENDS: Final = re.compile(
    r"(?:St|Ave|Rd|Blvd|Ln|Hwy|Pkwy|Dr|Ct|Pl|Way|Ter|Terrace|Cir|Sq|Loop|Trl|Place|Lane)\.?,"
)
_UNIT: Final = re.compile(r"(?i:apartment|apt|suite|ste|unit|floor|fl|room|rm|lot|building|bldg)\.?|#")
_UNIT_NUMBER: Final = re.compile(r"#?(?:\d{1,5}[A-Za-z]?|[A-Z]\d{0,4})[.,;]?")
_HOUSE: Final = re.compile(r"\d{1,6}[A-Z]?")
_SCRAP: Final = re.compile(r"[^\w\s]?[^\W_a-z][^\w\s]?")
_SCRAP_OF_TWO: Final = re.compile(r"\w\d|\d\w")
_WHOLE: Final = frozenset({Kind.DATE, Kind.BIRTH_DATE, Kind.ZIP, Kind.AGE, Kind.AGE_OVER_89})
"""Kinds of which an engine's pieces are known by their shape."""
_BEHIND_STREET: Final = frozenset({Kind.CITY, Kind.PERSON, Kind.FACILITY, Kind.UNREADABLE})
_PART: Final = re.compile(r"[A-Za-z\d]*\d[A-Za-z\d]*[.,;]?")
_PARTS: Final = ":-/"
"""Signs between the parts of a number that stay with the first of them."""
MONTHS: Final = word_set(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov "
    "november dec december"
)
_DAY_OF: Final = re.compile(r"\d{1,2},")
_YEAR: Final = re.compile(r"(?:19|20)\d\d[.,;:]?")
_MISREAD_YEAR: Final = re.compile(r"[12]\d{3}[.,;:]?")
"""Behind a month that burns."""


def is_piece(words: Sequence[Word], at: int, kind: Kind, *, before: bool) -> bool:
    """Whether the word is a piece of the found one of this kind that it touches; `before` says that it stands in front
    of it."""
    word, found = words[at], words[at + 1 if before else at - 1]
    if _torn(found, word, kind):
        return True
    if kind is Kind.PERSON:
        return _leads(words, at) if before else _follows(words, at) or _is_behind_initials(words, at)
    if kind is Kind.STREET and (COMPASS.fullmatch(word.text) or _ORDINAL.fullmatch(word.text)):
        return True
    if before:
        first = at == 0 or words[at - 1].line != word.line
        return first and kind in _BEHIND_STREET and _ROAD_ENDS.fullmatch(word.text) is not None
    return _is_year(found, word)


def unit(words: Sequence[Word], at: int, kind: Kind) -> tuple[int, ...]:
    """The word and the next, where they are the unit behind a street: "Apt 4B"."""
    if kind is not Kind.STREET or at + 1 == len(words) or not _UNIT.fullmatch(words[at].text):
        return ()
    told = words[at + 1]
    return (at, at + 1) if touching(words[at], told) and _UNIT_NUMBER.fullmatch(told.text) else ()


def is_enclosed(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> bool:
    """Whether found words on both sides, which it touches, make the word a piece of one of them."""
    before, word, after = words[at - 1 : at + 2]
    sides = kinds.get(at - 1), kinds.get(at + 1)
    if None in sides or is_measure(word.text) or not (touching(before, word) and touching(word, after)):
        return False
    if Kind.PERSON in sides and _INITIAL.fullmatch(word.text):
        return True
    house = _HOUSE.fullmatch(before.text) is not None
    if (Kind.STREET in sides or house) and any(p.fullmatch(word.text) for p in (COMPASS, _ORDINAL, _UNIT)):
        return True
    two = word.confidence < SURE_FROM and _SCRAP_OF_TWO.fullmatch(word.text.rstrip(".,;:"))
    return bool(two or _SCRAP.fullmatch(word.text))


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether the word is the first initial of the name behind it."""
    word, before = words[at], words[at - 1] if at else None
    first = before is None or before.line != word.line
    if _ROAD_ENDS.fullmatch(word.text):
        return first
    if before is not None and not first and fold(before.text) in _THINGS:
        return False
    return _STOPPED.fullmatch(word.text) is not None or (not first and _NUMBERED.fullmatch(word.text) is not None)


def _follows(words: Sequence[Word], at: int) -> bool:
    """Whether the word is an initial of the name before it, and not of a germ or a side behind it."""
    text = words[at].text
    ends = at + 1 == len(words) or not touching(words[at], words[at + 1])
    if ends and _NUMBERED.fullmatch(text):
        return True
    if not (_STOPPED.fullmatch(text) or _LAST.fullmatch(text)):
        return _is_year(words[at - 1], words[at])
    if ends:
        return True
    after = words[at + 1].text.rstrip(".,;:")
    return not (after.islower() and (is_clinical_word(after) or not is_common_word(after)))


def _is_behind_initials(words: Sequence[Word], at: int) -> bool:
    """Whether the word is the surname of the initials that end before it: two of them, or one that no name
    leads; never of those behind a comma, which have theirs before it."""
    word, first = words[at], at
    while first and _ALONE.fullmatch(words[first - 1].text) and touching(words[first - 1], words[first]):
        first -= 1
    before = words[first - 1] if first and words[first - 1].line == word.line else None
    if first == at or not _SURNAME.fullmatch(word.text):
        return False
    if before is not None:
        leads = before.text[:1].isupper() and before.text[-1].isalnum() and at - first == 1
        filed = before.text[:1].isupper() and before.text.endswith(",")
        if leads or filed or fold(before.text) in _THINGS:
            return False
    bare = word.text.rstrip(".,;:")
    strange = not (is_common_word(bare) or is_clinical_word(bare))
    letters = "".join(initial.text for initial in words[first:at])
    return strange or is_surname_behind(letters, bare, told=True)


def _torn(found: Word, word: Word, kind: Kind) -> bool:
    """Whether both are parts of one number: no blank is between them."""
    if kind in _WHOLE or not touching(found, word, TORN) or not _PART.fullmatch(word.text):
        return False
    left = found if found.start < word.start else word
    return any(c.isdigit() for c in found.text) and (left.text[-1].isalnum() or left.text[-1] in _PARTS)


def _is_year(found: Word, word: Word) -> bool:
    """Whether a year follows a month or "11," whose month nobody could read."""
    if fold(found.text) in MONTHS:
        return _MISREAD_YEAR.fullmatch(word.text) is not None
    return _DAY_OF.fullmatch(found.text) is not None and _YEAR.fullmatch(word.text) is not None
