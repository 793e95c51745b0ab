"""What a decoding process may say: an answer that cannot be, or none, is a crash."""

from __future__ import annotations

import socket
import struct
import threading
import time

import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import MAX_REDACTIONS, PageRaster, Source
from streams.decode import wire
from streams.decode.limits import BATCH_PAGES, MAX_PAGES


def answer(*parts: bytes) -> Reason | PageRaster | None:
    """What the gateway makes of such bytes from a child."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=lambda: (theirs.sendall(b"".join(parts)), theirs.shutdown(socket.SHUT_RDWR)))
        sender.start()
        try:
            return wire.Answers(ours, time.monotonic() + 5, 0).page()
        except RedoubtError as error:
            return error.reason
        finally:
            ours.close()
            sender.join()


@pytest.mark.parametrize(
    "fields",
    [
        (b"P", 0, 10, 1, 0, 0.0),
        (b"P", 40_000, 10, 1, 0, 0.0),
        (b"P", 32_000, 32_000, 3, 0, 0.0),
        (b"P", 10, 10, 2, 0, 0.0),
        (b"P", 10, 10, 1, 4, 0.0),
        (b"P", 10, 10, 1, 32 * 3, 0.0),  # a source that there is not
        (b"P", 10, 10, 1, 0, float("nan")),
        (b"P", 10, 10, 1, 0, -1.0),
        (b"P", 10, 10, 1, 0, 1e9),
        (b"P", 10, 10, 1, 0, 0.0),  # and then no pixels
        (b"E", 1, 1, 0, 0, 0.0),  # a page that never came
        (b"R", 200, 0, 0, 0, 0.0),
        (b"?", 0, 0, 0, 0, 0.0),
    ],
)
def test_a_lying_child_is_a_crash(fields: tuple[object, ...]) -> None:
    assert answer(wire._ANSWER.pack(*fields)) is Reason.DECODER_CRASHED


def test_a_silent_child_is_a_crash() -> None:
    assert answer() is Reason.DECODER_CRASHED
    assert answer(b"P\x00") is Reason.DECODER_CRASHED


def batch(first: int, *parts: bytes) -> Reason | tuple[list[PageRaster], int]:
    """What the gateway makes of a whole answer from page `first` on, and the document's pages that it was told."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=lambda: (theirs.sendall(b"".join(parts)), theirs.shutdown(socket.SHUT_RDWR)))
        sender.start()
        answers = wire.Answers(ours, time.monotonic() + 5, first)
        try:
            return list(iter(answers.page, None)), answers.total
        except RedoubtError as error:
            return error.reason
        finally:
            ours.close()
            sender.join()


PAGE = wire._ANSWER.pack(b"P", 10, 10, 1, 0, 0.0) + bytes(100)


def end(count: int, total: int) -> bytes:
    return wire._ANSWER.pack(b"E", count, total, 0, 0, 0.0)


def redacted(*numbers: int) -> bytes:
    """A page that brought redactions along in these boxes."""
    return (
        wire._ANSWER.pack(b"P", 10, 10, 1, wire._REDACTED, 0.0)
        + bytes(100)
        + struct.pack("!I", len(numbers) // 4)
        + np.array(numbers, np.int32).tobytes()
    )


def test_redactions_come_with_their_page() -> None:
    found = batch(0, PAGE, redacted(1, 2, 3, 4, 0, 0, 10, 10), end(2, 2))
    assert isinstance(found, tuple)
    assert [page.redactions for page in found[0]] == [(), (Box(1, 2, 3, 4), Box(0, 0, 10, 10))]


@pytest.mark.parametrize("source", Source)
def test_a_page_says_where_it_comes_from(source: Source) -> None:
    head = wire._ANSWER.pack(b"P", 10, 10, 1, wire._LOSSY + wire._SOURCE * source, 0.0)
    found = batch(0, head + bytes(100), end(1, 1))
    assert isinstance(found, tuple)
    assert [(page.source, page.lossy, page.bilevel) for page in found[0]] == [(source, True, False)]


def test_a_batch_says_how_many_pages_there_are() -> None:
    found = batch(3, PAGE, PAGE, end(2, 7))
    assert isinstance(found, tuple)
    assert [page.pixels.tobytes() for page in found[0]] == [bytes(100)] * 2
    assert found[1] == 7


@pytest.mark.parametrize(
    ("first", "parts", "expected"),
    [
        (0, (end(0, 0),), Reason.NO_PAGES),
        (3, (end(0, 3),), Reason.DECODER_CRASHED),  # asked for a page that it had announced
        (3, (PAGE, end(1, 3)), Reason.DECODER_CRASHED),  # fewer pages than it has sent
        (0, (PAGE, end(1, MAX_PAGES + 1)), Reason.TOO_MANY_PAGES),
        (0, (PAGE,) * (BATCH_PAGES + 1), Reason.DECODER_CRASHED),
        (0, (PAGE, wire._ANSWER.pack(b"E", 1, 1, 0, 128, 0.0)), Reason.DECODER_CRASHED),  # a flaw that there is not
        (0, (redacted(0, 0, 11, 9), end(1, 1)), Reason.DECODER_CRASHED),  # a place beside the page
        (0, (redacted(5, 5, 5, 9), end(1, 1)), Reason.DECODER_CRASHED),  # no place at all
        (0, (redacted(), end(1, 1)), Reason.DECODER_CRASHED),
        (0, (redacted(*(0, 0, 9, 9) * (MAX_REDACTIONS + 1)), end(1, 1)), Reason.DECODER_CRASHED),
    ],
)
def test_a_child_that_lies_about_its_batch(first: int, parts: tuple[bytes, ...], expected: Reason) -> None:
    assert batch(first, *parts) is expected


def test_a_child_that_sends_more_pixels_than_a_batch_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BATCH_SAMPLES", 150)
    assert batch(0, PAGE, PAGE, PAGE) is Reason.DECODER_CRASHED
    assert isinstance(batch(0, PAGE, PAGE, end(2, 2)), tuple)
