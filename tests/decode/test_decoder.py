"""Hostile and broken documents: each ends in a reason code within its deadline, and the decoder lives on."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import MAX_REDACTIONS, PageRaster
from streams.decode import decoder as decoder_module
from streams.decode import wire
from streams.decode.decoder import Decoder
from streams.decode.limits import BATCH_PAGES, MAX_BYTES, MAX_PAGE_PIXELS, MAX_PAGES
from tests.decode.files import drawing, encoded, pdf_without_pages, text_pdf, tiff_bomb

DEADLINE_S = 30.0


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def reason(decoder: Decoder, content: bytes, deadline_s: float = DEADLINE_S) -> Reason:
    with pytest.raises(RedoubtError) as caught:
        decoder.decode(content, deadline_s)
    assert str(caught.value) == caught.value.reason.value
    return caught.value.reason


def outcome(decoder: Decoder, content: bytes, at_most: int = MAX_PAGES) -> Reason | list[PageRaster]:
    """The first pages, or the code."""
    try:
        return list(decoder.batch(content, 0, DEADLINE_S).pages[:at_most])
    except RedoubtError as error:
        return error.reason


def assert_alive(decoder: Decoder) -> None:
    assert len(decoder.decode(text_pdf(), DEADLINE_S)) == 1


def slow_pdf() -> bytes:
    """Nested forms that draw one another ten times each: minutes of work in a kilobyte."""
    with pymupdf.open() as document:
        page = document.new_page()
        inner = document.get_new_xref()
        document.update_object(inner, "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]>>")
        document.update_stream(inner, b"0 0 m 600 800 l 600 0 l 0 800 l S\n" * 50)
        for _ in range(9):
            outer = document.get_new_xref()
            document.update_object(
                outer, f"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</I {inner} 0 R>>>>>>"
            )
            document.update_stream(outer, b"/I Do\n" * 10)
            inner = outer
        document.xref_set_key(page.xref, "Resources", f"<</XObject<</I {inner} 0 R>>>>")
        content = document.get_new_xref()
        document.update_object(content, "<<>>")
        document.update_stream(content, b"/I Do\n")
        document.xref_set_key(page.xref, "Contents", f"{content} 0 R")
        return bytes(document.tobytes())


def sized_pdf(box: str) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((72, 72), "text")
        document.xref_set_key(page.xref, "MediaBox", box)
        return bytes(document.tobytes())


BAD: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "nothing": (lambda: b"", Reason.EMPTY),
    "text": (lambda: b"Patient: Maria Kovacs\n", Reason.UNKNOWN_FORMAT),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 60, Reason.UNKNOWN_FORMAT),
    "gif": (lambda: encoded(drawing(50, 50), "GIF"), Reason.UNKNOWN_FORMAT),
    "pdf_named_late": (lambda: b" " * 2_000 + text_pdf(), Reason.UNKNOWN_FORMAT),
    "png_cut": (lambda: encoded(drawing(), "PNG")[:900], Reason.DAMAGED),
    "jpeg_cut": (lambda: encoded(drawing(), "JPEG")[:3_000], Reason.DAMAGED),
    "tiff_cut": (lambda: encoded(drawing(), "TIFF", compression="tiff_lzw")[:2_000], Reason.DAMAGED),
    "png_head_only": (lambda: b"\x89PNG\r\n\x1a\n", Reason.DAMAGED),
    "pdf_head_only": (lambda: b"%PDF-1.7\n", Reason.DAMAGED),
    "pdf_cut": (lambda: text_pdf(3)[:250], Reason.DAMAGED),
    "pdf_encrypted": (
        lambda: text_pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="a", user_pw="b"),
        Reason.ENCRYPTED,
    ),
    "pdf_without_pages": (pdf_without_pages, Reason.NO_PAGES),
    "pdf_of_many_pages": (lambda: text_pdf(MAX_PAGES + 1), Reason.TOO_MANY_PAGES),
    "pdf_huge_page": (lambda: sized_pdf("[0 0 1000000 1000000]"), Reason.TOO_MANY_PIXELS),
    "pdf_long_page": (lambda: sized_pdf("[0 0 100 1000000]"), Reason.TOO_MANY_PIXELS),
    "tiff_bomb": (lambda: tiff_bomb(2_000_000_000, 2_000_000_000), Reason.TOO_MANY_PIXELS),
    "tiff_bomb_just_over": (lambda: tiff_bomb(10_000, MAX_PAGE_PIXELS // 10_000 + 1), Reason.TOO_MANY_PIXELS),
    "tiff_of_no_height": (lambda: tiff_bomb(100, 0), Reason.DAMAGED),
    "too_many_bytes": (lambda: b"%PDF-" + bytes(MAX_BYTES), Reason.TOO_MANY_BYTES),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_ends_in_its_code(decoder: Decoder, name: str) -> None:
    make, expected = BAD[name]
    content = make()
    started = time.monotonic()
    assert reason(decoder, content) is expected
    assert time.monotonic() - started < 10
    assert_alive(decoder)


def test_a_png_bomb_is_refused_by_its_header(decoder: Decoder) -> None:
    head = encoded(drawing(50, 50), "PNG")
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    assert reason(decoder, bomb) in (Reason.TOO_MANY_PIXELS, Reason.DAMAGED)


@pytest.mark.parametrize("box", ["[0 0 0 0]", "[0 0 0.5 0.5]", "[0 0 -612 -792]", "[0 0 6120 7920]"])
def test_an_odd_page_size_gives_a_page_or_a_code(decoder: Decoder, box: str) -> None:
    found = outcome(decoder, sized_pdf(box))
    if isinstance(found, Reason):
        assert found in (Reason.DAMAGED, Reason.TOO_MANY_PIXELS)
    else:
        assert found[0].width * found[0].height <= MAX_PAGE_PIXELS
    assert_alive(decoder)


def test_an_oversized_page_is_rendered_coarser(decoder: Decoder) -> None:
    (page,) = decoder.decode(sized_pdf("[0 0 4000 4000]"), DEADLINE_S)
    assert 100 <= page.width * 72 / 4000 < 200
    assert page.width * page.height <= MAX_PAGE_PIXELS


def test_the_deadline_ends_endless_work(decoder: Decoder) -> None:
    content = slow_pdf()
    started = time.monotonic()
    assert reason(decoder, content, 1.0) is Reason.DEADLINE
    assert time.monotonic() - started < 3
    assert_alive(decoder)


def test_a_deadline_of_nothing_is_over(decoder: Decoder) -> None:
    assert reason(decoder, text_pdf(), 0.0) is Reason.DEADLINE
    assert_alive(decoder)


def children(decoder: Decoder) -> list[int]:
    assert decoder._parent is not None
    pid = decoder._parent.pid
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def busy_child(decoder: Decoder) -> int:
    """The child that works on a document just handed in."""
    for _ in range(500):
        found = children(decoder)
        if found:
            time.sleep(0.3)  # until its gateway knows of it too
            return found[0]
        time.sleep(0.01)
    raise AssertionError("no child came up")


def test_a_killed_child_is_a_crash_and_no_more() -> None:
    with Decoder() as decoder, ThreadPoolExecutor() as pool:
        work = pool.submit(reason, decoder, slow_pdf())
        os.kill(busy_child(decoder), signal.SIGKILL)
        assert work.result() is Reason.DECODER_CRASHED
        assert_alive(decoder)


def test_a_killed_parent_is_replaced_and_its_children_end() -> None:
    with Decoder() as decoder, ThreadPoolExecutor() as pool:
        work = pool.submit(reason, decoder, slow_pdf())
        child = busy_child(decoder)
        assert decoder._parent is not None
        decoder._parent.kill()
        assert work.result() is Reason.DECODER_CRASHED
        assert gone(child)
        assert_alive(decoder)


def gone(pid: int) -> bool:
    for _ in range(300):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_all_end_with_a_killed_gateway() -> None:
    script = textwrap.dedent("""
        import sys, threading
        sys.path.insert(0, sys.argv[1])
        from tests.decode.test_decoder import busy_child, slow_pdf
        from streams.decode.decoder import Decoder
        decoder = Decoder()
        threading.Thread(target=decoder.decode, args=(slow_pdf(), 60.0), daemon=True).start()
        print(decoder._parent.pid, busy_child(decoder), flush=True)
        threading.Event().wait()
    """)
    root = str(Path(__file__).parents[2])
    with subprocess.Popen([sys.executable, "-c", script, root], stdout=subprocess.PIPE, text=True) as gateway:
        assert gateway.stdout is not None
        parent, child = (int(pid) for pid in gateway.stdout.readline().split())
        gateway.kill()
    assert gone(parent)
    assert gone(child)


def test_close_ends_the_parent() -> None:
    with Decoder() as decoder:
        assert decoder._parent is not None
        parent = decoder._parent.pid
    assert gone(parent)
    assert reason(decoder, text_pdf()) is Reason.DECODER_CRASHED


def test_no_two_documents_share_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pidfd of each document's child names a process of its own, dead once the document is done."""
    seen: list[int] = []

    class Watched(Decoder):
        def _fork(self, ends: float) -> tuple[socket.socket, int]:
            link, handle = super()._fork(ends)
            rows = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
            seen.append(next(int(row.split()[1]) for row in rows if row.startswith("Pid:")))
            return link, handle

    with Watched() as decoder, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: decoder.decode(text_pdf(), DEADLINE_S), range(12)))
        assert len(seen) == len(set(seen)) == 12
        assert all(gone(pid) for pid in seen)
        assert decoder._parent is not None
        assert decoder._parent.pid not in seen


