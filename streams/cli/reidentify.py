"""`redoubt reidentify`: turns tokens back for a person who may, each time on record."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Final, Protocol

import typer

from policies.tokens.reversal import TurnedBack
from streams import wiring
from streams.cli.shared.acting import EXIT_FAILED, Ticket, failing_in_words, name, settings_for
from streams.cli.shared.configuration import EXIT_CONFIGURATION, VAULT, configured
from streams.cli.shared.usage import one_of
from streams.cli.shared.whole import Whole
from streams.kafka.access import Role
from streams.reasons import told
from streams.reidentify.client import RemoteReidentification, Unreachable
from streams.reidentify.people import Ground
from streams.reidentify.proof import Credential
from streams.reidentify.reidentification import Asked, Reidentification
from streams.settings import Environment, Settings, variable
from streams.watch import logs

EXIT_SOME: Final = 3
_EMBEDDED: Final = (*VAULT, "reidentify.people_file")
_SERVICE: Final = ("reidentify.service_url",)
_PROOFS: Final = (variable("reidentify", "vault_token_file"), variable("reidentify", "id_token_file"))

reidentify = typer.Typer(
    help="Turn tokens back into identifiers. Asks the service (redoubt reidentifier) at "
    "REDOUBT_REIDENTIFY__SERVICE_URL, which knows a person by their own Vault token "
    "(REDOUBT_REIDENTIFY__VAULT_TOKEN_FILE) or the identity provider's (REDOUBT_REIDENTIFY__ID_TOKEN_FILE).",
    no_args_is_help=True,
    cls=Whole,
)

Tenant = Annotated[str, typer.Option(help="Whose tokens they are.", callback=name)]
Typed = Annotated[
    str | None,
    typer.Option(help="Trials alone (REDOUBT_ENVIRONMENT=demo): who asks, without the service.", callback=name),
]


class _Asking(Protocol):
    def turn_back(self, asked: Asked) -> list[TurnedBack]: ...

    def confirm(self, of: str, tenant: str, ticket: str) -> bool: ...


@reidentify.command()
def tokens(
    tokens: Annotated[list[str] | None, typer.Argument(help="Tokens, at most 100; none: one a line on stdin.")] = None,
    *,
    tenant: Tenant,
    purpose: Annotated[str, typer.Option(help="What the tokens were made for, as the record says.", callback=name)],
    reason: Annotated[Ground, one_of(among=Ground, help="Why, for the audit log.")],
    ticket: Ticket,
    actor: Typed = None,
) -> None:
    """Turn tokens of one tenant and purpose back. One JSON object a token on standard output: its value, or the code
    why it has none. Every token is in the audit log, acknowledged by the broker, before it is opened.

    --reason emergency passes the hourly bound, and a second person confirms it within 24 hours (redoubt reidentify
    confirm). Exit codes: 0 every token turned back; 1 refused, or a part failed, and nothing was turned back; 2 wrong
    usage or configuration; 3 at least one token could not be turned back.
    """
    given = tokens or [line.strip() for line in sys.stdin if line.strip()]
    with _asking(actor) as service:
        answers = service.turn_back(Asked(tenant, purpose, reason, ticket, tuple(given)))
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
    actor: Typed = None,
) -> None:
    """Confirm another person's emergency, as the second person. Without it that person turns nothing back after 24
    hours.

    Exit codes: 0 confirmed; 1 refused, a part failed, or there is none; 2 wrong usage or configuration.
    """
    with _asking(actor) as service:
        found = service.confirm(of, tenant, ticket)
    typer.echo("confirmed" if found else "nothing waits to be confirmed")
    if not found:
        raise typer.Exit(EXIT_FAILED)


@contextmanager
def _asking(actor: str | None) -> Iterator[_Asking]:
    """The service, for the person whom the settings prove; in a trial one of this process, for a name that is typed."""
    logs.configure()
    settings = configured()
    if actor is not None:
        if settings.environment is not Environment.DEMO:
            raise typer.BadParameter(f"a typed name proves nobody: set {' or '.join(_PROOFS)}", param_hint="--actor")
        settings = settings_for(Role.REIDENTIFIER, *_EMBEDDED)
        with failing_in_words(), wiring.reidentification(settings) as service:
            yield _Trial(service, actor)
        return
    settings = configured(*_SERVICE)
    with failing_in_words():
        own = settings.reidentify
        remote = RemoteReidentification(str(own.service_url), own.service_ca_file, _credential(settings))
        try:
            yield remote
        except Unreachable:
            address = variable("reidentify", "service_url")
            typer.echo(f"redoubt: no re-identification service answers at {address}: check it, and the CA", err=True)
            raise typer.Exit(EXIT_FAILED) from None


class _Trial:
    """The service of this process, asked under a name that nobody has proven."""

    def __init__(self, service: Reidentification, actor: str) -> None:
        self._service, self._actor = service, actor

    def turn_back(self, asked: Asked) -> list[TurnedBack]:
        return self._service.turn_back(self._actor, asked)

    def confirm(self, of: str, tenant: str, ticket: str) -> bool:
        return self._service.confirm(self._actor, of, tenant, ticket)


def _credential(settings: Settings) -> Credential:
    own = settings.reidentify
    if (own.vault_token_file is None) == (own.id_token_file is None):
        typer.echo(f"redoubt: configuration: set one of {' and '.join(_PROOFS)}", err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    if own.vault_token_file is not None:
        return Credential(vault_token=_line(own.vault_token_file))
    return Credential(bearer=_line(own.id_token_file)) if own.id_token_file else Credential()


def _line(file: Path) -> str:
    text = ""
    with suppress(OSError, ValueError):
        text = file.read_text(encoding="ascii").strip()
    if not text or not text.isprintable() or " " in text:
        typer.echo("redoubt: configuration: the file of your token holds none: sign in again", err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    return text
