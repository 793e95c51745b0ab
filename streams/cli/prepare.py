"""`redoubt create-topics` and `redoubt init-vault`: what an operator runs once before the first worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from detectors.errors import RedoubtError
from streams import logs
from streams.cli.configuration import BROKER, EXIT_CONFIGURATION, configured
from streams.kafka.topics import create_topics as create
from streams.monitor import monitor_topics
from streams.reasons import told
from streams.vault.setup import set_up

EXIT_FAILED = 1


def create_topics(
    partitions: Annotated[int, typer.Option(help="As many as documents shall be worked on side by side.", min=1)] = 8,
    replication: Annotated[int, typer.Option(help="Copies of each partition; 3 in production.", min=1)] = 3,
) -> None:
    """Create the gateway's topics on the Kafka of the REDOUBT_* variables; those that exist stay as they are."""
    logs.configure()
    try:
        created = create(configured(*BROKER).kafka, partitions, replication, extra=monitor_topics(partitions))
    except RedoubtError as error:
        typer.echo(f"redoubt: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    typer.echo("\n".join(created) if created else "every topic is there already")


def init_vault(
    credentials: Annotated[Path, typer.Option(help="Folder for the roles' credentials, mode 0600 each.")],
) -> None:
    """Create key rings, keys, and a policy and an AppRole for each role on the Vault of the REDOUBT_* variables.

    The token that may do so is read from VAULT_TOKEN. May be run again: what is there stays.
    """
    logs.configure()
    token = os.environ.get("VAULT_TOKEN", "")
    if not token:
        typer.echo("redoubt: VAULT_TOKEN is not set", err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    try:
        found = set_up(configured("vault.address").vault, token, credentials)
    except RedoubtError as error:
        typer.echo(f"redoubt: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    for role, files in found.items():
        typer.echo(f"{role.value}: {files.role_id_file} {files.secret_id_file}")
