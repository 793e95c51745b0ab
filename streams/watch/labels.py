"""What may become a label or a value of a figure: a word of a closed set, and a number. An error tells neither."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

OTHER = "other"


def closed(value: Enum, enum: type[Enum]) -> str:
    """The label of an enum's member. Raises TypeError for anything else: free text never becomes a label."""
    if not isinstance(value, enum):
        raise TypeError(f"not a {enum.__name__}")
    return str(value.value)


def own(name: str, names: Collection[str]) -> str:
    """The name where it is one of ours, else OTHER."""
    return name if isinstance(name, str) and name in names else OTHER


def number(value: float) -> float:
    """Raises TypeError for what is none: what turns text into a number quotes the text where it cannot."""
    if not isinstance(value, int | float):
        raise TypeError("not a number")
    return value
