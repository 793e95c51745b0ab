"""Whoever edits, drops, reorders or cuts off entries is caught: by a head that was signed before."""

from __future__ import annotations

import base64
import copy
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from detectors.errors import RedoubtError
from streams.attest.envelope import public_keys
from streams.audit.heads import Heads
from streams.audit.log import sequenced
from streams.audit.proofs import consistency, inclusion, newest, verify, whole
from streams.audit.tree import Tree
from streams.events import AuditEntry, AuditHead, AuditSequenced
from tests.attest.made import signer
from tests.events.examples import ENTRY

Keys = list[Ed25519PublicKey]
SIZE = 9
DOCUMENT = f"{3:032x}"


@dataclasses.dataclass
class Log:
    """A log and its signed heads, by size."""

    entries: list[AuditSequenced]
    heads: dict[int, AuditHead]

    def envelope(self, size: int) -> bytes:
        return base64.b64decode(self.heads[size].envelope)


def log_of(entries: list[AuditEntry], heads: Heads) -> Log:
    tree, log, signed = Tree(), list[AuditSequenced](), dict[int, AuditHead]()
    for offset, entry in enumerate(entries):
        tree, event = sequenced(tree, entry, offset)
        log.append(event)
        signed[tree.size] = heads.sign(tree)
    return Log(log, signed)


def entry(n: int) -> AuditEntry:
    return dataclasses.replace(ENTRY, entry_id=f"{n + 100:032x}", document_id=f"{n % 6:032x}")


@pytest.fixture
def heads(tmp_path: Path) -> Heads:
    return Heads(signer(tmp_path), 60.0)


@pytest.fixture
def log(heads: Heads) -> Log:
    return log_of([entry(n) for n in range(SIZE)], heads)


@pytest.fixture
def keys(heads: Heads, tmp_path: Path) -> Keys:
    return public_keys([tmp_path / "signing.key.pub"])


def encoded(proof: dict[str, Any]) -> bytes:
    return json.dumps(proof).encode()


def test_what_is_there_is_proved(log: Log, keys: Keys) -> None:
    for size in range(4, SIZE + 1):
        head = log.heads[size]
        included = verify(encoded(inclusion(log.entries, head, DOCUMENT)), keys)
        assert (included.kind, included.head.size) == ("inclusion", size)
        assert included.entries == sum(n % 6 == 3 for n in range(size))
        for old in range(1, size + 1):
            extended = verify(encoded(consistency(log.entries, log.envelope(old), old, head)), keys)
            assert (extended.kind, extended.entries) == ("consistency", size - old)
        assert verify(encoded(whole(log.entries, head)), keys, [log.envelope(2)]).entries == size


def test_an_entry_alone_is_proved_by_its_own_id(log: Log, keys: Keys) -> None:
    found = inclusion(log.entries, log.heads[SIZE], entry(4).entry_id)
    assert [each["index"] for each in found["entries"]] == [4]
    assert verify(encoded(found), keys).entries == 1


