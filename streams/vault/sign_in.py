"""The ways in which a process signs in to Vault: AppRole, a Kubernetes service account, or a token in a file.

Each reads its files anew at every sign-in, so that what an orchestrator or an agent replaces is taken up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from detectors.errors import Reason, RedoubtError
from streams.settings import VaultSettings
from streams.vault.connection import reason

NEVER_ENDS_S: Final = 3600.0
"""A token without an end is looked at again so often."""

Call = Callable[[str, Mapping[str, object] | None, str], Mapping[str, Any] | Exception]
"""Path, body (None: a GET) and token; the answer, or what went wrong."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A token and for how many seconds it holds. One that is not `own` belongs to whoever wrote it into a file."""

    token: str
    lease_s: float
    own: bool = True

    def __repr__(self) -> str:
        return f"Signed(lease_s={self.lease_s}, own={self.own})"


class SignIn(Protocol):
    def signed(self, call: Call) -> Signed:
        """Raises RedoubtError: VAULT_UNAVAILABLE, VAULT_REFUSED, and MISCONFIGURED for a file that is missing."""
        ...

    def replaced(self) -> bool:
        """Whether something else would be signed in with now than at the last time."""
        ...


@dataclass(frozen=True, slots=True)
class AppRole:
    role_id_file: Path
    secret_id_file: Path

    def signed(self, call: Call) -> Signed:
        body = {"role_id": _line(self.role_id_file), "secret_id": _line(self.secret_id_file)}
        return _login(call, "auth/approle/login", body)

    def replaced(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Kubernetes:
    """By the token of the pod's service account, which the cluster replaces every hour; Vault asks the cluster."""

    mount: str
    role: str
    token_file: Path

    def signed(self, call: Call) -> Signed:
        return _login(call, f"auth/{self.mount}/login", {"role": self.role, "jwt": _line(self.token_file)})

    def replaced(self) -> bool:
        return False


class TokenFile:
    """By a token that somebody else keeps fresh in a file, as Vault's agent does."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None

    def signed(self, call: Call) -> Signed:
        seen = self._stamp()
        token = _line(self._file)
        answer = call("auth/token/lookup-self", None, token)
        if isinstance(answer, Exception):
            raise RedoubtError(reason(answer))
        data = answer.get("data")
        if not token or not isinstance(data, Mapping):
            raise RedoubtError(Reason.VAULT_REFUSED)
        self._seen = seen
        lease_s = float(data.get("ttl") or 0)
        return Signed(token, lease_s if lease_s > 0 else NEVER_ENDS_S, own=False)

    def replaced(self) -> bool:
        return self._stamp() != self._seen

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._file.stat()
        except OSError:
            # Between the removal and the new one: the token at hand still holds.
            return self._seen
        return status.st_mtime_ns, status.st_ino


def sign_in(settings: VaultSettings) -> SignIn:
    """The one way that the settings name. Raises RedoubtError(MISCONFIGURED) for none, and for more than one."""
    found: list[SignIn] = []
    if settings.role_id_file is not None and settings.secret_id_file is not None:
        found.append(AppRole(settings.role_id_file, settings.secret_id_file))
    if settings.kubernetes_role is not None:
        found.append(Kubernetes(settings.kubernetes_mount, settings.kubernetes_role, settings.kubernetes_token_file))
    if settings.token_file is not None:
        found.append(TokenFile(settings.token_file))
    if len(found) != 1:
        raise RedoubtError(Reason.MISCONFIGURED)
    return found[0]


def _login(call: Call, path: str, body: Mapping[str, object]) -> Signed:
    answer = call(path, body, "")
    if isinstance(answer, Exception):
        raise RedoubtError(reason(answer))
    found = lease(answer)
    if found is None:
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
    return found


def lease(answer: Mapping[str, Any]) -> Signed | None:
    """The token of a login or renewal; None where there is none or it is at the end of its life."""
    auth = answer.get("auth")
    if not isinstance(auth, Mapping) or not isinstance(auth.get("client_token"), str):
        return None
    lease_s = float(auth.get("lease_duration") or 0)
    return Signed(auth["client_token"], lease_s) if lease_s > 0 else None


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        pass
    raise RedoubtError(Reason.MISCONFIGURED)
