"""What damage left of a value, told by the words around it: figures between figures, a state before its ZIP code.

Each proves nothing by itself, and an engine may be sure of it; where it stands makes it the rest of what was found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, is_surname
from detectors.findings import Kind
from detectors.folding import fold
from detectors.labels.table import WORDS
from detectors.pages import PageReading, Word
from detectors.torn.fallen import year_in_pieces
from detectors.torn.pieces import COMPASS, MONTHS
from detectors.torn.rows import GAP, gap, is_over, seen, touching
from detectors.words.doubt import BESIDE_UNDER
from detectors.words.harmless import clinical_values, page_counts

_BLANK: Final = 1.3
"""Heights of the line that a blank within a number is at most: boxes of figures are low, and in type of one pitch their
blanks are wide; the columns of a table stand further apart."""
_CELLS: Final = 15.0
"""The same between the city, the state and the ZIP code of a form."""
_GROUPS: Final = ((3, 2, 4), (3, 3, 4))
"""Characters of the groups of a Social Security number, and of a telephone number."""
_MISREAD: Final = 2
"""Characters of such a number that may be no figures."""
_EDGES: Final = ".,;:'\"()*~_-–—"
_PLACES: Final = frozenset({Kind.STREET, Kind.UNREADABLE, Kind.FACILITY})
_PLUS: Final = re.compile(r"\+[\d)\]lI|!iTJ]{0,2}")
"""The sign before a country's code, and what an engine makes of its 1."""
_AREA: Final = re.compile(r"\(\d{3}\)")
_MISREAD_AREA: Final = re.compile(r"\w\d{3}\)")
"""The same with its bracket misread."""
_SUBSCRIBER: Final = re.compile(r"\w{3}\W?\w{4}\W?")
_CALLED: Final = frozenset({Kind.PHONE, Kind.FAX, Kind.UNREADABLE})
_EXTENSION: Final = re.compile(r"(?i:ext|extn|extension)\W?")
_TOLD: Final = re.compile(r"[^\Wa-z]{1,5}\W?")
"""What an engine makes of the figures of an extension."""
_WWW: Final = re.compile(r"[wvyueonm]{2,6}\W?")
_HTTP: Final = re.compile(r"https?\W*")
_LINK: Final = re.compile(r".*(?://|www|\.(?:com|net|org|edu|gov))", re.IGNORECASE)
_LONG: Final = 8
_GIVEN: Final = re.compile(r"[^\W\d_a-z][^\W\d_]*[a-z][^\W\d_]*(?:['’-][^\W\d_]+)*\W?")
"""A capital and small letters: a degree behind a name has none."""
_FILED: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*,")
_STRANGE: Final = 4
"""Letters of a word that is no slip in a short one."""
_DAY: Final = re.compile(r"[0-3OIl|][\dOIlL|SZBo]\.?")
_DAY_AND_YEAR: Final = re.compile(r"[0-3]?\d\W?(?:19|20)\d\d")
_HOUSE: Final = re.compile(r"[A-Z\d]{1,5}")
_TITLE: Final = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof)[.,]?")
_AGE: Final = re.compile(r"\d{1,3}")
_OLDEST: Final = 120
_SEX: Final = re.compile(r"m|f|males?|females?", re.IGNORECASE)
_ROW: Final = 30.0
"""Heights of the line over which the columns of one person's row run on."""
_LABEL: Final = "age"
_ONE_OFF_UNDER, _ANY_UNDER = 90.0, 50.0
"""Confidence under which a short word over a lone figure may be the label of an age: one letter off it, or any."""


def remnants(reading: PageReading, found: Mapping[int, Kind]) -> frozenset[int]:
    """Indices of words that burn with what stands beside them; `found` has the kind of each that burns already."""
    words = reading.words
    clinical = clinical_values(words) | page_counts(words)
    kinds = dict(found)
    for rule in _RULES:
        for at in range(len(words)):
            if at not in kinds and at not in clinical and (kind := rule(words, at, kinds)):
                kinds[at] = kind
    kinds |= dict.fromkeys(_ages(words, kinds), Kind.AGE)
    return frozenset(kinds.keys() - found.keys())


