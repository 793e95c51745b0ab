"""Telephone and fax numbers: North American shapes, international ones, and whatever stands after their label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer
from detectors.patterns.ocr import LIKE_DIGIT, D, digits, true_digits
from detectors.patterns.search.searcher import Searcher

_EXTENSION = r"(?:[\s,;]{0,3}(?:x|ext\.?|extension|extn\.?)[\s:.#]{0,3}\d{1,6}(?!\d))?"
_GAP = rf"[\s{DASH}.)/\u00b7]{{0,3}}"
_APART = rf"(?<![\w.+])(?:(?<![{DASH}/])|(?<=[^\W\d_][^\W\d_][{DASH}/]))"
"""No part of a longer number. Behind a word a stroke or a dash only parts: "Crystal Hand/812.629.8008"."""
_FAX_WORDS = r"fax|facsimile|telefax|telecopier|fx"
_PHONE_WORDS = (
    r"tel|telephone|phone|ph|mobile|cell|cellular|call|pager|beeper|contact|home|work|office|voice|text|sms|dial"
    r"|hotline"
    r"|reach(?:ed)?(?:\s+at)?|number|t|p|m|c|h|w|o"
)
_LABEL = re.compile(rf"(?<![^\W_])(?:(?P<fax>{_FAX_WORDS}|f)|(?P<phone>{_PHONE_WORDS}))(?![^\W_])", re.I)
_STRONG = re.compile(
    r"(?<![^\W_])(?:tel|telephone|phone|ph|mobile|cell|cellular|call|pager|contact|fax|facsimile|answering|reach\w*"
    r"|dial|text)(?![^\W_])",
    re.I,
)
_NOT_A_CALL = re.compile(
    r"(?:range|ref|reference|normal|lot|icd|cpt|ndc|npi|ssn|mrn|platelets?|plt|wbc|acc\w{0,10}|order|claim"
    r"|serial)\W{0,4}(?:no\.?|#|number)?\W{0,4}$",
    re.I,
)
_UNIT = re.compile(
    r"\s{0,2}(?:mg|mcg|ml|mm|cm|kg|k/|x10|10\^|/ul|/mm|%|units?\b|u/l|iu|cells|cal|kcal|ng|pg|mmol|meq|steps)", re.I
)
_CUE_WIDTH = 28
_NATIONAL_DIGITS = (9, 15)
"""Digits of a number as dialled inside another country (ITU-T E.164 plus the trunk prefix), extension included."""


class PhoneNumberRecognizer(TextRecognizer):
    """The nearest label before a number says whether it is a telephone or a fax."""

    KINDS = (Kind.PHONE, Kind.FAX)
    _american = Searcher(
        rf"{_APART}(?:\+?\s?[1lI]{_GAP})?(?P<open>[(\[{{]\s?)?(?P<area>{D}{{3}})(?P<gap>\s?[)\]}}]?{_GAP})"
        rf"(?P<exchange>{D}{{3}})(?P<gap2>{_GAP})(?P<line>{D}{{4}}){_EXTENSION}(?![\w])(?![{DASH}.]\d)"
    )
    _seven = Searcher(
        rf"(?<![\w.{DASH}/+])(?P<first>[2-9]\d{{2}})\s?(?P<gap>[{DASH}.]"
        rf"|\s)\s?(?P<line>\d{{4}}){_EXTENSION}(?![\w])(?![{DASH}./]\d)"
    )
    _international = Searcher(
        rf"(?<![\w.])(?:\+|00(?=[1-9]))\s?\d(?:[\s{DASH}.()/]{{0,3}}\d){{6,14}}{_EXTENSION}(?!\w)"
    )
    _national = Searcher(
        rf"(?<![\w.$/+{DASH}])(?:\(0\d{{1,4}}\)|0\d{{1,4}})(?:[ {DASH}./]{{1,2}}\d{{2,5}}){{1,4}}"
        rf"{_EXTENSION}(?![\w])(?![{DASH}./]\d)"
    )
    _trunk = Searcher(r"(?<![\w.,$/+-])(?:0\d{3,4} \d{6}|\(0\d{2,4}\) ?\d{6,8})(?![\w])(?! ?\d)(?![.,]\d)")
    """As dialled in Britain: 01234 567890, (0114) 4960412 (Ofcom, National Telephone Numbering Plan)."""
    _threes = Searcher(r"(?<![\w.,$/+-])[6-9]\d{2} \d{3} \d{3}(?![\w])(?! ?\d)(?![.,]\d)")
    _labelled = Searcher(
        rf"(?<![^\W_])(?:(?P<fax>{_FAX_WORDS})|tel|telephone|phone|ph|mobile|cell|cellular|pager|call(?:\s+(?:me|us"
        rf"|him|her|them|at))"
        r"|call|contact|home|work|office|answering|reach\w{0,4})"
        r"(?:\s?(?:no|number|num|phone|tel|line|cell|fax|home|work|day|evening|\(\w{1,8}\)))?(?:\s?[#.:;/=\-]"
        r"|\s(?:is|at|on|to)\b|\s){1,3}\s?"
        rf"(?P<number>[+(]{{0,2}}\s?{D}(?:[ \t{DASH}.()/]{{0,2}}[{LIKE_DIGIT}]){{5,15}}){_EXTENSION}(?!\w)",
        re.I,
    )
    _label_behind = Searcher(
        rf"(?<![\w.$/+{DASH}])(?P<number>(?:\(\d{{1,4}}\)[ ]?)?\d{{2,}}(?:[ {DASH}.]\d{{2,5}}){{0,4}})"
        r"(?:[ ]?-[ ]?|[ ]{1,2}|[ ]?\()(?:(?P<fax>fax)|office|mobile|cell|desk|work|home|pager|direct|day"
        r"|evening)(?![\w-])"
        r"(?![ ](?:visits?|care|health|readings?|meds|medications?|oxygen|of|and|days?|hours?))",
        re.I,
        needs=r"(?i:[ (-](?:fax|office|mobile|cell|desk|work|home|pager|direct|day|evening)(?![\w-]))",
        within=120,
    )
    """781 1704 office: cards and signatures name the line behind its number."""
    _extension = Searcher(
        r"(?<![^\W_])(?:extension|ext)\b\.?[\s:.#]{0,3}(?P<number>\d{3,6})(?![\w/]|\.\d|\s?(?:°|deg))", re.I
    )
    _bent = re.compile(
        r"(?<![^\W_])(?:flex\w*|rom|motion|abduct\w*|knees?|hips?|elbows?|wrists?|shoulders?|fingers?|thumbs?|ankles?"
        r"|necks?|spine|trunk|lumbar|cervical)(?![^\W_])",
        re.I,
    )
    _STRAIGHT = 180
    """Degrees: what joints bend and stretch at most."""
    _pager = Searcher(
        rf"(?<![^\W_])(?<!-)(?:(?:pager|beeper|pgr|bpr)(?:\s?(?:no\.?|num(?:ber)?|id|#|is))*|paged?\s(?:me|her|him|us)?\s?at)"
        rf"[\s:.#]{{1,4}}(?P<number>\d(?:[ {DASH}]?\d){{2,10}})(?![\w/:%]|\.\d)"
        r"(?!\s?(?:hours?|hrs?|h\b|min|times|am\b|pm\b))",
        re.I,
    )
    """Short numbers that a hospital's own system dials; "paged at 0345" is an hour."""
    _hour = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._pager.finditer(text):
            if hit[0][:5].lower() not in ("paged", "page ") or not self._hour.fullmatch(hit["number"]):
                yield Match(hit.start("number"), hit.end("number"), Kind.PHONE, 0.6)
        for hit in self._american.finditer(text):
            score = self._american_score(hit, text)
            if score:
                yield Match(hit.start(), hit.end(), _kind(text, hit.start()), score)
        for hit in self._seven.finditer(text):
            called = _STRONG.search(text, max(0, hit.start() - _CUE_WIDTH), hit.start()) is not None
            doubtful = hit.group("gap").isspace() or _UNIT.match(text, hit.end()) or _not_a_call(text, hit.start())
            if called or not doubtful:
                yield Match(hit.start(), hit.end(), _kind(text, hit.start()), 0.7 if called else 0.4)
        for hit in self._international.finditer(text):
            yield Match(hit.start(), hit.end(), _kind(text, hit.start()), 0.75)
        for rule in (self._national, self._trunk, self._threes):
            for hit in rule.finditer(text):
                doubtful = (
                    _UNIT.match(text, hit.end()) or _not_a_call(text, hit.start()) or _looks_like_date(hit.group())
                )
                if _NATIONAL_DIGITS[0] <= true_digits(hit.group()) <= _NATIONAL_DIGITS[1] and not doubtful:
                    yield Match(hit.start(), hit.end(), _kind(text, hit.start()), 0.4)
        for hit in self._labelled.finditer(text):
            number = hit.group("number")
            if 7 <= len(digits(number)) <= 16 and true_digits(number) >= 6 and not _looks_like_date(number):
                kind = Kind.FAX if hit.group("fax") else _kind(text, hit.start("number"))
                yield Match(hit.start("number"), hit.end(), kind, 0.75)
        for hit in self._label_behind.finditer(text):
            if 7 <= true_digits(hit["number"]) <= _NATIONAL_DIGITS[1] and not _looks_like_date(hit["number"]):
                kind = Kind.FAX if hit["fax"] else Kind.PHONE
                yield Match(hit.start("number"), hit.end("number"), kind, 0.6)
        for hit in self._extension.finditer(text):
            joint = self._bent.search(text, max(0, hit.start() - _CUE_WIDTH), hit.start())
            if joint and text[hit.end() : hit.end() + 1] == "." and int(hit["number"]) <= self._STRAIGHT:
                continue  # "hip flexion 120, extension 150."
            yield Match(hit.start("number"), hit.end(), Kind.PHONE, 0.5)

    @staticmethod
    def _american_score(hit: re.Match[str], text: str) -> float:
        if true_digits(hit.group("area") + hit.group("exchange") + hit.group("line")) < 7:
            return 0.0
        called = _STRONG.search(text, max(0, hit.start() - _CUE_WIDTH), hit.start()) is not None
        gaps = hit.group("gap") + hit.group("gap2")
        bracketed = bool(hit.group("open")) or ")" in gaps
        if called:
            return 0.9
        if not gaps:
            # Ten digits in a row are a telephone only where something says so.
            return 0.0
        if bracketed:
            return 0.85
        issued = digits(hit.group("area"))[0] in "23456789"
        if not gaps.strip():
            return (
                0.4
                if issued and digits(hit.group("exchange"))[0] in "23456789" and not _UNIT.match(text, hit.end())
                else 0.0
            )
        return 0.8 if issued else 0.5


def _kind(text: str, start: int) -> Kind:
    """FAX where the last label before the number says so, on the same or the line before."""
    last = None
    for last in _LABEL.finditer(text, max(0, start - _CUE_WIDTH), start):  # noqa: B007  only the last one is wanted
        pass
    return Kind.FAX if last is not None and last.group("fax") else Kind.PHONE


def _not_a_call(text: str, start: int) -> bool:
    return _NOT_A_CALL.search(text[max(0, start - _CUE_WIDTH) : start]) is not None


def _looks_like_date(number: str) -> bool:
    return re.match(r"\s?\d{1,2}[/\-.]\d{1,2}[/\-.](?:\d{4}|\d{2})(?:\s|$)|\s?\d{4}-\d{2}-\d{2}", number) is not None
