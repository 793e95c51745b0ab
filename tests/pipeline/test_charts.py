"""Large documents: never all pages in memory, gone on with after a kill, the same bytes however often that was."""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink import InkReport
from policies.attack.looks import Look
from policies.attack.pdf import Finished
from policies.attack.report import ActsOn, Claim, Residual, Verdict
from policies.masking.assemble import Assembled
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.batch import Batch, Flaw
from streams.decode.decoder import Decoder
from streams.decode.limits import BATCH_PAGES
from streams.pipeline import chart as chart_module
from streams.pipeline import masking, readings
from streams.pipeline.chart import SECONDS_A_PAGE, Chart
from streams.pipeline.document import Document, Outcome
from streams.pipeline.journal import GROUP
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.readings import PAGES_HELD, Readings
from streams.store import intermediates
from streams.store.claims import get_addressed, open_claims
from streams.store.intermediates import Spill
from streams.store.sealed import DocumentSeal
from tests.decode.hostile import HOSTILE
from tests.kafka.transport import sealed
from tests.pipeline.doubles import SECRET, OnePage, Reads, printed, reading

PAGES = 2 * GROUP + 5
DIET = reading().words[-1].region
CANARY = b"Quillanthe Vosburgh-Adeyemi"
DOCUMENT = Document("tenant", "chart", b"content", "maximal")


@dataclass
class Counts(OnePage):
    """A decoder that remembers which pages it was asked for."""

    asked: list[int] = field(default_factory=list)

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        assert at_most <= BATCH_PAGES
        batch = super().batch(content, first, deadline_s, at_most)
        self.asked += range(first, first + len(batch.pages))
        return batch


class Killed(BaseException):
    """Stands for the end of the process: nothing of the pipeline may catch it."""


@dataclass
class KilledWhile(Reads):
    """Ends everything at the given page of reading or attack; keeps count of what it did before."""

    reading_page: int | None = None
    attacked_page: int | None = None
    read_pages: int = 0
    attacked_pages: int = 0

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> Iterator[tuple[PageReading, InkReport]]:  # type: ignore[override]
        for _ in pages:
            if self.read_pages == self.reading_page:
                raise Killed
            self.read_pages += 1
            yield reading(), self.ink

    def attack(  # type: ignore[override]
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> Iterator[list[Residual]]:
        for _ in looks:
            if self.attacked_pages == self.attacked_page:
                raise Killed
            self.attacked_pages += 1
            yield []


def run(pages: Reads, seal: DocumentSeal | None = None, decoder: OnePage | None = None) -> Outcome:
    parts = Parts(decoder or OnePage(PAGES), pages, LocalTokenizer(production=False))
    return process(replace(DOCUMENT, checkpoint=seal), parts, Deadline.after(60))


@pytest.fixture
def seal(tmp_path: Path) -> DocumentSeal:
    return sealed(tmp_path).create("tenant", "chart")


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "phi").rglob("*") if path.is_file() and "work" in path.parts]


