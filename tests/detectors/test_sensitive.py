"""Passages of sensitive categories: found by code, drug, phrase and heading; what is denied, and what only looks so."""

from __future__ import annotations

import time

import pytest

from detectors.sensitive import Sensitive, passages
from detectors.sensitive.lists import lists

ALL = frozenset(Sensitive)
S, H, M, P, R, G = Sensitive

FOUND = [
    (S, "He was treated for opioid use disorder in 2019."),
    (S, "Start buprenorphine 8 mg daily."),
    (S, "Continue buprenorphlne 8 mg."),
    (S, "Dx: F10.20"),
    (S, "Dx: F1O.2O"),
    (S, "HCPCS H0020 x 4"),
    (S, "CPT 80307 urine drug test"),
    (S, "She no longer drinks alcohol."),
    (S, "Denies recent cocaine."),
    (S, "No chest pain, but drinks alcohol daily."),
    (S, "Father: alcoholism."),
    (H, "HIV test negative."),
    (H, "No history of HIV."),
    (H, "56888-1 non-reactive"),
    (H, "Taking Biktarvy daily."),
    (H, "Problem list: B20"),
    (M, "Major depression, on sertraline."),
    (M, "Mother had schizophrenia."),
    (M, "PHQ-9 score 14"),
    (M, "Impression: F33.1"),
    (M, "History of self-harm."),
    (P, "PSYCHOTHERAPY NOTE"),
    (R, "Two miscarriages in 2015."),
    (R, "Requests an IUD."),
    (R, "Procedure 59840"),
    (G, "BRCA1 pathogenic variant."),
    (G, "Genetic testing was negative."),
    (G, "Lynch syndrome in the family."),
]
LEFT = [
    "Denies alcohol use.",
    "Alcohol use: none.",
    "Illicit drugs: denies",
    "No history of depression or anxiety.",
    "Psychiatric: negative.",
    "Denies suicidal ideation.",
    "Never used illicit drugs.",
    "No prior abortion.",
    "Smokes one pack per day; nicotine dependence F17.210.",
    "Room F10, bed 2.",
    "Boulder, CO 80305, procedure room 3",
    "Call 555-7917-8",
    "Wears hearing aids in both ears.",
    "Cleaned with alcohol swabs.",
    "Depressed ST segments; respiratory depression was not seen.",
    "Dose 80320 units",
    "Tab 2 of 7917 given",
    "The Ella Skyla Foundation",
]


@pytest.mark.parametrize(("category", "text"), FOUND)
def test_found(category: Sensitive, text: str) -> None:
    assert category in {p.category for p in passages(text, ALL)}


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    assert passages(text, ALL) == []


def test_only_what_is_asked_for() -> None:
    text = "On methadone. HIV positive."
    assert [p.category for p in passages(text, {Sensitive.HIV})] == [Sensitive.HIV]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Knee pain. Takes methadone daily. Gait normal.", "Takes methadone daily."),
        ("Seen by Dr. Lee for opioid\nuse disorder. Well.", "Seen by Dr. Lee for opioid\nuse disorder."),
        ("Gait normal\nOn methadone\nBP 120/80", "On methadone"),
        ("PAIN: 3/10\nPSYCHIATRIC HISTORY:\nIn a group.\nMEDICATIONS: x", "PSYCHIATRIC HISTORY:\nIn a group.\n"),
        ("Page 1\nPSYCHOTHERAPY NOTE\nDate: 3/4/2021\nWeekly", "PSYCHOTHERAPY NOTE\nDate: 3/4/2021\nWeekly"),
    ],
)
def test_the_sentence_or_the_section_is_marked(text: str, marked: str) -> None:
    found = passages(text, ALL)
    assert [text[p.start : p.end] for p in found] == [marked]


def test_each_group_of_the_lists_names_its_source() -> None:
    sources = lists().sources
    assert {source.partition(":")[0] for source in sources} == {category.value for category in Sensitive}
    assert all(len(source.split()) >= 4 for source in sources)


def test_a_hostile_page_takes_bounded_time() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        passages(text, ALL)
        return time.process_time() - start

    for piece in ("no " * 40, "alcohol use disorder ", "F10.", "a\n", "A A: ", "buprenorphime ", "HIV:\nFoo:\n"):
        assert seconds(piece * (20_000 // len(piece))) < 4.0, piece
