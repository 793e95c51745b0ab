"""Ages, in figures and in words. Over 89 is a kind of its own: 45 CFR 164.514(b)(2)(i)(C)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer
from detectors.patterns.ocr import digits
from detectors.patterns.search.searcher import Searcher

_OLDEST = 130
"""No person lived longer: a larger figure is no age."""
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_WORDS = {word: value for value, word in enumerate((*_ONES, *_TEENS), 1)}
_WORDS |= {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
_NUMBER = r"(?<![\w./])(?P<age>\d[0-9OolIS]{0,2})"
_UNIT = r"(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?)"
_GAP = rf"[\s{DASH}.]{{0,3}}"


class AgeRecognizer(TextRecognizer):
    """Only the figure itself is the finding: "93" of "93-year-old"."""

    KINDS = (Kind.AGE, Kind.AGE_OVER_89)
    _rules = tuple(
        Searcher(rule, re.I)
        for rule in (
            rf"{_NUMBER}{_GAP}{_UNIT}{_GAP}(?:old\b|of\s+age\b)",
            rf"{_NUMBER}{_GAP}(?:y\.?\s?/?\s?o\b|y/o|yr?s?\s?/\s?o\b|yom\b|yof\b|yo[mf]?\b|y\.\s?o\.)",
            r"(?<!\w)(?:age[ds]?|at\s+(?:the\s+)?age\s+of|age\s+at\s+\w{4,12})(?!\w)[\s:=(]{0,4}(?:\W?\w?yrs?\W{0,3})?(?:is|was|of|about"
            r"|over)?\s{0,2}"
            r"(?P<age>\d[0-9OolIS]{0,2})(?!\w)(?![./,]?\d)(?!\s{0,2}(?:%|mg|ml|cm|mm))",
            r"\b(?:turn(?:ed|ing|s)?|(?:is|was|am|'m)(?:\s+(?:now|currently|almost|nearly))?)\s{1,2}(?P<age>\d{1,3})"
            r"(?=\s{0,2}(?:years?\b|yrs?\b|[.,;!]|$|and\b|this\b|last\b|next\b|today\b|in\b))(?!\.\d)",
            r"(?<!\w)turn(?:ed|ing|s)?\s{1,2}(?P<age>\d{2,3})(?=\s{1,2}on\s{1,2}(?:\d|the\s\d|[A-Z]))",
            r"(?<!\w)(?P<age>\d{2,3})[MF](?=\s{1,2}(?:with|w/|who|presents|presenting|c/o|h/o|hx|pmh|s/p|here|seen"
            r"|admitted)\b)",
            r"(?:(?<=[^\W\d_],\s)|(?<=[A-Z]\.,\s))(?P<age>\d{1,3})(?=,\s(?:admitted|seen|presents?|presenting|presented|with|who|male|female"
            r"|diagnosed|lives|here|came|fell|has|had|on|new|s/p|c/o|h/o|post|brought|a\s(?:man|woman|retired|smoker))\b)",
            r"\bin\s+(?:his|her|their)\s+(?:early\s+|mid[\s-]?|late\s+)?(?P<age>\d{2,3})['’]?s\b",
        )
    )
    _misread = Searcher(r"(?<![\w./])(?P<age>[\dSBZlIO][\dSBZlIO])(?:-|\s?-\s?)years?(?:-|\s{0,2})old\b")
    """"SS-year-old", "S8-year-old": behind the hyphen nothing but an age stands before a year."""
    _spelled = Searcher(
        rf"(?<!\w)(?P<age>(?:one{_GAP}hundred(?:{_GAP}and)?{_GAP}|a{_GAP}hundred(?:{_GAP}and)?{_GAP})?"
        rf"(?:(?P<tens>{'|'.join(_TENS)}){_GAP}(?P<ones>{'|'.join(_ONES)})?"
        rf"|(?P<small>{'|'.join([*_TEENS, *_ONES])}))?){_GAP}{_UNIT}{_GAP}(?:old\b|of\s+age\b)",
        re.I,
    )
    _told = Searcher(
        rf"\b(?:turn(?:s|ed|ing)?|aged?|(?:she|he)(?:['’]s|\s+(?:is|was))(?:\s+(?:now|almost|nearly))?)\s{{1,2}}"
        rf"(?P<age>(?:(?P<tens>{'|'.join(_TENS)})(?:[\s{DASH}](?P<ones>{'|'.join(_ONES)})\b)?"
        rf"|(?P<small>{'|'.join(_TEENS)})))(?![\w{DASH}])"
        r"(?=\s{0,2}(?:[.,;!?)]|$|(?:and|on|in|this|next|last|today|tomorrow|but|with|who)\b))",
        re.I,
    )
    _centenarian = Searcher(
        r"\b(?:(?:non|cent)agenarian|nonagenarian|centenarian|in\s+(?:his|her|their)\s+nineties)\b", re.I
    )
    _not_of_a_person = re.compile(r"(?:gestational|bone|skeletal|maternal|menstrual|device|stage)\s{0,2}$", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for rule in self._rules:
            for hit in rule.finditer(text):
                if self._not_of_a_person.search(text[max(0, hit.start() - 16) : hit.start()]):
                    continue
                value = digits(hit.group("age"))
                if value.isdigit() and int(value) <= _OLDEST:
                    yield self._match(hit, self._in_years(hit.group(), int(value)))
        for hit in self._misread.finditer(text):
            if digits(hit.group("age")).isdigit() and not hit.group("age").isdigit():
                yield self._match(hit, int(digits(hit.group("age"))))
        for hit in self._spelled.finditer(text):
            if hit.group("age").strip():
                yield self._match(hit, self._in_years(hit.group(), _spelled_value(hit)))
        for hit in self._told.finditer(text):
            yield self._match(hit, _spelled_value(hit))
        for hit in self._centenarian.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.AGE_OVER_89, 0.8)

    @staticmethod
    def _in_years(phrase: str, value: int) -> int:
        """0 for ages in days, weeks or months: nobody of that age is over 89."""
        return 0 if re.search(r"(?<![a-z])(?:months?|mos?|weeks?|wks?|days?)\b", phrase, re.I) else value

    @staticmethod
    def _match(hit: re.Match[str], years: int) -> Match:
        kind = Kind.AGE_OVER_89 if years > 89 else Kind.AGE
        return Match(hit.start("age"), hit.end("age"), kind, 0.85)


def _spelled_value(hit: re.Match[str]) -> int:
    hundred = 100 if "hundred" in hit.group("age").lower() else 0
    if hit.group("small"):
        return hundred + _WORDS[hit.group("small").lower()]
    tens = _WORDS[hit.group("tens").lower()] if hit.group("tens") else 0
    return hundred + tens + (_WORDS[hit.group("ones").lower()] if hit.group("ones") else 0)
