"""Data keys of documents: made by a key that never leaves its keeper, bound to tenant and document."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from detectors.errors import Reason, RedoubtError
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.transit import VaultWrites
from streams.settings import Environment

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key in use and the same key wrapped. Only `wrapped` may be kept; losing it destroys the document."""

    plaintext: bytes = field(repr=False)
    wrapped: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.plaintext) != KEY_BYTES or not self.wrapped:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)


class DataKeys(Protocol):
    """Makes and opens data keys.

    Both raise RedoubtError(VAULT_UNAVAILABLE) where trying again may help and RedoubtError(VAULT_REFUSED) where the
    right is missing; `open` raises RedoubtError(HASH_MISMATCH) for a key of another tenant or document, or damaged.
    """

    def new(self, tenant: str, document_id: str) -> DataKey: ...

    def open(self, tenant: str, document_id: str, wrapped: str) -> bytes: ...


class VaultDataKeys:
    """Data keys from a derived transit key: the context makes each document's wrapping key its own."""

    def __init__(self, vault: VaultWrites, mount: str = "storage", key: str = "documents") -> None:
        self._vault = vault
        self._mount, self._key = mount, key

    def new(self, tenant: str, document_id: str) -> DataKey:
        answer = self._vault.write(
            f"{self._mount}/datakey/plaintext/{self._key}",
            {"context": wrapping_context(tenant, document_id), "bits": 8 * KEY_BYTES},
        )
        return DataKey(_decoded(answer.get("plaintext")), str(answer.get("ciphertext") or ""))

    def open(self, tenant: str, document_id: str, wrapped: str) -> bytes:
        # As a batch of one: a wrapped key that does not fit is then an item's error and a missing right is not.
        item = {"ciphertext": wrapped, "context": wrapping_context(tenant, document_id)}
        answer = self._vault.write(
            f"{self._mount}/decrypt/{self._key}", {"batch_input": [item], "partial_failure_response_code": 200}
        )
        results = answer.get("batch_results")
        if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], Mapping):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        if results[0].get("error"):
            raise RedoubtError(Reason.HASH_MISMATCH)
        return _checked(_decoded(results[0].get("plaintext")))


class LocalDataKeys:
    """Data keys under a master key of this machine, for tests and one person at a terminal.

    Raises RedoubtError(MISCONFIGURED) in production or where the key file is not private.
    """

    def __init__(self, key_file: Path | None = None, *, environment: Environment) -> None:
        if environment is Environment.PRODUCTION:
            raise RedoubtError(Reason.MISCONFIGURED)
        self._master = AESGCM(read_or_make_key(key_file, KEY_BYTES) if key_file else AESGCM.generate_key(8 * KEY_BYTES))

    def new(self, tenant: str, document_id: str) -> DataKey:
        key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
        return DataKey(key, _encoded(nonce + self._master.encrypt(nonce, key, _bound(tenant, document_id))))

    def open(self, tenant: str, document_id: str, wrapped: str) -> bytes:
        try:
            sealed = base64.b64decode(wrapped, validate=True)
            nonce, sealed = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return _checked(self._master.decrypt(nonce, sealed, _bound(tenant, document_id)))
        except (ValueError, InvalidTag):
            pass
        raise RedoubtError(Reason.HASH_MISMATCH)


def wrapping_context(tenant: str, document_id: str) -> str:
    """What binds a wrapped data key to its document, as transit takes it."""
    return _encoded(_bound(tenant, document_id))


def _bound(tenant: str, document_id: str) -> bytes:
    return json.dumps(["redoubt-data-key-1", tenant, document_id], separators=(",", ":")).encode()


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except binascii.Error:
        return b""


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
    return key
