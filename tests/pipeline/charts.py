"""`python -m tests.pipeline.charts --pages 2000 --kind light`: what a chart costs, and who waits behind it.

A worker with two reading processes takes one partition of Apache Kafka: the chart first, a few faxes right behind it,
and a fax every minute until the chart is out. Needs the environment's REDOUBT_TEST_KAFKA_LIBS.

Prints JSON of figures and targets; exits 1 where a target is missed. `light` pages are short notes, each with a text
layer; `scan` pages are 20 synthetic scans of 200 dpi over and over, pictures of their own up to 200 MB and shared
beyond. On a machine that does other work besides, the seconds are the machine's and not the gateway's.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pymupdf

from detectors.subject import Subject
from streams.canaries.documents import Format, generate
from streams.kafka.submit import Request, Submitter
from streams.kafka.topics import create_topics
from streams.kafka.worker import Worker
from streams.settings import KafkaSettings
from tests.bench.cpu import tree_seconds
from tests.bench.memory import Memory
from tests.chaos.ledger import Ledger
from tests.kafka.apache import LIBS, ApacheKafka
from tests.kafka.processes import ENDS_S
from tests.kafka.transport import connection, parts, sealed, settings
from tests.kafka.worker_process import pipeline

LIMIT_MIB: Final = 2048
MOST_HELD_UP_S: Final = 300.0
"""`max.poll.interval.ms`."""
AT_ONCE: Final = 5
EVERY_S: Final = 60.0
STALLED_S: Final = 1800.0
"""No page of a document takes that long: the gateway stands still."""
DISTINCT: Final = 20
OWN_PICTURES_BYTES: Final = 200_000_000
PATIENT: Final = Subject(names=("Maria Kovacs-Boateng",))
REQUEST: Final = Request("clinic-a", "hipaa-safe-harbor")


def notes(pages: int) -> bytes:
    """Short notes with names, dates and numbers of which no two pages have the same."""
    with pymupdf.open() as document:
        for number in range(pages):
            page = document.new_page(width=612, height=792)
            for row, line in enumerate(
                (
                    f"Progress note, page {number + 1}",
                    "Patient: Maria Kovacs-Boateng   MRN 00123-45",
                    f"Date of service 03/{number % 28 + 1:02d}/2024",
                    "Seen with cough. Plan: rest and fluids.",
                    f"Signed by Dr. A. Nwosu, tel (217) 555-{1000 + number:04d}",
                )
            ):
                page.insert_text((72, 72 + 20 * row), line)
        return bytes(document.tobytes())


def scans(pages: int, seed: int = 80_001) -> bytes:
    """Scanned forms and letters of several patients."""
    with pymupdf.open() as some, pymupdf.open() as document:
        made = generate(seed, DISTINCT, [Format.SCANNED_PDF], (200,))
        for one in made:
            with pymupdf.open(stream=one.content) as source:
                some.insert_pdf(source, to_page=0)
        own = min(pages, OWN_PICTURES_BYTES * DISTINCT // len(some.tobytes()))
        while document.page_count < own:
            document.insert_pdf(some, to_page=min(DISTINCT, own - document.page_count) - 1)
        for number in range(own, pages):
            document.fullcopy_page(number - own)
        return bytes(document.tobytes())


class Polls(Worker):
    """Tells the longest time that lay between two polls."""

    longest_s = 0.0
    _last = 0.0

    def _step(self, taking: bool) -> None:
        now = time.monotonic()
        self.longest_s = max(self.longest_s, now - (self._last or now))
        self._last = now
        super()._step(taking)


def work(bootstrap: str, folder: Path) -> int:
    """The worker's process, until SIGTERM; its figure is left in the folder."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.set())
    with pipeline(folder) as handle:
        worker = Polls(settings(bootstrap), replace(parts(folder), handle=handle))
        code = worker.run(stop)
    (folder / "polls.json").write_text(json.dumps(worker.longest_s))
    return code


