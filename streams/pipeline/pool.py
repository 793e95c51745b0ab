"""The reading processes: one engine, one detector and one thread each; pages of all documents in flight share them."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from detectors.errors import NobodysFault, Reason, RedoubtError
from detectors.findings import Span
from detectors.model.chosen import OWN
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.text import long
from detectors.visual.ink.accounting import InkReport
from detectors.words.local_lists import LocalLists
from policies.attack.finished.pdf import Finished
from policies.attack.finished.structure import sheets
from policies.attack.looks import Look
from policies.attack.report import ANOTHER_ENGINES, ActsOn, Claim, Residual
from streams.clock import Deadline
from streams.hardening import forbid_core_dumps
from streams.pipeline.alike import each_once
from streams.pipeline.handed import Handed
from streams.pipeline.turns import Turn, Turns

if TYPE_CHECKING:
    from streams.pipeline.tools import Tools

T = TypeVar("T")

ONE_THREAD: Final = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One thread a process: the pages, not the engines, share the cores."""

IMPORTED: Final = ("streams.pipeline.pool", "streams.pipeline.tools", "presidio_image_redactor")
"""What every reading process needs is imported once, in the process that forks them, before any page is seen."""
LOADED: Final = (*IMPORTED, "streams.pipeline.warm")
"""And loaded there, where they all read with our own model."""


STARTS_S: Final = 180.0
"""A process loads its engines in three seconds, on a machine with much else to do in ten times that."""
PAGE_S: Final = 180.0
"""Wall time that the work on one page may take: the worst page that is worth a copy takes a third of it."""
QUEUED: Final = 2
"""Pages a process that are handed over at once: one that it works on, and one that waits, so that it never idles."""
AHEAD: Final = 16
"""Answers that wait for an earlier page's, as many at most: one slow page does not gather a chart behind it."""


