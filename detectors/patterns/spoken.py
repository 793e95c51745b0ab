"""Numbers and days as people say them and a machine writes them down: "five five five, oh one", "march third".

Voicemail and dictation bring no figures. Seven words of one figure each are a telephone number, or another that is
told apart by its label; a count ("one two three four ...") is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer, follows
from detectors.patterns.search.searcher import Searcher

_ONES: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FIGURE: Final = (
    "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine"
    "|(?:double|triple)[ ](?:oh|zero|one|two|three|four|five|six|seven|eight|nine)"
)
_GAP: Final = rf"(?:[ ]?[,.{DASH}][ ]?|[ ](?:dash[ ]|area[ ]code[ ])?)"
_SPOKEN: Final = Searcher(
    rf"(?<![\w{DASH}])(?P<said>(?:{_FIGURE})(?:{_GAP}(?:{_FIGURE})){{3,16}})(?![\w'’]|[ ]?%)", re.I
)
_HALF_SPOKEN: Final = Searcher(
    rf"(?<![\w{DASH}])(?P<said>(?:(?:{_FIGURE}){_GAP}){{3}}\d{{3}}[ .{DASH}]?\d{{4}}"
    rf"|\(?\d{{3}}\)?{_GAP}(?:\d{{3}}{_GAP}|(?:(?:{_FIGURE}){_GAP}){{3}})(?:(?:{_FIGURE}){_GAP}){{3}}"
    rf"(?:{_FIGURE}))(?![\w'’]|[ ]?%)",
    re.I,
)
"""A telephone number of which a part was written in figures."""
_LEAST: Final = 7
"""Figures of a telephone number without its area code; fewer count only behind a label."""
_NUMBER_OF: Final = re.compile(
    r"(?:mrn|record|chart|account|acct|member|policy|claim|social(?:\ssecurity)?|ssn|licen[cs]e|confirmation|reference"
    r"|passport|plan|extension|ext|phone|cell|mobile|fax|pager)(?:\s(?:number|no\.?|id|is|ending|ends))*"
    r"(?:\sis|\sin|:|,)?\s{0,2}$",
    re.I,
)
_SOCIAL: Final = re.compile(r"(?:social|ssn)\W{0,3}(?:\w{1,8}\W{1,3}){0,3}$", re.I)

_MONTH: Final = "january|february|march|april|may|june|july|august|september|october|november|december"
_NTH: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    rf"|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[ {DASH}](?:first|second|third|fourth|fifth|sixth"
    rf"|seventh|eighth|ninth)|thirtieth|thirty[ {DASH}]first"
)
_TO_NINE: Final = "one|two|three|four|five|six|seven|eight|nine"
_TEEN: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TY: Final = rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ {DASH}](?:{_TO_NINE}))?"
_CARDINAL: Final = rf"(?:{_TY}|{_TEEN}|{_TO_NINE})"
_YEAR: Final = (
    rf"(?:nineteen[ {DASH}](?:hundred(?:[ ]and)?[ ])?(?:(?:oh|zero)[ {DASH}](?:{_TO_NINE})|{_TY}|{_TEEN}|hundred)"
    rf"|two[ ]thousand(?:(?:[ ]and)?[ ](?:{_TY}|{_TEEN}|{_TO_NINE}))?"
    rf"|twenty[ {DASH}](?:{_TY}|{_TEEN}|oh[ ](?:{_TO_NINE}))"
    rf"|(?:19|20)\d\d)"
)
_DATED: Final = Searcher(
    rf"(?<![\w{DASH}])(?P<day>(?:(?P<month>{_MONTH}),?[ ](?:the[ ])?(?:{_NTH})"
    rf"|(?:the[ ])?(?:{_NTH})(?:[ ]day)?[ ](?:of[ ])?(?:{_MONTH}))(?P<year>,?[ ](?:of[ ]|in[ ])?{_YEAR})?)(?![\w'’])",
    re.I,
)
_BIRTH: Final = Searcher(
    rf"(?<!\w)(?:d\.?o\.?b\.?|birth[ ]?da(?:te|y)|date[ ]of[ ]birth|born(?:[ ]on)?)(?:[ ]is)?[:,]?[ ]"
    rf"(?P<day>(?:{_CARDINAL}|{_NTH}|oh|zero)(?:(?:,[ ]|[ {DASH}])(?:{_CARDINAL}|{_NTH}|oh|zero|hundred|thousand))"
    rf"{{2,6}})(?![\w'’])",
    re.I,
)
"""A birth date in words for figures throughout: "nine twenty two fifty eight"."""
_COUNTED_DAY: Final = Searcher(
    rf"(?<![\w{DASH}])(?P<day>(?:{_MONTH}),?[ ](?:{_CARDINAL}|\d{{1,2}}),?[ ](?:of[ ])?(?!(?:19|20)\d\d){_YEAR})"
    r"(?![\w'’])",
    re.I,
)
_PLACED: Final = re.compile(
    r"(?:\b(?:on|since|until|till?|by|from|before|after|for|of|born|due|seen|is|was)|[:,])\s{1,2}$", re.I
)
"""Before "may first" and "march second", which are other things too."""
_ELDER: Final = Searcher(
    rf"(?<=[^\W\d_],[ ])(?P<age>ninety[ {DASH}](?:{_TO_NINE})|(?:one|a)[ ]hundred(?:[ ]and)?[ ](?:{_TO_NINE}))"
    r"(?=,[ ][^\W\d_])",
    re.I,
)
"""Between commas, behind a name."""


class SpokenRecognizer(TextRecognizer):
    """Telephone numbers, other numbers and days in words, and ages over 89 between commas."""

    KINDS = (Kind.PHONE, Kind.SSN, Kind.OTHER_ID, Kind.DATE, Kind.AGE_OVER_89)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _SPOKEN.finditer(text):
            figures = _figures(hit["said"])
            labelled = follows(_NUMBER_OF, text, hit.start())
            if (len(figures) >= _LEAST or labelled) and not _is_count(figures):
                social = len(figures) == 9 and follows(_SOCIAL, text, hit.start())
                kind = Kind.SSN if social else Kind.PHONE if len(figures) in (7, 10, 11) else Kind.OTHER_ID
                yield Match(hit.start(), hit.end(), kind, 0.8)
        for hit in _HALF_SPOKEN.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.PHONE, 0.7)
        for hit in _DATED.finditer(text):
            ambiguous = hit["month"] is not None and hit["month"].lower() in ("may", "march") and not hit["year"]
            if not ambiguous or follows(_PLACED, text, hit.start(), 10):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.8)
        for hit in _COUNTED_DAY.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.DATE, 0.8)
        for hit in _BIRTH.finditer(text):
            yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.7)
        for hit in _ELDER.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.AGE_OVER_89, 0.6)


def _figures(said: str) -> list[int]:
    found: list[int] = []
    times = 1
    for word in re.findall(r"[a-z]+", said.lower()):
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
        elif word in ("oh", "nought", *_ONES):
            found += [_ONES.index(word) if word in _ONES else 0] * times
            times = 1
    return found


def _is_count(figures: list[int]) -> bool:
    """One up or one down all the way, as children and patients count; or the same all the way."""
    steps = {b - a for a, b in pairwise(figures)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
