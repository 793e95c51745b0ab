"""Between surely an identifier and surely none: the probabilities that a profile's leak budget affords.

`python -m tests.eval.calibrate` writes `profiles/thresholds.json` by a sweep on held-back text. No other place sets
thresholds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from detectors.findings import Finding, Kind
from detectors.spans.calibration import probability


class Between(StrEnum):
    """What becomes of findings that may be identifiers. They burn either way."""

    BURN = "burn"
    REVIEW = "review"
    """And a person looks at the copy."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities by `detectors.spans.calibration`: below `least` a finding is none, from `sure` on surely one."""

    least: float
    sure: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.least <= self.sure <= 1.0:
            raise ValueError("from 0 to 1, the least first")

    def unsure(self, finding: Finding) -> bool:
        """Whether the finding lies between."""
        if finding.kind is Kind.UNREADABLE:
            return False  # burned for what nobody could read in it
        return finding.span is not None and probability(finding.span) < self.sure


NONE_IS_LET_GO: Final = Thresholds(0.0, 1.0)


def afforded(name: str, leak_budget: float) -> Thresholds:
    """What the sweep found for this profile and budget; without a sweep for them no finding is let go."""
    swept = _swept().get(name)
    if swept is None or swept["leak_budget"] != leak_budget:
        return NONE_IS_LET_GO
    return Thresholds(swept["surely_not_below"], max(swept["surely_from"], swept["surely_not_below"]))


@cache
def _swept() -> Mapping[str, Any]:
    file = resources.files("policies") / "profiles" / "thresholds.json"
    profiles: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))["profiles"]
    return profiles
