"""Documents that mean harm, sent through the whole product: each ends redacted or rejected by code, and it goes on."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from detectors.errors import Reason
from detectors.pages import PageRaster, PageReading
from detectors.visual.ink.accounting import InkReport
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.events import DocumentRejected
from streams.kafka import job
from streams.kafka.job import Desk, Finished, Record
from streams.kafka.job import Parts as DeskParts
from streams.kafka.submit import Request, announcement
from streams.kafka.topics import MASKED_DOCUMENTS, PHI_DOCUMENTS, REJECTED_DOCUMENTS
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from streams.store.claims import open_claims
from tests.acceptance.command import redact
from tests.acceptance.corpora import corpus
from tests.decode.exploits import Exploited, document
from tests.decode.files import text_pdf
from tests.decode.hostile import HOSTILE
from tests.kafka.transport import sealed

SAMPLE = 10
SEED = 20_26
AT_MOST_PAGES = 2
"""A page takes a second or two."""
DEADLINE_S = 120.0
ATTEMPTS = 3

ENDINGS = {"release", "review", "withhold", "rejected"}


def test_malformed_and_hostile_files_end_in_a_copy_or_a_code(tmp_path: Path) -> None:
    folder = corpus("malformed-pdf")
    index = json.loads((folder / "index.json").read_text())
    short = sorted(name for name, known in index.items() if (known["pages"] or 0) <= AT_MOST_PAGES)
    files = [folder / name for name in random.Random(SEED).sample(short, SAMPLE)]  # noqa: S311  a fixed sample
    for name in ("pdf_tree_in_a_ring", "pdf_references_in_a_ring", "tiff_frames_in_a_ring", "png_text_bomb"):
        files.append(tmp_path / name)
        files[-1].write_bytes(HOSTILE[name]())
    done = redact(files, tmp_path / "out", "--deadline", "60", "--processes", "2")
    assert done.returncode in (0, 1, 3), done.stderr
    assert "Traceback" not in done.stderr
    entries = done.report["documents"]
    assert len(entries) == len(files)
    for file, entry in zip(files, entries, strict=True):
        assert entry["verdict"] in ENDINGS, file.name
        assert bool(entry["output"]) == (entry["verdict"] in ("release", "review")), file.name
        if entry["verdict"] == "rejected":
            [reason] = entry["reasons"]
            assert Reason(reason) not in {Reason.INTERNAL, Reason.DECODER_CRASHED, Reason.DEADLINE}, file.name
    assert {entry["verdict"] for entry in entries} >= {"rejected"}
    assert any(entry["output"] for entry in entries)


class Deadly(PagePool):
    """Reading processes that a page kills, as often as it is handed to one."""

    def __init__(self) -> None:
        super().__init__(1)
        self.killed: list[int] = []

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> Iterator[tuple[PageReading, InkReport]]:
        self.killed.append(self._each(Reason.READER_FAILED, [os.getpid], deadline)[0])
        return self._stream(Reason.READER_FAILED, (partial(_die, page) for page in pages), deadline)


def _die(_page: PageRaster) -> tuple[PageReading, InkReport]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(1) as found:
        yield found


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "BACKOFF_S", (0.0,))


@dataclass
class Attempts:
    """Counts those that failed."""

    reasons: list[Reason] = field(default_factory=list)

    def observe(self, outcome: Outcome) -> None: ...
    def rejected(self, reason: Reason) -> None: ...
    def retried(self, reason: Reason) -> None:
        self.reasons.append(reason)


@dataclass
class Gateway:
    """A worker's desk over real parts, with a folder for its stores."""

    folder: Path
    decoder: Decoder
    pages: PagePool
    attempts: Attempts = field(default_factory=Attempts)

    def __post_init__(self) -> None:
        self.desk = Desk(
            DeskParts(self._handle, sealed(self.folder), open_claims(f"file://{self.folder}/masked")),
            "worker-0",
            ATTEMPTS,
            self.attempts,
        )

    def _handle(self, found: Document) -> Outcome:
        parts = Parts(self.decoder, self.pages, LocalTokenizer(production=False))
        return process(found, parts, Deadline.after(DEADLINE_S))

    def receive(self, content: bytes, number: int) -> Finished:
        name = f"{number:032x}"
        seal = sealed(self.folder).create("clinic-a", name)
        event = announcement(name, content, Request("clinic-a", "maximal"), None, seal)
        key, headers, value = event.to_message()
        return self.desk.work(Record(PHI_DOCUMENTS, 0, number, 1, key, headers, value))


def rejection(finished: Finished) -> DocumentRejected:
    assert not finished.stop
    events = dict(finished.events)
    assert MASKED_DOCUMENTS not in events
    found = DocumentRejected.from_message(*events[REJECTED_DOCUMENTS])
    assert isinstance(found, DocumentRejected)
    return found


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("exploit", ["crashes", "forks_without_end", "connects_to_loopback", "sends_garbage"])
def test_a_document_that_kills_its_decoder_each_time_is_rejected(
    tmp_path: Path, pool: PagePool, exploit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    with Exploited() as decoder:
        gateway = Gateway(tmp_path, decoder, pool)
        refused = rejection(gateway.receive(document(exploit), 1))
        assert refused.reasons == (Reason.DECODER_CRASHED,)
        assert refused.attempts == ATTEMPTS
        assert gateway.attempts.reasons == [Reason.DECODER_CRASHED] * (ATTEMPTS - 1)
        assert MASKED_DOCUMENTS in dict(gateway.receive(text_pdf(), 2).events)


@pytest.mark.usefixtures("at_once")
def test_a_document_that_kills_its_reading_process_each_time_is_rejected(tmp_path: Path) -> None:
    with Decoder() as decoder, Deadly() as deadly:
        gateway = Gateway(tmp_path, decoder, deadly)
        refused = rejection(gateway.receive(text_pdf(), 1))
        assert refused.reasons == (Reason.READER_FAILED,)
        assert refused.attempts == ATTEMPTS
        assert len(set(deadly.killed)) == ATTEMPTS
        # The processes are back, for whoever comes next.
        assert deadly._each(Reason.READER_FAILED, [os.getpid], Deadline.after(DEADLINE_S))
