"""The numbers of the event's patient: in every spacing, and one character off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import IdText, as_id, fold
from detectors.known.covered import Covered
from detectors.known.slips import comparable, figures_misread
from detectors.subject import Subject

EXACT: Final = 0.99
DAMAGED: Final = 0.9

_MIN_ID: Final = 4
"""Shorter numbers stand on every page."""
_MIN_DAMAGED_ID: Final = 8
"""From eight characters on one wrong character still tells the value from a chance number."""
_MIN_MISREAD_ID: Final = 6
"""From six on letters that stand for figures do: `0579g70`."""
_AREA_AND_NUMBER: Final = 10
"""Digits of a North American number with its area code."""
_MOST_MORE: Final = 2
"""Characters beyond a number's own: the country's code, and one that was added."""
_FIGURE: Final = re.compile(r"\d")
_AREA_BEFORE: Final = re.compile(r"\d[\s().\-/\u2010-\u2015]{0,4}$")
_LONGER_BEFORE: Final = re.compile(r"(?:[1-9]|(?<![^\W_])[^\W\d_])0*\Z")
_LONGER_BEHIND: Final = re.compile(r"\d|[^\W\d_](?![^\W_])")
"""A figure or a letter alone that touches a number makes another of it; zeros before it do not, and a word that an
engine ran together with it does not."""
_ZEROS: Final = 24
_ZEROS_BEFORE: Final = re.compile(r"(?<!\d)0{1,23}\Z")
_PADDED: Final = 10
"""Figures that records' numbers are filled up to with zeros, and no more."""
_RECORDS: Final = frozenset({Kind.MRN, Kind.OTHER_ID})
_LABEL_REACH: Final = 24
_OF_A_RECORD: Final = re.compile(
    r"(?<![^\W_])(?:mrn?|rec(?:ord)?s?|charts?|id|acct|account|member|patient|pt|no|num(?:ber)?)[ .:#=\-]{0,4}\Z"
    r"|#[ ]?\Z",
    re.I,
)
_OF_A_THING: Final = re.compile(r"(?<![^\W_])(?:lot|batch|serial|model|room|bed|phone|fax|tel|ref)(?![^\W_])", re.I)
_LONGEST_WORD: Final = 40
_ID_RUN: Final = re.compile(r"[A-Za-z0-9|£][A-Za-z0-9| .()/~'`-]{4,38}[A-Za-z0-9|]")


@dataclass(frozen=True, slots=True)
class _Number:
    kind: Kind
    owner: Owner
    folded: str = field(repr=False)
    written: str = field(default="", repr=False)
    """In the form that slips are counted in."""
    zeros: int = 0
    """As many stand before it in the listed form."""


class NumberSearch:
    """All the numbers of one subject."""

    def __init__(self, subject: Subject) -> None:
        self._numbers = tuple(_numbers(subject))

    def spans(self, text: str) -> Iterator[Span]:
        """Every number of the subject in `text`; they may overlap."""
        if not self._numbers:
            return
        folded = IdText.of(text)
        found = [
            Span(_zeros_before(text, start, number), end, number.kind, EXACT, Layer.PATIENT, owner)
            for number in self._numbers
            for start, end in folded.occurrences(text, number.folded)
            for owner in (_owner(text, start, end, number),)
        ]
        found += self._damaged(text)
        owned = [s for s in found if s.owner is not Owner.UNKNOWN]
        within = Covered(owned)
        for span in found:
            if span.owner is not Owner.UNKNOWN or not (_is_more(span, owned) or within.holds(span.start, span.end)):
                yield span

    def _damaged(self, text: str) -> Iterator[Span]:
        longer = [n for n in self._numbers if len(n.folded) >= _MIN_MISREAD_ID]
        for run in _ID_RUN.finditer(text) if longer else ():
            for start, end in _groups(text, _word_start(text, run.start()), run.end()):
                raw = text[start:end].replace("|", "1")
                value = as_id(raw)
                for number in longer:
                    if -1 <= len(value) - len(number.folded) <= _MOST_MORE:
                        yield from _damaged_at(start, end, raw, value, number)


def _damaged_at(start: int, end: int, raw: str, value: str, number: _Number) -> Iterator[Span]:
    """The characters, where they are the number with one of them wrong, lost or added; `value` is `raw` folded."""
    coded = number.kind is Kind.PHONE and raw[0] in "1+" and len(value) > len(number.folded)
    if coded and value == "1" + number.folded:
        # With the country's code it is the number as listed, not one misread.
        yield Span(start, end, number.kind, EXACT, Layer.PATIENT, number.owner)
        return
    if len(number.folded) < _MIN_DAMAGED_ID:
        lettered = number.kind is not Kind.PHONE and any(c.isalpha() for c in raw)
        if lettered and figures_misread(comparable(raw), number.written):
            yield Span(start, end, number.kind, DAMAGED, Layer.PATIENT, number.owner)
        return
    value = value.removeprefix("1") if coded else value
    if value == number.folded or one_off(value, number.folded):
        read = comparable(raw)
        # A figure for another may be the next patient's; a letter for a figure is the engine's.
        same = figures_misread(read.removeprefix("1") if coded else read, number.written)
        yield Span(start, end, number.kind, DAMAGED, Layer.PATIENT, number.owner if same else Owner.UNKNOWN)


