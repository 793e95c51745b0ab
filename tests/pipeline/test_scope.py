"""What an authorization does not cover is black, withheld, or shown to a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer, Span
from detectors.geometry import Quad
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink.accounting import InkReport
from policies.attack.report import Verdict
from policies.notice import strip
from policies.scope.authorization import NOTICE, Authorization
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.fates import FATES, Fate
from streams.pipeline.answers import Answers
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.acceptance.command import page_pixels
from tests.eval.desk import reading_of
from tests.eval.samples import Sample
from tests.pipeline.doubles import OnePage, Reads

MARIA = Subject(names=("Maria Kovacs",), birth_date=date(1961, 3, 4), mrn="0012345")
ALLOWED = Authorization("a-1", date(2999, 1, 1))
DOCUMENT = Document("t", "d", b"content", "roi-authorization", subject=MARIA, authorization=ALLOWED)


class ReadsPages(Reads):
    """Pages of these texts, on which names, birth dates and days are found where they are marked."""

    def __init__(self, *pages: str) -> None:
        super().__init__()
        self._pages = [_marked(page) for page in pages]

    def read(self, pages: Iterable[PageRaster], deadline: object) -> list[tuple[PageReading, InkReport]]:
        return [(reading, self.ink) for (reading, _), _ in zip(self._pages, pages, strict=True)]

    def detect(self, readings: Iterable[PageReading], subject: object, deadline: object) -> list[list[Span]]:
        return [spans for _, spans in self._pages]


def _marked(page: str) -> tuple[PageReading, list[Span]]:
    """`<person:Maria Kovacs>` is a span."""
    text, spans = "", list[Span]()
    for index, part in enumerate(page.replace(">", "<").split("<")):
        kind, colon, value = part.partition(":") if index % 2 else ("", "", part)
        if colon:
            spans.append(Span(len(text), len(text) + len(value), Kind(kind), 0.99, Layer.PATTERN))
        text += value
    reading = reading_of(Sample("x/1", text, ()))
    squeezed = tuple(dataclasses.replace(word, region=_squeezed(word.region)) for word in reading.words)
    return dataclasses.replace(reading, width_px=500, height_px=300, words=squeezed), spans


def _squeezed(region: Quad) -> Quad:
    """Onto the doubles' small page."""
    return Quad(tuple((x // 3, y // 2) for x, y in region.corners))  # type: ignore[arg-type]


def released(*pages: str, document: Document = DOCUMENT) -> Outcome:
    parts = Parts(OnePage(pages=len(pages)), ReadsPages(*pages), LocalTokenizer(production=False))
    return process(document, parts, Deadline.after(60))


HEAD = "Patient: <person:Maria Kovacs>\n"


def test_a_passage_of_a_category_that_is_not_named_is_black_and_said_why() -> None:
    page = HEAD + "Gait normal.\nTakes methadone daily."
    found = released(page)
    assert found.verdict is Verdict.RELEASE
    assert {box.rule for box in found.boxes} == {"not-covered-sud"}
    assert found.counts == {Kind.SENSITIVE: 1}
    assert found.record
    assert "methadone" not in found.record.pages[0]
    assert "Gait" in found.record.pages[0]
    named = dataclasses.replace(DOCUMENT, authorization=dataclasses.replace(ALLOWED, sensitive=("sud",)))
    assert released(page, document=named).counts == {}


def test_the_patient_gets_all_but_psychotherapy_notes() -> None:
    own = dataclasses.replace(DOCUMENT, profile="roi-patient-access", authorization=None)
    found = released(HEAD + "Takes methadone daily.", HEAD + "PSYCHOTHERAPY NOTE\nSpoke of home.", document=own)
    assert {(box.page, box.rule) for box in found.boxes} == {(1, "not-covered-psychotherapy-notes")}


def test_a_page_of_another_day_is_black_as_a_whole() -> None:
    spring = dataclasses.replace(ALLOWED, date_from=date(2024, 3, 1), date_to=date(2024, 5, 31))
    document = dataclasses.replace(DOCUMENT, authorization=spring)
    inside, outside = HEAD + "Visit <date:4/2/2024>\nCough", HEAD + "Visit <date:1/1/2020>\nGout"
    found = released(inside, outside, document=document)
    assert found.verdict is Verdict.RELEASE
    assert found.copy
    assert page_pixels(found.copy, 1).max() < 40
    assert page_pixels(found.copy, 0).max() > 200
    assert found.record
    assert "Gout" not in found.record.pages[1]
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_DATES.value):
        released(outside, document=document)
    assert FATES[Reason.AUTHORIZATION_DATES] is Fate.WITHHOLD
    untold = released(inside, HEAD + "Visit <date:4/2/2024>, admitted <date:1/1/2020>", document=document)
    assert (untold.verdict, untold.reasons) == (Verdict.REVIEW, (Reason.MIXED_DATES,))
    assert [place.page for place in untold.asked] == [1]


def test_a_page_of_another_patient_is_told_also_where_its_days_burn_it() -> None:
    spring = dataclasses.replace(ALLOWED, date_from=date(2024, 3, 1), date_to=date(2024, 5, 31))
    document = dataclasses.replace(DOCUMENT, authorization=spring)
    strangers = "Patient: <person:Harold Lindqvist>\nVisit <date:1/1/2020>"
    held = released(HEAD + "Visit <date:4/2/2024>\nCough", strangers, document=document)
    assert (held.verdict, held.reasons) == (Verdict.REVIEW, (Reason.WRONG_PATIENT,))
    assert [(place.page, place.reason) for place in held.asked] == [(1, Reason.WRONG_PATIENT)]
    assert held.copy
    assert page_pixels(held.copy, 1).max() < 40


def test_a_page_of_another_patient_waits_for_a_person_who_may_answer() -> None:
    pages = (HEAD, "Patient: <person:Harold Lindqvist> Cough")
    held = released(*pages)
    assert (held.verdict, held.reasons) == (Verdict.REVIEW, (Reason.WRONG_PATIENT,))
    assert [(place.page, place.reason) for place in held.asked] == [(1, Reason.WRONG_PATIENT)]
    assert held.residuals == (), "no leak, and in no figure of leaks"
    seen = dataclasses.replace(DOCUMENT, answers=Answers(doubts=frozenset(held.reasons)))
    assert released(*pages, document=seen).verdict is Verdict.RELEASE


@pytest.mark.parametrize("profile", ["hipaa-safe-harbor", "maximal"])
def test_where_nobody_is_shown_no_page_is_anothers(profile: str) -> None:
    document = dataclasses.replace(DOCUMENT, profile=profile)
    assert released("Patient: <person:Harold Lindqvist> methadone", document=document).asked == ()


def test_a_part_2_record_is_released_under_its_notice_or_not_at_all() -> None:
    part_2 = dataclasses.replace(DOCUMENT, source_program="part2-detox")
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_PART_2.value):
        released(HEAD, document=part_2)
    allowed = dataclasses.replace(part_2, authorization=dataclasses.replace(ALLOWED, sensitive=("sud",)))
    under_notice, without = released(HEAD, HEAD, document=allowed), released(HEAD, HEAD)
    assert (under_notice.notice, without.notice) == (NOTICE, None)
    assert under_notice.verdict is Verdict.RELEASE
    assert under_notice.copy
    assert without.copy
    for page in (0, 1):
        own, grown = page_pixels(without.copy, page), page_pixels(under_notice.copy, page)
        assert np.array_equal(grown[: len(own)], own), "nothing of the page is covered"
        assert np.abs(grown[len(own) :].astype(int) - strip(NOTICE, own.shape[1])).max() < 40
    assert under_notice.record == without.record, "the text is the page's"
