"""What one page knows, every page is searched for."""

from __future__ import annotations

import time

import pytest

from detectors.findings import Kind, Layer, Owner, Span
from detectors.spans.merge import merge
from detectors.spans.spread import spread


def learned(seed: str, kind: Kind, text: str, score: float = 0.9) -> list[str]:
    spans = spread([seed, text], [[Span(0, len(seed), kind, score, Layer.PATTERN)], []])[1]
    return [text[s.start : s.end] for s in spans]


@pytest.mark.parametrize(
    ("seed", "kind", "text", "value"),
    [
        ("Zorblat Quux", Kind.PERSON, "seen by Quux today", "Quux"),
        ("Zorblat Quux", Kind.PERSON, "ZORBLAT called", "ZORBLAT"),
        ("Zorblat Quux", Kind.PERSON, "Zorb1at's knee", "Zorb1at's"),
        ("Zorblat Quux", Kind.PERSON, "Zorblet called", "Zorblet"),
        ("Zorblat Quux", Kind.PERSON, "Zorblatlives with her son", "Zorblatlives"),
        ("Zorblat Quux", Kind.PERSON, "Ms. Quuxis a teacher", "Quuxis"),
        ("Voxl, Vera", Kind.PERSON, "then vera voxl came", "vera"),
        ("Voxl, Vera", Kind.PERSON, "then vera voxl came", "voxl"),
        ("Tunde Oyelaran-Whitcombe", Kind.PERSON, "then T.O.W. / dictated", "T.O.W."),
        ("Oyelaran-Whitcombe, Tunde", Kind.PERSON, "then O.W.T. left", "O.W.T."),
        ("Will B. Zorblat", Kind.PERSON, "W. B. Z. left, W.Z. too", "W.Z."),
        ("Vera van der Katz", Kind.PERSON, "with V.K. at home", "V.K."),
        ("MRN-00 7719", Kind.MRN, "no. mrn007719 x", "mrn007719"),
        ("(555) 013-4477", Kind.PHONE, "call 5550134477", "5550134477"),
        ("(555) 013-4477", Kind.PHONE, "call 555 O13 4477", "555 O13 4477"),
        ("(555) 013-4477", Kind.PHONE, "Tel:5550134477ext", "5550134477"),
        ("9 Zorblat Mews", Kind.STREET, "to 9 ZORBLAT MEWS.", "9 ZORBLAT MEWS"),
        ("zq@example.org", Kind.EMAIL, "at ZQ@example.org,", "ZQ@example.org"),
        ("Two Harbors", Kind.CITY, "retired schoolteacher from Two\nHarbors", "Two\nHarbors"),
        ("Zorblatville", Kind.CITY, "in ZORBLATVILLE since", "ZORBLATVILLE"),
        ("St. Zorblat", Kind.CITY, "at St Zorblat,", "St Zorblat"),
        ("Green Hollow Clinic", Kind.FACILITY, "seen at Green\nHollow Clinic", "Green\nHollow Clinic"),
        ("Hospital of Zorblat", Kind.FACILITY, "the Hospital of\nZorblat", "Hospital of\nZorblat"),
    ],
)
def test_found_again(seed: str, kind: Kind, text: str, value: str) -> None:
    assert value in learned(seed, kind, text)


