"""`redoubt rejected`: documents that were rejected or withheld, and what to do about them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams import wiring
from streams.cli.shared.acting import (
    EXIT_FAILED,
    SHORT,
    Actor,
    AsJson,
    Since,
    Tenant,
    Ticket,
    chosen,
    codes,
    failing_in_words,
    minute,
    settings_for,
    since_from,
    told_list,
)
from streams.cli.shared.configuration import VAULT
from streams.cli.shared.usage import one_of
from streams.cli.shared.whole import Whole
from streams.events import Grounds, Refusal, Settlement
from streams.kafka.access import Role
from streams.reasons import told
from streams.rejected import GROUNDS, REASONS, Act, DeadLetter, Filter, dead_letters, paced
from streams.settings import Settings

STORES: Final = ("store.phi_url", "store.masked_url")

rejected = typer.Typer(
    help="Documents that were rejected or withheld: ids and reason codes, never content.",
    no_args_is_help=True,
    cls=Whole,
)

Code = Annotated[Reason | None, one_of("--reason", among=REASONS, help="Only with this reason code.")]
Kind = Annotated[Refusal | None, typer.Option("--refusal", help="Only rejected ones, or only withheld ones.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of rejections or documents, 8 digits or more.")]
DryRun = Annotated[bool, typer.Option(help="Say what would be done, and do nothing.")]


@rejected.command("list")
def list_(
    tenant: Tenant = None,
    reason: Code = None,
    refusal: Kind = None,
    since: Since = None,
    settled: Annotated[bool, typer.Option(help="Replayed and discarded ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What was rejected or withheld and waits for somebody, the oldest first.

    Exit codes: 0 listed; 1 the broker failed; 2 wrong usage or configuration.
    """
    wanted = Filter(tenant, reason, refusal, since_from(since), open_only=not settled)
    with failing_in_words():
        letters = [letter for letter in dead_letters(settings_for(Role.OPERATOR).kafka) if wanted(letter)]
    told_list(letters, _COLUMNS, _entry, as_json)


@rejected.command()
def show(
    id: Annotated[str, typer.Argument(help="Id of a rejection or document, 8 digits or more.")],
    as_json: AsJson = False,
) -> None:
    """One rejection: what happened, and what may be done about it.

    Exit codes: 0 shown; 1 the broker failed; 2 wrong usage, no such id, or wrong configuration.
    """
    with failing_in_words():
        letter = chosen(id, dead_letters(settings_for(Role.OPERATOR).kafka), _ids)
    if as_json:
        typer.echo(json.dumps(_entry(letter), indent=2))
        return
    event = letter.event
    typer.echo(f"rejection   {letter.id}")
    typer.echo(f"document    {event.document_id} of {event.tenant}")
    typer.echo(f"when        {letter.at:%Y-%m-%d %H:%M:%S} UTC, after {event.attempts} attempts")
    typer.echo(f"record      {event.topic}, partition {event.partition}, offset {event.offset}")
    typer.echo(f"state       {_state(letter)}")
    for code in event.reasons:
        typer.echo(f"{event.refusal.value:<11} {told(code)}")
    for line in _advice(letter):
        typer.echo(f"next        {line}")


@rejected.command()
def replay(
    actor: Actor,
    ticket: Ticket,
    ids: Ids = None,
    reason: Code = None,
    tenant: Tenant = None,
    since: Since = None,
    per_minute: Annotated[int, typer.Option(help="No faster than this.", min=1, max=6000)] = 60,
    limit: Annotated[int, typer.Option(help="No more than this in one run.", min=1)] = 1000,
    dry_run: DryRun = False,
) -> None:
    """Put documents back on the input topic, named by their ids or by a reason code. Each rejection is replayed once,
    however often this is called; what is replayed is audited before.

    One at a time in the whole gateway: a second run ends the first, which may simply be called again. Where the input
    topic has forgotten a document, its event is fetched from the store, which needs the Vault settings too.

    Exit codes: 0 all replayed; 1 one was not, and why; 2 wrong usage or configuration.
    """
    if not ids and reason is None:
        raise typer.BadParameter("name ids, or a reason code with --reason")
    wanted = Filter(tenant, reason, None, since_from(since), open_only=True)
    settings = settings_for(Role.OPERATOR)
    act = Act(actor, Grounds.CAUSE_MENDED, ticket)
    with failing_in_words(), wiring.settler(settings, act, _has_vault(settings)) as settler:
        letters = _named(ids, settler.letters, wanted)[:limit]
        done = _each(
            letters, dry_run, "replayed", settler.replay, lambda: paced(letters, per_minute, threading.Event().wait)
        )
    raise typer.Exit(0 if done else EXIT_FAILED)


