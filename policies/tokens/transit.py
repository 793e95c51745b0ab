"""Convergent tokens from Vault's (or OpenBao's) transit engine.

Convergent encryption is a function of the identifier: good for joins, and for that reason no Safe Harbor code
(45 CFR 164.514(c)). The worker's role may encrypt and not decrypt; reversing a token is another role's right.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.form import Token, context, padded, written
from policies.tokens.tokenizer import TokenRequest, TokenType

BATCH: Final = 190
"""Items a call. OpenBao refuses a request of over 1000 JSON strings, names and values alike; an item has five."""
CALLS: Final = 4
"""At once, where there is more than one batch: Vault works on one while another is put together."""

_CIPHERTEXT: Final = re.compile(r"vault:v([0-9]{1,6}):([A-Za-z0-9+/]+={0,2})")


class VaultWrites(Protocol):
    """One authenticated write to Vault."""

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        """The `data` of the answer. Raises RedoubtError(VAULT_UNAVAILABLE) or RedoubtError(VAULT_REFUSED)."""
        ...


class TransitTokenizer:
    """Tokenizer over a derived, convergent transit key.

    `key_version` is pinned: after a rotation the same identifier keeps its token until the deployment decides
    to move on, else old and new records would not join.
    """

    def __init__(
        self, vault: VaultWrites, mount: str = "tokens", key: str = "convergent", key_version: int = 1
    ) -> None:
        if key_version < 1:
            raise RedoubtError(Reason.MISCONFIGURED)
        self._vault = vault
        self._path = f"{mount}/encrypt/{key}"
        self._version = key_version

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        if any(request.type is not TokenType.CONVERGENT for request in requests):
            raise RedoubtError(Reason.MISCONFIGURED)
        distinct = list(dict.fromkeys(requests))
        batches = [distinct[start : start + BATCH] for start in range(0, len(distinct), BATCH)]
        if len(batches) > 1:
            with ThreadPoolExecutor(CALLS) as pool:
                answers = list(pool.map(self._encrypt, batches))
        else:
            answers = [self._encrypt(batch) for batch in batches]
        made = dict(zip(distinct, chain.from_iterable(answers), strict=True))
        return [made[request] for request in requests]

    def _encrypt(self, batch: Sequence[TokenRequest]) -> list[str]:
        answer = self._vault.write(
            self._path,
            {
                "batch_input": [self._item(request) for request in batch],
                # Without this one bad item makes the whole answer an error that hides which calls were wrong.
                "partial_failure_response_code": 200,
            },
        )
        results = answer.get("batch_results")
        if not isinstance(results, list) or len(results) != len(batch):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        return [self._token(request, result) for request, result in zip(batch, results, strict=True)]

    def _item(self, request: TokenRequest) -> dict[str, object]:
        # The version stands in each item: beside batch_input it is ignored without a word.
        return {
            "plaintext": binascii.b2a_base64(padded(request), newline=False).decode(),
            "context": _bound(request.tenant, request.purpose, request.kind),
            "key_version": self._version,
        }

    def _token(self, request: TokenRequest, result: object) -> str:
        if not isinstance(result, Mapping):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        if result.get("error"):
            raise RedoubtError(Reason.VAULT_REFUSED)
        version, body = split_ciphertext(result.get("ciphertext"))
        if version != self._version:
            raise RedoubtError(Reason.VAULT_REFUSED)
        return written(request.kind, f"v{version}", body)


@lru_cache(maxsize=1024)
def _bound(tenant: str, purpose: str, kind: Kind) -> str:
    return base64.b64encode(context(tenant, purpose, kind)).decode()


def split_ciphertext(text: object) -> tuple[int, bytes]:
    """Key version and bytes of `vault:v<version>:<base64>`. Raises RedoubtError(VAULT_UNAVAILABLE) on garbage."""
    match = _CIPHERTEXT.fullmatch(text) if isinstance(text, str) else None
    if match is not None:
        try:
            return int(match[1]), binascii.a2b_base64(match[2], strict_mode=True)
        except binascii.Error:
            pass
    raise RedoubtError(Reason.VAULT_UNAVAILABLE)


def ciphertext(token: Token) -> str:
    """What transit's decrypt and rewrap take. Raises RedoubtError(TOKEN_UNKNOWN) for a token not made by its key."""
    if not token.version.startswith("v"):
        raise RedoubtError(Reason.TOKEN_UNKNOWN)
    return f"vault:{token.version}:{base64.b64encode(token.body).decode()}"
