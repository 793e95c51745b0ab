"""`redoubt learn`: what reviewers marked becomes examples, words and shapes, and nobody's values."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, PageReading
from detectors.reading.engines.engine import Engine
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from policies.attack.finished.raster import finished_page
from streams import wiring
from streams.cli.review.desk import STORE
from streams.cli.shared.acting import Actor, Ticket, failing_in_words, settings_for
from streams.cli.shared.configuration import BROKER, VAULT, configured
from streams.kafka.access import Role
from streams.review.learn.learning import Learning, Plan
from streams.review.reviewer import LEARNED, Reviewer, tasks

Folder = Annotated[
    Path, typer.Argument(help="PHI zone: where the institution's own lists and the index of examples lie.")
]


def learn(
    folder: Folder,
    actor: Actor,
    ticket: Ticket,
    apply: Annotated[bool, typer.Option("--apply", help="Write what is shown; without it nothing is.")] = False,
) -> None:
    """Take reviewers' decisions as examples: identifiers that were missed, and words that were none.

    Shows which words and shapes would be learned, why the rest would not, and what the detectors would then get right.
    Examples stay sealed under their documents' keys. That a held copy is read is audited first.
    Exit codes: 0 shown or written; 1 a part failed; 2 wrong usage or configuration.
    """
    from detectors.text.analyzer import TextDetector  # Presidio comes with it: not for every command

    settings_for(Role.REVIEWER)
    settings = configured(*BROKER, *VAULT, *STORE)
    engine, reviewer = TesserocrEngine(), Reviewer(settings.kafka)
    with failing_in_words(), wiring.sealed(settings) as sealed:
        decisions = [task.decided for task in tasks(settings.kafka) if task.decided is not None]
        learning = Learning(
            folder,
            sealed,
            partial(read, engine),
            TextDetector().spans,
            lambda decided: reviewer.opening(decided.task, actor, ticket, LEARNED),
        )
        plan = learning.plan(decisions)
        _tell(plan)
        if apply:
            try:
                learning.apply(plan)
            except OSError:
                raise RedoubtError(Reason.STORE_UNAVAILABLE) from None


def read(engine: Engine, copy: bytes, page: int) -> PageReading:
    """A page of a finished copy, as a person sees it."""
    shown = finished_page(copy, page)
    return recognize(PageRaster(shown.pixels, shown.dpi, lossy=shown.lossy), engine)[0]


def _tell(plan: Plan) -> None:
    effect = plan.effect
    typer.echo(f"decisions {len(plan.fresh)} new; {plan.gone} of documents that are gone")
    for verdict, count in sorted((plan.lessons.verdicts or {}).items()):
        typer.echo(f"examples  {count} {verdict.value}")
    for word in sorted(plan.after.harmless - plan.before.harmless):
        typer.echo(f"word      + {word}")
    for shape, kind in sorted(plan.after.shapes - plan.before.shapes):
        typer.echo(f"shape     + {shape} {kind.value}")
    typer.echo(f"missed    {effect.found_before} of {effect.missed} found, then {effect.found_after}")
    typer.echo(f"wrong     {effect.left_before} of {effect.wrong} left alone, then {effect.left_after}")
