"""Merging and mapping never lose a character, and leave nothing overlapping."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.detect import findings, mapped
from detectors.findings import Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.spans.merge import merge
from detectors.spans.spread import spread

TEXT = "Ann Lee-Roy, MRN 00-123-45; seen 3/4/21 by Dr. Ott (555) 123-4567. ANN LEE\nLee 0012345 ott."

spans_of = st.builds(
    lambda start, length, kind, score, layer, owner: Span(
        start, min(start + length, len(TEXT)), kind, score, layer, owner
    ),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 30),
    st.sampled_from([Kind.PERSON, Kind.MRN, Kind.DATE, Kind.PHONE, Kind.CITY]),
    st.sampled_from([0.3, 0.5, 0.85, 0.99]),
    st.sampled_from(list(Layer)),
    st.sampled_from(list(Owner)),
)


def covered(spans: list[Span]) -> set[int]:
    return {i for s in spans for i in range(s.start, s.end)}


def page(text: str) -> PageReading:
    words, start = [], 0
    for line, content in enumerate(text.split("\n")):
        for piece in content.split(" "):
            if piece:
                region = Quad.of(Box(10 * start, 30 * line, 10 * (start + len(piece)), 30 * line + 20))
                words.append(Word(piece, 90.0, region, line, start, start + len(piece)))
            start += len(piece) + 1
    return PageReading(4000, 400, 100.0, tuple(words), text, "hand")


@given(st.lists(spans_of, max_size=12))
@settings(max_examples=300, deadline=None)
def test_merging_covers_the_same_characters_once(spans: list[Span]) -> None:
    merged = merge(TEXT, spans)
    assert covered(merged) == covered(spans)
    assert sum(s.end - s.start for s in merged) == len(covered(merged))
    assert merged == sorted(merged)


@given(st.lists(spans_of, max_size=8))
@settings(max_examples=150, deadline=None)
def test_spreading_and_mapping_never_lose_a_word(spans: list[Span]) -> None:
    reading = page(TEXT)
    assert covered(spread([TEXT], [spans])[0]) >= covered(spans)
    found = findings([reading], [spans], None)
    burned = {i for f in found for i in f.words}
    wanted = {i for s in spans for i in reading.words_in(s.start, s.end)}
    assert burned >= wanted
    for f in found:
        assert f.regions == tuple(reading.words[i].region for i in f.words)


@given(st.lists(spans_of, max_size=8))
@settings(max_examples=150, deadline=None)
def test_mapping_equals_the_plain_definition(spans: list[Span]) -> None:
    reading = page(TEXT)
    merged = merge(TEXT, spans)
    got = dict(mapped(reading, merged))
    for span in merged:
        assert got.get(span, ()) == reading.words_in(span.start, span.end)


def test_the_stronger_kind_keeps_its_extent_and_the_weaker_the_rest() -> None:
    text = "id 555-12-3456 Boston"
    merged = merge(
        text,
        [Span(3, 14, Kind.SSN, 0.9, Layer.PATTERN), Span(0, 14, Kind.PHONE, 0.4, Layer.PATTERN)],
    )
    assert [(text[s.start : s.end], s.kind) for s in merged] == [("id ", Kind.PHONE), ("555-12-3456", Kind.SSN)]


def test_at_like_evidence_an_identifier_beats_a_kind_that_some_profiles_show() -> None:
    merged = merge("Jackson", [Span(0, 7, Kind.CITY, 0.7, Layer.PATTERN), Span(0, 7, Kind.PERSON, 0.65, Layer.NER)])
    assert [s.kind for s in merged] == [Kind.PERSON]


def test_the_event_s_own_data_decide_the_owner() -> None:
    spans = [
        Span(0, 4, Kind.PERSON, 0.9, Layer.PATIENT, Owner.PATIENT),
        Span(0, 9, Kind.PERSON, 0.99, Layer.PATTERN),
    ]
    assert [(s.start, s.end, s.owner) for s in merge("Anne Otis", spans)] == [
        (0, 4, Owner.PATIENT),
        (4, 9, Owner.UNKNOWN),
    ]
