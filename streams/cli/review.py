"""`redoubt review`: copies that wait for a person, what is in doubt about them, and what the person decides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import cv2
import typer

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from streams import wiring
from streams.cli.acting import (
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
    one_of,
    settings_for,
    since_from,
    ticket_number,
    told_list,
)
from streams.cli.configuration import BROKER, VAULT, configured
from streams.events import Grounds, Place, ReviewChoice
from streams.kafka.access import Role
from streams.pipeline.answers import ANSWERABLE
from streams.reasons import told
from streams.review.reviewer import Decision, Reviewer, Task, tasks
from streams.review.rules import DOUBTS, GROUNDS
from streams.store.private import private_folder, write_private

STORE: Final = ("store.phi_url",)
_PLACE: Final = re.compile(r"([0-9]{1,5}):([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})(?::([a-z_]{1,20}))?")

review = typer.Typer(
    help="Copies that wait for a person: pages, places, kinds and reason codes, never text.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(help="Id of a task or document, 8 digits or more.")]


@review.command("list")
def list_(
    tenant: Tenant = None,
    reason: Annotated[Reason | None, one_of(among=DOUBTS, help="Only with this doubt.")] = None,
    since: Since = None,
    decided: Annotated[bool, typer.Option(help="Decided ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What waits for a person, the oldest first. A decision closes a task.

    Exit codes: 0 listed; 1 the broker failed; 2 wrong usage or configuration.
    """
    earliest = since_from(since)
    found = [
        task
        for task in _tasks()
        if (tenant is None or task.event.tenant == tenant)
        and (reason is None or reason in task.event.reasons)
        and (earliest is None or task.at >= earliest)
        and (decided or task.decided is None)
    ]
    told_list(found, _COLUMNS, _entry, as_json)


