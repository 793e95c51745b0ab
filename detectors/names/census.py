"""Names that nothing announces, by the census lists: given name and surname in any order, initials, single names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detectors.dictionaries.lexicon import is_city
from detectors.names.cues import CREDENTIALS, EPONYM_HEADS, SUFFIXES, TITLES
from detectors.names.runs import LONGEST, SURE, person
from detectors.names.tokens import PARTICLES, Word
from detectors.patterns.base import Match

_STATES = frozenset({"Virginia", "Georgia", "Carolina", "Dakota", "Montana", "Washington", "Indiana", "Louisiana"})
_GIVEN_BEFORE_TOWN = 300
"""Almost every given name is also some town's: up to this rank a lone word is taken for the person."""


def known_in(tokens: Sequence[Word], i: int, j: int) -> Iterator[Match]:
    """Names by the census inside one stretch of capitals [i, j)."""
    k = i
    while k < j:
        found = _surname_first(tokens, k, j) or _in_order(tokens, k, j) or _with_initial(tokens, k, j)
        if found:
            run, score = found
            following = tokens[k + len(run)] if k + len(run) < len(tokens) else None
            if following is None or not following.near or following.low not in EPONYM_HEADS:
                yield person(run, score)
            k += len(run)
            continue
        if (k == i or tokens[k - 1].text == ",") and (k + 1 == j or tokens[k + 1].text == ","):
            yield from _alone(tokens, k)
        k += 1


def _surname_first(tokens: Sequence[Word], k: int, j: int) -> tuple[list[Word], float] | None:
    """SMITH, JOHN A; Ruiz Ortega, Maria."""
    comma = next((c for c in range(k + 1, min(k + 4, j)) if tokens[c].text == ","), None)
    if comma is None or comma + 1 >= j:
        return None
    last, first = tokens[k:comma], tokens[comma + 1]
    if not all(word.weight > 0 or word.low in PARTICLES for word in last) or not first.given:
        return None
    if first.common and (first.given > 300 or all(word.common for word in last)):
        return None
    if not (last[-1].surname or not last[-1].common) or any(word.common for word in last[:-1]):
        return None
    end = comma + 2
    while (
        end < j
        and end - comma <= 3
        and (
            tokens[end].is_initial
            or tokens[end].low in SUFFIXES
            or (tokens[end].given and not tokens[end].common and tokens[end].low not in CREDENTIALS)
        )
    ):
        end += 1
    if first.common and first.low in CREDENTIALS:
        return None
    return list(tokens[k:end]), 0.85 if last[-1].surname else 0.7


def _in_order(tokens: Sequence[Word], k: int, j: int) -> tuple[list[Word], float] | None:
    """John A. Smith; Maria de la Cruz; one of the two may be unknown to the census, not both."""
    first = tokens[k]
    if len(first.text) < 2 or first.weight == 0 or first.low in TITLES or (first.dotted and len(first.text) > 4):
        return None
    end = k + 1
    while end < j and end - k < 4 and (tokens[end].is_initial or tokens[end].low in PARTICLES):
        end += 1
    if end >= j:
        return None
    last = tokens[end]
    if last.text == "," or last.weight == 0 or len(last.text) < 2 or last.low in CREDENTIALS:
        return None
    score = _pair_score(first, last, end - k > 1)
    if not score:
        return None
    end += 1
    while (
        end < j
        and end - k < LONGEST
        and (
            tokens[end].low in SUFFIXES
            or (tokens[end].text != "," and tokens[end].weight >= SURE and tokens[end].low not in CREDENTIALS)
        )
    ):
        end += 1
    return list(tokens[k:end]), score


def _pair_score(first: Word, last: Word, linked: bool) -> float:
    is_given = first.given is not None and (not first.common or first.given <= 400)
    is_surname = last.surname is not None and (not last.common or last.surname <= 1500)
    if is_given and is_surname:
        if first.common and last.common:
            return (
                0.6
                if (first.given or 0) <= 250 and (last.surname or 0) <= 600 and not _both_clinical(first, last)
                else 0.0
            )
        return 0.85
    if is_given and not last.common:
        return 0.6 if first.common else 0.7
    if first.surname and not first.common and last.given and not last.common:
        return 0.7
    if is_surname and not last.common and not first.common:
        return 0.65 if linked or (last.surname or 1 << 30) <= 20_000 else 0.45
    # Two strangers to the census, but a middle initial between them: only a name is written so.
    return 0.6 if linked and not first.common and not last.common else 0.0


def _both_clinical(first: Word, last: Word) -> bool:
    return first.weight < 1.0 and last.weight < 1.0


def _with_initial(tokens: Sequence[Word], k: int, j: int) -> tuple[list[Word], float] | None:
    """J. Smith; J. R. Smith; Smith J; Maria K."""
    first = tokens[k]
    if first.is_initial:
        end = k + 1
        while end < j and tokens[end].is_initial and end - k < 3:
            end += 1
        if end < j and first.dotted and len(tokens[end].text) > 2 and tokens[end].surname and not tokens[end].common:
            return list(tokens[k : end + 1]), 0.7
        if (
            end < j
            and first.dotted
            and tokens[end].common
            and (tokens[end].surname or 1 << 30) <= 300
            and tokens[end].shape == "Title"
        ):
            return list(tokens[k : end + 1]), 0.5
        return None
    if k + 1 < j and tokens[k + 1].is_initial and not first.common and len(first.text) > 2:
        initial = tokens[k + 1]
        if first.given and (initial.dotted or first.given <= 1000):
            return list(tokens[k : k + 2]), 0.6
        if (first.surname or 1 << 30) <= 20_000:
            return list(tokens[k : k + 2]), 0.5
    return None


def _alone(tokens: Sequence[Word], i: int) -> Iterator[Match]:
    """A single name in running prose: low scores, and only where it is no place, no eponym and no heading."""
    word = tokens[i]
    if word.common or word.shape != "Title" or len(word.text) < 3 or _is_place(word):
        return
    before = tokens[i - 1] if i and word.near else None
    after = tokens[i + 1] if i + 1 < len(tokens) and tokens[i + 1].near else None
    in_prose = before is not None and before.shape == "lower"
    if after is None:
        # At the end of a line only what stands before tells prose from a heading.
        if not in_prose:
            return
    elif (
        after.text in (":", "/", "(")
        or after.low in EPONYM_HEADS
        or not (in_prose or after.shape == "lower" or after.text in (",", ".", "'", "?"))
    ):
        return
    if (word.given or 1 << 30) <= 800:
        yield person([word], 0.5)
    elif (word.surname or 1 << 30) <= 2500:
        yield person([word], 0.4)


def _is_place(word: Word) -> bool:
    """A town that is no frequent given name, or a state."""
    return word.text in _STATES or (is_city(word.text) and (word.given or 1 << 30) > _GIVEN_BEFORE_TOWN)