def _word_start(text: str, at: int) -> int:
    """A run has a greatest length: the next one may begin inside a word, of which it needs the whole."""
    first = max(0, at - _LONGEST_WORD)
    while at > first and text[at - 1].isalnum():
        at -= 1
    return at


def _is_more(span: Span, owned: Sequence[Span]) -> bool:
    """Whether it is the number itself and what stands beside it, no longer one that was misread: "E40718826  1"."""
    return span.score < EXACT and any(o.score == EXACT and span.start <= o.start and o.end <= span.end for o in owned)


def _zeros_before(text: str, start: int, number: _Number) -> int:
    """Where the zeros begin that stand right before a number; a telephone's are its own matter."""
    zeros = _ZEROS_BEFORE.search(text, max(0, start - _ZEROS), start) if number.kind is not Kind.PHONE else None
    return zeros.start() if zeros else start


def _is_padded(text: str, start: int, number: _Number) -> bool:
    """Whether zeros before the number leave it the same: as many as it is listed with and one more, as clerks write it;
    or those that another system fills the numbers of its records up with, behind the label of one."""
    begun = _zeros_before(text, start, number)
    if start - begun <= number.zeros:
        return True
    if number.kind not in _RECORDS or not number.folded.isdigit() or start - begun + len(number.folded) > _PADDED:
        return False
    lead = text[max(0, begun - _LABEL_REACH) : begun].rpartition("\n")[2]
    one_more = start - begun == number.zeros + 1
    return bool(one_more or _OF_A_RECORD.search(lead)) and not _OF_A_THING.search(lead)


def _groups(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The run cut at blanks into up to three neighbouring pieces: ids are written in one to three groups."""
    pieces = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", text[start:end])]
    # The run has a greatest length and may end inside a word, whose first letter must not count.
    if pieces and pieces[-1][1] < len(text) and text[pieces[-1][1]].isalnum():
        pieces.pop()
    for i in range(len(pieces)):
        for j in range(i, min(i + 3, len(pieces))):
            if _FIGURE.search(text, pieces[i][0], pieces[j][1]):
                yield pieces[i][0], pieces[j][1]


def one_off(a: str, b: str) -> bool:
    """Whether one wrong, lost or added character makes a of b. A digit changed to a digit counts as well."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    split = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[split:] == long[split + 1 :]


def _numbers(subject: Subject) -> Iterator[_Number]:
    def one(kind: Kind, value: str) -> Iterator[_Number]:
        folded = as_id(value)
        if len(folded) >= _MIN_ID:
            yield _Number(kind, Owner.PATIENT, folded, comparable(value))
            bare = comparable(value).lstrip("0")
            # Leading zeros come and go between systems; a letter like one is part of the number.
            if len(folded) > len(bare) >= _MIN_ID + 1:
                yield _Number(kind, Owner.PATIENT, as_id(bare), bare, len(folded) - len(bare))

    if subject.mrn:
        yield from one(Kind.MRN, subject.mrn)
    if subject.ssn:
        yield from one(Kind.SSN, subject.ssn)
    for value in subject.ids:
        yield from one(Kind.OTHER_ID, value)
    for phone in subject.phones:
        digits = re.sub(r"\D", "", phone)
        digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
        yield from one(Kind.PHONE, digits)
        if len(digits) == 10:
            # Without its area code it may be a stranger's: it is found, and belongs to nobody.
            yield from (replace(number, owner=Owner.UNKNOWN) for number in one(Kind.PHONE, digits[3:]))


def _owner(text: str, start: int, end: int, number: _Number) -> Owner:
    """Nobody's where the place is part of a longer number, has another letter than the listed one, or zeros that make
    another of it; and where figures stand before a telephone number listed without area code: they may be another's."""
    local = number.kind is Kind.PHONE and len(number.folded) < _AREA_AND_NUMBER
    if local and _AREA_BEFORE.search(text, max(0, start - 5), start):
        return Owner.UNKNOWN
    before, behind = _LONGER_BEFORE.search(text, max(0, start - _ZEROS), start), _LONGER_BEHIND.match(text, end)
    if before or behind or not figures_misread(fold(text[start:end]), number.written):
        return Owner.UNKNOWN
    return number.owner if _is_padded(text, start, number) else Owner.UNKNOWN
