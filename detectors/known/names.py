"""People's names searched in any order, in parts, with initials, glued together and damaged by OCR."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import Token, as_name, fold_word, word_set
from detectors.known.nicknames import NICKNAMES
from detectors.known.parts import PIECES, TITLES, given_parts, is_another, is_cut, name_parts, name_words
from detectors.known.slips import foreign_shape, misread

WHOLE: Final = 0.99
PART: Final = 0.9
DAMAGED_PART: Final = 0.8

_BEFORE_NAME: Final = word_set("mr mrs ms miss dr prof rev mister doctor dear patient name")
_AFTER_NAME: Final = word_set(
    "is was has had will reports reported states stated denies denied presents presented returns returned "
    "underwent feels felt complains complained agrees agreed says said asks asked visits visited called calls brought "
    "drove lives lived came md do rn np jr sr"
)
_MR: Final = word_set("mr mrs ms miss mister")
_MISREAD_TITLES: Final = word_set("nr wr hr ns hs nrs hrs wrs rnr rns m5 n5 mr5")
"""What an engine makes of a title that has its stop yet; nobody is called so."""
_GLUED_VERB: Final = re.compile(r"(?P<name>[^\W\d_]{4,})(?:is|was|has)")
"""A name and the verb behind it, the blank between them lost."""
_SMALL: Final = word_set("van von der den ter de del della di da dos das du la las le los el al bin ibn")
_CREDENTIAL: Final = re.compile(r"[A-Z]\. ?[A-Z]\.")
_GAP: Final = re.compile(r"[ \t,.'’()\-–]{0,3}\n?[ \t]{0,3}")
_STOP: Final = re.compile(r"\.[)’']?\s")
_VOWELS: Final = frozenset("aeiou")
_LONGEST_SHORTENED: Final = 3
"""Letters of a name's word that bears a stop: "St. Ives", "Wm. Ives"."""


def _of_another(word: str, part: str, given: Container[str]) -> bool:
    """Whether a folded word near the part is another's name, a sister's of a brother's ("Feliciana", "Feliciano")
    among them, or nothing that an engine makes of the part."""
    sister = len(word) == len(part) and word[-1] != part[-1] and word[-1] in _VOWELS and part[-1] in _VOWELS
    return (sister and part in given) or is_another(word, part) or not misread(word, part)


@dataclass(frozen=True, slots=True)
class _Person:
    owner: Owner
    parts: frozenset[str]
    words: frozenset[str]
    """Initials included."""
    given: frozenset[str]

    def has_initial(self, letter: str, told: Iterable[str]) -> bool:
        """Whether the letter may stand for a word that is not told: "Z. Zbinden" is no Martynas Zbinden."""
        return any(word[0] == letter for word in self.words.difference(told))


@dataclass(frozen=True, slots=True)
class _Hit:
    """A word of the text that may be part of a person's name."""

    index: int
    part: str
    exact: bool
    whole: bool
    another: bool = False
    """A name of its own that only looks like the part."""


