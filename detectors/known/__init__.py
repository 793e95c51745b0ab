"""The event's patient, searched in the text: whole, in parts, in any order and shape, through OCR damage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import Token, as_id, as_name, fold_word, tokens, word_set
from detectors.known import letterhead
from detectors.known.ages import ages_in, figure
from detectors.known.covered import Covered
from detectors.known.dates import dates_equal, dates_misread
from detectors.known.mailboxes import MailboxSearch, mailboxes_of_all
from detectors.known.names import PART, NameSearch
from detectors.known.namesakes import Namesakes
from detectors.known.numbers import DAMAGED, NumberSearch, one_off
from detectors.known.numbers import EXACT as EXACT
from detectors.known.owners import Owners
from detectors.known.parts import is_another
from detectors.known.slips import comparable, figures_misread
from detectors.names.dotted import dotted, initials_of
from detectors.subject import Subject

_STREET_TYPES: Final = word_set(
    "st street ave avenue av rd road blvd boulevard dr drive ln lane ct court pl place ter terrace way pkwy "
    "parkway hwy highway cir circle sq square trl trail apt unit suite ste fl floor box po n s e w ne nw se sw "
    "north south east west"
)
_COMPASS: Final = word_set("n s e w ne nw se sw north south east west northeast northwest southeast southwest")
_UNITS: Final = word_set("apt unit suite ste fl floor box po room bldg building lot")
_MOST_COMPASS: Final = 2
"""As many points of the compass stand between number and name: "12 N. East Mill Road"."""
_NUMBERED: Final = re.compile(
    r"(?=[A-Za-z]?\d)(?!\d?[A-Za-z]{3})\w{1,6}[ \t.,]{1,3}(?:[NSEWnsew][A-Za-z]{0,8}[ .]{1,3}){0,2}"
)
"""A house's number and what may stand between it and its street."""
_STROKES: Final = re.compile(r"(?<=[^\W\d_])[$|](?=[^\W\d_])")
"""What an engine makes of a letter within a word; nobody writes them there."""
_AS_LETTERS: Final = {"$": "s", "|": "l"}
_BOX: Final = re.compile(
    r"(?<![^\W_])(?:P[.,]?[ ]?O[.,]?|Post Office)[ ]{0,2}Box[ ]{1,2}(?:#[ ]?)?(?P<number>\w{1,8})(?!\w)", re.I
)
_AGES: Final = frozenset({Kind.AGE, Kind.AGE_OVER_89})
_TITLES: Final = word_set("mr mrs ms miss dr prof md do rn np pa phd dds jr sr ii iii iv the and")


