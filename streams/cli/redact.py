"""`redoubt redact`: files in, redacted copies out, for one person at a terminal."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from policies import profile as profiles
from policies.attack.report import Verdict
from policies.authorization import Authorization
from policies.tokens.local import LocalTokenizer
from streams.cli import exit_codes
from streams.cli.inputs import authorization_from, patient_from
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.document import BoxEntry, Document, Outcome
from streams.fates import FATES, Fate
from streams.parts import Parts
from streams.pipeline import process
from streams.pool import PagePool
from streams.settings import Environment, WorkerSettings


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the file at `position` on the command line, counted from 1."""

    position: int
    output: str
    outcome: Outcome | None
    reason: Reason | None

    @property
    def verdict(self) -> str:
        if self.outcome:
            return self.outcome.verdict.value
        withheld = self.reason is not None and FATES[self.reason] is Fate.WITHHOLD
        return Verdict.WITHHOLD.value if withheld else "rejected"


def redact(
    files: Annotated[list[Path], typer.Argument(help="PDF, TIFF, PNG or JPEG files.", exists=True, dir_okay=False)],
    profile: Annotated[str, typer.Option(help="What to take out, e.g. hipaa-safe-harbor or maximal.")],
    out: Annotated[Path, typer.Option(help="Folder for the copies; made if missing.", file_okay=False)],
    keep_names: Annotated[
        bool, typer.Option("--keep-names", help="Name copies after their files. A file's name can be a patient's.")
    ] = False,
    patient: Annotated[
        Path | None, typer.Option(help="JSON of what is known of the patient (see README).", exists=True)
    ] = None,
    authorization_id: Annotated[
        str | None, typer.Option(help="The authorization the release rests on, for profiles that need one.")
    ] = None,
    authorization_expires: Annotated[str | None, typer.Option(help="Its last valid day, YYYY-MM-DD.")] = None,
    authorization_revoked: Annotated[bool, typer.Option("--authorization-revoked", help="It was revoked.")] = False,
    document_class: Annotated[str, typer.Option(help="Class of the documents, e.g. lab-report.")] = "unknown",
    records: Annotated[
        bool, typer.Option("--records", help="Also write OUT/records/*.txt: the text with tokens in place.")
    ] = False,
    keyring: Annotated[
        Path | None, typer.Option(help="Key file for tokens, made if missing. Without it tokens join in this run only.")
    ] = None,
    processes: Annotated[int, typer.Option(help="Reading processes; as many as cores.", min=1)] = 2,
    deadline: Annotated[float, typer.Option(help="Seconds a document may take.", min=1)] = 300.0,
) -> None:
    """Write redacted copies of documents, without broker or vault.

    Copies that pass validation go to OUT, copies that need a person's eye to OUT/review, withheld ones nowhere.
    OUT/report.json lists every file by its position on the command line, without content.

    Exit codes: 0 all released; 1 a file could not be processed; 2 wrong usage; 3 a copy is in review or withheld.
    """
    console = Console(stderr=True)
    allowed = authorization_from(authorization_id, authorization_expires, revoked=authorization_revoked)
    subject = patient_from(patient)
    if profile not in profiles.names():
        raise typer.BadParameter(f"one of {', '.join(profiles.names())}", param_hint="--profile")
    os.umask(0o077)
    tokenizer = _tokenizer(keyring)
    out.mkdir(parents=True, exist_ok=True)
    documents = [_Input(n, file, profile, document_class, subject, allowed) for n, file in enumerate(files, start=1)]

    results: list[Result] = []
    with (
        Decoder() as decoder,
        PagePool(processes) as pages,
        Progress(
            TextColumn("redacting"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        ) as bar,
        ThreadPoolExecutor(processes) as threads,
    ):
        parts = Parts(decoder, pages, tokenizer)
        task = bar.add_task("redacting", total=len(documents))
        names = _output_names(files, keep_names)
        jobs = [
            threads.submit(_one, document, name, parts, deadline, out, records)
            for document, name in zip(documents, names, strict=True)
        ]
        for job in jobs:
            results.append(job.result())
            bar.advance(task)

    (out / "report.json").write_text(json.dumps(_report(profile, results), indent=2) + "\n")
    console.print(_summary(results))
    raise typer.Exit(_exit_code(results))


@dataclass(frozen=True, slots=True)
class _Input:
    position: int
    file: Path
    profile: str
    document_class: str
    subject: Subject | None
    authorization: Authorization | None

    def with_content(self, content: bytes) -> Document:
        return Document(
            tenant="local",
            id=f"document-{self.position}",
            content=content,
            profile=self.profile,
            document_class=self.document_class,
            subject=self.subject,
            authorization=self.authorization,
        )


def _one(document: _Input, name: str, parts: Parts, deadline_s: float, out: Path, records: bool) -> Result:
    attempts = WorkerSettings().attempts
    for attempt in range(1, attempts + 1):
        try:
            content = document.file.read_bytes()
        except OSError:
            return Result(document.position, "", None, Reason.CONTENT_MISSING)
        try:
            outcome = process(document.with_content(content), parts, Deadline.after(deadline_s))
            return Result(document.position, _write(outcome, out, name, records), outcome, None)
        except RedoubtError as error:
            if FATES[error.reason] is Fate.RETRY and attempt < attempts:
                continue
            return Result(document.position, "", None, error.reason)
        except OSError:
            return Result(document.position, "", None, Reason.STORE_UNAVAILABLE)
        except Exception:  # noqa: BLE001  the boundary of a document: what nobody foresaw must not cost the others
            return Result(document.position, "", None, Reason.INTERNAL)
    raise RedoubtError(Reason.MISCONFIGURED)


def _write(outcome: Outcome, out: Path, name: str, records: bool) -> str:
    """Writes the copy where its verdict sends it; the path relative to OUT, empty where nothing is written."""
    if outcome.copy is None:
        return ""
    folder = out if outcome.verdict is Verdict.RELEASE else out / "review"
    folder.mkdir(exist_ok=True)
    target = folder / f"{name}.pdf"
    target.write_bytes(outcome.copy)
    if records and outcome.record is not None:
        (out / "records").mkdir(exist_ok=True)
        (out / "records" / f"{name}.txt").write_text("\f".join(outcome.record.pages))
    return str(target.relative_to(out))


def _output_names(files: Sequence[Path], keep: bool) -> Iterator[str]:
    taken: set[str] = set()
    for file in files:
        name = file.stem if keep else secrets.token_hex(8)
        while name in taken:
            name += "-2"
        taken.add(name)
        yield name


def _report(profile: str, results: Sequence[Result]) -> dict[str, Any]:
    return {"profile": profile, "documents": [_entry(result) for result in results]}


def _entry(result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {"position": result.position, "verdict": result.verdict, "output": result.output or None}
    if result.outcome is None:
        return entry | {"reasons": [result.reason.value] if result.reason else []}
    found = result.outcome
    return entry | {
        "reasons": [reason.value for reason in found.reasons],
        "pages": found.pages,
        "depth": found.depth.value,
        "profile_version": found.profile_version,
        "engine": found.engine,
        "redacted": {kind.value: count for kind, count in sorted(found.counts.items())},
        "kept": {kind.value: count for kind, count in sorted(found.kept.items())},
        "words": found.words,
        "words_burned": found.words_burned,
        "attack_rounds": found.rounds,
        "seconds": {stage: round(seconds, 3) for stage, seconds in found.seconds.items()},
        "boxes": [_box(box) for box in found.boxes],
    }


def _box(entry: BoxEntry) -> dict[str, Any]:
    """Pages count from 1 here, as a person counts them."""
    return {
        "page": entry.page + 1,
        **{side: getattr(entry.box, side) for side in ("left", "top", "right", "bottom")},
        **{name: str(getattr(entry, name)) for name in ("kind", "layer", "rule", "action")},
    }


def _summary(results: Sequence[Result]) -> Table:
    table = Table("file", "verdict", "reasons", "pages", "redacted", "words burned", "copy")
    for result in results:
        found = result.outcome
        reasons = found.reasons if found else (result.reason,)
        table.add_row(
            str(result.position),
            result.verdict,
            ", ".join(reason.value for reason in reasons if reason),
            str(found.pages) if found else "",
            str(sum(found.counts.values())) if found else "",
            f"{found.words_burned} of {found.words}" if found else "",
            result.output,
        )
    return table


def _exit_code(results: Sequence[Result]) -> int:
    verdicts = {result.verdict for result in results}
    if "rejected" in verdicts:
        return exit_codes.REJECTED
    if verdicts - {Verdict.RELEASE.value}:
        return exit_codes.HELD_BACK
    return exit_codes.ALL_RELEASED


def _tokenizer(keyring: Path | None) -> LocalTokenizer:
    """Wrong usage where the key file is not private or not a key, and in production, where keys stay in a vault."""
    production = os.environ.get("REDOUBT_ENVIRONMENT") == Environment.PRODUCTION.value
    try:
        return LocalTokenizer(keyring, production=production)
    except RedoubtError:
        problem = "no local key ring in production" if production else "not a private key file of this program"
        raise typer.BadParameter(problem, param_hint="--keyring") from None
