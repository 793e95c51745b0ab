"""`redoubt retention`: ends documents whose time is up, holds those that a matter needs, and says how it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from streams import wiring
from streams.cli.shared.acting import Actor, Ticket, failing_in_words, name, settings_for
from streams.cli.shared.configuration import BROKER, configured
from streams.cli.shared.usage import one_of
from streams.cli.shared.whole import Whole
from streams.kafka.access import Role
from streams.settings import Settings
from streams.store.records import Hold, HoldReason
from streams.store.retention import Clock, Retention
from streams.watch import logs

EXIT_LEFT: Final = 3

_STORES: Final = ("store.phi_url", "store.masked_url")

retention = typer.Typer(
    help="How long documents are kept: by retention class, and never shorter than a legal hold.",
    no_args_is_help=True,
    cls=Whole,
)


Document = Annotated[str, typer.Argument(help="The document's id.")]
Tenant = Annotated[str, typer.Option(help="Whose document it is.", callback=name)]
Why = Annotated[
    HoldReason,
    one_of("--reason", among=frozenset(HoldReason) - {HoldReason.CLOSED}, help="Why, for the audit log."),
]


@retention.command()
def run(
    dry_run: Annotated[bool, typer.Option(help="Say what would end, and end nothing.")] = False,
    actor: Actor = "retention",
) -> None:
    """End every part of a document whose clock ran out: first the data key, and with it all copies of the original,
    then the objects. Each is written to the audit log before and after. What an earlier run left undone is done.
    Classes and their times come from REDOUBT_STORE__RETENTION_FILE, or are the gateway's own.

    Exit codes: 0 done; 1 a part failed: run it again; 2 wrong configuration; 3 done, and some records or keys in the
    store are damaged or without the other, which no clock can end.
    """
    counts: Counter[str] = Counter()

    def work(found: Retention) -> None:
        now = datetime.now(UTC)
        for clock in found.survey(now):
            if clock is None:
                counts["damaged"] += 1
                continue
            if not clock.due:
                counts[clock.standing.value] += 1
            elif dry_run or found.end(clock, now):
                _line(clock)
                counts["due" if dry_run else "ended now"] += 1
            else:
                counts["held or ended meanwhile"] += 1

    settings = settings_for(Role.OPERATOR, *_STORES)
    try:
        _with_retention(work, actor, settings)
        if not dry_run:
            with failing_in_words():
                counts["old notes of dead processes"] += wiring.sweep_starts(settings, datetime.now(UTC))
    finally:
        typer.echo(", ".join(f"{count} {what}" for what, count in sorted((+counts).items())) or "nothing is kept")
    if counts["damaged"]:
        raise typer.Exit(EXIT_LEFT)


@retention.command()
def hold(document: Document, tenant: Tenant, reason: Why, ticket: Ticket, actor: Actor) -> None:
    """Place a legal hold: nothing of the document is destroyed, by a clock or by a person, until every hold on it is
    released. One hold a ticket; placing it again changes nothing.

    It is in force before the audit log has it: also where the broker is away, which is told (1).
    Exit codes: 0 held; 1 a part failed: place it again; 2 wrong usage or configuration; 3 placed, but a part has ended
    or is ending.
    """
    in_time = True

    def work(found: Retention) -> None:
        nonlocal in_time
        in_time = found.hold(tenant, document, Hold(reason, ticket, actor, datetime.now(UTC)))

    # Without the broker's leave: a hold that comes a moment late has nothing left to hold.
    _with_retention(work, actor, _unheard())
    if not in_time:
        typer.echo("redoubt: held, but a part of it has ended or is ending: see redoubt retention show", err=True)
        raise typer.Exit(EXIT_LEFT)
    typer.echo("held")


@retention.command("release-hold")
def release_hold(
    document: Document,
    tenant: Tenant,
    reason: Annotated[HoldReason, typer.Option("--reason", help="Why, for the audit log.")],
    ticket: Ticket,
    actor: Actor,
) -> None:
    """Release the hold of that ticket. Other holds stay; without any the clock goes on as if none had been.

    Exit codes: 0 released; 1 not released, or there is no such hold; 2 wrong usage or configuration.
    """
    _with_retention(
        lambda found: found.release_hold(tenant, document, Hold(reason, ticket, actor, datetime.now(UTC))),
        actor,
        settings_for(Role.OPERATOR, *_STORES),
    )
    typer.echo("released")


@retention.command()
def show(document: Document, tenant: Tenant) -> None:
    """How it stands with a document: its class, when each part ends, its holds.

    Exit codes: 0 shown; 1 unknown, or a part failed; 2 wrong usage or configuration.
    """

    def work(found: Retention) -> None:
        for clock in found.clocks(tenant, document, datetime.now(UTC)):
            typer.echo(f"class {clock.record.retention_class or 'by default'}", nl=False)
            typer.echo(f"  submitted {_day(clock.record.submitted_at)}  ", nl=False)
            _line(clock)
        for held in found.holds(tenant, document):
            typer.echo(f"hold {held.ticket}  {held.reason.value}  by {held.actor}  since {_day(held.placed_at)}")

    _with_retention(work, "retention", _unheard())


def _unheard() -> Settings:
    """The settings of what can be done while the broker is away."""
    logs.configure()
    return configured(*BROKER, *_STORES)


def _with_retention(work: Callable[[Retention], None], actor: str, settings: Settings) -> None:
    with failing_in_words():
        work(wiring.retention(settings, actor))


def _line(clock: Clock) -> None:
    until = _day(clock.ends_at) if clock.ends_at else "never"
    record = clock.record
    typer.echo(f"{record.tenant}  {record.document_id}  {clock.part.value}  {clock.standing.value}  ends {until}")


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
