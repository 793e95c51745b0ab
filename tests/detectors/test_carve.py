"""A span over several values is split into them, and nothing that was covered is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.findings import Kind, Layer, Owner, Span
from detectors.spans.carve import carved
from detectors.spans.merge import merge
from detectors.text.analyzer import TextDetector

TEXT = "Dr. Ann Lee, Mill Clinic, 12 Oak St, Troy, OH 45373 (555) 123-4567\nMRN 00123 12 Virginia Ave"

spans_of = st.builds(
    lambda start, length, kind, score, layer, owner: Span(
        start, min(start + length, len(TEXT)), kind, score, layer, owner
    ),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 60),
    st.sampled_from([Kind.PERSON, Kind.FACILITY, Kind.STREET, Kind.CITY, Kind.STATE, Kind.ZIP, Kind.PHONE, Kind.MRN]),
    st.sampled_from([0.3, 0.7, 0.85, 0.99]),
    st.sampled_from(list(Layer)),
    st.sampled_from(list(Owner)),
)


def covered(spans: list[Span]) -> set[int]:
    return {i for s in spans for i in range(s.start, s.end)}


@given(st.lists(spans_of, max_size=12))
@settings(max_examples=300, deadline=None)
def test_carving_covers_the_same_characters(spans: list[Span]) -> None:
    assert covered(carved(TEXT, spans)) == covered(spans)
    assert covered(merge(TEXT, spans)) == covered(spans)


def kinds(detector: TextDetector, text: str) -> dict[str, Kind]:
    return {text[s.start : s.end].strip(" ,."): s.kind for s in detector.spans(text)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Address: 12 Old Mill Rd, Springfield, IL 62704 Phone (217) 555-0142",
            {
                "12 Old Mill Rd": Kind.STREET,
                "Springfield": Kind.CITY,
                "IL": Kind.STATE,
                "62704": Kind.ZIP,
                "(217) 555-0142": Kind.PHONE,
            },
        ),
        ("Springfield IL 62704.", {"Springfield": Kind.CITY, "IL": Kind.STATE, "62704": Kind.ZIP}),
        (
            "Attending: Dr. Fatima Al-Rashid, Hilltop Heart Center",
            {"Dr. Fatima Al-Rashid": Kind.PERSON, "Hilltop Heart Center": Kind.FACILITY},
        ),
        (
            "Patient: Bao Xiong-Delacroix DOB 07/19/1958 MRN 77-204-19",
            {"Bao Xiong-Delacroix": Kind.PERSON, "07/19/1958": Kind.BIRTH_DATE, "77-204-19": Kind.MRN},
        ),
    ],
)
def test_each_value_has_its_own_kind(text_detector: TextDetector, text: str, wanted: dict[str, Kind]) -> None:
    assert kinds(text_detector, text) == wanted


@pytest.mark.parametrize(
    ("text", "part", "kind"),
    [
        ("12 Virginia Ave", "Virginia", Kind.STATE),
        ("410 Springfield Road, Troy", "Springfield", Kind.CITY),
        ("Mill Clinic Jones", "Mill Clinic", Kind.FACILITY),
        ("12 Oak St 555-0142", "555-0142", Kind.PHONE),
    ],
)
def test_a_look_alike_inside_stays_with_the_whole(text: str, part: str, kind: Kind) -> None:
    outer = Kind.PERSON if kind is Kind.FACILITY else Kind.STREET
    start = text.index(part)
    whole = Span(0, len(text), outer, 0.85, Layer.LABEL)
    spans = [whole, Span(start, start + len(part), kind, 0.8, Layer.DICTIONARY)]
    assert [(s.kind, s.start, s.end) for s in merge(text, spans)] == [(outer, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("10/02/2024", Kind.DATE), ("02-Oct-2024", Kind.DATE), ("10-02-2024", Kind.OTHER_ID), ("20241002", Kind.OTHER_ID)],
)
def test_a_plain_date_is_no_number_whatever_its_label(text: str, kind: Kind) -> None:
    spans = [Span(0, len(text), Kind.OTHER_ID, 0.85, Layer.LABEL), Span(0, len(text), Kind.DATE, 0.9, Layer.PATTERN)]
    assert [s.kind for s in merge(text, spans)] == [kind]


def test_a_guess_carves_nothing() -> None:
    text = "12 Oak St, Troy, OH 45373"
    whole = Span(0, len(text), Kind.STREET, 0.85, Layer.LABEL)
    for guess in (Span(17, 19, Kind.STATE, 0.5, Layer.DICTIONARY), Span(17, 19, Kind.STATE, 0.9, Layer.NER)):
        assert merge(text, [whole, guess]) == [whole]


def test_a_mark_goes_with_the_word_that_it_touches() -> None:
    text = "A. Nwosu, (Mill)"
    own = Span(0, 8, Kind.PERSON, 0.9, Layer.PATIENT, Owner.PROVIDER)
    other = Span(0, 16, Kind.PERSON, 0.8, Layer.LABEL)
    assert [(text[s.start : s.end], s.owner) for s in merge(text, [own, other])] == [
        ("A. Nwosu, ", Owner.PROVIDER),
        ("(Mill)", Owner.UNKNOWN),
    ]
