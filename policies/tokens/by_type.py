"""One tokenizer for all types of token, and a bounded memory of those it gave out."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.tokenizer import Tokenizer, TokenRequest, TokenType

REMEMBERED: Final = 100_000
"""Tokens kept: some 25 MB."""


class ByType:
    """Tokenizer that hands each request to the one that makes its type."""

    def __init__(self, made_by: Mapping[TokenType, Tokenizer]) -> None:
        self._made_by = dict(made_by)

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        found: dict[TokenRequest, str] = {}
        for type_ in dict.fromkeys(request.type for request in requests):
            if type_ not in self._made_by:
                raise RedoubtError(Reason.MISCONFIGURED)
            own = list(dict.fromkeys(request for request in requests if request.type is type_))
            found.update(zip(own, self._made_by[type_].tokens(own), strict=True))
        return [found[request] for request in requests]


class Remembering:
    """Tokenizer that asks another one once for each request, as long as there is room.

    In memory alone, and without the identifiers: what is remembered is found by a keyed hash whose key lives as long
    as this object. The tokens are those of one key version; who moves to another makes a new object.
    """

    def __init__(self, tokenizer: Tokenizer, room: int = REMEMBERED) -> None:
        self._tokenizer, self._room = tokenizer, room
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        names = [self._name(request) for request in requests]
        with self._lock:
            found = {name: self._known[name] for name in names if name in self._known}
        missing = {name: request for name, request in zip(names, requests, strict=True) if name not in found}
        if missing:
            found.update(zip(missing, self._tokenizer.tokens(list(missing.values())), strict=True))
        with self._lock:
            for name in names:
                self._known[name] = found[name]
                self._known.move_to_end(name)
            while len(self._known) > self._room:
                self._known.popitem(last=False)
        return [found[name] for name in names]

    def _name(self, request: TokenRequest) -> bytes:
        digest = hashlib.blake2b(key=self._key, digest_size=20)
        for part in (request.tenant, request.purpose, request.kind, request.type, request.value):
            content = part.encode("utf-8", "surrogatepass")
            digest.update(len(content).to_bytes(8, "big") + content)
        return digest.digest()