@pytest.mark.parametrize(
    ("seed", "kind", "text", "score"),
    [
        ("Will Pain", Kind.PERSON, "pain will return", 0.9),
        ("Voxl, Vera", Kind.PERSON, "aloe vera near voxl", 0.9),
        ("Voxl, Vera", Kind.PERSON, "a voxl of aloe", 0.9),
        ("Zorblat Quux", Kind.PERSON, "Zorblat Quux", 0.5),
        ("Masto Quux", Kind.PERSON, "Mastoid Process", 0.9),
        ("Decla Quux", Kind.PERSON, "Declawith", 0.5),
        ("Chemo Quux", Kind.PERSON, "Chemokine", 0.9),
        ("Quux Gra", Kind.PERSON, "Gravis", 0.9),
        ("1234", Kind.OTHER_ID, "1234 cells", 0.9),
        ("00 7719", Kind.MRN, "at 15007719 units", 0.9),
        ("3/4/2021", Kind.DATE, "3/4/2021", 0.9),
        ("Zo Li", Kind.PERSON, "li zo", 0.9),
        ("Ivo Vance", Kind.PERSON, "fluids I.V. at home", 0.9),
        ("Bertil Pihl", Kind.PERSON, "B.P. was high, B.Q. too", 0.9),
        ("Tunde Oyelaran-Whitcombe", Kind.PERSON, "T.I.D. and T.W.O. and TOW and T.O.W.N", 0.9),
        ("Tunde", Kind.PERSON, "T.O. slept", 0.9),
        ("Two Harbors", Kind.CITY, "in one of two harbors", 0.9),
        ("Two Harbors", Kind.CITY, "Two of them. Harbors too", 0.9),
        ("Two Harbors", Kind.CITY, "Two Rivers", 0.9),
        ("Normal", Kind.CITY, "Gait Normal", 0.9),
        ("Zorblatville", Kind.CITY, "in Zorblatville", 0.6),
        ("Ely", Kind.CITY, "ELY", 0.9),
        ("Green Hollow Clinic", Kind.FACILITY, "a green hollow clinic", 0.75),
    ],
)
def test_weak_short_and_common_seeds_teach_nothing(seed: str, kind: Kind, text: str, score: float) -> None:
    assert learned(seed, kind, text, score) == []


def test_a_name_that_two_people_share_is_nobody_s() -> None:
    text = "Zorblat Quux and Xavon Quux"
    seeds = [
        Span(0, 12, Kind.PERSON, 0.99, Layer.PATIENT, Owner.PATIENT),
        Span(17, 27, Kind.PERSON, 0.99, Layer.PATIENT, Owner.RELATIVE),
    ]
    again = spread([text, "Quux"], [seeds, []])[1]
    assert [s.owner for s in again] == [Owner.UNKNOWN]


def test_many_seeds_and_a_long_document_take_bounded_time() -> None:
    seed = " ".join(f"{n:09d}" for n in range(0, 20_000, 10))
    spans = [Span(i * 10, i * 10 + 9, Kind.ACCOUNT, 0.9, Layer.PATTERN) for i in range(2000)]
    began = time.process_time()
    spread([seed, "1 " * 50_000], [spans, []])
    assert time.process_time() - began < 5.0


def test_common_parts_and_initials_go_with_the_name_beside_them() -> None:
    texts = [
        "Name: Will B. Zorblat",
        "Then Will Zorblat left. Zorblat, Will B said so. We will go. Will it heal? Plan B works",
    ]
    sure = [[Span(6, 21, Kind.PERSON, 0.9, Layer.LABEL)], []]
    found = sorted({(s.start, texts[1][s.start : s.end]) for s in spread(texts, sure)[1]})
    assert [value for _, value in found] == ["Will", "Zorblat", "Zorblat", "Will", "B"]


def test_a_person_outweighs_the_town_of_that_name() -> None:
    texts = ["Zorblatville", "Mr. Zorblatville"]
    sure = [
        [Span(0, 12, Kind.CITY, 0.9, Layer.PATTERN)],
        [Span(4, 16, Kind.PERSON, 0.5, Layer.DICTIONARY)],
    ]
    assert [s.kind for s in merge(texts[1], spread(texts, sure)[1])] == [Kind.PERSON]


@pytest.mark.parametrize("unit", ["Zorblat ", "Two ", "Two\n"])
def test_places_take_bounded_time(unit: str) -> None:
    value = (unit * 12).strip()
    began = time.process_time()
    spread([value, unit * 20_000], [[Span(0, len(value), Kind.CITY, 0.9, Layer.PATTERN)], []])
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Dear Dr. Zorblat,\nI saw her", None),
        ("Thank you, Zorblat, I think so", None),
        ("seen by Zorblat\nA plan was made", None),
        ("Consent: I, Quuxin Zorblat, agree", None),
        ("Zorblat, I. was seen", "I"),
        ("Zorblat, I was seen", "I"),
        ("Zorblat I saw", "I"),
        ("Zorblat A was seen", "A"),
        ("Zorblat,\nI.", "I"),
        ("I Zorblat called", "I"),
        ("Quux I, Zorblat agree", "I"),
    ],
)
def test_the_pronoun_beside_a_name_is_no_initial(text: str, letter: str | None) -> None:
    assert [v for v in learned("Quuxin Zorblat", Kind.PERSON, text) if len(v) == 1] == ([letter] if letter else [])
