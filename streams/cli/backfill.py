"""`redoubt submit --from`: an archive at a terminal, with what is done, how fast, and what was left out."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from streams import wiring
from streams.backfill.archives import Archive, File, open_archive
from streams.backfill.journal import Journal, JournalRefused
from streams.backfill.run import Backfill, Tally
from streams.cli.shared.configuration import EXIT_CONFIGURATION
from streams.kafka.submit import Request
from streams.reasons import told
from streams.settings import Settings

EXIT_NOT_ALL: Final = 1
_SHOW_S: Final = 1.0
_WINDOW_S: Final = 60.0


def backfill(
    place: str,
    resume: Path,
    request: Request,
    patient: Subject | None,
    settings: Settings,
    rate: float | None,
    names: bool,
) -> int:
    """The exit code: 0 all of the archive was announced, by this run or earlier ones; 1 something was left out, or the
    run ended before the archive did; 2 wrong usage or configuration."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    order = repr((place if "://" in place else str(Path(place).resolve()), request))

    def left_out(number: int, file: File, reason: Reason) -> None:
        name = f" ({file.path!r})" if names else ""
        typer.echo(f"redoubt: file {number} is left out{name}: {told(reason)}", err=True)

    try:
        archive = open_archive(place)
        with Journal(resume, order) as journal, wiring.sealed(settings) as sealed:
            offset = wiring.offset_secret(settings, request, patient)
            found = Backfill(archive, journal, sealed, request, patient, offset)
            with _Shown(found.tally, archive) as shown:
                ended = found.run(settings.kafka, stop, rate, left_out)
    except JournalRefused as refused:
        typer.echo(f"redoubt: {refused}", err=True)
        return EXIT_CONFIGURATION
    except RedoubtError as error:
        typer.echo(f"redoubt: not all sent: {told(error.reason)}; the same command goes on", err=True)
        return EXIT_CONFIGURATION if error.reason is Reason.MISCONFIGURED else EXIT_NOT_ALL
    tally = found.tally
    typer.echo(shown.line())
    for reason, count in sorted(tally.left_out.items()):
        typer.echo(f"left out: {count} x {reason.value}")
    if not ended:
        typer.echo("redoubt: stopped before the archive's end; the same command goes on", err=True)
    return 0 if ended and not tally.left_out else EXIT_NOT_ALL


class _Shown:
    """A line of progress on standard error, each second where it is a terminal and each minute where it is none. The
    archive is counted beside the work, so that the end can be foretold."""

    def __init__(self, tally: Tally, archive: Archive, now: Callable[[], float] = time.monotonic) -> None:
        self._tally, self._archive, self._now = tally, archive, now
        self._began = now()
        self._total: int | None = None
        self._over = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._count, self._show)]

    def __enter__(self) -> _Shown:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def line(self) -> str:
        """How pages are many nobody knows before they are opened."""
        tally, took_s = self._tally, max(self._now() - self._began, 1e-9)
        done = tally.known + tally.sent + sum(tally.left_out.values())
        of = f" of {self._total:,}" if self._total is not None else ""
        rate = tally.sent / took_s
        parts = [
            f"{done:,}{of} files",
            f"{tally.sent:,} sent now",
            f"{tally.known:,} before",
            f"{tally.sent_bytes / 1e6:,.1f} MB, pages unknown",
            f"{rate:,.1f} files/s",
        ]
        if self._total is not None and rate > 0:
            parts.append(f"about {max(0, self._total - done) / rate / 60:,.0f} min left")
        return ", ".join(parts)

    def _count(self) -> None:
        total = 0
        try:
            for _ in self._archive.files():
                total += 1
                if self._over.is_set():
                    return
        except RedoubtError:
            return  # the run itself meets it too, and tells
        self._total = total

    def _show(self) -> None:
        terminal = typer.get_text_stream("stderr").isatty()
        while not self._over.wait(_SHOW_S if terminal else _WINDOW_S):
            typer.echo(("\r" if terminal else "") + self.line(), err=True, nl=not terminal)
