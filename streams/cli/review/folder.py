"""`redoubt review folder`: what `redoubt redact` held back in a folder, without broker or vault."""

from __future__ import annotations

import json
import os
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams.attest.keys import LocalSigner
from streams.cli.review import desk as review_desk
from streams.cli.review import held
from streams.cli.review.work import Work
from streams.cli.shared.acting import (
    Actor,
    AsJson,
    Ticket,
    codes,
    failing_in_words,
    minute,
    name,
    ticket_number,
    told_list,
)
from streams.cli.shared.local_keys import KEY, Key, signer_from
from streams.cli.shared.pages import write_page
from streams.cli.shared.usage import WrongUsage
from streams.cli.shared.whole import Whole
from streams.events import Grounds, ReviewChoice
from streams.review.folder.held import LocalDesk
from streams.review.folder.task import LocalTask
from streams.review.reviewer import Decision, Task
from streams.review.rules import GROUNDS
from streams.store.private import private_folder

folder = typer.Typer(
    help="Copies that redoubt redact held back in a folder: looked at and decided upon without broker or vault.",
    no_args_is_help=True,
    cls=Whole,
)

_FEW: Final = 3
"""Places of each doubt that are named when a copy is held again; `show` names all."""

Out = Annotated[Path, typer.Argument(help="The folder of redoubt redact --out.", exists=True, file_okay=False)]
Position = Annotated[int, typer.Argument(help="The file's position on the command line, as the list shows it.", min=1)]


@folder.command("list")
def list_(out: Out, as_json: AsJson = False) -> None:
    """What waits for a person in the folder. Exit codes: 0 listed; 1 a task cannot be read; 2 wrong usage."""
    with failing_in_words():
        found = _desk(out).tasks()
    columns = {
        "file": lambda task: str(task.position),
        "when": lambda task: minute(task.at),
        "profile": lambda task: task.event.profile,
        "pages": lambda task: str(task.event.pages),
        "places": lambda task: held.places_in_doubt(task.event),
        "doubts": lambda task: codes(task.event.reasons),
    }
    told_list(found, columns, _entry, as_json, nothing="nothing waits for a person in this folder")


@folder.command()
def show(
    out: Out,
    position: Position,
    images: Annotated[
        Path | None, typer.Option(help="PHI: write the copy's pages into this empty folder; needs --actor.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Who looks, for the log.", callback=name)] = None,
    ticket: Annotated[str | None, typer.Option(help="Where it is written down.", callback=ticket_number)] = None,
    as_json: AsJson = False,
) -> None:
    """One held copy: where it lies, what is in doubt, and on which page and box. Pages count from 1, boxes are
    left,top,right,bottom in pixels of the page, whose size is named, without a notice that stands below it. What shows
    again was black in the copy before.

    With --images its pages are written as PNG, the boxes framed in red; that you looked is logged first.
    Exit codes: 0 shown; 1 it cannot be read; 2 wrong usage, or nothing waits under this position.
    """
    if images is not None and actor is None:
        raise WrongUsage("--actor is also needed: who looks at the pages")
    desk = _desk(out)
    with failing_in_words():
        task = _chosen(desk, position)
        sizes = desk.sizes(task)
    if as_json:
        typer.echo(json.dumps({**_entry(task), "page_sizes": sizes}, indent=2))
    else:
        _tell(desk, task)
        for (width, height), alike in groupby(range(len(sizes)), key=sizes.__getitem__):
            first, *others = (str(page + 1) for page in alike)
            pages = f"pages {first} to {others[-1]}" if others else f"page {first}"
            typer.echo(f"size      {pages}  {width} x {height} pixels")
    if images is None or actor is None:
        return
    with failing_in_words():
        _empty(images)
        for number, pixels in enumerate(desk.reveal(task, actor, ticket), start=1):
            file = images / f"{task.position:04}-{number:04}.png"
            write_page(file, pixels)
            doubts = sorted({place.reason for place in task.event.places if place.page + 1 == number})
            typer.echo(f"{file}{''.join(f'  {doubt.value}' for doubt in doubts)}", err=as_json)


