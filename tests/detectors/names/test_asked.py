"""Names where a question or command names somebody, in any case; what fills the same places and is nobody."""

from __future__ import annotations

import pytest

from detectors.names.messages.asked import LONGEST_CHARS, AskedNameRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

RECOGNIZER = AskedNameRecognizer()
FOUND = (
    "show me the labs of ⟦faith dean⟧ from last week",
    "SHOW ME THE LABS OF ⟦FAITH DEAN⟧ FROM LAST WEEK",
    "labs for ⟦Bird⟧",
    "any allergies for ⟦Vo⟧?",
    "meds ⟦Stone⟧ please",
    "did ⟦autumn wells⟧ get the ct?",
    "is ⟦Ho⟧ still on heparin",
    "is ⟦young⟧ still on heparin",
    "what is ⟦iris wells⟧'s last a1c",
    "when is ⟦Love⟧'s next visit",
    "tell ⟦dawn reed⟧ that he can eat",
    "pull up ⟦Cash⟧",
    "where is ⟦bo xu⟧",
    "cc ⟦an vo⟧",
    "⟦Ngozika⟧ sickle crisis",
    "⟦NGOZIKA⟧ COPD",
    "⟦Summer Hill⟧ - copd",
    "⟦ivy brook⟧, allergies?",
    "⟦Woods⟧ s/p appendectomy",
    "⟦Knight⟧ bed 4 npo",
    "⟦An Vo⟧ wound check",
    "was ⟦sarah thompson⟧ discharged?",
    "dr ⟦price⟧ a1c trend",
    "labs for mrs ⟦knight⟧ from clinic",
    "stat blood gas on ⟦Ransom⟧",
    "is it him or ⟦Bishop⟧?",
    "⟦Pope, L⟧ colonoscopy",
    "⟦De La Rosa, M.⟧ ob us",
    "⟦Mason Bell⟧ cpap",
    "what room is ⟦hector salinas⟧ in",
    "discharge ⟦jean van der ploeg⟧ today",
)
LEFT = (
    "labs for today please",
    "orders for May and June",
    "results for page 2",
    "call home today",
    "page the surgeon please",
    "is rice ok with diabetes?",
    "did the stone pass",
    "is surgery still on for Monday",
    "can fish oil be taken with aspirin",
    "chart review is due",
    "what is today's last case",
    "tell the family that he can eat",
    "give insulin to the patient",
    "pull up the schedule",
    "where is radiology",
    "who is on call",
    "White count trend",
    "Rice diet handout",
    "Bird flu vaccine",
    "Stone analysis results",
    "Vancomycin trough",
    "Ozempic side effects",
    "Cardiology consult note",
    "Will need labs",
    "May need surgery",
    "will need a refill",
    "hope to discharge today",
    "mark site before surgery",
    "grace period for copay",
    "Aetna prior auth phone tree",
    "DKA protocol",
    "summer camp physical form",
    "Joint Commission visit prep",
    "what unit is surgery in",
    "Dr. will call back",
    "transfer to Rehab",
    "waiting on Surgery",
    "labs are due by Monday",
    "Vitamin, B",
    "Hepatitis, C",
    "dr visit on Monday",
    "ms flare last week",
    "dr note for work",
)


@pytest.mark.parametrize("example", FOUND)
def test_finds(example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in RECOGNIZER.find(text) for i in range(m.start, m.end)}
    assert all(i in covered for a, b in spans for i in range(a, b) if text[i].isalpha())


@pytest.mark.parametrize("text", LEFT)
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in RECOGNIZER.find(text)] == []


def test_a_page_is_no_question() -> None:
    question = "labs for grace king"
    assert [*RECOGNIZER.find(question)]
    assert not [*RECOGNIZER.find(question + "\n" + "word " * (LONGEST_CHARS // 5))]


def test_hostile_text_takes_bounded_time() -> None:
    seconds, seed = slowest(RECOGNIZER)
    assert seconds < SLOWEST_S, seed


def test_the_longest_message_takes_bounded_time() -> None:
    import time

    for seed in ("labs for a ", "is a ", "a'", "a-a ", "a's ", "cc a b c d ", "A "):
        text = (seed * LONGEST_CHARS)[:LONGEST_CHARS]
        started = time.process_time()
        [*RECOGNIZER.find(text)]
        assert time.process_time() - started < SLOWEST_S, seed