@rejected.command()
def discard(
    ids: Annotated[list[str], typer.Argument(help="Ids of rejections or documents, 8 digits or more.")],
    why: Annotated[Grounds, one_of(among=GROUNDS[Settlement.DISCARD], help="Why it is closed.")],
    actor: Actor,
    ticket: Ticket,
    dry_run: DryRun = False,
) -> None:
    """Close rejections for good. The document's data key is destroyed, and with it all that was kept, where its
    retention class and legal holds allow; where they do not, it ends with its clock.

    Exit codes: 0 all discarded; 1 one was not, and why; 2 wrong usage or configuration.
    """
    settings = settings_for(Role.OPERATOR, *STORES)
    act = Act(actor, why, ticket)
    with failing_in_words():
        retention = wiring.retention(settings, actor)
    with failing_in_words(), wiring.settler(settings, act, vault=False) as settler:

        def one(letter: DeadLetter) -> None:
            kept = settler.discard(letter, retention)
            if kept:
                typer.echo(f"{letter.id}  its data key stays until its clock runs out: {told(kept)}")

        letters = _named(ids, settler.letters, Filter(open_only=False))
        done = _each(letters, dry_run, "discarded", one, lambda: letters)
    raise typer.Exit(0 if done else EXIT_FAILED)


def _has_vault(settings: Settings) -> bool:
    """Whether the settings name what fetching a kept event needs."""
    return all(
        name in getattr(settings, part).model_fields_set
        for part, name in (setting.split(".") for setting in (*VAULT, *STORES))
    )


def _named(ids: list[str] | None, letters: list[DeadLetter], wanted: Filter) -> list[DeadLetter]:
    """Those that ids name, in their order, each once; without ids all that the filter lets through."""
    if not ids:
        return [letter for letter in letters if wanted(letter)]
    return list({letter.id: letter for id in ids for letter in [chosen(id, letters, _ids)]}.values())


def _each(
    letters: list[DeadLetter],
    dry_run: bool,
    what: str,
    act: Callable[[DeadLetter], None],
    in_turn: Callable[[], Any],
) -> bool:
    """Whether all went well. One that fails by itself does not stop the others; a part that is away does."""
    done = True
    for letter in letters if dry_run else in_turn():
        if dry_run:
            typer.echo(f"{letter.id}  would be {what}")
            continue
        try:
            act(letter)
        except RedoubtError as error:
            if error.reason not in _OWN_FAULT:
                raise
            typer.echo(f"{letter.id}  not {what}: {told(error.reason)}", err=True)
            done = False
        else:
            typer.echo(f"{letter.id}  {what}")
    if not letters:
        typer.echo("none found", err=True)
    return done


_OWN_FAULT: Final = frozenset(
    {
        Reason.ALREADY_DECIDED,
        Reason.CONTENT_MISSING,
        Reason.HASH_MISMATCH,
        Reason.INVALID_EVENT,
        Reason.LEGAL_HOLD,
        Reason.RETENTION_RUNNING,
        Reason.WITHHELD_BY_REVIEWER,
    }
)


def _ids(letter: DeadLetter) -> tuple[str, str]:
    return letter.id, letter.event.document_id


def _state(letter: DeadLetter) -> str:
    if letter.settled is None:
        return "overtaken" if letter.overtaken else "open"
    return "replayed" if letter.settled.settlement is Settlement.REPLAY else "discarded"


_COLUMNS: Final[dict[str, Callable[[DeadLetter], str]]] = {
    "id": lambda letter: letter.id[:SHORT],
    "document": lambda letter: letter.event.document_id[:SHORT],
    "tenant": lambda letter: letter.event.tenant,
    "when": lambda letter: minute(letter.at),
    "refusal": lambda letter: letter.event.refusal.value,
    "reasons": lambda letter: codes(letter.event.reasons),
    "tries": lambda letter: str(letter.event.attempts),
    "state": _state,
}


def _advice(letter: DeadLetter) -> list[str]:
    if letter.settled is not None:
        settled = letter.settled
        return [f"nothing: {_state(letter)} by {settled.actor}, {settled.why.value}, {settled.ticket}"]
    if letter.overtaken:
        return ["discard it (not_needed): another rejection of this document was settled since"]
    again = (
        "replay it once the cause is mended" if letter.curable else "replaying will hardly help: the document itself"
    )
    return [again, "or send the document anew and discard this one (submitted_anew)"]


def _entry(letter: DeadLetter) -> dict[str, Any]:
    event, settled = letter.event, letter.settled
    return {
        "id": letter.id,
        "document": event.document_id,
        "tenant": event.tenant,
        "at": letter.at.isoformat(),
        "refusal": event.refusal.value,
        "reasons": [code.value for code in event.reasons],
        "attempts": event.attempts,
        "record": {"topic": event.topic, "partition": event.partition, "offset": event.offset},
        "state": _state(letter),
        "settled": settled and {"actor": settled.actor, "why": settled.why.value, "ticket": settled.ticket},
        "curable": letter.curable,
    }