def _between_figures(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """Figures between burned ones: "367 81 6N9B"."""
    if not (words[at].text.strip(_EDGES).isdigit() and at - 1 in kinds and at + 1 in kinds):
        return None
    sides = words[at - 1], words[at + 1]
    near = gap(sides[0], words[at]) <= _BLANK and gap(words[at], sides[1]) <= _BLANK
    return kinds[at - 1] if near and all(_figures(word.text) >= 2 for word in sides) else None


def _in_groups(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """A group of a number of which another burns, grouped as such numbers are: "649 $1 0902"."""
    for first in range(max(at - 2, 0), at + 1):
        groups = words[first : first + 3]
        if len(groups) < 3 or not any(first + i in kinds for i in range(3)):
            continue
        bare = [word.text.strip(_EDGES) for word in groups]
        if _MISREAD_AREA.fullmatch(groups[0].text):
            bare[0] = bare[0][1:]
        if tuple(map(len, bare)) not in _GROUPS:
            continue
        figures = sum(map(_figures, bare))
        if figures >= sum(map(len, bare)) - _MISREAD and all(gap(a, b) <= _BLANK for a, b in pairwise(groups)):
            return Kind.UNREADABLE
    return None


def _state(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """Two letters between a place and five figures, whatever was read of them: "Kermstesd we 82868"."""
    if len(fold(words[at].text)) > 2 or not words[at].text.strip(_EDGES).isalpha() or at + 1 not in kinds:
        return None
    code = words[at + 1].text.strip(_EDGES).split("-")[0]
    is_code = len(code) == 5 and _figures(code) >= 3
    apart = max(gap(words[at - 1], words[at]), gap(words[at], words[at + 1]))
    near = kinds.get(at - 1) is Kind.CITY or (kinds.get(at - 1) in _PLACES and apart <= GAP)
    return Kind.STATE if is_code and near and apart <= _CELLS else None


def _before(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """What opens a telephone number, a web address or a street and was misread: "+)", "weew", "60%."."""
    kind = kinds.get(at + 1)
    if kind is None or gap(words[at], words[at + 1]) > _BLANK:
        return None
    text, unsure = words[at].text, words[at].confidence < BESIDE_UNDER
    if _AREA.fullmatch(text) and _figures(words[at + 1].text) >= 2:
        return Kind.PHONE
    if kind in (Kind.PHONE, Kind.FAX) and _PLUS.fullmatch(text):
        return kind
    if kind in _CALLED and _MISREAD_AREA.fullmatch(text) and _SUBSCRIBER.fullmatch(words[at + 1].text):
        return Kind.PHONE
    if gap(words[at], words[at + 1]) > GAP:
        return None
    if unsure and _HTTP.fullmatch(text) and _LINK.match(text + words[at + 1].text):
        return Kind.URL
    if fold(text) in MONTHS and _DAY_AND_YEAR.fullmatch(words[at + 1].text.strip(_EDGES)):
        return Kind.DATE
    if kind is Kind.URL and unsure and (_WWW.fullmatch(text) or not is_common_word(fold(text))):
        return kind
    return kind if kind is Kind.STREET and unsure and _figures(text) else None


def _behind(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """What goes on from a web address or a number that fell apart, and the given name behind "Surname,"."""
    kind = kinds.get(at - 1) if at else None
    if kind is None or gap(words[at - 1], words[at]) > GAP:
        return None
    before, word = words[at - 1].text, words[at]
    if _AREA.fullmatch(word.text) and _figures(before) >= 2:
        return Kind.PHONE
    if _figures(word.text) >= 2 and before.endswith("-") and _figures(before) >= 2:
        return Kind.PHONE
    if kind is Kind.URL or _LINK.match(before):
        bare = word.text.strip(_EDGES)
        apart = "." in bare or "/" in bare
        return Kind.URL if apart or (len(bare) >= _LONG and not is_common_word(fold(bare))) else None
    first = (
        at < 2
        or gap(words[at - 2], words[at - 1]) > GAP
        or not (at - 2 in kinds or _TITLE.fullmatch(words[at - 2].text))
    )
    follows = kind is Kind.PERSON and before.endswith(",") and first
    return kind if follows and word.confidence < BESIDE_UNDER and _GIVEN.fullmatch(word.text) else None


def _extension(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """The extension of a burned number and the word before it, whatever its figures look like: "ext S86", "ext. BAT
    034"; the word alone where its line ends behind it."""
    first = next((i for i in range(at, max(at - 3, 0), -1) if _EXTENSION.fullmatch(words[i].text)), None)
    if first is None or any(gap(a, b) > GAP for a, b in pairwise(words[first - 1 : at + 1])):
        return None
    if kinds.get(first - 1) not in _CALLED and not (first - 1 in kinds and _figures(words[first - 1].text) >= 2):
        return None
    one, other = (
        words[i] if i < len(words) and gap(words[i - 1], words[i]) <= GAP else None for i in (first + 1, first + 2)
    )
    if one is None:
        ends = first + 1 == len(words) or words[first + 1].line != words[first].line
        return Kind.PHONE if ends and at == first else None
    if _figures(one.text):
        return Kind.PHONE if at <= first + 1 else None
    return Kind.PHONE if _TOLD.fullmatch(one.text) and other is not None and _figures(other.text) else None


def _signs_of_a_value(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """Signs without a letter or figure between a label and what burns on its line: "Date of birth: |) 2A 195)"."""
    if at == 0 or at + 1 not in kinds or words[at].confidence >= BESIDE_UNDER:
        return None
    label, word, value = words[at - 1 : at + 2]
    bare = not any(map(str.isalnum, word.text)) and any(c in "|()[]{}!\\/" for c in word.text)
    alone = label.line == word.line == value.line and label.text.endswith(":")
    return Kind.UNREADABLE if bare and alone and _figures(value.text) else None


def _opening(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """A house number or a day that was read as letters, where it opens its line: "SSC NE Old Keizers Dr", "OL APR"."""
    if kinds.get(at + 1) is None or gap(words[at], words[at + 1]) > GAP:
        return None
    if _DAY.fullmatch(words[at].text) and fold(words[at + 1].text.strip(_EDGES)) in MONTHS:
        return Kind.DATE
    opens = not at or gap(words[at - 1], words[at]) > GAP
    house = opens and _HOUSE.fullmatch(words[at].text) and COMPASS.fullmatch(words[at + 1].text)
    return Kind.STREET if house else None


def _in_street(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """A word in the midst of a street's: "37 Little Tanglewyke Ct"."""
    within = kinds.get(at - 1) is kinds.get(at + 1) is Kind.STREET
    return Kind.STREET if within and max(gap(*words[at - 1 : at + 1]), gap(*words[at : at + 2])) <= GAP else None


def _surname(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """A surname that is a word of some list, filed before the given name that burns: "Steinmann, Hernan"; and what is
    on no list at all, directly before a name."""
    if kinds.get(at + 1) is not Kind.PERSON or gap(words[at], words[at + 1]) > GAP:
        return None
    word, bare = words[at], fold(words[at].text.strip(_EDGES))
    ordinary = is_common_word(bare) or bare in WORDS
    if _FILED.fullmatch(word.text) and _GIVEN.fullmatch(words[at + 1].text):
        behind = words[at + 2 : at + 3]
        initial = any(len(fold(w.text)) == 1 and gap(words[at + 1], w) <= GAP for w in behind)
        eponym = is_clinical_word(bare) and (initial or is_surname(bare))
        return Kind.PERSON if eponym or not ordinary else None
    strange = word.confidence < BESIDE_UNDER and len(bare) >= _STRANGE and word.text.isalpha()
    return Kind.PERSON if strange and not (ordinary or is_clinical_word(bare)) else None


_Rule = Callable[[Sequence[Word], int, Mapping[int, Kind]], Kind | None]
_RULES: Final[tuple[_Rule, ...]] = (
    _between_figures,
    _in_groups,
    _state,
    _extension,
    _signs_of_a_value,
    year_in_pieces,
    _before,
    _behind,
    _opening,
    _in_street,
    _surname,
)


def _ages(words: Sequence[Word], kinds: Mapping[int, Kind]) -> list[int]:
    """Lone figures that are an age: beside a sex and a burned date, or under what may be the label of one."""
    lone = [
        at
        for at, word in enumerate(words)
        if at not in kinds and _AGE.fullmatch(word.text) and int(word.text) <= _OLDEST and _is_lone(words, at)
    ]
    if not lone:
        return []
    labels = [word for word in words if _may_ask_for_age(word)]
    sexes = [word for word in words if _SEX.fullmatch(word.text.strip(_EDGES))]
    dates = [words[at] for at in kinds if _figures(words[at].text) >= 2]
    return [
        at
        for at in lone
        if any(is_over(label, words[at]) for label in labels)
        or (any(_beside(words[at], sex) for sex in sexes) and any(_beside(words[at], day) for day in dates))
    ]


def _may_ask_for_age(word: Word) -> bool:
    bare = fold(word.text)
    if not 1 < len(bare) <= 4 or not bare.isalpha():
        return False
    return word.confidence < _ANY_UNDER or (
        word.confidence < _ONE_OFF_UNDER and Levenshtein.distance(bare, _LABEL, score_cutoff=1) <= 1
    )


def _is_lone(words: Sequence[Word], at: int) -> bool:
    sides = (words[i] for i in (at - 1, at + 1) if 0 <= i < len(words))
    return not any(touching(w, words[at]) for w in sides)


def _figures(text: str) -> int:
    return sum(map(str.isdigit, text))


def _beside(word: Word, other: Word) -> bool:
    """Whether both stand in one row, a third of it apart at most."""
    start, foot = word.region.corners[0], word.region.corners[3]
    high = math.dist(start, foot)
    along, down = seen(word, start, other.region.corners[0])
    return abs(down) < 0.5 * high and abs(along) < _ROW * high
