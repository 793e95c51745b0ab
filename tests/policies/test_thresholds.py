"""Thresholds follow from the leak budget alone, and what lies between them is burned, or burned and seen."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from detectors.detect import findings
from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.spans.calibration import FITTED, likely, probability, voted
from policies import profile
from policies.thresholds import NONE_IS_LET_GO, Thresholds
from streams.pipeline.doubts import unsure

LIKELY, DOUBTFUL = (
    Span(0, 5, Kind.PERSON, 0.95, Layer.PATTERN),
    Span(6, 11, Kind.PERSON, 0.31, Layer.NER),
)


def content(name: str) -> Any:
    file = Path(profile.__file__).parent / "profiles" / f"{name}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def found(span: Span) -> Finding:
    return Finding(0, span.kind, span.score, span.layer, (Quad.of(Box(0, 0, 9, 9)),), (), span)


@pytest.mark.parametrize("name", profile.names())
def test_each_profile_has_been_swept_for_the_budget_that_it_states(name: str) -> None:
    loaded = profile.load(name)
    assert loaded.leak_budget == content(name)["leak_budget"]
    assert loaded.thresholds != NONE_IS_LET_GO, "python -m tests.eval.calibrate"


def test_a_profile_that_measures_lets_nothing_go() -> None:
    assert profile.load("maximal").thresholds.least == profile.load("strict").thresholds.least == 0.0


def test_a_budget_without_a_sweep_affords_nothing() -> None:
    changed = {**content("limited-data-set"), "leak_budget": 0.03}
    assert profile.parse("limited-data-set", changed).thresholds == NONE_IS_LET_GO
    with pytest.raises(RedoubtError) as refused:
        profile.parse("limited-data-set", {**changed, "leak_budget": 0.5})
    assert refused.value.reason is Reason.MISCONFIGURED


def test_a_profile_without_a_budget_is_refused() -> None:
    changed = content("limited-data-set")
    del changed["leak_budget"]
    with pytest.raises(RedoubtError):
        profile.parse("limited-data-set", changed)


def test_thresholds_are_part_of_the_version() -> None:
    changed = copy.deepcopy(content("limited-data-set"))
    before = profile.parse("limited-data-set", changed)
    assert before.version == profile.load("limited-data-set").version
    assert profile.parse("limited-data-set", {**changed, "leak_budget": 0.03}).version != before.version


def test_layers_vote() -> None:
    raw = [LIKELY, DOUBTFUL, replace(DOUBTFUL, layer=Layer.DICTIONARY), replace(DOUBTFUL, start=10, end=14)]
    assert [span.votes for span in voted([LIKELY, DOUBTFUL], raw)] == [1, 2]
    assert probability(replace(DOUBTFUL, score=0.5, votes=2)) > probability(replace(DOUBTFUL, score=0.5))


def test_probabilities_never_fall_as_scores_rise() -> None:
    for layer in FITTED:
        for votes in (1, 2):
            told = [probability(replace(DOUBTFUL, score=s / 100, layer=layer, votes=votes)) for s in range(30, 101)]
            assert told == sorted(told)
            assert 0.0 < told[0] <= told[-1] < 1.0
    for layer in set(Layer) - set(FITTED):
        assert probability(replace(DOUBTFUL, layer=layer)) == 1.0, "what is known is not judged"


def test_what_is_surely_none_is_no_finding() -> None:
    words = tuple(
        Word(text, 95.0, Quad.of(Box(at * 10, 0, at * 10 + 50, 9)), 0, at, at + 5)
        for at, text in ((0, "Maria"), (6, "Graft"))
    )
    page = PageReading(200, 20, 0.0, words, "Maria Graft", "print")
    every = [LIKELY, DOUBTFUL]
    least = probability(DOUBTFUL) + 0.001
    assert likely(every, 0.0) == every
    assert likely(every, least) == [LIKELY]
    assert [f.words for f in findings([page], [every], None)] == [(0,), (1,)]
    assert [f.words for f in findings([page], [every], None, least=least)] == [(0,)]
    doubtful = replace(page, words=(words[0], replace(words[1], confidence=20.0)))
    unread = findings([doubtful], [every], None, least=least)
    assert [(f.kind, f.words) for f in unread] == [(Kind.PERSON, (0,)), (Kind.UNREADABLE, (1,))], "still unread"


def test_what_lies_between_is_seen_where_the_profile_says_so() -> None:
    burns = profile.load("maximal")
    reviews = profile.parse("maximal", {**content("maximal"), "between": "review"})
    sure, doubted = ([p.decide(found(span), "x") for p in (reviews,)] for span in (LIKELY, DOUBTFUL))
    assert unsure(reviews, doubted) == (Reason.UNSURE_FINDING,)
    assert unsure(reviews, sure) == unsure(burns, doubted) == ()
    unread = replace(found(DOUBTFUL), kind=Kind.UNREADABLE)
    assert unsure(reviews, [reviews.decide(unread, "x")]) == ()


@pytest.mark.parametrize(("least", "sure"), [(-0.1, 0.5), (0.6, 0.5), (0.5, 1.1)])
def test_thresholds_are_probabilities_in_order(least: float, sure: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Thresholds(least, sure)
