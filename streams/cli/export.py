"""`redoubt export`: tokenized records as Parquet files."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated, Final

import typer

from streams import wiring
from streams.cli.shared.acting import failing_in_words, settings_for
from streams.kafka.access import Role

EXIT_LOST: Final = 3


def export(folder: Annotated[Path, typer.Argument(help="Where the files go; made where it is missing.")]) -> None:
    """Write every tokenized record that is not in the folder yet, up to the topic's end, as Parquet files.

    pages/ with a row a page and tokens/ with a row a token, one file a batch below tenant= and day=. Run it again for
    what has come since; each record is in the folder once, whatever is killed when. Needs the analyst's rights on
    Kafka.

    Exit codes: 0 done, or stopped (Ctrl-C, SIGTERM) with whole files; 1 a part failed: run it again; 2 wrong
    configuration, or a folder of another broker; 3 done, and the topic had forgotten records since the last run.
    """
    settings = settings_for(Role.ANALYST)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with failing_in_words():
        found = wiring.export(settings, folder, stop)
    typer.echo(f"{found.records} records exported")
    if found.lost:
        typer.echo(f"redoubt: {found.lost} offsets are gone from the topic: export more often", err=True)
        raise typer.Exit(EXIT_LOST)
