"""Runs the check on one document in a process that can open no file, sees nothing else, and ends with it.

Run as `python -P -m streams.check.confined SOCKET`: it takes a length and the document, and answers with JSON.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import contextlib
import json
import math
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import pymupdf

from detectors.errors import Reason, RedoubtError
from detectors.visual.marks.squares import is_mosaic
from streams.check.covered import covered
from streams.check.finding import Examined, Found, What, from_json, to_json
from streams.check.kept import attached, earlier_revisions, hidden_layers, thumbnails, told_by_a_copy
from streams.check.page import Page
from streams.decode import mupdf_log
from streams.decode.confine import confine, working_locks
from streams.decode.decoder import KEPT_VARIABLES
from streams.decode.limits import MAX_BYTES, MAX_PAGES

_LENGTH: Final = struct.Struct("!Q")
_MAX_ANSWER: Final = 1024 * 1024
_WHOLE, _MENDED = b"F", b"P"
"""What an answer with findings begins with."""
_REFUSALS: Final = (
    Reason.EMPTY,
    Reason.UNKNOWN_FORMAT,
    Reason.DAMAGED,
    Reason.ENCRYPTED,
    Reason.NO_PAGES,
    Reason.TOO_MANY_PAGES,
    Reason.TOO_MANY_PIXELS,
)


def check(content: bytes, deadline_s: float) -> Examined:
    """What does not hold in a PDF. Raises RedoubtError: EMPTY, UNKNOWN_FORMAT, DAMAGED, ENCRYPTED, NO_PAGES,
    TOO_MANY_BYTES, TOO_MANY_PAGES, TOO_MANY_PIXELS, DEADLINE, DECODER_CRASHED."""
    if len(content) > MAX_BYTES:
        raise RedoubtError(Reason.TOO_MANY_BYTES)
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno()), str(math.ceil(deadline_s))],
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            return _asked(ours, content, time.monotonic() + deadline_s)
        except TimeoutError:
            raise RedoubtError(Reason.DEADLINE) from None
        except OSError:
            raise RedoubtError(Reason.DECODER_CRASHED) from None
        finally:
            process.kill()
            process.wait()


def _asked(link: socket.socket, content: bytes, ends: float) -> Examined:
    link.settimeout(max(0.001, ends - time.monotonic()))
    link.sendall(_LENGTH.pack(len(content)) + content)
    link.shutdown(socket.SHUT_WR)
    answer = bytearray()
    while len(answer) <= _MAX_ANSWER:
        link.settimeout(max(0.001, ends - time.monotonic()))
        piece = link.recv(65536)
        if not piece:
            break
        answer += piece
    if answer[:1] in (_WHOLE, _MENDED):
        return Examined(from_json(bytes(answer[1:])), answer[:1] == _WHOLE)
    with contextlib.suppress(ValueError):
        reason = Reason(answer[1:].decode("ascii", "replace"))
        if answer[:1] == b"R" and reason in _REFUSALS:
            raise RedoubtError(reason)
    raise RedoubtError(Reason.DECODER_CRASHED)


def found_in(content: bytes) -> Iterator[Found]:
    """What does not hold, in whatever process. Raises as `examined` does."""
    yield from examined(content).found


def examined(content: bytes) -> Examined:
    """The check itself, in whatever process. Raises RedoubtError as above, and what MuPDF raises on damage."""
    if not content:
        raise RedoubtError(Reason.EMPTY)
    if b"%PDF-" not in content[:1024]:
        raise RedoubtError(Reason.UNKNOWN_FORMAT)
    mupdf_log.forget()
    with pymupdf.open(stream=content, filetype="pdf") as document:
        if document.needs_pass:
            raise RedoubtError(Reason.ENCRYPTED)
        if not document.page_count:
            raise RedoubtError(Reason.NO_PAGES)
        if document.page_count > MAX_PAGES:
            raise RedoubtError(Reason.TOO_MANY_PAGES)
        found = [each for page in document for each in covered(Page(page))]
        # Before earlier revisions are opened: what MuPDF says of those is none of this one's.
        whole = not (document.is_repaired or mupdf_log.tells_of_loss())
        kept = (*thumbnails(document), *hidden_layers(document), *earlier_revisions(content, document))
        return Examined((*found, *kept, *_in_attachments(document)), whole)


def _in_attachments(document: Any) -> Iterator[Found]:
    """What an attached document tells of this one, and what does not hold in it: both at this one's page."""
    for content in attached(document):
        with contextlib.suppress(pymupdf.FileDataError), pymupdf.open(stream=content, filetype="pdf") as other:
            if not other.needs_pass and 0 < other.page_count <= MAX_PAGES:
                yield from told_by_a_copy(other, document)
                if any(True for page in other for _ in covered(Page(page))):
                    yield Found(What.IN_AN_ATTACHMENT, 0, (0.0, 0.0, 0.0, 0.0))


def main() -> None:
    link = shut_in(int(sys.argv[1]), int(sys.argv[2]) + 1)
    link.sendall(answer(link))


def shut_in(descriptor: int, cpu_s: int) -> socket.socket:
    """Confines this process for good, to that socket and to so many seconds of work."""
    # A thread that cv2 started would not be confined.
    cv2.setNumThreads(1)
    link = socket.socket(fileno=descriptor)
    _warm_up()
    locks = working_locks()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine(link.fileno(), os.getppid(), cpu_s, locks)
    return link


def answer(link: socket.socket) -> bytes:
    """To the one document that it reads from there."""
    try:
        (length,) = _LENGTH.unpack(_read(link, _LENGTH.size))
        told = examined(_read(link, min(length, MAX_BYTES)))
        return (_WHOLE if told.whole else _MENDED) + to_json(told.found)
    except RedoubtError as error:
        return b"R" + error.reason.value.encode()
    except MemoryError:
        return b"R" + Reason.TOO_MANY_PIXELS.value.encode()
    except Exception:  # noqa: BLE001  damage shows in every library as it likes
        return b"R" + Reason.DAMAGED.value.encode()


def _read(link: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        piece = link.recv(min(1 << 20, length - len(found)))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def _warm_up() -> None:
    """Loads what is loaded on first use: a confined process can open no file."""
    with pymupdf.open() as document:
        page: Any = document.new_page()
        page.insert_text((72, 72), "warm")
        page.draw_rect(pymupdf.Rect(70, 60, 110, 76), fill=(0, 0, 0))
        # A file that has more to it than pages is written anew to look at it, for which Python loads codecs.
        page.insert_text((72, 172), "warm", oc=document.add_ocg("warm", on=False))
        list(found_in(document.tobytes()))
    is_mosaic(np.random.default_rng(1).integers(0, 2, (12, 12), np.uint8).repeat(10, 0).repeat(10, 1) * 99)
    json.dumps([])


if __name__ == "__main__":
    main()