class PagePool:
    """Pages work of `streams.pipeline.parts`, in `processes` processes, of all documents by turns. Thread-safe; start
    it once a worker."""

    def __init__(self, processes: int, ner_model: str = OWN, local_lists: Path | None = None) -> None:
        os.environ.update(ONE_THREAD)
        self._processes = processes
        self._ner_model = ner_model
        self._lists = LocalLists.read(local_lists) if local_lists else LocalLists()
        self._turns = Turns(QUEUED * processes)
        self._lock = threading.Lock()
        self._pool = self._start()

    def __enter__(self) -> Self:
        """Waits for the first process. Raises RedoubtError(MISCONFIGURED) where none can start: the engine's models or
        the detector's are not there."""
        try:
            self._pool.schedule(_started, timeout=STARTS_S).result(STARTS_S)
        except Exception:  # noqa: BLE001  whatever keeps it from starting, no document may wait for it
            self._pool.stop()
            raise RedoubtError(Reason.MISCONFIGURED) from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._pool.stop()
        self._pool.join()

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> Iterator[tuple[PageReading, InkReport]]:
        def read(others: Iterable[PageRaster]) -> Iterator[tuple[PageReading, InkReport]]:
            return self._stream(Reason.READER_FAILED, (partial(_read, page) for page in others), deadline)

        return each_once(pages, read)

    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        return self._each(Reason.DETECTOR_FAILED, (partial(_detect, r, subject) for r in readings), deadline)

    def attack(
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> Iterator[list[Residual]]:
        alone = zip(looks, sheets(copy, [look.page for look in looks]), strict=True)
        tasks = (partial(_attack, sheet, look, _only(claim, look.page), acts_on, subject) for look, sheet in alone)
        return self._stream(Reason.ATTACKER_FAILED, tasks, deadline)

    def spans(self, texts: Sequence[str | None], deadline_s: float) -> list[list[Span] | RedoubtError]:
        """Detection on bare texts, for `redoubt detect`: each answers for itself, None gives no spans.

        A long text is searched piece by piece, each with a deadline of its own."""

        def one(text: str | None) -> list[Span] | RedoubtError:
            try:
                return long.joined(text, ((at, alone(piece)) for at, piece in long.pieces(text))) if text else []
            except RedoubtError as error:
                return error

        def alone(piece: str) -> list[Span]:
            (found,) = self._each(Reason.DETECTOR_FAILED, [partial(_spans, piece)], Deadline.after(deadline_s))
            return found

        with ThreadPoolExecutor(self._processes) as threads:
            return list(threads.map(one, texts))

    def _start(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(LOADED if self._ner_model == OWN else IMPORTED))
        return ProcessPool(
            max_workers=self._processes, initializer=_warm_up, initargs=(self._ner_model, self._lists), context=context
        )

    def _each(self, reason: Reason, tasks: Iterable[Callable[[], T]], deadline: Deadline) -> list[T]:
        return list(self._stream(reason, tasks, deadline))

    def _stream(self, reason: Reason, tasks: Iterable[Callable[[], T]], deadline: Deadline) -> Iterator[T]:
        """Runs the tasks side by side, taking each from `tasks` when it is its turn; their results in order.

        The first failure cancels the rest and raises `reason` or DEADLINE; what `tasks` raises as RedoubtError goes on.
        A process that died says nothing about what it was at, nor whose fault it was: READER_FAILED, so that the
        document is tried again, the attack on its copy included; one that died idle takes what waits along, which is
        NobodysFault.
        """
        waiting: deque[Handed] = deque()
        turns: deque[Turn] = deque()
        try:
            for task in tasks:
                turns.append(self._turns.take(deadline))
                waiting.append(self._schedule(task, turns[-1], min(deadline.left_s(), PAGE_S)))
                while waiting and (waiting[0].future.done() or len(waiting) > AHEAD * self._processes):
                    yield waiting[0].result(self._patience_s(deadline))
                    waiting.popleft()
                    turns.popleft()
            while waiting:
                yield waiting[0].result(self._patience_s(deadline))
                waiting.popleft()
                turns.popleft()
        except TimeoutError:
            silent = waiting and not waiting[0].future.done() and time.monotonic() < deadline.at_s
            raise RedoubtError(Reason.READER_FAILED if silent else Reason.DEADLINE) from None
        except RedoubtError:
            raise
        except ProcessExpired:
            raise RedoubtError(Reason.READER_FAILED) from None
        except (CancelledError, BrokenProcessPool):
            raise NobodysFault(Reason.READER_FAILED) from None
        except Exception as error:  # noqa: BLE001  whatever an engine throws may hold content: only its class goes on
            raise RedoubtError(reason) from _Hidden(type(error).__name__)
        finally:
            for page in waiting:
                page.future.cancel()
            for turn in turns:
                turn.end()

    def _patience_s(self, deadline: Deadline) -> float:
        """A page that was handed over waits for QUEUED others at most; a pool that does not answer then never will."""
        return min(deadline.left_s(), PAGE_S * (QUEUED + 1))

    def _schedule(self, task: Callable[[], T], turn: Turn, timeout_s: float) -> Handed:
        with self._lock:
            try:
                future = self._pool.schedule(task, timeout=timeout_s)
            except RuntimeError:  # a process that died idle breaks the whole pool for good
                self._pool.stop()
                self._pool = self._start()
                future = self._pool.schedule(task, timeout=timeout_s)
            page = Handed(future, self._pool)
        future.add_done_callback(lambda _: turn.end())
        return page


def _only(claim: Claim, page: int) -> Claim:
    """What is claimed of one page, and every value that must be readable on none."""
    return Claim((claim.page_sizes[page],), (claim.burned[page],), claim.secrets)


class _Hidden(Exception):
    """Stands for an exception whose text must not travel."""


_tools: Tools | None = None


def _warm_up(ner_model: str, lists: LocalLists) -> None:
    """Loads engine and detector once a process. Imported here: the parent needs neither."""
    global _tools
    forbid_core_dumps()
    # What the engines' C libraries print may hold content, and nobody reads it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from streams.pipeline.tools import tools

    _tools = tools(ner_model, lists)


def _ready() -> Tools:
    if _tools is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    return _tools


def _started() -> None:
    _ready()


def _read(page: PageRaster) -> tuple[PageReading, InkReport]:
    from detectors.recognize import recognize
    from streams.pipeline.tools import other_engine

    return recognize(page, _ready().engine, other_engine)


def _detect(reading: PageReading, subject: Subject | None) -> list[Span]:
    return list(_ready().detector.spans(reading, subject))


def _spans(text: str) -> list[Span]:
    return list(_ready().text.spans(text))


def _attack(sheet: bytes, look: Look, claim: Claim, acts_on: ActsOn, subject: Subject | None) -> list[Residual]:
    """On a sheet by itself, of which the claim is; the residuals are of the copy's page."""
    from policies.attack.readings.reread import reread_page
    from streams.pipeline.tools import other_engine

    tools, alone = _ready(), replace(look, page=0)
    hunters = [lambda reading: _detect(reading, subject)]
    other = other_engine() if look.picture or look.depth in ANOTHER_ENGINES else None
    found = reread_page(sheet, alone, claim, tools.engine, acts_on, hunters, subject, other)
    return [replace(residual, page=look.page) for residual in found]
