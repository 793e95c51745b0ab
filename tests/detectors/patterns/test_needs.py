"""Rules that are tried only near what they need: on texts made after each rule they find what `re` finds."""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Iterable
from typing import Any

import pytest

from detectors.patterns.search.searcher import Searcher
from tests.detectors.patterns.test_searching import ALL

_parser: Any = importlib.import_module("re._parser")
_sre: Any = importlib.import_module("re._constants")
NEEDY = [(one, plain) for one, plain in ALL if one._needs]
_ANY = "abKSZ059 .,-'\n"
_MORE = (0, 0, 0, 1, 1, 3)
"""Repetitions beyond the fewest: a rule looks no further than a name or a line is long."""
_BETWEEN = ["", " ", " ", ". ", ", ", "\n", "A ", "X. ", "Seen ", "told "]
"""What stands before a text and parts it from the next: words too that may be taken for the beginning of it."""


class Maker:
    """Makes texts that an expression may match: one branch, one character of a set, a few repetitions by chance."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311  one seed, one text

    def text(self, items: Iterable[tuple[Any, Any]]) -> str:
        return "".join(self._one(op, value) for op, value in items)

    def _one(self, op: Any, value: Any) -> str:
        if op is _sre.LITERAL:
            return chr(value)
        if op is _sre.IN:
            return self._of_set(value)
        if op is _sre.BRANCH:
            return self.text(self.chance.choice(value[1]))
        if op is _sre.SUBPATTERN:
            return self.text(value[3])
        if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT):
            fewest, most, inner = value
            times = fewest + min(self.chance.choice(_MORE), int(most) - fewest)
            return "".join(self.text(inner) for _ in range(times))
        if op is _sre.ASSERT:
            return self.text(value[1]) if self.chance.random() < 0.5 else ""
        return self.chance.choice(_ANY) if op in (_sre.ANY, _sre.NOT_LITERAL) else ""

    def _of_set(self, items: Any) -> str:
        (op, value), *_ = items
        if op is _sre.NEGATE:
            return self.chance.choice("abcdfghz")
        op, value = self.chance.choice(items)
        if op is _sre.LITERAL:
            return chr(value)
        if op is _sre.RANGE:
            return chr(self.chance.randint(*value))
        return {_sre.CATEGORY_SPACE: " ", _sre.CATEGORY_DIGIT: "7"}.get(value, "k")


def test_what_is_needed_may_end_where_the_next_begins() -> None:
    searcher = Searcher(r"(?<!\w)[A-Z]\w* [A-Z]\.? [A-Z]\w+", needs=r" [A-Z]\.? ", within=8)
    assert [m[0] for m in searcher.finditer("Discussed with P B. Ho and the family.")] == ["P B. Ho"]


@pytest.mark.parametrize(("searcher", "plain"), NEEDY, ids=range(len(NEEDY)))
def test_rules_find_on_texts_made_after_them_what_re_finds(searcher: Any, plain: re.Pattern[str]) -> None:
    maker, tree = Maker(searcher.source), _parser.parse(searcher.source, searcher.flags)
    hits = 0
    for _ in range(120):
        text = "".join(maker.chance.choice(_BETWEEN) + maker.text(tree) for _ in range(3))
        found = [m.span() for m in plain.finditer(text)]
        hits += len(found)
        assert [m.span() for m in searcher.finditer(text)] == found, repr(text)
    assert hits
