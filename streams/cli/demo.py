"""`redoubt demo`: the main job, end to end, on the embedded parts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.scope.authorization import Authorization
from streams.canaries.documents import SyntheticDocument, generate
from streams.demo.copies import LOGS, RELEASED, REVIEW, copy_of, empty, short
from streams.demo.judge import Judged, judge
from streams.demo.ledger import Ledger
from streams.demo.stage import Stage, stage
from streams.demo.tables import Row, Totals, documents_table, explanations, totals
from streams.events import DocumentClass, DocumentMasked, DocumentRejected, ReviewRequested
from streams.kafka.submit import Request
from streams.wiring import submitter

PROFILES: Final = ("maximal", "hipaa-safe-harbor", "roi-authorization", "analytics", "limited-data-set")
FINISH_S: Final = 240.0
"""Longer than the slowest machine needs for the default documents; a document later than this counts as lost."""
WINDOWS_S: Final = 45.0
"""The monitor closes its windows by the clock; the demonstration does not wait longer than this for the last."""
PLAIN_WIDTH: Final = 150
"""Columns of the table where the output goes to a file or a log."""
MAX_HELD_BACK: Final = 0.15
MIN_WORDS_KEPT: Final = 0.85


def demo(
    documents: Annotated[int, typer.Option(help="How many synthetic documents.", min=1, max=500)] = 20,
    seed: Annotated[int, typer.Option(help="The same seed makes the same documents.")] = 2026,
    out: Annotated[Path, typer.Option(help="Folder for the copies; emptied first.", file_okay=False)] = Path(
        "out/demo"
    ),
    processes: Annotated[int, typer.Option(help="Reading processes; as many as cores.", min=1)] = 2,
) -> None:
    """Run the whole gateway once, on synthetic documents, and check what came out.

    Starts a broker and a vault on loopback in a private folder, submits documents as events, runs the monitor, the
    sequencer and a worker, and judges every copy against the planted truth. Ctrl-C ends everything it started.

    Exit codes: 0 all is well; 1 a document was lost, doubled or released with a planted identifier readable, or too
    much was held back or blacked out; 130 interrupted.
    """
    console = Console()
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    if not empty(out):
        raise typer.BadParameter("the folder holds more than an earlier demonstration's copies", param_hint="--out")
    try:
        with stage(processes) as running:
            passed = _run(console, running, list(generate(seed, documents)), out, processes)
    except KeyboardInterrupt:
        console.print("interrupted; everything that was started has been ended")
        raise typer.Exit(130) from None
    except RedoubtError as error:
        console.print(f"[red]the demonstration could not run: {error.reason.value}")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if passed else 1)


def _run(console: Console, running: Stage, documents: Sequence[SyntheticDocument], out: Path, processes: int) -> bool:
    console.print(
        "broker and vault are up on loopback, in memory. The embedded broker is for trying out only:\n"
        "exactly-once is claimed for Apache Kafka alone."
    )
    with (
        running.actor("monitor", running.worker),
        running.actor("sequencer", running.sequencer),
        running.actor("worker", running.worker) as worker,
        Ledger(running.worker.kafka) as ledger,
    ):
        started = time.monotonic()
        sent = _submit(running, documents)
        _watch(console, ledger, sent, started, worker.alive)
        elapsed = time.monotonic() - started
        _wait_for_windows(console, ledger, sent)
    with _saying(console, "reading every copy again, for what was planted in it"):
        rows = _judged(running, ledger, sent, out, processes)
    running.keep_logs(out / LOGS)
    found = totals(rows, ledger.lost(sent), ledger.doubled(sent), elapsed)
    console.print(documents_table(rows))
    for line in explanations(rows):
        console.print(line, markup=False, highlight=False)
    return _verdict(console, found, ledger, out)


def _submit(running: Stage, documents: Sequence[SyntheticDocument]) -> dict[str, tuple[SyntheticDocument, str]]:
    """Sends every document as an event; its id leads back to the document and its profile."""
    sent: dict[str, tuple[SyntheticDocument, str]] = {}
    today = datetime.now(UTC).date()
    with submitter(running.submitter) as submit:
        for document, profile in zip(documents, cycle(PROFILES), strict=False):
            request = Request(
                tenant="demo",
                profile=profile,
                document_class=DocumentClass(document.document_class),
                purpose="demonstration",
                authorization=_authorization(profile, today),
            )
            sent[submit.submit(document.content, request, document.subject)] = (document, profile)
    return sent


def _authorization(profile: str, today: date) -> Authorization | None:
    return Authorization("demo-1", today + timedelta(days=30)) if profile.startswith("roi-") else None


def _watch(console: Console, ledger: Ledger, sent: Mapping[str, object], started: float, alive: object) -> None:
    """Shows progress until every document has a result."""
    done = 0
    with Progress(
        TextColumn("documents"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[verdicts]}"),
        TimeElapsedColumn(),
        console=console,
    ) as bar:
        task = bar.add_task("documents", total=len(sent), verdicts="")
        while done < len(sent) and time.monotonic() - started < FINISH_S:
            if callable(alive) and not alive():
                console.print("[red]the worker ended early")
                break
            ledger.poll()
            done = sum(bool(ledger.results[document]) for document in sent)
            released = sum(isinstance(r, DocumentMasked) for d in sent for r in ledger.results[d])
            held = sum(not isinstance(r, DocumentMasked) for d in sent for r in ledger.results[d])
            bar.update(task, completed=done, verdicts=f"{released} released, {held} held back")
        for _ in range(10):  # whatever comes after the last result would be a double
            ledger.poll()


@contextmanager
def _saying(console: Console, what: str) -> Iterator[None]:
    """Says what takes so long, also where nothing can turn."""
    if not console.is_terminal:
        console.print(what)
    with console.status(what):
        yield


def _wait_for_windows(console: Console, ledger: Ledger, sent: Mapping[str, object]) -> None:
    until = time.monotonic() + WINDOWS_S
    with _saying(console, "waiting for the monitor to close its windows"):
        while sum(w.documents for w in ledger.windows) < ledger.observed(sent) and time.monotonic() < until:
            ledger.poll()


def _judged(
    running: Stage,
    ledger: Ledger,
    sent: Mapping[str, tuple[SyntheticDocument, str]],
    out: Path,
    processes: int,
) -> list[Row]:
    cases: list[Judged] = []
    for document_id, (document, profile) in sent.items():
        copy = copy_of(running.worker, ledger.results[document_id])
        if copy is not None:
            folder = out / (REVIEW if isinstance(ledger.results[document_id][0], ReviewRequested) else RELEASED)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{short(document_id)}.pdf").write_bytes(copy)
        cases.append(Judged(document, profile, copy))
    rows = []
    for document_id, case, judgement in zip(sent, cases, judge(cases, processes), strict=True):
        verdict, reasons, counts = _result(ledger, document_id)
        rows.append(Row(short(document_id), case.document, case.profile, verdict, reasons, counts, judgement))
    return rows


def _result(ledger: Ledger, document_id: str) -> tuple[str, tuple[Reason, ...], Mapping[Kind, int]]:
    match ledger.results[document_id]:
        case [DocumentMasked() as event, *_]:
            return event.verdict.value, (), event.counts
        case [ReviewRequested() as event, *_]:
            return "review", event.reasons, {}
        case [DocumentRejected() as event, *_]:
            return event.refusal.value, event.reasons, {}
        case _:
            return "lost", (), {}


def _verdict(console: Console, found: Totals, ledger: Ledger, out: Path) -> bool:
    tests = {
        f"{found.lost} documents lost": found.lost == 0,
        f"{found.doubled} documents doubled": found.doubled == 0,
        f"{found.leaks} of {found.planted} planted identifiers leak in released and reviewed copies": found.leaks == 0,
        f"{found.held_back} of {found.documents} documents in review or withheld (at most {MAX_HELD_BACK:.0%})": (
            found.held_back <= MAX_HELD_BACK * found.documents
        ),
        f"{found.words_kept:.3f} of clean words kept (at least {MIN_WORDS_KEPT})": found.words_kept >= MIN_WORDS_KEPT,
    }
    for sentence, passed in tests.items():
        console.print(f"{'[green]ok    ' if passed else '[red]FAILED'} {sentence}")
    console.print(
        f"{found.pages} pages in {found.seconds:.1f} s: {found.pages / found.seconds:.2f} pages a second, "
        f"validated at depth reread"
    )
    if found.own:
        console.print(
            f"{found.own_open} of {found.own} identifiers of the patient that an authorization lets stay did stay"
        )
    windows = sum(window.documents for window in ledger.windows)
    console.print(f"the monitor counted {windows} documents in {len(ledger.windows)} windows")
    console.print(f"the sequencer has {ledger.audited} audit entries in order")
    places = {RELEASED: "copies", REVIEW: "for a person's eye", LOGS: "logs"}
    console.print("; ".join(f"{what}: {out / name}" for name, what in places.items() if (out / name).exists()))
    return all(tests.values())
