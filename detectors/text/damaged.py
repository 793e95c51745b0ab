"""Shapes that only damage explains: dates no calendar has, addresses with commas, long codes that no rule knows.

The patterns of `detectors.patterns` ask a value to be valid, and a misread digit makes it invalid. On a page that was
read from pixels the shape alone is enough: what looks like an identifier once burns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.folding import fold
from detectors.patterns.search.searcher import AS_READ, Searcher

SHAPE: Final = 0.6
"""Surer than a guess, less sure than every rule that checks what it finds."""

_shape: Final = partial(Searcher, book=AS_READ)

_D: Final = r"[\dOolI|SB§%$Z&]"
"""A digit, or what Tesseract makes of one."""
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
    *("january", "february", "march", "april", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_LONG_MONTH: Final = 6
_BEFORE_MONTH: Final = r"(?:in|of|on|by|to|and|or|for|the|at|was|is|as|per|mid|end)"
"""Words before a month that no misread day looks like."""
_DATES: Final = (
    _shape(rf"(?<![\w./-]){_D}{{1,2}}([/.-]){_D}{{1,2}}[/.-]{_D}{{4}}(?![\w/-])"),
    _shape(rf"(?<![\w./-]){_D}{{1,2}}([/-]){_D}{{1,2}}\1{_D}{{2}}(?![\w/-])"),
    _shape(rf"(?<![\w./-]){_D}{{4}}([/.-]){_D}{{1,2}}[/.-]{_D}{{1,2}}(?![\w/-])"),
    _shape(rf"(?<!\w){_MONTH}[.,:;]? (?!(?:19|20)\d\d )\S{{1,4}} \S{{0,3}}\d\S{{0,3}}(?!\S)"),
    _shape(rf"(?<!\w){_MONTH} {_D}{{5,6}}(?!\w)"),
    _shape(rf"(?<!\S)(?:(?!{_BEFORE_MONTH} )\S{{1,3}} )?{_MONTH}[.,:;]? [12]{_D}{{3}}(?!\w)"),
    _shape(rf"(?<!\S)(?:\d{_D}?|{_D}\d) [A-Z][A-Za-z]{{2}} [12]{_D}{{3}}(?!\w)"),
    _shape(r"(?<![\w-])\d{1,2}([-/.])[^\W\d_]{3}\1(?:19|20)?\d\d(?![\w/-])"),
    _shape(r"(?<=[a-z][.,:;])\d{1,2}([-/])\d{1,2}\1(?:19|20)\d\d(?![\w/-])"),
)
_NAMED_DATE: Final = _shape(rf"(?<![\w-])(?P<month>[A-Z][^\W\d_]{{2,8}})[.,]? {_D}{{1,2}},? (?:19|20)\d\d(?!\w)")
_PHONES: Final = (
    _shape(rf"(?<![\w.-])(?:\+?\d{{1,2}}[ .-])?\(?{_D}{{3}}\)?[ .-]{{0,2}}{_D}{{3}}[ .:-]{_D}{{4}}(?!\w)"),
    _shape(r"(?<!\S)\d{1,2}([.-])\d{3}\1\d{4}(?![\w.-])"),
    _shape(r"(?<!\w)(?:[xX]|[ea]xt\.?) ?\d{3,5}(?!\w)"),
    _shape(r"(?<!\w)\([2-9]\d{2}\)(?!\w)"),
    _shape(r"(?<!\S)\+1(?=\n|$)"),
    _shape(r"(?<=\d{4} )[xX]\S{0,2}\d\S{0,3}(?!\S)"),
    _shape(r"(?<![\w.-])\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[.-](?: ?[^\w\s]\d{3}| \d{4})(?!\w)"),
)
"""Ten digits in three groups; and apart from them a number that lost its first digits, an extension, an area code in
brackets, a country's code that ends a line, an extension behind a number, and a number of which the last group is
broken."""
_URLS: Final = (
    _shape(r"(?i)(?<!\w)[wv]{3}[.,:;] ?\S{4,80}"),
    _shape(
        r"(?<!\S)[\w@-]{5,60}[.,](?:com|org|net|nat|nel|edu|gov|corn|cam|info)(?:/\S{0,60})?(?!\w)",
        needs=r"[.,](?:com|org|net|nat|nel|edu|gov|corn|cam|info)",
        within=61,
    ),
)
_SLASHES: Final = "//"
_SLASHED: Final = _shape(r"(?<!\S)\S{0,20}//\S{2,80}(?: \S{0,20}[./]\S{2,40})?")
_STREETS: Final = (
    _shape(
        r"(?<!\S)\d[\w'’]{0,6}(?: [A-Z$§'‘][\w'’$§-]{0,20}[.,]?){1,4} "
        r"(?:St|Street|Ave|Avenue|Rd|Road|Dr|Drive|Ln|Lane|Blvd|Boulevard|Ct|Court|Way|Pl|Place|Ter|Terrace|Loop|Trail"
        r"|Circle|Cir|Pkwy|Parkway)(?![A-Za-z])"
    ),
    _shape(r"(?<!\w)P[.,]? ?[O0][.,]? ?B[o0]x [\w-]{1,8}(?!\w)"),
)
_ZIP: Final = _shape(
    r"(?<!\w)(?!(?<![,.;] )ID:)[A-Z][A-Z\d|li]\W{1,2}"
    rf"(?:\d{{5}}(?:-\d{{4}})?|{_D}\d{{4}}|\d{_D}\d{{3}}|\d\d{_D}\d\d)(?!\w)"
)
"""A state, perhaps misread, and five digits. "ID:" is Idaho behind a comma only, else a label."""
_CITY: Final = _shape(
    r"(?<!\S)(?P<city>[A-Z][\w'’-]{2,20}(?: [A-Z][\w'’-]{1,20}){0,2})[,.] [A-Z][\w|] \d{5}(?:-\d{4})?(?!\w)"
)
"""What stands before a comma, two letters that may be a state's, and five digits."""
_LONG_ADDRESS: Final = _shape(
    r"(?<![\w:])(?:[0-9A-Za-z]{1,4}\s?:\s?){5,7}[0-9A-Za-z]{1,4}(?!\w)",
    needs=r":\s?[0-9A-Za-z]{1,4}\s?:",
    within=5,
)
"""An address of version 6, in which letters are digits' likenesses and blanks have opened."""
_ADDRESS: Final = _shape(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,3}){3}(?![\d.,]\d)")
_CODE: Final = _shape(r"(?<![\w.,])[A-Za-z]{0,6}[-#]?\d[A-Za-z\d]*(?:[-/][A-Za-z\d]+){0,4}(?![\w]|[.,]\d)")
_DATE_DIGITS, _PHONE_DIGITS, _ADDRESS_DIGITS = 3, 7, 6
"""The digits that must have survived."""
_CODE_DIGITS: Final = 6
"""Doses, laboratory values and procedure codes have five digits at most."""
_MIXED_LENGTH, _MIXED_DIGITS = 7, 4
_RANGE: Final = re.compile(r"\d{1,6}[-/]\d{1,6}")
"""Reference ranges and blood pressures: as many digits as an identifier has."""
_COUNT: Final = re.compile(r"\d{1,2}0{4,}|\d{1,3}(?:000)+")
"""Units of heparin come in hundred thousands."""
_PROCEDURE: Final = re.compile(r"[A-Z]?\d{4,5}-[A-Z\d]{2}")
"""A CPT or HCPCS code with its modifier."""


