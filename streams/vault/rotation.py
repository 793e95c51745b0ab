"""New versions of the storage key, and wrapped data keys carried over to them, with the rotator's rights: it never
sees a data key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError
from policies.tokens.transit import VaultWrites
from streams.vault.keyring import wrapping_context

BATCH: Final = 100
"""Keys in one call. Vault counts JSON strings, four a key, and takes 1000 by default."""

_WRAPPED: Final = re.compile(r"vault:v([1-9][0-9]{0,5}):[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A document's data key as it lies in the store. `version` is the storage key's that wrapped it, 0 for none."""

    tenant: str
    document_id: str
    wrapped: str = field(repr=False)

    @property
    def version(self) -> int:
        found = _WRAPPED.fullmatch(self.wrapped)
        return int(found[1]) if found else 0


class KeyRotation(Protocol):
    def rewrap(self, keys: Sequence[WrappedKey]) -> list[WrappedKey | None]:
        """The same data keys under the newest version, in order; None for one that does not fit its document.

        At most BATCH. Raises RedoubtError(VAULT_UNAVAILABLE), RedoubtError(VAULT_REFUSED).
        """
        ...


class VaultRotation:
    """KeyRotation by the transit engine's rewrap; by default of the storage key."""

    def __init__(self, vault: VaultWrites, mount: str = "storage", key: str = "documents") -> None:
        self._vault = vault
        self._mount, self._key = mount, key

    def rotate(self) -> None:
        """A new version of the key. Of the storage key it wraps every data key from now on; of the tokens' key nothing
        uses it before a setting says so. What is of older versions opens as before."""
        self._vault.write(f"{self._mount}/keys/{self._key}/rotate", {})

    def rewrap(self, keys: Sequence[WrappedKey]) -> list[WrappedKey | None]:
        items = [{"ciphertext": key.wrapped, "context": wrapping_context(key.tenant, key.document_id)} for key in keys]
        answer = self._vault.write(
            f"{self._mount}/rewrap/{self._key}", {"batch_input": items, "partial_failure_response_code": 200}
        )
        results = answer.get("batch_results")
        if not isinstance(results, list) or len(results) != len(keys):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        return [_carried(key, result) for key, result in zip(keys, results, strict=True)]


def _carried(key: WrappedKey, result: object) -> WrappedKey | None:
    if not isinstance(result, Mapping):
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
    if result.get("error"):
        return None
    found = WrappedKey(key.tenant, key.document_id, str(result.get("ciphertext") or ""))
    # It takes the place of the only copy: an answer of another shape must not.
    if found.version < max(1, key.version) or len(_payload(found)) != len(_payload(key)):
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
    return found


def _payload(key: WrappedKey) -> str:
    return key.wrapped.rpartition(":")[2]
