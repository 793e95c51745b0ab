"""Tokens turned back into identifiers, with the one right that allows it. Who asks, and why, is the caller's matter.

A token of another tenant or purpose, one that never was and one that somebody changed are told alike: each path asks
Vault once, and nothing in the answer says how near the guess was.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from detectors.errors import Reason, RedoubtError
from policies.tokens.form import Token, context, read_token, unpadded
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import ciphertext
from policies.tokens.vaulted import ENCRYPT_KEY, VaultEntries, indexes, kv_data, scope
from policies.tokens.versions import CONVERGENT_KEY, versions


@dataclass(frozen=True, slots=True)
class TurnedBack:
    """One token's answer: its normalised value, or the reason why there is none."""

    token: str
    value: str | None = field(default=None, repr=False)
    reason: Reason | None = None


class Reversal:
    """Turns back tokens of one tenant and purpose at a time.

    Raises RedoubtError(VAULT_UNAVAILABLE), and RedoubtError(VAULT_REFUSED) where the right is missing.
    """

    def __init__(self, vault: VaultEntries, tokens_mount: str = "tokens", codes_mount: str = "codes") -> None:
        self._vault, self._tokens, self._codes = vault, tokens_mount, codes_mount

    def turn_back(self, tenant: str, purpose: str, text: str) -> TurnedBack:
        """One token's answer; TOKEN_DAMAGED, TOKEN_VERSION and TOKEN_UNKNOWN are reasons in it."""
        try:
            return TurnedBack(text, self._value(tenant, purpose, read_token(text)))
        except RedoubtError as error:
            if error.reason not in (Reason.TOKEN_DAMAGED, Reason.TOKEN_VERSION, Reason.TOKEN_UNKNOWN):
                raise
            return TurnedBack(text, reason=error.reason)

    def _value(self, tenant: str, purpose: str, token: Token) -> str:
        request = TokenRequest(tenant, purpose, token.kind, "", token.type)
        if token.type is TokenType.CONVERGENT:
            sealed = ciphertext(token)
            if int(token.version[1:]) not in versions(self._vault, self._tokens):
                raise RedoubtError(Reason.TOKEN_VERSION)
            return self._opened(CONVERGENT_KEY, sealed, context(tenant, purpose, token.kind))
        [place] = indexes(self._vault, self._tokens, [(request, str(token).encode())])
        entry = kv_data(self._vault.read(f"{self._codes}/data/tokens/{place}"))
        if entry is None:
            raise RedoubtError(Reason.TOKEN_UNKNOWN)
        return self._opened(ENCRYPT_KEY, str(entry.get("ciphertext")), scope(request))

    def _opened(self, key: str, sealed: str, bound: bytes) -> str:
        item = {"ciphertext": sealed, "context": base64.b64encode(bound).decode()}
        # As a batch of one: an item that does not open is told apart from a right that is missing.
        answer = self._vault.write(
            f"{self._tokens}/decrypt/{key}", {"batch_input": [item], "partial_failure_response_code": 200}
        )
        results = answer.get("batch_results")
        if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], Mapping):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        plaintext = results[0].get("plaintext")
        if results[0].get("error") or not isinstance(plaintext, str):
            raise RedoubtError(Reason.TOKEN_UNKNOWN)
        try:
            return unpadded(base64.b64decode(plaintext, validate=True))
        except binascii.Error:
            pass
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
