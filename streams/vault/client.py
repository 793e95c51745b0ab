"""A process's session with Vault: signed in, renewed in time, safe to share between threads."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.settings import VaultSettings
from streams.vault.connection import ABSENT, DENIED, attempt, connect, reason
from streams.vault.sign_in import Signed, lease, sign_in

_PATH: Final = re.compile(r"[a-z0-9_-]{1,64}(/[a-z0-9_-]{1,64}){1,6}")
"""Paths stand in Vault's audit log in clear: names of mounts and keys only, never a value."""

_PROBE: Final = b"redoubt probe"


class VaultSession:
    """Calls to Vault with the rights of one role. Nothing is contacted before the first write or probe.

    Raises RedoubtError(MISCONFIGURED) where the settings name no way to sign in, or several.
    """

    def __init__(self, settings: VaultSettings) -> None:
        self._sign_in = sign_in(settings)
        if not settings.address.startswith("https://"):
            raise RedoubtError(Reason.MISCONFIGURED)
        self._settings = settings
        self._client = connect(settings.address, settings.ca_file)
        self._lock = threading.Lock()
        self._signed: Signed | None = None
        self._renew_at = 0.0

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        """The `data` of the answer to a POST.

        Raises RedoubtError(VAULT_UNAVAILABLE) where Vault is down, sealed or in trouble, RedoubtError(VAULT_REFUSED)
        where the role lacks the right or the request is wrong.
        """
        if not _PATH.fullmatch(path):
            raise RedoubtError(Reason.MISCONFIGURED)
        token = self._signed_in()
        found = self._post(path, body, token)
        if isinstance(found, DENIED) and not self._alive(token):
            # A dead token and a missing right look alike; only a token that lives was truly refused.
            found = self._post(path, body, self._again(instead_of=token))
        if isinstance(found, Exception):
            raise RedoubtError(reason(found))
        data = found.get("data")
        return data if isinstance(data, Mapping) else {}

    def read(self, path: str) -> Mapping[str, object] | None:
        """The `data` of the answer to a GET; None where nothing is there. Raises as `write` does."""
        if not _PATH.fullmatch(path):
            raise RedoubtError(Reason.MISCONFIGURED)
        token = self._signed_in()
        found = self._get(path, token)
        if isinstance(found, DENIED) and not self._alive(token):
            found = self._get(path, self._again(instead_of=token))
        if isinstance(found, ABSENT):
            return None
        if isinstance(found, Exception):
            raise RedoubtError(reason(found))
        data = found.get("data")
        return data if isinstance(data, Mapping) else {}

    def probe(self, key: str = "convergent") -> None:
        """Check the rights before the first document: this role makes tokens and cannot turn one back.

        Raises RedoubtError(MISCONFIGURED) where it can, and as `write` does where it cannot make one.
        """
        mount = self._settings.tokens_mount
        bound = {"context": base64.b64encode(_PROBE).decode()}
        made = self.write(f"{mount}/encrypt/{key}", {"plaintext": base64.b64encode(_PROBE).decode(), **bound})
        token = self._signed_in()
        answer = self._post(f"{mount}/decrypt/{key}", {"ciphertext": made.get("ciphertext"), **bound}, token)
        if isinstance(answer, DENIED) and self._alive(token):
            return
        if isinstance(answer, Exception) and reason(answer) is Reason.VAULT_UNAVAILABLE:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        raise RedoubtError(Reason.MISCONFIGURED)

    def close(self) -> None:
        """End the token, unless it came out of a file and is somebody else's. Vault ends it by itself later where it
        cannot be reached now."""
        with self._lock:
            if self._signed and self._signed.own:
                self._post("auth/token/revoke-self", {}, self._signed.token)
            self._signed, self._renew_at = None, 0.0

    def _post(self, path: str, body: Mapping[str, object], token: str) -> Mapping[str, Any] | Exception:
        # The token goes with the call: a shared one could change between a refusal and the question why.
        headers = {"X-Vault-Token": token} if token else {}
        return attempt(lambda: self._client.adapter.post(f"/v1/{path}", json=dict(body), headers=headers))

    def _get(self, path: str, token: str) -> Mapping[str, Any] | Exception:
        headers = {"X-Vault-Token": token} if token else {}
        return attempt(lambda: self._client.adapter.get(f"/v1/{path}", headers=headers))

    def _alive(self, token: str) -> bool:
        """Whether Vault still knows the token. Raises RedoubtError(VAULT_UNAVAILABLE) where it cannot say."""
        found = self._get("auth/token/lookup-self", token)
        if isinstance(found, Exception) and reason(found) is Reason.VAULT_UNAVAILABLE:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        return not isinstance(found, Exception)

    def _signed_in(self) -> str:
        """The token to use now: fresh, renewed after half of its life, or the same as before."""
        with self._lock:
            if self._signed is None or self._sign_in.replaced():
                self._login()
            elif time.monotonic() >= self._renew_at:
                self._renew(self._signed)
            return self._signed.token if self._signed else ""

    def _again(self, instead_of: str) -> str:
        with self._lock:
            # Another thread may have been quicker.
            if self._signed is None or self._signed.token == instead_of:
                self._login()
            return self._signed.token if self._signed else ""

    def _renew(self, signed: Signed) -> None:
        found = self._post("auth/token/renew-self", {}, signed.token)
        renewed = None if isinstance(found, Exception) else lease(found)
        if renewed is None:
            # Not renewable, at the end of its longest life, or dead.
            self._login()
        else:
            self._keep(replace(renewed, own=signed.own))

    def _login(self) -> None:
        self._keep(self._sign_in.signed(self._call))

    def _call(self, path: str, body: Mapping[str, object] | None, token: str) -> Mapping[str, Any] | Exception:
        return self._get(path, token) if body is None else self._post(path, body, token)

    def _keep(self, signed: Signed) -> None:
        self._renew_at = time.monotonic() + signed.lease_s / 2
        self._signed = signed
