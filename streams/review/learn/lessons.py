"""What examples may teach all documents: words that are no identifiers, and shapes of local numbers. Never a value.

The privacy check, before anything enters a list that outlives its document:

- a *word* that was wrongly found must be ordinary or clinical by public lists: one that is on none may be a name that
  the census never met, however many confirm that it was none in one place. It must be nobody's name by the census, and
  no word of the patient whose document it stood in;
- a *number* that was missed leaves its shape alone (letters as A, figures as 9), with at least five figures, confirmed
  on two documents; a shape that fits a date, a telephone number or a plain figure is none;
- a *name*, an address or any other words that were missed stay in their sealed example, which evaluation reads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind
from detectors.folding import tokens
from streams.review.learn.examples import Example

CONFIRMED_BY: Final = 2
"""Documents: one slip of one tired person teaches nobody."""
NUMBERED: Final = frozenset(
    {Kind.MRN, Kind.ACCOUNT, Kind.HEALTH_PLAN, Kind.LICENCE, Kind.DEVICE, Kind.OTHER_ID, Kind.VEHICLE}
)
"""Kinds whose shape an institution chooses."""
_MIN_FIGURES: Final = 5
_MIN_WORD: Final = 3
_PLAIN: Final = re.compile(r"9+(?:[.,/-]9+)*|\(?999\)?[ .-]?999[ .-]?9999")
"""Shapes of amounts, dates, telephone and social security numbers: they would black out the laboratory's columns."""


class Verdict(StrEnum):
    """Why an example does, or does not, enter a list."""

    LEARNED = "learned"
    ONLY_ONCE = "confirmed_by_one_only"
    A_NAME = "may_be_a_name"
    PATIENTS_OWN = "patients_own"
    NO_SHAPE = "shape_tells_nothing"
    VALUE = "value_stays_sealed"


@dataclass(frozen=True, slots=True)
class Lessons:
    """`harmless` are folded words, `shapes` go with the kind that they are of; `verdicts` count examples, no text."""

    harmless: frozenset[str] = frozenset()
    shapes: frozenset[tuple[str, Kind]] = frozenset()
    verdicts: Mapping[Verdict, int] | None = None


def fold(found: Iterable[Example], patients: Mapping[str, frozenset[str]]) -> Lessons:
    """What the examples teach. `patients` holds the folded words of each document's own patient, by document id; an
    example whose document is not there teaches nothing: its patient may be anybody."""
    words: dict[str, list[Example]] = defaultdict(list)
    shapes: dict[tuple[str, Kind], list[Example]] = defaultdict(list)
    verdicts: dict[Verdict, int] = defaultdict(int)
    for example in found:
        folded = [token.folded for token in tokens(example.text)]
        own = patients.get(example.document_id)
        if example.missed and example.kind in NUMBERED:
            shapes[shape_of(example.text), example.kind].append(example)
        elif example.missed:
            verdicts[Verdict.VALUE] += 1
        elif own is None or own & set(folded):
            verdicts[Verdict.PATIENTS_OWN] += 1
        else:
            for word in dict.fromkeys(folded):
                words[word].append(example)
    harmless, numbers = set[str](), set[tuple[str, Kind]]()
    for word, by in words.items():
        verdict = _word(word)
        verdicts[verdict] += len(by)
        harmless |= {word} if verdict is Verdict.LEARNED else set()
    for (shape, kind), by in shapes.items():
        verdict = _shape(shape, by)
        verdicts[verdict] += len(by)
        numbers |= {(shape, kind)} if verdict is Verdict.LEARNED else set()
    return Lessons(frozenset(harmless), frozenset(numbers), dict(verdicts))


def shape_of(text: str) -> str:
    """Figures as 9, letters as A, marks as they are, blanks as one: nothing of the value."""
    shape = "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in text.strip(" .,;:()"))
    return re.sub(r"\s+", " ", shape)


def _word(word: str) -> Verdict:
    listed = lexicon.is_clinical_word(word) or lexicon.is_common_word(word)
    named = lexicon.is_given_name(word) or lexicon.is_surname(word)
    if len(word) < _MIN_WORD or any(c.isdigit() for c in word) or named or not listed:
        return Verdict.A_NAME
    return Verdict.LEARNED


def _shape(shape: str, by: Iterable[Example]) -> Verdict:
    if shape.count("9") < _MIN_FIGURES or _PLAIN.fullmatch(shape) or shape.count("A") > shape.count("9"):
        return Verdict.NO_SHAPE
    return Verdict.LEARNED if _confirmed(by) else Verdict.ONLY_ONCE


def _confirmed(by: Iterable[Example]) -> bool:
    return len({example.document_id for example in by}) >= CONFIRMED_BY