@review.command()
def show(
    id: Id,
    images: Annotated[
        Path | None,
        typer.Option(help="PHI: write the held copy's pages into this folder, for your eyes only; needs --actor."),
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Who looks, for the audit log.", callback=name)] = None,
    ticket: Annotated[str | None, typer.Option(help="Where it is written down.", callback=ticket_number)] = None,
    as_json: AsJson = False,
) -> None:
    """One task: what is in doubt, and where. Pages count from 1, boxes are left,top,right,bottom in pixels.

    With --images the held copy's pages are written as PNG, places outlined in red; that you looked is audited first.
    Exit codes: 0 shown; 1 a part failed; 2 wrong usage, no such id, or wrong configuration.
    """
    if images is not None and actor is None:
        raise typer.BadParameter("is also needed: who looks at the pages", param_hint="--actor")
    with failing_in_words():
        task = chosen(id, _tasks(), _ids)
    if as_json:
        typer.echo(json.dumps(_entry(task), indent=2))
    else:
        _print(task)
    if images is not None and actor is not None:
        with failing_in_words():
            written = _write_pages(task, images, actor, ticket)
        typer.echo(f"{written} pages written: they show PHI, remove them when you are done", err=True)


@review.command()
def decide(
    id: Id,
    choice: Annotated[ReviewChoice, typer.Argument(help="release as shown, burn more, or withhold.")],
    actor: Actor,
    why: Annotated[
        Grounds,
        one_of(
            among=frozenset().union(*GROUNDS.values()),
            help="Why. "
            + "; ".join(f"{choice.value}: {', '.join(sorted(fitting))}" for choice, fitting in GROUNDS.items())
            + ".",
        ),
    ],
    ticket: Ticket,
    burn: Annotated[
        list[str] | None,
        typer.Option(
            help="PAGE:LEFT,TOP,RIGHT,BOTTOM in pixels, from 1; with :KIND, e.g. :person, what stands there is an "
            "identifier and is looked for on every page. May be given again."
        ),
    ] = None,
    burn_shown: Annotated[bool, typer.Option(help="Burn every place that the task shows.")] = False,
    answer: Annotated[
        list[Reason] | None,
        one_of(among=ANSWERABLE, help="With burn: a doubt that you take upon yourself. A release answers all of them."),
    ] = None,
) -> None:
    """Decide on a task. The first decision counts; the workers mask and validate again, then release or hold once
    more. A release puts out the copy as it was shown, or nothing. Nothing sets aside a known value that can be read.

    Exit codes: 0 sent; 1 refused, or the broker failed; 2 wrong usage or configuration.
    """
    if why not in GROUNDS[choice]:
        raise typer.BadParameter(f"one of {', '.join(sorted(GROUNDS[choice]))}", param_hint="--why")
    if (choice is ReviewChoice.BURN) is not bool(burn or burn_shown):
        raise typer.BadParameter("burn needs --burn or --burn-shown, and only burn takes them", param_hint="--burn")
    settings = settings_for(Role.REVIEWER)
    with failing_in_words():
        task = chosen(id, tasks(settings.kafka), _ids)
        places = [_place(value, task.event.pages) for value in burn or ()]
        if burn_shown:
            places += task.event.places
        answered = task.event.reasons if choice is ReviewChoice.RELEASE else tuple(dict.fromkeys(answer or ()))
        if not set(answered) <= set(task.event.reasons):
            raise typer.BadParameter("only what is in doubt can be answered", param_hint="--answer")
        decision = Decision(choice, actor, why, ticket, tuple(places), answered)
        typer.echo(Reviewer(settings.kafka).decide(task, decision))


def _tasks() -> list[Task]:
    with failing_in_words():
        return tasks(settings_for(Role.REVIEWER).kafka)


def _write_pages(task: Task, folder: Path, actor: str, ticket: str | None) -> int:
    settings = configured(*BROKER, *VAULT, *STORE)
    try:
        private_folder(folder)
        if any(folder.iterdir()):
            raise typer.BadParameter("must be empty", param_hint="--images")
    except OSError:
        raise typer.BadParameter("cannot be made or read", param_hint="--images") from None
    count = 0
    with wiring.sealed(settings) as sealed:
        for pixels in Reviewer(settings.kafka).reveal(task, sealed, actor, ticket):
            count += 1
            made, png = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
            if not made:
                raise RedoubtError(Reason.INTERNAL)
            try:
                write_private(folder / f"{task.id[:SHORT]}-{count:04}.png", png.tobytes())
            except OSError:
                raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
    return count


def _place(value: str, pages: int) -> Place:
    found = _PLACE.fullmatch(value)
    kinds = {kind.value for kind in Kind}
    if found is None or (found[6] or Kind.INK) not in kinds:
        raise typer.BadParameter("PAGE:LEFT,TOP,RIGHT,BOTTOM, or with :KIND behind it", param_hint="--burn")
    page, left, top, right, bottom = (int(number) for number in found.groups()[:5])
    if not 1 <= page <= pages or left >= right or top >= bottom:
        raise typer.BadParameter(f"pages from 1 to {pages}, boxes that are not empty", param_hint="--burn")
    kind = Kind(found[6]) if found[6] else Kind.INK
    return Place(page - 1, left, top, right, bottom, kind, Reason.RESIDUAL_FINDING)


def _print(task: Task) -> None:
    event = task.event
    typer.echo(f"task      {task.id}, round {event.round}, {_state(task)}")
    typer.echo(f"document  {event.document_id} of {event.tenant}, {event.pages} pages")
    typer.echo(f"profile   {event.profile} {event.profile_version}, validated at depth {event.depth.value}")
    for code in event.reasons:
        told_how = "" if code in ANSWERABLE else " [to be burned or withheld, nobody can answer it]"
        typer.echo(f"doubt     {told(code)}{told_how}")
    for place in event.places:
        box = f"{place.left},{place.top},{place.right},{place.bottom}"
        typer.echo(f"place     page {place.page + 1}  {box}  {place.kind.value}  {place.reason.value}")
    if event.places_left_out:
        typer.echo(f"          and {event.places_left_out} more")
    if task.decided:
        decided = task.decided
        typer.echo(f"decided   {decided.choice.value} by {decided.reviewer}, {decided.why.value}, {decided.ticket}")


def _ids(task: Task) -> tuple[str, str]:
    return task.id, task.event.document_id


def _state(task: Task) -> str:
    return "open" if task.decided is None else f"decided: {task.decided.choice.value}"


_COLUMNS: Final[dict[str, Callable[[Task], str]]] = {
    "id": lambda task: task.id[:SHORT],
    "document": lambda task: task.event.document_id[:SHORT],
    "tenant": lambda task: task.event.tenant,
    "when": lambda task: minute(task.at),
    "profile": lambda task: task.event.profile,
    "pages": lambda task: str(task.event.pages),
    "places": lambda task: str(len(task.event.places) + task.event.places_left_out),
    "doubts": lambda task: codes(task.event.reasons),
    "state": _state,
}


def _entry(task: Task) -> dict[str, Any]:
    event, decided = task.event, task.decided
    return {
        "id": task.id,
        "document": event.document_id,
        "tenant": event.tenant,
        "at": task.at.isoformat(),
        "round": event.round,
        "profile": event.profile,
        "profile_version": event.profile_version,
        "pages": event.pages,
        "doubts": [code.value for code in event.reasons],
        "places": [
            {
                "page": place.page + 1,
                "box": [place.left, place.top, place.right, place.bottom],
                "kind": place.kind.value,
                "reason": place.reason.value,
            }
            for place in event.places
        ],
        "places_left_out": event.places_left_out,
        "decided": decided
        and {
            "choice": decided.choice.value,
            "reviewer": decided.reviewer,
            "why": decided.why.value,
            "ticket": decided.ticket,
        },
    }
