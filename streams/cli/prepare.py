"""`redoubt create-topics`, `create-acls`, `create-stores`, `init-vault`: what is run once, before all the rest."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams.cli.shared.configuration import BROKER, EXIT_CONFIGURATION, configured
from streams.cli.shared.service import told_refusal
from streams.kafka.access import Role, grant
from streams.kafka.topics import create_topics as create
from streams.monitor import monitor_topics
from streams.reasons import told
from streams.settings import Settings
from streams.store.claims import open_claims
from streams.vault.setup import set_up
from streams.watch import logs

EXIT_FAILED: Final = 1
_ANSWER_S: Final = 10.0


def create_topics(
    partitions: Annotated[int, typer.Option(help="As many as documents shall be worked on side by side.", min=1)] = 8,
    replication: Annotated[int, typer.Option(help="Copies of each partition; 3 in production.", min=1)] = 3,
) -> None:
    """Create the gateway's topics on the Kafka of the REDOUBT_* variables; those that exist stay as they are."""
    logs.configure()
    settings = _signed_in()
    try:
        created = create(settings.kafka, partitions, replication, extra=monitor_topics(partitions))
    except RedoubtError as error:
        typer.echo(f"redoubt: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    typer.echo("\n".join(created) if created else "every topic is there already")


Principal = Annotated[
    str | None, typer.Option(metavar="PRINCIPAL", help="As the broker writes it, e.g. User:redoubt or User:CN=redoubt.")
]


def create_acls(
    worker: Principal = None,
    submitter: Principal = None,
    monitor: Principal = None,
    sequencer: Principal = None,
    reviewer: Principal = None,
    judge: Principal = None,
    sampler: Principal = None,
    operator: Principal = None,
    analyst: Principal = None,
    auditor: Principal = None,
    reidentifier: Principal = None,
) -> None:
    """Give each named principal the rights of its role on the Kafka of the REDOUBT_* variables, and no other.

    Run it as a principal that may alter the cluster. May be run again: rights that are there stay. The broker must
    refuse what no rule allows (allow.everyone.if.no.acl.found=false). What each role may do is in docs/operations.md.
    """
    logs.configure()
    given = (worker, submitter, monitor, sequencer, reviewer, judge, sampler, operator, analyst, auditor, reidentifier)
    principals = {role: name for role, name in zip(Role, given, strict=True) if name}
    for name in principals.values():
        if not _PRINCIPAL.fullmatch(name):
            raise typer.BadParameter("a principal is written User:name, and a rule for everybody is none of ours")
    if not principals:
        raise typer.BadParameter("name at least one principal")
    settings = _signed_in()
    try:
        granted = grant(settings.kafka, principals)
    except RedoubtError as error:
        typer.echo(f"redoubt: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    for principal, right in granted:
        typer.echo(f"{principal}: {right}")


_PRINCIPAL: Final = re.compile(r"User:(?!\*$)[^\s,;]+")


def _signed_in() -> Settings:
    """The settings, once the broker let this process in. Ends with code 1 and the broker's words where it does not."""
    settings = configured(*BROKER)
    if told_refusal(settings, None, _ANSWER_S) is not None:
        raise typer.Exit(EXIT_FAILED)
    return settings


def create_stores() -> None:
    """Mark the places of REDOUBT_STORE__PHI_URL and REDOUBT_STORE__MASKED_URL as the gateway's stores; make folders.

    In production no process begins a store in a folder by itself: where a volume is not mounted it would write below
    the mount point. So mount the volumes first. May be run again: what is there stays. Run it as the user of the
    gateway's processes. Exit codes: 0 done; 1 a store cannot be written; 2 wrong configuration.
    """
    logs.configure()
    settings = configured("store.phi_url", "store.masked_url")
    for url in (settings.store.phi_url, settings.store.masked_url):
        try:
            open_claims(url).probe()
        except RedoubtError as error:
            typer.echo(f"redoubt: {told(error.reason)}", err=True)
            raise typer.Exit(EXIT_CONFIGURATION if error.reason is Reason.MISCONFIGURED else EXIT_FAILED) from None
    typer.echo("both stores are marked")


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
