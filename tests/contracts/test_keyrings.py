"""What every keeper of data keys does, against a real OpenBao and the local master key alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.embedded.openbao import EmbeddedVault
from streams.settings import Environment, VaultSettings
from streams.vault.client import VaultSession
from streams.vault.keyring import DataKey, DataKeys, LocalDataKeys, VaultDataKeys
from streams.vault.setup import Role, set_up


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[Role, VaultSession]]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        settings = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        roles = set_up(settings, vault.root_token, folder / "roles")
        yield {
            role: VaultSession(
                settings.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})
            )
            for role, files in roles.items()
        }


@pytest.fixture(params=["vault", "local"])
def keys(request: pytest.FixtureRequest, sessions: Mapping[Role, VaultSession]) -> DataKeys:
    if request.param == "vault":
        return VaultDataKeys(sessions[Role.WORKER])
    return LocalDataKeys(environment=Environment.DEMO)


def test_opens_what_it_made(keys: DataKeys) -> None:
    made = keys.new("north", "doc-1")
    assert len(made.plaintext) == 32
    assert keys.open("north", "doc-1", made.wrapped) == made.plaintext


def test_each_key_is_new(keys: DataKeys) -> None:
    assert keys.new("north", "doc-1").plaintext != keys.new("north", "doc-1").plaintext


@pytest.mark.parametrize(
    ("tenant", "document"), [("south", "doc-1"), ("north", "doc-2"), ('north","doc-1', ""), ("", "northdoc-1")]
)
def test_another_tenant_or_document_opens_nothing(keys: DataKeys, tenant: str, document: str) -> None:
    made = keys.new("north", "doc-1")
    with pytest.raises(RedoubtError) as said:
        keys.open(tenant, document, made.wrapped)
    assert said.value.reason is Reason.HASH_MISMATCH


@pytest.mark.parametrize("damage", ["", "junk", "é", "vault:v1:AAAA", "vault:v9:AAAA"])
def test_a_damaged_key_opens_nothing(keys: DataKeys, damage: str) -> None:
    with pytest.raises(RedoubtError) as said:
        keys.open("north", "doc-1", damage)
    assert said.value.reason is Reason.HASH_MISMATCH
    assert said.value.__context__ is None


def test_a_changed_character_is_noticed(keys: DataKeys) -> None:
    wrapped = keys.new("north", "doc-1").wrapped
    place = len(wrapped) // 2
    with pytest.raises(RedoubtError):
        keys.open("north", "doc-1", wrapped[:place] + ("A" if wrapped[place] != "A" else "B") + wrapped[place + 1 :])


def test_a_key_does_not_show(keys: DataKeys) -> None:
    made = keys.new("north", "doc-1")
    assert made.wrapped not in repr(made)
    assert repr(made.plaintext) not in repr(made)


def test_another_master_key_opens_nothing(tmp_path: Path) -> None:
    one = LocalDataKeys(tmp_path / "one.key", environment=Environment.DEMO)
    made = one.new("north", "doc-1")
    again = LocalDataKeys(tmp_path / "one.key", environment=Environment.DEMO)
    assert again.open("north", "doc-1", made.wrapped) == made.plaintext
    with pytest.raises(RedoubtError):
        LocalDataKeys(tmp_path / "two.key", environment=Environment.DEMO).open("north", "doc-1", made.wrapped)


def test_the_local_master_key_refuses_production() -> None:
    with pytest.raises(RedoubtError) as said:
        LocalDataKeys(environment=Environment.PRODUCTION)
    assert said.value.reason is Reason.MISCONFIGURED


@pytest.mark.parametrize("role", [Role.REIDENTIFIER, Role.AUDITOR, Role.ROTATOR])
def test_roles_without_the_right_are_refused(sessions: Mapping[Role, VaultSession], role: Role) -> None:
    made = VaultDataKeys(sessions[Role.WORKER]).new("north", "doc-1")
    for call in (
        lambda: VaultDataKeys(sessions[role]).new("north", "doc-1"),
        lambda: VaultDataKeys(sessions[role]).open("north", "doc-1", made.wrapped),
    ):
        with pytest.raises(RedoubtError) as said:
            call()
        assert said.value.reason is Reason.VAULT_REFUSED


@pytest.mark.parametrize(
    "answer",
    [{}, {"batch_results": []}, {"batch_results": [{}]}, {"batch_results": [{"plaintext": "AAAA"}]}],
)
def test_garbage_makes_no_key(answer: Mapping[str, object]) -> None:
    class Garbage:
        def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
            return answer

    keys = VaultDataKeys(Garbage())
    for call in (lambda: keys.new("n", "d"), lambda: keys.open("n", "d", "vault:v1:AAAA")):
        with pytest.raises(RedoubtError) as said:
            call()
        assert said.value.reason is Reason.VAULT_UNAVAILABLE


def test_a_short_key_cannot_exist() -> None:
    with pytest.raises(RedoubtError):
        DataKey(b"short", "wrapped")
