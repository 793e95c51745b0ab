"""Invented dates and identifiers in their many shapes."""

from __future__ import annotations

from typing import Final

from detectors.model.training.draw import Draw, lists

_IDS: Final = (
    *("000000", "0000000", "00000000", "000000000", "0000000000", "00-0000", "00-00000", "00-000000", "0000000-00"),
    *("A00000", "A000000", "AA0000000", "AAA000000", "AAAA000000", "AAAA00000000", "AAA 0000", "A0000 00000"),
    *("AA-0000", "A-0000000", "AAA-000000", "A00-00000", "A00-0000000", "AA00-AA000-A00", "0A00-AA0-AA00"),
    *("000-00-0000", "(000) 000-0000", "000-000-0000", "000.000.0000", "000 000 0000", "000-0000", "1-800-000-0000"),
    *("0000 0000 0000 0000", "+00 000 000 0000"),
)
_DOSES: Final = ("5", "10", "20", "25", "40", "50", "81", "100", "0.5", "1000")


def identifier(draw: Draw) -> str:
    return draw.shaped(draw.of(_IDS))


def date(draw: Draw) -> str:
    m, d, y = draw.number(1, 12), draw.number(1, 28), draw.number(1930, 2026)
    month, short, day = lists()["month"][m - 1], draw.word("mon"), draw.word("weekday")
    numeric = [
        *(f"{m}/{d}/{y}", f"{m:02}/{d:02}/{y}", f"{m}/{d}/{y % 100:02}", f"{m:02}-{d:02}-{y}", f"{y}-{m:02}-{d:02}"),
        *(f"{m}/{d}", f"{m:02}.{d:02}.{y}", f"{m}/{y}", f"{m:02}{d:02}{y}", f"{day} {m}/{d}"),
    ]
    worded = [
        *(f"{d} {short} {y}", f"{d:02}-{short}-{y}", f"{month} {d}, {y}", f"{month} {d}", f"{short} {d}"),
        *(f"{short}. {d}, {y}", f"{month} {y}", f"{month} {d}{draw.of(['st', 'nd', 'rd', 'th'])}"),
        *(f"the {d}th of {month}", f"{d} {month} {y}", f"{day}, {month} {d}", f"{short} {y}"),
    ]
    return draw.of(numeric + worded)


def time(draw: Draw) -> str:
    hour, minute = draw.number(1, 12), draw.number(0, 59)
    half = draw.of(["AM", "PM", "am", "pm"])
    return draw.of([f"{hour}:{minute:02} {half}", f"{hour + 11:02}{minute:02}", f"{hour + 11}:{minute:02}"])


def small(draw: Draw) -> str:
    """A number as results and counts have it."""
    return draw.form(
        [
            (0.4, lambda: str(draw.number(0, 9))),
            (0.42, lambda: str(draw.number(10, 99))),
            (0.18, lambda: str(draw.number(100, 999))),
        ]
    )


def dose(draw: Draw) -> str:
    return (
        f"{draw.of(['5', '10', '20', '25', '40', '50', '81', '100', '0.5', '1000', small(draw)])} {draw.word('dose')}"
    )
