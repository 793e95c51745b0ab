"""Words of messages are ordinary, but not where a person must stand; words on the lists of names stay names."""

from __future__ import annotations

import pytest

from detectors.dictionaries import lexicon
from detectors.model.features import of_word
from detectors.names.every import recognizers
from detectors.names.lowercase import stems
from detectors.names.messages.framed import FramedNameRecognizer
from detectors.names.messages.hasty import is_stranger
from detectors.patterns.base import TextRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

FRAMED = FramedNameRecognizer()
FOUND = (
    "is ⟦muffin⟧ still npo",
    "⟦Oatmeal⟧ is in room 4 and wants water",
    "⟦Oatmeal, Denise⟧ 54M chest pain",
    "⟦Placenta, Ngozi⟧ 54M chest pain",
    "can you send ⟦lizard denise⟧ chart to me",
    "⟦ngozi chaplain⟧ fell last night",
    "pls call ⟦barista⟧ back",
    "pt ⟦barista⟧ vomited x2",
    "who has ⟦muffin⟧ tonight",
    "who is seeing ⟦tact⟧ today",
    "⟦smoothie denise⟧ dob 3/2/61",
    "⟦denise chaplain⟧ f/u in May",
    "spoke with ⟦lizard⟧ re: dc plan",
    "transfer ⟦lupus⟧ to icu",
    "⟦percentile⟧ refuses meds",
    "⟦Lumen⟧'s bp is 90/50",
)
LEFT = (
    "patient has a gallbladder polyp",
    "is gluten still bad for me",
    "labs for lupus are back",
    "pls call daycare back",
    "is anybody still npo",
    "has anybody seen by cardiology",
    "pt is sundowning",
    "caregiver called back",
    "oatmeal, toast 54 kcal",
    "who has wifi here",
    "the chaplain saw her",
    "move napkins to the table",
    "transfer checklist to the binder",
    "coworkers refused the vaccine",
    "caregiver refused the visit",
    "send selfie to my phone",
    "pt refused oatmeal",
)


@pytest.mark.parametrize("example", FOUND)
def test_finds(example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in FRAMED.find(text) for i in range(m.start, m.end)}
    assert all(i in covered for a, b in spans for i in range(a, b) if text[i].isalpha())


@pytest.mark.parametrize("text", LEFT)
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in FRAMED.find(text)] == []


def test_no_word_of_messages_is_on_a_list_of_names() -> None:
    words = lexicon.words_of_messages()
    assert len(words) > 300
    assert [w for w in sorted(words) if lexicon.is_given_name(w) or lexicon.is_surname(w)] == []


@pytest.mark.parametrize("word", ["wheat", "coffee", "luck", "sale", "mole", "music", "locker", "deer", "pounds", "ya"])
def test_what_is_on_a_list_of_names_is_not_made_ordinary(word: str) -> None:
    assert not lexicon.is_common_word(word)


@pytest.mark.parametrize(
    "word", ["ernest", "collier", "harries", "ferries", "mercier", "fortier", "charest", "messier"]
)
def test_an_ending_makes_no_listed_name_an_inflection(word: str) -> None:
    assert not any(map(lexicon.is_common_word, stems(word)))
    assert is_stranger(word)


@pytest.mark.parametrize("word", ["allergies", "happier", "easily", "earliest"])
def test_inflections_that_no_list_has_stay_ordinary(word: str) -> None:
    assert not is_stranger(word)


@pytest.mark.parametrize("word", ["muffin", "gluten"])
def test_the_model_reads_a_word_of_messages_as_one_that_it_never_met(word: str) -> None:
    assert lexicon.is_common_word(word)
    assert not lexicon.is_trained_word(word)
    assert of_word(word)[0] == of_word("xqzbrt")[0] != of_word("patient")[0]


def test_the_recognizer_runs_with_the_others() -> None:
    assert any(isinstance(one, FramedNameRecognizer) for one in recognizers())


@pytest.mark.parametrize("recognizer", [FRAMED], ids=lambda r: type(r).__name__)
def test_hostile_text_takes_bounded_time(recognizer: TextRecognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, seed
