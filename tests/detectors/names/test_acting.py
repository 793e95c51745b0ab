"""Names told by what the sentence says of them, and what looks like one: germs, drugs, headings, documents."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.names.lowercase import LowercaseNameRecognizer
from detectors.names.messages.acting import ActingNameRecognizer
from detectors.names.recognizer import NameRecognizer
from detectors.names.shaped import ShapedNameRecognizer
from tests.detectors.patterns.tables import covers, marked

ACTING = ActingNameRecognizer()

POSITIVES = (
    "⟦Xqzwerty⟧ reports that the cough is better",
    "Seen today. ⟦Brzozek⟧ has been followed here since 2019 for gout",
    "⟦Dzhamal⟧ says he slept well",
    "⟦Ottmar Brzozek⟧ denies chest pain",
    "⟦Xqzwerty⟧ lives with her aunt",
    "⟦Xqzwerty⟧ is 43 and works nights",
    "- ⟦Brzozek⟧ was admitted from the nursing home",
    "For ⟦Ottmar Brzozek⟧, born in spring, adjust the dose",
    "⟦Ottmar Stone⟧, account 4711, disputes the fee",
    '"It hurts," says ⟦Brzozek⟧.',
    "What is your last name? ⟦Stone⟧",
    "my name is ⟦xqzwerty⟧ and i need help",
    "everyone calls me ⟦brzi⟧",
    "⟦Brzozek ten Wolde⟧ denies pain",
    "⟦Brzozek⟧ is from out of state",
    "call ⟦Brzozek⟧'s mother",
    '⟦Brzozek⟧: "Who are you?"',
    "⟦Brzozek⟧ and ⟦Martinez⟧ were in the car",
    "⟦Jennifer⟧: Can you hear me?",
    "children: ⟦jennifer, michael and linda⟧",
    "⟦Jennifer⟧, can you come in?",
    "⟦Brzozek⟧ called, crying, wants a refill",
    "gtt running; ⟦Brzozek⟧ full code; ⟦Dzhamal⟧ to pull the drain",
    "family told; ⟦Brzozek⟧ aware",
    "⟦Tran⟧, ⟦Vu⟧, and ⟦Ho⟧ need labs",
    "ok to give zofran? - ⟦dzham⟧",
)
NEGATIVES = (
    "Hashimoto's family of disorders",
    "the patient's mother and Patient's chart",
    "today's chart, Today's labs",
    "Specimen is from the left lung",
    "Living Will states no resuscitation",
    "Cardiology agrees with the plan",
    "Legionella lives in warm water",
    "Patient reports pain",
    "Neurology, can you see her?",
    "Radiology says no fracture",
    "Metformin and insulin were stopped",
    "Pneumonia was seen on film",
    "MRI was done",
    "Plan: Continue",
    "Assessment: Stable",
    "lisinopril, metformin and aspirin",
    "Lasix, Coreg, and Norvasc held",
    "Sunday, Monday, and Tuesday only",
    "Hope, Faith, and Trust groups",
    "fever, chills and nausea",
    "my name is not on the list",
    "Hospice is aware",
    "Mother reports fever",
    "Medicare denies the claim",
    "Fall, age 80",
    "Pharmacy called, out of stock",
    "Lab called to say hemolyzed",
    "Foley d/c home with bag",
    "Patient NPO; Family aware",
    "Heparin to hold. Nursing to draw labs",
    "is it back? - pending",
    "better? - unchanged",
)


@pytest.mark.parametrize("example", POSITIVES)
def test_finds(example: str) -> None:
    text, spans = marked(example)
    found = list(ACTING.find(text))
    assert all(any(m.start <= a and b <= m.end for m in found) or _by_words(text, a, b) for a, b in spans)


def _by_words(text: str, start: int, end: int) -> bool:
    covered = {i for m in ACTING.find(text) for i in range(m.start, m.end)}
    return all(i in covered for i in range(start, end) if text[i].isalpha() and text[i - 3 : i + 3].find("and") < 0)


@pytest.mark.parametrize("text", NEGATIVES)
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in ACTING.find(text)] == []


@pytest.mark.parametrize("who", ["Room-mate", "Roommate", "Neighbour"])
def test_who_somebody_is_to_the_patient_is_no_part_of_the_name(who: str) -> None:
    text = f"{who} Hortense Wilkerson complained of noise."
    found = {text[m.start : m.end] for m in ACTING.find(text)}
    assert found
    assert found <= {"Hortense Wilkerson", "Wilkerson"}


@pytest.mark.parametrize("example", ["saw ⟦jennifer brzozek⟧ today", "call ⟦linda xqzwert⟧ back"])
def test_a_listed_given_name_takes_the_stranger_behind_it_along(example: str) -> None:
    text, ((start, end),) = marked(example)
    assert covers([LowercaseNameRecognizer()], text, (start, end), Kind.PERSON)


@pytest.mark.parametrize("text", ["gave olga metformin", "linda reported pain", "jennifer walked home"])
def test_what_follows_a_given_name_stays_where_it_is_a_word(text: str) -> None:
    last = text.split()[-1]
    assert not any(last in text[m.start : m.end] for m in LowercaseNameRecognizer().find(text))


def test_behind_a_title_and_a_given_name_an_ordinary_word_is_the_surname() -> None:
    text, (span,) = marked("referred to Dr. ⟦Justin Field⟧ today")
    assert covers([NameRecognizer()], text, span, Kind.PERSON)


@pytest.mark.parametrize("text", ["Hello Dr. Rees, I've been dizzy", "Thank you Okafor, I'm better"])
def test_who_writes_is_no_given_name_of_whom_it_is_written_to(text: str) -> None:
    found = [text[m.start : m.end] for m in ShapedNameRecognizer().find(text)]
    assert not [name for name in found if "I" in name]
