"""Whose a found identifier is, when all of its words stand in one listed value.

The search for the event's values finds them one by one; a title before a name, a flat's number or the state of an
address is found by other layers, and belongs to the value that it stands in or beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import Token, as_id, as_name, fold_word, tokens, word_set
from detectors.known.parts import given_parts, is_another, name_parts
from detectors.known.slips import comparable, misread_words
from detectors.known.towns import TOWN, with_their_towns
from detectors.patterns.states import STATE_NAMES

_ADDRESS: Final = TOWN | {Kind.STREET}
_PHONES: Final = frozenset({Kind.PHONE, Kind.FAX})
_TITLES: Final = word_set("mr mrs ms miss dr prof rev md do rn np pa pac phd dds mph esq jr sr ii iii iv mister doctor")
_TITLE_NAMES: Final = frozenset(map(as_name, _TITLES))
_BESIDE: Final = re.compile(r"[ \t,.;:()]{0,4}\n?[ \t]{0,3}")
_SAME_LINE: Final = re.compile(r"[ \t,.]{0,3}")
_ONE_NAME: Final = re.compile(r"(?: [A-Z]\.?)? ?")
"""Between a given name and its family name: a blank, perhaps a middle initial."""
_TURNED: Final = re.compile(r"^[^\W\d_][\w'’. -]*, {0,2}$")
_TITLED: Final = re.compile(r"(?<![^\W_])(?:dr|mrs?|ms|miss|prof|doctor)\.? {0,2}$", re.I)
_NAMESAKES: Final = frozenset({Owner.PATIENT, Owner.PROVIDER})
"""Whose family's name, in the name of somebody else, would stay for it."""
_SHORT_FORMS: Final = {
    "street": "st", "avenue": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "terrace": "ter", "parkway": "pkwy", "highway": "hwy", "circle": "cir", "square": "sq",
    "trail": "trl", "apartment": "apt", "suite": "ste", "floor": "fl", "north": "n", "south": "s", "east": "e",
    "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}  # fmt: skip
_STATES: Final = (
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa "
    "ri sc sd tn tx ut vt va wa wv wi wy dc pr gu"
)
_NAMES: Final = [fold_word(name.replace(r"\s{1,2}", "")) for name in STATE_NAMES.split("|")]
_CODES: Final = dict(zip(_NAMES, _STATES.split(), strict=True))
"""The postal code of each state's name, blanks left out."""
_UNITS: Final = word_set("apt apartment unit suite ste fl floor room bldg building lot no number")
_LABELS: Final = word_set("dob mrn mr acct account ssn tel phone cell id no dl")
_COUNTRY: Final = word_set("1 01 001 0011")
"""The code of North America, as it is dialled from there and from abroad."""
_MIN_WORDS: Final = 2
_WORD: Final = 24
"""Characters in which the word beside another ends."""
_CREDENTIAL: Final = 5
"""Letters of the longest credential."""


class Owners:
    """The words of one subject's people and addresses."""

    def __init__(self, people: Sequence[tuple[str, Owner]], addresses: Sequence[str]) -> None:
        self._people = [(owner, frozenset(as_name(part) for part in name_parts(name))) for name, owner in people]
        self._parts = {part for name, _ in people for part in name_parts(name)}
        self._given = {o: {part for name, owner in people if owner is o for part in given_parts(name)} for o in Owner}
        self._addresses = [(frozenset(_address_words(address)), _neighbouring(address)) for address in addresses]
        self._written = [[comparable(t.text) for t in tokens(address)] for address in addresses]

    def of(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """`spans` are disjoint and in text order. An owner that is known already stays."""
        found = list(spans)
        # Forward and back: a state may stand before its ZIP code and behind its city.
        for order in (range(len(found)), reversed(range(len(found)))):
            for i in order:
                if found[i].owner is Owner.UNKNOWN and found[i].layer is not Layer.PATIENT:
                    found[i] = replace(found[i], owner=self._owner(text, found, i))
        for i in range(1, len(found) - 1):
            if found[i].kind is Kind.PERSON and found[i].owner is Owner.UNKNOWN:
                found[i] = replace(found[i], owner=self._between(text, found[i - 1], found[i], found[i + 1]))
        for i in range(1, len(found)):
            before, span = found[i - 1], found[i]
            if (
                before.kind is span.kind is Kind.PERSON
                and span.owner in _NAMESAKES
                and before.owner is not span.owner
                and _ONE_NAME.fullmatch(text[before.end : span.start])
                and self._is_family(_words_of(text, span), span.owner)
            ):
                # "Martynas L. Kovacs": behind another's given name the family's name is that person's.
                found[i] = replace(span, owner=before.owner)
                if before.owner in _NAMESAKES and len(_words_of(text, before)) == 1:
                    # The patient's given name and a doctor's family name are neither's.
                    found[i - 1 : i + 1] = (replace(s, owner=Owner.UNKNOWN) for s in (before, span))
        for i in range(1, len(found)):
            if self._filed_of_two(text, found[i - 1], found[i]):
                found[i - 1 : i + 1] = (replace(s, owner=Owner.UNKNOWN) for s in found[i - 1 : i + 1])
        for i in range(len(found) - 1):
            if self._surname_of_next(text, found, i):
                found[i] = replace(found[i], owner=Owner.UNKNOWN)
        return with_their_towns(text, found)

    def _filed_of_two(self, text: str, before: Span, span: Span) -> bool:
        """Whether a doctor's family name and the patient's given one, or the other way about, are filed as one name."""
        if not (before.kind is span.kind is Kind.PERSON and {before.owner, span.owner} == _NAMESAKES):
            return False
        family, given = _words_of(text, before), _words_of(text, span)
        return (
            text[before.end : span.start].strip() == ","
            and len(family) == len(given) == 1
            and self._given[before.owner].isdisjoint(family)
            and given[0] in self._given[span.owner]
        )

    def _surname_of_next(self, text: str, spans: Sequence[Span], index: int) -> bool:
        """Whether a lone family name, with no name or title before it, opens a stranger's: "Nwosu, Abel"."""
        span, after = spans[index], spans[index + 1]
        if not (span.kind is after.kind is Kind.PERSON and span.owner in _NAMESAKES and after.owner is Owner.UNKNOWN):
            return False
        lone = _words_of(text, span)
        given = _words_of(text, after)
        lone_name = self._is_family(lone, span.owner) and lone[0] not in _TITLES
        if not lone_name or not given or (lexicon.is_surname(given[0]) and not lexicon.is_given_name(given[0])):
            return False
        begun = (
            index
            and spans[index - 1].kind is Kind.PERSON
            and _SAME_LINE.fullmatch(text[spans[index - 1].end : span.start])
        )
        apart = text[span.start : after.start]
        return (
            not begun and not _TITLED.search(text[max(0, span.start - 8) : span.start]) and bool(_TURNED.search(apart))
        )

    def _is_family(self, words: Sequence[str], owner: Owner) -> bool:
        """Whether it is one word, or none of several is a given name of those who are the owner."""
        return len(words) == 1 or (bool(words) and self._given[owner].isdisjoint(words))

    def _between(self, text: str, before: Span, span: Span, after: Span) -> Owner:
        """Whose a middle initial or, of a provider, a middle name is: both neighbours' where they make up one name."""
        middle = [t.folded for t in tokens(text[span.start : span.end])]
        owner = before.owner
        if not (len(middle) == 1 and before.kind is after.kind is Kind.PERSON and owner is after.owner):
            return Owner.UNKNOWN
        if not (owner is Owner.PROVIDER or (owner is Owner.PATIENT and len(middle[0]) == 1)):
            return Owner.UNKNOWN
        apart = text[before.end : span.start] + text[span.end : after.start]
        left, right = (
            {as_name(t.folded) for t in tokens(text[s.start : s.end])} - _TITLE_NAMES for s in (before, after)
        )
        whole = any(o is owner and left | right <= parts for o, parts in self._people)
        return owner if whole and left and right and not left & right and not apart.strip(" .") else Owner.UNKNOWN

    def _owner(self, text: str, spans: Sequence[Span], index: int) -> Owner:
        span = spans[index]
        words = [t.folded for t in tokens(text[span.start : span.end]) if t.folded]
        if span.kind is Kind.PERSON and _whole_word(text, span) in _TITLES:
            # The credential behind a name, or the letter of it that a rule of names took for an initial.
            return self._beside(text, spans, index, frozenset({Kind.PERSON}))
        if span.kind is Kind.PERSON and words:
            return self._person(text, spans, index, words)
        if len(words) == 1 and words[0] in _LABELS and index + 1 < len(spans) and span.end == spans[index + 1].start:
            return spans[index + 1].owner  # the label that an engine ran together with its number
        if span.kind in _PHONES and len(words) == 1 and words[0] in _COUNTRY:
            return self._beside(text, spans, index, _PHONES)  # the country's code before a number as listed
        if span.kind in _ADDRESS and words and self._addressed(text, spans, index, words):
            return Owner.PATIENT
        return Owner.UNKNOWN

    def _person(self, text: str, spans: Sequence[Span], index: int, words: Sequence[str]) -> Owner:
        named = [as_name(w) for w in words if w not in _TITLES and len(w) > 1]
        if not named and all(w in _TITLES for w in words):
            return self._beside(text, spans, index, frozenset({Kind.PERSON}))
        if any(w not in self._parts and as_name(w) in named and is_another(w, "") for w in words):
            return Owner.UNKNOWN
        owners = {owner for owner, parts in self._people if named and set(named) <= parts}
        return owners.pop() if len(owners) == 1 else Owner.UNKNOWN

    def _beside(self, text: str, spans: Sequence[Span], index: int, kinds: frozenset[Kind]) -> Owner:
        beside = {s.owner for s in _neighbours(text, spans, index, _SAME_LINE) if s.kind in kinds}
        return beside.pop() if len(beside) == 1 else Owner.UNKNOWN

    def _addressed(self, text: str, spans: Sequence[Span], index: int, words: Sequence[str]) -> bool:
        wanted = {_shortened(w) for w in words}
        listed = [beside for known, beside in self._addresses if wanted <= known]
        if not listed:
            return self._misread_address(text, spans, index)
        if spans[index].kind is not Kind.ZIP and not any(_in_place(text, spans[index], beside) for beside in listed):
            return False
        if len(wanted) >= _MIN_WORDS and any(w[0].isdigit() for w in wanted) and any(len(w) > 2 for w in wanted):
            return True
        return _own_beside(text, spans, index)

    def _misread_address(self, text: str, spans: Sequence[Span], index: int) -> bool:
        """Whether the rest of an address beside words of it is what an engine made of the listed one's, perhaps with a
        blank in a word: "19 Mill Cir cle"."""
        if not _own_beside(text, spans, index):
            return False
        span, before = spans[index], spans[max(0, index - 1)]
        begun = before.start if before.owner is Owner.PATIENT and before.kind in _ADDRESS else span.start
        reads = {comparable(text[start : span.end]) for start in (span.start, begun)}
        return any(misread_words(read, written) for read in reads for written in self._written)


def _own_beside(text: str, spans: Sequence[Span], index: int) -> bool:
    return any(s.owner is Owner.PATIENT and s.kind in _ADDRESS for s in _neighbours(text, spans, index, _BESIDE))


def _in_place(text: str, span: Span, beside: frozenset[tuple[str, str]]) -> bool:
    """Whether each number of the span stands before or behind the same word as in the address: the flat's is not the
    house's."""
    begun = max(0, span.start - _WORD)
    near = tokens(text[begun : span.end + _WORD])
    placed = {
        t.start for a, b in _pairs(near) if (_shortened(a.folded), _shortened(b.folded)) in beside for t in (a, b)
    }
    within = (t for t in near if span.start <= begun + t.start < span.end)
    return all(t.start in placed for t in within if t.folded[:1].isdigit())


def _neighbouring(address: str) -> frozenset[tuple[str, str]]:
    return frozenset((_shortened(a.folded), _shortened(b.folded)) for a, b in _pairs(tokens(address)))


def _pairs(words: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each two that follow one another, with the words for a flat and without them."""
    words = [word for word in words if word.folded]
    yield from pairwise(words)
    yield from pairwise(word for word in words if word.folded not in _UNITS)


def _whole_word(text: str, span: Span) -> str:
    """What the span stands in, its stops left out: "md" for the M of "MD", and for "M.D."."""
    inner = text[span.start : span.end]
    start, end = span.end - len(inner.lstrip(" ,.")), span.start + len(inner.rstrip(" ,"))
    begun = re.search(r"[^\W_]*$", text[max(0, start - _CREDENTIAL) : start])
    ended = re.match(r"[^\W_]*", text[end : end + _CREDENTIAL])
    return fold_word(f"{begun[0] if begun else ''}{text[start:end]}{ended[0] if ended else ''}".replace(".", ""))


def _words_of(text: str, span: Span) -> list[str]:
    return [t.folded for t in tokens(text[span.start : span.end])]


def _neighbours(text: str, spans: Sequence[Span], index: int, gap: re.Pattern[str]) -> list[Span]:
    found = []
    if index and gap.fullmatch(text[spans[index - 1].end : spans[index].start]):
        found.append(spans[index - 1])
    if index + 1 < len(spans) and gap.fullmatch(text[spans[index].end : spans[index + 1].start]):
        found.append(spans[index + 1])
    return found


def _address_words(address: str) -> set[str]:
    words = [_shortened(t.folded) for t in tokens(address) if t.folded]
    pairs = [a + b for a, b in pairwise(words)]
    return {*words, *(_CODES[w] for w in (*words, *pairs) if w in _CODES)}


def _shortened(word: str) -> str:
    if word[0].isdigit():
        return as_id(word)
    return as_name(_SHORT_FORMS.get(word, _CODES.get(word, word)))
