"""At depth `structure` a tenth of the proven pages is read again, drawn by a key; whatever an engine read, always."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import LayerState, PageReading
from policies import profile as profiles
from policies.attack.looks import Look
from policies.attack.report import Claim, Depth, Residual, Verdict
from policies.tokens.derived import LocalSecrets
from streams.clock import Deadline
from streams.pipeline.chart import Seen
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.sampling import at_depth, depth_of, read_again
from tests.pipeline import doubles

STRUCTURE = profiles.load("roi-patient-access")
REREAD = profiles.load("hipaa-safe-harbor")
REST = Quad.of(Box(300, 400, 340, 406))


class SparesAll:
    """A key that does not draw the first page."""

    def secret(self, tenant: str, purpose: str, of: str) -> bytes:
        return bytes(32)


class ReadsProven(doubles.Reads):
    """Pages whose own text is proven, letter by letter."""

    def read(self, pages, deadline):  # type: ignore[no-untyped-def]
        return [(proven(), self.ink) for _ in pages]


def proven() -> PageReading:
    read = doubles.reading()
    words = tuple(replace(word, glyphs=(Box(1, 1, 5, 5),)) for word in read.words)
    return replace(read, words=words, layer=LayerState.PROVEN)


def seen(document: int, pages: int) -> list[Seen]:
    one = Seen.of(doubles.printed())
    return [replace(one, digest=f"{document}-{page}") for page in range(pages)]


def test_a_tenth_of_the_pages_is_read_and_no_submitter_knows_which() -> None:
    keys = [LocalSecrets(production=False) for _ in range(2)]
    drawn = [read_again(STRUCTURE, "t", seen(1, 4000), [proven()] * 4000, key) for key in keys]
    assert all(330 < len(pages) < 470 for pages in drawn)
    assert len(drawn[0] & drawn[1]) < 100, "another key draws other pages"
    assert read_again(STRUCTURE, "t", seen(1, 4000), [proven()] * 4000, keys[0]) == drawn[0]
    assert read_again(STRUCTURE, "t", seen(2, 4000), [proven()] * 4000, keys[0]) != drawn[0]


@pytest.mark.parametrize(
    "doubted",
    [
        doubles.reading(),
        replace(proven(), layer=LayerState.UNPROVEN),
        replace(proven(), words=(*proven().words[:-1], replace(proven().words[-1], glyphs=()))),
    ],
    ids=["a scan", "unproven", "one word by an engine"],
)
def test_a_page_that_an_engine_read_is_read_again(doubted: PageReading) -> None:
    key = LocalSecrets(production=False)
    pages = read_again(STRUCTURE, "t", seen(1, 300), [proven(), doubted, proven()] * 100, key)
    assert set(range(1, 300, 3)) <= pages
    assert len(pages) < 200


def test_without_a_key_and_at_other_depths_every_page_is_read() -> None:
    key = LocalSecrets(production=False)
    assert read_again(STRUCTURE, "t", seen(1, 50), [proven()] * 50, None) == set(range(50))
    assert read_again(REREAD, "t", seen(1, 50), [proven()] * 50, key) == set(range(50))


def test_a_document_is_said_to_be_validated_as_its_least_page_is() -> None:
    assert depth_of(Depth.STRUCTURE, 3, frozenset({0, 1, 2})) is Depth.REREAD
    assert depth_of(Depth.FULL, 3, frozenset({0, 1, 2})) is Depth.FULL
    assert depth_of(Depth.STRUCTURE, 3, frozenset({0, 2})) is Depth.STRUCTURE


class CutLetters(ReadsProven):
    """Cut letters beside the box of a page that is not read, for as long as they are there."""

    def residuals(self, pages):  # type: ignore[no-untyped-def]
        return [Residual(page, Kind.INK, REST, Reason.RESIDUAL_FINDING, False) for page in pages]


def test_what_shows_without_a_reading_is_burned_and_then_held() -> None:
    pages = CutLetters()
    parts = Parts(doubles.OnePage(pages=1), pages, sample_key=SparesAll())
    outcome = process(Document("t", "d", b"%PDF", STRUCTURE.name), parts, Deadline.after(60))
    assert {look.proven is None for looks in pages.attacks for look in looks} == {False}
    assert any(box.bounds.overlap(REST.bounds) == REST.bounds.area for box in pages.claims[-1].burned[0])
    assert (outcome.depth, outcome.verdict) == (Depth.STRUCTURE, Verdict.REVIEW)


def test_a_page_without_a_box_is_not_looked_at() -> None:
    looks, claim = [Look(0), Look(1)], Claim(((9, 9),) * 2, ((), (REST,)), ())
    assert [look.page for look in at_depth(looks, frozenset(), [proven()] * 2, claim)] == [1]
    assert at_depth(looks, frozenset({0, 1}), [proven()] * 2, claim) == looks


def test_the_attacker_sees_the_sample_alone_and_the_outcome_says_so() -> None:
    pages = ReadsProven()
    parts = Parts(doubles.OnePage(pages=60), pages, sample_key=LocalSecrets(production=False))
    outcome = process(Document("t", "d", b"%PDF", STRUCTURE.name), parts, Deadline.after(60))
    assert outcome.depth is Depth.STRUCTURE
    looks = [look for looks in pages.attacks for look in looks]
    assert len({look.page for look in looks if look.proven is None}) < 30
    assert {look.page for look in looks} == set(range(60)), "what needs no reading is looked for beside every box"
    parts = replace(parts, sample_key=None)
    assert process(Document("t", "d", b"%PDF", STRUCTURE.name), parts, Deadline.after(60)).depth is Depth.REREAD
