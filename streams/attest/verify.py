"""Checks a copy against what was signed of it: offline, with the public key alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from detectors.errors import RedoubtError
from streams.attest.envelope import verified
from streams.attest.statement import PAYLOAD, Attested, read


@dataclass(frozen=True, slots=True)
class Found:
    """How a copy compares with its statement. `pages` are those, from 0, that show something else; None where the file
    is no finished copy at all, so that its pages cannot be compared."""

    attested: Attested
    same_bytes: bool
    pages: tuple[int, ...] | None = ()

    @property
    def holds(self) -> bool:
        return self.same_bytes and self.pages == ()


def verify(copy: bytes, attestation: bytes, keys: Sequence[Ed25519PublicKey]) -> Found:
    """Raises RedoubtError(HASH_MISMATCH) where none of the keys signed the attestation, or it is none."""
    attested = read(verified(PAYLOAD, attestation, keys))
    # Only now: MuPDF takes a quarter of a second that no wrong key and no help needs.
    from streams.attest.pixels import page_digests

    same = hmac.compare_digest(hashlib.sha256(copy).hexdigest(), attested.sha256)
    try:
        shown = list(page_digests(copy))
    except RedoubtError:
        return Found(attested, same, None)
    length = max(len(shown), len(attested.pixels))
    differ = tuple(page for page in range(length) if shown[page : page + 1] != list(attested.pixels[page : page + 1]))
    return Found(attested, same, differ)


def opens(attested: Attested, content: bytes, key: bytes) -> bool:
    """Whether `content` is the input that was committed to, for an auditor who was given the document's own key.

    That the copy was made from it is the worker's word: the attestor never saw the input.
    """
    return hmac.compare_digest(hmac.new(key, content, hashlib.sha256).hexdigest(), attested.commitment)
