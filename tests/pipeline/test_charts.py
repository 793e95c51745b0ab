"""A chart is gone on with after a kill: the same bytes however often that was, and nothing kept in the clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.attack.finished.pdf import Finished
from policies.attack.looks import Look
from policies.attack.report import Residual, Verdict
from streams.decode.batch import Batch, Flaw
from streams.decode.limits import BATCH_PAGES
from streams.pipeline.journal import GROUP
from streams.store.sealed import DocumentSeal
from tests.pipeline.chart_runs import PAGES, Counts, Killed, KilledWhile, run, seal
from tests.pipeline.doubles import SECRET, OnePage, reading

__all__ = ["seal"]
DIET = reading().words[-1].region


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
