"""Where a name ends and a house begins, and which capitals behind a name are none of it."""

from __future__ import annotations

import pytest

from detectors import labels
from detectors.names.initials import InitialsRecognizer
from detectors.names.recognizer import NameRecognizer
from detectors.patterns.addresses import StreetRecognizer
from detectors.patterns.base import TextRecognizer
from detectors.patterns.dates import NamedDateRecognizer
from detectors.places.facilities import FacilityRecognizer


def covered(recognizer: TextRecognizer, text: str) -> set[str]:
    """The words of the text that any match touches."""
    matches = [(m.start, m.end) for m in recognizer.find(text)]
    words, at = set(), 0
    for word in text.split():
        at = text.index(word, at)
        if any(start < at + len(word) and at < end for start, end in matches):
            words.add(word.strip(".,"))
        at += len(word)
    return words


@pytest.mark.parametrize(
    ("text", "burns"),
    [
        ("Winifred Zorblat at Sunrise Senior Living called", "Winifred Zorblat Sunrise Senior Living"),
        ("Ms. Zorblat at Quuxin Middle School", "Zorblat Quuxin Middle School"),
        ("records from Zorblat Medical Center for Ida Mae Quuxin", "Zorblat Medical Center Ida Mae Quuxin"),
        ("Zorblat Hospital at Quuxin Heights", "Zorblat Hospital at Quuxin Heights"),
        ("Hospital for Special Zorblats", "Hospital for Special Zorblats"),
        ("Children's Hospital at Zorblat", "Children's Hospital at Zorblat"),
    ],
)
def test_who_was_met_is_apart_from_the_house(text: str, burns: str) -> None:
    assert covered(FacilityRecognizer(), text) == set(burns.split())


@pytest.mark.parametrize(
    ("text", "burns"),
    [
        ("Hilda Broussard BP 190/110", "Hilda Broussard"),
        ("Mr. Broussard BP 190/110", "Broussard"),
        ("Mrs. Broussard CT head", "Broussard"),
        ("HILDA BROUSSARD BP", "HILDA BROUSSARD BP"),  # in capitals throughout nothing tells them apart
        ("Hilda Broussard OT", "Hilda Broussard"),
        ("Linh DO, MD", "Linh DO"),
        ("PT OT SLP consults", ""),
        ("OT SLP recs", ""),
    ],
)
def test_short_forms_behind_a_name_stay(text: str, burns: str) -> None:
    assert covered(NameRecognizer(), text) == set(burns.split())


@pytest.mark.parametrize(
    ("text", "burns"),
    [
        ("K.B. from bed 9 is asking", "K.B"),
        ("R.T. in room 4 fell", "R.T"),
        ("T.I.D. from bed time on", ""),
        ("I.V. in room 4 beeping", ""),
        ("O.R. in room 2 is down", ""),
        ("R.T. in rooming", ""),
    ],
)
def test_initials_lie_in_beds(text: str, burns: str) -> None:
    assert covered(InitialsRecognizer(), text) == set(burns.split())


def test_a_day_behind_a_number_is_none_of_it() -> None:
    text = "visit V0039281 on 02/17/2024 14:35"
    assert [text[s.start : s.end] for s in labels.in_text(text)] == ["V0039281"]


def test_what_was_done_has_no_street() -> None:
    assert covered(StreetRecognizer(), "CPT 27447 Total Knee Way") == set()
    assert covered(StreetRecognizer(), "at 27447 Total Knee Way")
    assert "Zorblat" in covered(StreetRecognizer(), "CPT 99213 742 Zorblat Terrace")


def test_what_leads_to_an_address_is_none_of_it() -> None:
    text = "update address to 3307 Zorblat Hollow Rd, Quuxin"
    assert "to" not in covered(StreetRecognizer(), text)
    assert "3307" in covered(StreetRecognizer(), text)


@pytest.mark.parametrize(
    ("text", "burns"), [("11th nov 2pm", "11th nov"), ("Nov 2, pm clinic", "Nov 2"), ("nov 2pm", "")]
)
def test_an_hour_behind_a_month_is_no_day(text: str, burns: str) -> None:
    assert covered(NamedDateRecognizer(), text) == set(burns.split())
