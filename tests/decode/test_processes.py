"""Each document has a process of its own, confined, which ends with it; whoever is killed, the rest goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.decode import decoder as decoder_module
from streams.decode.decoder import Decoder
from tests.decode.decoding import (
    DEADLINE_S,
    assert_alive,
    busy_child,
    decoder,
    gone,
    reason,
    slow_pdf,
    spent_by_children,
)
from tests.decode.files import drawing, encoded, text_pdf

__all__ = ["decoder"]


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


def test_all_end_with_a_killed_gateway() -> None:
    script = textwrap.dedent("""
        import sys, threading
        sys.path.insert(0, sys.argv[1])
        from tests.decode.decoding import busy_child, slow_pdf
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


def test_what_a_child_spent_is_counted_with_its_parents_time(decoder: Decoder) -> None:
    """A gateway's CPU seconds are asked of its processes; a child that the kernel reaps by itself tells none."""
    before = spent_by_children(decoder)
    decoder.decode(encoded(drawing(3400, 4400), "PNG"), DEADLINE_S)
    ends = time.monotonic() + 5.0
    while spent_by_children(decoder) <= before and time.monotonic() < ends:
        time.sleep(0.05)
    assert spent_by_children(decoder) > before


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
        work = pool.submit(reason, decoder, slow_pdf(), 6.0)
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


def test_a_parent_that_cannot_start_is_a_matter_of_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_module.sys, "executable", "/bin/false")
    with pytest.raises(RedoubtError) as caught:
        Decoder()
    assert caught.value.reason is Reason.MISCONFIGURED
