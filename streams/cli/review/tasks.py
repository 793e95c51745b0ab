"""`redoubt review list`, `show` and `decide`: copies that wait, what is in doubt about them, what a person decides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detectors.errors import Reason
from detectors.pages import Pixels
from streams import wiring
from streams.cli.review import held, second_look
from streams.cli.review.desk import STORE
from streams.cli.shared.acting import (
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
    name,
    settings_for,
    since_from,
    ticket_number,
    told_list,
)
from streams.cli.shared.configuration import BROKER, VAULT, configured
from streams.cli.shared.pages import write_page
from streams.cli.shared.usage import WrongUsage, one_of
from streams.events import Grounds, ReviewChoice
from streams.kafka.access import Role
from streams.review.reviewer import Reviewer, Task, tasks
from streams.review.rules import DOUBTS, GROUNDS
from streams.review.second_looks.looks import CLEAN, LEAKS, Sample, samples
from streams.settings import Settings
from streams.store.private import private_folder


class Said(StrEnum):
    """What a person says of a task: the first three of a held copy, the others of a second look."""

    RELEASE = "release"
    BURN = "burn"
    WITHHOLD = "withhold"
    CLEAN = "clean"
    LEAKS = "leaks"


_FITTING: Final = {
    **{Said(choice.value): fitting for choice, fitting in GROUNDS.items()},
    Said.CLEAN: frozenset({CLEAN}),
    Said.LEAKS: frozenset({LEAKS}),
}

Id = Annotated[str, typer.Argument(help="Id of a task or document, 8 digits or more.")]


def list_(
    tenant: Tenant = None,
    reason: Annotated[Reason | None, one_of(among=DOUBTS, help="Only with this doubt.")] = None,
    since: Since = None,
    decided: Annotated[bool, typer.Option(help="Decided ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What waits for a person, the oldest first.

    Held copies, and releases drawn for a second look. A decision closes a task.
    Exit codes: 0 listed; 1 the broker failed; 2 wrong usage or configuration.
    """
    earliest = since_from(since)
    found = [
        task
        for task in _waiting()
        if (tenant is None or task.event.tenant == tenant)
        and (reason is None or (isinstance(task, Task) and reason in task.event.reasons))
        and (earliest is None or task.at >= earliest)
        and (decided or _state(task) == "open")
    ]
    told_list(found, _COLUMNS, _entry, as_json, nothing="nothing waits for a person")


