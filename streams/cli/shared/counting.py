"""Numbers and lists as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers: 1, 4-7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def counted(number: int, what: str) -> str:
    """1 page, 2 pages."""
    return f"{number} {what}{'s' * (number != 1)}"


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def numbered(what: str, numbers: Sequence[int]) -> str:
    """file 3; files 3, 5 and 7; pages 2-9."""
    told = ranges(numbers).split(", ")
    return f"{what}{'s' * (len(numbers) > 1)} {listed(told)}"
