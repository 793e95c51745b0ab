"""`redoubt keys`: new versions of the keys of storage and of tokens, and what there is carried over to them."""

from __future__ import annotations

import signal
import threading
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from streams import wiring
from streams.cli.shared.acting import Actor, Ticket, failing_in_words, name, names, settings_for
from streams.cli.shared.configuration import VAULT, configured
from streams.cli.shared.whole import Whole
from streams.export.mapping import Asked
from streams.kafka.access import Role
from streams.store.rewrap import Rewrapped
from streams.watch import logs

EXIT_LEFT: Final = 3
"""The run went through, or was stopped, and not every data key is on the newest version."""

keys = typer.Typer(
    help="Rotate the key that wraps every document's data key, and the one that tokens are made with. Needs the "
    "rotator's credentials (REDOUBT_VAULT__ROLE_ID_FILE, REDOUBT_VAULT__SECRET_ID_FILE): it sees no data key and no "
    "identifier, and opens no document.",
    no_args_is_help=True,
    cls=Whole,
)


class Ring(StrEnum):
    STORAGE = "storage"
    TOKENS = "tokens"


@keys.command()
def rotate(
    ring: Annotated[Ring, typer.Option(help="Which key: of stored documents, or of convergent tokens.")] = Ring.STORAGE,
) -> None:
    """Make a new version of the storage key in Vault. Documents from now on are sealed under it; all others open as
    before, until `redoubt keys rewrap` has carried their data keys over.

    With --ring tokens: of the key of convergent tokens. No token changes before REDOUBT_VAULT__TOKEN_KEY_VERSION moves
    to it, for all workers at once; then carry exported records over with `redoubt keys retoken`.

    Exit codes: 0 done; 1 Vault refused or is away; 2 wrong configuration.
    """
    logs.configure()
    settings = configured(*VAULT)
    with failing_in_words(), wiring.rotation(settings, of_tokens=ring is Ring.TOKENS) as rotation:
        rotation.rotate()
    if ring is Ring.TOKENS:
        typer.echo(
            "the key of convergent tokens has a new version; workers use it once REDOUBT_VAULT__TOKEN_KEY_VERSION"
        )
        typer.echo("says so; then carry exported records over with: redoubt keys retoken")
    else:
        typer.echo("the storage key has a new version; carry stored data keys over with: redoubt keys rewrap")


@keys.command()
def rewrap(
    per_second: Annotated[float, typer.Option(help="At most so many data keys a second.", min=0.1)] = 200.0,
) -> None:
    """Carry every stored data key over to the newest version of the storage key, without seeing one.

    May be stopped (Ctrl-C, SIGTERM) and started again: what is carried over stays so. Once it exits with 0, older
    versions may be disabled in Vault (min_decryption_version).
    Exit codes: 0 every data key is on the newest version; 1 a part failed; 2 wrong configuration; 3 some are not:
    stopped, or a key does not open or has no record of whose it is.
    """
    logs.configure()
    settings = configured(*VAULT, "store.phi_url")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    found = Rewrapped()

    def show(counts: Rewrapped) -> None:
        nonlocal found
        found = counts

    try:
        with failing_in_words(), wiring.rotation(settings) as rotation:
            wiring.rewrap(settings, rotation).run(stop, per_second, show)
    finally:
        _summary(found)
    if stop.is_set() or found.unfit:
        raise typer.Exit(EXIT_LEFT)


@keys.command()
def retoken(
    folder: Annotated[Path, typer.Argument(help="A folder of `redoubt export`.")],
    purpose: Annotated[
        list[str], typer.Option(help="What its tokens were made for; several: once each.", callback=names)
    ],
) -> None:
    """Carry an export's convergent tokens over to the version REDOUBT_VAULT__TOKEN_KEY_VERSION, without seeing an
    identifier. Its old tokens join as before until all new files are made; tokens in other hands are turned back as
    long as Vault keeps their version.

    May be stopped (Ctrl-C, SIGTERM) or killed and run again, and is run again after each export that still brought
    records of the old version. Exit codes: 0 every token is of that version; 1 a part failed; 2 wrong configuration;
    3 stopped, or the folder holds tokens of another purpose.
    """
    logs.configure()
    settings = configured(*VAULT, "vault.token_key_version")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with failing_in_words():
        found = wiring.retoken(settings, folder, purpose, stop)
    typer.echo(f"{found.files} files made anew, {found.tokens} tokens carried over in them, {found.left} left")
    if not found.whole or found.left:
        raise typer.Exit(EXIT_LEFT)


@keys.command()
def mapping(
    tokens: Annotated[Path, typer.Argument(help="The tokens of an extract, one a line.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Argument(help="The mapping to write, old,new: a file that is not there yet.")],
    tenant: Annotated[str, typer.Option(help="Whose tokens they are.", callback=name)],
    purpose: Annotated[str, typer.Option(help="What they were made for, as the record says.", callback=name)],
    ticket: Ticket,
    actor: Actor,
) -> None:
    """Write which token the workers make now in place of each old one, for an extract from before a re-token run. Shows
    no identifier, and old tokens can be turned back as before. Needs the rotator's rights on Vault, the operator's on
    Kafka: the audit log has who asked for what before the first token is carried over.

    May be stopped (Ctrl-C, SIGTERM) or killed and run again: it goes on where it was. Exit codes: 0 the mapping is
    whole; 1 a part failed; 2 wrong usage or configuration; 3 stopped, or some are damaged or of another tenant or
    purpose: they are not in it.
    """
    if out.exists():
        raise typer.BadParameter("is there already: name a new file", param_hint="OUT")
    settings = settings_for(Role.OPERATOR, *VAULT, "vault.token_key_version")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with failing_in_words():
        found = wiring.mapping(settings, tokens, out, Asked(tenant, purpose, actor, ticket), stop)
    typer.echo(f"{found.tokens} tokens mapped, {found.unchanged} stay as they are, {found.left} left out")
    if not found.whole or found.left:
        raise typer.Exit(EXIT_LEFT)


def _summary(found: Rewrapped) -> None:
    typer.echo(
        f"data keys: {found.seen} seen, {found.moved} carried over, {found.current} current before, "
        f"{found.gone} destroyed meanwhile, {found.unfit} that do not open or have no record"
    )
