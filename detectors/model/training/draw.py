"""Random choice for the training text, and the words that one side of the held-back split may use."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final
from zlib import crc32

from detectors.dictionaries.lexicon import DATA

_WORDS: Final = Path(__file__).parent / "words.txt"
HELD_BACK_NAMES, HELD_BACK_PATTERNS = 10, 7
"""One name in ten and one pattern in seven are never trained on: what the model is scored with."""


def held_back(text: str, one_in: int) -> bool:
    """The split, by the text alone: it stays the same when others are added."""
    return crc32(text.encode()) % one_in == 0


@cache
def listed(name: str, held: bool) -> Sequence[str]:
    """A list of detectors/dictionaries/data, the most frequent first, cut to one side of the split."""
    words = gzip.decompress((DATA / f"{name}.txt.gz").read_bytes()).decode("utf-8").split("\n")
    return [w for w in words if held_back(w, HELD_BACK_NAMES) == held and len(w) > 1]


@cache
def lists() -> dict[str, list[str]]:
    """The lists of words.txt by name."""
    found: dict[str, list[str]] = {}
    for part in ("\n" + _WORDS.read_text("utf-8")).split("\n= ")[1:]:
        name, _, entries = part.partition("\n")
        found[name] = entries.replace("\n", "").split("|")
    return found


@dataclass(frozen=True, slots=True)
class Draw:
    """A source of randomness and a side of the split."""

    random: Random
    held: bool = False

    @classmethod
    def seeded(cls, seed: int, held: bool = False) -> Draw:
        return cls(Random(seed), held)  # noqa: S311  training text, no secrets

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def of(self, choices: Sequence[str]) -> str:
        return self.random.choice(choices)

    def word(self, name: str) -> str:
        """From a list of words.txt."""
        return self.random.choice(lists()[name])

    def form(self, forms: Sequence[tuple[float, Callable[[], str]]]) -> str:
        """What one of the forms gives, each chosen as often as its weight says."""
        chosen = self.random.choices(forms, [weight for weight, _ in forms])[0]
        return chosen[1]()

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def shaped(self, shape: str) -> str:
        """Each 0 a digit, each A a letter."""
        return "".join(
            self.of("0123456789") if c == "0" else self.of("ABCDEFGHJKLMNPRSTUVWXYZ") if c == "A" else c for c in shape
        )

    def frequent(self, name: str) -> str:
        """From a list of names, by a flattened frequency: the tenth a tenth as often as the first, and so on."""
        words = listed(name, self.held)
        return words[int(len(words) ** self.random.random()) - 1]

    def any(self, name: str) -> str:
        return self.random.choice(listed(name, self.held))


def capital(word: str) -> str:
    return word[:1].upper() + word[1:]
