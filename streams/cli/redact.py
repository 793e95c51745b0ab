"""`redoubt redact`: files in, redacted copies out, for one person at a terminal."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from policies.attack.report import Verdict
from policies.decisions import Action
from policies.profile import Profile
from policies.scope.authorization import Authorization
from policies.tokens.local import TYPES
from streams.attest.attestor import Attestor, Attests
from streams.cli import folder, report
from streams.cli.report import Result
from streams.cli.shared import exit_codes
from streams.cli.shared.inputs import (
    AuthorizationAllows,
    AuthorizationClasses,
    AuthorizationExpires,
    AuthorizationFrom,
    AuthorizationId,
    AuthorizationTo,
    ClassOfDocuments,
    Patient,
    SourceProgram,
    authorization_from,
    looked_for,
    must_hold,
    patient_from,
    profile_from,
    program_from,
    warn_unused_authorization,
    warn_without_patient,
)
from streams.cli.shared.local_keys import KEY, Key, signer_from, tokenizer_from
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.decode.magic import format_of, is_text
from streams.events import DocumentClass
from streams.fates import FATES, Fate
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from streams.reasons import told
from streams.review.folder.held import LocalDesk
from streams.review.folder.release import HELD, RECORDS, STATEMENTS, LocalRelease, stated
from streams.review.folder.report import REPORT
from streams.review.folder.task import LocalTask, task_of
from streams.settings import WorkerSettings


def redact(
    files: Annotated[list[Path], typer.Argument(help="PDF, TIFF, PNG, JPEG, DICOM.", exists=True, dir_okay=False)],
    profile: Annotated[str, typer.Option(help="What to take out, e.g. hipaa-safe-harbor or maximal.")],
    out: Annotated[Path, typer.Option(help="Folder for the copies, empty; made if missing.", file_okay=False)],
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="OUT may hold an earlier run: its copies and report go first, its log stays."),
    ] = False,
    keep_names: Annotated[
        bool, typer.Option("--keep-names", help="Name copies after their files. A file's name can be a patient's.")
    ] = False,
    patient: Patient = None,
    authorization_id: AuthorizationId = None,
    authorization_expires: AuthorizationExpires = None,
    authorization_allows: AuthorizationAllows = None,
    authorization_from_day: AuthorizationFrom = None,
    authorization_to: AuthorizationTo = None,
    authorization_class: AuthorizationClasses = None,
    source_program: SourceProgram = "unspecified",
    authorization_revoked: Annotated[bool, typer.Option("--authorization-revoked", help="It was revoked.")] = False,
    document_class: ClassOfDocuments = DocumentClass.UNKNOWN,
    records: Annotated[
        bool,
        typer.Option("--records", help="Also write OUT/records/*.txt, of released copies only: the text with tokens."),
    ] = False,
    keyring: Annotated[
        Path | None, typer.Option(help="Key file for tokens, made if missing. Without it tokens join in this run only.")
    ] = None,
    key: Key = KEY,
    processes: Annotated[int, typer.Option(help="Reading processes; as many as cores.", min=1)] = 2,
    deadline: Annotated[float, typer.Option(help="Seconds a document may take.", min=1)] = 300.0,
) -> None:
    """Write redacted copies of documents, without broker or vault.

    Copies are PDF, whatever came in. Those that pass validation go to OUT, those that need a person's eye to
    OUT/review, withheld ones nowhere. OUT/report.json lists every file by its position on the command line, with the
    place of and the reason for each black box, without content. OUT/attestations has a signed statement on each copy
    that was released, which redoubt verify checks; the key is this user's own, and no gateway's.

    Exit codes: 0 all released; 1 a file could not be processed; 2 wrong usage; 3 a copy is in review or withheld.
    """
    console = Console(stderr=True)
    allowed = authorization_from(
        authorization_id,
        authorization_expires,
        authorization_allows,
        revoked=authorization_revoked,
        days=(authorization_from_day, authorization_to),
        classes=authorization_class,
    )
    subject = patient_from(patient)
    rules, program = profile_from(profile), program_from(source_program)
    _needs_no_vault(rules)
    must_hold(allowed, rules)
    warn_unused_authorization(rules, allowed, program)
    os.umask(0o077)
    tokenizer = tokenizer_from(keyring)
    signer = signer_from(key)
    names = list(_output_names(files, keep_names))
    folder.prepare(out, names, overwrite=overwrite)
    warn_without_patient(rules, subject)
    documents = [
        _Input(n, file, profile, document_class.value, subject, allowed, program)
        for n, file in enumerate(files, start=1)
    ]

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
        attests = Attestor(signer) if signer else None
        task = bar.add_task("redacting", total=len(documents))
        jobs = [
            threads.submit(_one, document, name, parts, attests, deadline, out, records)
            for document, name in zip(documents, names, strict=True)
        ]
        for job in jobs:
            results.append(job.result())
            bar.advance(task)

    desk = LocalDesk(out)
    for result, document, name in zip(results, documents, names, strict=True):
        if result.outcome and result.outcome.verdict is Verdict.REVIEW:
            try:
                desk.hold(_task(result.outcome, document, name, patient, keyring, records))
            except RedoubtError as error:
                typer.echo(
                    f"file {result.position}: nothing can be decided on its copy: {told(error.reason)}", err=True
                )
    # Last: a report stands for a finished run.
    (out / REPORT).write_text(json.dumps(report.report(profile, results), indent=2) + "\n")
    folder.finished(out)
    console.print(report.summary(results))
    hints = {Reason.PATIENT_NOT_FOUND: looked_for(subject)}
    if rules.sensitive:
        hints[Reason.AUTHORIZATION_SCOPE] = f"{rules.name} needs it to allow {', '.join(rules.sensitive)}"
    for line in report.explanations(results, hints):
        typer.echo(line, err=True)
    if signer and any(result.verdict == Verdict.RELEASE.value for result in results):
        typer.echo(
            f"OUT/{STATEMENTS} has a statement on each released copy, signed with this user's own key, no gateway's: "
            f"redoubt verify COPY --attestation STATEMENT --public-key {KEY if key == KEY else 'KEY'}.pub",
            err=True,
        )
    if any(result.verdict == Verdict.REVIEW.value for result in results):
        typer.echo(f"OUT/{HELD} has copies that a person must look at first: redoubt review folder list OUT", err=True)
    raise typer.Exit(_exit_code(results))


@dataclass(frozen=True, slots=True)
class _Input:
    position: int
    file: Path
    profile: str
    document_class: str
    subject: Subject | None
    authorization: Authorization | None
    source_program: str

    def with_content(self, content: bytes) -> Document:
        return Document(
            tenant="local",
            id=f"document-{self.position}",
            content=content,
            profile=self.profile,
            document_class=self.document_class,
            subject=self.subject,
            authorization=self.authorization,
            source_program=self.source_program,
        )


def _one(
    document: _Input, name: str, parts: Parts, attests: Attests | None, deadline_s: float, out: Path, records: bool
) -> Result:
    attempts = WorkerSettings().attempts
    for attempt in range(1, attempts + 1):
        try:
            content = document.file.read_bytes()
        except OSError:
            return Result(document.position, "", None, Reason.CONTENT_MISSING)
        try:
            outcome = process(document.with_content(content), parts, Deadline.after(deadline_s))
            release = LocalRelease(out, name)
            with release.or_nothing():
                if attests and outcome.verdict is Verdict.RELEASE:
                    # First: what cannot be attested is not put out either.
                    release.say(*stated(outcome, f"document-{document.position}", content, attests))
                written = _write(outcome, out, name, records)
            return Result(document.position, written, outcome, None, format_of(content))
        except RedoubtError as error:
            if FATES[error.reason] is Fate.RETRY and attempt < attempts:
                continue
            plain = error.reason is Reason.UNKNOWN_FORMAT and is_text(content)
            return Result(document.position, "", None, error.reason, is_text=plain)
        except OSError:
            return Result(document.position, "", None, Reason.STORE_UNAVAILABLE)
        except Exception:  # noqa: BLE001  the boundary of a document: what nobody foresaw must not cost the others
            return Result(document.position, "", None, Reason.INTERNAL)
    raise RedoubtError(Reason.MISCONFIGURED)


def _write(outcome: Outcome, out: Path, name: str, records: bool) -> str:
    """Writes the copy where its verdict sends it, whole or not at all; the path relative to OUT, empty where nothing is
    written."""
    if outcome.copy is None:
        return ""
    place = out if outcome.verdict is Verdict.RELEASE else out / HELD
    place.mkdir(exist_ok=True)
    target, draft = place / f"{name}.pdf", folder.draft(place)
    try:
        with draft.open("wb") as file:
            file.writelines((outcome.copy,) if isinstance(outcome.copy, bytes) else outcome.copy.pieces())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    if records and outcome.record is not None:
        (out / RECORDS).mkdir(exist_ok=True)
        (out / RECORDS / f"{name}.txt").write_text("\n\f".join(outcome.record.pages))
    return str(target.relative_to(out))


def _task(
    outcome: Outcome, document: _Input, name: str, patient: Path | None, keyring: Path | None, records: bool
) -> LocalTask:
    """What `redoubt review folder` needs to do it again: where the files lie, nothing of what they say."""
    return task_of(
        outcome,
        document.position,
        name,
        document.file,
        document_class=document.document_class,
        source_program=document.source_program,
        authorization=document.authorization,
        patient=patient.absolute() if patient else None,
        keyring=keyring.absolute() if keyring else None,
        records=records,
    )


def _output_names(files: Sequence[Path], keep: bool) -> Iterator[str]:
    taken: set[str] = set()
    for file in files:
        name = file.stem if keep else secrets.token_hex(8)
        while name in taken:
            name += "-2"
        taken.add(name)
        yield name


def _exit_code(results: Sequence[Result]) -> int:
    verdicts = {result.verdict for result in results}
    if "rejected" in verdicts:
        return exit_codes.REJECTED
    if verdicts - {Verdict.RELEASE.value}:
        return exit_codes.HELD_BACK
    return exit_codes.ALL_RELEASED


def _needs_no_vault(profile: Profile) -> None:
    if any(rule.action is Action.TOKENIZE and rule.replacement.token not in TYPES for rule in profile.rules):
        raise typer.BadParameter(
            f"{profile.name} draws tokens that only Vault keeps: hand the files to the gateway (redoubt submit)",
            param_hint="--profile",
        )
