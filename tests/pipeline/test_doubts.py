"""When a page was read too badly to say that its copy is clean."""

from __future__ import annotations

import dataclasses

import pytest

from detectors.errors import Reason
from detectors.findings import Finding, Kind, Layer
from detectors.pages import LayerState, PageReading
from detectors.visual.ink.accounting import InkReport
from policies.attack.report import Verdict
from policies.decisions import Action, Decision
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline, StageClock
from streams.decode.batch import Flaw
from streams.pipeline.answers import Answers
from streams.pipeline.document import Document
from streams.pipeline.doubts import (
    INK_SHARE_FOR_REVIEW,
    MEAN_CONFIDENCE_FOR_REVIEW,
    MIN_WORDS,
    MOST_UNREAD,
    UNREAD_SHARE_FOR_REVIEW,
    doubts,
)
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.pipeline.doubles import OnePage, Reads, reading


def ink(share: float) -> InkReport:
    return InkReport(share, 0.1, 0.0, 0.0, 0.0, ())


def read_with(confidence: float, words: int = 99) -> PageReading:
    page = reading()
    return dataclasses.replace(
        page, words=tuple(dataclasses.replace(w, confidence=confidence) for w in page.words[:words])
    )


def test_a_picture_of_a_body_waits_for_a_person_however_little_is_read_on_it() -> None:
    """Writing that is faint on tissue is found by nobody's engine for sure, and the picture may be a face."""
    paper = read_with(90.0)
    assert doubts([(paper, ink(0.0))]) == ()
    picture = dataclasses.replace(paper, words=(), picture=True)
    assert doubts([(paper, ink(0.0)), (picture, ink(0.0))]) == (Reason.PICTURE_OF_A_BODY,)


def test_a_page_read_well_raises_none() -> None:
    assert doubts([(read_with(90), ink(INK_SHARE_FOR_REVIEW))]) == ()
    assert doubts([]) == ()


def test_one_page_is_enough() -> None:
    good, bad = (read_with(90), ink(0.0)), (read_with(90), ink(INK_SHARE_FOR_REVIEW + 0.01))
    assert doubts([good, bad, good]) == (Reason.UNEXPLAINED_INK,)


def test_guessed_words_are_no_reading() -> None:
    badly = MEAN_CONFIDENCE_FOR_REVIEW - 1
    assert doubts([(read_with(badly), ink(0.0))]) == (Reason.UNREADABLE_PAGE,)
    assert doubts([(read_with(badly, MIN_WORDS - 1), ink(0.0))]) == ()
    assert doubts([(read_with(badly), ink(1.0))]) == (Reason.UNEXPLAINED_INK, Reason.UNREADABLE_PAGE)


def test_a_broken_file_goes_out_when_a_person_has_seen_the_copy() -> None:
    parts = Parts(OnePage(flaws=Flaw.MENDED), Reads(), LocalTokenizer(production=False))
    document = Document("tenant", "id", b"content", "maximal")
    held = process(document, parts, Deadline.after(60))
    assert (held.verdict, held.reasons) == (Verdict.REVIEW, (Reason.POSSIBLY_INCOMPLETE,))
    seen = dataclasses.replace(document, answers=Answers(doubts=frozenset(held.reasons)))
    assert process(seen, parts, Deadline.after(60)).verdict is Verdict.RELEASE


def test_a_stage_is_timed_even_when_it_fails() -> None:
    clock = StageClock()
    with pytest.raises(ZeroDivisionError):
        clock.time("detect", lambda: 1 // 0)
    assert clock.seconds["detect"] >= 0


def test_a_deadline_only_runs_down() -> None:
    deadline = Deadline.after(60)
    assert deadline.left_s() >= deadline.left_s() > 0


def test_a_page_that_would_be_blacked_out_is_looked_at() -> None:
    page = read_with(95.0)
    page = dataclasses.replace(page, words=page.words * 20)
    burned = int(len(page.words) * UNREAD_SHARE_FOR_REVIEW) + 1
    mixed = [dataclasses.replace(w, confidence=10.0 if i < burned else 95.0) for i, w in enumerate(page.words)]
    assert doubts([(dataclasses.replace(page, words=tuple(mixed)), ink(0.0))]) == (Reason.UNREADABLE_PAGE,)
    name = Finding(0, Kind.PERSON, 0.9, Layer.LABEL, (mixed[0].region,), tuple(range(burned)))
    told = [Decision(name, Action.TOKENIZE, "")]
    assert doubts([(dataclasses.replace(page, words=tuple(mixed)), ink(0.0))], told) == (), (
        "a name burns for what it is"
    )
    worse = [
        dataclasses.replace(w, confidence=10.0 if i <= MOST_UNREAD * len(mixed) else 95.0) for i, w in enumerate(mixed)
    ]
    taken = [dataclasses.replace(told[0], finding=dataclasses.replace(name, words=tuple(range(len(mixed)))))]
    assert doubts([(dataclasses.replace(page, words=tuple(worse)), ink(0.0))], taken) == (Reason.UNREADABLE_PAGE,)
    few = [dataclasses.replace(w, confidence=95.0) for w in mixed]
    assert doubts([(dataclasses.replace(page, words=tuple(few)), ink(0.0))]) == ()


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (Kind.DATE, Action.KEEP),
        (Kind.CITY, Action.KEEP),
        (Kind.PERSON, Action.KEEP),
        (Kind.UNREADABLE, Action.BURN),
        (Kind.HANDWRITING, Action.BURN),
        (Kind.SENSITIVE, Action.BURN),
    ],
)
def test_an_unread_word_in_what_is_kept_or_no_identifier_is_unread(kind: Kind, action: Action) -> None:
    page = read_with(95.0)
    page = dataclasses.replace(page, words=page.words * 20)
    burned = int(len(page.words) * UNREAD_SHARE_FOR_REVIEW) + 1
    assert burned < MOST_UNREAD * len(page.words)
    words = tuple(dataclasses.replace(w, confidence=10.0 if i < burned else 95.0) for i, w in enumerate(page.words))
    found = Finding(0, kind, 0.9, Layer.LABEL, (words[0].region,), tuple(range(burned)))
    assert doubts([(dataclasses.replace(page, words=words), ink(0.0))], [Decision(found, action, "")]) == (
        Reason.UNREADABLE_PAGE,
    )


@pytest.mark.parametrize("layer", LayerState)
def test_text_that_a_page_hides_is_looked_at(layer: LayerState) -> None:
    hides = layer in {LayerState.INVISIBLE, LayerState.CONTRADICTED}
    page = dataclasses.replace(read_with(90), layer=layer)
    assert doubts([(page, ink(0.0))]) == ((Reason.HIDDEN_TEXT,) if hides else ())
