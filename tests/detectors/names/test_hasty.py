"""Names in questions typed in haste, initials, households, houses by their short names; and what looks like them."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.names.initials import InitialsRecognizer
from detectors.names.messages.acting import ActingNameRecognizer
from detectors.names.messages.hasty import HastyNameRecognizer
from detectors.patterns.ages import AgeRecognizer
from detectors.patterns.base import TextRecognizer
from detectors.places.facilities import FacilityRecognizer
from detectors.text.bare_names import BareNameRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

HASTY, INITIALS, ACTING, HOUSES, AGES = (
    HastyNameRecognizer(),
    InitialsRecognizer(),
    ActingNameRecognizer(),
    FacilityRecognizer(),
    AgeRecognizer(),
)

FOUND: tuple[tuple[TextRecognizer, str], ...] = (
    (HASTY, "pt ⟦xqzwert brzozek⟧ here for bp check"),
    (HASTY, "my cardiologist ⟦brzozek⟧ stopped my lasix"),
    (HASTY, "is ⟦brzozek⟧'s refill due"),
    (HASTY, "is ⟦dzhamal⟧ too young for melatonin"),
    (HASTY, "labs for ⟦brzozek dzhamal⟧ dob unknown"),
    (HASTY, "whats the dose of augmentin for ⟦dzhamal⟧, weighs 14 kg"),
    (HASTY, "page ⟦thorqvist⟧ about the potassium please"),
    (HASTY, "i'm ⟦dzhamal⟧ and my knee hurts"),
    (HASTY, "mom ⟦dzhamal⟧ says he coughs at night"),
    (HASTY, "waitlist; ⟦xqzwert brzozek⟧ 555-858-6540"),
    (INITIALS, "Which statin for ⟦J.B.⟧, a smoker?"),
    (INITIALS, "Pt ⟦K. L.⟧ is 54"),
    (INITIALS, "⟦K.L.⟧ y/o 43 f"),
    (INITIALS, "⟦K.L.⟧, 43 yo, chest pain"),
    (INITIALS, "⟦Dzhamal B⟧ is due for a colonoscopy"),
    (INITIALS, "saw ⟦Dzhamal K⟧'s mother"),
    (INITIALS, "Discussed with ⟦J R Ng⟧ and the family."),
    (INITIALS, "⟦J R Li⟧ and the family"),
    (INITIALS, "seen with ⟦J. R. Ho⟧ today"),
    (INITIALS, "⟦B T Banks⟧ informed"),
    (INITIALS, "informed ⟦L M Field⟧ and ⟦B T Banks⟧"),
    (INITIALS, "SIGNED BY ⟦J R MAY⟧ AT NOON"),
    (INITIALS, "⟦J R Bishop⟧ denies fever"),
    (ACTING, "the ⟦Brzozek⟧ family agrees"),
    (ACTING, "He goes by ⟦Dzham⟧"),
    (ACTING, "She shouted at ⟦Dzhamal⟧: stop"),
    (ACTING, "Update on ⟦Brzozek⟧: extubated"),
    (ACTING, "⟦Brzozek⟧ - bed 3 - needs a sitter"),
    (ACTING, 'Ella: What now?\n⟦Destiny⟧: "Nothing."'),
    (HOUSES, "the ⟦Zwettla⟧ ED wants the films"),
    (HOUSES, "custodian name: ⟦Good Health Clinic⟧"),
    (HOUSES, "Where: ⟦Zwettla Country Club⟧"),
    (HOUSES, "mri done at ⟦zwettla urgent care⟧ yesterday"),
    (HASTY, "surgery was 20-Nov-2019 with ⟦dzhamal⟧ here"),
    (ACTING, "⟦Brzozek⟧ discharge summary says EF 20%"),
    (AGES, "Pt T.V., ⟦91⟧, has SLE"),
    (AGES, "She turns ⟦ninety-six⟧ on Monday"),
    (AGES, "He's ⟦ninety-four⟧. Hospice?"),
)
LEFT: tuple[tuple[TextRecognizer, str], ...] = (
    (INITIALS, "b.i.d. 10 yrs"),
    (INITIALS, "E.R. 2 years ago"),
    (HASTY, "is metformin too strong for a child"),
    (HASTY, "authenticator telecom: 555-555-1002"),
    (HASTY, "any interaction between skyrizumab and prednisone today"),
    (HASTY, "pls recheck the potassium and restart lisinopril"),
    (HASTY, "my cardiologist stopped my lasix"),
    (HASTY, "pt c/o odynophagia and tenesmus after colonoscopy"),
    (HASTY, "Assessment: Xqzwert\nPlan: Brzozek"),
    (INITIALS, "seen by the M.D., then discharged"),
    (INITIALS, "give with food, P.O., daily"),
    (INITIALS, "Vitamin K is low and Hepatitis B is negative"),
    (INITIALS, "Group A has strep"),
    (INITIALS, "P R Interval"),
    (INITIALS, "S T Segment"),
    (INITIALS, "I V Fluids given"),
    (INITIALS, "C T Head and neck"),
    (INITIALS, "seen by C T Head"),
    (INITIALS, "M R Spine"),
    (INITIALS, "O D Drops"),
    (INITIALS, "A B Negative"),
    (INITIALS, "H H Chart"),
    (INITIALS, "Vitamins A D E"),
    (INITIALS, "Vitamins A D May help"),
    (INITIALS, "Hepatitis A B Young"),
    (INITIALS, "Q T Prolonged, Q T Long"),
    (INITIALS, "T B Test"),
    (INITIALS, "Type A B"),
    (INITIALS, "Y N Pain Y N Rash"),
    (INITIALS, "given with I V Push"),
    (INITIALS, "A M Price"),
    (INITIALS, "J R May 4"),
    (INITIALS, "A B C D Young"),
    (ACTING, "the nursing home called"),
    (ACTING, "the Framingham study"),
    (ACTING, "Parkinson, Alzheimer and Huntington diseases"),
    (ACTING, "Update on diabetes: stable"),
    (HOUSES, "the Coumadin clinic wants an INR"),
    (HOUSES, "the ICU called"),
    (HOUSES, "send her to primary care and to the cardiology clinic"),
    (ACTING, "Hospital discharge summary and Troponin results"),
    (HOUSES, "Name: First Middle Last"),
    (AGES, "Pulse was ninety-six."),
    (AGES, "It turned ninety degrees"),
)


@pytest.mark.parametrize(("recognizer", "example"), FOUND)
def test_finds(recognizer: TextRecognizer, example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in recognizer.find(text) for i in range(m.start, m.end)}
    assert all(i in covered for a, b in spans for i in range(a, b) if text[i].isalpha())


@pytest.mark.parametrize(("recognizer", "text"), LEFT)
def test_leaves_look_alikes(recognizer: TextRecognizer, text: str) -> None:
    assert [text[m.start : m.end] for m in recognizer.find(text)] == []


@pytest.mark.parametrize(
    "example", ["code for ⟦Iwzona's⟧ ankle", "Compare ⟦Marzgaud⟧ with them", "meds for ⟦Wenzcy⟧: none"]
)
def test_a_strange_capital_after_a_word_of_the_sentence_is_a_name(example: str) -> None:
    text, ((start, end),) = marked(example)
    hits = BareNameRecognizer().analyze(text, [], None)
    assert any(hit.start <= start and end <= hit.end for hit in hits)
    assert {hit.entity_type for hit in hits} == {Kind.PERSON.value.upper()}


@pytest.mark.parametrize("recognizer", [HASTY, INITIALS], ids=lambda r: type(r).__name__)
def test_hostile_text_takes_bounded_time(recognizer: TextRecognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, seed


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("Maren S. Voxley, DO\nLanternhill Primary Care Center", "Lanternhill Primary Care Center"),
        ("MAREN VOXLEY, M.D.\nYarrowdale Orthopedic Group", "Yarrowdale Orthopedic Group"),
        ("Do Lanternhill Primary Care Center", "Do Lanternhill Primary Care Center"),
    ],
)
def test_the_credential_of_the_line_above_is_no_part_of_a_house(text: str, house: str) -> None:
    found = {text[m.start : m.end] for m in FacilityRecognizer().find(text)}
    assert house in found
    assert not any(value.startswith(("DO\n", "M.D.\n")) for value in found)
