"""What messages of wards put beside a name: a title and a deed, a newborn, a role, a room, a telephone, a birthday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.names.messages.told import DEEDS, Told
from detectors.patterns.base import Match
from detectors.patterns.search.searcher import Searcher

_WORD: Final = r"[^\W\d_]{2,20}(?:['’\-](?!s\b)[^\W\d_]{2,20})?"
_TITLE: Final = r"[A-ZÀ-ÞĀ-Ž][a-zß-ÿā-ž]{1,15}"
_MISS: Final = Searcher(
    rf"(?<![\w'’.-])(?:miss|ms)[ ](?P<name>{_WORD})[ ](?:is|was|has|needs|asks?|won['’]?t|can['’]?t|didn['’]?t|{DEEDS})"
    r"(?![\w-])",
    re.I,
)
"""A title that is a verb and a disease, too: "miss day is late", never "miss day shift"."""
_NEWBORN: Final = Searcher(
    rf"(?<![\w'’-])(?:(?:baby|infant|newborn)[ ](?:boy|girl)|bb|bg|twin[ ][ab12])[ ](?P<name>{_WORD})"
    r"(?=[ ](?:apgars?|wt|weight|bili|circ|feeds?|born|is|was|to|needs|in|\d)(?!\w)|[ ]?(?:[,.;:]|$))",
    re.I,
)
_ROLE: Final = Searcher(
    r"(?<![\w'’-])(?i:attending|hospitalist|intensivist|surgeon|resident|fellow|intern|accepting|covering|nocturnist"
    r"|on[ -]call|cross-?cover)[ :](?:[ ]?(?:is|md|dr)[ .]{1,2})?[ ]?"
    rf"(?P<name>{_TITLE})(?=[ ]?(?:[,;/)]|[.?!]?[ ]?(?:$|\n)))"
)
"""Whose turn it is, and then the clause ends."""
_REACHED: Final = Searcher(
    r"(?<![\w'’-])(?P<name>(?P<first>[^\W\d_]{2,15})[ ](?P<last>[^\W\d_]{2,20}))"
    r"(?=[ ]?[/|(:-][ ]?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}(?!\d)|[ ]?[/|][ ]?\d{1,2}[/-]\d{1,2}[/-]\d)",
    needs=r"[ ]?[/|(:-][ ]?\(?\d",
    within=40,
)
"""Two words right before a telephone or a birth date between strokes."""
_VIETNAMESE: Final = Searcher(
    r"(?<![\w'’-])(?!(?:pt|pts|patient|for|is|did|was|mrs|mr|ms|dr)[ ])"
    r"(?P<name>[^\W\d_]{2,9}[ ]th[iị][ ][^\W\d_]{2,9}(?:[ ](?-i:[A-Z])[^\W\d_]{2,8})?)(?![\w'’-])",
    re.I,
    needs=r"(?i:[ ]th[iị][ ])",
    within=11,
)
"""The middle name of most women from Vietnam, and no word of English."""
_SHORT_PAIR: Final = Searcher(
    r"(?<![\w'’-])(?P<told>(?i:pt|patient|for|with|on|of|is|did|was))[ ]"
    r"(?P<name>(?P<first>[A-Z][a-z]{1,3})[ ](?P<last>[A-Z][a-z]{1,3}))(?![\w'’-])"
)
_FILED: Final = Searcher(
    rf"(?<=[a-z][ ])(?P<name>(?P<last>{_TITLE}),[ ](?P<first>{_TITLE}))"
    r"(?=[ ]?[.?!]?[ ]?(?:$|\n)|[ ](?:from|on|with|in|at|is|was|to|and|for|dob|mrn)(?!\w))",
    needs=rf",[ ]{_TITLE}",
    within=17,
)
_DATED: Final = re.compile(
    rf"(?m)^(?P<name>{_TITLE})[ ](?=\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2}}|"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,[ ])?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[ ]\d)",
    re.I,
)
"""A surname and a birth date open a message."""
_ROOMED: Final = Searcher(rf"(?<![\w'’-])(?P<name>{_WORD})[ ]\d{{1,2}}[a-d](?!\w)", re.I)
_ABLE: Final = Searcher(
    r"(?<!\w)(?:can|could|did|does|will)[ ]"
    r"(?P<name>rich|rusty|sandy|sunny|happy|young|june|april|august|summer|autumn)[ ]"
    r"(?:shower|walk|eat|drink|go|sit|leave|pass|take|want|need|swallow|void|ambulate|sign|come|sleep)(?!\w)",
    re.I,
)
"""No quality and no season does so."""
_NOBODY: Final = word_set(
    """
    day dose doses work shift call calls note visit will may page case home house hall board care center clinic office
    desk floor wing unit street church bank school north south east west line room field post court service state price
    best next first last new old early late good long short high low that this what them it you her him his she he
    """
)
_TITLED_ALIKE: Final = word_set(
    "will may call page case note visit work home line price that this what them it you her him his he she"
)
_NEITHER: Final = word_set(
    "Is In On At To Up Has Was Had And The Not Who For With From No Of Or As By It He She His Her Am Pm"
)
_OPENERS: Final = word_set("will may page call case note visit day labs lab flu seen since order mark bill field post")
_RARE, _LISTED, _FREQUENT, _MANY, _GIVEN = 20_000, 6_000, 5_000, 1_000, 2_500
_LEAST_ROOMS: Final = 2


def _surname(word: str, most: int) -> bool:
    return (surname_rank(word) or 1 << 30) <= most


def _plain(word: str) -> bool:
    return not is_common_word(word) and not is_clinical_word(word)


def _given(word: str) -> bool:
    return (given_rank(word) or 1 << 30) <= _GIVEN


def _titled(hit: re.Match[str]) -> bool:
    name = hit["name"]
    listed = _surname(name, _LISTED) or _given(name)
    return listed and not is_clinical_word(name) and name.lower() not in _TITLED_ALIKE


def _borne(hit: re.Match[str]) -> bool:
    """A surname that is no ordinary word, or one that many bear."""
    name = hit["name"]
    return name.lower() not in _NOBODY and (_surname(name, _MANY) or (_surname(name, _RARE) and _plain(name)))


def _reached(hit: re.Match[str]) -> bool:
    first, last = hit["first"], hit["last"]
    both = _given(first) and surname_rank(last) is not None and not is_clinical_word(first)
    return both and first.lower() not in _OPENERS and (first[0].isupper() or last.lower() not in _NOBODY)


def _two_short(hit: re.Match[str]) -> bool:
    """Behind a patient both may be words: "pt An Le"."""
    pair = (hit["first"], hit["last"])
    told = hit["told"].lower().startswith("p") or any(map(_plain, pair))
    listed = all(surname_rank(w) is not None or given_rank(w) is not None for w in pair)
    return told and listed and _NEITHER.isdisjoint(pair)


def _filed(hit: re.Match[str]) -> bool:
    return _surname(hit["last"], _FREQUENT) and _given(hit["first"]) and not is_clinical_word(hit["first"])


def _dated(hit: re.Match[str]) -> bool:
    return hit["name"].lower() not in _OPENERS and hit["name"][0].isupper() and _borne(hit)


WARDS: Final = (
    Told(_MISS, _titled, 0.5),
    Told(_NEWBORN, _borne),
    Told(_ROLE, _borne),
    Told(_REACHED, _reached, 0.5),
    Told(_VIETNAMESE, bool, 0.5),
    Told(_SHORT_PAIR, _two_short),
    Told(_FILED, _filed, 0.5),
    Told(_DATED, _dated),
    Told(_ABLE, bool),
)


def roomed(text: str) -> Iterator[Match]:
    """A list of who lies where: "abbott 2a burke 2b cole 3a"; all are listed, half are no ordinary words."""
    hits = [*_ROOMED.finditer(text)]
    sure = sum(_plain(hit["name"]) for hit in hits)
    if len(hits) >= _LEAST_ROOMS and 2 * sure >= len(hits) and all(_surname(hit["name"], _RARE) for hit in hits):
        for hit in hits:
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
