"""docs/operations.md is held to the code: its settings, rights, commands, exit codes, and the tests that it names."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
from pydantic import BaseModel

from streams.cli import app
from streams.cli.shared.configuration import EXIT_CONFIGURATION
from streams.kafka import EXIT_BROKER, EXIT_OK, EXIT_STOPPED
from streams.kafka.access import Operation, Resource, Right, Role, rights
from streams.settings import Settings, variable

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()


def _rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, its head left out."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = re.search(r"(?:^\|.*\n)+", section, flags=re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_setting_is_in_the_table_and_no_other() -> None:
    known = set()
    for part, field in Settings.model_fields.items():
        inner = field.annotation
        whole = isinstance(inner, type) and issubclass(inner, BaseModel)
        known |= {variable(part, name) for name in inner.model_fields} if whole else {variable(part)}
    assert {cell[0].strip("`") for cell in _rows("Settings")} == known


def test_the_table_of_rights_is_the_one_in_the_code() -> None:
    shown = {row[0]: row[1:] for row in _rows("Principals and rights")}
    assert list(shown) == [role.value for role in Role]
    columns = [
        (Resource.TOPIC, Operation.READ),
        (Resource.TOPIC, Operation.WRITE),
        (None, Operation.DESCRIBE),
        (Resource.GROUP, Operation.READ),
        (Resource.TRANSACTIONAL_ID, Operation.WRITE),
    ]
    for role in Role:
        for cell, (resource, operation) in zip(shown[role.value], columns, strict=True):
            of = [r for r in rights(role) if r.operation is operation and resource in (None, r.resource)]
            assert _names(cell) == {_named(right) for right in of}, (role, operation)


def _named(right: Right) -> str:
    return right.name + "*" * right.prefixed


def test_every_test_that_is_named_exists() -> None:
    there = set()
    for folder in ("tests", "leakage-tests"):
        for file in (ROOT / folder).rglob("test_*.py"):
            there |= set(re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), flags=re.MULTILINE))
    faults = _rows("Faults")
    assert all(_names(row[-1]) for row in faults), "a fault without a test"
    assert {name for row in faults for name in _names(row[-1])} <= there


def test_every_exit_code_is_told() -> None:
    assert {int(row[0]) for row in _rows("Start")} == {EXIT_OK, EXIT_CONFIGURATION, EXIT_STOPPED, EXIT_BROKER}


def test_commands_and_options_exist() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    calls = re.findall(r"redoubt ((?:create|init)-[a-z]+)([^\n`]*)", PAGE)
    assert {"create-topics", "create-acls", "create-stores", "init-vault"} == {command for command, _ in calls}
    for command, rest in calls:
        known = {name for parameter in commands[command].params for name in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, command
