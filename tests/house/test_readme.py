"""Docs are run: a command, option, profile, setting or file that README names exists."""

import re
from pathlib import Path

import pytest
import typer.main

from policies import profile as profiles
from streams.cli import app
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def _calls() -> list[tuple[str, list[str]]]:
    found = re.findall(r"(?:^|[`/ &])redoubt ([a-z]+)((?: [^\n`&]*)?)", README, flags=re.MULTILINE)
    return [(command, re.findall(r"--[a-z-]+", rest)) for command, rest in found if command in COMMANDS]


def test_readme_shows_commands() -> None:
    assert {"redact", "detect", "worker", "submit"} <= {command for command, _ in _calls()}


@pytest.mark.parametrize(("command", "options"), _calls())
def test_options_exist(command: str, options: list[str]) -> None:
    known = {name for parameter in COMMANDS[command].params for name in parameter.opts}
    assert set(options) <= known


def test_every_option_in_the_prose_belongs_to_a_command() -> None:
    known = {name for c in COMMANDS.values() for p in c.params for name in p.opts}
    assert set(re.findall(r"`(--[a-z-]+)", README)) <= known


def test_every_profile_is_named() -> None:
    assert all(f"`{name}`" in README for name in profiles.names())


def test_settings_exist() -> None:
    for name in re.findall(r"REDOUBT_([A-Z_]+)", README):
        part, _, field = name.lower().partition("__")
        assert part in Settings.model_fields
        if field:
            assert field in type(getattr(Settings(), part)).model_fields


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", README)) <= targets