def spans(text: str) -> list[Span]:
    """What has the shape of a date, an internet address or a long code in `text`."""
    found = [*_dates(text), *_codes(text)]
    found += [_span(m, Kind.PHONE) for shape in _PHONES for m in shape.finditer(text) if _phoned(m[0])]
    found += [_span(m, Kind.URL) for shape in _URLS for m in shape.finditer(text)]
    if _SLASHES in text:  # few pages have them, and every word may begin what does
        found += [_span(m, Kind.URL) for m in _SLASHED.finditer(text)]
    found += [_span(m, Kind.STREET) for shape in _STREETS for m in shape.finditer(text)]
    found += [_span(m, Kind.ZIP) for m in _ZIP.finditer(text)]
    found += [Span(*m.span("city"), Kind.CITY, SHAPE, Layer.PATTERN) for m in _CITY.finditer(text)]
    found += [_span(m, Kind.IP_ADDRESS) for m in _ADDRESS.finditer(text) if not _thousands(m[0])]
    found += [_span(m, Kind.IP_ADDRESS) for m in _LONG_ADDRESS.finditer(text) if _hexadecimal(m[0])]
    return found


def mended(text: str) -> str:
    """The same text, as long, with letters of names put right: a bar or digit for an initial, a small l for a big I."""
    text = _with(text, _INITIAL, lambda m: m[1] + _LETTERS[m[2]] + m[3])
    text = _with(text, _FIRST_INITIAL, lambda _: "O")
    text = _with(text, _LAST_INITIAL, lambda m: m[1] + "I")
    return _with(text, _SMALL_L, lambda m: m[0] if lexicon.is_common_word(fold(m[0])) else "I" + m[0][1:])


