"""A secret for each patient or document, derived by a key that nobody can read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from pathlib import Path
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.transit import VaultWrites

OFFSET_KEY: Final = "date-offsets"
_HMAC: Final = re.compile(r"vault:v([0-9]{1,6}):([A-Za-z0-9+/]{43}=)")


class DerivedSecrets(Protocol):
    """Derives secrets; knows nothing of what they are for."""

    def secret(self, tenant: str, purpose: str, of: str) -> bytes:
        """32 bytes, the same for the same three. `of` may be PHI and is written nowhere.

        Raises RedoubtError(VAULT_UNAVAILABLE), RedoubtError(VAULT_REFUSED).
        """
        ...


class TransitSecrets:
    """Secrets by Vault's hmac. The version is pinned: under another one a patient's intervals would break."""

    def __init__(self, vault: VaultWrites, key: str, mount: str = "tokens", key_version: int = 1) -> None:
        self._vault, self._version = vault, key_version
        self._path = f"{mount}/hmac/{key}/sha2-256"

    def secret(self, tenant: str, purpose: str, of: str) -> bytes:
        content = base64.b64encode(_input(tenant, purpose, of)).decode()
        answer = self._vault.write(self._path, {"input": content, "key_version": self._version})
        match = _HMAC.fullmatch(str(answer.get("hmac")))
        if match is None or int(match[1]) != self._version:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        try:
            return base64.b64decode(match[2], validate=True)
        except binascii.Error:
            pass
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)


class LocalSecrets:
    """Secrets under a key of this machine. Raises RedoubtError(MISCONFIGURED) in production."""

    def __init__(self, key_file: Path | None = None, *, production: bool) -> None:
        if production:
            raise RedoubtError(Reason.MISCONFIGURED)
        self._key = read_or_make_key(key_file, 32) if key_file else secrets.token_bytes(32)

    def secret(self, tenant: str, purpose: str, of: str) -> bytes:
        return hmac.digest(self._key, _input(tenant, purpose, of), hashlib.sha256)


def _input(tenant: str, purpose: str, of: str) -> bytes:
    # The label is of every offset that was ever given: under another one all dates would move anew.
    parts = json.dumps(["redoubt-offset-1", tenant, purpose, of], separators=(",", ":"))
    return parts.encode("utf-8", "surrogatepass")
