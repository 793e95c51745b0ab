"""After the end of a document nothing of it opens: not in the store, not in the broker's own files."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from confluent_kafka import Producer

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from policies.retention import load
from streams.embedded.openbao import EmbeddedVault
from streams.events import AuditAction, AuditEntry, DocumentReceived, DocumentRejected, ReviewRequested
from streams.events.sealing import CONTENT, PRIVATE, Private, from_text
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.submit import Request
from streams.kafka.topics import (
    AUDIT_PENDING,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    create_topics,
)
from streams.settings import KafkaSettings
from streams.store.claims import open_claims
from streams.store.records import Hold, HoldReason
from streams.store.retention import Retention
from streams.store.sealed import DocumentSeal
from tests.kafka.apache import LIBS, ApacheKafka
from tests.kafka.transport import read
from tests.store.rig import Rig

pytestmark = pytest.mark.kafka

TENANT = "clinic-a"
NAMES = ("Wilhelmina Featherstonehaugh", "Ignatius Quillfeather", "Perpetua Ombudsdottir", "Ambrosius Thistlewood")
MRNS = ("MRN-7730021946", "MRN-6120055173", "MRN-9054411828", "MRN-3381907264")
ORDERS = ("release 0", "review 0", "withhold 0", "encrypted 0")
"""What becomes of a document: an output, a held copy, and two kinds of kept payload."""
RESULTS = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)
AFTERWARDS = timedelta(days=3000)


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[str]:
    """A broker of the test's own: its files are looked at."""
    libs = os.environ.get(LIBS)
    if not libs:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{LIBS} is not set")
        pytest.skip(f"needs {LIBS}: a folder of Apache Kafka's jars")
    with ApacheKafka(Path(libs), tmp_path / "kafka") as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=2)
        yield broker.bootstrap


@pytest.fixture
def rig(kafka: str, tmp_path: Path) -> Iterator[Rig]:
    with EmbeddedVault(tmp_path / "vault") as vault:
        masked = open_claims((tmp_path / "masked").as_uri())
        masked.probe()
        yield Rig(vault, tmp_path, kafka, open_claims((tmp_path / "phi").as_uri()), masked)


