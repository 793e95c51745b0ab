"""What commands share that act in a person's name: who acts, under which ticket, and how ids are named.

Whatever is typed wrongly may be a patient's name or number: it is never repeated.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from detectors.errors import Reason, RedoubtError
from streams.cli.shared.configuration import BROKER, EXIT_CONFIGURATION, configured
from streams.cli.shared.service import told_refusal
from streams.kafka.access import Role
from streams.reasons import told
from streams.settings import Settings
from streams.watch import logs

EXIT_FAILED: Final = 1
_ANSWER_S: Final = 5.0
"""A person waits: a broker that is there answers within it."""
_WIDE: Final = 10_000
"""Columns in which any table has room."""
SHORT: Final = 12
"""Digits of an id that a table shows; 48 bits tell a gateway's tasks apart."""

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9])?")
_TICKET: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}-?[0-9]{1,12}")
_ID: Final = re.compile(r"[0-9a-f]{8,32}")
_SPAN: Final = re.compile(r"([0-9]{1,4})([dh])")
_UNITS: Final = {"d": timedelta(days=1), "h": timedelta(hours=1)}

T = TypeVar("T")


def name(value: str | None) -> str | None:
    from streams.attest.statement import GATEWAY  # nobody's account: in a statement it stands for no person at all

    if value is not None and (value == GATEWAY or not _NAME.fullmatch(value)):
        raise typer.BadParameter("small letters, digits, and . _ - inside: the name of an account, not of a person")
    return value


def names(values: list[str]) -> list[str]:
    return [found for value in values if (found := name(value)) is not None]


def ticket_number(value: str | None) -> str | None:
    if value is not None and not _TICKET.fullmatch(value):
        raise typer.BadParameter("the number of a case or ticket, as in OPS-17")
    return value


Actor = Annotated[str, typer.Option(help="Who does it, for the audit log: the name of an account.", callback=name)]
Ticket = Annotated[
    str, typer.Option(help="Where the matter is written down, as in OPS-17: never a patient's.", callback=ticket_number)
]
Tenant = Annotated[str | None, typer.Option(help="Only this tenant's.", callback=name)]
Since = Annotated[str | None, typer.Option(help="Only of the last hours or days: 12h, 7d.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON list on standard output.")]


def since_from(value: str | None) -> datetime | None:
    if value is None:
        return None
    span = _SPAN.fullmatch(value)
    if span is None:
        raise typer.BadParameter("hours or days, as in 12h or 7d", param_hint="--since")
    return datetime.now(UTC) - int(span[1]) * _UNITS[span[2]]


def chosen(value: str, among: Iterable[T], ids: Callable[[T], tuple[str, str]]) -> T:
    """The one that an id, or the first eight or more digits of it, names. Ends with wrong usage where it is not one.

    `ids` gives a thing's own id and its document's; a document that has several is named by the newest, the last.
    """
    known = list(among)
    found = [thing for thing in known if any(id.startswith(value) for id in ids(thing))] if _ID.fullmatch(value) else []
    if not found or len({ids(thing)[1] for thing in found}) > 1:
        said = "ambiguous: give more digits" if found else "no such id: give at least 8 of its digits"
        raise typer.BadParameter(said)
    return found[-1]


def told_list(
    things: Iterable[T],
    columns: Mapping[str, Callable[[T], str]],
    entry: Callable[[T], Mapping[str, Any]],
    as_json: bool,
    nothing: str = "nothing to list",
) -> None:
    """A table on standard output, or one JSON list of `entry`; `nothing` where there is none. `columns` by heading.

    No word is broken: where the table is wider than the terminal, each thing has a line for each column instead.
    """
    listed = list(things)
    if as_json:
        typer.echo(json.dumps([entry(thing) for thing in listed], indent=2))
        return
    if not listed:
        typer.echo(nothing)
        return
    rows = [[cell(thing) for cell in columns.values()] for thing in listed]
    table = Table(*(Column(heading, no_wrap=True) for heading in columns))
    for row in rows:
        table.add_row(*map(escape, row))
    console = Console()
    if console.measure(table, options=console.options.update(max_width=_WIDE)).maximum <= console.width:
        console.print(table)
        return
    indent = max(map(len, columns)) + 2
    for row in rows:
        for heading, cell_ in zip(columns, row, strict=True):
            lines = textwrap.wrap(
                cell_, max(console.width - indent, 1), break_long_words=False, break_on_hyphens=False
            ) or [""]
            typer.echo(f"{heading:<{indent}}{lines[0]}".rstrip())
            for line in lines[1:]:
                typer.echo(" " * indent + line)
        typer.echo()


def minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def codes(reasons: Iterable[Reason]) -> str:
    return ", ".join(reason.value for reason in reasons)


def settings_for(role: Role, *needed: str) -> Settings:
    """The settings, once the broker has said that they give every right of the role. Ends in words where not."""
    logs.configure()
    settings = configured(*BROKER, *needed)
    if told_refusal(settings, role, _ANSWER_S) is not None:
        raise typer.Exit(EXIT_FAILED)
    return settings


@contextmanager
def failing_in_words() -> Iterator[None]:
    """A failure becomes one line on standard error and an exit code: 2 for a wrong setting, else 1."""
    try:
        yield
    except RedoubtError as error:
        typer.echo(f"redoubt: {told(error.reason)}", err=True)
        raise typer.Exit(EXIT_CONFIGURATION if error.reason is Reason.MISCONFIGURED else EXIT_FAILED) from None
