"""Which versions of the key of convergent tokens there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.vaulted import VaultEntries

CONVERGENT_KEY: Final = "convergent"


@dataclass(frozen=True, slots=True)
class Versions:
    """The key versions whose tokens Vault still turns back."""

    oldest: int
    newest: int

    def __contains__(self, version: int) -> bool:
        return self.oldest <= version <= self.newest


def versions(vault: VaultEntries, mount: str) -> Versions:
    """As Vault has them now. Raises RedoubtError(VAULT_UNAVAILABLE), RedoubtError(VAULT_REFUSED)."""
    found = vault.read(f"{mount}/keys/{CONVERGENT_KEY}") or {}
    newest, oldest = found.get("latest_version"), found.get("min_decryption_version")
    if not isinstance(newest, int) or not isinstance(oldest, int):
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
    return Versions(oldest, newest)
