"""Convergent tokens carried over to another version of their key, by the rotator's right: it sees no identifier.

The token that comes out is the very one that the tokenizer makes of the same identifier under that version.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.form import Token, context, read_token
from policies.tokens.tokenizer import TokenType
from policies.tokens.transit import BATCH, ciphertext, split_ciphertext
from policies.tokens.vaulted import VaultEntries
from policies.tokens.versions import CONVERGENT_KEY, versions

REMEMBERED: Final = 100_000
"""Tokens whose successor is kept in memory: a patient's stand on many pages."""


class Renewal:
    """Carries tokens of these purposes over; a token does not say its purpose, so each is tried.

    Raises RedoubtError(TOKEN_VERSION) where Vault has no such version, VAULT_UNAVAILABLE and VAULT_REFUSED.
    """

    def __init__(
        self,
        vault: VaultEntries,
        purposes: Sequence[str],
        version: int,
        mount: str = "tokens",
    ) -> None:
        self._vault, self._purposes, self.version = vault, tuple(purposes), version
        self._mount, self._is_there = mount, False
        self._known: dict[tuple[str, str], str | None] = {}

    def is_old(self, token: str) -> bool:
        """Whether the token is convergent and of another version than this run's; what is no token is not."""
        try:
            read = read_token(token)
        except RedoubtError:
            return False
        return read.type is TokenType.CONVERGENT and read.version[0] == "v" and read.version != f"v{self.version}"

    def renewed(self, tenant: str, tokens: Iterable[str]) -> Mapping[str, str | None]:
        """The successor of each old one among a tenant's tokens; None for one of none of the purposes."""
        old = [token for token in dict.fromkeys(tokens) if self.is_old(token)]
        if len(self._known) > REMEMBERED:
            self._known.clear()
        missing = [token for token in old if (tenant, token) not in self._known]
        if missing and not self._is_there:
            if self.version not in versions(self._vault, self._mount):
                raise RedoubtError(Reason.TOKEN_VERSION)
            self._is_there = True
        for purpose in self._purposes:
            missing = [token for token in missing if self._known.get((tenant, token)) is None]
            for start in range(0, len(missing), BATCH):
                part = missing[start : start + BATCH]
                for token, successor in zip(part, self._carried(tenant, purpose, part), strict=True):
                    self._known[tenant, token] = successor
        return {token: self._known[tenant, token] for token in old}

    def _carried(self, tenant: str, purpose: str, tokens: Sequence[str]) -> list[str | None]:
        read = [read_token(token) for token in tokens]
        items = [
            {
                "ciphertext": ciphertext(token),
                "context": base64.b64encode(context(tenant, purpose, token.kind)).decode(),
                "key_version": self.version,
            }
            for token in read
        ]
        answer = self._vault.write(
            f"{self._mount}/rewrap/{CONVERGENT_KEY}", {"batch_input": items, "partial_failure_response_code": 200}
        )
        results = answer.get("batch_results")
        if not isinstance(results, list) or len(results) != len(items):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        return [self._successor(token, result) for token, result in zip(read, results, strict=True)]

    def _successor(self, token: Token, result: object) -> str | None:
        if not isinstance(result, Mapping):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        if result.get("error"):
            return None
        version, body = split_ciphertext(result.get("ciphertext"))
        # It takes the token's place: an answer of another shape must not.
        if version != self.version or len(body) != len(token.body):
            raise RedoubtError(Reason.VAULT_REFUSED)
        return str(Token(token.kind, f"v{version}", body))