def show(
    id: Id,
    images: Annotated[
        Path | None,
        typer.Option(help="PHI: write the copy's pages into this folder, for your eyes only; needs --actor."),
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Who looks, for the audit log.", callback=name)] = None,
    ticket: Annotated[str | None, typer.Option(help="Where it is written down.", callback=ticket_number)] = None,
    portion: Annotated[int, typer.Option(min=1, help="Of a second look at a chart: which pages, 20 in one go.")] = 1,
    as_json: AsJson = False,
) -> None:
    """One task: what is in doubt, and where. Pages count from 1, boxes are left,top,right,bottom in pixels.

    With --images the copy's pages are written as PNG, places outlined in red; that you looked is audited first.
    Exit codes: 0 shown; 1 a part failed; 2 wrong usage, no such id, or wrong configuration.
    """
    if images is not None and actor is None:
        raise WrongUsage("--actor is also needed: who looks at the pages")
    with failing_in_words():
        task = chosen(id, _waiting(), _ids)
    if as_json:
        typer.echo(json.dumps(_entry(task), indent=2))
    else:
        _print(task)
    if images is not None and actor is not None:
        with failing_in_words():
            written = _write_pages(task, images, portion, actor, ticket)
        typer.echo(f"{written} pages written: they show PHI, remove them when you are done", err=True)


def decide(
    id: Id,
    choice: Annotated[
        Said,
        typer.Argument(help="release as shown, burn more, or withhold; of a second look: clean or leaks."),
    ],
    actor: Actor,
    why: Annotated[Grounds, held.why(_FITTING)],
    ticket: Ticket,
    burn: Annotated[
        list[str] | None,
        typer.Option(
            "--burn",
            "--at",
            help=held.BURN_HELP + " With leaks: where it does.",
        ),
    ] = None,
    burn_shown: held.BurnShown = False,
    answer: held.Answer = None,
) -> None:
    """Decide on a task. The first decision counts; the workers mask and validate again, then release or hold once
    more. A release puts out the copy as it was shown, or nothing. Nothing sets aside a known value that can be read.
    Of a release that was drawn for a second look you say whether it leaks, and where; it is out already.

    Exit codes: 0 sent; 1 refused, or the broker failed; 2 wrong usage or configuration.
    """
    held.must_fit(choice, why, _FITTING)
    if (choice in (Said.BURN, Said.LEAKS)) is not bool(burn or burn_shown) or (choice is Said.LEAKS and burn_shown):
        raise typer.BadParameter(
            "burn needs --burn or --burn-shown, leaks needs --at, and no other choice takes them", param_hint="--burn"
        )
    settings = settings_for(Role.REVIEWER)
    with failing_in_words():
        task = chosen(id, _all(settings), _ids)
        if isinstance(task, Sample) is not (choice in (Said.CLEAN, Said.LEAKS)):
            raise typer.BadParameter("a second look is clean or leaks; any other task neither", param_hint="choice")
        if isinstance(task, Sample):
            seen = [held.place(value, task.event.pages) for value in burn or ()]
            typer.echo(second_look.judge(task, seen, settings, actor, ticket))
            return
        places = held.to_burn(burn, task.event.places if burn_shown else None, task.event.pages)
        decision = held.decision(task.event, ReviewChoice(choice.value), (actor, why, ticket), places, answer)
        typer.echo(Reviewer(settings.kafka).decide(task, decision))


def _waiting() -> list[Task | Sample]:
    with failing_in_words():
        return _all(settings_for(Role.REVIEWER))


def _all(settings: Settings) -> list[Task | Sample]:
    return sorted([*tasks(settings.kafka), *samples(settings.kafka)], key=lambda task: (task.at, task.id))


def _shown(task: Task | Sample, portion: int, actor: str, ticket: str | None) -> Iterator[tuple[int, Pixels]]:
    """The pages to look at, by their numbers; a held copy's all at once."""
    if isinstance(task, Sample):
        yield from second_look.pages(task, portion, configured(*BROKER, *second_look.MASKED), actor, ticket)
        return
    settings = configured(*BROKER, *VAULT, *STORE)
    with wiring.sealed(settings) as sealed:
        yield from enumerate(Reviewer(settings.kafka).reveal(task, sealed, actor, ticket))


def _write_pages(task: Task | Sample, folder: Path, portion: int, actor: str, ticket: str | None) -> int:
    try:
        private_folder(folder)
        if any(folder.iterdir()):
            raise typer.BadParameter("must be empty", param_hint="--images")
    except OSError:
        raise typer.BadParameter("cannot be made or read", param_hint="--images") from None
    count = 0
    for number, pixels in _shown(task, portion, actor, ticket):
        count += 1
        write_page(folder / f"{task.id[:SHORT]}-{number + 1:04}.png", pixels)
    return count


def _print(task: Task | Sample) -> None:
    if isinstance(task, Sample):
        second_look.told(task)
    else:
        held.told(task, _state(task))


def _ids(task: Task | Sample) -> tuple[str, str]:
    return task.id, task.event.document_id


def _state(task: Task | Sample) -> str:
    if isinstance(task, Sample):
        return second_look.state(task)
    return "open" if task.decided is None else f"decided: {task.decided.choice.value}"


_COLUMNS: Final[dict[str, Callable[[Task | Sample], str]]] = {
    "id": lambda task: task.id[:SHORT],
    "document": lambda task: task.event.document_id[:SHORT],
    "tenant": lambda task: task.event.tenant,
    "when": lambda task: minute(task.at),
    "profile": lambda task: task.event.profile,
    "pages": lambda task: str(task.event.pages),
    "places": lambda task: held.places_in_doubt(task.event) if isinstance(task, Task) else "",
    "doubts": lambda task: codes(task.event.reasons) if isinstance(task, Task) else "second_look",
    "state": _state,
}


def _entry(task: Task | Sample) -> dict[str, Any]:
    return second_look.entry(task) if isinstance(task, Sample) else held.entry(task)
