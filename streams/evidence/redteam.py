"""The red team's results as `leakage-tests --json` writes them: which gateway was tried when, and what came of it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Final

from detectors.errors import Reason, RedoubtError

FORM: Final = "redoubt-red-team-1"
HELD: Final = "held"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    source: str
    result: str
    figure: str


@dataclass(frozen=True, slots=True)
class Results:
    """`time` is when the run ended, ISO 8601."""

    gateway: str
    time: str
    cases: tuple[Case, ...]

    @property
    def told(self) -> str:
        """In one line: how many held, were not tried, and anything else."""
        count = Counter(case.result for case in self.cases)
        return ", ".join(f"{count[result]} {result}" for result in sorted(count, key=lambda r: (r != HELD, r)))


def read(content: bytes) -> Results:
    """Raises RedoubtError(INVALID_EVENT) where these are no results."""
    try:
        said = json.loads(content)
        if said["form"] != FORM:
            raise ValueError
        cases = tuple(
            Case(*(str(row[name]) for name in ("case", "source", "result", "figure"))) for row in said["cases"]
        )
        return Results(str(said["gateway"]), str(said["time"]), cases)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RedoubtError(Reason.INVALID_EVENT) from None
