"""Towns, houses, hospitals and employers as messages put them; departments, doses and kinds of care beside them."""

from __future__ import annotations

import time

import pytest

from detectors.names.messages.asked import LONGEST_CHARS
from detectors.places.whereabouts import WhereaboutsRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

RECOGNIZER = WhereaboutsRecognizer()
FOUND = (
    "moved here from ⟦tbilisi⟧ last year",
    "born in ⟦lodz⟧, came over in 2009",
    "pick up at ⟦9th and pine⟧",
    "22 w read st ⟦baltimore⟧",
    "the fax from ⟦Scripps Mercy⟧ about him",
    "seen at ⟦patient first⟧ on sat",
    "student at ⟦morgan state⟧",
    "a work note for ⟦Goldman Sachs⟧",
    "moved from ⟦kansas city⟧ last week",
    "i live in ⟦east orange⟧ near the park",
    "resident of ⟦Truth or Consequences⟧ NM",
    "He moved to ⟦Truth or\nConsequences⟧ last year.",
    "took ⟦1408 maple⟧ ems, confused male",
    "seen at ⟦215 Tamsin Forges⟧.",
    "on the corner of ⟦fulton and 8th⟧",
    "shes at ⟦mercy⟧",
    "was transferred from ⟦Good Samaritan⟧ this morning",
    "had the baby at ⟦county general⟧",
    "at ⟦dallas methodist⟧ since noon",
    "snf is ⟦autumn lake⟧",
    "the ⟦cvs at 3rd & elm⟧ lost my script",
    "teacher at ⟦PS 118⟧",
    "goes to ⟦sunny acres adult day⟧ on mondays",
    "works for ⟦Acme Freight Logistics⟧ and needs a form",
    "he drives for ⟦swift trucking⟧",
    "job at ⟦home depot⟧",
    "retired from ⟦Bethlehem Steel⟧",
    "⟦Northside Regional⟧ faxed the records",
    "taken to ⟦regional west⟧ last night",
    "staying with my sister in ⟦baton rouge⟧",
    "lives outside ⟦spokane⟧",
    "from ⟦chattanooga⟧, here for the holidays",
    "phone 651.292.3431, works at ⟦Walmart⟧.",
    "line cook at ⟦denny's⟧, burn to r hand",
    "drives truck for ⟦swift⟧",
    "was CEO of ⟦Zorb Lumber Co.⟧ until May",
    "⟦Zorb Roofing LLC⟧ sent a form",
    "⟦UPS⟧ hired her in 2019",
    "joined ⟦Zorbatec⟧ in 2020",
    "the manager of ⟦Walmart⟧ signed the form",
    "attends ⟦Ohio State⟧ and had an attack there",
    "ask ⟦Eastgate Pediatrics⟧ for the films",
    "did ⟦Mount Auburn⟧ fax us anything",
    "xfer from ⟦st joes⟧ eta 20",
    "wants 2nd opinion from ⟦mayo⟧",
    "been at ⟦st johns⟧ x 3 wks",
    "home is ⟦fresno⟧",
    "home: ⟦Truth or\nConsequences⟧ NM",
    "⟦Zorbister Dairy⟧ sent Devika Mangal for a drug screen",
)
LEFT = (
    "lives in a group home",
    "moved from bed 3 to bed 4",
    "from home with family",
    "born at 38 weeks",
    "came from china last week",
    "took 2 tabs",
    "took 1200 mg ibuprofen",
    "at 1400 hours",
    "at 88 percent on room air",
    "at 0900 Monday",
    "seen at 12 weeks",
    "transfer to general surgery",
    "transferred from local memorial",
    "community acquired pneumonia",
    "sent to regional",
    "at home on monday",
    "works for pain but wears off",
    "Tylenol works for Headaches.",
    "Humira works for Psoriasis",
    "works for himself",
    "retired from work last year",
    "job at risk",
    "the target on rhythm was missed",
    "to skilled nursing",
    "at new assisted living",
    "in the ms 118 range",
    "the Surgeon General said so",
    "Complex Regional pain syndrome",
    "Dental General Anesthesia consent",
    "in general she is well",
    "moved to bed\nthree without help",
    "in high spirits today",
    "lives in poverty",
    "cook at home",
    "nurse at bedside",
    "no st changes",
    "related to st elevations",
    "attends church",
    "from kenya originally",
    "pain at 4th and fifth.",
    "goes to community college",
    "attends a local high school",
    "goes to the solid state lab",
    "on 3rd and day 4",
    "see 20 hand dr notes",
    "put the patient first today",
    "note for target weight",
    "no forms to shell out for",
    "home is quiet",
    "Nurse sent Devika Mangal home",
    "attends AA and Weight classes",
    "Left Knee last month",
    "quit Smoking in 2019",
    "joined Medicare in 2020",
    "manufactured by Zorb Medical Inc.",
    "Patient employed full time",
    "ask Pediatric Cardiology",
)


@pytest.mark.parametrize("example", FOUND)
def test_finds(example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in RECOGNIZER.find(text) for i in range(m.start, m.end)}
    assert all(i in covered for a, b in spans for i in range(a, b) if text[i].isalnum())


@pytest.mark.parametrize("text", LEFT)
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in RECOGNIZER.find(text)] == []


def test_a_page_is_no_message() -> None:
    message = "seen at mercy"
    assert [*RECOGNIZER.find(message)]
    assert not [*RECOGNIZER.find(message + "\n" + "word " * (LONGEST_CHARS // 5))]


def test_hostile_text_takes_bounded_time() -> None:
    seconds, seed = slowest(RECOGNIZER)
    assert seconds < SLOWEST_S, seed


def test_the_longest_message_takes_bounded_time() -> None:
    for seed in ("from a ", "at 1 A ", "at a a ", "works for A ", "corner of a and ", "cvs on a "):
        text = (seed * LONGEST_CHARS)[:LONGEST_CHARS]
        started = time.process_time()
        [*RECOGNIZER.find(text)]
        assert time.process_time() - started < SLOWEST_S, seed
