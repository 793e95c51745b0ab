"""What stands for a configuration in the audit log: the same for the same, another for any other, and no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from policies import profile as profiles
from streams.audit.configuration import facts, id_of, in_force
from streams.cli import app
from streams.events import AuditAction, AuditEntry
from streams.settings import KafkaSettings, Settings, StoreSettings, WorkerSettings

SECRET = "Quillfeather-517-hunter2"


def settings(**parts: Any) -> Settings:
    return Settings(**parts)


def told(**parts: Any) -> str:
    return id_of(facts(settings(**parts)))


def test_the_same_configuration_has_one_id_whoever_starts_under_it() -> None:
    here = settings(kafka=KafkaSettings(instance="worker-0"), worker=WorkerSettings(metrics_port=0))
    there = settings(kafka=KafkaSettings(instance="worker-7"), worker=WorkerSettings(metrics_port=9999))
    one, other = in_force("worker-0", here), in_force("worker-7", there)
    assert one.document_id == other.document_id
    assert one.entry_id != other.entry_id, "two starts are two entries"
    assert one.action is AuditAction.CONFIGURED
    key, headers, value = one.to_message()
    assert AuditEntry.from_message(key, headers, value) == one


@pytest.mark.parametrize(
    "changed",
    [
        {"worker": WorkerSettings(attempts=5)},
        {"store": StoreSettings(masked_url="file:///elsewhere")},
        {"kafka": KafkaSettings(allow_plaintext_over_network=True)},
        {"environment": "demo"},
    ],
    ids=["a figure", "a place", "a permission", "the environment"],
)
def test_another_setting_has_another_id(changed: dict[str, Any]) -> None:
    assert told(**changed) != told()


def test_another_rule_in_the_same_file_has_another_id(tmp_path: Path) -> None:
    """And the same rules in another place are the same rules."""
    lists, moved = tmp_path / "lists.json", tmp_path / "moved.json"
    lists.write_text('{"words": ["one"]}')
    before = told(worker=WorkerSettings(local_lists_file=lists))
    moved.write_bytes(lists.read_bytes())
    assert told(worker=WorkerSettings(local_lists_file=moved)) == before
    lists.write_text('{"words": ["two"]}')
    assert len({told(worker=WorkerSettings(local_lists_file=lists)), before, told()}) == 3


def test_another_profile_text_or_version_has_another_id() -> None:
    found = facts(settings())
    assert set(found["profiles"]) == set(profiles.names())
    other = {**found, "profiles": {**found["profiles"], "strict": "0"}}
    assert len({id_of(found), id_of(other), id_of({**found, "gateway": "0"})}) == 3


def test_no_secret_is_in_it() -> None:
    told_ = facts(settings(kafka=KafkaSettings(sasl_username="worker", sasl_password=SecretStr(SECRET))))
    assert SECRET not in json.dumps(told_)


def test_the_command_says_what_the_entry_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDOUBT_WORKER__ATTEMPTS", "7")
    monkeypatch.setenv("REDOUBT_KAFKA__SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("REDOUBT_KAFKA__SASL_MECHANISM", "SCRAM-SHA-512")
    monkeypatch.setenv("REDOUBT_KAFKA__SASL_USERNAME", "worker")
    monkeypatch.setenv("REDOUBT_KAFKA__SASL_PASSWORD", SECRET)
    done = CliRunner().invoke(app, ["audit", "configuration"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert said["settings"]["worker"]["attempts"] == 7
    assert said["id"] == in_force("worker-0", Settings()).document_id
    assert SECRET not in done.output
