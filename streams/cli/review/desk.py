"""`redoubt review desk` and `redoubt review folder desk`: held copies in the browser of one person on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
from typing import TYPE_CHECKING, Annotated, Final

import typer

from streams.cli.shared.acting import EXIT_FAILED, Actor, Tenant, Ticket, failing_in_words, settings_for
from streams.cli.shared.configuration import BROKER, VAULT, configured
from streams.kafka.access import Role
from streams.settings import variable
from streams.watch import logs

if TYPE_CHECKING:
    from streams.review.desk.desks import Desk

STORE: Final = ("store.phi_url",)
IDLE_MIN: Final = 15.0
Idle = Annotated[float, typer.Option(help="Minutes without a request after which it ends.", min=0.05, max=240)]
Port = Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)]


def desk(actor: Actor, ticket: Ticket, tenant: Tenant = None, idle: Idle = IDLE_MIN, port: Port = 0) -> None:
    """Look at held copies in a browser of this machine, and decide there: one key to the next place in doubt, places to
    burn drawn with the mouse.

    Released copies that were drawn for a second look stand below, where REDOUBT_STORE__MASKED_URL is set.
    Prints an address that opens once, on 127.0.0.1. That a copy is opened, and what is decided, is audited first, by
    this actor, each opening under this ticket; the workers then mask and validate again.
    Exit codes: 0 ended, by Ctrl-C too, or left alone; 1 a part failed; 2 wrong usage or configuration.
    """
    settings_for(Role.REVIEWER)
    settings = configured(*BROKER, *VAULT, *STORE)
    from streams import wiring  # the broker and the vault, which a folder needs none of
    from streams.review.desk.gateway import GatewayDesk

    with failing_in_words():
        masked = wiring.masked_store(settings) if "masked_url" in settings.store.model_fields_set else None
        if masked is None:
            typer.echo(f"redoubt: {variable('store', 'masked_url')} is not set: no second looks are shown", err=True)
        found = GatewayDesk(settings.kafka, lambda: wiring.sealed(settings), actor, ticket, tenant, masked)
        serve(found, actor, ticket, idle, port)


def serve(waiting: Desk, actor: str, ticket: str, idle_min: float, port: int) -> None:
    """Until the person ends it, or asks for nothing for so long."""
    # aiohttp takes a quarter of a second that no other command needs
    from streams.reidentify.reidentification import TICKET
    from streams.review.desk.server import sit

    logs.configure()

    def told(address: str) -> None:
        typer.echo(f"open in a browser of this machine, once: {address}")
        typer.echo("its pages show PHI. Ctrl-C ends the desk, and so does leaving it alone.", err=True)

    # Whoever starts it in the background of a script hands Ctrl-C down ignored; SIGTERM ends it as orderly.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        # Ctrl-C is a way to end it.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(sit(waiting, actor, ticket, re.compile(TICKET), idle_min * 60, told, port))
    except OSError:
        typer.echo(f"redoubt: cannot listen on 127.0.0.1, port {port or 'of any number'}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    typer.echo("the desk has ended", err=True)