def test_documents_in_parallel_keep_their_pages(decoder: Decoder) -> None:
    sizes = list(range(100, 124))
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: decoder.decode(encoded(drawing(n, 200), "PNG"), DEADLINE_S), sizes))
    assert [pages[0].width for pages in found] == sizes


def test_no_descriptor_is_left_behind(decoder: Decoder) -> None:
    def count() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    assert_alive(decoder)
    before = count()
    for content in (text_pdf(), b"none", b"%PDF-", encoded(drawing(80, 80), "PNG")) * 3:
        try:
            decoder.decode(content, DEADLINE_S)
        except RedoubtError:
            continue
    assert count() == before


def test_a_child_is_confined(decoder: Decoder) -> None:
    """Looked at from outside while it works: no rights to gain, no core dump, no file to write, one thread."""
    with ThreadPoolExecutor() as pool:
        work = pool.submit(reason, decoder, slow_pdf(), 3.0)
        child = busy_child(decoder)
        status = Path(f"/proc/{child}/status").read_text()
        limits = Path(f"/proc/{child}/limits").read_text()
        descriptors = sorted(int(p.name) for p in Path(f"/proc/{child}/fd").iterdir())
        work.result()
    assert "NoNewPrivs:\t1" in status
    assert "Threads:\t1\n" in status
    for name in ("Max core file size", "Max file size"):
        row = next(row for row in limits.splitlines() if row.startswith(name))
        assert row[len(name) :].split()[:2] == ["0", "0"]
    assert len(descriptors) == 4
    assert descriptors[:3] == [0, 1, 2]


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


