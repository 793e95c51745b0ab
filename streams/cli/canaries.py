"""`redoubt canaries`: synthetic documents sent through the gateway as any other, and what of them still shows."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams import wiring
from streams.canaries.holds import ClassHold
from streams.canaries.table import bounded, looked_at
from streams.cli.evidence import written
from streams.cli.shared.acting import Actor, AsJson, Ticket, failing_in_words, minute, name, settings_for, told_list
from streams.cli.shared.configuration import BROKER, VAULT, configured
from streams.cli.shared.inputs import profile_from
from streams.cli.shared.service import run_service, told_configuration
from streams.cli.shared.usage import parser
from streams.cli.shared.whole import Whole
from streams.events import CanaryJudged, DocumentClass, SampleJudged
from streams.evidence.report import bounds_page
from streams.kafka.access import Role
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.snapshot import snapshot
from streams.kafka.submit import Request
from streams.kafka.topics import CANARY_RESULTS, LEAKAGE_OBSERVATIONS
from streams.settings import Settings

HOUR_S: Final = 3600.0
STORE: Final = ("store.phi_url",)
_COLUMNS: Final[dict[str, Callable[[ClassHold], str]]] = {
    "tenant": lambda hold: hold.tenant,
    "class": lambda hold: hold.document_class,
    "profile": lambda hold: hold.profile,
    "document": lambda hold: hold.document_id,
    "since": lambda hold: minute(hold.since),
}

canaries = typer.Typer(
    help="Synthetic patients' documents, planted among real ones, and an independent look at their released copies.",
    no_args_is_help=True,
    cls=Whole,
)


@canaries.command()
def plant(
    tenant: Annotated[str, typer.Option(help="Among whose documents they go.")],
    profile: Annotated[str, typer.Option(help="As that tenant's documents are released, e.g. hipaa-safe-harbor.")],
    count: Annotated[int, typer.Option(help="How many.", min=1)] = 1,
    per_hour: Annotated[float, typer.Option(help="No faster than this.", min=0.1)] = 60.0,
    seed: Annotated[int | None, typer.Option(help="The same seed makes the same documents; random without.")] = None,
) -> None:
    """Submit synthetic documents of every class and scan quality in turn, each written into the ledger first.

    Needs the submitter's credentials; no other part can tell them from a patient's until publishing asks the ledger.
    Ctrl-C ends it. Exit codes: 0 all sent; 1 a part failed; 2 wrong usage or configuration.
    """
    # Here alone: what makes documents takes a second to load.
    from streams.canaries.documents import generate
    from streams.canaries.ledger import Planted

    profile_from(profile)
    settings = settings_for(Role.SUBMITTER, *VAULT)
    chosen = secrets.randbelow(2**31) if seed is None else seed
    pause = threading.Event()
    with failing_in_words(), wiring.submitter(settings) as submit:
        ledger = wiring.ledger(settings)
        for index, document in enumerate(generate(chosen, count)):
            if index:
                pause.wait(HOUR_S / per_hour)
            document_id = secrets.token_hex(16)
            ledger.plant(document_id, Planted(chosen, index, document.layout.value, document.format.value))
            request = Request(tenant, profile, DocumentClass(document.document_class))
            submit.submit(document.content, request, document.subject, document_id)
            submit.flush()
            typer.echo(document_id)


@canaries.command()
def bounds(
    out: Annotated[Path, typer.Option(help="Where the page goes, HTML.", dir_okay=False)],
) -> None:
    """Write a page that says how much may leak, per tenant, class and quality of the scan, for who runs none of this.

    From every judgement of planted documents that canary.results still has, and, apart from them, of releases that
    were looked at again, in leakage.observations. Needs the auditor's credentials. Exit codes: 0 written; 1 the
    broker failed; 2 wrong configuration.
    """
    settings = settings_for(Role.AUDITOR)
    with failing_in_words():
        seen = snapshot(settings.kafka, Role.AUDITOR.value, [CANARY_RESULTS, LEAKAGE_OBSERVATIONS])
        rows = bounded(each.event for each in seen if isinstance(each.event, CanaryJudged))
        seconds = looked_at(each.event for each in seen if isinstance(each.event, SampleJudged))
        written(out, bounds_page(rows, seconds).encode())


@canaries.command()
def holds(as_json: AsJson = False) -> None:
    """Which classes of documents are held, because a planted one of them leaked under a profile that holds its class.

    Needs the store of REDOUBT_STORE__PHI_URL. Exit codes: 0 listed; 1 the store failed; 2 wrong configuration.
    """
    settings = configured(*STORE)
    with failing_in_words():
        found = sorted(wiring.class_holds(settings).all(), key=lambda hold: hold.since)
    told_list(found, _COLUMNS, lambda hold: {name: told(hold) for name, told in _COLUMNS.items()}, as_json)


@canaries.command()
def lift(
    tenant: Annotated[str, typer.Argument(help="Whose class it is.", callback=name)],
    document_class: Annotated[str, typer.Argument(help="The class that is held.", callback=parser(DocumentClass))],
    actor: Actor,
    ticket: Ticket,
) -> None:
    """Let a class that was held be released again; the audit log has it first. Needs the operator's credentials.

    What was withheld meanwhile is replayed with: redoubt rejected replay --reason class_held. Exit codes: 0 lifted;
    1 it is not held, or a part failed; 2 wrong usage or configuration.
    """
    settings = settings_for(Role.OPERATOR, *STORE)
    with failing_in_words():
        held = wiring.class_holds(settings)
        found = held.find(tenant, document_class)
        if found is None:
            raise RedoubtError(Reason.CONTENT_MISSING)
        held.lift(found, actor, ticket, AuditWriter(settings.kafka).append)
    typer.echo(f"lifted: {document_class} of {tenant}")


@canaries.command()
def judge() -> None:
    """Read every released canary and publish what of it still shows; the monitor bounds the leaks by it.

    One at a time. Configured by REDOUBT_* variables (see docs/operations.md). Exit codes: 0 stopped; 2 wrong
    configuration; 3 a part is missing or refuses; 4 the broker refused or was away for too long: a restart resumes.
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        with wiring.judging(settings) as judging:
            told_configuration(settings, Role.JUDGE)
            return judging.run(stop)

    raise typer.Exit(run_service(Role.JUDGE, run, BROKER))
