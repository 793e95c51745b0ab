"""Tokens from a key ring on this machine, for one person at a terminal and for tests.

AES-SIV (RFC 5297) with a 512-bit key: the same request gives the same token, and tampering shows.
Whoever holds the key file can reverse every token, so it refuses to work in production. Drawn tokens need a store,
which there is none of.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from detectors.errors import Reason, RedoubtError
from policies.tokens.form import Token, context, padded
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.tokenizer import TokenRequest, TokenType

KEY_BYTES: Final = 64
TYPES: Final = frozenset({TokenType.CONVERGENT})
"""What a key alone makes."""
_VERSION: Final = "l1"


class LocalTokenizer:
    """Tokenizer with a key of its own: in `key_file` (made on first use, mode 0600), or in memory alone.

    Raises RedoubtError(MISCONFIGURED) in production or where the key file is not private.
    """

    def __init__(self, key_file: Path | None = None, *, production: bool) -> None:
        if production:
            raise RedoubtError(Reason.MISCONFIGURED)
        self._cipher = AESSIV(read_or_make_key(key_file, KEY_BYTES) if key_file else secrets.token_bytes(KEY_BYTES))

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        if any(request.type not in TYPES for request in requests):
            raise RedoubtError(Reason.MISCONFIGURED)
        return [str(self._token(request)) for request in requests]

    def _token(self, request: TokenRequest) -> Token:
        bound = context(request.tenant, request.purpose, request.kind)
        return Token(request.kind, _VERSION, self._cipher.encrypt(padded(request), [bound]))
