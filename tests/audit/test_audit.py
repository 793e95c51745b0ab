"""The Merkle tree against the words of RFC 6962, and the sequencer on real brokers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import Reason, RedoubtError
from streams.audit import SEQUENCER, Sequencer, Tree, checked, leaf_hash, sequenced
from streams.events import AuditAction, AuditSequenced, Event
from streams.kafka import EXIT_BROKER, EXIT_OK
from streams.kafka.topics import AUDIT_ENTRIES, AUDIT_PENDING
from tests.events.examples import ENTRY
from tests.kafka.conftest import apache, bootstrap, kafka, libs, tansu  # noqa: F401  the same brokers
from tests.kafka.transport import read, settings


def tree_head(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_head(leaves[:k]) + tree_head(leaves[k:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_growing_tree_is_the_one_of_the_rfc(leaves: list[bytes]) -> None:
    tree = Tree()
    for leaf in leaves:
        tree = Tree.from_metadata(tree.to_metadata()).with_leaf(leaf)
    assert (tree.size, tree.root) == (len(leaves), tree_head(leaves))


def test_the_state_of_the_largest_log_fits_beside_an_offset() -> None:
    assert len(Tree(2**63 - 1, (b"\xff" * 32,) * 63).to_metadata()) <= 4096


@pytest.mark.parametrize("text", ["", "1:0", "2:0:", "1:1:", "1:-1:", "1:0:AAAA", "1:x:", "1:1:!!!!"])
def test_a_state_of_another_make_is_refused(text: str) -> None:
    with pytest.raises(RedoubtError, match=r"^misconfigured$"):
        Tree.from_metadata(text)


def test_a_leaf_is_the_hash_of_the_entry_as_it_stands_in_the_log() -> None:
    _, event = sequenced(Tree(), ENTRY, 0)
    entry = json.loads(event.to_message()[2])["entry"]
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    assert leaf_hash(ENTRY) == hashlib.sha256(b"\x00" + canonical).digest() == bytes.fromhex(event.leaf)


def test_a_changed_moved_or_dropped_entry_is_found() -> None:
    tree, log = Tree(), list[AuditSequenced]()
    for n in range(5):
        tree, event = sequenced(tree, dataclasses.replace(ENTRY, entry_id=f"{n:032x}"), n)
        log.append(event)

    def replay(found: list[AuditSequenced]) -> Tree:
        tree = Tree()
        for event in found:
            tree = checked(tree, event)
        return tree

    assert replay(log) == tree
    forged = dataclasses.replace(log[2], entry=dataclasses.replace(log[2].entry, actor="worker-9"))
    relabelled = dataclasses.replace(forged, leaf=leaf_hash(forged.entry).hex())
    for bad in ([*log[:2], forged, *log[3:]], [*log[:2], relabelled, *log[3:]], [*log[:2], *log[3:]], log[::-1]):
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            replay(bad)


@contextmanager
def sequencing(address: str) -> Iterator[list[int]]:
    stop, codes = threading.Event(), list[int]()
    sequencer = Sequencer(settings(address).kafka)
    thread = threading.Thread(target=lambda: codes.append(sequencer.run(stop)))
    thread.start()
    try:
        yield codes
    finally:
        stop.set()
        thread.join(60)


def append(address: str, first: int, last: int) -> None:
    producer = Producer({"bootstrap.servers": address, "enable.idempotence": True})
    for n in range(first, last):
        key, headers, value = dataclasses.replace(ENTRY, entry_id=f"{n:032x}").to_message()
        producer.produce(AUDIT_PENDING, value, key, headers=headers)
    assert producer.flush(10) == 0


def log_of(found: list[tuple[str, Event, str]]) -> list[AuditSequenced]:
    return [event for _, event, _ in found if isinstance(event, AuditSequenced)]


def test_entries_get_their_places_and_a_restart_goes_on(bootstrap: str) -> None:  # noqa: F811
    append(bootstrap, 0, 30)
    with sequencing(bootstrap) as codes:
        assert len(read(bootstrap, [AUDIT_ENTRIES], expect=30)) == 30
    append(bootstrap, 30, 40)
    producer = Producer({"bootstrap.servers": bootstrap})
    producer.produce(AUDIT_PENDING, b"not an entry", b"key")
    assert producer.flush(10) == 0
    with sequencing(bootstrap) as again:
        log = log_of(read(bootstrap, [AUDIT_ENTRIES], expect=41))
    assert codes == again == [EXIT_OK]
    assert [event.index for event in log] == list(range(41))
    assert [event.entry.entry_id for event in log[:40]] == [f"{n:032x}" for n in range(40)]
    assert log[40].entry.action is AuditAction.UNREADABLE
    assert log[40].entry.reasons == (Reason.INVALID_EVENT,)
    tree = Tree()
    for event in log:
        tree = checked(tree, event)
    assert tree.root.hex() == log[-1].root


@pytest.mark.kafka
def test_a_second_sequencer_ends_the_first(kafka: str) -> None:  # noqa: F811
    append(kafka, 0, 3)
    with sequencing(kafka) as first:
        read(kafka, [AUDIT_ENTRIES], expect=3, extra_s=0.2)
        with sequencing(kafka) as second:
            # The first one learns that it is fenced when it next tries to write.
            for n in range(3, 8):
                append(kafka, n, n + 1)
                read(kafka, [AUDIT_ENTRIES], expect=n + 1, extra_s=0.2)
            log = log_of(read(kafka, [AUDIT_ENTRIES], expect=8))
    assert (first, second) == ([EXIT_BROKER], [EXIT_OK])
    assert [event.index for event in log] == list(range(8))
    assert len({event.entry.entry_id for event in log}) == 8


@pytest.mark.kafka
def test_forgotten_offsets_are_rebuilt_from_the_log(kafka: str, tmp_path: Path) -> None:  # noqa: F811
    append(kafka, 0, 12)
    with sequencing(kafka):
        read(kafka, [AUDIT_ENTRIES], expect=12, extra_s=0.2)
    admin = AdminClient({"bootstrap.servers": kafka})
    for future in admin.delete_consumer_groups([SEQUENCER], request_timeout=10).values():
        future.result(10)
    append(kafka, 12, 15)
    with sequencing(kafka) as codes:
        log = log_of(read(kafka, [AUDIT_ENTRIES], expect=15))
    assert codes == [EXIT_OK]
    assert [event.index for event in log] == list(range(15))
    assert [event.entry.entry_id for event in log] == [f"{n:032x}" for n in range(15)]
