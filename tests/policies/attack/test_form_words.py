"""Labels beside black boxes are no names; surnames beside them, and whatever is known, stay suspect."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.dictionaries.lexicon import given_rank, surname_rank
from detectors.errors import Reason
from detectors.findings import Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.looks import Look
from policies.attack.readings.form_words import FORM_WORDS, only_form_words
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim, Residual, Secret

sys.path.insert(0, str(Path(__file__).parent))
from made import drawn, pdf

COMMON_SURNAMES, COMMON_GIVEN = 10_000, 2_500
"""Ranks of the 1990 census: the surnames of three in four people, and the given names of nearly all."""
LINES = [
    (60, 200, "Sodium 139 and potassium 4.1 were within the usual limits."),
    (60, 220, "Continue the current medication and a diet low in salt."),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def test_no_word_of_the_list_is_a_name_in_common_use() -> None:
    names = [
        word
        for word in FORM_WORDS
        if (surname_rank(word) or COMMON_SURNAMES + 1) <= COMMON_SURNAMES
        or (given_rank(word) or COMMON_GIVEN + 1) <= COMMON_GIVEN
    ]
    assert names == []


def test_the_list_is_folded_and_has_no_initials() -> None:
    """A letter beside a box may be what it left of a name."""
    assert all(word.isalpha() and word.islower() and len(word) > 1 for word in FORM_WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "MRN",
        "NPI",
        "D.O.B.:",
        "E-mail",
        "Email",
        "PATIENT NAME",
        "Transcribed",
        "Birth",
        "SEX",
        "17b. NPI",
        "DOS",
        "Re:",
    ],
)
def test_labels_are_no_names(text: str) -> None:
    assert only_form_words(Kind.PERSON, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.PERSON, "Street"),
        (Kind.PERSON, "Case"),
        (Kind.PERSON, "Day, Name"),
        (Kind.PERSON, "Patient Baker"),
        (Kind.PERSON, "J."),
        (Kind.PERSON, "Patient J"),
        (Kind.PERSON, "Achterberg"),
        (Kind.PERSON, ""),
        (Kind.MRN, "17b"),
        (Kind.MRN, "MRN 17"),
        (Kind.OTHER_ID, "12"),
        (Kind.PHONE, "Phone 312"),
    ],
)
def test_whatever_could_be_an_identifier_is_not_excused(kind: Kind, text: str) -> None:
    assert not only_form_words(kind, text)


def attack(beside: str, secret: str, engine: TesserocrEngine) -> tuple[Residual, ...]:
    """A page with one black box and a word to its right that a hunter takes for the rest of a name."""

    def hunter(reading: PageReading) -> list[Span]:
        start = reading.text.index(beside)
        return [Span(start, start + len(beside), Kind.PERSON, 0.9, Layer.DICTIONARY)]

    pixels = drawn([(60, 150, "Seen today:"), (250, 150, beside), *LINES])
    region = Quad.of(Box(290, 290, 505, 325))
    pixels[290:325, 290:505] = 0
    claim = Claim(((pixels.shape[1], pixels.shape[0]),), ((region,),), (Secret(Kind.PERSON, secret),))
    return reread_page(pdf([(pixels, None)]), Look(0), claim, engine, always, [hunter])


def always(kind: Kind, owner: Owner, text: str) -> bool:
    return True


@pytest.mark.parametrize("label", ["MEDICARE", "Transcribed", "Insured"])
def test_a_label_beside_a_box_is_no_residual(engine: TesserocrEngine, label: str) -> None:
    assert attack(label, "Bogdana Kovacs", engine) == ()


@pytest.mark.parametrize("surname", ["STREET", "Person", "Okonkwo"])
def test_a_surname_beside_a_box_is(engine: TesserocrEngine, surname: str) -> None:
    assert {r.reason for r in attack(surname, "Bogdana Kovacs", engine)} == {Reason.RESIDUAL_FINDING}


@pytest.mark.parametrize("name", ["Coll", "Postal"])
def test_a_known_value_is_never_excused(engine: TesserocrEngine, name: str) -> None:
    """Both are rare surnames, and in the list."""
    assert name.lower() in FORM_WORDS
    found = attack(name, f"Bogdana {name}", engine)
    assert {(r.reason, r.certain) for r in found} == {(Reason.KNOWN_VALUE_READABLE, True)}