class KnownValues:
    """One subject's values, made ready once and searched on every page."""

    def __init__(self, subject: Subject) -> None:
        people = [
            *((name, Owner.PATIENT) for name in subject.names),
            *((name, Owner.RELATIVE) for name in subject.relatives),
            *((name, Owner.PROVIDER) for name in subject.providers),
        ]
        self._names = NameSearch(people)
        self._namesakes = Namesakes(people)
        self._initials: dict[str, set[Owner]] = {}
        for name, owner in people:
            for letters in initials_of(name):
                self._initials.setdefault(letters, set()).add(owner)
        self._birth = subject.birth_date
        self._mailboxes = MailboxSearch(subject.emails)
        self._numbers = NumberSearch(subject)
        self._addresses = tuple(_Address.of(a) for a in subject.addresses)
        self._owners = Owners(people, subject.addresses)

    def owned(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The same disjoint spans, in text order, with an owner where all of their words are one listed person's.

        An age is the patient's where somebody born on that day has it in a year that the page names.
        """
        owned = letterhead.providers(text, self._owners.of(text, spans))
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
        found = list(self._mailboxes.spans(text))
        boxes = Covered(found)
        others = Covered(mailboxes_of_all(text))
        for name in self._people(text, words):
            # A name in the patient's address for mail is part of that; in another's, it is not the patient's.
            if not boxes.holds(name.start, name.end):
                within = others.holds(name.start, name.end)
                found.append(replace(name, kind=Kind.EMAIL, owner=Owner.UNKNOWN) if within else name)
        for start, end, letters, goes_on in dotted(text):
            owners = self._initials.get(letters)
            if owners:
                whose = Owner.UNKNOWN if goes_on or len(owners) > 1 else next(iter(owners))
                found.append(Span(start, end, Kind.PERSON, PART, Layer.PATIENT, whose))
        if self._birth is not None:
            found += [
                Span(a, b, Kind.BIRTH_DATE, EXACT, Layer.PATIENT, Owner.PATIENT)
                for a, b in dates_equal(text, self._birth)
            ]
            found += [
                Span(a, b, Kind.BIRTH_DATE, DAMAGED, Layer.PATIENT, Owner.PATIENT)
                for a, b in dates_misread(text, self._birth)
            ]
        found += self._numbers.spans(text)
        for address in self._addresses:
            found += address.spans(text, words)
        return found

    def _people(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        yield from self._namesakes.told_apart(text, self._names.spans(text, words))
        whole = _STROKES.sub(lambda m: _AS_LETTERS[m[0]], text)
        if whole != text:
            yield from self._namesakes.told_apart(whole, self._names.spans(whole, tokens(whole)))

    def settled(self, text: str, spans: Iterable[Span]) -> list[Span]:
        """The same spans, where part of the patient's name inside another person's name is nobody's.

        "Smith" in "Mary Smith" is not the patient's when the patient is John: in doubt it burns.
        """
        spans = list(spans)
        own = Covered(
            s for s in spans if s.owner is Owner.PATIENT and s.kind is Kind.PERSON and s.layer is Layer.PATIENT
        )
        others = [
            s for s in spans if s.kind is Kind.PERSON and s.layer is not Layer.PATIENT and self._strange(text, s, own)
        ]
        return [
            replace(s, owner=Owner.UNKNOWN)
            if s.owner is Owner.PATIENT
            and s.kind is Kind.PERSON
            and s.score < EXACT
            and any(o.start < s.end and s.start < o.end for o in others)
            else s
            for s in spans
        ]

    def _strange(self, text: str, span: Span, own: Covered) -> bool:
        """Whether a word of the span is neither the patient's, misread ones included, nor a title or plain word."""
        words = [
            t.folded
            for t in tokens(text[span.start : span.end])
            # What an engine makes of "is".
            if not own.holds(span.start + t.start, span.start + t.end) and t.text != "ls"
        ]
        return any(len(w) > 1 and not self._names.is_own(w) and w not in _TITLES and not _ordinary(w) for w in words)


@dataclass(frozen=True, slots=True)
class _Address:
    number: str = field(repr=False)
    street: tuple[str, ...] = field(repr=False)
    city: tuple[str, ...] = field(repr=False)
    zip: str = field(repr=False)
    box: str = field(default="", repr=False)
    """Of a post office; such an address has no street."""

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
        box = _BOX.search(parts[0]) if parts else None
        if box is not None:
            return cls("", (), city, zips[-1] if zips else "", comparable(box["number"]))
        return cls(number, street, city, zips[-1] if zips else "")

    def spans(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        for box in _BOX.finditer(text) if self.box else ():
            if figures_misread(comparable(box["number"]), self.box):
                yield self._span(box.start(), box.end(), Kind.STREET)
        folded = [w.folded for w in words]
        for i, word in enumerate(folded):
            if self.street and word[:1] == self.street[0][:1] and _alike(word, self.street[0]):
                yield from self._street_at(text, words, i)
            if self.city and tuple(folded[i : i + len(self.city)]) == self.city and words[i].text[0].isupper():
                yield self._span(words[i].start, words[i + len(self.city) - 1].end, Kind.CITY)
            if self.zip and as_id(word) == self.zip:
                last = words[i + 1] if i + 1 < len(words) else None
                plus = last is not None and text[words[i].end : last.start] == "-" and len(last.folded) == 4
                yield self._span(words[i].start, last.end if plus and last else words[i].end, Kind.ZIP)

    def _street_at(self, text: str, words: Sequence[Token], i: int) -> Iterator[Span]:
        start, end, support, owner = i, i, 0, Owner.PATIENT
        # A point of the compass may stand between number and name.
        numbered = i - 1
        while i - numbered <= _MOST_COMPASS and numbered > 0 and words[numbered].folded in _COMPASS:
            numbered -= 1
        if numbered >= 0 and self.number and figures_misread(words[numbered].folded, self.number):
            start, support = numbered, 1
        elif numbered >= 0 and self.number and _NUMBERED.fullmatch(text, words[numbered].start, words[i].start):
            owner = Owner.UNKNOWN  # another house of the street
        for name in self.street[1:]:
            if end + 1 < len(words) and _alike(words[end + 1].folded, name):
                end, support = end + 1, support + 1
        while end + 1 < len(words) and words[end + 1].folded in _STREET_TYPES and end - i < 6:
            end, support = end + 1, support + 1
        # A street's name alone ("Oak", "Lincoln") needs its number, its type or a second word beside it.
        if support:
            yield self._span(words[start].start, words[end].end, Kind.STREET, owner)

    def _span(self, start: int, end: int, kind: Kind, owner: Owner = Owner.PATIENT) -> Span:
        return Span(start, end, kind, EXACT, Layer.PATIENT, owner)


def _ordinary(word: str) -> bool:
    """An ordinary word, or two that lost the blank between them: "isseen"."""
    glued = word.removeprefix("is") if word.startswith("is") else word.removeprefix("was")
    apart = glued != word and len(glued) > 3 and lexicon.is_common_word(glued) and not is_another(word, glued)
    return apart or lexicon.is_common_word(word)


def _alike(word: str, wanted: str) -> bool:
    return word == wanted or (len(wanted) >= 6 and (as_name(word) == as_name(wanted) or one_off(word, wanted)))
