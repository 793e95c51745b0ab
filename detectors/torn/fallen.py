"""Values that fell apart into words of which each is harmless: no rule sees them, and an engine is sure of each."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word
from detectors.findings import Kind
from detectors.folding import fold
from detectors.pages import Word
from detectors.torn.rows import GAP, gap

_BLANK: Final = 1.3
"""Heights of the line between two groups of a number, as boxes of figures are low."""
_FOURS: Final = 4
"""Groups of four figures that a card's number has; with one figure misread its check sum fails."""
_FOUR: Final = re.compile(r"\W?\d{4}\W?")
_ONE_OFF: Final = re.compile(r"\S\d{3}|\d\S\d\d|\d\d\S\d|\d{3}\S")
"""The same with a sign or letter for a figure, of which a card's number may have one."""
_PLUS_ONE: Final = re.compile(r"\+\d{1,2}")
_AREA: Final = re.compile(r"\(?\d{3}\)?")
"""What a telephone number begins with where its line ends before it does."""
_WHOLE_DAY: Final = re.compile(r"\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d")
_BYTES: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,2}\.?")
_ADDRESS: Final = re.compile(r"(?:(?:1?\d?\d|2[0-5]\d)\.){3}(?:1?\d?\d|2[0-5]\d)")
_LEAST_FIGURES: Final = 8
"""Of a network address in two words: a date and a result that follows have fewer."""
_MIXED: Final = re.compile(r"(?=(?:[A-Z]*\d){4})(?=(?:\d*[A-Z]){4})[A-Z\d]{12,}")
"""Capitals and figures in one run: a vehicle's or a device's number, whose check sum fails where a sign was misread."""
_HOST: Final = re.compile(r"(?=.{5})[\w-]+(?:\.[\w-]+)*[.,]|(?=.{6})[a-z][a-z\d-]+(?:\.[a-z\d-]+)*")
"""Before the end that lost it the stop may be lost, too."""
_WWW: Final = re.compile(r"(?:[wvyue]{2,4}|w[wveus]{1,3})\W?")
_EDGES: Final = ".,;:'\"()[]"
_DOMAIN: Final = re.compile(r"(?:com|net|org|edu|gov)(?:/\S*)?[.,;]?")


def numbers(words: Sequence[Word]) -> frozenset[int]:
    """Indices of the words of four groups of four figures in a row, of network addresses in two, and of long runs of
    capitals and figures."""
    found = {at for at, word in enumerate(words) if _MIXED.fullmatch(word.text.strip(_EDGES))}
    run: list[int] = []
    for at, word in enumerate(words):
        goes_on = bool(run) and gap(words[run[-1]], word) <= _BLANK
        whole, one_off = _FOUR.fullmatch(word.text), _ONE_OFF.fullmatch(word.text.rstrip(_EDGES))
        run = [*(run if goes_on else []), at] if whole or one_off else []
        last = run[-_FOURS:]
        if len(last) == _FOURS and sum(_FOUR.fullmatch(words[at].text) is None for at in last) <= 1:
            found.update(last)
    for at, (one, other) in enumerate(pairwise(words)):
        told = one.text + other.text.rstrip(_EDGES)
        if (
            _BYTES.fullmatch(one.text)
            and _BYTES.fullmatch(other.text)
            and gap(one, other) <= GAP
            and sum(map(str.isdigit, told)) >= _LEAST_FIGURES
            and _ADDRESS.fullmatch(told)
        ):
            found.update((at, at + 1))
    return frozenset(found)


def cut_by_a_line(words: Sequence[Word], burned: Container[int]) -> frozenset[int]:
    """Indices of the country's and the area's code at the end of a line where the next opens with burned figures:
    "+1 377", "737 5819"."""
    found: set[int] = set()
    for at in range(len(words) - 2):
        plus, area, rest = words[at : at + 3]
        if (
            at + 2 in burned
            and plus.line == area.line != rest.line
            and _PLUS_ONE.fullmatch(plus.text)
            and _AREA.fullmatch(area.text)
            and sum(map(str.isdigit, rest.text)) >= 2
        ):
            found.update((at, at + 1))
    return frozenset(found)


def addresses(words: Sequence[Word]) -> frozenset[int]:
    """Indices of the words of an address whose end stands apart: "recordsmed. net", "wew recordsmed com"."""
    found: set[int] = set()
    for at, (host, end) in enumerate(pairwise(words)):
        if (
            _DOMAIN.fullmatch(end.text)
            and _HOST.fullmatch(host.text)
            and gap(host, end) <= GAP
            and not is_common_word(fold(host.text))
            and not is_clinical_word(fold(host.text))
        ):
            opens = at and _WWW.fullmatch(words[at - 1].text) and gap(words[at - 1], host) <= GAP
            found.update((at - 1, at, at + 1) if opens else (at, at + 1))
    return frozenset(found)


def year_in_pieces(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> Kind | None:
    """The last figures of a day that fell apart, of which the ones before burn: "06/1 0/1 947"."""
    told = words[at].text.rstrip(_EDGES)
    if not told.isdigit():
        return None
    for first in range(at - 1, max(at - 4, -1), -1):
        if first not in kinds or gap(words[first], words[first + 1]) > GAP:
            return None
        told = words[first].text + told
        if _WHOLE_DAY.fullmatch(told):
            return Kind.DATE
    return None
