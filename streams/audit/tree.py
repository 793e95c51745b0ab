"""The Merkle tree of RFC 9162, section 2.1, over hashes of leaves: growing it, and proofs that anyone can check.

Hashes as there: leaf SHA-256(0x00 || entry), node SHA-256(0x01 || left || right).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from detectors.errors import Reason, RedoubtError

_EMPTY: Final = hashlib.sha256(b"").digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A Merkle tree as far as appending needs it: its size and the roots of its perfect subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count() or any(len(p) != 32 for p in self.peaks):
            raise ValueError("a tree has one peak for each bit of its size")

    def with_leaf(self, leaf: bytes) -> Self:
        peaks, height = [*self.peaks, leaf], self.size
        while height & 1:
            right, left = peaks.pop(), peaks.pop()
            peaks.append(node(left, right))
            height >>= 1
        return type(self)(self.size + 1, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The tree head; of an empty tree the hash of nothing."""
        if not self.peaks:
            return _EMPTY
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = node(left, root)
        return root

    def to_metadata(self) -> str:
        """Well under the 4096 bytes that an offset's metadata may have: 64 peaks are 2.8 kB."""
        return f"1:{self.size}:{base64.b64encode(b''.join(self.peaks)).decode()}"

    @classmethod
    def from_metadata(cls, text: str) -> Self:
        """Raises RedoubtError(MISCONFIGURED) for anything but what this version writes."""
        try:
            version, size, peaks = text.split(":")
            if version != "1":
                raise ValueError
            joined = base64.b64decode(peaks, validate=True)
            return cls(int(size), tuple(joined[at : at + 32] for at in range(0, len(joined), 32)))
        except (ValueError, binascii.Error):
            raise RedoubtError(Reason.MISCONFIGURED) from None


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The head of the tree of these leaves' hashes (section 2.1.1)."""
    if not leaves:
        return _EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = _half(len(leaves))
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What proves that the leaf of that index, from 0, is in the tree (section 2.1.3.1), from the leaf upwards."""
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*inclusion_path(leaves[:half], index), root_of(leaves[half:])]
    return [*inclusion_path(leaves[half:], index - half), root_of(leaves[:half])]


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the leaf's hash stands at the index in the tree (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_path(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """What proves that the tree of the first `size` leaves became this one by appending (section 2.1.4.1).

    0 < `size` <= how many leaves there are.
    """
    return _subproof(leaves, size, whole=True)


def extends(old_root: bytes, old_size: int, root: bytes, size: int, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the newer tree begins with all of the older one (section 2.1.4.2)."""
    if old_size == size:
        return not path and old_root == root
    if not 0 < old_size < size:
        return False
    steps = list(path)
    if old_size.bit_count() == 1:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(step, old), node(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and (old, new) == (old_root, root)


def _subproof(leaves: Sequence[bytes], size: int, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = _half(len(leaves))
    if size <= half:
        return [*_subproof(leaves[:half], size, whole), root_of(leaves[half:])]
    return [*_subproof(leaves[half:], size - half, False), root_of(leaves[:half])]


def _half(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1
