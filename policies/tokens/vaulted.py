"""Random and shaped tokens: drawn once for a value, kept in Vault, looked up ever after.

Two entries stand for each, in a KV engine whose entries this role may create and read by their exact path, and
neither change nor list:

    <mount>/data/values/<index of the value>   the token
    <mount>/data/tokens/<index of the token>   the value, encrypted by a key that this role cannot decrypt with

An index is an HMAC under a key that never leaves Vault, over tenant, purpose, kind, type and what is looked up: paths
stand in Vault's audit log in clear. The way back is written first: a kill between the two leaves an entry that no
token leads to, and never a token without a way back. Whoever comes second to a value takes the token of the first.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError
from policies.tokens.form import RANDOM, RANDOM_BYTES, SHAPED, Token, padded, read_token
from policies.tokens.shapes import draw
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import BATCH

ENCRYPT_KEY: Final = "codes"
INDEX_KEY: Final = "code-index"
_INDEX_VERSION: Final = 1
"""Pinned for good: under another version every value would be a new one."""
_DRAWS: Final = 16
"""A number that was handed out is drawn again. Of a plan that is half used up one value in 65,000 is refused."""
_HMAC: Final = re.compile(r"vault:v1:([A-Za-z0-9+/]{43}=)")


class VaultEntries(Protocol):
    """Authenticated calls to Vault. Both raise RedoubtError(VAULT_UNAVAILABLE) or RedoubtError(VAULT_REFUSED)."""

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]: ...

    def read(self, path: str) -> Mapping[str, object] | None:
        """The `data` of the answer; None where nothing is there."""
        ...


class VaultedTokenizer:
    """Tokenizer of the types that are drawn. Raises RedoubtError(MISCONFIGURED) for a convergent one."""

    def __init__(self, vault: VaultEntries, tokens_mount: str = "tokens", codes_mount: str = "codes") -> None:
        self._vault = vault
        self._tokens, self._codes = tokens_mount, codes_mount

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        if any(request.type is TokenType.CONVERGENT for request in requests):
            raise RedoubtError(Reason.MISCONFIGURED)
        distinct = list(dict.fromkeys(requests))
        places = indexes(self._vault, self._tokens, [(request, padded(request)) for request in distinct])
        found = {request: self._kept(place, request) for request, place in zip(distinct, places, strict=True)}
        missing = [(r, place) for r, place in zip(distinct, places, strict=True) if found[r] is None]
        for start in range(0, len(missing), BATCH):
            part = missing[start : start + BATCH]
            sealed = self._sealed([request for request, _ in part])
            for (request, place), ciphertext in zip(part, sealed, strict=True):
                found[request] = self._created(request, place, ciphertext)
        return [str(found[request]) for request in requests]

    def _created(self, request: TokenRequest, place: str, ciphertext: str) -> str:
        token = self._with_a_way_back(request, ciphertext)
        if self._create(f"{self._codes}/data/values/{place}", {"token": token}):
            return token
        # Refused for a missing right or for an entry that is there: this role may create and not change.
        winner = self._kept(place, request)
        if winner is None:
            raise RedoubtError(Reason.VAULT_REFUSED)
        return winner

    def _with_a_way_back(self, request: TokenRequest, ciphertext: str) -> str:
        for _ in range(_DRAWS):
            token = str(_drawn(request))
            [place] = indexes(self._vault, self._tokens, [(request, token.encode())])
            if self._create(f"{self._codes}/data/tokens/{place}", {"ciphertext": ciphertext}):
                return token
        raise RedoubtError(Reason.VAULT_REFUSED)

    def _create(self, path: str, entry: Mapping[str, object]) -> bool:
        """False where Vault refuses."""
        try:
            self._vault.write(path, {"data": dict(entry), "options": {"cas": 0}})
            return True
        except RedoubtError as error:
            if error.reason is not Reason.VAULT_REFUSED:
                raise
            return False

    def _kept(self, place: str, request: TokenRequest) -> str | None:
        entry = kv_data(self._vault.read(f"{self._codes}/data/values/{place}"))
        if entry is None:
            return None
        token = read_token(str(entry.get("token")))
        if (token.kind, token.type) != (request.kind, request.type):
            raise RedoubtError(Reason.VAULT_REFUSED)
        return str(token)

    def _sealed(self, requests: Sequence[TokenRequest]) -> list[str]:
        items = [{"plaintext": _b64(padded(request)), "context": _b64(scope(request))} for request in requests]
        results = _batch(self._vault, f"{self._tokens}/encrypt/{ENCRYPT_KEY}", items)
        return [str(result.get("ciphertext")) for result in results]


def scope(request: TokenRequest) -> bytes:
    """What a code is bound to. The purpose is in it: 164.514(c)(2) forbids to use a code for another."""
    parts = ["redoubt-code-1", request.type.value, request.tenant, request.kind.value, request.purpose]
    return json.dumps(parts, separators=(",", ":")).encode()


def indexes(vault: VaultEntries, mount: str, of: Sequence[tuple[TokenRequest, bytes]]) -> list[str]:
    """Where the entries of these lie: 64 hexadecimal digits each. The request tells the scope, not the content."""
    found: list[str] = []
    for start in range(0, len(of), BATCH):
        items = [{"input": _b64(scope(request) + b"\0" + content)} for request, content in of[start : start + BATCH]]
        path = f"{mount}/hmac/{INDEX_KEY}/sha2-256"
        for result in _batch(vault, path, items, key_version=_INDEX_VERSION):
            match = _HMAC.fullmatch(str(result.get("hmac")))
            if match is None:
                raise RedoubtError(Reason.VAULT_UNAVAILABLE)
            found.append(base64.b64decode(match[1]).hex())
    return found


def kv_data(answer: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The content of a KV version 2 entry; None where there is none or it was deleted."""
    data = answer.get("data") if answer is not None else None
    return data if isinstance(data, Mapping) else None


def _drawn(request: TokenRequest) -> Token:
    if request.type is TokenType.RANDOM:
        return Token(request.kind, RANDOM, secrets.token_bytes(RANDOM_BYTES))
    return Token(request.kind, SHAPED, draw(request.kind).encode())


def _batch(
    vault: VaultEntries, path: str, items: Sequence[Mapping[str, object]], **beside: object
) -> list[Mapping[str, object]]:
    answer = vault.write(path, {"batch_input": list(items), "partial_failure_response_code": 200, **beside})
    results = answer.get("batch_results")
    if not isinstance(results, list) or len(results) != len(items):
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)
    if any(not isinstance(result, Mapping) or result.get("error") for result in results):
        raise RedoubtError(Reason.VAULT_REFUSED)
    return results


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
