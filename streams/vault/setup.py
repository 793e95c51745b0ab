"""Prepares a Vault for the gateway: key rings, a mount for signing, their keys, a policy and an AppRole for each role.

Run by an operator (or the demo) with a token that may do so. May be run again: what is there stays.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import hvac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from detectors.errors import Reason, RedoubtError
from policies.tokens.derived import OFFSET_KEY
from policies.tokens.vaulted import ENCRYPT_KEY, INDEX_KEY
from streams.settings import VaultSettings
from streams.store.private import private_folder, write_private
from streams.vault.connection import attempt, connect, reason


class Role(StrEnum):
    """Who may do what: one policy file each."""

    WORKER = "worker"
    SUBMITTER = "submitter"
    REVIEWER = "reviewer"
    REIDENTIFIER = "reidentifier"
    ROTATOR = "rotator"
    AUDITOR = "auditor"
    ATTESTOR = "attestor"
    SEQUENCER = "sequencer"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where a role's credentials lie, each in a file of mode 0600."""

    role_id_file: Path
    secret_id_file: Path


TOKEN_KEY: Final = "convergent"  # noqa: S105  the name of a key, not a secret
STORAGE_KEY: Final = "documents"
SIGNING_KEYS: Final = ("releases", "audit-heads")
"""Ed25519: what is said of releases, and the heads of the audit log. Their public halves are handed out."""

_UPGRADE_TRIES: Final = 50
_UPGRADE_WAIT_S: Final = 0.1

_POLICY_FOLDERS: Final = (
    Path(__file__).parent / "policies",
    Path(__file__).parents[2] / "charts" / "vault-policies",
)
"""In a wheel the policies lie beside this file; in a checkout the chart holds the only copy."""


def set_up(
    settings: VaultSettings, root_token: str, folder: Path, roles: Sequence[Role] = tuple(Role)
) -> dict[Role, Credentials]:
    """Mounts, keys, policies and roles; credentials, and the public keys of what is signed, are written under `folder`.

    Raises RedoubtError(VAULT_UNAVAILABLE), or RedoubtError(VAULT_REFUSED) where the token lacks rights or what is
    there has another shape (a key of another type).
    """
    client = connect(settings.address, settings.ca_file, root_token)
    for mount in (settings.tokens_mount, settings.storage_mount, settings.attest_mount):
        _mount(client, mount)
    _key(client, settings.tokens_mount, TOKEN_KEY, {**_DERIVED, "convergent_encryption": True})
    _key(client, settings.tokens_mount, OFFSET_KEY, {"type": "hmac", "key_size": 32})
    _key(client, settings.tokens_mount, ENCRYPT_KEY, _DERIVED)
    _key(client, settings.tokens_mount, INDEX_KEY, {"type": "hmac", "key_size": 32})
    _key(client, settings.storage_mount, STORAGE_KEY, _DERIVED)
    _entries(client, settings.codes_mount)
    for name in SIGNING_KEYS:
        _key(client, settings.attest_mount, name, {"type": "ed25519"})
    if "approle/" not in _data(_do(lambda: client.adapter.get("/v1/sys/auth"))):
        _do(lambda: client.adapter.post("/v1/sys/auth/approle", json={"type": "approle"}))
    private_folder(folder)
    for name in SIGNING_KEYS:
        write_private(folder / f"{name}.pem", _public(client, settings.attest_mount, name))
    return {role: _role(client, role, settings, folder) for role in roles}


def policy(role: Role, settings: VaultSettings) -> str:
    """The role's policy in HCL, for the mounts of `settings`. Raises RedoubtError(MISCONFIGURED) without it."""
    for folder in _POLICY_FOLDERS:
        file = folder / f"{role.value}.hcl"
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            text = text.replace('path "tokens/', f'path "{settings.tokens_mount}/')
            text = text.replace('path "attest/', f'path "{settings.attest_mount}/')
            text = text.replace('path "codes/', f'path "{settings.codes_mount}/')
            return text.replace('path "storage/', f'path "{settings.storage_mount}/')
    raise RedoubtError(Reason.MISCONFIGURED)


_DERIVED: Final[Mapping[str, object]] = {"type": "aes256-gcm96", "derived": True}
_SHAPE: Final = ("type", "derived", "convergent_encryption", "exportable", "allow_plaintext_backup")


