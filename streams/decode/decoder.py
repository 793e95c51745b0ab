"""Bytes to page rasters, each document in a confined process of its own that ends with it."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from streams.decode.limits import MAX_BYTES
from streams.decode.parent import FORKED, READY
from streams.decode.wire import Answers, send_document

START_S: Final = 60.0
"""Importing the libraries takes half a second; on a machine that is starting everything at once, much longer."""

FORK_S: Final = 10.0
"""Forking takes milliseconds. Not the document's deadline: a parent is replaced, and the documents of its other
children crash, only where it is itself at fault."""


class Decoder:
    """Owns the warm parent process; restarts it when it died. Thread-safe. Use it as a context manager.

    Raises RedoubtError(MISCONFIGURED) where the parent cannot be started.
    """

    def __init__(self) -> None:
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
        """All pages of a document, as they came.

        Raises RedoubtError(EMPTY, UNKNOWN_FORMAT, DAMAGED, ENCRYPTED, NO_PAGES, TOO_MANY_BYTES, TOO_MANY_PAGES,
        TOO_MANY_PIXELS, DEADLINE, DECODER_CRASHED).
        """
        return list(self.pages(content, deadline_s))

    def pages(self, content: bytes, deadline_s: float) -> Iterator[PageRaster]:
        """The same one by one; the child waits while a page is worked on, and its deadline runs on."""
        if not content:
            raise RedoubtError(Reason.EMPTY)
        if len(content) > MAX_BYTES:
            raise RedoubtError(Reason.TOO_MANY_BYTES)
        ends = time.monotonic() + deadline_s
        link, child = self._fork(ends)
        try:
            self._send(link, content, ends)
            answers = Answers(link, ends)
            while (page := answers.page()) is not None:
                yield page
        finally:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
            os.close(child)
            link.close()

    def _send(self, link: socket.socket, content: bytes, ends: float) -> None:
        left = ends - time.monotonic()
        if left <= 0:
            raise RedoubtError(Reason.DEADLINE)
        link.settimeout(left)
        try:
            send_document(link, content, math.ceil(left) + 1)
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
                found = self._ask()
                if found is not None:
                    return found
                self._stop()
            raise RedoubtError(Reason.DECODER_CRASHED)
        finally:
            self._lock.release()

    def _ask(self) -> tuple[socket.socket, int] | None:
        if self._control is None:
            return None
        ours, theirs = socket.socketpair()
        descriptors: list[int] = []
        answer = b""
        with theirs, contextlib.suppress(OSError):
            self._control.settimeout(FORK_S)
            socket.send_fds(self._control, [b"d"], [theirs.fileno()])
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
                [sys.executable, "-m", "streams.decode.parent", str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # MuPDF and libtiff print what they find in documents.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._control = ours
        ours.settimeout(START_S)
        try:
            ready = ours.recv(1) == READY
        except OSError:
            ready = False
        if not ready:
            self._stop()
            raise RedoubtError(Reason.MISCONFIGURED)

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._parent is not None:
            self._parent.kill()
            self._parent.wait()
        self._control = self._parent = None
