"""The command `redoubt`. One module a command; each says on `--help` what a newcomer needs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from detectors.errors import RedoubtError
from streams import __version__
from streams.cli import exit_codes
from streams.cli.attestor import attestor
from streams.cli.audit import audit
from streams.cli.canaries import canaries
from streams.cli.check import check
from streams.cli.demo import demo
from streams.cli.detect import detect
from streams.cli.evidence import evidence
from streams.cli.export import export
from streams.cli.keys import keys
from streams.cli.learn import learn
from streams.cli.monitor import monitor
from streams.cli.prepare import create_acls, create_stores, create_topics, init_vault
from streams.cli.redact import redact
from streams.cli.reidentifier import reidentifier
from streams.cli.reidentify import reidentify
from streams.cli.rejected import rejected
from streams.cli.retention import retention
from streams.cli.review import review
from streams.cli.sequencer import sequencer
from streams.cli.submit import submit
from streams.cli.verify import verify
from streams.cli.whole import Whole
from streams.cli.worker import worker
from streams.hardening import forbid_core_dumps, import_nothing_from_here

app = typer.Typer(
    name="redoubt",
    cls=Whole,
    help="Keeps protected health information from leaking out of medical documents.",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,  # its tables cut the names of long options, which nobody can then type
    pretty_exceptions_enable=False,  # a traceback shows values, and values are patients
)
_COMMANDS = (redact, check, verify, detect, demo, submit, worker, attestor, monitor, sequencer, reidentifier)
for command in (*_COMMANDS, create_topics, create_acls, create_stores, init_vault):
    app.command()(command)
app.add_typer(canaries, name="canaries", cls=Whole)
app.add_typer(audit, name="audit", cls=Whole)
app.command()(export)
app.command()(learn)
app.command()(evidence)
app.add_typer(rejected, name="rejected", cls=Whole)
app.add_typer(review, name="review", cls=Whole)
app.add_typer(retention, name="retention", cls=Whole)
app.add_typer(keys, name="keys", cls=Whole)
app.add_typer(reidentify, name="reidentify", cls=Whole)


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
