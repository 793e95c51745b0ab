"""A missing or wrong setting ends a command with code 2 and the setting's name: no value, no stack."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from detectors.errors import Reason
from streams.cli import app
from streams.reasons import told

CANARY = "Quillanthe"
ROLES = ("REDOUBT_VAULT__ROLE_ID_FILE", "REDOUBT_VAULT__SECRET_ID_FILE")
NEEDED = {
    "worker": ("REDOUBT_KAFKA__BOOTSTRAP", "REDOUBT_VAULT__ADDRESS", *ROLES),
    "monitor": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "sequencer": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "submit": ("REDOUBT_KAFKA__BOOTSTRAP", "REDOUBT_VAULT__ADDRESS", *ROLES),
    "create-topics": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "init-vault": ("REDOUBT_VAULT__ADDRESS",),
}


def run(name: str, folder: Path, settings: dict[str, str]) -> Result:
    (folder / "file.pdf").write_bytes(b"content")
    options = {
        "submit": [str(folder / "file.pdf"), "--tenant", "t", "--profile", "maximal"],
        "init-vault": ["--credentials", str(folder / "credentials")],
    }.get(name, [])
    unset = {key: None for key in os.environ if key.startswith("REDOUBT_")}
    mask = os.umask(0o077)
    try:
        return CliRunner().invoke(app, [name, *options], env={**unset, "VAULT_TOKEN": "t", **settings})
    finally:
        os.umask(mask)


def check(done: Result, *lines: str) -> None:
    assert done.exit_code == 2
    assert [line for line in lines if f"redoubt: configuration: {line}" not in done.output] == []
    for word in ("Traceback", "frames", ".py", CANARY):
        assert word not in done.output


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_is_missing_is_named(name: str, tmp_path: Path) -> None:
    done = run(name, tmp_path, {})
    check(done, *(f"{variable} is not set" for variable in NEEDED[name]))
    assert done.output.count("is not set") == len(NEEDED[name])


@pytest.mark.parametrize("name", sorted(NEEDED))
@pytest.mark.parametrize(
    ("settings", "variable"),
    [
        ({"REDOUBT_WORKER__PROCESSES": CANARY}, "REDOUBT_WORKER__PROCESSES"),
        ({"REDOUBT_WORKER__PROCESSES": "0"}, "REDOUBT_WORKER__PROCESSES"),
        ({"REDOUBT_ENVIRONMENT": CANARY}, "REDOUBT_ENVIRONMENT"),
        ({"REDOUBT_KAFKA__BOOTSTRP": CANARY}, "REDOUBT_KAFKA__BOOTSTRP"),
        ({"REDOUBT_KAFKA": CANARY}, "a variable that holds a whole part"),
    ],
    ids=["no number", "out of range", "not of the list", "misspelt", "a whole part"],
)
def test_what_is_wrong_is_named_and_not_repeated(
    name: str, settings: dict[str, str], variable: str, tmp_path: Path
) -> None:
    check(run(name, tmp_path, settings), variable)


def test_a_file_that_is_not_there_is_named_by_its_variable(tmp_path: Path) -> None:
    (tmp_path / "role-id").write_text("r")
    settings = {
        "REDOUBT_KAFKA__BOOTSTRAP": "127.0.0.1:1",
        "REDOUBT_VAULT__ADDRESS": "https://127.0.0.1:1",
        "REDOUBT_VAULT__ROLE_ID_FILE": str(tmp_path / "role-id"),
        "REDOUBT_VAULT__SECRET_ID_FILE": str(tmp_path / CANARY),
        "REDOUBT_VAULT__CA_FILE": str(tmp_path),
    }
    for name in ("worker", "submit"):
        done = run(name, tmp_path, settings)
        check(done, "REDOUBT_VAULT__SECRET_ID_FILE: there is no such file", "REDOUBT_VAULT__CA_FILE: there is no such")
        assert "ROLE_ID_FILE" not in done.output


def test_a_vault_that_is_away_is_told_in_words(tmp_path: Path) -> None:
    for name in ("role-id", "secret-id"):
        (tmp_path / name).write_text(CANARY)
    for store in ("phi", "masked"):
        (tmp_path / store).mkdir(mode=0o700)
    settings = {
        "REDOUBT_KAFKA__BOOTSTRAP": "127.0.0.1:1",
        "REDOUBT_VAULT__ADDRESS": "https://127.0.0.1:1",
        "REDOUBT_VAULT__ROLE_ID_FILE": str(tmp_path / "role-id"),
        "REDOUBT_VAULT__SECRET_ID_FILE": str(tmp_path / "secret-id"),
        "REDOUBT_STORE__PHI_URL": (tmp_path / "phi").as_uri(),
        "REDOUBT_STORE__MASKED_URL": (tmp_path / "masked").as_uri(),
    }
    done = run("submit", tmp_path, settings)
    assert done.exit_code == 1
    assert f"redoubt: not sent: {told(Reason.VAULT_UNAVAILABLE)}" in done.output
    assert CANARY not in done.output
    assert "Traceback" not in done.output
    plain = run("submit", tmp_path, {**settings, "REDOUBT_VAULT__ADDRESS": "http://127.0.0.1:1"})
    assert plain.exit_code == 2  # a vault without TLS is a wrong setting