@dataclass
class Run:
    """Seconds from the worker's start, CPU seconds of its process tree; a fax's are from its sending to its result."""

    chart_s: float = 0.0
    chart_ended: str = ""
    cpu_s: float = 0.0
    poll_gap_s: float = 0.0
    faxes_s: list[float] = field(default_factory=list)
    faxes_behind: int = 0
    """Faxes that were out only after the chart, and had been sent a minute before it was."""
    memory: Memory = field(default_factory=Memory)


def run(bootstrap: str, folder: Path, content: bytes) -> Run:
    """Raises RuntimeError where the gateway stands still."""
    create_topics(KafkaSettings(bootstrap=bootstrap), partitions=1)
    found, ledger = Run(), Ledger(connection(bootstrap))
    command = [sys.executable, "-m", "tests.pipeline.charts", "--work", bootstrap, str(folder)]
    with Submitter(connection(bootstrap), sealed(folder)) as submitter:
        chart = submitter.submit(content, REQUEST, PATIENT)
        sent: dict[str, float] = {}
        out: dict[str, float] = {}

        def send() -> None:
            sent[submitter.submit(notes(1), REQUEST, PATIENT)] = time.monotonic()

        for _ in range(AT_ONCE):
            send()
        started = last = time.monotonic()
        with subprocess.Popen(command) as worker:
            try:
                with found.memory.watched(worker.pid):
                    while not ledger.results[chart] or len(out) < len(sent):
                        ledger.poll()
                        now = time.monotonic()
                        if ledger.results[chart] and not found.chart_s:
                            found.chart_s, found.cpu_s = now - started, tree_seconds(worker.pid)
                            found.chart_ended = " ".join(
                                (ledger.results[chart][0].topic, *ledger.results[chart][0].reasons)
                            )
                        new = [fax for fax in sent if ledger.results[fax] and fax not in out]
                        out |= dict.fromkeys(new, now)
                        last = now if new else last
                        if not found.chart_s and now - max(sent.values()) > EVERY_S:
                            send()
                        if now - last > STALLED_S or worker.poll() is not None:
                            raise RuntimeError("the worker stands still, or has ended")
                worker.terminate()
                worker.wait(ENDS_S)
            finally:
                worker.kill()
    ledger.close()
    found.poll_gap_s = json.loads((folder / "polls.json").read_text())
    found.faxes_s = [out[fax] - (max(at, started)) for fax, at in sent.items()]
    chart_at = started + found.chart_s
    found.faxes_behind = sum(1 for fax, at in sent.items() if out[fax] > chart_at and at < chart_at - EVERY_S)
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--kind", choices=("light", "scan"), default="light")
    options.add_argument("--json", type=Path)
    options.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.work:
        return work(given.work[0], Path(given.work[1]))
    # Whoever ends it early leaves no broker and no worker behind.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    content = notes(given.pages) if given.kind == "light" else scans(given.pages)
    with tempfile.TemporaryDirectory() as folder, ApacheKafka(Path(os.environ[LIBS]), Path(folder) / "kafka") as broker:
        found = run(broker.bootstrap, Path(folder), content)
    targets = [
        {"target": "memory, MiB", "at_most": LIMIT_MIB, "figure": round(found.memory.all)},
        {"target": "between two polls, s", "at_most": MOST_HELD_UP_S, "figure": round(found.poll_gap_s, 2)},
        {"target": "faxes that the chart held up", "at_most": 0, "figure": found.faxes_behind},
    ]
    targets = [{**target, "pass": target["figure"] <= target["at_most"]} for target in targets]  # type: ignore[operator]
    report = {
        "pages": given.pages,
        "kind": given.kind,
        "megabytes": round(len(content) / 1e6, 1),
        "chart_s": round(found.chart_s, 1),
        "chart_ended": found.chart_ended,
        "pages_per_second": round(given.pages / found.chart_s, 2),
        "cpu_s_per_page": round(found.cpu_s / given.pages, 3),
        "faxes": len(found.faxes_s),
        "faxes_at_once_out_after_s": [round(s, 1) for s in found.faxes_s[:AT_ONCE]],
        "fax_s_median_and_longest": [round(statistics.median(found.faxes_s), 1), round(max(found.faxes_s), 1)],
        "targets": targets,
    }
    text = json.dumps(report, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")
    return 0 if all(target["pass"] for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
