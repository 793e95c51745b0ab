"""The written form of a token, and what is encrypted to make one.

A token reads `rdt:<kind>:<key version>:<body>`, the body being unpadded base64url of a ciphertext. The version is
`v1`, `v2`, ... under Vault and `l1` under a local key ring. The kind is in clear, so that a reader of a record
knows what stood there; the tenant and the purpose are not, and whoever reverses a token must bring them.
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
from policies.tokens.tokenizer import TokenRequest

PAD_TO_BYTES: Final = 32
"""Values are padded to a multiple of this: most names share one length, so a token's length tells little."""

_TOKEN: Final = re.compile(r"rdt:([a-z0-9_]{1,32}):([vl][1-9][0-9]{0,5}):([A-Za-z0-9_-]{1,8192})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart: `version` as written (`v1`, `l1`), `body` the ciphertext's bytes."""

    kind: Kind
    version: str
    body: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"rdt:{self.kind.value}:{self.version}:{base64.urlsafe_b64encode(self.body).decode().rstrip('=')}"


def read_token(text: str) -> Token:
    """Take a token apart. Raises RedoubtError(INVALID_EVENT) for anything else than exactly one token."""
    match = _TOKEN.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        kind, version, body = match.groups()
        return Token(Kind(kind), version, base64.b64decode(body + "=" * (-len(body) % 4), b"-_", validate=True))
    except (ValueError, binascii.Error):
        pass
    # Raised outside the handler: no chained exception may quote the text.
    raise RedoubtError(Reason.INVALID_EVENT)


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
    """The value again. Raises RedoubtError(INVALID_EVENT) where the padding is not ours."""
    value, mark, rest = content.rpartition(b"\x80")
    if not mark or any(rest):
        raise RedoubtError(Reason.INVALID_EVENT)
    return value.decode("utf-8", "surrogatepass")
