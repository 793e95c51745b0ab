"""Stretches of words that can be one name, and the questions that the name rules ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from detectors.dictionaries.lexicon import word_set
from detectors.findings import Kind
from detectors.names.cues import CREDENTIALS, SUFFIXES
from detectors.names.tokens import PARTICLES, Word
from detectors.patterns.base import Match

LONGEST = 5
"""Words of one name, particles and initials included."""
SURE = 1.5
"""Weight from which a word speaks for a name by itself."""


_SHORTHAND: Final = word_set("bp ct tb mri hr ekg ecg iv uti dnr pmh ot slp cxr abx a1c wbc inr cpap bipap copd chf")
"""What stands in capitals behind a name and is measured, given or ordered."""


def is_shorthand(token: Word, last: Word | None) -> bool:
    """Whether capitals behind a name that has only its first are none of it: "Hilda Broussard BP 190/110"."""
    return token.shape == "UPPER" and token.low in _SHORTHAND and (last is None or last.shape == "Title")


def person(run: Sequence[Word], score: float) -> Match:
    end = run[-1].end + (1 if run[-1].dotted and run[-1].is_initial else 0)
    return Match(run[0].start, end, Kind.PERSON, score)


def joins(tokens: Sequence[Word], j: int) -> bool:
    """Whether a token goes on with the capitals before it: a capital, an initial, a particle or a comma between."""
    token, last = tokens[j], tokens[j - 1]
    if token.fresh_line and last.given and token.surname and not (last.common or token.common or last.dotted):
        # Running text wraps between the two words of a name.
        return last.shape == token.shape
    if not token.near or (last.dotted and not last.is_initial and len(last.text) > 3):
        return False
    if is_shorthand(token, last):
        return False
    if token.capital or token.is_initial:
        return True
    if token.text != "," and token.low not in PARTICLES:
        return False
    ahead = next((t for t in tokens[j + 1 : j + 4] if t.low not in PARTICLES or t.capital), None)
    return ahead is not None and ahead.near and (ahead.capital or ahead.is_initial)


def run_at(tokens: Sequence[Word], i: int, *, across_comma: bool = False) -> list[Word]:
    """The name that begins at i: capitals, initials and particles, up to the first word that is none."""
    run: list[Word] = []
    while i < len(tokens) and len(run) < LONGEST:
        token = tokens[i]
        if run and not token.near:
            break
        low = token.low
        if token.text == "," and run and across_comma and i + 1 < len(tokens):
            after = tokens[i + 1]
            if (
                after.near
                and after.capital
                and not after.common
                and after.low not in CREDENTIALS
                and not has_comma(run)
            ):
                run.append(token)
                i += 1
                continue
            break
        ahead = next((t for t in tokens[i + 1 : i + 3] if t.low not in PARTICLES or t.capital), None)
        is_particle = low in PARTICLES and ahead is not None and ahead.near and ahead.capital
        if not (token.is_initial or is_particle or (token.capital and (token.weight > 0 or low in SUFFIXES))):
            break
        if low in CREDENTIALS and run and token.shape == "UPPER":
            break
        if is_shorthand(token, run[-1] if run else None):
            break
        run.append(token)
        i += 1
        if token.dotted and not token.is_initial and low not in SUFFIXES and low not in PARTICLES:
            break
    while run and (run[-1].text == "," or (run[-1].text.islower() and run[-1].text in PARTICLES)):
        run.pop()
    return run


def announced_run(tokens: Sequence[Word], i: int, *, across_comma: bool = False) -> list[Word]:
    """As `run_at`, where something announces a name: the first word may be an ordinary one ("sister, Mar Pochet")."""
    run = run_at(tokens, i, across_comma=across_comma)
    if run or i + 1 >= len(tokens):
        return run
    first, after = tokens[i], tokens[i + 1]
    if not first.capital or len(first.text) < 2 or first.dotted or not after.near:
        return []
    if after.is_initial and first.shape == "Title":
        return [first, after]
    rest = run_at(tokens, i + 1) if first.shape == after.shape else []
    return [first, *rest] if rest and rest[0].weight >= SURE and len(rest[0].text) > 2 else []


def has_comma(run: Sequence[Word]) -> bool:
    return any(word.text == "," for word in run)


def only_common(run: Sequence[Word]) -> bool:
    """Ordinary words throughout, none of them a frequent given name or surname."""
    return all(
        word.common and not ((word.given or 1 << 30) <= 300 or (word.surname or 1 << 30) <= 1000)
        for word in run
        if not word.is_initial
    )


def in_lexicon(run: Sequence[Word]) -> bool:
    return any((word.given or word.surname) and not word.common for word in run)
