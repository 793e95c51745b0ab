"""The warm parent: has the libraries loaded, never sees a document, forks one confined child for each.

Run as `python -m streams.decode.parent CONTROL GATEWAY`: a descriptor of its control socket and the gateway's
process id. Each message on the control socket brings the child's end of a document's socket; the answer brings
back the child's pidfd, so that the gateway can end exactly that process and never a later owner of its number.
"""

from __future__ import annotations

import os

# Before numpy is loaded: a second thread would make forking unsafe and escape the child's confinement.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OMP_THREAD_LIMIT"] = "1"

import io
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Final, NoReturn

import pymupdf
from PIL import Image

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from streams.decode.confine import confine, limit_cpu, threads
from streams.decode.formats import pages
from streams.decode.wire import receive_document, receive_request, send_end, send_page, send_refusal

READY: Final = b"r"
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
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    _warm_up()
    if threads() != 1:
        sys.exit(1)
    control.send(READY)
    watch = select.poll()
    watch.register(control, select.POLLIN)
    while os.getppid() == gateway:
        if not watch.poll(_WATCH_MS):
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for descriptor in descriptors:
            _fork(control, socket.socket(fileno=descriptor))


def _warm_up() -> None:
    """Loads what is loaded on first use: a confined child can open no file."""
    Image.init()
    small = io.BytesIO()
    Image.new("L", (8, 8), 255).save(small, "PDF")
    for kind in ("TIFF", "PNG", "JPEG"):
        sample = io.BytesIO()
        Image.new("L", (8, 8), 255).save(sample, kind)
        list(pages(sample.getvalue()))
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), "a")
        list(pages(document.tobytes()))
    list(pages(small.getvalue()))


def _fork(control: socket.socket, link: socket.socket) -> None:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _decode(link, parent)
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


def _decode(link: socket.socket, parent: int) -> NoReturn:
    """The child's whole life. Ends without Python's clean-up: nothing of the parent is its to close."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        confine(link.fileno(), parent)
        length, cpu_s = receive_request(link)
        limit_cpu(cpu_s)
        content = receive_document(link, length)
        reason = _answer(link, content)
        if reason is not None:
            send_refusal(link, reason)
    except BaseException:  # noqa: BLE001  the boundary of the process: an answer that breaks off says it crashed
        os._exit(1)
    os._exit(0)


def _answer(link: socket.socket, content: bytes) -> Reason | None:
    """Sends the pages; tells why there are no more. Raises OSError where the gateway has gone."""
    found: Iterator[PageRaster] | None = None
    count = 0
    while True:
        try:
            found = found or pages(content)
            page = next(found, None)
        except RedoubtError as error:
            return error.reason
        except MemoryError:
            return Reason.TOO_MANY_PIXELS
        except Exception:  # noqa: BLE001  damage shows in every library as it likes
            return Reason.DAMAGED
        if page is None:
            send_end(link, count)
            return None
        send_page(link, page)
        count += 1


if __name__ == "__main__":
    main()
