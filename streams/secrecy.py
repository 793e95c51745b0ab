"""What must not be readable in a finished copy, and what may: told to the attacker before it starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from detectors.findings import Kind, Owner
from detectors.pages import PageReading
from policies.attack.report import Secret
from policies.decisions import Action, Decision
from policies.profile import Profile

# A secret is hunted wherever it stands, so its value must be telling by itself: the number of an age, the name of a
# state or of a town would be "found" in half the lab values and letterheads.
HUNTED: Final = frozenset(Kind) - {Kind.AGE, Kind.AGE_OVER_89, Kind.STATE, Kind.CITY, Kind.UNREADABLE, Kind.INK}
MIN_SECRET_CHARACTERS: Final = 4
"""Letters and digits. Shorter values ("Li", "A1") stand in too many clean words; detection burned them in place."""

_TOKEN: Final = re.compile(r"[^\W_]+")


def secrets_of(readings: Sequence[PageReading], decisions: Sequence[Decision]) -> tuple[Secret, ...]:
    """The values that were taken out, each once, in a stable order."""
    values: set[tuple[Kind, str]] = set()
    for decision in decisions:
        finding = decision.finding
        if decision.action is Action.KEEP or finding.span is None or finding.kind not in HUNTED:
            continue
        text = readings[finding.page].text[finding.span.start : finding.span.end]
        if sum(len(token) for token in _TOKEN.findall(text)) >= MIN_SECRET_CHARACTERS:
            values.add((finding.kind, text))
    return tuple(Secret(kind, value) for kind, value in sorted(values))


@dataclass(frozen=True, slots=True)
class UnlessKept:
    """Whether the profile acts on something the attacker read: not where it only repeats what the profile keeps.

    The attacker does not know whose name it reads; the decisions do.
    """

    profile: Profile
    kept: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, profile: Profile, readings: Sequence[PageReading], decisions: Iterable[Decision]) -> Self:
        kept: set[str] = set()
        for decision in decisions:
            span = decision.finding.span
            if decision.action is Action.KEEP and span is not None:
                kept.update(_tokens(readings[decision.finding.page].text[span.start : span.end]))
        return cls(profile, frozenset(kept))

    def __call__(self, kind: Kind, owner: Owner, text: str) -> bool:
        tokens = _tokens(text)
        return self.profile.acts_on(kind, owner, text) and not (tokens and tokens <= self.kept)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text.casefold()))