class NameSearch:
    """All the people of one subject. `people` are names as written, with the owner of each."""

    def __init__(self, people: Sequence[tuple[str, Owner]]) -> None:
        self._people: list[_Person] = []
        self._exact: dict[str, list[tuple[int, str, bool]]] = defaultdict(list)
        self._damaged: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._foreign: list[tuple[int, str, re.Pattern[str]]] = []
        for index, (name, owner) in enumerate(people):
            parts = name_parts(name)
            words = frozenset(w for w in name_words(name) if w not in TITLES)
            self._people.append(_Person(owner, frozenset(parts), words, frozenset(given_parts(name))))
            self._index(index, parts, {w[0] for w in words})
            shapes = ((fold_word(piece), foreign_shape(piece)) for piece in PIECES.split(name))
            self._foreign += [(index, part, s) for part, s in shapes if s and len(part) > 1 and part not in TITLES]
        self._own = {part for person in self._people if person.owner is Owner.PATIENT for part in person.parts}
        self._long = [part for part in self._damaged if len(part) >= _MIN_FUZZY]

    def _index(self, person: int, parts: list[str], initials: Iterable[str]) -> None:
        for part in parts:
            self._exact[part].append((person, part, False))
            for short in NICKNAMES.get(part, ()):
                self._exact[short].append((person, part, False))
            self._damaged[as_name(part)].append((person, part))
            for glued in (part + initial for initial in initials if len(part) >= _MIN_FUZZY):
                if not is_another(glued, part):
                    self._exact[glued].append((person, part, False))
        # Words that OCR ran together.
        for a, b in permutations(parts[:_MAX_GLUED], 2):
            self._exact[a + b].append((person, a + b, True))
        if len(parts) > 2:
            self._exact["".join(parts)].append((person, "".join(parts), True))

    def spans(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        hits: dict[int, list[_Hit]] = defaultdict(list)
        seen: dict[str, list[tuple[int, str, bool, bool]]] = {}
        for index, word in enumerate(words):
            if word.folded not in seen:
                seen[word.folded] = self._matches(word.folded)
            for person, part, exact, whole in seen[word.folded]:
                folded = exact and word.folded not in self._exact and as_name(word.folded) == as_name(part)
                given = self._people[person].given
                another = not exact and _of_another(word.folded, part, given)
                another = is_another(word.folded, part) if folded else another
                hits[person].append(_Hit(index, part, exact and not another, whole, another))
            if index + 1 < len(words) and is_cut(text, word, words[index + 1]):
                for person, part, whole in self._exact.get(word.folded + words[index + 1].folded, ()):
                    if not whole and len(part) >= _MIN_FUZZY:
                        # "Mar tim": a name that the engine read as two words.
                        hits[person] += [_Hit(index, part, True, False), _Hit(index + 1, part, True, False)]
        at = {person: {hit.index for hit in found} for person, found in hits.items()}
        for person, found in hits.items():
            others = [indices for other, indices in at.items() if other != person]
            kept = [h for h in found if not _taken(text, words, h.index, at[person], others)]
            yield from self._grouped(text, words, self._people[person], kept)

    def is_own(self, word: str) -> bool:
        """Whether a folded word is part of the patient's name, letters that the engine cannot read put aside."""
        return word in self._own or any(
            self._people[person].owner is Owner.PATIENT and shape.fullmatch(word) for person, _, shape in self._foreign
        )

    def _matches(self, word: str) -> list[tuple[int, str, bool, bool]]:
        if len(word) < 2:
            return []
        if word in self._exact:
            return [(person, part, True, whole) for person, part, whole in self._exact[word]]
        glued = _GLUED_VERB.fullmatch(word)
        if glued and glued["name"] in self._exact and not is_another(word, glued["name"]):
            return [(person, part, True, whole) for person, part, whole in self._exact[glued["name"]]]
        foreign = [(person, part, True, False) for person, part, shape in self._foreign if shape.fullmatch(word)]
        if foreign:
            return foreign
        if len(word) < _MIN_FUZZY - 1 or word.isdigit() or lexicon.is_common_word(word):
            return []
        damaged = as_name(word)
        if len(word) >= 4 and damaged in self._damaged:
            return [(person, part, True, False) for person, part in self._damaged[damaged]]
        found = []
        for known in self._long:
            limit = 1 if len(known) < _MIN_TWO_OFF else 2
            if abs(len(known) - len(damaged)) <= limit and (
                Levenshtein.distance(known, damaged, score_cutoff=limit) <= limit
            ):
                found += [(person, part, False, False) for person, part in self._damaged[known]]
        return found

    def _grouped(self, text: str, words: Sequence[Token], person: _Person, hits: list[_Hit]) -> Iterator[Span]:
        hits = sorted(hits, key=lambda hit: (hit.index, hit.exact and not hit.another))
        by_index = {hit.index: hit for hit in hits}
        done = -1
        for hit in hits:
            if hit.index <= done:
                continue
            first = last = hit.index
            told = _parts_from(text, words, hit.index, by_index)
            while _initial(words, first - 1, person, told) and _near(text, words, first - 1):
                first -= 1
            while last + 1 < len(words) and _near(text, words, last):
                if last + 1 not in by_index and not _initial(words, last + 1, person, told):
                    break
                if any(words[i].folded == words[last + 1].folded for i in range(first, last + 1)):
                    break  # the family's name again: the next person's
                last += 1
            group = [by_index[i] for i in range(first, last + 1) if i in by_index]
            family = person.owner is Owner.RELATIVE and all(h.part in self._own for h in group)
            if len({h.part for h in group}) > 1 and not family and last + 1 < len(words) and _near(text, words, last):
                # A middle initial that the event does not know.
                after = words[last + 1]
                credential = _CREDENTIAL.match(text, after.start)
                last += len(after.folded) == 1 and after.text.isupper() and credential is None
            done = last
            alone = family and len(group) == last - first + 1
            if alone and not self._with_strangers(text, words, first, last):
                continue  # the family's name alone: the patient's, and nothing of the relative's
            score = _score(text, words, first, last, group, person.given)
            if score:
                sure = any(h.exact or len(h.part) >= _MIN_ALONE for h in group) or (
                    first == last and _is_titled(text, words, first, group[0].part)
                )
                owner = person.owner if sure or person.owner is not Owner.PATIENT else Owner.UNKNOWN
                if any(h.another for h in group):
                    owner = Owner.UNKNOWN
                yield Span(words[first].start, words[last].end, Kind.PERSON, score, Layer.PATIENT, owner)

    def _with_strangers(self, text: str, words: Sequence[Token], first: int, last: int) -> bool:
        """Whether a word beside the group may be another given name: then the family's name is that person's."""
        beside = [first - 1] if first and _near(text, words, first - 1) else []
        beside += [last + 1] if last + 1 < len(words) and _near(text, words, last) else []
        for word in (words[i] for i in beside):
            title = word.folded in _MISREAD_TITLES and text[word.end : word.end + 1] == "."
            known = title or word.folded in TITLES or word.folded in self._own or lexicon.is_common_word(word.folded)
            known = known or (len(word.folded) == 1 and self._is_own_initial(word.folded, words[first : last + 1]))
            if word.text[0].isupper() and word.text.isalpha() and not known:
                return True
        return False

    def _is_own_initial(self, letter: str, family: Sequence[Token]) -> bool:
        told = {word.folded for word in family}
        patients = [person for person in self._people if person.owner is Owner.PATIENT]
        return any(person.has_initial(letter, told) for person in patients)


def _is_titled(text: str, words: Sequence[Token], index: int, part: str) -> bool:
    """Whether a misread family name stands behind "Mr.", and no vowel in it for another: so near is nobody unlisted."""
    titled = index > 0 and words[index - 1].folded in _MR and _near(text, words, index - 1)
    read = words[index].folded
    return titled and not any(a != b and a in _VOWELS and b in _VOWELS for a, b in zip(read, part, strict=False))


def _taken(text: str, words: Sequence[Token], index: int, own: set[int], others: Sequence[set[int]]) -> bool:
    """Whether a family's name before one's own name closes another's: the first of "Tomas Kovacs Maria Kovacs".

    `own` and `others` are the indices of the words that may be this person's, and each other one's. In
    "Kovacs, Tomas Kovacs, Maria" the comma opens a name.
    """
    before = index - 1
    if before < 0 or before in own or index + 1 not in own:
        return False
    if text[words[before].end : words[index].start].strip(" ") or not any({before, index} <= o for o in others):
        return False
    if "," not in text[words[index].end : words[index + 1].start]:
        return True
    again = index + 2 in own and words[index + 2].folded == words[index].folded
    return again and "," not in text[words[index + 1].end : words[index + 2].start]


_MIN_ALONE: Final = 7
"""A misread name that long is nobody else's, though no other part stands beside it."""
_MIN_FUZZY: Final = 5
"""Shorter names only exactly: one letter makes too many other words of them."""
_MIN_TWO_OFF: Final = 9
_MAX_GLUED: Final = 6
"""Names have few parts; a list of hundreds would make as many squared."""


def _parts_from(text: str, words: Sequence[Token], index: int, hits: Mapping[int, _Hit]) -> set[str]:
    """The parts of a name that follow one another from a word on."""
    told = {hits[index].part}
    while index + 1 in hits and hits[index + 1].part not in told and _near(text, words, index):
        index += 1
        told.add(hits[index].part)
    return told


def _initial(words: Sequence[Token], index: int, person: _Person, told: Iterable[str]) -> bool:
    if not 0 <= index < len(words):
        return False
    word = words[index]
    return len(word.folded) == 1 and word.text.isupper() and person.has_initial(word.folded, told)


def _near(text: str, words: Sequence[Token], index: int) -> bool:
    """Whether nothing but name punctuation stands between a word and the next, and no sentence ends there."""
    gap = text[words[index].end : words[index + 1].start]
    ended = len(words[index].folded) > _LONGEST_SHORTENED and _STOP.match(gap)
    return not ended and _GAP.fullmatch(gap) is not None


def _score(text: str, words: Sequence[Token], first: int, last: int, group: list[_Hit], given: frozenset[str]) -> float:
    """0.0 where the hit is too weak: a short or common word with no neighbour that makes it a name; and for the small
    words of a family's name, which are of many. All of a family's name is a part: brothers bear it too."""
    parts = {hit.part for hit in group}
    if parts <= _SMALL:
        return 0.0
    exact = all(hit.exact for hit in group)
    if len(parts) > 1 or any(hit.whole for hit in group):
        whole = exact and (any(hit.whole for hit in group) or not parts.isdisjoint(given))
        return WHOLE if whole else PART
    if last > first:
        return PART if exact else DAMAGED_PART
    word = words[first]
    before = words[first - 1].folded if first and _near(text, words, first - 1) else ""
    if len(word.folded) >= 4 and not lexicon.is_common_word(word.folded):
        return PART if exact else DAMAGED_PART
    if not exact or not word.text[0].isupper():
        return 0.0
    after = words[first + 1].folded if first + 1 < len(words) else ""
    if before in _BEFORE_NAME or after in _AFTER_NAME:
        return PART
    # In mid-sentence a capital makes a name of a common word; in a line of capitals it says nothing.
    lead = text[max(0, word.start - 2) : word.start]
    in_sentence = len(lead) == 2 and lead[0].islower() and lead[1] == " "
    return DAMAGED_PART if in_sentence and word.text[1:].islower() else 0.0
