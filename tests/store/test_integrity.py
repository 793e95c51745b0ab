"""Whoever can write into the store can stop a document and cannot change one: through the whole worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.tansu import EmbeddedBroker
from streams.events import DocumentMasked, DocumentReceived, DocumentRejected
from streams.kafka.submit import Request
from streams.kafka.topics import MASKED_DOCUMENTS, PHI_DOCUMENTS, REJECTED_DOCUMENTS, REVIEW_TASKS, create_topics
from streams.settings import KafkaSettings
from streams.store.claims import ObjectClaims, get_addressed, open_claims
from streams.store.records import document_name
from streams.store.sealed import key_of
from streams.vault.connection import connect
from streams.vault.rotation import VaultRotation
from streams.vault.setup import STORAGE_KEY, Role
from tests.kafka.transport import CANARY, CANARY_MRN, read
from tests.store.gateway import Place, place, s3
from tests.store.rig import Rig

__all__ = ["place", "s3"]

RESULTS = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[EmbeddedVault]:
    with EmbeddedVault(tmp_path / "vault") as vault:
        yield vault


@pytest.fixture
def rig(place: Place, vault: EmbeddedVault, tmp_path: Path) -> Iterator[Rig]:
    with EmbeddedBroker(tmp_path / "tansu") as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=2)
        masked = open_claims((tmp_path / "masked").as_uri())
        masked.probe()
        yield Rig(vault, tmp_path, broker.bootstrap, place.open(), masked)


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


Change = Callable[[ObjectClaims, str, str, str, str], None]
"""Store, this document's original and key, and those of another document, which is not touched."""


def _original(change: Callable[[bytes], bytes]) -> Change:
    return lambda store, original, key, other, other_key: store.replace(original, change(store.get(original)))


def _key(change: Callable[[bytes], bytes]) -> Change:
    return lambda store, original, key, other, other_key: store.replace(key, change(store.get(key)))


def _both(store: ObjectClaims, original: str, key: str, other: str, other_key: str) -> None:
    store.replace(original, store.get(other))
    store.replace(key, store.get(other_key))


def _others_original(store: ObjectClaims, original: str, key: str, other: str, other_key: str) -> None:
    store.replace(original, store.get(other))


def _others_key(store: ObjectClaims, original: str, key: str, other: str, other_key: str) -> None:
    store.replace(key, store.get(other_key))


CHANGES: dict[str, Change] = {
    "nothing": lambda *_: None,
    "first byte": _original(lambda content: _flipped(content, 0)),
    "salt": _original(lambda content: _flipped(content, 5)),
    "middle byte": _original(lambda content: _flipped(content, len(content) // 2)),
    "last byte": _original(lambda content: _flipped(content, len(content) - 1)),
    "cut by one": _original(lambda content: content[:-1]),
    "cut in half": _original(lambda content: content[: len(content) // 2]),
    "emptied": _original(lambda _: b""),
    "longer": _original(lambda content: content + b"\0"),
    "in the clear": _original(lambda _: b"release 0 planted"),
    "another document's original": _others_original,
    "another document's key": _others_key,
    "another document's original and key": _both,
    "changed key": _key(lambda wrapped: _flipped(wrapped, len(wrapped) // 2)),
    "cut key": _key(lambda wrapped: wrapped[:-8]),
    "emptied key": _key(lambda _: b""),
    "key that is no text": _key(lambda _: b"\xff\xfe"),
    "key of a version that never was": _key(lambda wrapped: wrapped.replace(b"vault:v2:", b"vault:v7:")),
}


def test_a_document_whose_objects_were_changed_is_never_released(rig: Rig, vault: EmbeddedVault) -> None:
    patient = Subject(names=(CANARY,), mrn=CANARY_MRN)
    text = f"release 0 {CANARY} {CANARY_MRN} ".encode() * 200
    tenants = ("clinic-a", "clinic-b")
    with rig.submitter() as submitter:
        spoiled = submitter.submit(text, Request("clinic-a", "maximal"), patient)
    VaultRotation(rig.session(Role.ROTATOR)).rotate()
    with rig.submitter() as submitter:
        others = {tenant: submitter.submit(text, Request(tenant, "maximal"), patient) for tenant in tenants}
        ids = {
            (what, tenant): submitter.submit(text, Request("clinic-a", "maximal"), patient)
            for what in CHANGES
            for tenant in tenants
        }
    references = _references(rig, 1 + len(others) + len(ids))
    for (what, tenant), document in ids.items():
        CHANGES[what](
            rig.phi,
            references[document],
            key_of(document_name("clinic-a", document)),
            references[others[tenant]],
            key_of(document_name(tenant, others[tenant])),
        )
    # The one data key of the first version was not carried over.
    root = connect(vault.address, vault.ca_file, vault.root_token)
    root.adapter.post(f"/v1/storage/keys/{STORAGE_KEY}/config", json={"min_decryption_version": 2})
    with rig.working():
        found = read(rig.bootstrap, RESULTS, expect=len(references), timeout_s=120)

    untouched = {*others.values(), *(ids["nothing", tenant] for tenant in tenants)}
    released = {event.document_id: event for _, event, _ in found if isinstance(event, DocumentMasked)}
    assert set(released) == untouched
    rejected = {e.document_id: (e.reasons, e.attempts) for _, e, _ in found if isinstance(e, DocumentRejected)}
    assert rejected == dict.fromkeys({spoiled, *ids.values()} - untouched, ((Reason.HASH_MISMATCH,), 1))
    assert {f"sha256/{key}" for key in _digests(rig)} == {event.reference for event in released.values()}

    # What was released and changed afterwards is not handed on either.
    reference = released[others["clinic-a"]].reference
    rig.masked.replace(reference, get_addressed(rig.masked, reference) + b"\0")
    with pytest.raises(RedoubtError) as said:
        get_addressed(rig.masked, reference)
    assert said.value.reason is Reason.HASH_MISMATCH


def _references(rig: Rig, count: int) -> dict[str, str]:
    """Where each original lies, as the topic has it."""
    found = [event for _, event, _ in read(rig.bootstrap, [PHI_DOCUMENTS], count)]
    return {event.document_id: str(event.reference) for event in found if isinstance(event, DocumentReceived)}


def _digests(rig: Rig) -> set[str]:
    return {key.rpartition("/")[2] for key in rig.masked.keys("sha256")}