LIES: dict[str, Callable[[list[Any]], object]] = {
    "edited": lambda e: e[4]["entry"].update(actor="worker-9"),
    "dropped": lambda e: e.pop(4),
    "reordered": lambda e: e.insert(4, e.pop(5)),
    "cut off": lambda e: e.pop(),
    "all cut off": lambda e: e.clear(),
    "beheaded": lambda e: e.pop(0),
    "doubled": lambda e: e.insert(4, e[4]),
    "invented": lambda e: e.append({**e[-1], "index": SIZE}),
    "relabelled": lambda e: e[4].update(leaf="ab" * 32),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_log_that_was_touched_is_not_proved(log: Log, keys: Keys, lie: Callable[[list[Any]], object]) -> None:
    proof = copy.deepcopy(whole(log.entries, log.heads[SIZE]))
    lie(proof["entries"])
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        verify(encoded(proof), keys)


@pytest.mark.parametrize("lie", ["edited", "dropped", "reordered", "cut off"])
def test_a_sequencer_that_rewrites_the_log_is_caught_by_an_older_head(
    log: Log, heads: Heads, keys: Keys, lie: str
) -> None:
    """Whoever holds the signing key can sign another log, and cannot take back the head that was handed out."""
    entries = [entry(n) for n in range(SIZE)]
    if lie == "edited":
        entries[2] = dataclasses.replace(entries[2], actor="worker-9")
    elif lie == "reordered":
        entries[2], entries[3] = entries[3], entries[2]
    elif lie == "dropped":
        del entries[2]
    else:
        del entries[4:]
    forged = log_of(entries, heads)
    kept, head = log.envelope(6), forged.heads[len(entries)]
    rewritten = encoded(whole(forged.entries, head))
    assert verify(rewritten, keys).entries == len(entries), "consistent in itself"
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        verify(rewritten, keys, [kept])
    with pytest.raises(RedoubtError, match=r"^(hash_mismatch|content_missing)$"):
        verify(encoded(consistency(forged.entries, kept, 6, head)), keys)


def test_a_fork_does_not_pass_by_a_head_of_its_own(log: Log, heads: Heads, keys: Keys) -> None:
    """Each proof is sound in itself; the checker holds a head of the true log."""
    entries = [entry(n) for n in range(SIZE)]
    entries[2] = dataclasses.replace(entries[2], actor="worker-9")
    fork, mine, end = log_of(entries, heads), log.envelope(6), log.envelope(SIZE)
    theirs, newest_of = fork.envelope(6), fork.heads[SIZE]
    proofs: list[tuple[dict[str, Any], list[bytes]]] = [
        (consistency(fork.entries, theirs, 6, newest_of), [mine]),
        (consistency(fork.entries, theirs, 6, newest_of), [end]),
        (inclusion(fork.entries, newest_of, DOCUMENT), [end]),
        (inclusion(fork.entries, newest_of, DOCUMENT), [mine]),
        (whole(fork.entries, newest_of), [mine, theirs]),
        (whole(fork.entries, newest_of), [theirs, mine]),
    ]
    for proof, held in proofs:
        assert verify(encoded(proof), keys).head.size == SIZE
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            verify(encoded(proof), keys, held)
    grown = encoded(consistency(log.entries, mine, 6, log.heads[SIZE]))
    assert verify(grown, keys, [mine, end]).entries == SIZE - 6
    assert verify(encoded(inclusion(log.entries, log.heads[SIZE], DOCUMENT)), keys, [end]).entries == 1


def test_a_proof_that_was_touched_proves_nothing(log: Log, keys: Keys) -> None:
    head = log.heads[SIZE]
    included, extended = inclusion(log.entries, head, DOCUMENT), consistency(log.entries, log.envelope(4), 4, head)
    changes: list[tuple[dict[str, Any], Callable[[Any], object]]] = [
        (included, lambda p: p["entries"][0]["entry"].update(actor="worker-9")),
        (included, lambda p: p["entries"][0].update(index=4)),
        (included, lambda p: p["entries"][0]["path"].pop()),
        (included, lambda p: p["entries"].clear()),
        (included, lambda p: p["entries"].append(p["entries"][0])),
        (included, lambda p: p.update(proof="another")),
        (included, lambda p: p.update(head={"payload": "e30="})),
        (extended, lambda p: p["path"].pop()),
        (extended, lambda p: p["path"].__setitem__(0, "ab" * 32)),
        (extended, lambda p: p.update({"from": p["head"], "head": p["from"]})),
    ]
    for proof, change in changes:
        changed = copy.deepcopy(proof)
        change(changed)
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            verify(encoded(changed), keys)
    for nonsense in (b"", b"[]", b"{}", b"[" * 100_000, b"\xff"):
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            verify(nonsense, keys)
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        verify(encoded(included), [])


def test_the_newest_head_is_over_this_log_or_there_is_none(log: Log, heads: Heads) -> None:
    assert newest(log.heads.values(), log.entries).size == SIZE
    assert newest(log.heads.values(), log.entries[:5]).size == 5
    with pytest.raises(RedoubtError, match=r"^content_missing$"):
        newest([], log.entries)
    other = log_of([entry(n + 50) for n in range(SIZE)], heads)
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        newest(other.heads.values(), log.entries)
