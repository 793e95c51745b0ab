"""The event's patient, searched in the text: whole, in parts, in any order and shape, through OCR damage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import IdText, Token, as_id, as_name, fold_word, tokens, word_set
from detectors.known.ages import ages_in, figure
from detectors.known.dates import dates_equal
from detectors.known.names import NameSearch
from detectors.known.owners import Owners
from detectors.subject import Subject

EXACT: Final = 0.99
DAMAGED: Final = 0.9

_MIN_ID: Final = 4
"""Shorter numbers stand on every page."""
_MIN_DAMAGED_ID: Final = 8
"""From eight characters on one wrong character still tells the value from a chance number."""
_AREA_AND_NUMBER: Final = 10
"""Digits of a North American number with its area code."""
_STREET_TYPES: Final = word_set(
    "st street ave avenue av rd road blvd boulevard dr drive ln lane ct court pl place ter terrace way pkwy "
    "parkway hwy highway cir circle sq square trl trail apt unit suite ste fl floor box po n s e w ne nw se sw "
    "north south east west"
)
_COMPASS: Final = word_set("n s e w ne nw se sw north south east west northeast northwest southeast southwest")
_UNITS: Final = word_set("apt unit suite ste fl floor box po room bldg building lot")
_AGES: Final = frozenset({Kind.AGE, Kind.AGE_OVER_89})
_TITLES: Final = word_set("mr mrs ms miss dr prof md do rn np pa phd dds jr sr ii iii iv the and")
_AREA_BEFORE: Final = re.compile(r"\d[\s().\-/\u2010-\u2015]{0,4}$")
_ID_RUN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .()/-]{4,38}[A-Za-z0-9|]")


@dataclass(frozen=True, slots=True)
class _Number:
    kind: Kind
    owner: Owner
    folded: str = field(repr=False)


class KnownValues:
    """One subject's values, made ready once and searched on every page."""

    def __init__(self, subject: Subject) -> None:
        people = [
            *((name, Owner.PATIENT) for name in subject.names),
            *((name, Owner.RELATIVE) for name in subject.relatives),
            *((name, Owner.PROVIDER) for name in subject.providers),
        ]
        self._names = NameSearch(people)
        self._birth = subject.birth_date
        self._emails = tuple(e.casefold() for e in subject.emails if "@" in e)
        self._numbers = tuple(_numbers(subject))
        self._addresses = tuple(_Address.of(a) for a in subject.addresses)
        self._owners = Owners(people, subject.addresses)

    def owned(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The same disjoint spans, in text order, with an owner where all of their words are one listed person's.

        An age is the patient's where somebody born on that day has it in a year that the page names.
        """
        owned = self._owners.of(text, spans)
        if self._birth is None or not any(s.kind in _AGES for s in owned):
            return owned
        ages = ages_in(text, self._birth)
        return [
            replace(s, owner=Owner.PATIENT)
            if s.kind in _AGES and s.owner is Owner.UNKNOWN and figure(text[s.start : s.end]) in ages
            else s
            for s in owned
        ]

    def spans(self, text: str) -> list[Span]:
        """Every known value in `text`; they may overlap."""
        words = tokens(text)
        found = list(self._names.spans(text, words))
        if self._birth is not None:
            found += [
                Span(a, b, Kind.BIRTH_DATE, EXACT, Layer.PATIENT, Owner.PATIENT)
                for a, b in dates_equal(text, self._birth)
            ]
        found += self._number_spans(text)
        found += self._email_spans(text)
        for address in self._addresses:
            found += address.spans(text, words)
        return found

    def settled(self, text: str, spans: Iterable[Span]) -> list[Span]:
        """The same spans, where part of the patient's name inside another person's name is nobody's.

        "Smith" in "Mary Smith" is not the patient's when the patient is John: in doubt it burns.
        """
        spans = list(spans)
        others = [s for s in spans if s.kind is Kind.PERSON and s.layer is not Layer.PATIENT and self._strange(text, s)]
        return [
            replace(s, owner=Owner.UNKNOWN)
            if s.owner is Owner.PATIENT
            and s.kind is Kind.PERSON
            and s.score < EXACT
            and any(o.start < s.end and s.start < o.end for o in others)
            else s
            for s in spans
        ]

    def _strange(self, text: str, span: Span) -> bool:
        words = [t.folded for t in tokens(text[span.start : span.end])]
        return any(
            len(w) > 1 and not self._names.is_own(w) and w not in _TITLES and not lexicon.is_common_word(w)
            for w in words
        )

    def _number_spans(self, text: str) -> Iterator[Span]:
        if not self._numbers:
            return
        folded = IdText.of(text)
        for number in self._numbers:
            for start, end in folded.occurrences(text, number.folded):
                yield Span(start, end, number.kind, EXACT, Layer.PATIENT, _owner(text, start, number))
        longer = [n for n in self._numbers if len(n.folded) >= _MIN_DAMAGED_ID]
        if not longer:
            return
        for run in _ID_RUN.finditer(text):
            for start, end in _groups(text, run.start(), run.end()):
                value = as_id(text[start:end])
                for number in longer:
                    if number.kind is Kind.PHONE and text[start] in "1+" and value == "1" + number.folded:
                        # With the country's code it is the number as listed, not one misread.
                        yield Span(start, end, number.kind, EXACT, Layer.PATIENT, number.owner)
                    elif _one_off(value, number.folded):
                        yield Span(start, end, number.kind, DAMAGED, Layer.PATIENT, Owner.UNKNOWN)

    def _email_spans(self, text: str) -> Iterator[Span]:
        for email in self._emails:
            local, _, domain = email.partition("@")
            # OCR puts spaces around @ and dots.
            loose = r"\s?".join([re.escape(local), "@", r"\s?".join(map(re.escape, re.split(r"(?<=\.)", domain)))])
            shapes = [loose] + ([rf"(?<!\w){re.escape(local)}(?!\w)"] if len(local) >= 6 else [])
            for shape in shapes:
                for m in re.finditer(shape, text, re.IGNORECASE):
                    yield Span(m.start(), m.end(), Kind.EMAIL, EXACT, Layer.PATIENT, Owner.PATIENT)


def _groups(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The run cut at blanks into up to three neighbouring pieces: ids are written in one to three groups."""
    pieces = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", text[start:end])]
    # The run has a greatest length and may end inside a word, whose first letter must not count.
    if pieces and pieces[-1][1] < len(text) and text[pieces[-1][1]].isalnum():
        pieces.pop()
    for i in range(len(pieces)):
        for j in range(i, min(i + 3, len(pieces))):
            if any(c.isdigit() for c in text[pieces[i][0] : pieces[j][1]]):
                yield pieces[i][0], pieces[j][1]


def _one_off(a: str, b: str) -> bool:
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
            yield _Number(kind, Owner.PATIENT, folded)
            bare = folded.lstrip("0")
            # Leading zeros come and go between systems.
            if bare != folded and len(bare) >= _MIN_ID + 1:
                yield _Number(kind, Owner.PATIENT, bare)

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


def _owner(text: str, start: int, number: _Number) -> Owner:
    """Nobody's where figures stand before a telephone number listed without area code: they may be another's."""
    local = number.kind is Kind.PHONE and len(number.folded) < _AREA_AND_NUMBER
    return Owner.UNKNOWN if local and _AREA_BEFORE.search(text, max(0, start - 5), start) else number.owner


@dataclass(frozen=True, slots=True)
class _Address:
    number: str = field(repr=False)
    street: tuple[str, ...] = field(repr=False)
    city: tuple[str, ...] = field(repr=False)
    zip: str = field(repr=False)

    @classmethod
    def of(cls, address: str) -> _Address:
        parts = [part for part in re.split(r"[,\n;]", address) if part.strip()]
        zips = re.findall(r"(?<!\d)\d{5}(?!\d)", ",".join(parts[1:]) or address)
        first = [t.folded for t in tokens(parts[0])] if parts else []
        number = first[0] if first and first[0][0].isdigit() else ""
        street = tuple(w for w in first[1 if number else 0 :] if w not in _STREET_TYPES and not w.isdigit())
        city: tuple[str, ...] = ()
        for part in parts[1:]:
            words = [fold_word(w) for w in part.split()]
            words = [w for w in words if w and not any(c.isdigit() for c in w) and len(w) > 2]
            if words and words[0] not in _UNITS:
                city = tuple(words)
                break
        return cls(number, street, city, zips[-1] if zips else "")

    def spans(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        folded = [w.folded for w in words]
        for i, word in enumerate(folded):
            if self.street and word[:1] == self.street[0][:1] and _alike(word, self.street[0]):
                yield from self._street_at(words, i)
            if self.city and tuple(folded[i : i + len(self.city)]) == self.city and words[i].text[0].isupper():
                yield self._span(words[i].start, words[i + len(self.city) - 1].end, Kind.CITY)
            if self.zip and as_id(word) == self.zip:
                last = words[i + 1] if i + 1 < len(words) else None
                plus = last is not None and text[words[i].end : last.start] == "-" and len(last.folded) == 4
                yield self._span(words[i].start, last.end if plus and last else words[i].end, Kind.ZIP)

    def _street_at(self, words: Sequence[Token], i: int) -> Iterator[Span]:
        start, end, support = i, i, 0
        # A point of the compass may stand between number and name.
        numbered = i - 2 if i > 1 and words[i - 1].folded in _COMPASS else i - 1
        if numbered >= 0 and self.number and as_id(words[numbered].folded) == as_id(self.number):
            start, support = numbered, 1
        for name in self.street[1:]:
            if end + 1 < len(words) and _alike(words[end + 1].folded, name):
                end, support = end + 1, support + 1
        while end + 1 < len(words) and words[end + 1].folded in _STREET_TYPES and end - i < 6:
            end, support = end + 1, support + 1
        # A street's name alone ("Oak", "Lincoln") needs its number, its type or a second word beside it.
        if support:
            yield self._span(words[start].start, words[end].end, Kind.STREET)

    def _span(self, start: int, end: int, kind: Kind) -> Span:
        return Span(start, end, kind, EXACT, Layer.PATIENT, Owner.PATIENT)


def _alike(word: str, wanted: str) -> bool:
    return word == wanted or (len(wanted) >= 6 and (as_name(word) == as_name(wanted) or _one_off(word, wanted)))
