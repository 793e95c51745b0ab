"""Signed heads of the log: who holds one can tell whether any entry before it was changed, moved or dropped since."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from detectors.errors import Reason, RedoubtError
from streams.attest.envelope import Signer, payload, signed, verified
from streams.audit.counts import HeadCounts, Place
from streams.audit.tree import Tree
from streams.events import AuditHead
from streams.store.claims import ClaimStore, digest_of
from streams.watch import logs

HEAD: Final = "application/vnd.redoubt.audit-head+json"
FOLDER: Final = "heads"
"""In the place outside: below it an object a head, named by its size and its own digest, so that none replaces one."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a signed head says: the root, hexadecimal, of the tree of the first `size` entries."""

    size: int
    root: str
    time: str


class Outside:
    """A place outside of the broker. The last head that it refused is kept and can be offered again: without, a log
    that stands still would never have its end there."""

    def __init__(self, store: ClaimStore, counts: HeadCounts) -> None:
        self._store, self._counts = store, counts
        self._owed: tuple[str, bytes] | None = None

    def put(self, key: str, envelope: bytes) -> None:
        """Raises nothing: a place that is away is told in the log and on /metrics."""
        self._owed = key, envelope
        self.again()

    def again(self) -> bool:
        """Offer what it refused last; False where it refused nothing."""
        if self._owed is None:
            return False
        try:
            self._store.put(*self._owed)
        except RedoubtError as error:
            logs.get("sequencer").warning("head not put outside", reason=error.reason)
            self._counts.refused(Place.OUTSIDE)
        else:
            self._counts.put(Place.OUTSIDE)
            self._owed = None
        return True


@dataclass(frozen=True, slots=True)
class Heads:
    """Signs heads, and puts each into a place outside of the broker where there is one."""

    signer: Signer
    every_s: float
    outside: Outside | None = None
    counts: HeadCounts = field(default_factory=HeadCounts)

    def sign(self, tree: Tree) -> AuditHead:
        """The event of the tree's head. Raises RedoubtError as the key's keeper does."""
        now = datetime.now(UTC)
        head = {"root": tree.root.hex(), "size": tree.size, "time": now.isoformat(timespec="milliseconds")}
        content = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
        envelope = signed(HEAD, content, self.signer)
        if self.outside is not None:
            self.outside.put(f"{FOLDER}/{tree.size:016d}-{digest_of(envelope)[:16]}.json", envelope)
        return AuditHead(tree.size, tree.root.hex(), now, base64.b64encode(envelope).decode())


def head_of(envelope: bytes, keys: Sequence[Ed25519PublicKey]) -> Head:
    """What a head says. Raises RedoubtError(HASH_MISMATCH) where none of the keys signed it, or it is none."""
    return _read(verified(HEAD, envelope, keys))


def unverified(envelope: bytes) -> Head:
    """What somebody says that a head says: to look something up with, never to believe. Raises as `head_of` does."""
    return _read(payload(HEAD, envelope))


def _read(content: bytes) -> Head:
    try:
        said = json.loads(content)
        size, root, time = said["size"], said["root"], said["time"]
        if type(size) is not int or size < 1 or len(bytes.fromhex(root)) != 32 or not isinstance(time, str):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise RedoubtError(Reason.HASH_MISMATCH) from None
    return Head(size, root, time)
