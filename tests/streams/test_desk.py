"""Bad input at the worker's desk, with the real decoder: a code in `rejected.documents`, and it goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.errors import Reason
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.events import DocumentRejected
from streams.kafka import job
from streams.kafka.job import Desk, Finished, Record
from streams.kafka.job import Parts as DeskParts
from streams.kafka.submit import Request, announcement
from streams.kafka.topics import MASKED_DOCUMENTS, PHI_DOCUMENTS, REJECTED_DOCUMENTS, REVIEW_TASKS
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.store.claims import open_claims
from tests.cli.bad import BAD, CANARY, NESTED
from tests.decode.files import text_pdf
from tests.kafka.transport import sealed
from tests.pipeline.doubles import OcrCrashes, Reads

DEADLINE_S = 3.0
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


def finish(folder: Path, decoder: Decoder, content: bytes, pages: Reads | None = None) -> Finished:
    seal = sealed(folder).create("clinic-a", ID)
    event = announcement(ID, content, Request("clinic-a", "maximal"), None, seal)
    parts = Parts(decoder, pages or Reads(), LocalTokenizer(production=False))

    def handle(document: Document) -> Outcome:
        return process(document, parts, Deadline.after(DEADLINE_S))

    desk = Desk(DeskParts(handle, sealed(folder), open_claims(f"file://{folder}/masked")), "w", 2)
    key, headers, value = event.to_message()
    return desk.work(Record(PHI_DOCUMENTS, 0, 1, 1, key, headers, value))


def rejection(finished: Finished) -> DocumentRejected:
    events = dict(finished.events)
    assert MASKED_DOCUMENTS not in events
    assert REVIEW_TASKS not in events
    key, headers, value = events[REJECTED_DOCUMENTS]
    assert CANARY.encode() not in value + key + repr(headers).encode()
    found = DocumentRejected.from_message(key, headers, value)
    assert isinstance(found, DocumentRejected)
    return found


@pytest.mark.parametrize("name", sorted(set(BAD) - {"empty.pdf"}))
def test_bad_input_is_rejected_with_its_code(tmp_path: Path, decoder: Decoder, name: str) -> None:
    content, reasons = BAD[name]
    started = time.monotonic()
    finished = finish(tmp_path, decoder, content)
    assert time.monotonic() - started < 3 * DEADLINE_S
    [reason] = rejection(finished).reasons
    assert reason in reasons
    assert not finished.stop


def test_the_next_document_is_worked_on(tmp_path: Path, decoder: Decoder) -> None:
    finish(tmp_path, decoder, BAD["cut.pdf"][0])
    (tmp_path / "next").mkdir()
    finished = finish(tmp_path / "next", decoder, NESTED)
    assert not finished.stop
    assert finished.events


def test_a_reader_that_keeps_crashing_ends_in_rejection(
    tmp_path: Path, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BACKOFF_S", (0.0,))
    assert rejection(finish(tmp_path, decoder, text_pdf(), OcrCrashes())).reasons == (Reason.READER_FAILED,)
