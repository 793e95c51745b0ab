"""`redoubt submit`: seals documents, stores them, and announces them as events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from detectors.errors import RedoubtError
from policies import profile as profiles
from streams import logs, wiring
from streams.cli.inputs import authorization_from, patient_from
from streams.events import DocumentClass
from streams.kafka.submit import Request
from streams.settings import Settings


def submit(
    files: Annotated[list[Path], typer.Argument(help="PDF, TIFF, PNG or JPEG files.", exists=True, dir_okay=False)],
    tenant: Annotated[str, typer.Option(help="Whose documents these are; part of every key and token.")],
    profile: Annotated[str, typer.Option(help="What to take out, e.g. hipaa-safe-harbor.")],
    document_class: Annotated[DocumentClass, typer.Option(help="Class of the documents.")] = DocumentClass.UNKNOWN,
    purpose: Annotated[
        str, typer.Option(help="Why they are released; tokens join inside one purpose.")
    ] = "unspecified",
    patient: Annotated[
        Path | None, typer.Option(help="JSON of what is known of the patient (see README).", exists=True)
    ] = None,
    authorization_id: Annotated[str | None, typer.Option(help="The authorization the release rests on.")] = None,
    authorization_expires: Annotated[str | None, typer.Option(help="Its last valid day, YYYY-MM-DD.")] = None,
) -> None:
    """Send documents to the gateway; prints one document id a file, in order.

    Originals are sealed under a data key of their own before they are stored. Configured by REDOUBT_* variables
    (see README). Exit codes: 0 all sent; 1 one was not; 2 wrong usage or configuration.
    """
    logs.configure()
    if profile not in profiles.names():
        raise typer.BadParameter(f"one of {', '.join(profiles.names())}", param_hint="--profile")
    request = Request(
        tenant=tenant,
        profile=profile,
        document_class=document_class,
        purpose=purpose,
        authorization=authorization_from(authorization_id, authorization_expires),
    )
    subject = patient_from(patient)
    try:
        with wiring.submitter(Settings()) as found:
            for file in files:
                typer.echo(found.submit(file.read_bytes(), request, subject))
    except ValidationError:
        typer.echo("redoubt: wrong configuration, see README", err=True)
        raise typer.Exit(2) from None
    except RedoubtError as error:
        typer.echo(f"redoubt: not sent: {error.reason.value}", err=True)
        raise typer.Exit(1) from None
