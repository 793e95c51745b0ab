"""`redoubt audit`: proofs over the audit log, and their check on any machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from confluent_kafka import KafkaException

from detectors.errors import Reason, RedoubtError
from streams.attest.envelope import public_keys
from streams.audit import proofs
from streams.audit.configuration import facts, id_of
from streams.audit.heads import unverified
from streams.audit.log import checked, read_all
from streams.audit.tree import Tree
from streams.cli.shared.acting import EXIT_FAILED, failing_in_words, settings_for
from streams.cli.shared.configuration import configured
from streams.cli.shared.whole import Whole
from streams.events import AuditHead, AuditSequenced
from streams.kafka.access import Role, group
from streams.kafka.topics import AUDIT_ENTRIES, AUDIT_HEADS
from streams.settings import Settings

EXIT_NOT_PROVED: Final = 1

audit = typer.Typer(
    help="Prove what the audit log holds, and check such proofs offline with the public key.",
    no_args_is_help=True,
    cls=Whole,
)

Out = Annotated[Path, typer.Option("--out", help="Where the proof goes, JSON.", dir_okay=False)]
HeadFile = Annotated[Path, typer.Argument(help="A signed head that was kept, JSON.", exists=True, dir_okay=False)]


@audit.command()
def prove(
    id: Annotated[str, typer.Argument(help="Id of an entry or a document, 32 hexadecimal digits.")],
    out: Out,
) -> None:
    """Prove that every entry of a document, or one entry, is in the log under its newest signed head.

    Exit codes: 0 written; 1 the broker failed, there is no such entry under a head, or the log is not as it must be;
    2 wrong configuration.
    """
    with failing_in_words():
        log, head = log_and_head(settings_for(Role.AUDITOR))
        _write(out, proofs.inclusion(log, head, id))


@audit.command()
def extend(head_file: HeadFile, out: Out) -> None:
    """Prove that the log under its newest signed head begins with all of the log under HEAD_FILE.

    Exit codes: 0 written; 1 the broker failed, or the log is not as it must be; 2 wrong usage or configuration.
    """
    old = head_file.read_bytes()
    with failing_in_words():
        log, head = log_and_head(settings_for(Role.AUDITOR))
        _write(out, proofs.consistency(log, old, unverified(old).size, head))


@audit.command()
def export(out: Out) -> None:
    """Write the whole log up to its newest signed head, to be checked or kept elsewhere.

    Exit codes: 0 written; 1 the broker failed, or the log is not as it must be; 2 wrong configuration.
    """
    with failing_in_words():
        log, head = log_and_head(settings_for(Role.AUDITOR))
        _write(out, proofs.whole(log, head))


@audit.command()
def verify(
    proof: Annotated[Path, typer.Argument(help="What prove, extend or export wrote.", exists=True, dir_okay=False)],
    public_key: Annotated[
        list[Path], typer.Option(help="Ed25519 key in PEM form; may be given again.", exists=True, dir_okay=False)
    ],
    head: Annotated[
        list[Path] | None,
        typer.Option(
            help="A head kept elsewhere, which the proof must speak of: an exported log on its way, an extension at "
            "one of its ends, an inclusion as its head. May be given again.",
            exists=True,
        ),
    ] = None,
) -> None:
    """Check a proof offline: no broker, no vault, no network.

    Exit codes: 0 proved; 1 something was edited, dropped, reordered or cut off, nobody of these keys signed it, or it
    speaks of another head than the one kept; 2 wrong usage.
    """
    try:
        keys = public_keys(public_key)
    except RedoubtError:
        raise typer.BadParameter("no Ed25519 public key in PEM form", param_hint="--public-key") from None
    try:
        found = proofs.verify(proof.read_bytes(), keys, [file.read_bytes() for file in head or ()])
    except RedoubtError:
        typer.echo(
            "redoubt: not proved: it was changed, none of these keys signed its head, or it does not fit a head kept",
            err=True,
        )
        raise typer.Exit(EXIT_NOT_PROVED) from None
    typer.echo(f"proved: {found.kind}, {found.entries} entries, head over {found.head.size} signed {found.head.time}")


@audit.command()
def configuration() -> None:
    """Print what a process goes by under these REDOUBT_* variables, without secrets, and the id that stands for it.

    A process that starts leaves that id in the log (configuration.in_force): run this beside it, and keep what it
    says. Nothing is contacted. Exit codes: 0 printed; 2 wrong configuration.
    """
    found = facts(configured())
    typer.echo(json.dumps({"id": id_of(found), **found}, indent=1, sort_keys=True))


def log_and_head(settings: Settings) -> tuple[list[AuditSequenced], AuditHead]:
    """The log, each entry checked in its place, and the newest head over it.

    Raises RedoubtError: BROKER_UNAVAILABLE; HASH_MISMATCH for a log that was touched; CONTENT_MISSING without a head.
    """
    log, heads, tree = list[AuditSequenced](), list[AuditHead](), Tree()

    def take(event: AuditSequenced) -> None:
        nonlocal tree
        tree = checked(tree, event)
        log.append(event)

    try:
        # Heads first: each is then over entries that are there.
        read_all(settings.kafka, _group(settings), AUDIT_HEADS, AuditHead, heads.append)
        read_all(settings.kafka, _group(settings), AUDIT_ENTRIES, AuditSequenced, take)
    except KafkaException:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
    if any(head.size > len(log) for head in heads):
        # A head was signed over entries that are gone.
        raise RedoubtError(Reason.HASH_MISMATCH)
    return log, proofs.newest(heads, log)


def _group(settings: Settings) -> str:
    return f"{group(Role.AUDITOR, settings.kafka.group)}-proofs"


def _write(out: Path, proof: dict[str, Any]) -> None:
    try:
        out.write_text(json.dumps(proof, indent=1, sort_keys=True) + "\n")
    except OSError:
        typer.echo("redoubt: the proof cannot be written there", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    typer.echo(f"written, under a head of {proofs.size_of(proof)} entries")
