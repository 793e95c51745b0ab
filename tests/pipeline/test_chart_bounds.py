"""Large documents: never all pages in memory, and a bound on pages, pixels and time."""

from __future__ import annotations

import gc
import time
import tracemalloc
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from policies.attack.report import Verdict
from policies.masking.assemble import Assembled
from streams.clock import Deadline
from streams.decode.batch import Batch
from streams.decode.decoder import Decoder
from streams.decode.limits import BATCH_PAGES
from streams.pipeline import chart as chart_module
from streams.pipeline import masking, readings
from streams.pipeline.chart import SECONDS_A_PAGE, Chart
from streams.store import intermediates
from streams.store.claims import get_addressed, open_claims
from streams.store.intermediates import Spill
from streams.store.sealed import DocumentSeal
from tests.decode.hostile import HOSTILE
from tests.pipeline.chart_runs import DOCUMENT, PAGES, Counts, KilledWhile, run, seal
from tests.pipeline.doubles import OnePage, printed

__all__ = ["seal"]


def test_a_document_that_changes_its_number_of_pages_is_refused() -> None:
    class Grows(Counts):
        def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
            batch = super().batch(content, first, deadline_s, at_most)
            return replace(batch, total=batch.total + (first > 0))

    with pytest.raises(RedoubtError) as caught:
        run(KilledWhile(), decoder=Grows(PAGES))
    assert caught.value.reason is Reason.DECODER_CRASHED


def test_too_many_pixels_in_all_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_module, "MAX_DOCUMENT_SAMPLES", PAGES * printed().pixels.nbytes - 1)
    with pytest.raises(RedoubtError) as caught:
        run(KilledWhile(), decoder=OnePage(PAGES))
    assert caught.value.reason is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("pages", [1, 2000])
def test_the_deadline_grows_with_the_pages(pages: int) -> None:
    deadline = Deadline.after(60)
    chart = Chart(DOCUMENT, Counts(pages), Spill(), deadline)
    assert chart.deadline.at_s == pytest.approx(deadline.at_s + SECONDS_A_PAGE * (pages - 1))


@dataclass
class Slow(Counts):
    """Takes a tenth of a second for a batch, where it is given any time at all."""

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        if deadline_s <= 0:
            raise RedoubtError(Reason.DEADLINE)
        time.sleep(0.1)
        return super().batch(content, first, deadline_s, at_most)


def test_decoding_has_a_bound_that_grows_with_the_pages_that_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The document's own deadline, hours away, does not end it."""
    monkeypatch.setattr(chart_module, "BATCH_S", 0.25)
    monkeypatch.setattr(chart_module, "DECODING_S_A_PAGE", 60.0)
    assert run(KilledWhile(), decoder=Slow(PAGES)).verdict is Verdict.RELEASE
    monkeypatch.setattr(chart_module, "DECODING_S_A_PAGE", 0.0)
    monkeypatch.setattr(chart_module, "DECODING_S_A_MEGABYTE", 0.0)
    decoder = Slow(PAGES)
    with pytest.raises(RedoubtError) as caught:
        run(KilledWhile(), decoder=decoder)
    assert caught.value.reason is Reason.DECODING_TOO_SLOW
    assert len(decoder.asked) <= 3 * BATCH_PAGES


@pytest.mark.parametrize(("seconds", "reason"), [(0.5, Reason.DEADLINE), (60.0, Reason.DECODING_TOO_SLOW)])
def test_which_bound_it_was_is_told(monkeypatch: pytest.MonkeyPatch, seconds: float, reason: Reason) -> None:
    monkeypatch.setattr(chart_module, "BATCH_S", 1.5)
    endless = replace(DOCUMENT, content=HOSTILE["pdf_pattern_without_end"]())
    with Decoder() as decoder, pytest.raises(RedoubtError) as caught:
        Chart(endless, decoder, Spill(), Deadline.after(seconds))
    assert caught.value.reason is reason


def test_pages_that_are_wanted_again_come_with_their_numbers() -> None:
    decoder = Counts(PAGES)
    chart = Chart(DOCUMENT, decoder, Spill(), Deadline.after(60))
    assert sum(1 for _ in chart.rasters()) == PAGES
    decoder.asked.clear()
    wanted = [0, 1, 2, 7, 20, 21, PAGES - 1]
    assert [number for number, _ in chart.again(wanted)] == wanted
    assert decoder.asked == wanted


def test_memory_does_not_grow_with_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """More pages have more pixels and a larger copy, and cost hardly more memory."""
    monkeypatch.setattr(intermediates, "HELD_BYTES", 100_000)
    monkeypatch.setattr(readings, "PAGES_HELD", 8)
    few, many = 2 * BATCH_PAGES, 5 * BATCH_PAGES
    run(KilledWhile(), decoder=OnePage(1))  # loads what is loaded once

    def peak(pages: int) -> int:
        gc.collect()
        tracemalloc.start(1)
        try:
            copy = run(KilledWhile(), decoder=OnePage(pages)).copy
            assert copy is not None
            return tracemalloc.get_traced_memory()[1] - len(copy)
        finally:
            tracemalloc.stop()

    assert peak(many) - peak(few) < (many - few) * printed().pixels.nbytes / 8


def test_a_large_copy_is_handed_on_in_pieces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seal: DocumentSeal
) -> None:
    """And is the same file; what it is made of is held as long as the copy is."""
    whole = run(KilledWhile()).copy
    assert isinstance(whole, bytes)
    monkeypatch.setattr(masking, "COPY_BYTES", len(whole) - 1)
    monkeypatch.setattr(intermediates, "HELD_BYTES", 1000)
    large = run(KilledWhile()).copy
    gc.collect()
    assert isinstance(large, Assembled)
    assert large == whole
    masked = open_claims(f"file://{tmp_path}/masked")
    assert get_addressed(masked, seal.put_output(masked, large)) == whole
    assert seal.get(seal.put(large)) == whole