def test_pages_come_in_batches_each_from_a_child_of_its_own(decoder: Decoder) -> None:
    content = text_pdf(2 * BATCH_PAGES + 3)
    whole = decoder.decode(content, DEADLINE_S)
    assert len(whole) == 2 * BATCH_PAGES + 3
    first, last = decoder.batch(content, 0, DEADLINE_S), decoder.batch(content, 2 * BATCH_PAGES, DEADLINE_S)
    assert (len(first.pages), len(last.pages), first.total, last.total) == (BATCH_PAGES, 3, len(whole), len(whole))
    assert np.array_equal(last.pages[-1].pixels, whole[-1].pixels)
    assert not np.array_equal(whole[-1].pixels, whole[0].pixels)


def test_no_more_pages_come_than_are_wanted(decoder: Decoder) -> None:
    batch = decoder.batch(text_pdf(9), 4, DEADLINE_S, at_most=2)
    assert (len(batch.pages), batch.total) == (2, 9)


def test_a_tiff_starts_in_the_middle_too(decoder: Decoder) -> None:
    sheets = [drawing(400 + 10 * n, 500) for n in range(4)]
    content = encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    batch = decoder.batch(content, 2, DEADLINE_S)
    assert ([page.width for page in batch.pages], batch.total) == ([420, 430], 4)


def test_a_page_that_is_not_there_is_no_empty_batch(decoder: Decoder) -> None:
    for content in (text_pdf(2), encoded(drawing(), "PNG")):
        with pytest.raises(RedoubtError) as caught:
            decoder.batch(content, 2, DEADLINE_S)
        assert caught.value.reason is Reason.DECODER_CRASHED


def test_pages_over_the_documents_limit_are_refused(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    content = text_pdf(BATCH_PAGES + 1)
    samples = sum(page.pixels.nbytes for page in decoder.decode(content, DEADLINE_S))
    monkeypatch.setattr(decoder_module, "MAX_DOCUMENT_SAMPLES", samples)
    assert len(decoder.decode(content, DEADLINE_S)) == BATCH_PAGES + 1
    monkeypatch.setattr(decoder_module, "MAX_DOCUMENT_SAMPLES", samples - 1)
    assert reason(decoder, content) is Reason.TOO_MANY_PIXELS


def test_a_parent_that_cannot_start_is_a_matter_of_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_module.sys, "executable", "/bin/false")
    with pytest.raises(RedoubtError) as caught:
        Decoder()
    assert caught.value.reason is Reason.MISCONFIGURED
