"""From words to findings: whole words, doubtful words, what one page teaches another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from detectors.detect import PageDetector, findings
from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer, Owner, Span
from detectors.pages import PageReading
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector

LayOut = Callable[..., PageReading]


def test_a_form_and_the_page_after_it(text_detector: TextDetector, laid_out: LayOut) -> None:
    form = laid_out([(0, 0, "PATIENT NAME"), (30, 0, "MRN"), (0, 1, "ZORBLAT QUUXIN"), (30, 1, "77-15512")])
    note = laid_out([(0, 0, "Quuxin was well today, file 7715512")])
    detector = PageDetector(text_detector)
    spans = [detector.spans(page, None) for page in (form, note)]
    found = findings([form, note], spans, None)
    words = {(f.page, [form, note][f.page].words[i].text) for f in found for i in f.words}
    assert words >= {(0, "ZORBLAT"), (0, "QUUXIN"), (0, "77-15512"), (1, "7715512")}
    assert not {(1, "well"), (1, "was"), (1, "today,")} & words


def test_words_are_covered_whole_by_offset_overlap(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Name:John Smith")])
    found = findings([page], [[Span(5, 12, Kind.PERSON, 0.9, Layer.NER)]], None)
    assert [f.words for f in found] == [(0, 1)]


@pytest.mark.parametrize(
    ("text", "confidence", "burned"),
    [
        ("word", 29.0, True),
        ("word", 31.0, False),
        ("Word", 59.0, True),
        ("w0rd", 59.0, True),
        ("Word", 61.0, False),
        ("Zorblat", 69.0, True),
        ("Zorblat", 71.0, False),
        ("1O7%8", 79.0, True),
        ("1O7%8", 81.0, False),
        ("12.7", 45.0, False),
        ("mg/dL", 45.0, False),
        ("12.7", 25.0, True),
        ("127", 45.0, True),
        ("»", 45.0, True),
        ("7", 70.0, False),
    ],
)
def test_what_cannot_be_read_is_burned(laid_out: LayOut, text: str, confidence: float, burned: bool) -> None:
    page = laid_out([(0, 0, text)], confidence=confidence)
    kinds = [f.kind for f in findings([page], [[]], None)]
    assert kinds == ([Kind.UNREADABLE] if burned else [])


def test_doubt_runs_on_to_the_words_beside(laid_out: LayOut) -> None:
    sure, poor = laid_out([(0, 0, "4158 Zorblat Lane near the Mill")]), 1
    words = [replace(w, confidence=c) for w, c in zip(sure.words, (81, 20, 84, 84, 84, 84), strict=True)]
    found = findings([replace(sure, words=tuple(words))], [[]], None)
    assert sorted(i for f in found for i in f.words) == [0, poor, 2]


def test_an_unreadable_word_burns_though_the_profile_may_keep_what_it_seems(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Boston")], confidence=20.0)
    found = findings([page], [[Span(0, 6, Kind.CITY, 0.9, Layer.NER)]], None)
    assert {f.kind for f in found} == {Kind.CITY, Kind.UNREADABLE}


def test_owners_reach_the_findings(text_detector: TextDetector, laid_out: LayOut) -> None:
    subject = Subject(names=("Zorblat Quuxin",), relatives=("Maren Voxley",))
    page = laid_out([(0, 0, "Zorblat Quuxin came with Maren Voxley")])
    spans = PageDetector(text_detector).spans(page, subject)
    owners = {page.text[f.span.start : f.span.end]: f.owner for f in findings([page], [spans], subject) if f.span}
    assert owners == {"Zorblat Quuxin": Owner.PATIENT, "Maren Voxley": Owner.RELATIVE}


def test_an_empty_page(text_detector: TextDetector) -> None:
    page = PageReading(100, 100, 0.0, (), "", "hand")
    assert findings([page], [PageDetector(text_detector).spans(page, None)], None) == []


def test_pages_and_spans_must_pair(laid_out: LayOut) -> None:
    with pytest.raises(ValueError, match="zip"):
        findings([laid_out([(0, 0, "a")])], [], None)


def test_a_recognizer_that_fails_speaks_in_codes(laid_out: LayOut, monkeypatch: pytest.MonkeyPatch) -> None:
    detector = PageDetector(TextDetector(recognizers={}))

    def fails(*_: object) -> list[Span]:
        raise ValueError("Zorblat")

    monkeypatch.setattr(detector._text, "raw", fails)
    with pytest.raises(RedoubtError) as caught:
        detector.spans(laid_out([(0, 0, "a")]), None)
    assert caught.value.reason is Reason.DETECTOR_FAILED
