"""`redoubt evidence`: one archive that says what was released, how, and with what proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams.cli.audit import log_and_head
from streams.cli.shared.acting import EXIT_FAILED, failing_in_words, settings_for
from streams.events import AuditSequenced, CanaryJudged, DocumentMasked, LeakageObserved, SampleJudged
from streams.evidence import redteam
from streams.evidence.gathered import Gathered, Scope
from streams.kafka.access import Role
from streams.kafka.snapshot import snapshot
from streams.kafka.topics import CANARY_RESULTS, LEAKAGE_OBSERVATIONS, MASKED_DOCUMENTS
from streams.settings import Settings
from streams.store.claims import ClaimStore, get_addressed, open_claims
from streams.store.private import write_private

_ID: Final = re.compile(r"[0-9a-f]{32}")
_DAY: Final = "%Y-%m-%d"

Out = Annotated[Path, typer.Option("--out", help="Where the archive goes, ZIP.", dir_okay=False)]
Document = Annotated[str | None, typer.Option(help="Id of a document, 32 hexadecimal digits.")]
First = Annotated[datetime | None, typer.Option("--from", help="First day, UTC, as in 2026-03-01.", formats=[_DAY])]
Last = Annotated[datetime | None, typer.Option("--to", help="Last day, UTC.", formats=[_DAY])]
Results = Annotated[
    Path | None,
    typer.Option("--red-team", help="What `leakage-tests --json` wrote.", exists=True, dir_okay=False),
]


def evidence(
    out: Out, document: Document = None, first: First = None, last: Last = None, red_team: Results = None
) -> None:
    """Pack what proves the releases of one document, or of every document of some days.

    Attestations, proofs that the audit log has every act, counts by kind, validation, people's decisions, the
    profiles' texts, canary bounds, and a map from the HIPAA rules to controls and tests; as HTML, PDF and JSON,
    without any content. Needs the auditor's credentials and read access to the store of released copies. Counts and
    validation are there for as long as the topics keep them, the rest for as long as log and store do.
    Exit codes: 0 written; 1 a part failed, or no document is in scope; 2 wrong usage or configuration.
    """
    # Here alone: the pages are made with a library that takes half a second to load.
    from streams.evidence.package import package

    if document is not None and not _ID.fullmatch(document):
        raise typer.BadParameter("32 hexadecimal digits", param_hint="--document")
    try:
        scope = Scope(document, _day(first), _day(last))
    except ValueError:
        raise typer.BadParameter("either --document, or --from and --to in their order") from None
    results = red_team.read_bytes() if red_team else None
    if results is not None:
        try:
            redteam.read(results)
        except RedoubtError:
            raise typer.BadParameter("not what leakage-tests --json wrote", param_hint="--red-team") from None
    settings = settings_for(Role.AUDITOR, "store.masked_url")
    with failing_in_words():
        written(out, package(scope, _gathered(settings, scope, results)))


def written(out: Path, content: bytes) -> None:
    """Puts it there for this user alone. Ends in words where that is not possible."""
    try:
        write_private(out, content)
    except OSError:
        typer.echo("redoubt: it cannot be written there", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    typer.echo(f"written: {len(content)} bytes")


def _gathered(settings: Settings, scope: Scope, results: bytes | None) -> Gathered:
    log, head = log_and_head(settings)
    wanted = set(scope.documents(log[: head.size]))
    if not wanted and not scope.others(log[: head.size]):
        raise RedoubtError(Reason.CONTENT_MISSING)
    seen = snapshot(
        settings.kafka, f"{Role.AUDITOR.value}-evidence", [MASKED_DOCUMENTS, LEAKAGE_OBSERVATIONS, CANARY_RESULTS]
    )
    events = [each.event for each in seen]
    masked = [e for e in events if isinstance(e, DocumentMasked) and e.document_id in wanted]
    store = open_claims(settings.store.masked_url, begins=False)
    return Gathered(
        log=log,
        head=head,
        masked=masked,
        observed=[e for e in events if isinstance(e, LeakageObserved) and e.document_id in wanted],
        judged=[e for e in events if isinstance(e, CanaryJudged)],
        looked_at=[e for e in events if isinstance(e, SampleJudged)],
        attestations=dict(_attestations(store, log[: head.size], masked, wanted)),
        results=results,
    )


def _attestations(
    store: ClaimStore, log: Iterable[AuditSequenced], masked: Iterable[DocumentMasked], wanted: Set[str]
) -> Iterator[tuple[str, bytes]]:
    """The statements of the last releases. Those of documents that ended since are gone with them; entries of before
    do not say where one lies, and the event does for a while."""
    lie = {e.document_id: e.attestation for e in masked}
    lie |= {each.entry.document_id: each.entry.attestation for each in log if each.entry.attestation}
    for id, reference in lie.items():
        if id not in wanted or reference is None:
            continue
        try:
            yield id, get_addressed(store, reference)
        except RedoubtError as error:
            if error.reason is not Reason.CONTENT_MISSING:
                raise


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
