# ruff: noqa: E501  a line of a table stays on one line
"""A day in the shapes that people write it, in words as well."""

from __future__ import annotations

from datetime import date
from typing import Final

from streams.canaries import values

BIRTHS: Final = (
    "{m:02}/{d:02}/{y}", "{m}/{d}/{yy:02}", "{y}-{m:02}-{d:02}", "{Month} {d}, {y}", "{d} {Mon} {y}", "{d:02}{MON}{y}", "{m:02}{d:02}{y}",
    "{Mon}. {d}{th}, {y}", "{d}{th} of {Month}, {y}", "the {d}{th} of {Month} {y}", "{m} / {d} / {y}", "{y}/{m:02}/{d:02}", "{d:02}.{m:02}.{y}",
    "{Month} {d}{th} {y}", "{Month} {dw}, {yw}", "the {dw} of {Month}, {yw}", "{Month} {dw}, {y}", "{Mon} {d} '{yy:02}", "{y}{m:02}{d:02}",
)  # fmt: skip
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth",
    "twenty-sixth", "twenty-seventh", "twenty-eighth",
)  # fmt: skip
_ONES: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip


def written(day: date, shape: str) -> str:
    """The day in one of `BIRTHS`."""
    th = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    shape = shape.replace("{th}", th).replace("{dw}", _ORDINALS[day.day - 1]).replace("{yw}", _year(day.year))
    return values.written(day, shape)


def _year(year: int) -> str:
    if year >= 2000:
        rest = _below(year - 2000)
        return f"two thousand {rest}".strip()
    return f"nineteen {_below(year - 1900) if year % 100 > 9 else 'oh ' + _below(year % 10)}".strip()


def _below(number: int) -> str:
    if number < 20:
        return _ONES[number - 1] if number else ""
    tens, ones = _TENS[number // 10 - 2], number % 10
    return f"{tens}-{_ONES[ones - 1]}" if ones else tens
