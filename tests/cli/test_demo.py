"""What the demonstration says of itself: its folder, its windows, and what had to stay on the copies."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from rich.console import Console
from typer.testing import CliRunner

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from policies import profile as profiles
from streams.canaries.documents import Format, Layout, SyntheticDocument, one
from streams.canaries.leakcheck import LeakCheck, rasters
from streams.cli import app
from streams.demo.copies import empty
from streams.demo.judge import Judged, Judgement, own_open
from streams.demo.ledger import Ledger
from streams.demo.tables import Row, documents_table, explanations
from streams.events import DocumentRejected, Refusal
from streams.reasons import SENTENCES

PROFILE = "roi-authorization"


class TestFolder:
    def test_it_is_emptied_of_an_earlier_demonstration(self, tmp_path: Path) -> None:
        for name in ("released/a.pdf", "review/b.pdf", "logs/worker.log"):
            (tmp_path / name).parent.mkdir()
            (tmp_path / name).write_text("old")
        assert empty(tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_one_that_is_not_there_is_empty(self, tmp_path: Path) -> None:
        assert empty(tmp_path / "new")

    def test_one_that_holds_anything_else_is_refused_untouched(self, tmp_path: Path) -> None:
        (tmp_path / "released").mkdir()
        (tmp_path / "thesis.txt").write_text("mine")
        done = CliRunner().invoke(app, ["demo", "--out", str(tmp_path)])
        assert done.exit_code == 2
        assert "--out" in done.output
        assert {f.name for f in tmp_path.iterdir()} == {"released", "thesis.txt"}


@dataclass
class Result:
    """Any result that is not a refusal."""

    key: str


@dataclass
class Told:
    """As much of a ledger as knows results."""

    results: dict[str, list[object]] = field(default_factory=dict)
    windows: tuple[object, ...] = ()

    def observed(self, sent: Iterable[str]) -> int:
        return Ledger.observed(self, sent)  # type: ignore[arg-type]


def refused(refusal: Refusal) -> DocumentRejected:
    return DocumentRejected("t", "d", refusal, (Reason.DAMAGED,), "topic", 0, 0)


def test_only_documents_with_a_verdict_are_awaited_in_a_window() -> None:
    told = Told(
        {
            "released": [Result("a")],
            "rejected": [refused(Refusal.REJECTED)],
            "withheld": [refused(Refusal.WITHHELD)],
            "lost": [],
        }
    )
    assert told.observed(told.results) == 2


def test_the_wait_is_told_in_a_log_too_and_ends_with_the_last_document() -> None:
    log = io.StringIO()
    told = Told({"rejected": [refused(Refusal.REJECTED)]})
    started = time.monotonic()
    sys.modules["streams.cli.demo"]._wait_for_windows(Console(file=log), told, told.results)
    assert log.getvalue() == "waiting for the monitor to close its windows\n"
    assert time.monotonic() - started < 1


def test_the_table_is_whole_on_a_narrow_terminal_and_every_reason_is_told() -> None:
    def row(number: int, layout: Layout, kind: Format, verdict: str, *reasons: Reason) -> Row:
        check = LeakCheck(planted=31, uncovered=(), readable=(1,) if number else (), words_clean=200, words_kept=190)
        document = one(7, number, layout, kind)
        return Row(f"{number:08x}", document, "hipaa-safe-harbor", verdict, reasons, {Kind.SSN: 12}, Judgement(check))

    kinds = [row(n, layout, list(Format)[n % len(Format)], "release") for n, layout in enumerate(Layout)]
    rows = [*kinds, row(99, Layout.FACE_SHEET, Format.SCANNED_PDF, "review", Reason.UNEXPLAINED_INK)]
    text = io.StringIO()
    Console(file=text, width=80).print(documents_table(rows))
    lines = [" ".join(line.split()) for line in text.getvalue().splitlines()]
    assert max(map(len, text.getvalue().splitlines())) <= 80
    assert "\u2026" not in text.getvalue()
    assert sum(line == "hipaa-safe-harbor" for line in lines) == len(rows)
    assert any(line.startswith("00000000 ") and "release 12 0 of 31 95%" in line for line in lines)
    assert any(line.startswith("00000063 ") and "review - 1 of 31 95%" in line for line in lines)
    told = list(explanations(rows))
    assert told[0] == f"redacted: ssn {12 * len(rows)}", "no other kind is told where there is none"
    assert told[1:] == [f"00000063: review: unexplained_ink: {SENTENCES[Reason.UNEXPLAINED_INK]}"]


class TestWhatMustStay:
    """The patient's own identifiers on a copy under an authorization: burning all of them must show in the figure."""

    @pytest.fixture(scope="class")
    @classmethod
    def document(cls) -> SyntheticDocument:
        return one(7, 0, Layout.FACE_SHEET, Format.SCANNED_PDF)

    def finished(self, document: SyntheticDocument, burned: set[int]) -> bytes:
        """The source's pages as a PDF of pictures, with some identifiers' words black."""
        with pymupdf.open() as copy:
            for number, page in enumerate(rasters(document.content, document.suffix)):
                pixels = page.copy()
                for index in burned:
                    identifier = document.identifiers[index]
                    for region in identifier.regions if identifier.page == number else ():
                        corners = np.round(np.array(region.corners)).astype(np.int32)
                        cv2.fillConvexPoly(pixels, cv2.convexHull(corners), 0)
                        cv2.polylines(pixels, [corners], isClosed=True, color=0, thickness=5)
                sheet = copy.new_page(width=page.shape[1] * 0.24, height=page.shape[0] * 0.24)
                sheet.insert_image(sheet.rect, stream=cv2.imencode(".png", pixels)[1].tobytes())
            return bytes(copy.tobytes())

    def counted(self, document: SyntheticDocument, burned: set[int]) -> tuple[int, int]:
        case = Judged(document, PROFILE, self.finished(document, burned))
        return own_open(case, profiles.load(PROFILE))

    def test_untouched_all_stay_and_burned_none_does(self, document: SyntheticDocument) -> None:
        own = {i for i, p in enumerate(document.identifiers) if p.owner is Owner.PATIENT}
        others = set(range(len(document.identifiers))) - own
        assert len(own) > 3
        assert self.counted(document, set()) == (len(own), len(own))
        assert self.counted(document, own) == (len(own), 0)
        total, stayed = self.counted(document, others)
        assert total == len(own)
        assert stayed >= 0.9 * total  # a neighbour's black may graze one

    def test_one_burned_name_is_counted_as_gone(self, document: SyntheticDocument) -> None:
        names = [i for i, p in enumerate(document.identifiers) if p.owner is Owner.PATIENT and p.kind is Kind.PERSON]
        total, stayed = self.counted(document, {names[0]})
        assert stayed == total - 1

    @pytest.mark.parametrize(("profile", "copy"), [("maximal", b""), (PROFILE, None)])
    def test_without_a_promise_or_a_copy_nothing_is_counted(
        self, document: SyntheticDocument, profile: str, copy: bytes | None
    ) -> None:
        assert own_open(Judged(document, profile, copy), profiles.load(profile)) == (0, 0)
