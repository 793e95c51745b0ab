"""The entry point: what a newcomer is told, and that an unforeseen error says where it was, never what it held."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from policies import profile
from streams.cli import app
from streams.cli.shared import exit_codes

CANARY = "Quillanthe"
TOLD: dict[str, tuple[str, ...]] = {
    "redact": (
        *("OUT/review", "report.json", "exit codes", "--profile", "maximal", "--patient", "--keep-names", "pdf, tiff"),
        *("--authorization-id", "last valid day", "--records", "--keyring", "--processes", "--deadline"),
        *("--authorization-allows", "--overwrite", "copies are pdf", "of released copies only", "lab_report", "sud"),
    ),
    "detect": (
        "exit codes",
        "half-open",
        "spans",
        "score",
        "layer",
        "over its whole text",
        "--profile",
        "overwritten",
        "blank line",
    ),
    "worker": ("exit codes", "docs/operations.md", "phi.documents", "sigterm"),
    "monitor": ("docs/operations.md", "leakage.observations", "leakage.windows", "before the first document"),
    "verify": ("exit codes", "--attestation", "--public-key", "--input-key", "without broker", "any changed byte"),
    "check": ("exit codes", "earlier revisions", "never what", "--json", "--deadline"),
    "attestor": ("exit codes", "docs/operations.md", "redoubt_attestor__socket", "another user"),
    "sequencer": ("docs/operations.md", "audit.entries", "one at a time"),
    "reidentifier": ("exit codes", "docs/tokens.md", "redoubt_reidentify__issuer", "on record"),
    "create-topics": ("redoubt_*", "--partitions", "--replication", "stay as they are"),
    "create-acls": ("redoubt_*", "--worker", "--analyst", "user:", "may be run again", "docs/operations.md"),
    "create-stores": ("redoubt_store__phi_url", "exit codes", "may be run again", "mount the volumes first"),
    "init-vault": ("vault_token", "--credentials", "may be run again"),
    "evidence": ("exit codes", "--document", "--from", "--to", "--red-team", "without any content", "auditor"),
    "learn": ("exit codes", "--apply", "sealed", "audited first", "words and shapes"),
    "export": ("exit codes", "pages/", "tokens/", "once", "sigterm"),
    "submit": ("exit codes", "readme", "--tenant", "--profile", "--patient", "sealed", "--authorization-allows"),
    "demo": ("exit codes", "--documents", "--seed", "--out", "loopback", "ctrl-c"),
}


def squeezed(text: str) -> str:
    """Without the frames and line breaks that the terminal's width makes."""
    return re.sub(r"[\s│]+", " ", re.sub(r"\x1b\[[0-9;]*m", "", text)).casefold()


def help_of(*arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})
    assert done.exit_code == 0
    return squeezed(done.output)


def test_every_command_is_listed_and_looked_at_here() -> None:
    listed = help_of()
    found = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert {name for name, command in found.items() if not hasattr(command, "commands")} == set(TOLD)
    assert [name for name in TOLD if f" {name} " not in listed] == []


@pytest.mark.parametrize("name", sorted(TOLD))
def test_help_says_what_a_newcomer_needs(name: str) -> None:
    said = help_of(name)
    assert [words for words in TOLD[name] if words.casefold() not in said] == []


def every_command(command: Any, *before: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield before, command
    for name, within in getattr(command, "commands", {}).items():
        yield from every_command(within, *before, name)


def test_what_a_list_says_of_a_command_is_what_the_command_says() -> None:
    """Lists are written from tables, so that they load no command."""
    told, says = dict[str, str](), dict[str, str]()
    for words, group in every_command(typer.main.get_command(app)):
        for name, later in getattr(group, "table", {}).items():
            command = " ".join((*words, name))
            told[command] = later.says
            says[command] = group.commands[name].get_short_help_str(limit=1000)
    assert len(told) > 30
    assert told == says


def test_eighty_columns_hold_every_option_and_every_first_sentence_whole() -> None:
    """What is cut with an ellipsis nobody can type."""
    for words, command in every_command(typer.main.get_command(app)):
        done = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
        assert "…" not in done.output, words
        assert [line for line in done.output.splitlines() if len(line) > 80] == [], words
        shown = done.output.partition("Commands:\n")[2]
        assert "..." not in shown, words
        for parameter in command.params:
            named = [name for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("--")]
            assert [name for name in named if not re.search(rf"{name}(?![\w-])", done.output)] == [], words


def test_without_a_command_the_help_is_shown() -> None:
    done = CliRunner().invoke(app, [])
    assert "redact" in done.output
    assert done.exit_code == 2


def test_an_unforeseen_error_prints_no_content() -> None:
    """A recognizer, a library, anything: its message holds what it was working on."""
    program = textwrap.dedent(
        f"""
        import streams.cli.redact
        def broken():
            patient = {CANARY!r}
            raise ValueError("cannot parse " + patient)
        streams.cli.redact.redact = broken
        streams.cli.main()
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "redact"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == exit_codes.UNFORESEEN
    assert "ValueError" in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_told() -> None:
    """Statements and reports name it."""
    import streams

    ran = subprocess.run([sys.executable, "-m", "streams.cli", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"{streams.__version__}\n"


@pytest.mark.parametrize("name", ["redact", "submit", "detect"])
def test_who_chooses_a_profile_is_told_each_in_a_line(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    lines = done.output.partition("Profiles:\n")[2].splitlines()
    shown = dict(line.split(maxsplit=1) for line in lines[: len(profile.names())])
    assert shown == {name: profile.load(name).title for name in profile.names()}
