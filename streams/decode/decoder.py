"""Bytes to page rasters, each document in a confined process of its own that ends with it."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import ClassVar, Final, Self

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from streams.decode.batch import Batch
from streams.decode.confine import ALL_LOCKS, Lock
from streams.decode.limits import BATCH_PAGES, MAX_BYTES, MAX_DOCUMENT_SAMPLES
from streams.decode.parent import FORKED, ORDER, READY
from streams.decode.wire import Answers, send_document

START_S: Final = 60.0
"""Importing the libraries takes half a second; on a machine that is starting everything at once, much longer."""

FORK_S: Final = 10.0
"""Forking takes milliseconds. Not the document's deadline: a parent is replaced, and the documents of its other
children crash, only where it is itself at fault."""


KEPT_VARIABLES: Final = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
"""What of the gateway's environment the parent is started with. The rest holds passwords, and a document that takes
over a decoder could carry them out in the pixels of its page."""

LARGE_PAGES: Final = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""A child's memory is new to it, and a page of a document takes thousands of the kernel's small pages: asked for by
large ones, where the kernel gives any, they cost a quarter less of its time."""


class Decoder:
    """Owns the warm parent process; restarts it when it died. Thread-safe. Use it as a context manager.

    With `must_confine` every lock of `streams.decode.confine` has to hold, else it does not start; without, it works
    with the `locks` that there are.

    Raises RedoubtError(MISCONFIGURED) where the parent cannot be started, UNCONFINED where a lock is missing.
    """

    parent_module: ClassVar[str] = "streams.decode.parent"

    def __init__(self, *, must_confine: bool = False) -> None:
        self._must_confine = must_confine
        self.locks = Lock(0)
        self._lock = threading.Lock()
        self._closed = False
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the parent; children end with it."""
        with self._lock:
            self._closed = True
            self._stop()

    def decode(self, content: bytes, deadline_s: float) -> list[PageRaster]:
        """All pages of a document, as they came, for one that is known to be small.

        Raises as `batch` does, RedoubtError(TOO_MANY_PIXELS).
        """
        ends = time.monotonic() + deadline_s
        found: list[PageRaster] = []
        samples = 0
        while True:
            batch = self.batch(content, len(found), ends - time.monotonic())
            found += batch.pages
            samples += sum(page.pixels.nbytes for page in batch.pages)
            if samples > MAX_DOCUMENT_SAMPLES:
                raise RedoubtError(Reason.TOO_MANY_PIXELS)
            if len(found) >= batch.total:
                return found

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int = BATCH_PAGES) -> Batch:
        """Up to `at_most` pages from `first` on, which counts from 0, as they fit the limits of a batch; at least one.

        Each batch has a child of its own that is handed the document anew: a gigabyte a second, against a hundredth
        of that for the pixels that come back. Raises RedoubtError(EMPTY, UNKNOWN_FORMAT, DAMAGED, ENCRYPTED, NO_PAGES,
        TOO_MANY_BYTES, TOO_MANY_PAGES, TOO_MANY_PIXELS, DEADLINE, DECODER_CRASHED).
        """
        if not content:
            raise RedoubtError(Reason.EMPTY)
        if len(content) > MAX_BYTES:
            raise RedoubtError(Reason.TOO_MANY_BYTES)
        ends = time.monotonic() + deadline_s
        link, child = self._fork(ends)
        try:
            self._send(link, ends, content, first, at_most)
            answers = Answers(link, ends, first)
            pages: list[PageRaster] = []
            while (page := answers.page()) is not None:
                pages.append(page)
            return Batch(tuple(pages), answers.total, answers.flaws)
        finally:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
            os.close(child)
            link.close()

    def _send(self, link: socket.socket, ends: float, content: bytes, first: int, at_most: int) -> None:
        left = ends - time.monotonic()
        if left <= 0:
            raise RedoubtError(Reason.DEADLINE)
        link.settimeout(left)
        try:
            send_document(link, content, first, at_most)
        except TimeoutError:
            raise RedoubtError(Reason.DEADLINE) from None
        except OSError:
            raise RedoubtError(Reason.DECODER_CRASHED) from None

    def _fork(self, ends: float) -> tuple[socket.socket, int]:
        """A fresh child: our end of its socket, and its pidfd. A dead parent is replaced once."""
        left = ends - time.monotonic()
        if left <= 0 or not self._lock.acquire(timeout=left):
            raise RedoubtError(Reason.DEADLINE)
        try:
            if self._closed:
                raise RedoubtError(Reason.DECODER_CRASHED)
            for _ in range(2):
                if self._control is None:
                    self._start()
                found = self._ask(math.ceil(left) + 1)
                if found is not None:
                    return found
                self._stop()
            raise RedoubtError(Reason.DECODER_CRASHED)
        finally:
            self._lock.release()

    def _ask(self, cpu_s: int) -> tuple[socket.socket, int] | None:
        if self._control is None:
            return None
        ours, theirs = socket.socketpair()
        descriptors: list[int] = []
        answer = b""
        with theirs, contextlib.suppress(OSError):
            self._control.settimeout(FORK_S)
            socket.send_fds(self._control, [ORDER.pack(cpu_s)], [theirs.fileno()])
            answer, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        if answer == FORKED and len(descriptors) == 1:
            return ours, descriptors[0]
        for descriptor in descriptors:
            os.close(descriptor)
        ours.close()
        return None

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._parent = subprocess.Popen(
                # -P: a module of the same name that lies in the current folder is not imported.
                [sys.executable, "-P", "-m", self.parent_module, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ} | LARGE_PAGES,
                stdin=subprocess.DEVNULL,
                # MuPDF and libtiff print what they find in documents.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._control = ours
        try:
            self.locks = self._ready(ours)
            if self._must_confine and self.locks != ALL_LOCKS:
                raise RedoubtError(Reason.UNCONFINED)
        except RedoubtError:
            self._stop()
            raise

    def _ready(self, control: socket.socket) -> Lock:
        control.settimeout(START_S)
        try:
            letter, locks = READY.unpack(control.recv(READY.size))
        except (OSError, struct.error):
            raise RedoubtError(Reason.MISCONFIGURED) from None
        if letter != b"r":
            raise RedoubtError(Reason.MISCONFIGURED)
        return Lock(locks)

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._parent is not None:
            self._parent.kill()
            self._parent.wait()
        self._control = self._parent = None
