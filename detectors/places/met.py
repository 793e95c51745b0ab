"""Who was met at a house is none of its name: "Winifred Boateng at Sunrise Senior Living", "Ms. Flores at Lincoln"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_common_word, is_given_name

_WORD: Final = r"[A-ZÀ-ÞĀ-Ž][\w'’.\-]{0,24}"
_AT_HOUSE: Final = re.compile(
    rf"(?P<title>(?:Mr|Mrs|Ms|Miss|Dr)\.?[ ])?(?P<who>{_WORD}(?:[ ]{_WORD}){{0,3}})[ ](?:at|AT)[ ]"
)


def apart(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The house, and before it the person where there is one: what was covered stays so, but for "at" and the title."""
    met = _AT_HOUSE.match(text, start, end)
    if met is not None and (met["title"] or bears_name(met["who"])):
        yield met.span("who")
        start = met.end()
    yield start, end


def bears_name(words: str) -> bool:
    """Whether these begin with a given name that is no ordinary word."""
    first = words.split()[0]
    return is_given_name(first) and not is_common_word(first)