def test_a_killed_chart_is_read_on_from_where_it_was(seal: DocumentSeal, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        run(KilledWhile(reading_page=GROUP + 3), seal)
    assert len(stored(tmp_path)) == 1
    decoder, again = Counts(PAGES), KilledWhile()
    found = run(again, seal, decoder)
    assert again.read_pages == PAGES - GROUP
    assert again.attacked_pages == PAGES
    # The first batch says how many pages there are; then it goes on, and once more over all pages to mask them.
    assert decoder.asked == [*range(BATCH_PAGES), *range(GROUP, PAGES), *range(PAGES)]
    quiet = run(KilledWhile())
    assert found.verdict is Verdict.RELEASE
    assert (found.copy, found.record, found.counts, found.boxes) == (
        quiet.copy,
        quiet.record,
        quiet.counts,
        quiet.boxes,
    )


def test_a_killed_attack_goes_on_where_it_was(seal: DocumentSeal) -> None:
    with pytest.raises(Killed):
        run(KilledWhile(attacked_page=GROUP + 1), seal)
    again = KilledWhile()
    found = run(again, seal)
    assert (again.read_pages, again.attacked_pages) == (PAGES - 2 * GROUP, PAGES - GROUP)
    assert found.copy == run(KilledWhile()).copy


def test_killed_again_and_again_it_still_ends_and_in_the_same_bytes(seal: DocumentSeal) -> None:
    kills, found = 0, None
    while found is None:
        try:
            found = run(KilledWhile(reading_page=GROUP + 3, attacked_page=GROUP + 3), seal)
        except Killed:
            kills += 1
            assert kills < 10
    assert kills == 2 * (PAGES // GROUP)
    assert found.copy == run(KilledWhile()).copy


def test_what_is_kept_is_sealed_and_gone_once_the_document_is_done(seal: DocumentSeal, tmp_path: Path) -> None:
    run(KilledWhile(), seal)
    files = stored(tmp_path)
    assert len(files) == 2 * 2
    assert not any(SECRET.encode() in path.read_bytes() for path in files)
    seal.shred()
    assert stored(tmp_path) == []


def test_a_residual_that_was_found_before_the_kill_is_burned_after_it(seal: DocumentSeal) -> None:
    @dataclass
    class FindsOnce(KilledWhile):
        """Finds `diet` on the second page, in a first round only."""

        def attack(self, copy: Finished, looks: Sequence[Look], *rest: object) -> Iterator[list[Residual]]:  # type: ignore[override]
            whole = looks[-1].near is None
            for look, found in zip(looks, super().attack(copy, looks, *rest), strict=True):  # type: ignore[arg-type]
                residual = Residual(look.page, Kind.OTHER_ID, DIET, Reason.RESIDUAL_FINDING, True)
                yield [residual] if whole and look.page == 1 else found

    quiet = run(FindsOnce())
    assert quiet.rounds == 1
    with pytest.raises(Killed):
        run(FindsOnce(attacked_page=GROUP + 1), seal)
    found = run(FindsOnce(), seal)
    assert (found.rounds, found.copy, found.verdict) == (1, quiet.copy, Verdict.RELEASE)
    assert found.record is not None
    assert "diet" not in found.record.pages[1]


@pytest.mark.parametrize("harm", ["changed", "of another version"])
def test_what_cannot_be_trusted_is_done_again(
    seal: DocumentSeal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    run(KilledWhile(), seal)
    if harm == "changed":
        for path in stored(tmp_path):
            content = bytearray(path.read_bytes())
            content[-1] ^= 1
            path.write_bytes(content)
    else:
        monkeypatch.setattr("streams.pipeline.journal.version", lambda _: "0.0.0")
    again = KilledWhile()
    found = run(again, seal)
    assert (again.read_pages, again.attacked_pages) == (PAGES, PAGES)
    assert found.verdict is Verdict.RELEASE


def test_a_small_document_leaves_nothing_in_the_store(seal: DocumentSeal, tmp_path: Path) -> None:
    run(KilledWhile(), seal, OnePage(GROUP))
    assert stored(tmp_path) == []


def test_another_page_the_second_time_is_not_masked_as_the_first() -> None:
    """A decoder that a document took over shows a clean page to the reader, and another one to the masker."""

    @dataclass
    class Deceives(Counts):
        def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
            batch = super().batch(content, first, deadline_s, at_most)
            if len(self.asked) <= self.pages:
                return batch
            other = batch.pages[-1].pixels.copy()
            other[5, 5] ^= 1
            return Batch((*batch.pages[:-1], replace(batch.pages[-1], pixels=other)), batch.total)

    with pytest.raises(RedoubtError) as caught:
        run(KilledWhile(), decoder=Deceives(PAGES))
    assert caught.value.reason is Reason.DECODER_CRASHED


def test_pages_that_decode_otherwise_after_a_kill_are_read_anew(seal: DocumentSeal, tmp_path: Path) -> None:
    """Another worker's processor or library may round a pixel otherwise: no attempt after the first is lost to that."""

    class Elsewhere(Counts):
        def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
            batch = super().batch(content, first, deadline_s, at_most)
            pages = []
            for page in batch.pages:
                pixels = page.pixels.copy()
                pixels[5, 5] ^= 1
                pages.append(replace(page, pixels=pixels))
            return Batch(tuple(pages), batch.total)

    with pytest.raises(Killed):
        run(KilledWhile(reading_page=GROUP + 3), seal)
    with pytest.raises(RedoubtError) as caught:
        run(KilledWhile(), seal, Elsewhere(PAGES))
    assert caught.value.reason is Reason.DECODER_CRASHED
    assert stored(tmp_path) == []
    again = KilledWhile()
    assert run(again, seal, Elsewhere(PAGES)).verdict is Verdict.RELEASE
    assert again.read_pages == PAGES


def test_a_flaw_on_one_page_is_the_documents_also_after_a_kill(seal: DocumentSeal) -> None:
    """The pages that show it are not decoded again before the doubts are weighed."""

    @dataclass
    class BrokenInTheMiddle(Counts):
        def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
            flaws = Flaw.MENDED if GROUP in range(first, first + at_most) else Flaw.NONE
            return replace(super().batch(content, first, deadline_s, at_most), flaws=flaws)

    with pytest.raises(Killed):
        run(KilledWhile(reading_page=2 * GROUP + 1), seal, BrokenInTheMiddle(PAGES))
    decoder = BrokenInTheMiddle(PAGES)
    found = run(KilledWhile(), seal, decoder)
    assert (found.verdict, found.reasons) == (Verdict.REVIEW, (Reason.POSSIBLY_INCOMPLETE,))
    assert decoder.asked[: BATCH_PAGES + 1] == [*range(BATCH_PAGES), 2 * GROUP]


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


def test_it_gives_back_what_was_put() -> None:
    spill = Spill()
    pieces = {f"piece-{n}": bytes([n]) * (5_000_000 + n) for n in range(12)}
    for name, content in pieces.items():
        spill.put(name, content)
    spill.put("piece-3", b"another")
    spill.put("piece-11", CANARY * 200_000)
    pieces |= {"piece-3": b"another", "piece-11": CANARY * 200_000}
    assert {name: spill.get(name) for name in pieces} == pieces
    with pytest.raises(KeyError):
        spill.get("piece-12")


def test_a_small_document_touches_no_disk() -> None:
    spill = Spill(Path("/nonexistent"))
    spill.put("sheet-0", CANARY)
    assert spill.get("sheet-0") == CANARY


def test_the_file_has_no_name_and_no_content(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert spill._file is not None
    lying = Path(f"/proc/self/fd/{spill._file}").read_bytes()
    assert len(lying) > len(CANARY)
    assert CANARY not in lying
    assert spill.get("sheet-1") == CANARY


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    assert spill._file is not None
    os.pwrite(spill._file, b"\0\0\0\0", 20)
    with pytest.raises(RedoubtError) as caught:
        spill.get("sheet-1")
    assert caught.value.reason is Reason.HASH_MISMATCH


def test_pieces_cannot_be_swapped(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    spill.put("sheet-2", b"x" * len(CANARY))
    spill._lying["sheet-1"], spill._lying["sheet-2"] = spill._lying["sheet-2"], spill._lying["sheet-1"]
    with pytest.raises(RedoubtError) as caught:
        spill.get("sheet-1")
    assert caught.value.reason is Reason.HASH_MISMATCH


def test_a_disk_that_is_not_there_is_an_outage() -> None:
    spill = Spill(Path("/nonexistent"))
    with pytest.raises(RedoubtError) as caught:
        spill.put("sheet-0", bytes(intermediates.HELD_BYTES + 1))
    assert caught.value.reason is Reason.STORE_UNAVAILABLE


def test_a_full_disk_is_an_outage() -> None:
    spill = Spill(Path("/nonexistent"))
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115  the spill holds the descriptor
    spill._file = full.fileno()
    with pytest.raises(RedoubtError) as caught:
        spill.put("sheet-0", bytes(intermediates.HELD_BYTES + 1))
    assert caught.value.reason is Reason.STORE_UNAVAILABLE
    full.close()


def test_the_file_is_closed_with_the_last_who_holds_it(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    handle = Path(f"/proc/self/fd/{spill._file}")
    assert handle.exists()
    del spill
    gc.collect()
    assert not handle.exists() or str(tmp_path) not in str(handle.readlink())


def _on_disk(folder: Path) -> Spill:
    spill = Spill(folder)
    spill.put("sheet-0", bytes(intermediates.HELD_BYTES))
    spill.put("sheet-1", CANARY)
    return spill


def test_they_are_a_sequence_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intermediates, "HELD_BYTES", 10_000)
    made = [replace(reading(), dpi=float(n + 1)) for n in range(3 * PAGES_HELD)]
    found = Readings(Spill())
    for page in made:
        found.append(page)
    assert len(found._held) == PAGES_HELD
    assert list(found) == made
    assert found[-1] == made[-1]
    assert found[5] == made[5]
    assert found[2:9:3] == made[2:9:3]
    assert len(found) == len(made)
    for index in (len(made), -len(made) - 1):
        with pytest.raises(IndexError):
            found[index]


def test_those_used_last_are_in_memory() -> None:
    found = Readings(Spill())
    for _ in range(PAGES_HELD + 1):
        found.append(reading())
    assert found[0] is found[0]
    assert found[PAGES_HELD] is found[PAGES_HELD]


def test_spans_are_sought_in_readings_that_are_put_away() -> None:
    """The detector is handed each page's reading once, in order."""

    @dataclass
    class Watches(KilledWhile):
        seen: list[float] = field(default_factory=list)

        def detect(
            self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline
        ) -> list[list[Span]]:
            asked = list(readings)
            self.seen += [found.dpi for found in asked]
            return super().detect(asked, subject, deadline)

    pages = Watches()
    run(pages)
    assert len(pages.seen) == PAGES
