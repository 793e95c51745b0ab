"""One date with its day, and perhaps its year, in words, as letters and affidavits have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
)  # fmt: skip
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def dates_spoken(text: str, wanted: date) -> Iterator[tuple[int, int]]:
    """Half-open offsets of `wanted` with its month's name whole: "the fourth of March, nineteen sixty-one"."""
    if f"{wanted:%B}".casefold() in text.casefold():
        for found in _spoken(wanted).finditer(text):
            yield found.span()


@lru_cache(maxsize=8)
def _spoken(wanted: date) -> re.Pattern[str]:
    """The date with its day, and perhaps its year, in words: "the fourth of March, nineteen sixty-one"."""
    month = rf"{wanted:%B}"
    day = r"[ -]?".join(map(re.escape, _ORDINALS[wanted.day - 1].split("-")))
    days = rf"(?:{day}|{_cardinal(wanted.day)}|{wanted.day}(?:st|nd|rd|th)?)"
    years = rf"(?:{wanted.year}|{'|'.join(_years(wanted.year))})"
    apart = r"[ ,]{1,2}\n?[ ]{0,2}"
    either = (
        rf"{month} (?:the )?{days}{apart}(?:in )?{years}|(?:the )?{days} (?:of |day of )?{month}{apart}(?:in )?{years}"
    )
    return re.compile(rf"(?<![^\W_])(?<!-)(?:{either})(?!-?[^\W_])", re.IGNORECASE)


def _years(year: int) -> Iterator[str]:
    hundreds, rest = divmod(year, 100)
    century = _cardinal(hundreds)
    if rest == 0:
        yield rf"{century}[ -]hundred"
    elif rest < 10:
        yield rf"{century}[ -](?:oh|o|zero|hundred|hundred and)[ -]{_ONES[rest]}"
    else:
        yield rf"{century}[ -](?:hundred (?:and )?)?{_cardinal(rest)}"
    if hundreds == 20:
        yield rf"two thousand{rf' (?:and )?{_cardinal(rest)}' if rest else ''}"


def _cardinal(number: int) -> str:
    """A number under a hundred in words, as a pattern."""
    if number < 20:
        return _ONES[number]
    tens, ones = _TENS[number // 10 - 2], number % 10
    return rf"{tens}[ -]?{_ONES[ones]}" if ones else tens
