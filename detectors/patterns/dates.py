"""Dates of every usual shape. All elements but a bare year identify: 45 CFR 164.514(b)(2)(i)(C)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer, follows
from detectors.patterns.ocr import digits, misreadable, true_digits
from detectors.patterns.search.searcher import Searcher

_MONTHS = (
    "jan(?:uary)?",
    "feb(?:ruary)?",
    "mar(?:ch)?",
    "apr(?:il)?",
    "may",
    "june?",
    "july?",
    "aug(?:ust)?",
    "sept?(?:ember)?",
    "oct(?:ober)?",
    "nov(?:ember)?",
    "dec(?:ember)?",
)
_WHOLE_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    *("december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "oct", "nov", "dec"),
)
MONTH = "(?:" + "|".join(misreadable(month) for month in _MONTHS) + ")"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s{1,2})?"
_N = "[0-9OolI|]"
_DAY = rf"{_N}{{1,2}}(?:\s?(?:st|nd|rd|th)(?![a-z]))?"
_YEAR4 = r"(?:1[89]|2[0Oo]|[lI]9)[0-9OolIS]{2}"
_YEAR = rf"(?:['’`]\s?\d{{2}}|{_YEAR4}|\d{{2}})(?!\d)"
_TO = rf"\s{{0,2}}(?:[{DASH}&/]|to|and|through|thru|until)\s{{0,2}}"
_STAMP = r"(?:T\d{2}:?\d{2}(?::?\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?|\s\d{2}:\d{2}:\d{2})?"
_FIRST_YEAR, _LAST_YEAR = 1850, 2100
"""Years that a medical document can name: the births of the oldest, and appointments and expiries to come."""
_CUE = re.compile(
    r"(?:\b(?:on|in|of|for|at|to|and|before|after|around|or|w/?e|cxl|resched\w*|m\.?d|d\.?o|r\.?n|lpn|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|\w{3,6}day"
    r"|n\.?p|pa-?c?|pharm\.?d|dpm|dds|cna|ma|pt|ot|rt|msw|lcsw|rd)\b|since|again|until|till|\bby|from|dated?|d\.?o\.?b\.?|birth\w{0,4}|born|\bdos|seen|admit\w{0,4}|admission"
    r"|discharged?"
    r"|d/c|visit|scheduled|due|appointment|appt|thru|through|last|service|signed|collected|received|reported|expires?"
    r"|exp|effective|surgery|procedure|labs?|on\s+or\s+about|week\s+of|lmp|period|\bmy|\bour|cancel\w{0,4}(?:\s\w{2,20}){0,2}|edd|edc|d\.?o\.?[sd]\.?)\W{0,4}$",
    re.I,
)
_NO_DATE_CUE = re.compile(
    r"(?:pain|strength|score|grade|gcs|apgars?|acuity|vision|reflex\w{0,2}|\bva|\bo[dsu]|murmur|rated?|scale|version"
    r"|ver\.?|\bv"
    r"|bp|pulse|pulses|phq-?9|gad-?7|mmse|moca|icd|cpt|\bno\.)\W{0,3}$",
    re.I,
)
_UNIT = re.compile(
    r"\s{0,2}(?:mg|mcg|ml|mm|cm|kg|g\b|%|units?\b|mmhg|meq|bpm|lbs?|/hpf|x\b|hours?|hrs?|min\b|dose)", re.I
)
_COUNTED = re.compile(
    r"\s{0,2}-?(?:points?|pts|score|strength|reps?\b|sets?\b|visits\b|sessions?|murmur|systolic|diastolic|(?:in|of)\s(?:the|all)"
    r"|bilateral\w*|throughout|pain|power|ppd|packs?|inch|cup|teaspoon|tsp|tablet|tab\b|strip|criteria|joints?\b|digits?\b"
    r"|pulses|reflexes|blood|positive|SIRS|sys\w*|ef\b|full\b|normal)",
    re.I,
)
"""What is counted or graded by a fraction."""
_AT_TIME = re.compile(
    r",?\s(?:at\s|@\s?)\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b|o'?clock|h\b)|,?\s(?:at\s|@\s?)\d{1,2}:\d\d", re.I
)
"""An hour behind a day: pain has none."""
_SHARES = frozenset([2, 3, 4, 5, 6, 8, 10])
"""Denominators of grades, scores and doses: after them a day of a month needs more than its shape."""
_OF_MONTH = re.compile(r"\d(?:st|nd|rd|th)\s(?:day\s)?of\s", re.I)
"""The 12th of may is a day, whatever the month's first letter."""
_ONES = re.compile(r"[|l]{1,2}")
"""What engines make of the days 1 and 11. Not "I": "in March I saw her"."""
_ONES_BEFORE = re.compile(r"(?:^|(?<=[\s(]))[|l]{1,2}\s{1,2}$")
_NEXT_COLUMN = re.compile(rf"\s*{MONTH}(?![a-z])", re.I)
_BIRTH_CUE = re.compile(r"(?:d\.?o\.?b\.?|birth|born|date|\bdos\b)[^\n]{0,24}$|(?:birth\s?date|date)[^\w]{0,4}$", re.I)


