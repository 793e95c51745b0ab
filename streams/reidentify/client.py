"""Asks the service over TLS, in the name of whoever the credential proves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import requests

from detectors.errors import Reason, RedoubtError
from policies.tokens.reversal import TurnedBack
from streams.reidentify.proof import Credential
from streams.reidentify.reidentification import Asked
from streams.reidentify.server import CONFIRM, TURN_BACK

_TIMEOUT_S: Final = (5.0, 90.0)
"""To connect and for the answer: a hundred entries are acknowledged by the broker one after the other."""


class Unreachable(Exception):
    """No service answered, or something else did."""


class RemoteReidentification:
    """Raises RedoubtError with the service's reason, and Unreachable."""

    def __init__(self, url: str, ca_file: Path | None, credential: Credential) -> None:
        if not url.startswith("https://"):
            raise RedoubtError(Reason.MISCONFIGURED)
        self._url = url.rstrip("/")
        self._session = requests.Session()
        # No proxy and no .netrc of the surroundings: what is sent proves a person, and what comes back is one.
        self._session.trust_env = False
        self._session.verify = str(ca_file) if ca_file else True
        if credential.bearer is not None:
            self._session.headers["Authorization"] = f"Bearer {credential.bearer}"
        if credential.vault_token is not None:
            self._session.headers["X-Vault-Token"] = credential.vault_token

    def turn_back(self, asked: Asked) -> list[TurnedBack]:
        """An answer a token, in order."""
        said = self._said(
            TURN_BACK,
            {
                "tenant": asked.tenant,
                "purpose": asked.purpose,
                "reason": asked.ground.value,
                "ticket": asked.ticket,
                "tokens": list(asked.tokens),
            },
        )
        answers = said.get("answers")
        if not isinstance(answers, list) or [_text(a, "token") for a in answers] != list(asked.tokens):
            raise Unreachable
        return [_turned_back(answer) for answer in answers]

    def confirm(self, of: str, tenant: str, ticket: str) -> bool:
        """False where nothing waits to be confirmed."""
        return self._said(CONFIRM, {"of": of, "tenant": tenant, "ticket": ticket}).get("confirmed") is True

    def _said(self, path: str, body: dict[str, Any]) -> Mapping[str, Any]:
        said: object = None
        status = 0
        try:
            answer = self._session.post(self._url + path, json=body, timeout=_TIMEOUT_S, allow_redirects=False)
            status, said = answer.status_code, answer.json()
        except (requests.RequestException, ValueError):
            pass
        # Raised outside the handler: the library's words may quote what was sent.
        if not isinstance(said, Mapping):
            raise Unreachable
        if status != 200:
            code = said.get("error")
            raise RedoubtError(Reason(code) if code in set(Reason) else Reason.INVALID_EVENT)
        return said


def _turned_back(answer: Mapping[str, Any]) -> TurnedBack:
    token, value, code = _text(answer, "token"), _text(answer, "value"), _text(answer, "reason")
    if token is None or (value is None) == (code is None) or (code is not None and code not in set(Reason)):
        raise Unreachable
    return TurnedBack(token, value, Reason(code) if code is not None else None)


def _text(answer: object, name: str) -> str | None:
    found = answer.get(name) if isinstance(answer, Mapping) else None
    return found if isinstance(found, str) else None
