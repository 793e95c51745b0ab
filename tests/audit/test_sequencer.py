"""The log's entries in their places, and the sequencer on real brokers."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from typer.testing import CliRunner

from detectors.errors import Reason, RedoubtError
from streams.attest.envelope import public_keys
from streams.audit.counts import HeadCounts
from streams.audit.heads import Heads, Outside, head_of
from streams.audit.log import checked, leaf_hash, sequenced
from streams.audit.sequencer import SEQUENCER, Sequencer
from streams.audit.tree import Tree
from streams.cli import app
from streams.events import AuditAction, AuditHead, AuditSequenced, DocumentMasked, Event
from streams.kafka import EXIT_BROKER, EXIT_OK
from streams.kafka.topics import AUDIT_ENTRIES, AUDIT_HEADS, AUDIT_PENDING, MASKED_DOCUMENTS
from streams.store.claims import open_claims, put_addressed
from tests.attest.made import signer
from tests.audit.test_heads_outside import Refuses
from tests.events.examples import ENTRY, EXAMPLES
from tests.kafka.conftest import apache, bootstrap, kafka, libs, tansu  # noqa: F401  the same brokers
from tests.kafka.transport import read, settings


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


STATEMENT = b'{"signed": "so"}'
RELEASED = dataclasses.replace(ENTRY, attestation=f"sha256/{hashlib.sha256(STATEMENT).hexdigest()}")


@contextmanager
def sequencing(address: str, heads: Heads | None = None) -> Iterator[list[int]]:
    stop, codes = threading.Event(), list[int]()
    sequencer = Sequencer(settings(address).kafka, heads=heads)
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
        key, headers, value = dataclasses.replace(RELEASED, entry_id=f"{n:032x}").to_message()
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


def test_heads_are_signed_and_prove_the_log(
    bootstrap: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heads = Heads(signer(tmp_path), 0.2, Outside(open_claims(f"file://{tmp_path}/outside"), HeadCounts()))
    keys = public_keys([tmp_path / "signing.key.pub"])
    append(bootstrap, 0, 5)
    with sequencing(bootstrap, heads):
        (_, first, _), *_ = read(bootstrap, [AUDIT_HEADS], expect=1, extra_s=0.2)
        assert isinstance(first, AuditHead)
        append(bootstrap, 5, 12)
        log = log_of(read(bootstrap, [AUDIT_ENTRIES], expect=12, extra_s=0.2))
        signed = heads_over(bootstrap, 12)
    assert signed[-1].root == log[11].root
    assert [head_of(base64.b64decode(head.envelope), keys).size for head in signed] == [head.size for head in signed]
    outside = sorted((tmp_path / "outside" / "heads").iterdir())
    assert {file.read_bytes() for file in outside} >= {base64.b64decode(head.envelope) for head in signed}

    monkeypatch.setenv("REDOUBT_ENVIRONMENT", "demo")
    monkeypatch.setenv("REDOUBT_KAFKA__BOOTSTRAP", bootstrap)

    def run(*words: str | Path) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["audit", *map(str, words)])
        return done.exit_code, done.output

    entry, proof, key = log[3].entry.entry_id, tmp_path / "proof.json", tmp_path / "signing.key.pub"
    for words in (("prove", entry), ("extend", outside[0]), ("export",)):
        assert run(*words, "--out", proof) == (0, "written, under a head of 12 entries\n")
        code, said = run("verify", proof, "--public-key", key)
        assert (code, said.split(",")[0].split(":")[0]) == (0, "proved")
    assert run("verify", proof, "--public-key", key, "--head", outside[0])[0] == 0
    signer(tmp_path, "other.key")
    assert run("verify", proof, "--public-key", tmp_path / "other.key.pub")[0] == 1
    assert run("prove", "f" * 32, "--out", proof)[0] == 1

    released(bootstrap, f"file://{tmp_path}/masked", STATEMENT)
    monkeypatch.setenv("REDOUBT_STORE__MASKED_URL", f"file://{tmp_path}/masked")
    done = CliRunner().invoke(app, ["evidence", "--document", ENTRY.document_id, "--out", str(tmp_path / "all.zip")])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read(f"attestations/{ENTRY.document_id}.json") == STATEMENT
        proof.write_bytes(archive.read(f"proofs/{ENTRY.document_id}.json"))
    assert run("verify", proof, "--public-key", key)[0] == 0
    assert CliRunner().invoke(app, ["canaries", "bounds", "--out", str(tmp_path / "bounds.html")]).exit_code == 0
    assert "any moment" in (tmp_path / "bounds.html").read_text()


def test_a_place_outside_that_was_away_gets_the_end_of_a_log_that_stands_still(
    bootstrap: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    place = Refuses()
    append(bootstrap, 0, 3)
    with sequencing(bootstrap, Heads(signer(tmp_path), 0.2, Outside(place, HeadCounts()))):
        heads_over(bootstrap, 3)
        assert place.taken == []
        place.refuses = False
        until = time.monotonic() + 20
        while not place.taken:
            assert time.monotonic() < until, "the log has not grown, and its end is not outside"
            time.sleep(0.1)


def released(address: str, store: str, attestation: bytes) -> None:
    """A released copy's event, with its statement in the store."""
    (masked,) = [event for event in EXAMPLES if isinstance(event, DocumentMasked)]
    claims = open_claims(store)
    claims.probe()
    reference = put_addressed(claims, attestation)
    key, headers, value = dataclasses.replace(masked, attestation=reference).to_message()
    producer = Producer({"bootstrap.servers": address})
    producer.produce(MASKED_DOCUMENTS, value, key, headers=headers)
    assert producer.flush(30) == 0


def heads_over(address: str, size: int) -> list[AuditHead]:
    """All heads, once there is one over so many entries."""
    until, found = time.monotonic() + 60, list[AuditHead]()
    while time.monotonic() < until and not any(head.size == size for head in found):
        events = read(address, [AUDIT_HEADS], expect=len(found) + 1, timeout_s=5, extra_s=0.2)
        found = [event for _, event, _ in events if isinstance(event, AuditHead)]
    return found


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