def _mount(client: hvac.Client, mount: str) -> None:
    mounts = _data(_do(lambda: client.adapter.get("/v1/sys/mounts")))
    found = mounts.get(f"{mount}/")
    if found is None:
        _do(lambda: client.adapter.post(f"/v1/sys/mounts/{mount}", json={"type": "transit"}))
    elif found.get("type") != "transit":
        raise RedoubtError(Reason.VAULT_REFUSED)


def _entries(client: hvac.Client, mount: str) -> None:
    """A KV engine whose entries are made by check-and-set alone."""
    mounts = _data(_do(lambda: client.adapter.get("/v1/sys/mounts")))
    found = mounts.get(f"{mount}/")
    if found is None:
        kind = {"type": "kv", "options": {"version": "2"}}
        _do(lambda: client.adapter.post(f"/v1/sys/mounts/{mount}", json=kind))
    elif found.get("type") != "kv" or (found.get("options") or {}).get("version") != "2":
        raise RedoubtError(Reason.VAULT_REFUSED)
    # A mount that was just made is turned into version 2 behind the answer.
    for tried in range(1, _UPGRADE_TRIES + 1):
        done = attempt(lambda: client.adapter.post(f"/v1/{mount}/config", json={"cas_required": True}))
        if not isinstance(done, Exception):
            return
        if tried == _UPGRADE_TRIES:
            raise RedoubtError(reason(done))
        time.sleep(_UPGRADE_WAIT_S)


def _key(client: hvac.Client, mount: str, name: str, shape: Mapping[str, object]) -> None:
    # Vault leaves an existing key as it is, with a warning: what we find afterwards is what counts.
    path = f"/v1/{mount}/keys/{name}"
    _do(lambda: client.adapter.post(path, json=dict(shape)))
    found = _data(_do(lambda: client.adapter.get(path)))
    if any((found.get(part) or False) != shape.get(part, False) for part in _SHAPE):
        raise RedoubtError(Reason.VAULT_REFUSED)


def _public(client: hvac.Client, mount: str, name: str) -> bytes:
    """The public keys of every version in PEM form, the oldest first."""
    versions = _data(_do(lambda: client.adapter.get(f"/v1/{mount}/keys/{name}"))).get("keys")
    if not isinstance(versions, Mapping):
        raise RedoubtError(Reason.VAULT_REFUSED)
    raw = [base64.b64decode(versions[number]["public_key"]) for number in sorted(versions, key=int)]
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return b"".join(Ed25519PublicKey.from_public_bytes(key).public_bytes(*form) for key in raw)


def _role(client: hvac.Client, role: Role, settings: VaultSettings, folder: Path) -> Credentials:
    name = f"redoubt-{role.value}"
    rules = {"policy": policy(role, settings)}
    _do(lambda: client.adapter.post(f"/v1/sys/policies/acl/{name}", json=rules))
    base = f"/v1/auth/approle/role/{name}"
    _do(
        lambda: client.adapter.post(
            base,
            json={
                "token_policies": [name],
                # "default" would let it wrap, use a cubbyhole and look up more than it needs.
                "token_no_default_policy": True,
                "token_ttl": "20m",
                "token_max_ttl": "24h",
                "bind_secret_id": True,
            },
        )
    )
    credentials = Credentials(folder / f"{role.value}.role-id", folder / f"{role.value}.secret-id")
    role_id = str(_data(_do(lambda: client.adapter.get(f"{base}/role-id")))["role_id"])
    if not _valid(client, base, credentials, role_id):
        secret = _data(_do(lambda: client.adapter.post(f"{base}/secret-id", json={})))["secret_id"]
        write_private(credentials.role_id_file, role_id.encode())
        write_private(credentials.secret_id_file, str(secret).encode())
    return credentials


def _valid(client: hvac.Client, base: str, credentials: Credentials, role_id: str) -> bool:
    """Whether the files of an earlier run still hold: then no second secret is made."""
    try:
        known, secret = credentials.role_id_file.read_text(), credentials.secret_id_file.read_text()
    except OSError:
        return False
    found = attempt(lambda: client.adapter.post(f"{base}/secret-id/lookup", json={"secret_id": secret}))
    return known == role_id and not isinstance(found, Exception) and bool(found.get("data"))


def _do(call: Callable[[], Any]) -> Mapping[str, Any]:
    found = attempt(call)
    if isinstance(found, Exception):
        raise RedoubtError(reason(found))
    return found


def _data(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, Mapping) else {}
