"""The event's patient, searched in the text: whole, in parts, in any order and shape, through OCR damage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import Token, tokens, word_set
from detectors.known import given_names, letterhead
from detectors.known.addresses import Address
from detectors.known.ages import ages_in, figure
from detectors.known.covered import Covered
from detectors.known.dates import dates_equal, dates_misread
from detectors.known.mailboxes import MailboxSearch, mailboxes_of_all
from detectors.known.names import PART, WHOLE, NameSearch
from detectors.known.namesakes import Namesakes
from detectors.known.numbers import DAMAGED, NumberSearch
from detectors.known.numbers import EXACT as EXACT
from detectors.known.owners import Owners
from detectors.known.parts import given_parts, is_another, name_words
from detectors.known.whole_names import WholeNames
from detectors.names.dotted import dotted, initials_of
from detectors.subject import Subject

_STROKES: Final = re.compile(r"(?<=[^\W\d_])[$|](?=[^\W\d_])")
"""What an engine makes of a letter within a word; nobody writes them there."""
_AS_LETTERS: Final = {"$": "s", "|": "l"}
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
        self._given = {part for name in subject.names for part in given_parts(name)}
        self._letters = {word[0] for name in subject.names for word in name_words(name)}
        self._whole_names = WholeNames(people)
        self._namesakes = Namesakes(people)
        self._initials: dict[str, set[Owner]] = {}
        for name, owner in people:
            for letters in initials_of(name):
                self._initials.setdefault(letters, set()).add(owner)
        self._birth = subject.birth_date
        self._mailboxes = MailboxSearch(subject.emails)
        self._numbers = NumberSearch(subject)
        self._addresses = tuple(Address.of(a) for a in subject.addresses)
        self._owners = Owners(people, subject.addresses)

    def owned(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The same disjoint spans, in text order, with an owner where all of their words are one listed person's.

        An age is the patient's where somebody born on that day has it in a year that the page names.
        """
        owned = letterhead.providers(text, self._namesakes.alone(text, self._owners.of(text, spans)))
        owned = given_names.of_others(text, owned, self._given, self._letters)
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
        parts = list(self._names.spans(text, words))
        misread = self._whole_names.spans(text, [part for part in parts if part.score < WHOLE])
        yield from self._namesakes.told_apart(text, [*parts, *misread])
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


def _ordinary(word: str) -> bool:
    """An ordinary word, or two that lost the blank between them: "isseen"."""
    glued = word.removeprefix("is") if word.startswith("is") else word.removeprefix("was")
    apart = glued != word and len(glued) > 3 and lexicon.is_common_word(glued) and not is_another(word, glued)
    return apart or lexicon.is_common_word(word)
