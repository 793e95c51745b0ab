"""The command `redoubt`. One module a command; each says on `--help` what a newcomer needs."""

from __future__ import annotations

import sys
from typing import Annotated, ClassVar

import typer

from detectors.errors import RedoubtError
from streams import __version__
from streams.cli.shared import exit_codes
from streams.cli.shared.later import Later, Listed
from streams.cli.shared.profiled import Profiled
from streams.hardening import forbid_core_dumps, import_nothing_from_here, report_to_nobody


class Redoubt(Listed):
    table: ClassVar = {
        "redact": Later("redact", "Write redacted copies of documents, without broker or vault.", Profiled),
        "check": Later("check", "Find redactions that do not hold, in PDF files that somebody else made."),
        "verify": Later("verify", "Check a released copy against its attestation, without broker, vault or network."),
        "detect": Later("detect", "List what a profile would act on in lines of text.", Profiled),
        "demo": Later("demo", "Run the whole gateway once, on synthetic documents, and check what came out."),
        "submit": Later("submit", "Send documents to the gateway; prints one document id a file, in order.", Profiled),
        "worker": Later(
            "worker", "Take documents from `phi.documents`, redact and validate them, publish what came of each."
        ),
        "attestor": Later(
            "attestor",
            "Sign a statement on every release of the worker that shares the socket REDOUBT_ATTESTOR__SOCKET.",
        ),
        "monitor": Later(
            "monitor", "Read `leakage.observations`, write `leakage.windows`: counts for each profile and span of time."
        ),
        "sequencer": Later(
            "sequencer", "Read `audit.pending`, write `audit.entries`: each entry with its index and Merkle leaf."
        ),
        "reidentifier": Later(
            "reidentifier",
            "Turn tokens back over TLS, each time on record: POST /v1/turn-back and /v1/confirm (see docs/tokens.md).",
        ),
        "create-topics": Later(
            "prepare",
            "Create the gateway's topics on the Kafka of the REDOUBT_* variables; those that exist stay as they are.",
        ),
        "create-acls": Later(
            "prepare",
            "Give each named principal the rights of its role on the Kafka of the REDOUBT_* variables, and no other.",
        ),
        "create-stores": Later(
            "prepare",
            "Mark the places of REDOUBT_STORE__PHI_URL and REDOUBT_STORE__MASKED_URL as the gateway's stores; make "
            "folders.",
        ),
        "init-vault": Later(
            "prepare",
            "Create key rings, keys, and a policy and an AppRole for each role on the Vault of the REDOUBT_* "
            "variables.",
        ),
        "export": Later(
            "export",
            "Write every tokenized record that is not in the folder yet, up to the topic's end, as Parquet files.",
        ),
        "learn": Later(
            "learn", "Take reviewers' decisions as examples: identifiers that were missed, and words that were none."
        ),
        "evidence": Later(
            "evidence", "Pack what proves the releases of one document, or of every document of some days."
        ),
        "canaries": Later(
            "canaries",
            "Synthetic patients' documents, planted among real ones, and an independent look at their released copies.",
        ),
        "audit": Later("audit", "Prove what the audit log holds, and check such proofs offline with the public key."),
        "rejected": Later("rejected", "Documents that were rejected or withheld: ids and reason codes, never content."),
        "review": Later("review", "Copies that wait for a person: pages, places, kinds and reason codes, never text."),
        "retention": Later(
            "retention", "How long documents are kept: by retention class, and never shorter than a legal hold."
        ),
        "keys": Later(
            "keys", "Rotate the key that wraps every document's data key, and the one that tokens are made with."
        ),
        "reidentify": Later("reidentify", "Turn tokens back into identifiers."),
    }


app = typer.Typer(
    name="redoubt",
    cls=Redoubt,
    help="Keeps protected health information from leaking out of medical documents.",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,  # its tables cut the names of long options, which nobody can then type
    pretty_exceptions_enable=False,  # a traceback shows values, and values are patients
)


@app.callback()
def redoubt(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Keeps protected health information from leaking out of medical documents."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Entry point. An unforeseen error prints its class, its reason code and its place, never its text."""
    forbid_core_dumps()
    import_nothing_from_here()
    report_to_nobody()
    try:
        app()
    except Exception as error:  # noqa: BLE001  the last boundary before the terminal
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "unknown"
        what = f"{type(error).__name__}({error.reason})" if isinstance(error, RedoubtError) else type(error).__name__
        sys.stderr.write(f"redoubt: unexpected {what} at {place}\n")
        sys.exit(exit_codes.UNFORESEEN)
