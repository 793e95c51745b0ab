"""The written form of a token, and what is encrypted to make one.

A token reads `rdt:<kind>:<version>:<body>`. The version says how it came about: `v1`, `v2`, ... convergent, under
that version of Vault's key; `l1` convergent under a local key ring; `r1` random; `s1` shaped. The body is unpadded
base64url, of a shaped token the number itself. The kind is in clear, so that a reader of a record knows what stood
there; the tenant and the purpose are not, and whoever reverses a token must bring them.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.tokenizer import TokenRequest, TokenType

PAD_TO_BYTES: Final = 32
"""Values are padded to a multiple of this: most names share one length, so a token's length tells little."""

RANDOM_BYTES: Final = 16
"""Of a random token: two of 2^64 meet by chance, and each is compared with what Vault holds before it is given out."""
RANDOM: Final = "r1"
SHAPED: Final = "s1"

_TOKEN: Final = re.compile(r"rdt:([a-z0-9_]{1,32}):([vlrs][1-9][0-9]{0,5}):([A-Za-z0-9_-]{1,8192})")
_SHAPE: Final = re.compile(r"[A-Z0-9]{4,40}")
_DRAWN: Final = {"r": TokenType.RANDOM, "s": TokenType.SHAPED}
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_CIPHER_BYTES: Final = 28
"""What transit adds to a plaintext: a nonce of 12 bytes and a tag of 16."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart: `version` as written (`v1`, `r1`), `body` the ciphertext's, code's or number's bytes."""

    kind: Kind
    version: str
    body: bytes = field(repr=False)

    @property
    def type(self) -> TokenType:
        return _DRAWN.get(self.version[0], TokenType.CONVERGENT)

    def __str__(self) -> str:
        return written(self.kind, self.version, self.body)


def written(kind: Kind, version: str, body: bytes) -> str:
    """The token as it stands in a record, of parts as `Token` has them."""
    if version != SHAPED:
        body = binascii.b2a_base64(body, newline=False).translate(_URL_SAFE, b"=")
    return f"rdt:{kind.value}:{version}:{body.decode('ascii')}"


def read_token(text: str) -> Token:
    """Take a token apart. Raises RedoubtError(TOKEN_DAMAGED) for anything else than exactly one whole token."""
    match = _TOKEN.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        kind, version, body = match.groups()
        token = Token(Kind(kind), version, _body(version, body))
        # Base64 has several spellings of some bytes; a token has one.
        if str(token) == text:
            return token
    except (ValueError, binascii.Error):
        pass
    # Raised outside the handler: no chained exception may quote the text.
    raise RedoubtError(Reason.TOKEN_DAMAGED)


def _body(version: str, text: str) -> bytes:
    """The body's bytes. Raises ValueError where they have not the length that such a token has."""
    if version.startswith("s"):
        if version != SHAPED or not _SHAPE.fullmatch(text):
            raise ValueError
        return text.encode("ascii")
    body = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    if version.startswith("r"):
        whole = version == RANDOM and len(body) == RANDOM_BYTES
    elif version.startswith("v"):
        whole = len(body) > _CIPHER_BYTES and (len(body) - _CIPHER_BYTES) % PAD_TO_BYTES == 0
    else:
        whole = bool(body)
    if not whole:
        raise ValueError
    return body


def context(tenant: str, purpose: str, kind: Kind) -> bytes:
    """What a token is bound to: equal values differ between tenants, purposes and kinds."""
    # JSON keeps the parts apart: ("a", "b|c") and ("a|b", "c") must not meet.
    return json.dumps(["redoubt-token-1", tenant, kind.value, purpose], separators=(",", ":")).encode()


def padded(request: TokenRequest) -> bytes:
    """The value as bytes, padded after ISO/IEC 7816-4 (0x80, then zeros) to whole blocks of PAD_TO_BYTES."""
    # OCR text may hold half a surrogate pair; a strict codec would raise an error that quotes the value.
    value = request.value.encode("utf-8", "surrogatepass") + b"\x80"
    return value + bytes(-len(value) % PAD_TO_BYTES)


def unpadded(content: bytes) -> str:
    """The value again. Raises RedoubtError(TOKEN_DAMAGED) where the padding is not ours."""
    value, mark, rest = content.rpartition(b"\x80")
    if not mark or any(rest):
        raise RedoubtError(Reason.TOKEN_DAMAGED)
    return value.decode("utf-8", "surrogatepass")
