"""The patient's whole name with slips that its parts alone do not bear: a blank or a speck in it, two letters for one.

"Kil k, Dasa T." and "Weylancl, Edgaras" tell who it is by all that stands there together. A brother, a namesake and who
bears a name of the lists that only looks like a part are told apart part by part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import Token, tokens
from detectors.known.parts import TITLES, given_parts, is_another, is_initial, name_words
from detectors.known.slips import comparable, misread

DAMAGED_WHOLE: Final = 0.95
_PIECE: Final = re.compile(r"[^\s:;()\[\]/]+")
_GAP: Final = re.compile(r"[ \t]{1,2}")
_AS_LETTERS: Final = str.maketrans("012568", "olzsgb")
"""Nobody's name has a figure."""
_ANY_ASCII: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h"})
_MOST_BREAKS: Final = 2
"""Blanks that an engine reads into one name."""
_LEAST: Final = 4
"""Letters of a part that tells who it is, and of one that may bear a slip."""
_LEAST_GIVEN: Final = 5
"""Shorter given names are too near to one another: Mita, Mila, Mira."""
_VOWELS: Final = frozenset("aeiouy")
_ALMOST: Final = 3


@dataclass(frozen=True, slots=True)
class _Form:
    """One order in which a name is written; `parts` are its comparable words, each with whether one person alone bears
    it. Initials are of no one alone."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def whole(self) -> str:
        return "".join(part for part, _ in self.parts)

    @property
    def initials(self) -> frozenset[str]:
        return frozenset(part for part, _ in self.parts if len(part) == 1)


class WholeNames:
    """The patient's names of one subject; `people` are names as written, with the owner of each."""

    def __init__(self, people: Sequence[tuple[str, Owner]]) -> None:
        self._own = [form for name, owner in people if owner is Owner.PATIENT for form in _forms(name)]
        self._others = [form.whole for name, owner in people if owner is not Owner.PATIENT for form in _forms(name)]
        self._parts = {part for form in self._own for part, _ in form.parts}

    def spans(self, text: str, parts: Sequence[Span]) -> Iterator[Span]:
        """The whole names in `text` of which `parts` found a piece; no two of them overlap."""
        done = 0
        for part in sorted(parts):
            if part.owner not in (Owner.PATIENT, Owner.UNKNOWN) or part.start < done or not self._own:
                continue
            for start, end in self._windows(text, part):
                if self._is_own(text[start:end]):
                    done = end
                    yield Span(start, end, Kind.PERSON, DAMAGED_WHOLE, Layer.PATIENT, Owner.PATIENT)
                    break

    def _windows(self, text: str, part: Span) -> Iterator[tuple[int, int]]:
        """Runs of pieces in one line that hold the part, about as long as a name, the longest first."""
        line, stop = text.rfind("\n", 0, part.start) + 1, text.find("\n", part.end)
        reach = max(len(form.whole) for form in self._own) * 2
        first, last = max(line, part.start - reach), min(stop if stop >= 0 else len(text), part.end + reach)
        pieces = [m.span() for m in _PIECE.finditer(text, first, last)]
        most = max(len(form.parts) for form in self._own) + _MOST_BREAKS
        found = []
        for i, (start, end) in enumerate(pieces):
            for j in range(i, min(i + most, len(pieces))):
                if j > i and not _GAP.fullmatch(text, pieces[j - 1][1], pieces[j][0]):
                    break
                end = pieces[j][1]
                if start < part.end and part.start < end:
                    found.append((start, end))
        return iter(sorted(found, key=lambda at: at[0] - at[1]))

    def _is_own(self, raw: str) -> bool:
        words = [word for word in tokens(raw) if word.folded]
        if all(word.folded in self._parts for word in words):
            return False  # without a slip the search for parts knows better whose they are
        read = _letters(raw)
        if any(abs(len(read) - len(other)) <= _ALMOST and misread(read, other) for other in self._others):
            return False
        return any(self._is(form, read, words, raw) for form in self._own)

    def _is(self, form: _Form, read: str, words: Sequence[Token], raw: str) -> bool:
        whole, initials = form.whole, form.initials
        if abs(len(read) - len(whole)) > _ALMOST:
            return False
        if any(word.folded not in initials and is_initial(raw, word) for word in words):
            return False
        if read == whole:
            return True
        if not misread(read, whole):
            return False
        cut = list(_cut(read, form))
        exact = sum(part == is_read and len(part) >= _LEAST for part, is_read, _ in cut)
        return all(_is_stroke(part, is_read) or _is_slip(part, is_read, given, exact) for part, is_read, given in cut)


def _forms(name: str) -> Iterator[_Form]:
    words = [_letters(word) for word in name_words(name) if word not in TITLES]
    alone = {_letters(part) for part in given_parts(name)}
    given = [(word, True) for word in words if word in alone]
    family = [(word, False) for word in words if word not in alone and len(word) > 1]
    initials = [(word, False) for word in words if len(word) == 1]
    if given and family:
        for ordered in ([*given, *family], [*family, *given]):
            yield _Form(tuple(ordered))
        if initials:
            yield _Form((*given, *initials, *family))
            yield _Form((*family, *given, *initials))


def _letters(text: str) -> str:
    return comparable(text).translate(_ANY_ASCII).translate(_AS_LETTERS)


def _cut(read: str, form: _Form) -> Iterator[tuple[str, str, bool]]:
    """Each part, what is read for it, and whether one person alone bears it."""
    ends = list(accumulate(len(part) for part, _ in form.parts))
    steps = Levenshtein.opcodes(form.whole, read)
    at = [0]
    for end in ends[:-1]:
        step = next(s for s in steps if s.src_start <= end <= s.src_end)
        at.append(min(step.dest_start + end - step.src_start, step.dest_end))
    at.append(len(read))
    for (part, given), start, end in zip(form.parts, at, at[1:], strict=False):
        yield part, read[start:end], given


def _is_stroke(part: str, read: str) -> bool:
    """Whether all that differs is an l for an i, which no two names of a length do."""
    return part == read or (part.replace("i", "l") == read.replace("i", "l") and not is_another(read, part))


def _is_slip(part: str, read: str, given: bool, exact: int) -> bool:
    """Whether the part was misread, and nobody else is called so; `exact` parts stand beside it without a slip."""
    if len(part) < (_LEAST_GIVEN if given else _LEAST - (exact > 1)) or not misread(read, part):
        return False
    if is_another(read, part) and (given or exact < 2):
        return False
    unlike = [(a, b) for a, b in zip(read, part, strict=False) if a != b]
    vowels = len(read) == len(part) and any(a in _VOWELS and b in _VOWELS for a, b in unlike)
    return not given or (not vowels and read[:1] == part[:1])