def _with(text: str, shape: Searcher, change: Callable[[re.Match[str]], str]) -> str:
    """The text with each match changed: `re.sub`."""
    pieces, done = [], 0
    for m in shape.finditer(text):
        pieces += [text[done : m.start()], change(m)]
        done = m.end()
    return "".join([*pieces, text[done:]]) if pieces else text


_LETTERS: Final = {
    **{"|": "I", "1": "I", "0": "O", "5": "S", "8": "B", "§": "S", "$": "S", "[": "I", "]": "J", "!": "I"},
    **{"©": "O", "®": "R", "@": "O", "¢": "C", "€": "E", "£": "E"},
}
_INITIAL: Final = _shape(
    rf"(\b(?!{_MONTH},? \d)[A-Z][A-Za-z'’-]+,? )([|0158\[\]!§$]|[©®@¢€£](?=\.))(?! {_MONTH}(?!\w))"
    r"(\.? [A-Z][A-Za-z'’-]+\b|\.(?=\s|$))",
    needs=r" [|0158\[\]!§$©®@¢€£](?=\.? [A-Z]|\.(?:\s|$))",
    within=400,
)
"""Beside a month's name a figure is the day: "On 1 July". Signs of trade and money want a point behind: "Copyright ©
Epic" is nobody's name."""
_FIRST_INITIAL: Final = _shape(r"(?:(?<=: )|(?<=\n)|(?<=[DM]r\. )|(?<=Mrs\. ))0(?=\. [A-Z][a-z])")
_LAST_INITIAL: Final = _shape(r"(\b[A-Z][A-Z'’-]+, [A-Z][A-Z'’-]+ )[|!](?=\s)", needs=r" [|!](?=\s)", within=400)
_SMALL_L: Final = _shape(r"\bl[a-z]{2,20}\b(?=,? [A-Z][A-Za-z])")


def _dates(text: str) -> Iterator[Span]:
    for pattern in _DATES:
        for m in pattern.finditer(text):
            if sum(c.isdigit() for c in m[0]) >= _DATE_DIGITS:
                yield _span(m, Kind.DATE)

    for m in _NAMED_DATE.finditer(text):
        if _is_month(m["month"]):
            yield _span(m, Kind.DATE)


def _is_month(word: str) -> bool:
    """A month's name or short form, of which one letter may be another, or two of a long one."""
    limit = 1 if len(word) < _LONG_MONTH else 2
    return any(Levenshtein.distance(word.casefold(), month, score_cutoff=limit) <= limit for month in _MONTHS)


def _hexadecimal(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= _ADDRESS_DIGITS and any(c.isalpha() for c in text)


def _codes(text: str) -> Iterator[Span]:
    for m in _CODE.finditer(text):
        code = m[0]
        digits = sum(c.isdigit() for c in code)
        harmless = _RANGE.fullmatch(code) or _COUNT.fullmatch(code) or _PROCEDURE.fullmatch(code)
        mixed = digits >= _MIXED_DIGITS and len(code) >= _MIXED_LENGTH and any(c.isupper() for c in code)
        if (digits >= _CODE_DIGITS or mixed) and not harmless:
            yield _span(m, Kind.OTHER_ID)


def _phoned(text: str) -> bool:
    return text[0] in "(+xXea" or sum(c.isdigit() for c in text) >= _PHONE_DIGITS


def _thousands(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) is not None


def _span(m: re.Match[str], kind: Kind) -> Span:
    return Span(m.start(), m.end(), kind, SHAPE, Layer.PATTERN)
