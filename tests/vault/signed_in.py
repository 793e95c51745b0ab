"""A real vault, the worker's settings for it, and what a session of those is refused with."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.setup import Role, set_up

CANARY = "Quillfeather-Ombudsdottir"
ENCRYPT = ("tokens/encrypt/convergent", {"plaintext": "AAAA", "context": "AAAA"})


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVault]:
    with EmbeddedVault(tmp_path_factory.mktemp("vault")) as vault:
        yield vault


@pytest.fixture
def settings(vault: EmbeddedVault, tmp_path: Path) -> VaultSettings:
    bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
    files = set_up(bare, vault.root_token, tmp_path / "roles", [Role.WORKER])[Role.WORKER]
    return bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})


@pytest.fixture
def root(vault: EmbeddedVault) -> hvac.Client:
    return connect(vault.address, vault.ca_file, vault.root_token)


def refusal(session: VaultSession, path: str = ENCRYPT[0]) -> Reason:
    with pytest.raises(RedoubtError) as said:
        session.write(path, {**ENCRYPT[1], "note": CANARY})
    assert CANARY not in "".join(traceback.format_exception(said.value))
    assert said.value.__context__ is None
    return said.value.reason


def revoke_all(root: hvac.Client) -> None:
    root.adapter.post("/v1/sys/leases/revoke-prefix/auth/approle")
