"""The listed addresses of the event's patient: a street by its whole number, a box of the post by its town as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import Token, as_id, as_name, fold_word, tokens, word_set
from detectors.known.numbers import EXACT, one_off
from detectors.known.slips import comparable, figures_misread
from detectors.patterns.states import STATE_CODES, STATE_NAMES

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
_BOX: Final = re.compile(
    r"(?<![^\W_])(?:P[.,]?[ ]?O[.,]?|Post Office)[ ]{0,2}Box[ ]{1,2}(?:#[ ]?)?(?P<number>\w{1,8})(?!\w)", re.I
)
_BEHIND_BOX: Final = re.compile(r"(?:(?!\. |[;:])[^\n]){0,60}(?:\n(?:(?!\. |[;:])[^\n]){0,40})?")
"""What may tell the town of a box: the rest of its line and the next one, to the sentence's end."""
_CODE: Final = re.compile(r"(?<![\w-])\d{5}(?:-\d{4})?(?![\w-])")
_CAPITALIZED: Final = r"[A-Z][A-Za-z'’.-]{1,20}(?: [A-Z][A-Za-z'’.-]{1,20}){0,2}"
_NO_TOWN: Final = r"(?i:usa?|u\.s|united|apt|unit|phone|tel|cell|fax|home|work|dob|mrn|e-?mail|attn|c/o|county)"
_TOWN: Final = re.compile(
    rf"(?:,[ ]{{0,2}}|,?[ ]?\n[ ]{{0,3}}|[ ]{{1,2}}){_CAPITALIZED},? (?:{STATE_CODES}|{STATE_NAMES})(?![^\W_])"
    rf"|,[ ]{{0,2}}(?!(?:{STATE_CODES}|{STATE_NAMES}|{_NO_TOWN})(?![^\W_])){_CAPITALIZED}[ ]{{0,2}}(?:[,).\n]|\Z)"
)
_TOWN_WITH_CODE: Final = re.compile(rf"(?<![^\W_])(?:{STATE_CODES}|{STATE_NAMES}),?[ ]{{1,2}}{_CODE.pattern}")


@dataclass(frozen=True, slots=True)
class Address:
    """One listed address in its parts, folded; empty where it has none."""

    number: str = field(repr=False)
    compass: str = field(repr=False)
    """The points between number and street, in letters: "n", "ne"."""
    street: tuple[str, ...] = field(repr=False)
    city: tuple[str, ...] = field(repr=False)
    zip: str = field(repr=False)
    box: str = field(default="", repr=False)
    """Of a post office; such an address has no street."""

    @classmethod
    def of(cls, address: str) -> Address:
        parts = [part for part in re.split(r"[,\n;]", address) if part.strip()]
        zips = re.findall(r"(?<!\d)\d{5}(?!\d)", ",".join(parts[1:]) or address)
        first = [t.folded for t in tokens(parts[0])] if parts else []
        number = first[0] if first and first[0][0].isdigit() else ""
        points = takewhile(_COMPASS.__contains__, first[1:] if number else ())
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
            return cls("", "", (), city, zips[-1] if zips else "", comparable(box["number"]))
        return cls(number, _letters(points), street, city, zips[-1] if zips else "")

    def spans(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        for box in _BOX.finditer(text) if self.box else ():
            if figures_misread(comparable(box["number"]), self.box):
                owner = Owner.UNKNOWN if self._is_elsewhere(text, box.end()) else Owner.PATIENT
                yield self._span(box.start(), box.end(), Kind.STREET, owner)
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

    def _is_elsewhere(self, text: str, end: int, code: re.Pattern[str] = _CODE) -> bool:
        """Whether another town or code is told behind a box of the post or a street; every town has its own."""
        behind = _BEHIND_BOX.match(text, end)
        rest = behind[0] if behind else ""
        words = [fold_word(word) for word in re.findall(r"[^\W_]+", rest)]
        if any(figures_misread(comparable(w), comparable(self.zip)) for w in words if self.zip):
            return False
        wanted = len(self.city)
        if self.city and any(
            all(map(_same_town, words[i : i + wanted], self.city)) for i in range(len(words) - wanted + 1)
        ):
            return False
        return (bool(self.zip) and code.search(rest) is not None) or (bool(self.city) and _TOWN.match(rest) is not None)

    def _street_at(self, text: str, words: Sequence[Token], i: int) -> Iterator[Span]:
        start, end, support, owner = i, i, 0, Owner.PATIENT
        # A point of the compass may stand between number and name.
        numbered = i - 1
        while i - numbered <= _MOST_COMPASS and numbered > 0 and words[numbered].folded in _COMPASS:
            numbered -= 1
        if numbered >= 0 and self.number and figures_misread(words[numbered].folded, self.number):
            start, support = numbered, 1
            told = _letters(w.folded for w in words[numbered + 1 : i])
            if told and told != self.compass and (self.compass or i - numbered > 2):
                owner = Owner.UNKNOWN  # the house of that number on another side of the town
        elif numbered >= 0 and self.number and _NUMBERED.fullmatch(text, words[numbered].start, words[i].start):
            owner = Owner.UNKNOWN  # another house of the street
        for name in self.street[1:]:
            if end + 1 < len(words) and _alike(words[end + 1].folded, name):
                end, support = end + 1, support + 1
        while end + 1 < len(words) and words[end + 1].folded in _STREET_TYPES and end - i < 6:
            end, support = end + 1, support + 1
        # A street's name alone ("Oak", "Lincoln") needs its number, its type or a second word beside it.
        if support:
            # The street of that name in another town.
            owner = Owner.UNKNOWN if self._is_elsewhere(text, words[end].end, _TOWN_WITH_CODE) else owner
            yield self._span(words[start].start, words[end].end, Kind.STREET, owner)

    def _span(self, start: int, end: int, kind: Kind, owner: Owner = Owner.PATIENT) -> Span:
        return Span(start, end, kind, EXACT, Layer.PATIENT, owner)


def _letters(points: Iterable[str]) -> str:
    """Points of the compass in letters: "North", "East" and "NE" are all "ne"."""
    return "".join(
        point[0] + (point[5:6] if point[:5] in ("north", "south") else "") if len(point) > 2 else point
        for point in points
    )


def _same_town(word: str, wanted: str) -> bool:
    return as_name(word) == as_name(wanted) or _alike(word, wanted)


def _alike(word: str, wanted: str) -> bool:
    return word == wanted or (len(wanted) >= 6 and (as_name(word) == as_name(wanted) or one_off(word, wanted)))
