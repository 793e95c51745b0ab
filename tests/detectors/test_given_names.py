"""A stranger who bears the patient's given name, and the patient's street in another town, are nobody's."""

from __future__ import annotations

import time

import pytest

from detectors.findings import Kind, Owner
from detectors.known import KnownValues
from detectors.spans.merge import merge
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector

SUBJECT = Subject(
    names=("Mark T. Ellison", "Zsofia Quuxley"),
    addresses=("48 Larchmont Ave, Springfield, IL 62704", "12 N 5th St Apt 3, Tarnbrook, OH 44024-5517"),
)


def owners(detector: TextDetector, text: str, value: str) -> set[Owner]:
    known = KnownValues(SUBJECT)
    merged = merge(text, known.settled(text, [*known.spans(text), *detector.spans(text)]))
    start = text.index(value)
    return {s.owner for s in known.owned(text, merged) if s.start < start + len(value) and start < s.end}


@pytest.mark.parametrize(
    "text",
    [
        "He was told by {}, the neighbor, to come in.", "The neighbor, {}, drove him.", "{}, his neighbor, drove him.",
        "He heard it from {} next door.", "His roommate {} coughs.", "{} from bed 3 hit him.", "his friend {} visited",
        "He shares a room with {}.", "{} (roommate) was moved.", "Another patient, {}, was loud.", "a man named {}",
        "Caretaker: {} (no relation)", "He met {} at rehab.", "His brother-in-law {} is the proxy.", "{} B. visited.",
        "according to his boss {}", "The patient was bitten by {}", "the patient's uncle {} died",
        "{} - a friend - left",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Mark", "Zsofia"])
def test_a_stranger_of_the_patient_s_given_name_is_nobody(text: str, name: str, text_detector: TextDetector) -> None:
    assert Owner.PATIENT not in owners(text_detector, text.format(name), name)


@pytest.mark.parametrize(
    "text",
    [
        "{} fell in the bath.", "{}, a driver, fell.", "{} is a retired teacher.", "His wife met {} at the door.",
        "The neighbor drove {} home.", "{}'s neighbor called.", "A friend of {} came along.",
        "Neighbor told {} to rest.",
        "Brought in by a neighbor. {} fell.", "Preferred name: {}", "{} T. returns for follow-up.", "We spoke with {}.",
        "His mother came with {}.", "{} from Tarnbrook is well.",
    ],
)  # fmt: skip
def test_the_patient_s_own_stays(text: str, text_detector: TextDetector) -> None:
    name = "Mark"
    assert owners(text_detector, text.format(name), name) == {Owner.PATIENT}


def test_a_whole_name_stays_the_patient_s_wherever_it_stands(text_detector: TextDetector) -> None:
    for text in ("the driver, Mark T. Ellison, was hurt", "a man named Ellison, Mark", "Mark Ellison (roommate of X)"):
        assert owners(text_detector, text, "Ellison") == {Owner.PATIENT}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("48 Larchmont Ave, Springfield, IL 62704", True),
        ("48 LARCHMONT AVE\nSPRINGFIELD IL 62704", True),
        ("48 Larchmont Ave, Sprlngfield, IL 627O4", True),
        ("48 Larchmont Ave", True),
        ("48 Larchmont Ave, Apt 2", True),
        ("48 Larchmont Ave   Phone: 217-555-0142", True),
        ("48 Larchmont Ave. The sister moved to Chicago, IL 60601.", True),
        ("48 Larchmont Ave, IL 62704", True),
        ("48 Larchmont Ave, account 48193", True),
        ("48 Larchmont Ave, Decatur, IL 62521", False),
        ("48 Larchmont Ave, Decatur", False),
        ("48 LARCHMONT AVE\nDECATUR IL 62521", False),
        ("48 Larchmont Ave, Apt 7, Decatur, IL 62521", False),
    ],
)
def test_the_street_in_another_town_is_another_s(text: str, own: bool, text_detector: TextDetector) -> None:
    assert owners(text_detector, text, "48 L") == ({Owner.PATIENT} if own else {Owner.UNKNOWN})


def test_hostile_text_takes_bounded_time() -> None:
    known = KnownValues(SUBJECT)
    text = "He was with Mark, his the neighbor Mark (his " * 2000
    began = time.process_time()
    spans = [s for s in merge(text, known.spans(text)) if s.kind is Kind.PERSON]
    known.owned(text, spans)
    assert time.process_time() - began < 6.0


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("write to madalena28 or call", True),
        ("write to madalena28. Then call", True),
        ("write to madalena28.@xwebpost.us only", False),
        ("write to madalena28 @xwebpost.us only", False),
        ("write to madalena28,.@xwebpost.us only", False),
    ],
)
def test_the_name_of_a_mailbox_before_another_house_is_another_s(text: str, own: bool) -> None:
    spans = KnownValues(Subject(emails=("madalena28@webpost.us",))).spans(text)
    assert any(s.kind is Kind.EMAIL and s.owner is Owner.PATIENT for s in spans) is own
