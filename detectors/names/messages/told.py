"""Rules of one shape: a clause in which a person stands, which words count as somebody's name there, and how surely."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from detectors.findings import Kind
from detectors.patterns.base import Match
from detectors.patterns.search.searcher import Searcher


class Told(NamedTuple):
    """`clause` has a group `name`; `accepts` judges the whole hit."""

    clause: Searcher | re.Pattern[str]
    accepts: Callable[[re.Match[str]], bool]
    score: float = 0.45


def named(rules: Iterable[Told], text: str) -> Iterator[Match]:
    """The groups `name` of all hits that their rule accepts."""
    for clause, accepts, score in rules:
        for hit in clause.finditer(text):
            if accepts(hit):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, score)
