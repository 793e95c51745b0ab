"""What `redoubt review` says of a held copy: pages, places, kinds and reason codes, never text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final, TypeVar

import typer

from detectors.errors import Reason
from policies import profile as profiles
from policies.scope.authorization import Authorization
from streams.cli.shared.counting import counted, numbered
from streams.cli.shared.usage import one_of
from streams.events import Grounds, Place, ReviewChoice, ReviewRequested
from streams.pipeline.answers import ANSWERABLE
from streams.pipeline.scope import keeps_the_patient
from streams.reasons import told as sentence
from streams.review import places
from streams.review.reviewer import Decision, Task

BURN_HELP: Final = (
    "PAGE:LEFT,TOP,RIGHT,BOTTOM, pages from 1, the box in pixels of the page, from its left upper corner, as the "
    "pictures of show --images have them; may be given again. With :KIND behind it, e.g. :person, what stands there is "
    f"an identifier and is looked for on every page. KIND is one of {places.KINDS}."
)

BurnShown = Annotated[bool, typer.Option("--burn-shown", help="Burn every place that the task shows.")]
Answer = Annotated[
    list[Reason] | None,
    one_of(among=ANSWERABLE, help="With burn: a doubt that you take upon yourself. A release answers all of them."),
]
Choice = TypeVar("Choice", bound=str)


def why(grounds: Mapping[Choice, Collection[Grounds]]) -> Any:
    """The option `--why`, which names the grounds of each choice."""
    each = "; ".join(f"{choice}: {', '.join(sorted(fitting))}" for choice, fitting in grounds.items())
    return one_of(among=frozenset().union(*grounds.values()), help=f"Why. {each}.")


def must_fit(choice: Choice, why: Grounds, grounds: Mapping[Choice, Collection[Grounds]]) -> None:
    """Wrong usage where a choice does not rest on such grounds."""
    if why not in grounds[choice]:
        raise typer.BadParameter(f"one of {', '.join(sorted(grounds[choice]))}", param_hint="--why")


def must_permit(why: Grounds, name: str, authorization: Authorization | None) -> None:
    """Wrong usage where nothing is there that could permit what stays: the log would have a ground that is none."""
    if why is not Grounds.PERMITTED or authorization is not None:
        return
    rules = profiles.load(name)
    if not rules.requires_authorization and not keeps_the_patient(rules):
        raise typer.BadParameter(
            f"{name} rests on no authorization and keeps nobody's own record: read_by_eye or false_alarm",
            param_hint="--why",
        )


def decision(
    task: ReviewRequested,
    choice: ReviewChoice,
    who: tuple[str, Grounds, str],
    burn: Sequence[Place],
    answer: Sequence[Reason] | None,
) -> Decision:
    """What a person says of a task; `who` with why and ticket. Wrong usage for an answer to what is not in doubt."""
    answered = task.reasons if choice is ReviewChoice.RELEASE else tuple(dict.fromkeys(answer or ()))
    if not set(answered) <= set(task.reasons):
        raise typer.BadParameter("only what is in doubt can be answered", param_hint="--answer")
    return Decision(choice, *who, tuple(burn), answered)


def to_burn(values: list[str] | None, shown: tuple[Place, ...] | None, pages: int) -> list[Place]:
    """The places that a person types, and those that the task shows where these are to burn, too (else None)."""
    typed = [place(value, pages) for value in values or ()]
    if shown is not None and not shown and not typed:
        raise typer.BadParameter(
            "this task shows no places; give --burn PAGE:LEFT,TOP,RIGHT,BOTTOM", param_hint="--burn-shown"
        )
    return typed + list(shown or ())


def place(value: str, pages: int) -> Place:
    """A place as a person types it. Ends with wrong usage where it is none."""
    with _as_typed():
        return places.place(value, pages)


def on_pages(to_burn: Sequence[Place], sizes: Sequence[tuple[int, int]]) -> list[Place]:
    """What of the places lies on their pages. Ends with wrong usage where nothing does."""
    with _as_typed():
        return places.on_pages(to_burn, sizes)


@contextmanager
def _as_typed() -> Iterator[None]:
    try:
        yield
    except places.NotAPlace as error:
        raise typer.BadParameter(str(error), param_hint="--burn") from None


def told(task: Task, state: str, places: int | None = None) -> None:
    """In lines; at most so many places of each doubt, all of them where it is None."""
    event = task.event
    typer.echo(f"task      {task.id}, round {event.round}, {state}")
    typer.echo(f"document  {event.document_id} of {event.tenant}, {counted(event.pages, 'page')}")
    typer.echo(f"profile   {event.profile} {event.profile_version}, validated at depth {event.depth.value}")
    for signed in event.signed or ():
        typer.echo(f"signed    {signed.reviewer}, {signed.why.value}, {signed.ticket}: a second person is missing")
    for code in event.reasons:
        told_how = "" if code in ANSWERABLE else " [to be burned or withheld, nobody can answer it]"
        typer.echo(f"doubt     {sentence(code)}{told_how}")
        _tell_places([place for place in event.places if place.reason is code], places)
    _tell_places([place for place in event.places if place.reason not in event.reasons], places)
    if event.places_left_out:
        typer.echo(f"          and {event.places_left_out} more")
    if task.decided:
        decided = task.decided
        typer.echo(f"decided   {decided.choice.value} by {decided.reviewer}, {decided.why.value}, {decided.ticket}")


def _tell_places(shown: list[Place], most: int | None) -> None:
    """Each place once, with all the kinds that were found there; of those beyond `most` their number and pages."""
    kinds: dict[tuple[int, str], list[str]] = {}
    for place in shown:
        kinds.setdefault((place.page + 1, where(place)), []).append(place.kind.value)
    for (_, at), found in list(kinds.items())[:most]:
        typer.echo(f"place     {at}  {', '.join(dict.fromkeys(found))}")
    rest = [page for page, _ in kinds][most:] if most is not None else []
    if rest:
        typer.echo(f"          and {len(rest)} more on {numbered('page', sorted(set(rest)))}")


def where(place: Place) -> str:
    return f"page {place.page + 1}  {place.left},{place.top},{place.right},{place.bottom} px"


def entry(task: Task) -> dict[str, Any]:
    event, decided = task.event, task.decided
    return {
        "id": task.id,
        "kind": "held",
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
        "signed": [signed.reviewer for signed in event.signed or ()],
        "decided": decided
        and {
            "choice": decided.choice.value,
            "reviewer": decided.reviewer,
            "why": decided.why.value,
            "ticket": decided.ticket,
        },
    }


def places_in_doubt(task: ReviewRequested) -> str:
    """How many places are in doubt, for a list; a doubt that names none is about whole pages."""
    count = len(task.places) + task.places_left_out
    return str(count) if count else "whole pages"
