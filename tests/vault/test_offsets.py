"""Offsets of dates from a real vault, by the worker's own role: one a patient, the same in every process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from policies.shift import Shift, offset_days
from policies.tokens.offsets import TransitOffsets
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.setup import OFFSET_KEY, Role, set_up

PATIENT = ("north", "research", "mrn 1234")


class Hall:
    def __init__(self, vault: EmbeddedVault, folder: Path) -> None:
        self.vault, self._bare = vault, VaultSettings(address=vault.address, ca_file=vault.ca_file)
        self._roles = set_up(self._bare, vault.root_token, folder)

    def offsets(self, role: Role = Role.WORKER) -> TransitOffsets:
        """Of a process of its own."""
        files = self._roles[role]
        named = {"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file}
        return TransitOffsets(VaultSession(self._bare.model_copy(update=named)))


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        yield Hall(vault, folder / "roles")


def test_one_patient_has_one_offset_in_every_process_and_after_a_rotation(hall: Hall) -> None:
    secret = hall.offsets().secret(*PATIENT)
    assert len(secret) == 32
    root = connect(hall.vault.address, hall.vault.ca_file, hall.vault.root_token)
    root.adapter.post(f"/v1/tokens/keys/{OFFSET_KEY}/rotate", json={})
    assert hall.offsets().secret(*PATIENT) == secret
    assert offset_days(secret, Shift.DAYS) != 0


@pytest.mark.parametrize("place", range(3))
def test_another_tenant_purpose_or_patient_has_another(hall: Hall, place: int) -> None:
    other = tuple("other" if at == place else part for at, part in enumerate(PATIENT))
    assert hall.offsets().secret(*other) != hall.offsets().secret(*PATIENT)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.WORKER])
def test_no_other_role_computes_one(hall: Hall, role: Role) -> None:
    with pytest.raises(RedoubtError) as said:
        hall.offsets(role).secret(*PATIENT)
    assert said.value.reason is Reason.VAULT_REFUSED
    assert said.value.__context__ is None


def test_without_the_vault_there_is_none(hall: Hall) -> None:
    hall.vault.seal()
    try:
        with pytest.raises(RedoubtError, match=Reason.VAULT_UNAVAILABLE.value):
            hall.offsets().secret(*PATIENT)
    finally:
        hall.vault.unseal()
