"""A missing or wrong setting ends a command with code 2 and the setting's name: no value, no stack."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from detectors.errors import Reason
from streams.cli import app, prepare
from streams.embedded.certificates import LoopbackAuthority
from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import create_topics
from streams.reasons import told
from streams.settings import KafkaSettings

CANARY = "Quillanthe"
ROLES = ("REDOUBT_VAULT__ROLE_ID_FILE", "REDOUBT_VAULT__SECRET_ID_FILE")
NEEDED = {
    "worker": ("REDOUBT_KAFKA__BOOTSTRAP", "REDOUBT_VAULT__ADDRESS", *ROLES, "REDOUBT_ATTESTOR__SOCKET"),
    "monitor": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "sequencer": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "submit": ("REDOUBT_KAFKA__BOOTSTRAP", "REDOUBT_VAULT__ADDRESS", *ROLES),
    "create-topics": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "create-acls": ("REDOUBT_KAFKA__BOOTSTRAP",),
    "init-vault": ("REDOUBT_VAULT__ADDRESS",),
}


def run(name: str, folder: Path, settings: dict[str, str]) -> Result:
    (folder / "file.pdf").write_bytes(b"content")
    options = {
        "submit": [str(folder / "file.pdf"), "--tenant", "t", "--profile", "maximal"],
        "create-acls": ["--worker", "User:worker"],
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
        ({"REDOUBT_KAFKA__SECURITY_PROTOCOL": CANARY}, "REDOUBT_KAFKA__SECURITY_PROTOCOL"),
        ({"REDOUBT_KAFKA_BOOTSTRAP": CANARY}, "REDOUBT_KAFKA_BOOTSTRAP: there is no such setting; did you mean"),
        ({"REDOUBT_KAFFKA__GROUP": CANARY}, "REDOUBT_KAFFKA__GROUP: there is no such setting; did you mean"),
        ({"REDOUBT_ENVIROMENT": CANARY}, "REDOUBT_ENVIROMENT: there is no such setting; did you mean"),
        ({"REDOUBT_ODD__THING": CANARY}, "REDOUBT_ODD__THING: there is no such setting"),
    ],
    ids=[
        "no number",
        "out of range",
        "not of the list",
        "misspelt",
        "a whole part",
        "no protocol",
        "one underscore",
        "a misspelt part",
        "a misspelt whole",
        "nothing like it",
    ],
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


@pytest.fixture
def right(tmp_path: Path) -> dict[str, str]:
    """Settings that a worker could start with, but that nobody answers."""
    for name in ("role-id", "secret-id"):
        (tmp_path / name).write_text(CANARY)
    return {
        "REDOUBT_KAFKA__BOOTSTRAP": "127.0.0.1:1",
        "REDOUBT_VAULT__ADDRESS": "https://127.0.0.1:1",
        "REDOUBT_VAULT__ROLE_ID_FILE": str(tmp_path / "role-id"),
        "REDOUBT_VAULT__SECRET_ID_FILE": str(tmp_path / "secret-id"),
        "REDOUBT_ATTESTOR__SOCKET": str(tmp_path / "attestor.sock"),
    }


SASL = {
    "REDOUBT_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
    "REDOUBT_KAFKA__SASL_MECHANISM": "SCRAM-SHA-512",
    "REDOUBT_KAFKA__SASL_USERNAME": "redoubt",
    "REDOUBT_KAFKA__SASL_PASSWORD": CANARY,
}


@pytest.mark.parametrize(
    ("wrong", "told_of"),
    [
        ({"REDOUBT_KAFKA__BOOTSTRAP": "nowhere"}, "REDOUBT_KAFKA__BOOTSTRAP: not of the form"),
        ({"REDOUBT_KAFKA__BOOTSTRAP": "10.0.0.9:9092"}, "REDOUBT_KAFKA__SECURITY_PROTOCOL: PLAINTEXT is not encrypted"),
        (
            {"REDOUBT_KAFKA__BOOTSTRAP": "127.0.0.1:9092,kafka.example.org:9092"},
            "REDOUBT_KAFKA__SECURITY_PROTOCOL: PLAINTEXT is not encrypted",
        ),
        (
            {**SASL, "REDOUBT_KAFKA__BOOTSTRAP": "k:1", "REDOUBT_KAFKA__SECURITY_PROTOCOL": "SASL_PLAINTEXT"},
            "REDOUBT_KAFKA__SECURITY_PROTOCOL: SASL_PLAINTEXT is not encrypted",
        ),
        ({**SASL, "REDOUBT_KAFKA__SASL_PASSWORD": ""}, "REDOUBT_KAFKA__SASL_PASSWORD is not set"),
        ({"REDOUBT_KAFKA__SECURITY_PROTOCOL": "SASL_SSL"}, "REDOUBT_KAFKA__SASL_MECHANISM is not set"),
        (
            {**SASL, "REDOUBT_KAFKA__SECURITY_PROTOCOL": "SSL"},
            "REDOUBT_KAFKA__SECURITY_PROTOCOL: SSL signs nobody in by name and password",
        ),
        ({"REDOUBT_VAULT__ADDRESS": "http://127.0.0.1:1"}, "REDOUBT_VAULT__ADDRESS: not https"),
    ],
    ids=[
        "no port",
        "plain",
        "one of two plain",
        "plain password",
        "no password",
        "nothing to sign in with",
        "needless password",
        "plain vault",
    ],
)
def test_settings_that_do_not_go_together_are_named(
    right: dict[str, str], wrong: dict[str, str], told_of: str, tmp_path: Path
) -> None:
    check(run("worker", tmp_path, {**right, **wrong}), told_of)


def test_a_folder_is_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "role").write_text("r")
    settings = {
        "REDOUBT_KAFKA__BOOTSTRAP": "127.0.0.1:1",
        "REDOUBT_VAULT__ADDRESS": "http://127.0.0.1:1",
        **dict.fromkeys(ROLES, str(tmp_path / "role")),
        "REDOUBT_ATTESTOR__SOCKET": str(tmp_path / "attestor.sock"),
    }
    told_of = "REDOUBT_WORKER__SPILL_FOLDER"
    for wrong in (tmp_path / CANARY, tmp_path / "role"):
        check(run("worker", tmp_path, {**settings, told_of: str(wrong)}), f"{told_of}: there is no such folder")
    done = run("worker", tmp_path, {**settings, told_of: str(tmp_path)})
    check(done, "REDOUBT_VAULT__ADDRESS: not https")
    assert told_of not in done.output


def test_files_that_hold_something_else_are_named(right: dict[str, str], tmp_path: Path) -> None:
    authority = LoopbackAuthority()
    ours, others = authority.client("worker"), authority.client("worker")
    files = {"ca": ours.ca, "crt": ours.chain, "key": ours.key, "other.key": others.key}
    for name, content in (files | {"text": CANARY.encode(), "empty": b""}).items():
        (tmp_path / name).write_bytes(content)
    tls = {
        "REDOUBT_KAFKA__SECURITY_PROTOCOL": "SSL",
        "REDOUBT_KAFKA__CA_FILE": str(tmp_path / "ca"),
        "REDOUBT_KAFKA__CERTIFICATE_FILE": str(tmp_path / "crt"),
        "REDOUBT_KAFKA__KEY_FILE": str(tmp_path / "key"),
    }
    together = "REDOUBT_KAFKA__CERTIFICATE_FILE and REDOUBT_KAFKA__KEY_FILE"
    for wrong, told_of in (
        ({"REDOUBT_KAFKA__CA_FILE": "text"}, "REDOUBT_KAFKA__CA_FILE: holds no certificate"),
        ({"REDOUBT_VAULT__CA_FILE": "text"}, "REDOUBT_VAULT__CA_FILE: holds no certificate"),
        ({"REDOUBT_KAFKA__KEY_FILE": "other.key"}, together),
        ({"REDOUBT_KAFKA__KEY_FILE": "text"}, together),
        ({"REDOUBT_KAFKA__CERTIFICATE_FILE": "empty"}, together),
        ({"REDOUBT_VAULT__SECRET_ID_FILE": "empty"}, "REDOUBT_VAULT__SECRET_ID_FILE: the file is empty"),
    ):
        done = run("worker", tmp_path, {**right, **tls, **{name: str(tmp_path / file) for name, file in wrong.items()}})
        check(done, told_of)
        assert done.output.count("configuration:") == 1
    alone = {**right, **tls}
    del alone["REDOUBT_KAFKA__KEY_FILE"]
    check(run("worker", tmp_path, alone), together)


def test_an_unencrypted_network_is_taken_where_the_operator_says_so(
    right: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that never resolves: what ends the command is no longer the configuration."""
    monkeypatch.setattr(prepare, "_ANSWER_S", 1.0)
    plain = {**right, "REDOUBT_KAFKA__BOOTSTRAP": "kafka.invalid:9092"}
    assert run("create-topics", tmp_path, plain).exit_code == 2
    for allowed in ({"REDOUBT_KAFKA__ALLOW_PLAINTEXT_OVER_NETWORK": "true"}, {"REDOUBT_ENVIRONMENT": "demo"}):
        done = run("create-topics", tmp_path, {**plain, **allowed})
        assert done.exit_code == 1
        assert "redoubt: kafka: the broker does not answer" in done.output
        assert "REDOUBT_KAFKA__BOOTSTRAP" in done.output


def test_a_vault_that_is_away_is_told_in_words(right: dict[str, str], tmp_path: Path) -> None:
    for store in ("phi", "masked"):
        (tmp_path / store).mkdir(mode=0o700)
    with EmbeddedBroker(tmp_path / "broker") as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=1)
        settings = {
            **right,
            "REDOUBT_ENVIRONMENT": "demo",
            "REDOUBT_KAFKA__BOOTSTRAP": broker.bootstrap,
            "REDOUBT_STORE__PHI_URL": (tmp_path / "phi").as_uri(),
            "REDOUBT_STORE__MASKED_URL": (tmp_path / "masked").as_uri(),
        }
        done = run("submit", tmp_path, settings)
    assert done.exit_code == 1
    assert f"redoubt: not sent: {told(Reason.VAULT_UNAVAILABLE)}" in done.output
    assert CANARY not in done.output
    assert "Traceback" not in done.output