@folder.command()
def decide(
    out: Out,
    position: Position,
    choice: Annotated[ReviewChoice, typer.Argument(help="release as shown, burn more, or withhold.")],
    actor: Actor,
    why: Annotated[Grounds, held.why(GROUNDS)],
    ticket: Ticket,
    burn: Annotated[
        list[str] | None,
        typer.Option(help=held.BURN_HELP),
    ] = None,
    burn_shown: held.BurnShown = False,
    answer: held.Answer = None,
    key: Key = KEY,
    deadline: Annotated[float, typer.Option(help="Seconds the document may take.", min=1)] = 300.0,
) -> None:
    """Decide on a held copy. It is masked and validated again, and then released, held once more, or withheld.

    A release puts out the copy as it was shown, or nothing, with a signed statement in OUT/attestations; nothing sets
    aside a known value that can be read. Who releases, or answers a doubt, has opened this very copy before, by `show
    --images` or at the desk. OUT/audit.jsonl has who and why, and OUT/report.json what came of it.
    Exit codes: 0 released or withheld, as decided; 1 refused, or it failed; 2 wrong usage; 3 held once more.
    """
    held.must_fit(choice, why, GROUNDS)
    if (choice is ReviewChoice.BURN) is not bool(burn or burn_shown):
        raise typer.BadParameter("burn needs --burn or --burn-shown, and only burn takes them", param_hint="--burn")
    os.umask(0o077)
    desk = _desk(out)
    with failing_in_words():
        task = _chosen(desk, position)
        held.must_permit(why, task.event.profile, task.authorization)
        shown = (*task.event.places, *task.shows_again) if burn_shown else None
        places = held.on_pages(held.to_burn(burn, shown, task.event.pages), desk.sizes(task))
        decision = held.decision(task.event, choice, (actor, why, ticket), places, answer)
        if decision.answered and not desk.looked(task, actor):
            raise WrongUsage(
                f"{actor} has not opened this copy yet, and says what is in doubt about it: first redoubt review "
                f"folder show {out} {position} --images AN_EMPTY_FOLDER --actor {actor}, or the desk"
            )
        signer = _signer(key)
        with Work(signer, deadline) as work:
            came = work.decide(desk, task, decision)
    said = f"file {task.position}: {came}"
    typer.echo(f"{said}; signed, for redoubt verify --public-key {signer.public_file}" if came == "released" else said)
    if came == "held again":
        typer.echo("what is in doubt about the copy as it is now (redoubt review folder show has all places):")
        with failing_in_words():
            _tell(desk, _chosen(desk, position), _FEW)
    if came == "held again" or (came == "withheld" and choice is not ReviewChoice.WITHHOLD):
        raise typer.Exit(3)


@folder.command("desk")
def desk_(
    out: Out,
    actor: Actor,
    ticket: Ticket,
    key: Key = KEY,
    deadline: Annotated[float, typer.Option(help="Seconds a document may take.", min=1)] = 300.0,
    idle: review_desk.Idle = review_desk.IDLE_MIN,
    port: review_desk.Port = 0,
) -> None:
    """Look at the held copies in a browser of this machine, and decide there: one key to the next place in doubt, a
    reason on every black box, places to burn drawn with the mouse.

    Prints an address that opens once, on 127.0.0.1. What is decided is done as decide does it, and OUT/audit.jsonl has
    each opening of a copy and each decision before it happens, by this actor, each opening under this ticket.
    Exit codes: 0 ended, by Ctrl-C too, or left alone; 1 it could not start; 2 wrong usage.
    """
    from streams.review.desk.folder import FolderDesk

    os.umask(0o077)
    _desk(out)
    with failing_in_words(), Work(_signer(key), deadline) as work:

        def carry(desk: LocalDesk, task: LocalTask, decision: Decision) -> str:
            try:
                return work.decide(desk, task, decision)
            except typer.BadParameter:
                raise RedoubtError(Reason.MISCONFIGURED) from None

        review_desk.serve(FolderDesk(out, carry, actor, ticket), actor, ticket, idle, port)


def _signer(key: Path) -> LocalSigner:
    signer = signer_from(key)
    if signer is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    return signer


def _desk(out: Path) -> LocalDesk:
    desk = LocalDesk(out)
    if not desk.exists():
        raise typer.BadParameter("redoubt redact has not written to this folder: it has no report.json and no review")
    return desk


def _tell(desk: LocalDesk, task: LocalTask, places: int | None = None) -> None:
    """At most so many places of each kind; all of them where it is None."""
    held.told(Task(task.event, task.at, None), "open", places)
    for place in task.shows_again[:places]:
        typer.echo(f"again     {held.where(place)}  was black in the copy before and is not now: burn it, or look")
    if places is not None and len(task.shows_again) > places:
        typer.echo(f"          and {len(task.shows_again) - places} more that show again")
    typer.echo(f"copy      {desk.copy_of(task)}")


def _chosen(desk: LocalDesk, position: int) -> LocalTask:
    for task in desk.tasks():
        if task.position == position:
            return task
    raise typer.BadParameter("nothing waits under this position: see redoubt review folder list")


def _empty(images: Path) -> None:
    try:
        private_folder(images)
        if any(images.iterdir()):
            raise typer.BadParameter("must be empty", param_hint="--images")
    except OSError:
        raise typer.BadParameter("cannot be made or read", param_hint="--images") from None


def _entry(task: LocalTask) -> dict[str, Any]:
    shown = held.entry(Task(task.event, task.at, None))
    again = [
        {"page": place.page + 1, "box": [place.left, place.top, place.right, place.bottom]}
        for place in task.shows_again
    ]
    rest = {name: value for name, value in shown.items() if name not in ("tenant", "id")}
    return {"file": task.position, **rest, "shows_again": again}
