"""The lists of codes, drugs, phrases and headings, read once and made ready for search."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import product
from typing import Final

from detectors.folding import as_name
from detectors.sensitive.categories import Sensitive

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
"""Hyphens part words, so that "self harm" and "self-harm" are one."""
_GROUP: Final = re.compile(r"\[(icd10|procedures|loinc|drugs|phrases|patterns|headings)\] (\S.*)")
_FOLDED_FROM: Final = 5
"""Shorter words are compared letter by letter: folded, "lud" would be an IUD."""
_DAMAGED_FROM: Final = 8
"""From this length on a word with one wrong letter is hardly another word."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row; of the last one only its beginning where it is `open`."""

    words: tuple[str, ...]
    open: bool
    category: Sensitive


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes from `first` to `last` inclusive, with all that begin like them."""

    first: str
    last: str
    category: Sensitive

    def holds(self, code: str) -> bool:
        return self.first <= code[: len(self.first)] and code[: len(self.last)] <= self.last


@dataclass(frozen=True, slots=True)
class Lists:
    """All categories together. `phrases` are by their first word; `damaged` finds long single words by what is left of
    them without one letter; `sources` has one entry a group."""

    icd10: tuple[Codes, ...]
    procedures: tuple[Codes, ...]
    loinc: dict[str, Sensitive]
    phrases: dict[str, tuple[Phrase, ...]]
    open: tuple[Phrase, ...]
    damaged: dict[str, tuple[str, ...]]
    patterns: tuple[tuple[re.Pattern[str], Sensitive], ...]
    headings: dict[tuple[str, ...], Sensitive]
    sources: tuple[str, ...] = field(default=())


def folded(word: str) -> str:
    """A word as the lists hold it."""
    return as_name(word) if len(word) >= _FOLDED_FROM else word.casefold()


def words_of(text: str) -> tuple[str, ...]:
    return tuple(folded(m[0]) for m in WORD.finditer(text))


def near(word: str) -> Iterator[str]:
    """What a word that may have one wrong, lost or added letter is looked up by."""
    if len(word) >= _DAMAGED_FROM - 1:
        yield word
        yield from (word[:i] + word[i + 1 :] for i in range(len(word)))


@cache
def lists() -> Lists:
    """Raises ValueError for a line outside a group, and for a group without its source."""
    codes: dict[str, list[Codes]] = {"icd10": [], "procedures": []}
    loinc: dict[str, Sensitive] = {}
    phrases: dict[str, list[Phrase]] = defaultdict(list)
    open_ones: list[Phrase] = []
    damaged: dict[str, list[str]] = defaultdict(list)
    patterns: list[tuple[re.Pattern[str], Sensitive]] = []
    headings: dict[tuple[str, ...], Sensitive] = {}
    sources: list[str] = []
    for category in Sensitive:
        for kind, entry, source in _entries(category):
            sources.append(source)
            if kind in codes:
                first, _, last = entry.partition("-")
                codes[kind].append(Codes(first, last or first, category))
            elif kind == "loinc":
                loinc[entry] = category
            elif kind == "headings":
                headings[words_of(entry)] = category
            elif kind == "patterns":
                patterns.append((re.compile(rf"(?<!\w)(?:{entry})(?!\w)"), category))
            else:
                for phrase in _spelt_out(entry, category):
                    if phrase.open and len(phrase.words) == 1:
                        open_ones.append(phrase)
                    phrases[phrase.words[0]].append(phrase)
                    if len(phrase.words) == 1:
                        for key in set(near(phrase.words[0])):
                            damaged[key].append(phrase.words[0])
    return Lists(
        tuple(codes["icd10"]),
        tuple(codes["procedures"]),
        loinc,
        {first: tuple(found) for first, found in phrases.items()},
        tuple(open_ones),
        {key: tuple(found) for key, found in damaged.items()},
        tuple(patterns),
        headings,
        tuple(dict.fromkeys(sources)),
    )


def _spelt_out(entry: str, category: Sensitive) -> Iterator[Phrase]:
    """The phrases of a line: "drinks|drank beer|wine" are four."""
    for words in product(*(place.split("|") for place in entry.split(" "))):
        said = " ".join(words)
        yield Phrase(words_of(said.rstrip("*")), said.endswith("*"), category)


def _entries(category: Sensitive) -> Iterator[tuple[str, str, str]]:
    """(kind, entry, source) of each line of a category's file."""
    file = resources.files("detectors.sensitive") / "data" / f"{category.value}.txt"
    kind = source = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if group := _GROUP.fullmatch(line):
            kind, source = group[1], f"{category.value}: {group[1]}: {group[2]}"
        elif line.strip():
            if not kind or line.startswith("["):
                raise ValueError("a line of no group")
            yield kind, line.strip(), source
