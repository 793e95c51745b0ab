"""Proofs over the audit log, as JSON that is checked offline: with the public key alone.

Three kinds. `inclusion`: entries of one document, each with its path to a signed head. `consistency`: that a newer
signed head begins with all of an older one. `log`: every entry up to a signed head.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from detectors.errors import Reason, RedoubtError
from streams.audit.heads import Head, head_of, unverified
from streams.audit.log import checked, leaf_hash
from streams.audit.tree import Tree, consistency_path, extends, includes, inclusion_path
from streams.events import AuditEntry, AuditHead, AuditSequenced

INCLUSION: Final = "redoubt-audit-inclusion-1"
CONSISTENCY: Final = "redoubt-audit-consistency-1"
LOG: Final = "redoubt-audit-log-1"

_State = tuple[int, str]
"""Of the log: its size and its root. Two heads of one size over different logs are two."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof has shown: of which kind it is, under which head, and over how many entries it speaks."""

    kind: str
    head: Head
    entries: int


def newest(heads: Iterable[AuditHead], log: Sequence[AuditSequenced]) -> AuditHead:
    """The newest head over entries that the log has.

    Raises RedoubtError(CONTENT_MISSING) where there is none, RedoubtError(HASH_MISMATCH) where it is over another log.
    """
    fitting = [head for head in heads if head.size <= len(log)]
    if not fitting:
        raise RedoubtError(Reason.CONTENT_MISSING)
    found = max(fitting, key=lambda head: (head.size, head.time))
    if found.root != log[found.size - 1].root:
        raise RedoubtError(Reason.HASH_MISMATCH)
    return found


def inclusion(log: Sequence[AuditSequenced], head: AuditHead, id: str) -> dict[str, Any]:
    """That the entries of this id, an entry's or a document's, are in the log under the head.

    Raises RedoubtError(CONTENT_MISSING) where the head covers none.
    """
    leaves = _leaves(log[: head.size])
    found = [e for e in log[: head.size] if id in (e.entry.entry_id, e.entry.document_id)]
    if not found:
        raise RedoubtError(Reason.CONTENT_MISSING)
    entries = [{"entry": _entry(e), "index": e.index, "path": _hex(inclusion_path(leaves, e.index))} for e in found]
    return {"proof": INCLUSION, "head": _envelope(head), "entries": entries}


def consistency(log: Sequence[AuditSequenced], old: bytes, old_size: int, head: AuditHead) -> dict[str, Any]:
    """That the log under the head begins with the one under `old`, the envelope of an older head.

    Raises RedoubtError(CONTENT_MISSING) where `old` is not older.
    """
    if not 0 < old_size <= head.size:
        raise RedoubtError(Reason.CONTENT_MISSING)
    path = consistency_path(_leaves(log[: head.size]), old_size)
    return {"proof": CONSISTENCY, "from": json.loads(old), "head": _envelope(head), "path": _hex(path)}


def whole(log: Sequence[AuditSequenced], head: AuditHead) -> dict[str, Any]:
    """Every entry up to the head."""
    entries = [{**json.loads(e.to_message()[2])} for e in log[: head.size]]
    return {"proof": LOG, "head": _envelope(head), "entries": entries}


def size_of(proof: dict[str, Any]) -> int:
    """How many entries the proof's head is over."""
    return unverified(json.dumps(proof["head"]).encode()).size


def verify(proof: bytes, keys: Sequence[Ed25519PublicKey], held: Sequence[bytes] = ()) -> Proved:
    """Check a proof of any kind. `held` are envelopes of heads that the checker has from elsewhere, each of which the
    proof must speak of: an `inclusion` by its head, a `consistency` by one of its two, a `log` on its way.

    Raises RedoubtError(HASH_MISMATCH) where anything is not as it was signed, it is no proof, or it says nothing of a
    held head or contradicts it.
    """
    try:
        said = json.loads(proof)
        head = head_of(json.dumps(said["head"]).encode(), keys)
        kept = {_state(head_of(each, keys)) for each in held}
        match said["proof"]:
            case "redoubt-audit-inclusion-1":
                return Proved("inclusion", head, _included(said, head, kept))
            case "redoubt-audit-consistency-1":
                return Proved("consistency", head, _extended(said, head, keys, kept))
            case "redoubt-audit-log-1":
                return Proved("log", head, _replayed(said, head, kept))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise RedoubtError(Reason.HASH_MISMATCH)


def _included(said: dict[str, Any], head: Head, held: Set[_State]) -> int:
    _require(held <= {_state(head)})
    for each in said["entries"]:
        leaf, path = leaf_hash(_read(each["entry"])), [bytes.fromhex(step) for step in each["path"]]
        _require(includes(bytes.fromhex(head.root), head.size, each["index"], leaf, path))
    _require(0 < len({each["index"] for each in said["entries"]}) == len(said["entries"]))
    return len(said["entries"])


def _extended(said: dict[str, Any], head: Head, keys: Sequence[Ed25519PublicKey], held: Set[_State]) -> int:
    old = head_of(json.dumps(said["from"]).encode(), keys)
    _require(held <= {_state(old), _state(head)})
    path = [bytes.fromhex(step) for step in said["path"]]
    _require(extends(bytes.fromhex(old.root), old.size, bytes.fromhex(head.root), head.size, path))
    return head.size - old.size


def _replayed(said: dict[str, Any], head: Head, held: Set[_State]) -> int:
    tree, missing = Tree(), set(held)
    for value in said["entries"]:
        entry = _read(value["entry"])
        event = AuditSequenced(value["index"], value["leaf"], value["root"], value["source_offset"], entry)
        tree = checked(tree, event)
        missing.discard((tree.size, tree.root.hex()))
    _require((tree.size, tree.root.hex()) == _state(head) and not missing)
    return tree.size


def _state(head: Head) -> _State:
    return head.size, head.root


def _require(holds: bool) -> None:
    if not holds:
        raise RedoubtError(Reason.HASH_MISMATCH)


def _leaves(log: Sequence[AuditSequenced]) -> list[bytes]:
    return [bytes.fromhex(event.leaf) for event in log]


def _entry(event: AuditSequenced) -> Any:
    return json.loads(event.entry.to_message()[2])


def _read(value: dict[str, Any]) -> AuditEntry:
    """An entry from its JSON form. Raises RedoubtError(INVALID_EVENT)."""
    headers = {"ce_specversion": "1.0", "ce_id": "read", "ce_type": AuditEntry.TYPE}
    key = str(value["document_id"]).encode()
    return AuditEntry.from_message(key, [(n, t.encode()) for n, t in headers.items()], json.dumps(value).encode())


def _envelope(head: AuditHead) -> Any:
    return json.loads(base64.b64decode(head.envelope))


def _hex(path: Iterable[bytes]) -> list[str]:
    return [step.hex() for step in path]
