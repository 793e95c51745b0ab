"""Words that are nobody's: illnesses, drugs, results, eponyms, and ordinary words drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from detectors.dictionaries.lexicon import DATA, is_given_name, is_surname
from detectors.labels.table import WORDS
from detectors.model.training import numbers
from detectors.model.training.draw import Draw, capital, lists
from detectors.model.training.people import sounded


@cache
def _section(title: str) -> list[str]:
    """A section of detectors/dictionaries/data/clinical.txt."""
    found: list[str] = []
    at = ""
    for line in (DATA / "clinical.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            at = line[1:].strip()
        elif at == title:
            found.extend(line.split())
    return found


@cache
def _label_words() -> list[str]:
    """Words of the labels that forms have, less those that are names too."""
    return sorted(w for w in WORDS if len(w) > 1 and not (is_given_name(w) or is_surname(w)))


def word(draw: Draw) -> str:
    """An ordinary word of any kind, the lightest far more often than others."""
    return draw.form(
        [(0.25, lambda: draw.word("light")), (0.2, lambda: draw.word("plain")), (0.55, lambda: draw.any("common"))]
    )


_SLOTS: Final[Mapping[str, Callable[[Draw], str]]] = {
    "w": word,
    "cap": lambda draw: word(draw).upper(),
    "n": numbers.small,
    "dose": numbers.dose,
    "time": numbers.time,
    "drug": lambda draw: draw.of(_section("drugs")),
    "eponym": lambda draw: capital(draw.of(_section("eponyms"))),
    "brand": lambda draw: sounded(draw, "drug_ends"),
    "year": lambda draw: str(draw.number(1950, 2026)),
    "label": lambda draw: draw.of(_label_words()),
    "letter": lambda draw: draw.shaped("A"),
}


def clean(slot: str, draw: Draw) -> str:
    """What stands in a slot that is no identifier. Raises KeyError where there is no such slot."""
    return _SLOTS[slot](draw) if slot in _SLOTS else draw.of(lists()[slot])
