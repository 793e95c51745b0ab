"""The address and numbers of a house, told by the head of its paper: they are a provider's, and no stranger's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from detectors.findings import Kind, Owner, Span
from detectors.folding import tokens, word_set

_HEAD_LINES: Final = 8
"""Lines of a page, blank ones left out, in which its head stands."""
_MOST_LINES: Final = 3
"""Lines of address and numbers below a house's name."""
_OF_A_HOUSE: Final = frozenset(
    {Kind.STREET, Kind.CITY, Kind.STATE, Kind.ZIP, Kind.PHONE, Kind.FAX, Kind.URL, Kind.EMAIL}
)
_LABEL: Final = re.compile(
    r"(?i)\b(?:tel|telephone|phone|ph|fax|main|office|toll[ -]free|suite|ste|floor|web|e-?mail|p|f|t)\b"
)
_LIVED_IN: Final = re.compile(
    r"(?i)\b(?:homes?|manor|nursing|assisted|living|residen(?:ces?|tial)|retirement|seniors?|convalescent|shelter|hospice"
    r"|apartments?|prison|jail|correctional|detention)\b"
)
"""Houses whose address is that of the people in them."""
_SOMEBODYS: Final = re.compile(
    r"(?i)[^\W\d_][ \t]{0,2}:|\b(?:residents?|patients?|lives|lived|clients?|members?|subscribers?|inmates?)\b"
)
"""A label, or a word of a line, below which a house may be somebody's address."""
_PERSONAL: Final = frozenset({Kind.PERSON, Kind.BIRTH_DATE, Kind.MRN})
_LEAST_WORD: Final = 4
_ANY_HOUSE: Final = word_set(
    "hospital hospitals clinic clinics center centre medical medicine health healthcare care associates associated "
    "group practice physicians doctors doctor family community general regional memorial university college county "
    "city state national services service system network department institute laboratory laboratories pharmacy dental "
    "mail email post office saint with from"
)
"""Words of a house's name that tell it from no other."""
_LETTERS: Final = re.compile(r"[^\W_]")


def providers(text: str, spans: Sequence[Span]) -> list[Span]:
    """The same disjoint spans, in text order; what stands right below a house's name in the page's head, and is an
    address or number of nobody's, is PROVIDER. Below anything of a person the house is where that person lives."""
    found = list(spans)
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text) if m[0].strip()][: _HEAD_LINES + _MOST_LINES]
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if _is_house(text, line, found):
            for index in _below(text, lines[number : number + 1 + _MOST_LINES], found):
                found[index] = replace(found[index], owner=Owner.PROVIDER)
        if _is_somebodys(text, line, found):
            break
    return found


def _is_house(text: str, line: tuple[int, int], spans: Sequence[Span]) -> bool:
    within = [spans[i] for i in _on(line, spans)]
    houses = [s for s in within if s.kind is Kind.FACILITY or s.owner is Owner.PROVIDER]
    if not houses or len(houses) < len(within) or _LETTERS.search(_rest(text, line, within)):
        return False
    return not _LIVED_IN.search(text, *line)


def _is_somebodys(text: str, line: tuple[int, int], spans: Sequence[Span]) -> bool:
    personal = any(spans[i].kind in _PERSONAL and spans[i].owner is not Owner.PROVIDER for i in _on(line, spans))
    return personal or bool(_SOMEBODYS.search(text, *line))


def _below(text: str, lines: Sequence[tuple[int, int]], spans: Sequence[Span]) -> Iterator[int]:
    """The spans of the lines below the first, a house's, that hold nothing but its address and numbers."""
    own = {t.folded for t in tokens(text[slice(*lines[0])]) if len(t.folded) >= _LEAST_WORD} - _ANY_HOUSE
    for above, line in pairwise(lines):
        if text.count("\n", above[1], line[0]) > 1:
            return
        on = list(_on(line, spans))
        within = [spans[i] for i in on]
        if not within or _LETTERS.search(_LABEL.sub("", _rest(text, line, within))):
            return
        if any(s.kind not in _OF_A_HOUSE or s.owner is Owner.RELATIVE for s in within):
            return
        if any(s.owner is Owner.PATIENT and s.kind not in (Kind.CITY, Kind.STATE, Kind.ZIP) for s in within):
            return
        if any(s.kind is Kind.EMAIL and not _at_house(text[s.start : s.end], own) for s in within):
            return
        yield from (i for i in on if spans[i].owner is Owner.UNKNOWN)


def _at_house(mailbox: str, names: Collection[str]) -> bool:
    """Whether the part behind the sign has a word of the house's own name."""
    domain = mailbox.casefold().rpartition("@")[2]
    return any(name in domain for name in names)


def _on(line: tuple[int, int], spans: Sequence[Span]) -> Iterator[int]:
    return (i for i, s in enumerate(spans) if s.start < line[1] and line[0] < s.end)


def _rest(text: str, line: tuple[int, int], spans: Sequence[Span]) -> str:
    """What no span covers of the line."""
    at, left = line[0], ""
    for span in spans:
        left += text[at : max(at, span.start)] + " "
        at = max(at, span.end)
    return left + text[at : line[1]]
