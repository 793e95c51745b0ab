"""What must not be readable in a finished copy, and what may: told to the attacker before it starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from detectors.dictionaries import lexicon
from detectors.errors import Reason
from detectors.findings import Finding, Kind, Layer, Owner, Span
from detectors.folding import fold
from detectors.geometry import Box
from detectors.pages import PageReading
from policies.attack.readings import known
from policies.attack.report import ActsOn, Residual, Secret
from policies.decisions import Action, Decision
from policies.profile import Profile

# A secret is hunted wherever it stands, so its value must be telling by itself: the number of an age, the name of a
# state or of a town would be "found" in half the lab values and letterheads.
HUNTED: Final = frozenset(Kind) - {
    Kind.AGE, Kind.AGE_OVER_89, Kind.STATE, Kind.CITY, Kind.UNREADABLE, Kind.INK, Kind.REDACTION,
    Kind.SENSITIVE,
}  # fmt: skip
MIN_SECRET_CHARACTERS: Final = 4
"""Letters and digits. Shorter values ("Li", "A1") stand in too many clean words; detection burned them in place."""

_AGES: Final = frozenset({Kind.AGE, Kind.AGE_OVER_89})
_REPEATED: Final = (Action.BURN, "repeated")
_GUESSES: Final = frozenset({Layer.DICTIONARY, Layer.NER, Layer.VISUAL, Layer.SPREAD, Layer.ATTACKER})
"""Layers that may take a common word for a name, or for the rest of a number; a label, the patient's data and a
person's mark say that it is one."""
_CODED: Final = re.compile(r"[\d@/]")
_NOT_NEW: Final = (_REPEATED[1], Reason.KNOWN_VALUE_READABLE.value)
"""Rules of decisions that only repeat a value, perhaps misread: hunted in turn, one slip would lead to the next."""
_EDGES: Final = ".,;:()"
_TOKEN: Final = re.compile(r"[^\W_]+")


def secrets_of(readings: Sequence[PageReading], decisions: Sequence[Decision]) -> tuple[Secret, ...]:
    """The values that were taken out, each once, in a stable order."""
    values: set[tuple[Kind, str]] = set()
    for decision in decisions:
        finding = decision.finding
        if decision.action is Action.KEEP or finding.span is None or finding.kind not in HUNTED:
            continue
        if decision.rule in _NOT_NEW:
            continue
        text = readings[finding.page].text[finding.span.start : finding.span.end]
        if finding.layer in _GUESSES and (_names_nobody(finding.kind, text) or _runs_on(finding, text)):
            continue  # burned where it stood; as a word of running text it stands in others too
        if sum(len(token) for token in _TOKEN.findall(text)) >= MIN_SECRET_CHARACTERS:
            values.add((finding.kind, text))
    return tuple(Secret(kind, value) for kind, value in sorted(values))


def _names_nobody(kind: Kind, text: str) -> bool:
    """Whether what was taken for an identifier is one word that is common, and no name on any list: "Results"; of a
    person's several such words, too: "A family"."""
    words = text.split()
    return (len(words) == 1 or kind is Kind.PERSON) and all(map(_is_common, words))


def _is_common(word: str) -> bool:
    bare = fold(word.strip(_EDGES))
    listed = lexicon.is_given_name(bare) or lexicon.is_surname(bare)
    return bare.isalpha() and lexicon.is_common_word(bare) and not listed


def _runs_on(finding: Finding, text: str) -> bool:
    """Whether the attacker took small letters of running text for something."""
    return finding.layer is Layer.ATTACKER and text == text.lower() and not _CODED.search(text)


def repeats(readings: Sequence[PageReading], decisions: Sequence[Decision], acts_on: ActsOn) -> list[Decision]:
    """Where a value that was taken out, or a telling part of it, stands again in our own reading, still unburned.

    Looked for as the attacker will look for it: what it would find is burned before it has to, which saves a reading,
    and what it taught us on one page goes from every other.
    """
    taken = {(d.finding.page, word) for d in decisions if d.action is not Action.KEEP for word in d.finding.words}
    secrets = secrets_of(readings, decisions)
    found: list[Decision] = []
    for page, reading in enumerate(readings):
        for match in known.matches(reading, secrets):
            words = tuple(w for w in reading.words_in(match.start, match.end) if (page, w) not in taken)
            if words and acts_on(match.kind, Owner.UNKNOWN, reading.text[match.start : match.end]):
                taken.update((page, w) for w in words)
                regions = tuple(reading.words[w].region for w in words)
                span = Span(match.start, match.end, match.kind, 1.0, Layer.SPREAD)
                found.append(Decision(Finding(page, match.kind, 1.0, Layer.SPREAD, regions, words, span), *_REPEATED))
    return found


def burned(residual: Residual, reading: PageReading) -> Decision:
    """The attacker's finding as a decision of ours, so that the record loses the words too."""
    words = words_at(residual, reading)
    span = None
    if words:
        start, end = reading.words[words[0]].start, reading.words[words[-1]].end
        span = Span(start, end, residual.kind, 1.0, Layer.ATTACKER)
    regions = (residual.region, *(reading.words[i].region for i in words))
    finding = Finding(residual.page, residual.kind, 1.0, Layer.ATTACKER, regions, words, span)
    return Decision(finding, Action.BURN, residual.reason.value)


def words_at(residual: Residual, reading: PageReading) -> tuple[int, ...]:
    """Our own words where the attacker found something, by index."""
    bounds = residual.region.bounds
    return tuple(i for i, w in enumerate(reading.words) if _touched(w.region.bounds, bounds))


def _touched(word: Box, residual: Box) -> bool:
    """Half of a usual word, and a long one that was run together out of several already by a part of it."""
    shared = word.overlap(residual)
    return shared * 2 > word.area or shared * 2 > residual.area


@dataclass(frozen=True, slots=True)
class UnlessKept:
    """Whether the profile acts on something the attacker read: not where it only repeats what the profile keeps.

    The attacker does not know whose name it reads; the decisions do.
    """

    profile: Profile
    kept: frozenset[str] = field(repr=False)
    ages: frozenset[str] = field(default=frozenset(), repr=False)
    """In figures: of "a 100-year-old" the masker's finding is the figure, the attacker's all of it."""

    @classmethod
    def of(cls, profile: Profile, readings: Sequence[PageReading], decisions: Iterable[Decision]) -> Self:
        kept: set[str] = set()
        ages: set[str] = set()
        for decision in decisions:
            span = decision.finding.span
            if decision.action is Action.KEEP and span is not None:
                tokens = _tokens(readings[decision.finding.page].text[span.start : span.end])
                kept.update(tokens)
                ages.update(_figures(tokens) if decision.finding.kind in _AGES else ())
        return cls(profile, frozenset(kept), frozenset(ages))

    def __call__(self, kind: Kind, owner: Owner, text: str) -> bool:
        tokens = _tokens(text)
        figures = _figures(tokens) if kind in _AGES else frozenset()
        is_kept = (tokens and tokens <= self.kept) or (figures and figures <= self.ages)
        return self.profile.acts_on(kind, owner, text) and not is_kept


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text.casefold()))


def _figures(tokens: frozenset[str]) -> frozenset[str]:
    return frozenset(token for token in tokens if token.isdecimal())
