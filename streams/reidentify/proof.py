"""Who is there: a person of the people file, proven by an identity provider's token or by the person's Vault token.

A name that a caller types proves nothing and is never asked for. Whoever is not proven learns nothing but that.
"""

from __future__ import annotations

import json
import math
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import hvac

from detectors.errors import Reason, RedoubtError
from streams.reidentify.fresh import Fresh
from streams.reidentify.people import Person
from streams.reidentify.signed_claims import Key, Keys, keys_of, subject
from streams.vault.connection import ABSENT, attempt, reason

VAULT_KEYS: Final = "/v1/identity/oidc/.well-known/keys"
"""Where Vault and OpenBao show the public keys of the identity tokens that they sign."""
ASKED_AGAIN_S: Final = 10.0
"""A token that names an unknown key makes the keys be read again at most so often."""
BELIEVED_S: Final = 300.0
"""A key that the provider withdrew is believed for no longer: older keys are read again, or nobody is known."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._-]{8,1024}")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request brings: one of the two."""

    bearer: str | None = field(default=None, repr=False)
    vault_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose signed tokens are believed, and for whom they must have been made."""

    issuer: str
    audience: str
    keys: Keys = field(repr=False)


class Proofs:
    """Raises RedoubtError(NOT_SIGNED_IN) for whoever is not proven, RedoubtError(VAULT_UNAVAILABLE) where Vault does
    not say, and RedoubtError(MISCONFIGURED) where nobody can be known."""

    def __init__(
        self, people: Callable[[], Mapping[str, Person]], vault: hvac.Client, provider: Provider | None = None
    ) -> None:
        self._people, self._vault, self._provider = people, vault, provider

    def person(self, credential: Credential) -> Person:
        known = self._people().values()
        if (credential.bearer is None) == (credential.vault_token is None):
            raise RedoubtError(Reason.NOT_SIGNED_IN)
        if credential.bearer is not None:
            if self._provider is None:
                raise RedoubtError(Reason.NOT_SIGNED_IN)
            who = subject(credential.bearer, self._provider.issuer, self._provider.audience, self._provider.keys)
            found = [person for person in known if person.subject == who]
        else:
            entity = self._entity(credential.vault_token or "")
            found = [person for person in known if person.entity == entity]
        if len(found) != 1:
            raise RedoubtError(Reason.NOT_SIGNED_IN)
        return found[0]

    def _entity(self, token: str) -> str:
        """Whom Vault knows by this token. It is shown to Vault alone, and kept nowhere."""
        if not _TOKEN.fullmatch(token):
            raise RedoubtError(Reason.NOT_SIGNED_IN)
        headers = {"X-Vault-Token": token}
        answer = attempt(lambda: self._vault.adapter.get("/v1/auth/token/lookup-self", headers=headers))
        if isinstance(answer, Exception):
            away = reason(answer) is Reason.VAULT_UNAVAILABLE
            raise RedoubtError(Reason.VAULT_UNAVAILABLE if away else Reason.NOT_SIGNED_IN)
        data = answer.get("data")
        entity = data.get("entity_id") if isinstance(data, Mapping) else None
        # A root token belongs to nobody.
        if not isinstance(entity, str) or not entity:
            raise RedoubtError(Reason.NOT_SIGNED_IN)
        return entity


def file_keys(file: Path) -> Keys:
    """Keys of a JWK set in a file, as the file is now; RedoubtError(MISCONFIGURED) while it holds none."""
    keys = Fresh(file, _read)
    keys()
    return lambda name: keys().get(name)


def _read(file: Path) -> Mapping[str, Key]:
    try:
        return keys_of(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        pass
    raise RedoubtError(Reason.MISCONFIGURED)


class VaultKeys:
    """Keys of Vault's own identity tokens. Asked for again where a token names one that is not known, and where the
    last ones are old. While Vault does not answer, that is said without asking it for every token."""

    def __init__(self, vault: hvac.Client, now: Callable[[], float] = time.monotonic) -> None:
        self._vault, self._now = vault, now
        self._lock = threading.Lock()
        self._keys: Mapping[str, Key] = {}
        self._asked = self._read = -math.inf
        self._failed: Reason | None = None

    def __call__(self, name: str) -> Key | None:
        with self._lock:
            now = self._now()
            old = now - self._read > BELIEVED_S
            if (old or name not in self._keys) and now - self._asked >= ASKED_AGAIN_S:
                self._asked, self._failed = now, None
                try:
                    self._keys, self._read, old = self._fetched(), now, False
                except RedoubtError as error:
                    self._failed = error.reason
            if not old and name in self._keys:
                return self._keys[name]
            if self._failed is not None:
                raise RedoubtError(self._failed)
            return None

    def _fetched(self) -> Mapping[str, Key]:
        answer = attempt(lambda: self._vault.adapter.get(VAULT_KEYS))
        if isinstance(answer, ABSENT):
            return {}
        if isinstance(answer, Exception):
            raise RedoubtError(reason(answer))
        return keys_of(answer)
