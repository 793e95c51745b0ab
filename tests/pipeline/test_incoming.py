"""What a document's own redactions leave to be seen is black in the copy and gone from the record, and is told."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from policies.attack.report import Verdict
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.batch import Batch
from streams.pipeline.answers import Answers
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.acceptance.command import page_pixels
from tests.pipeline.doubles import OnePage, Reads, reading

DIET = reading().words[-1].region.bounds


@dataclass
class Redacted(OnePage):
    """A page on which somebody drew something over `diet`."""

    places: tuple[Box, ...] = (DIET,)

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        batch = super().batch(content, first, deadline_s, at_most)
        pages = tuple(dataclasses.replace(page, redactions=self.places) for page in batch.pages)
        return dataclasses.replace(batch, pages=pages)


def run(decoder: OnePage, answers: Answers | None = None) -> Outcome:
    document = Document("tenant", "id", b"content", "maximal", answers=answers or Answers())
    parts = Parts(decoder, Reads(), LocalTokenizer(production=False))
    return process(document, parts, Deadline.after(60))


def blackened(found: Outcome) -> float:
    assert isinstance(found.copy, bytes)
    page = page_pixels(found.copy)
    return float((page[DIET.top : DIET.bottom, DIET.left : DIET.right] < 10).mean())


def test_it_is_burned_and_told() -> None:
    assert blackened(run(OnePage())) < 0.5
    held = run(Redacted())
    assert (held.verdict, held.reasons) == (Verdict.REVIEW, (Reason.INCOMING_REDACTION,))
    assert blackened(held) == 1.0
    assert held.counts[Kind.REDACTION] == 2, "the place, and the word that stood in it"
    assert any(DIET.overlap(box.box) == DIET.area for box in held.boxes if box.kind is Kind.REDACTION), "as shown"


def test_whoever_has_seen_the_copy_releases_it_without_the_words() -> None:
    plain, found = run(OnePage()), run(Redacted(), Answers(doubts=frozenset({Reason.INCOMING_REDACTION})))
    assert (plain.verdict, found.verdict) == (Verdict.RELEASE, Verdict.RELEASE)
    assert plain.record is not None
    assert found.record is not None
    assert "diet" in plain.record.pages[0]
    assert "diet" not in found.record.pages[0]
