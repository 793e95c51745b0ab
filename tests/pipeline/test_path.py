"""The path of a document when a part fails, lies or hangs: it ends in review, withheld or refused, never released."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Quad
from detectors.pages import PageRaster
from detectors.visual.ink.accounting import InkReport
from policies import profile as profiles
from policies.attack.finished.pdf import Finished
from policies.attack.finished.structure import check_structure
from policies.attack.looks import Look
from policies.attack.report import Claim, Verdict
from policies.masking import burn
from policies.masking.assemble import Assembled
from policies.profile import Told
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.pipeline import masking, path
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Decoder, Pages, Parts
from streams.pipeline.path import MAX_ROUNDS, process
from tests.acceptance.command import page_pixels
from tests.pipeline.doubles import (
    SECRET,
    AttackerFails,
    AttackerFindsOnce,
    AttackerInsists,
    AttackerMeasures,
    DecoderHangs,
    DetectorCrashes,
    DetectorSkipsAPage,
    Fails,
    OcrCrashes,
    OcrSkipsAPage,
    OnePage,
    Reads,
    reading,
)

TRIED_AGAIN = (Reason.DEADLINE, Reason.READER_FAILED, Reason.STORE_UNAVAILABLE)
DOCUMENT = Document("tenant", "id", b"content", "maximal")


def run(
    decoder: Decoder | None = None, pages: Pages | None = None, document: Document = DOCUMENT, seconds: float = 30
) -> Outcome:
    parts = Parts(decoder or OnePage(), pages or Reads(), LocalTokenizer(production=False))
    return process(document, parts, Deadline.after(seconds))


def test_with_parts_that_work_it_is_released() -> None:
    """Or everything below would pass for the wrong reason."""
    pages = Reads()
    found = run(pages=pages)
    assert found.verdict is Verdict.RELEASE
    assert found.reasons == ()
    assert found.counts == {Kind.SSN: 1}
    assert found.copy
    assert page_pixels(found.copy)[118:135, 100:220].max() < 40
    assert found.record
    assert SECRET not in "".join(found.record.pages)
    assert [secret.value for secret in pages.claims[0].secrets] == [SECRET]
    assert set(found.seconds) >= {"ingest", "recognize", "detect"}


def test_the_same_input_gives_the_same_bytes() -> None:
    assert run().copy == run().copy


@pytest.mark.parametrize("reason", [Reason.DAMAGED, Reason.ENCRYPTED, Reason.DECODER_CRASHED, Reason.NO_PAGES])
def test_what_cannot_be_decoded_ends_in_its_code(reason: Reason) -> None:
    with pytest.raises(RedoubtError) as caught:
        run(Fails(reason))
    assert caught.value.reason is reason


def test_a_hanging_decoder_ends_at_the_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(RedoubtError) as caught:
        run(DecoderHangs(), seconds=0.3)
    assert caught.value.reason is Reason.DEADLINE
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("pages", "reason"),
    [(OcrCrashes(), Reason.READER_FAILED), (DetectorCrashes(), Reason.DETECTOR_FAILED)],
    ids=["ocr_crashes", "detector_crashes"],
)
def test_a_failing_reader_is_no_empty_page(pages: Pages, reason: Reason) -> None:
    with pytest.raises(RedoubtError) as caught:
        run(pages=pages)
    assert caught.value.reason is reason


@pytest.mark.parametrize("pages", [OcrSkipsAPage(), DetectorSkipsAPage()], ids=["ocr_skips", "detector_skips"])
def test_a_page_that_nobody_answered_for_is_not_released(pages: Pages) -> None:
    with pytest.raises((RedoubtError, ValueError, IndexError)):
        run(OnePage(pages=2), pages)


@pytest.mark.parametrize("reason", sorted(set(Reason) - set(TRIED_AGAIN)))
def test_a_failing_attacker_withholds(reason: Reason) -> None:
    found = run(pages=AttackerFails(reason=reason))
    assert found.verdict is Verdict.WITHHOLD
    assert found.reasons == (Reason.ATTACKER_FAILED,)
    assert found.copy is None
    assert found.record is None


@pytest.mark.parametrize("reason", TRIED_AGAIN)
def test_an_attacker_without_time_or_reader_is_tried_again_or_refused(reason: Reason) -> None:
    with pytest.raises(RedoubtError) as caught:
        run(pages=AttackerFails(reason=reason))
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("reason", "certain", "verdict"),
    [
        (Reason.RESIDUAL_FINDING, True, Verdict.REVIEW),
        (Reason.RESIDUAL_FINDING, False, Verdict.REVIEW),
        (Reason.KNOWN_VALUE_READABLE, False, Verdict.REVIEW),
        (Reason.KNOWN_VALUE_READABLE, True, Verdict.WITHHOLD),
    ],
)
def test_what_the_attacker_still_finds_is_not_released(reason: Reason, certain: bool, verdict: Verdict) -> None:
    pages, word = AttackerInsists(found=reason, certain=certain), reading().words[-1].region
    found = run(pages=pages)
    assert found.verdict is verdict
    assert found.reasons == (reason,)
    assert found.rounds == MAX_ROUNDS
    assert len(pages.attacks) == MAX_ROUNDS + 1
    assert all(look.near and word in look.near for looks in pages.attacks[1:] for look in looks)
    assert found.record is None
    assert (found.copy is None) is (verdict is Verdict.WITHHOLD)


def test_what_the_attacker_finds_is_burned_and_attacked_again() -> None:
    pages = AttackerFindsOnce()
    found = run(OnePage(pages=2), pages)
    box = reading().words[-1].region.bounds
    assert found.verdict is Verdict.RELEASE
    assert found.rounds == 1
    first, second = pages.attacks
    assert first == (Look(0), Look(1))
    assert [look.page for look in second] == [0, 1], "the second page lost the same word, and is looked at again"
    assert all(look.near and any(q.bounds.overlap(box) for q in look.near) for look in second)
    assert found.copy
    assert page_pixels(found.copy)[box.top + 4 : box.bottom - 4, box.left + 4 : box.right - 4].max() < 40
    assert found.record
    assert "diet" not in found.record.pages[0]


@pytest.mark.parametrize(
    ("widths", "verdict", "reasons"),
    [(Told.NOTE, Verdict.RELEASE, ()), (Told.REVIEW, Verdict.REVIEW, (Reason.WIDTH_TELLS,))],
)
def test_a_width_that_tells_a_name_is_noted_or_held_as_the_profile_says(
    widths: Told, verdict: Verdict, reasons: tuple[Reason, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = dataclasses.replace(profiles.load("maximal"), widths=widths)
    monkeypatch.setattr(profiles, "load", lambda *_: profile)
    found = run(pages=AttackerMeasures())
    assert (found.verdict, found.reasons, found.rounds, found.residuals) == (verdict, reasons, 0, ())
    assert [told.reason for told in found.told] == [Reason.WIDTH_TELLS]
    assert list(found.asked) == (list(found.told) if reasons else [])


def test_a_repeat_of_what_the_attacker_taught_goes_with_it() -> None:
    """The second page holds the same word; nobody finds it there, and it goes all the same."""
    found = run(OnePage(pages=2), AttackerFindsOnce())
    assert found.record
    assert "diet" not in found.record.pages[1]


def masker_forgets_a_box(page: PageRaster, regions: Sequence[Quad]) -> PageRaster:
    return REAL_BURN(page, regions[:-1])


def masker_paints_gray(page: PageRaster, regions: Sequence[Quad]) -> PageRaster:
    pixels = page.pixels.copy()
    for region in regions:
        box = region.bounds
        pixels[box.top : box.bottom, box.left : box.right] //= 2
    return dataclasses.replace(page, pixels=pixels)


def masker_changes_the_size(page: PageRaster, regions: Sequence[Quad]) -> PageRaster:
    return dataclasses.replace(page, pixels=REAL_BURN(page, regions).pixels[:-20])


REAL_BURN = burn.burn


@pytest.mark.parametrize(
    ("masker", "reason"),
    [
        (masker_forgets_a_box, Reason.REGION_NOT_SOLID),
        (masker_paints_gray, Reason.REGION_NOT_SOLID),
        (masker_changes_the_size, Reason.PAGE_COUNT_CHANGED),
    ],
)
def test_a_lying_masker_is_caught_though_the_reader_sees_nothing(
    monkeypatch: pytest.MonkeyPatch, masker: Callable[..., PageRaster], reason: Reason
) -> None:
    monkeypatch.setattr(burn, "burn", masker)
    found = run()
    assert found.verdict is Verdict.WITHHOLD
    assert found.reasons[0] is reason
    assert found.copy is None


@pytest.mark.parametrize("behind", [b"% 517-48-2931\n", b"1 0 obj\n<</Author (Quillanthe)>>\nendobj\n"])
def test_a_file_with_anything_besides_its_rasters_is_withheld(monkeypatch: pytest.MonkeyPatch, behind: bytes) -> None:
    class More(Assembled):
        def __len__(self) -> int:
            return super().__len__() + len(behind)

        def read(self, start: int, end: int) -> bytes:
            at = super().__len__()
            return super().read(start, end) + behind[max(start - at, 0) : max(end - at, 0)]

    monkeypatch.setattr(masking, "Assembled", More)
    assert run().verdict is Verdict.WITHHOLD


def test_of_several_copies_the_one_that_stays_is_looked_at_for_its_structure(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is decoded for that once, and not once for every round before; what it says counts."""
    seen: list[Claim] = []

    def watched(copy: Finished, claim: Claim) -> tuple[Reason, ...]:
        seen.append(claim)
        return check_structure(copy, claim)

    monkeypatch.setattr(path, "check_structure", watched)
    pages = AttackerFindsOnce()
    assert run(pages=pages).rounds == 1
    assert seen == [pages.claims[-1]]
    monkeypatch.setattr(path, "check_structure", lambda copy, claim: (Reason.FORBIDDEN_OBJECT,))
    found = run(pages=AttackerFindsOnce())
    assert (found.verdict, found.reasons, found.copy) == (Verdict.WITHHOLD, (Reason.FORBIDDEN_OBJECT,), None)


def test_much_unexplained_ink_is_for_a_persons_eye() -> None:
    found = run(pages=Reads(ink=InkReport(0.4, 0.1, 0.0, 0.0, 0.0, ())))
    assert found.verdict is Verdict.REVIEW
    assert found.reasons == (Reason.UNEXPLAINED_INK,)


def test_a_masker_that_fails_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: object) -> PageRaster:
        raise MemoryError

    monkeypatch.setattr(burn, "burn", fails)
    with pytest.raises(MemoryError):
        run()


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (dataclasses.replace(DOCUMENT, profile="none-such"), Reason.UNKNOWN_PROFILE),
        (dataclasses.replace(DOCUMENT, profile="roi-authorization"), Reason.AUTHORIZATION_MISSING),
    ],
    ids=["profile", "authorization"],
)
def test_what_may_not_be_released_is_not_even_opened(document: Document, reason: Reason) -> None:
    with pytest.raises(RedoubtError) as caught:
        run(Fails(Reason.DAMAGED), document=document)
    assert caught.value.reason is reason
