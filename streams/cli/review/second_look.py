"""What `redoubt review` says of released documents that were drawn by lot, and `redoubt review draw`, which draws."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import typer
from prometheus_client import CollectorRegistry

from detectors.pages import Pixels
from streams import wiring
from streams.cli.shared.configuration import BROKER
from streams.cli.shared.service import run_service, told_configuration
from streams.events import Place
from streams.kafka.access import Role
from streams.kafka.watch import watched
from streams.review.second_looks.looks import PORTION, Sample, SecondLook
from streams.settings import Settings
from streams.watch import logs
from streams.watch.endpoint import serve
from streams.watch.health import Health, Part

KEY = ("sampler.key_file",)
MASKED = ("store.masked_url",)


def draw() -> None:
    """Draw released documents by lot for a second look, and count what reviewers said of those that were drawn.

    Those drawn wait in redoubt review list. What comes of it bounds how much leaks, beside the canaries and never
    pooled with them. One at a time, where no worker runs: none may read the key of REDOUBT_SAMPLER__KEY_FILE.
    Exit codes: 0 stopped; 2 wrong configuration; 3 a part is missing or refuses; 4 the broker refused or was away for
    too long: a restart resumes.
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        health, registry, own = Health([Part.BROKER]), CollectorRegistry(), settings.sampler
        found = wiring.sampler(settings)
        registry.register(found)
        port = serve(registry, health, own.metrics_port, own.metrics_address)
        told_configuration(settings, Role.SAMPLER)
        logs.get("sampler").info("sampler started", port=port)
        with watched(settings.kafka, health):
            return found.run(stop)

    raise typer.Exit(run_service(Role.SAMPLER, run, (*BROKER, *KEY)))


def pages(
    sample: Sample, portion: int, settings: Settings, actor: str, ticket: str | None
) -> Iterator[tuple[int, Pixels]]:
    """The pages of a portion; that somebody looks is audited first."""
    yield from SecondLook(settings.kafka).reveal(sample, portion, wiring.masked_store(settings), actor, ticket)


def judge(sample: Sample, places: list[Place], settings: Settings, actor: str, ticket: str) -> str:
    return SecondLook(settings.kafka).judge(sample, tuple(places), actor, ticket)


def told(sample: Sample) -> None:
    event = sample.event
    typer.echo(f"task      {sample.id}, second look, {state(sample)}")
    typer.echo(f"document  {event.document_id} of {event.tenant}, {event.pages} pages, {event.document_class}")
    typer.echo(f"profile   {event.profile}")
    typer.echo("question  can anything be read that the profile takes out?")
    if not event.whole:
        typer.echo(f"pages     {', '.join(str(page + 1) for page in event.shown)}")
    portions = -(-len(event.shown) // PORTION)
    if portions > 1:
        typer.echo(f"look at   {portions} portions of {PORTION} pages (--portion), then decide once")


def state(sample: Sample) -> str:
    if sample.judged is None:
        return "open"
    return "decided: leaks" if sample.judged.leaked else "decided: clean"


def entry(sample: Sample) -> dict[str, Any]:
    event = sample.event
    return {
        "id": sample.id,
        "kind": "second_look",
        "document": event.document_id,
        "tenant": event.tenant,
        "at": sample.at.isoformat(),
        "profile": event.profile,
        "class": event.document_class,
        "pages": event.pages,
        "look_at": [page + 1 for page in event.shown],
        "decided": sample.judged
        and {"choice": state(sample).removeprefix("decided: "), "ticket": sample.judged.ticket},
    }