def plausible(day: str, month: str, year: str | None = None) -> bool:
    """Whether the figures can be a day and a month (either way round) of a year that a document can name."""
    if not (day.isdigit() and month.isdigit()):
        return False
    d, m = int(day), int(month)
    if not ((1 <= m <= 12 and 1 <= d <= 31) or (1 <= d <= 12 and 1 <= m <= 31)):
        return False
    return year is None or len(year) == 2 or (year.isdigit() and _FIRST_YEAR <= int(year) <= _LAST_YEAR)


def _is_no_share(first: str, second: str) -> bool:
    """Month and day as Americans write them, the day no usual denominator of a score."""
    return 1 <= int(first) <= 12 and 1 <= int(second) <= 31 and int(second) not in _SHARES


def _opens_line(text: str, start: int) -> bool:
    """Whether a log's line begins here and goes on in words: "7/3 pt seen in clinic"."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return not line.strip(" -*\u2022(") and text[start : start + 12].rstrip().count(" ") > 0


class NumericDateRecognizer(TextRecognizer):
    """03/04/2021, 3-4-21, 2021-03-04T10:15, 20210304, 03/2021, 3/4-3/7/2021, boxes of a form (03 04 2021)."""

    KINDS = (Kind.DATE,)
    _full = Searcher(
        rf"(?<![\d/.])(?<!\d[{DASH}])({_N}{{1,2}})\s{{0,2}}([/\\|.{DASH},])\s{{0,2}}({_N}{{1,2}})\s{{0,2}}([/\\"
        rf"|.{DASH},])\s{{0,2}}"
        rf"({_YEAR4}|\d{{2}})(?!\d)(?![/{DASH}.]\d)"
    )
    _iso = Searcher(
        rf"(?<![\d/.{DASH}])({_YEAR4})\s?[/.{DASH}]\s?({_N}{{1,2}})\s?[/.{DASH}]\s?({_N}{{1,2}})(?!\d){_STAMP}(?![{DASH}]\d)"
    )
    _compact = Searcher(
        r"(?<!\d)(?<!\d[.\-])((?:1[89]|20)\d{2})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?:\.\d{1,6})?(?:[+-]\d{4})?(?!\d)(?!-\d)"
    )
    _compact_us = Searcher(r"(?<!\d)(\d{2})(\d{2})((?:19|20)\d{2}|\d{2})(?!\d)")
    _boxes = Searcher(r"(?<![\w/.\-])(\d{2})\s{1,3}(\d{2})\s{1,3}((?:19|20)\d{2}|\d{2})(?![\w/.\-])")
    _month_year = Searcher(rf"(?<![\d/.{DASH}])(0?[1-9]|1[0-2])\s?[/{DASH}]\s?((?:19|20)\d{{2}})(?![\d/{DASH}])")
    _year_month = Searcher(rf"(?<![\d/.{DASH}])((?:19|20)\d{{2}})[/{DASH}](0[1-9]|1[0-2])(?![\d/{DASH}.])")
    _range = Searcher(
        rf"(?<![\d/.{DASH}])(\d{{1,2}})/(\d{{1,2}})(?:/(\d{{4}}|\d{{2}}))?{_TO}(\d{{1,2}})/(?:(\d{{1,2}})/)?(\d{{4}}"
        rf"|\d{{2}})(?![\d/])"
    )
    _day_month = Searcher(rf"(?<![\d/.{DASH}])(\d{{1,2}})/(\d{{1,2}})(?![\d/])(?![.{DASH}]\d)")

    def find(self, text: str) -> Iterator[Match]:
        yield from self._with_year(text)
        yield from self._run_together(text)
        yield from self._partial(text)

    def _with_year(self, text: str) -> Iterator[Match]:
        for hit in self._full.finditer(text):
            first, sep, second, sep2, year = hit.groups()
            long_year = len(year) == 4
            if not plausible(digits(second), digits(first), digits(year)) or true_digits(hit.group()) < 3:
                continue
            if sep != sep2 and not long_year and {sep, sep2} & set(".,"):
                continue
            if (
                sep in ".,|"
                and not long_year
                and (follows(_NO_DATE_CUE, text, hit.start(), 16) or _UNIT.match(text, hit.end()) or " " in hit.group())
            ):
                continue
            yield Match(hit.start(), hit.end(), Kind.DATE, 0.9 if long_year else 0.5 if sep in ".,|" else 0.7)
        for hit in self._iso.finditer(text):
            if plausible(digits(hit.group(3)), digits(hit.group(2)), digits(hit.group(1))):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.9)
        for hit in self._month_year.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.DATE, 0.7)
        for hit in self._year_month.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.DATE, 0.5)

    def _run_together(self, text: str) -> Iterator[Match]:
        for hit in self._compact.finditer(text):
            year, month, day = hit.group(1, 2, 3)
            if 1 <= int(month) <= 12 and plausible(day, month, year):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.6)
        for rule, score in ((self._compact_us, 0.6), (self._boxes, 0.45)):
            for hit in rule.finditer(text):
                if not plausible(hit.group(2), hit.group(1), hit.group(3)):
                    continue
                boxed_year = rule is self._boxes and len(hit.group(3)) == 4
                if boxed_year or follows(_BIRTH_CUE, text, hit.start()):
                    yield Match(hit.start(), hit.end(), Kind.DATE, score)

    def _partial(self, text: str) -> Iterator[Match]:
        for hit in self._range.finditer(text):
            if plausible(hit.group(2), hit.group(1)):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.8)
        for hit in self._day_month.finditer(text):
            if (
                not plausible(hit.group(2), hit.group(1))
                or follows(_NO_DATE_CUE, text, hit.start(), 16)
                or _UNIT.match(text, hit.end())
                or _COUNTED.match(text, hit.end())
            ):
                continue
            told = follows(_CUE, text, hit.start(), 24) or _AT_TIME.match(text, hit.end())
            if told or _opens_line(text, hit.start()) or _is_no_share(*hit.groups()):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.5)


class NamedDateRecognizer(TextRecognizer):
    """March 4th, 2021; 4-MAR-21; 04Mar2021; 2021 Mar 4; March 2021; Mar '21; 4-7 March; in late March."""

    KINDS = (Kind.DATE,)
    _month_day = Searcher(
        rf"(?<![^\W\d_]){_WEEKDAY}(?P<month>{MONTH})\.?[\s{DASH},./]{{0,3}}(?P<day>{_DAY}(?:{_TO}{_DAY}(?![\d/]))?)(?![\d%]|[ap]m\b)"
        rf"(?:\s{{0,2}}[,.{DASH}/]?\s{{0,2}}(?P<year>{_YEAR}))?(?!\d)",
        re.I,
    )
    _day_month = Searcher(
        rf"(?<![\d.$])(?<![\W\d_]/){_WEEKDAY}(?P<day>(?:{_DAY}{_TO})?\d{_N}?(?:\s?(?:st|nd|rd"
        rf"|th)(?![a-z]))?)(?:\s+of)?[\s{DASH}./]{{0,2}}"
        rf"(?:day\s+of\s+)?(?P<month>{MONTH})(?:[a-z|!](?=[\s.,]{{1,3}}{_YEAR4}(?!\d))|(?![a-z]))\.?(?:[\s{DASH},./]{{0,3}}(?P<year>{_YEAR}))?",
        re.I,
    )
    _month_year = Searcher(
        rf"(?<![^\W_])(?P<month>{MONTH})\.?,?(?:\s+of)?[\s{DASH}/]{{0,2}}(?P<year>['’`]\s?\d{{2}}|{_YEAR4}"
        rf"|(?<=[/\-])\d{{2}})(?!\d)",
        re.I,
    )
    _year_first = Searcher(
        rf"(?<!\d)(?<!\d[/.{DASH}]\d[/.{DASH}])(?<!\d[/.{DASH}]\d\d[/.{DASH}])(?P<year>{_YEAR4})[\s{DASH},./]{{0,2}}(?P<month>{MONTH})(?![a-z])\.?[\s{DASH},./]{{0,2}}(?P<day>{_DAY})?(?!\d)",
        re.I,
    )
    _month_alone = Searcher(
        rf"\b(?:in|since|last|next|this|early|late|mid|until|till|by|of|during|through|from)[\s{DASH}]{{1,2}}"
        r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
        r"|December)(?![\w])(?!\s[A-Z])"
    )

    _misread_month = Searcher(r"(?<![\w.])(?P<month>[A-Z][a-z]{2,8})[ ]{1,2}\d{1,2},[ ]{0,2}(?:19|20)\d{2}(?![\w%])")
    """The whole shape of a date, of whose month engines made no word that any rule knows: "Agetl 19, 2026"."""
    _season = Searcher(r"\b(?:spring|summer|fall|autumn|winter)(?: of)? (?:19|20)\d{2}(?!\d)", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._season.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.DATE, 0.5)
        for rule in (self._month_day, self._day_month, self._month_year, self._year_first):
            for hit in rule.finditer(text):
                match = self._checked(hit, text)
                if match is not None:
                    yield match
        for hit in self._misread_month.finditer(text):
            if any(map(partial(_resembles, hit["month"].lower()), _WHOLE_MONTHS)):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.6)
        for hit in self._month_alone.finditer(text):
            yield Match(hit.start("month"), hit.end("month"), Kind.DATE, 0.45)

    @staticmethod
    def _checked(hit: re.Match[str], text: str) -> Match | None:
        month, groups = hit.group("month"), hit.groupdict()
        year, day = groups.get("year"), groups.get("day")
        end = hit.end()
        if (
            month.lower() in ("may", "mar", "dec", "sep", "jan", "march")
            and month.islower()
            and not (year and len(year) >= 3)
            and not _OF_MONTH.search(hit.group())
        ):
            return None
        if day:
            figures = [digits(d) for d in re.findall(rf"{_N}{{1,2}}", re.sub(r"(?i)st|nd|rd|th", " ", day))]
            if not any(f.isdigit() and 1 <= int(f) <= 31 for f in figures[-1:]):
                return None
            if not any(c.isdigit() for c in day) and not _is_misread_one(hit, text):
                return None
        if year is None and _UNIT.match(text, end):
            return None
        if year and len(year) == 2 and (_UNIT.match(text, end) or text[end : end + 1] == ":"):
            # "March 4, 10:15": the figure after the day is an hour, not a year.
            return Match(hit.start(), hit.end("day") if day else end, Kind.DATE, 0.7)
        start = hit.start()
        if not day and year and len(year) == 4:
            start -= sum(len(ones.group()) for ones in _ONES_BEFORE.finditer(text[max(0, start - 5) : start]))
        return Match(start, end, Kind.DATE, 0.9 if day and year else 0.75 if day else 0.7)


def _resembles(word: str, month: str) -> bool:
    """Whether a word may be the month misread: it begins as it does, is as long but for a letter, and has another of
    its letters where the month has it, from its beginning or its end."""
    if word[0] != month[0] or abs(len(word) - len(month)) > 1:
        return False
    return any(
        a == b for a, b in (*zip(word[1:], month[1:], strict=False), *zip(word[:0:-1], month[:0:-1], strict=False))
    )


def _is_misread_one(hit: re.Match[str], text: str) -> bool:
    """Whether "January |" is the first of January: a month with its capital, strokes alone, no row of columns."""
    day, end = hit.group("day"), hit.end("day")
    return (
        _ONES.fullmatch(day) is not None
        and hit.group("month")[0].isupper()
        and not text[end : end + 1].isalnum()
        and not _NEXT_COLUMN.match(text, end)
        and not text[max(0, hit.start() - 3) : hit.start()].rstrip(" ").endswith("|")
    )
