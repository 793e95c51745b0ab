"""The warm parent: has the libraries loaded, never sees a document, forks one confined child for each.

Run as `python -m streams.decode.parent CONTROL GATEWAY`: a descriptor of its control socket and the gateway's
process id. Its first message says which locks hold here. Each message to it brings a document's seconds of CPU and the
child's end of the document's socket; the answer brings back the child's pidfd, so that the gateway can end exactly that
process and never a later owner of its number.
"""

from __future__ import annotations

import os

# Before numpy is loaded: a second thread would make forking unsafe and escape the child's confinement.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OMP_THREAD_LIMIT"] = "1"

import contextlib
import io
import resource
import select
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Final, NoReturn

import pymupdf
from PIL import Image

from detectors.errors import Reason, RedoubtError
from streams.decode.batch import Flaw
from streams.decode.confine import Lock, confine, threads, working_locks
from streams.decode.formats import opened
from streams.decode.limits import BATCH_PAGES, BATCH_SAMPLES
from streams.decode.opened import Opened
from streams.decode.wire import receive_document, send_end, send_page, send_refusal

READY: Final = struct.Struct("!cB")
"""The letter r, and the locks."""
ORDER: Final = struct.Struct("!I")
"""Seconds of CPU that a child may spend."""
FORKED: Final = b"f"
FAILED: Final = b"x"

_WATCH_MS: Final = 500
"""How often it is asked whether the gateway lives. A parent-death signal would do at once, but it is bound to the
thread that started this process, which may end long before the gateway does."""


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    gateway = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _be_killed_first()
    _warm_up()
    if threads() != 1:
        sys.exit(1)
    locks = working_locks()
    control.send(READY.pack(b"r", locks))
    watch = select.poll()
    watch.register(control, select.POLLIN)
    while os.getppid() == gateway:
        ordered = watch.poll(_WATCH_MS)
        _reap()
        if not ordered:
            continue
        order, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if not order:
            return
        (cpu_s,) = ORDER.unpack(order)
        for descriptor in descriptors:
            _fork(control, socket.socket(fileno=descriptor), cpu_s, locks)


def _be_killed_first() -> None:
    """Where memory runs out the kernel shall take a child that decodes a bomb, and not the gateway beside it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _warm_up() -> None:
    """Loads what is loaded on first use: a confined child can open no file."""
    Image.init()
    small = io.BytesIO()
    Image.new("L", (8, 8), 255).save(small, "PDF")
    for kind in ("TIFF", "PNG", "JPEG"):
        sample = io.BytesIO()
        Image.new("L", (8, 8), 255).save(sample, kind)
        list(opened(sample.getvalue()).pages)
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), "a")
        list(opened(document.tobytes()).pages)
    from_pillow = opened(small.getvalue())
    list(from_pillow.pages)
    from_pillow.flaws()


def _reap() -> None:
    """Takes leave of the children that ended, so that the CPU they spent is counted with this process's: of those that
    the kernel reaps by itself nobody learns it."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork(control: socket.socket, link: socket.socket, cpu_s: int, locks: Lock) -> None:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _decode(link, parent, cpu_s, locks)
    link.close()
    try:
        handle = os.pidfd_open(child)
    except ProcessLookupError:
        control.send(FAILED)
        return
    try:
        socket.send_fds(control, [FORKED], [handle])
    finally:
        os.close(handle)


def _decode(link: socket.socket, parent: int, cpu_s: int, locks: Lock) -> NoReturn:
    """The child's whole life. Ends without Python's clean-up: nothing of the parent is its to close."""
    try:
        confine(link.fileno(), parent, cpu_s, locks)
        reason = _answer(link, *receive_document(link))
        if reason is not None:
            send_refusal(link, reason)
    except BaseException:  # noqa: BLE001  the boundary of the process: an answer that breaks off says it crashed
        os._exit(1)
    os._exit(0)


def _answer(link: socket.socket, content: bytes, first: int, at_most: int) -> Reason | None:
    """Sends a batch of pages; tells why there is none. Raises OSError where the gateway has gone."""
    found: Opened | None = None
    count = samples = 0
    at_most = min(at_most, BATCH_PAGES)
    while True:
        try:
            if found is None:
                found = opened(content, first)
            page = next(found.pages, None) if count < at_most and samples < BATCH_SAMPLES else None
            flaws = found.flaws() if page is None else Flaw.NONE
        except RedoubtError as error:
            return error.reason
        except MemoryError:
            return Reason.TOO_MANY_PIXELS
        except Exception:  # noqa: BLE001  damage shows in every library as it likes
            return Reason.DAMAGED
        if page is None:
            send_end(link, count, found.total, flaws)
            return None
        send_page(link, page)
        count += 1
        samples += page.pixels.nbytes


if __name__ == "__main__":
    main()
