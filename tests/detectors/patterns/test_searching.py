"""Trying an expression only where it can begin finds what `re` finds: every expression of the house, on many texts."""

from __future__ import annotations

import gc
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.detect import PageDetector  # noqa: F401  with the analyzer it brings in every module that searches
from detectors.patterns.search.searcher import Searcher
from detectors.text.analyzer import TextDetector  # noqa: F401
from tests.eval import clinical
from tests.eval.damage import Strength, damaged

ALL = [(one, re.compile(one.source, one.flags)) for one in gc.get_objects() if isinstance(one, Searcher)]


def _same(searchers: list[tuple[Searcher, re.Pattern[str]]], text: str) -> None:
    for one, plain in searchers:
        assert [m.regs for m in one.finditer(text)] == [m.regs for m in plain.finditer(text)], one.source


def test_every_rule_finds_on_notes_what_re_finds() -> None:
    assert len(ALL) > 150
    for sample in clinical.notes(5):
        for text in (sample.text, sample.text.upper(), damaged(sample, Strength.HEAVY, "heavy").text):
            _same(ALL, text)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="aIsKſKıÉ3.0-/ @#,'’:\n(Drmpt", max_size=40))
def test_every_rule_finds_on_any_text_what_re_finds(text: str) -> None:
    _same(ALL, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?i)s\w", "ſt ST"),
        (r"(?i:k)elvin", "Kelvin"),
        (r"(?i)[^a]b", "ab Ab cb"),
        (r"(?:x|rn|m)*q", "rnmq qq"),
        (r"(?<![\w])(?=(?P<a>ab))", "ab ab"),
        (r"(?:ab){2,3}?c", "abababc"),
        (r"(?m)^b$", "a\nb\nb"),
        (r"(a)\1", "aab"),
        (r"\bß", "x ß"),
        (r"a*", "baa"),
        (r"(?:ab|ac|rx|a|abd|[rm]y)c?", "abdc ac abc rxc ryc my a"),
        (r"(?i)(?:to|t|ta|Tan|\d|to)n?", "TOn tan Tann t1 2n"),
        (r"(?:a?b|ac|ad|b)(?P<x>c)|(?:k|\u212a|s)t", "abc acc adc bc \u212at"),
    ],
)
def test_any_expression_finds_what_re_finds(pattern: str, text: str) -> None:
    _same([(Searcher(pattern), re.compile(pattern))], text)


def test_no_rule_is_tried_everywhere() -> None:
    assert not [one.source for one, _ in ALL if one._number is None]


@pytest.mark.parametrize("pattern", [r"(?=(?<=[ ])(?=(?i:ward|wing)))", r"(?=(?:lab|clinic)\b)", r"(?=(?=ab))"])
def test_what_only_looks_ahead_begins_where_it_looks(pattern: str) -> None:
    text = "a ward, WING and lab: xward labs the clinic ab"
    _same([(Searcher(pattern), re.compile(pattern))], text)
    assert Searcher(pattern)._number is not None


def test_what_an_expression_needs_must_stand_behind_it_and_near() -> None:
    text = "Ann, Bo; Cy " + "x" * 30 + ", Di"
    searcher = Searcher(r"(?<!\w)[A-Z]\w+(?=[,;])", needs=",", within=8)
    assert [m[0] for m in searcher.finditer(text)] == ["Ann"]
    assert [m[0] for m in Searcher(r"(?<!\w)[A-Z]\w+(?=[,;])").finditer(text)] == ["Ann", "Bo"]


def test_only_places_where_a_match_may_begin_are_tried() -> None:
    text = "The patient saw the other party on a patio"
    searcher, tried = Searcher(r"(?<!\w)patient\s"), []
    searcher._match = lambda text, place: tried.append(place)  # type: ignore[assignment]
    assert not [*searcher.finditer(text)]
    assert [text[place : place + 3] for place in tried] == ["pat", "pat"]
