"""`redoubt submit`: seals documents, stores them, and announces them as events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from detectors.errors import Reason, RedoubtError
from policies import retention
from streams import wiring
from streams.cli.backfill import backfill
from streams.cli.shared.configuration import BROKER, EXIT_CONFIGURATION, VAULT, configured
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
    patient_from,
    profile_from,
    program_from,
    warn_without_patient,
)
from streams.cli.shared.service import told_refusal
from streams.events import DocumentClass
from streams.kafka.access import Role
from streams.kafka.submit import Priority, Request
from streams.reasons import told
from streams.settings import Settings
from streams.watch import logs

EXIT_NOT_SENT: Final = 1
_ANSWER_S: Final = 10.0
"""A person waits for this command."""


def submit(
    tenant: Annotated[str, typer.Option(help="Whose documents these are; part of every key and token.")],
    profile: Annotated[str, typer.Option(help="What to take out, e.g. hipaa-safe-harbor.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="PDF, TIFF, PNG or JPEG files.", exists=True, dir_okay=False)
    ] = None,
    document_class: ClassOfDocuments = DocumentClass.UNKNOWN,
    purpose: Annotated[
        str, typer.Option(help="Why they are released; tokens join inside one purpose.")
    ] = "unspecified",
    retention_class: Annotated[
        str | None, typer.Option(help="How long the gateway keeps them; a class of the retention policy.")
    ] = None,
    patient: Patient = None,
    authorization_id: AuthorizationId = None,
    authorization_expires: AuthorizationExpires = None,
    authorization_allows: AuthorizationAllows = None,
    authorization_from_day: AuthorizationFrom = None,
    authorization_to: AuthorizationTo = None,
    authorization_class: AuthorizationClasses = None,
    source_program: SourceProgram = "unspecified",
    authorization_revoked: Annotated[bool, typer.Option("--authorization-revoked", help="It was revoked.")] = False,
    priority: Annotated[
        Priority | None,
        typer.Option(help="backfill waits until nothing urgent does; by default that of an archive, else urgent."),
    ] = None,
    archive: Annotated[
        str | None, typer.Option("--from", metavar="PLACE", help="An archive: a folder, or s3://bucket/prefix.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="JOURNAL", help="With --from: where it stands what was sent; made where it is not there."),
    ] = None,
    rate: Annotated[float | None, typer.Option(help="With --from: files a second at most.", min=0.001)] = None,
    names: Annotated[bool, typer.Option("--names", help="With --from: name the files that are left out.")] = False,
) -> None:
    """Send documents to the gateway; prints one document id a file, in order.

    With --from and --resume a whole archive: each file once, whatever ends the command and however often it is given
    again. Originals are sealed under a data key of their own before they are stored. Configured by REDOUBT_*
    variables (see README). Exit codes: 0 all sent; 1 one was not; 2 wrong usage or configuration.
    """
    logs.configure()
    if (archive is None) == (not files):
        raise typer.BadParameter("files, or an archive with --from", param_hint="FILES")
    if (archive is None) != (resume is None):
        raise typer.BadParameter("goes with --from", param_hint="--resume")
    rules = profile_from(profile)
    request = Request(
        tenant=tenant,
        profile=profile,
        document_class=document_class,
        purpose=purpose,
        authorization=authorization_from(
            authorization_id,
            authorization_expires,
            authorization_allows,
            revoked=authorization_revoked,
            days=(authorization_from_day, authorization_to),
            classes=authorization_class,
        ),
        source_program=program_from(source_program),
        retention_class=retention_class,
        priority=priority or (Priority.BACKFILL if archive else Priority.URGENT),
    )
    subject = patient_from(patient)
    settings = configured(*BROKER, *VAULT)
    _known(retention_class, settings)
    warn_without_patient(rules, subject)
    if told_refusal(settings, Role.SUBMITTER, _ANSWER_S) is not None:
        raise typer.Exit(EXIT_NOT_SENT)
    if archive is not None and resume is not None:
        raise typer.Exit(backfill(archive, resume, request, subject, settings, rate, names))
    try:
        with wiring.submitter(settings) as found:
            for file in files or ():
                typer.echo(found.submit(file.read_bytes(), request, subject))
    except RedoubtError as error:
        typer.echo(f"redoubt: not sent: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_CONFIGURATION if error.reason is Reason.MISCONFIGURED else EXIT_NOT_SENT) from None
    except OSError:
        typer.echo(f"redoubt: not sent: {told(Reason.CONTENT_MISSING)}", err=True)
        raise typer.Exit(EXIT_NOT_SENT) from None


def _known(retention_class: str | None, settings: Settings) -> None:
    """A class that the policy lacks would keep a document for ever."""
    try:
        classes = retention.load(settings.store.retention_file).classes
    except RedoubtError as error:
        typer.echo(f"redoubt: not sent: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_CONFIGURATION) from None
    if retention_class is not None and retention_class not in classes:
        raise typer.BadParameter(f"one of {', '.join(sorted(classes))}", param_hint="--retention-class")
