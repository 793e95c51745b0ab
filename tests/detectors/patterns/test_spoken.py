# ruff: noqa: E501  a case stays on one line
"""Numbers and days in words; counts, doses and grades in words are none."""

from __future__ import annotations

import time

import pytest

from detectors.findings import Kind
from detectors.patterns.spoken import SpokenRecognizer

SPOKEN = SpokenRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("call me at five five five, oh one four, two two nine eight.", "five five five, oh one four, two two nine eight", Kind.PHONE),
        ("number is Three Four Eight Two Nine Seven Eight", "Three Four Eight Two Nine Seven Eight", Kind.PHONE),
        ("cell two one seven, triple five, zero one double four", "two one seven, triple five, zero one double four", Kind.PHONE),
        ("my cell is six one nine 555 0190", "six one nine 555 0190", Kind.PHONE),
        ("312 555 oh one nine eight", "312 555 oh one nine eight", Kind.PHONE),
        ("call 312 five five five oh one nine eight", "312 five five five oh one nine eight", Kind.PHONE),
        ("my social is five one seven four eight two nine three one", "five one seven four eight two nine three one", Kind.SSN),
        ("extension four two one nine", "four two one nine", Kind.OTHER_ID),
        ("record number is eight eight one two zero", "eight eight one two zero", Kind.OTHER_ID),
        ("dob nine twenty two fifty eight", "nine twenty two fifty eight", Kind.DATE),
        ("date of birth is four, fifteen, nineteen sixty two.", "four, fifteen, nineteen sixty two", Kind.DATE),
        ("she was born march third nineteen sixty one and", "march third nineteen sixty one", Kind.DATE),
        ("born the ninth of June, nineteen oh five", "the ninth of June, nineteen oh five", Kind.DATE),
        ("May twenty-first two thousand and four", "May twenty-first two thousand and four", Kind.DATE),
        ("seen on may first with", "may first", Kind.DATE),
        ("june nine nineteen ninety", "june nine nineteen ninety", Kind.DATE),
        ("come back October twelfth please", "October twelfth", Kind.DATE),
        ("Ada Byron, ninety nine, found down", "ninety nine", Kind.AGE_OVER_89),
    ],
)  # fmt: skip
def test_what_people_say(text: str, value: str, kind: Kind) -> None:
    assert (value, kind) in [(text[m.start : m.end], m.kind) for m in SPOKEN.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "count one two three four five six seven eight nine ten",
        "ten nine eight seven six five four three two one",
        "strength five five five five five five five",
        "take one, two or three tablets",
        "two to three weeks, four at most",
        "serial sevens: ninety three, eighty six",
        "born two weeks early, four days in the nicu",
        "born at thirty two weeks, one of two twins",
        "you may first try ice and march second to none",
        "one hundred five percent of goal",
        "the first and second digits, the third of four",
        "pulse ox ninety nine, on room air",
        "grade one two three four lesions",
        "in one, two, three, four patients each",
        "two three four 500 mg",
        "one two three 2024 doses",
        "five of six 555 1234 tabs",
        "312 one two 5",
    ],
)
def test_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in SPOKEN.find(text) if m.kind is not Kind.AGE_OVER_89] == []


@pytest.mark.parametrize("unit", ["one ", "one, ", "may first ", "twenty ", "nineteen hundred ", "double "])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    began = time.process_time()
    list(SPOKEN.find(text))
    assert time.process_time() - began < 3.0
