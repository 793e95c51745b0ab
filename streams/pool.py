"""The reading processes: one engine, one detector and one thread each; pages of all documents in flight share them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from detectors.errors import Reason, RedoubtError
from detectors.findings import Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink import InkReport
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Residual
from streams.clock import Deadline
from streams.hardening import forbid_core_dumps

T = TypeVar("T")

ONE_THREAD: Final = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One thread a process: the pages, not the engines, share the cores."""

PRELOAD: Final = ("streams.pool", "detectors.detect", "detectors.reading.tesserocr_engine", "presidio_image_redactor")
"""What every reading process needs is imported once, in the process that forks them, before any page is seen."""


class PagePool:
    """Pages work of `streams.parts`, in `processes` processes. Thread-safe; start it once a worker."""

    def __init__(self, processes: int) -> None:
        os.environ.update(ONE_THREAD)
        self._processes = processes
        self._lock = threading.Lock()
        self._pool = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._pool.stop()
        self._pool.join()

    def read(self, pages: Sequence[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]:
        return self._each(Reason.READER_FAILED, [partial(_read, page) for page in pages], deadline)

    def detect(self, readings: Sequence[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        return self._each(Reason.DETECTOR_FAILED, [partial(_detect, r, subject) for r in readings], deadline)

    def attack(
        self,
        copy: bytes,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> list[Residual]:
        tasks = [partial(_attack, copy, look, claim, acts_on, subject) for look in looks]
        return [residual for found in self._each(Reason.ATTACKER_FAILED, tasks, deadline) for residual in found]

    def spans(self, texts: Sequence[str | None], deadline_s: float) -> list[list[Span] | RedoubtError]:
        """Detection on bare texts, for `redoubt detect`: each answers for itself, None gives no spans."""

        def one(text: str | None) -> list[Span] | RedoubtError:
            try:
                tasks = [partial(_spans, text)] if text else []
                return next(iter(self._each(Reason.DETECTOR_FAILED, tasks, Deadline.after(deadline_s))), [])
            except RedoubtError as error:
                return error

        with ThreadPoolExecutor(self._processes) as threads:
            return list(threads.map(one, texts))

    def _start(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOAD))
        return ProcessPool(max_workers=self._processes, initializer=_warm_up, context=context)

    def _each(self, reason: Reason, tasks: Sequence[Callable[[], T]], deadline: Deadline) -> list[T]:
        """Runs the tasks side by side. The first failure cancels the rest and raises `reason` or DEADLINE.

        A process that died says nothing about what it was at, nor whose fault it was: READER_FAILED, so that the
        document is tried again, the attack on its copy included.
        """
        futures: list[ProcessFuture[T]] = []
        try:
            for task in tasks:
                futures.append(self._schedule(task, deadline.left_s()))
            return [future.result(deadline.left_s()) for future in futures]
        except TimeoutError:
            raise RedoubtError(Reason.DEADLINE) from None
        except RedoubtError:
            raise
        except (ProcessExpired, CancelledError):
            raise RedoubtError(Reason.READER_FAILED) from None
        except Exception as error:  # noqa: BLE001  whatever an engine throws may hold content: only its class goes on
            raise RedoubtError(reason) from _Hidden(type(error).__name__)
        finally:
            for future in futures:
                future.cancel()

    def _schedule(self, task: Callable[[], T], timeout_s: float) -> ProcessFuture[T]:
        with self._lock:
            try:
                return self._pool.schedule(task, timeout=timeout_s)
            except RuntimeError:  # a process that died idle breaks the whole pool for good
                self._pool.stop()
                self._pool = self._start()
                return self._pool.schedule(task, timeout=timeout_s)


class _Hidden(Exception):
    """Stands for an exception whose text must not travel."""


@dataclass(frozen=True, slots=True)
class _Tools:
    engine: Any
    text: Any
    detector: Any


_tools: _Tools | None = None


def _warm_up() -> None:
    """Loads engine and detector once a process. Imported here: the parent needs neither."""
    global _tools
    forbid_core_dumps()
    # What the engines' C libraries print may hold content, and nobody reads it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from detectors.analyzer import TextDetector
    from detectors.detect import PageDetector
    from detectors.reading.tesserocr_engine import TesserocrEngine

    text = TextDetector()
    _tools = _Tools(TesserocrEngine(), text, PageDetector(text))


def _ready() -> _Tools:
    if _tools is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    return _tools


def _read(page: PageRaster) -> tuple[PageReading, InkReport]:
    from detectors.recognize import recognize
    from detectors.visual.barcodes import barcodes

    reading, ink = recognize(page, _ready().engine)
    return reading, replace(ink, regions=(*ink.regions, *barcodes(page)))


def _detect(reading: PageReading, subject: Subject | None) -> list[Span]:
    return list(_ready().detector.spans(reading, subject))


def _spans(text: str) -> list[Span]:
    return list(_ready().text.spans(text))


def _attack(copy: bytes, look: Look, claim: Claim, acts_on: ActsOn, subject: Subject | None) -> tuple[Residual, ...]:
    from policies.attack.reread import reread_page

    tools = _ready()
    return reread_page(copy, look, claim, tools.engine, acts_on, [lambda reading: _detect(reading, subject)])