def _hunter() -> ModuleType:
    file = Path(__file__).parents[2] / "leakage-tests" / "hunt.py"
    spec = importlib.util.spec_from_file_location("leakage_hunt", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _files(*folders: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def _submit(rig: Rig, inline_up_to: int) -> list[str]:
    with rig.submitter(inline_up_to) as submitter:
        return [
            submitter.submit(
                f"{order} {name} {mrn}".encode(), Request(TENANT, "maximal"), Subject(names=(name,), mrn=mrn)
            )
            for order, name, mrn in zip(ORDERS, NAMES, MRNS, strict=True)
        ]


def _opened(seal: DocumentSeal, event: DocumentReceived, kept: list[str]) -> list[bytes]:
    """Everything of a document that the worker's rights open. Raises RedoubtError where one part does not."""
    found = [seal.get(reference) for reference in kept]
    private = Private.from_json(seal.unseal(PRIVATE, from_text(event.private)))
    assert private.offset, "the patient's dates move by it, and it goes with the document"
    found.append(private.to_json())
    if event.inline is not None:
        found.append(seal.unseal(CONTENT, from_text(event.inline)))
    return found


def test_after_its_end_nothing_of_a_document_opens_anywhere(rig: Rig, tmp_path: Path) -> None:
    hunt = _hunter().hunt
    ids = _submit(rig, 0) + _submit(rig, 100_000)
    with rig.working():
        results = read(rig.bootstrap, RESULTS, expect=len(ids), timeout_s=60)
        # Events, in force and to be replayed later.
        events = {e.document_id: e for _, e, _ in read(rig.bootstrap, [PHI_DOCUMENTS], expect=len(ids))}
    received = {id_: event for id_, event in events.items() if isinstance(event, DocumentReceived)}
    assert set(received) == set(ids)
    kept: dict[str, list[str]] = {id_: [event.reference] if event.reference else [] for id_, event in received.items()}
    for _, event, _ in results:
        if isinstance(event, DocumentRejected | ReviewRequested) and event.reference:
            # The payload of an inline document is kept as it came: base64 of what was sealed into the event.
            kept[event.document_id].append(event.reference)
    assert Counter(map(len, kept.values()))[0] == 1, "only the released inline document has nothing in the store"

    def segments() -> dict[str, bytes]:
        return {name: blob for name, blob in _files(tmp_path / "kafka" / "data").items() if name.endswith(".log")}

    # While its key is there, everything opens: or what follows would show nothing.
    before = _files(tmp_path / "phi")
    for id_, event in received.items():
        opened = _opened(rig.worker.open(TENANT, id_), event, kept[id_])
        assert any(NAMES[ids.index(id_) % 4].encode() in part for part in opened)
    written = b"".join(segments().values())
    for event in received.values():
        assert event.private.encode() in written
        assert event.inline is None or event.inline.encode() in written

    audit = AuditWriter(KafkaSettings(bootstrap=rig.bootstrap))
    retention = Retention(rig.phi, rig.masked, load(), audit.append)
    now = datetime.now(UTC) + AFTERWARDS
    spared = ids[1]
    retention.hold(TENANT, spared, Hold(HoldReason.LITIGATION, "LEGAL-17", "counsel-2", datetime.now(UTC)))
    for clock in list(retention.survey(now)):
        assert clock is not None
        retention.end(clock, now)
    gone = [id_ for id_ in ids if id_ != spared]

    # In clear there is nothing, in the store or in the broker's files, now as before.
    blobs = segments() | _files(tmp_path / "phi", tmp_path / "masked") | {f"before {n}": b for n, b in before.items()}
    assert hunt([*NAMES, *MRNS], blobs) == []
    assert hunt([spared], blobs), "the hunter finds what is there"

    # What is there does not open: by the worker's rights, nor with every sealed byte from before.
    for id_ in gone:
        with pytest.raises(RedoubtError) as said:
            rig.worker.open(TENANT, id_)
        assert said.value.reason is Reason.CONTENT_MISSING
    left = {name for name in _files(tmp_path / "phi") if "/sealed/" in name}
    assert left == {name for name in before if "/sealed/" in name and kept[spared][0].split("/")[1] in name}
    assert list(rig.masked.keys("sha256")) == []
    # No wrapped key but the spared one's: not in the store, nor ever in a record of the broker.
    wrapped = {key for blob in blobs.values() for key in re.findall(rb"vault:v\d+:[A-Za-z0-9+/=]+", blob)}
    old = {blob for name, blob in before.items() if "/keys/" in name}
    assert wrapped == old, "they stand in the copy from before alone"
    now_there = {blob for name, blob in _files(tmp_path / "phi").items() if "/keys/" in name}
    assert len(now_there) == 1
    assert not any(key in blob for key in old for blob in segments().values())
    # A key made anew for the same document opens nothing of the old.
    again = rig.worker.create(TENANT, gone[0])
    with pytest.raises(RedoubtError) as said:
        again.unseal(PRIVATE, from_text(received[gone[0]].private))
    assert said.value.reason is Reason.HASH_MISMATCH

    # The hold held, and the log has who, what and when.
    assert _opened(rig.worker.open(TENANT, spared), received[spared], kept[spared])
    released = {event.document_id for topic, event, _ in results if topic == MASKED_DOCUMENTS}
    expected = len(ids) + 1 + 2 * (len(gone) + len(released))
    entries = [e for _, e, _ in read(rig.bootstrap, [AUDIT_PENDING], expect=expected) if isinstance(e, AuditEntry)]
    said_of = Counter((entry.document_id, entry.action) for entry in entries)
    assert {id_: said_of[id_, AuditAction.DESTROYED] for id_ in gone} == {id_: 1 + (id_ in released) for id_ in gone}
    assert said_of[spared, AuditAction.HOLD_PLACED] == 1
    assert said_of[spared, AuditAction.DESTROYING] == 0


def test_an_event_that_comes_again_after_the_end_releases_nothing(rig: Rig) -> None:
    with rig.submitter() as submitter:
        document = submitter.submit(b"release 0 x", Request(TENANT, "maximal"))
    with rig.working():
        read(rig.bootstrap, RESULTS, expect=1, timeout_s=60)
    [(_, event, _)] = read(rig.bootstrap, [PHI_DOCUMENTS], expect=1)
    retention = Retention(rig.phi, rig.masked, load(), AuditWriter(KafkaSettings(bootstrap=rig.bootstrap)).append)
    retention.destroy(TENANT, document, datetime.now(UTC) + timedelta(days=30))
    key, headers, value = event.to_message()
    producer = Producer({"bootstrap.servers": rig.bootstrap})
    producer.produce(PHI_DOCUMENTS, value, key, headers=headers)
    assert producer.flush(30) == 0
    with rig.working():
        found = read(rig.bootstrap, RESULTS, expect=2, timeout_s=60)
    [rejected] = [event for _, event, _ in found if isinstance(event, DocumentRejected)]
    assert (rejected.document_id, rejected.reasons) == (document, (Reason.CONTENT_MISSING,))
