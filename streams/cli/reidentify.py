"""`redoubt reidentify`: turns tokens back for a person who may, each time on record."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Final

import typer

from streams import wiring
from streams.cli.acting import Actor, Ticket, failing_in_words, name, settings_for
from streams.cli.configuration import VAULT
from streams.kafka.access import Role
from streams.reasons import told
from streams.vault.people import Ground
from streams.vault.reidentification import Asked

EXIT_SOME: Final = 3
_NEEDED: Final = (*VAULT, "reidentify.people_file")

reidentify = typer.Typer(
    help="Turn tokens back into identifiers. Needs the re-identifier's credentials (REDOUBT_VAULT__ROLE_ID_FILE, "
    "REDOUBT_VAULT__SECRET_ID_FILE), and a person whom REDOUBT_REIDENTIFY__PEOPLE_FILE allows it.",
    no_args_is_help=True,
)

Tenant = Annotated[str, typer.Option(help="Whose tokens they are.", callback=name)]


@reidentify.command()
def tokens(
    tokens: Annotated[list[str] | None, typer.Argument(help="Tokens, at most 100; none: one a line on stdin.")] = None,
    *,
    tenant: Tenant,
    purpose: Annotated[str, typer.Option(help="What the tokens were made for, as the record says.", callback=name)],
    reason: Annotated[Ground, typer.Option(help="Why, for the audit log.")],
    ticket: Ticket,
    actor: Actor,
) -> None:
    """Turn tokens of one tenant and purpose back. One JSON object a token on standard output: its value, or the code
    why it has none. Every token is in the audit log, acknowledged by the broker, before it is opened.

    --reason emergency passes the hourly bound, and a second person confirms it within 24 hours (redoubt reidentify
    confirm). Exit codes: 0 every token turned back; 1 refused, or a part failed, and nothing was turned back; 2 wrong
    usage or configuration; 3 at least one token could not be turned back.
    """
    settings = settings_for(Role.REIDENTIFIER, *_NEEDED)
    given = tokens or [line.strip() for line in sys.stdin if line.strip()]
    with failing_in_words(), wiring.reidentification(settings) as service:
        answers = service.turn_back(actor, Asked(tenant, purpose, reason, ticket, tuple(given)))
    for answer in answers:
        said = {"value": answer.value} if answer.reason is None else {"reason": answer.reason.value}
        typer.echo(json.dumps({"token": answer.token, **said}))
    failed = {answer.reason for answer in answers if answer.reason is not None}
    for code in sorted(failed):
        typer.echo(f"redoubt: {told(code)}", err=True)
    if failed:
        raise typer.Exit(EXIT_SOME)


@reidentify.command()
def confirm(
    of: Annotated[str, typer.Option(help="Who acted in an emergency.", callback=name)],
    tenant: Tenant,
    ticket: Ticket,
    actor: Actor,
) -> None:
    """Confirm another person's emergency, as the second person. Without it that person turns nothing back after 24
    hours.

    Exit codes: 0 confirmed; 1 refused, a part failed, or there is none; 2 wrong usage or configuration.
    """
    settings = settings_for(Role.REIDENTIFIER, *_NEEDED)
    with failing_in_words(), wiring.reidentification(settings) as service:
        found = service.confirm(actor, of, tenant, ticket)
    typer.echo("confirmed" if found else "nothing waits to be confirmed")
    if not found:
        raise typer.Exit(1)
