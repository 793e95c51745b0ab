"""Training pages: patterns filled in, put together as pages, recased, reworded and damaged, each character tagged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from detectors.model.network import Tag
from detectors.model.training import numbers, people, places
from detectors.model.training.clean import clean, word
from detectors.model.training.damage import damaged
from detectors.model.training.draw import HELD_BACK_PATTERNS, Draw, capital, held_back

PATTERNS: Final = Path(__file__).parent / "patterns"
Piece = tuple[str, Tag]
Page = tuple[str, bytes]
"""A text, and the tag of each of its characters."""

_SLOTS: Final[Mapping[str, tuple[Tag, Callable[[Draw], str]]]] = {
    "name": (Tag.PERSON, people.any_name),
    "full": (Tag.PERSON, people.full),
    "rev": (Tag.PERSON, people.reversed_full),
    "sur": (Tag.PERSON, people.surname),
    "giv": (Tag.PERSON, people.given),
    "ini": (Tag.PERSON, people.with_initial),
    "town": (Tag.PLACE, places.town),
    "state": (Tag.PLACE, lambda draw: draw.word("state")),
    "st": (Tag.PLACE, lambda draw: draw.word("state_code")),
    "country": (Tag.PLACE, lambda draw: draw.word("country")),
    "street": (Tag.STREET, places.street),
    "zip": (Tag.ID, places.zip_code),
    "care": (Tag.FACILITY, places.care),
    "school": (Tag.FACILITY, places.school),
    "agency": (Tag.FACILITY, places.agency),
    "firm": (Tag.FIRM, places.firm),
    "date": (Tag.DATE, numbers.date),
    "id": (Tag.ID, numbers.identifier),
}
Genres = Mapping[str, float]
FIRST: Final[Genres] = {"notes": 0.28, "forms": 0.16, "queries": 0.14, "plain": 0.13, "clean": 0.29}
ALL: Final[Genres] = {
    "notes": 0.16,
    "forms": 0.11,
    "queries": 0.14,
    "plain": 0.1,
    "clean": 0.18,
    "alone": 0.14,
    "shorthand": 0.18,
}
"""How often a page is of each kind of pattern, in the first course and after it."""
_TOKEN: Final = re.compile(r"[{}|]|[^{}|]+")


@cache
def patterns(genre: str, held: bool) -> Sequence[str]:
    lines = (PATTERNS / f"{genre}.txt").read_text("utf-8").splitlines()
    return [x for x in lines if x and not x.startswith("#") and held_back(x, HELD_BACK_PATTERNS) == held]


def pages(draw: Draw, damage: float | None = None, often: Genres = ALL) -> Iterator[Page]:
    """Without end. `damage`: the share of characters that an engine misreads; None: some pages badly, most not."""
    genres, weights = list(often), list(often.values())
    while True:
        mixed = draw.chance(0.5)
        genre = draw.random.choices(genres, weights)[0]
        pieces: list[Piece] = []
        between = " " if genre != "forms" and draw.chance(0.4) else "\n"
        for _ in range(draw.number(1, 8)):
            if mixed:
                genre = draw.random.choices(genres, weights)[0]
            pieces.extend([*filled(draw.of(patterns(genre, draw.held)), draw), (between, Tag.NOTHING)])
        share = damage if damage is not None else draw.of(["", "", "", "1", "3", "6"])
        pieces = _recased(_reworded(pieces, draw), draw)
        rate = share if isinstance(share, float) else int(share or 0) / 100
        yield damaged(pieces, rate, draw)


def filled(pattern: str, draw: Draw) -> list[Piece]:
    """The pattern with a choice made of each {a|b}, where a branch may be a slot of its own, and each slot filled;
    one that opens with ~ in lower case."""
    hasty = pattern.startswith("~")
    tokens = _TOKEN.findall(pattern.removeprefix("~").replace("\\n", "\n"))
    pieces, _ = _sequence(tokens, 0, draw)
    return [(text.lower(), tag) for text, tag in pieces] if hasty else pieces


def _sequence(tokens: Sequence[str], i: int, draw: Draw) -> tuple[list[Piece], int]:
    """The pieces up to the brace or bar that ends this branch, and where it stands."""
    pieces: list[Piece] = []
    while (i < len(tokens) and tokens[i] not in ("|", "}")) or (
        i < len(tokens) and tokens[i] == "|" and not _inside(tokens, i)
    ):
        if tokens[i] == "{":
            found, i = _braced(tokens, i + 1, draw)
            pieces.extend(found)
        else:
            pieces.append((tokens[i], Tag.NOTHING))
            i += 1
    return pieces, i


def _inside(tokens: Sequence[str], i: int) -> bool:
    """Whether a bar stands within braces: outside it is a character of the page."""
    return sum(t == "{" for t in tokens[:i]) > sum(t == "}" for t in tokens[:i])


def _braced(tokens: Sequence[str], i: int, draw: Draw) -> tuple[list[Piece], int]:
    if i + 1 < len(tokens) and tokens[i + 1] == "}":
        return [_slot(tokens[i], draw)], i + 2
    branches: list[list[Piece]] = []
    while True:
        branch, i = _sequence(tokens, i, draw)
        branches.append(branch)
        if tokens[i] == "}":
            chosen = draw.random.choice(branches)
            bare = chosen[0][0] if len(chosen) == 1 else ""
            return ([_slot(bare, draw)] if bare in _SLOTS else chosen), i + 1
        i += 1


def _slot(slot: str, draw: Draw) -> Piece:
    name = slot.lower()
    if name in _SLOTS:
        tag, fill = _SLOTS[name]
        value = fill(draw)
    else:
        tag, value = Tag.NOTHING, clean(name, draw)
    if slot.isupper() and len(slot) > 1:
        return value.upper(), tag
    return (capital(value) if slot[0].isupper() else value), tag


def _reworded(pieces: list[Piece], draw: Draw) -> list[Piece]:
    """Some plain words become others, some go: patterns shall not be learned by heart."""

    def other(match: re.Match[str]) -> str:
        if not match[0].islower() or not draw.chance(0.07):
            return match[0]
        return word(draw) if draw.chance(0.7) else ""

    return [(re.sub(r"[^\W\d_]+", other, text) if tag is Tag.NOTHING else text, tag) for text, tag in pieces]


def _recased(pieces: list[Piece], draw: Draw) -> list[Piece]:
    kind = draw.random.random()
    if kind < 0.14:
        return [(text.upper(), tag) for text, tag in pieces]
    if kind < 0.22:
        return [(text.lower(), tag) for text, tag in pieces]
    if kind < 0.25:
        return [(text.title(), tag) for text, tag in pieces]
    return pieces
