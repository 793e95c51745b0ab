"""From an event to a document: unwrap the data key, open the private part, verify what the event says in the clear,
fetch the claim, verify its hash."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from detectors.errors import Reason, RedoubtError
from streams.events import DocumentReceived
from streams.events.sealing import CONTENT, PRIVATE, Private, from_text, terms_of
from streams.pipeline.document import Document
from streams.store.sealed import DocumentSeal, SealedStore

UNKNOWN_TENANT = "unknown"
"""Stands in an event about a record that could not be read."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An opened event. `commitment` stands for the input outside the PHI zone; `seal` seals what must stay in it."""

    event: DocumentReceived
    document: Document
    commitment: str
    seal: DocumentSeal = field(repr=False)


def open_claim(event: DocumentReceived, sealed: SealedStore) -> Claim:
    """Raises RedoubtError: VAULT_*, STORE_UNAVAILABLE, CONTENT_MISSING, HASH_MISMATCH, INVALID_EVENT."""
    seal = sealed.open(event.tenant, event.document_id)
    private = Private.from_json(seal.unseal(PRIVATE, from_text(event.private)))
    if not hmac.compare_digest(terms_of(event), private.terms):
        raise RedoubtError(Reason.HASH_MISMATCH)
    if event.inline is not None:
        content = seal.unseal(CONTENT, from_text(event.inline))
    elif event.reference is not None:
        content = seal.get(event.reference)
    else:
        raise RedoubtError(Reason.INVALID_EVENT)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), private.sha256):
        raise RedoubtError(Reason.HASH_MISMATCH)
    document = Document(
        tenant=event.tenant,
        id=event.document_id,
        content=content,
        profile=event.profile,
        purpose=event.purpose,
        document_class=event.document_class.value,
        subject=private.patient,
        offset=bytes.fromhex(private.offset) if private.offset else None,
        authorization=event.authorization,
        source_program=event.source_program,
        checkpoint=seal,
    )
    return Claim(event, document, private.commitment(content), seal)


def keep_payload(event: DocumentReceived, sealed: SealedStore) -> str | None:
    """Where the payload of a refused document lies. An inline one is stored now, since the topic's retention would
    lose it; as it came, since it may be what is wrong. None where its data key is gone: nobody can read it."""
    if event.inline is None:
        return event.reference
    try:
        return sealed.open(event.tenant, event.document_id).put(from_text(event.inline))
    except RedoubtError as error:
        if error.reason in (Reason.CONTENT_MISSING, Reason.HASH_MISMATCH):
            return None
        raise


def keep_event(claim: Claim) -> str:
    """Where the event itself is kept, sealed: whoever must do the document again later finds it there, patient and
    all, when the topic's retention has passed."""
    return claim.seal.put(claim.event.to_message()[2])


def kept_event(tenant: str, document_id: str, reference: str, sealed: SealedStore) -> DocumentReceived:
    """The event that was kept. Raises as the store does, and RedoubtError(INVALID_EVENT) where it is none."""
    value = sealed.open(tenant, document_id).get(reference)
    headers = {"ce_specversion": "1.0", "ce_id": document_id, "ce_type": DocumentReceived.TYPE}
    event = DocumentReceived.from_message(document_id.encode(), [(n, t.encode()) for n, t in headers.items()], value)
    if event.tenant != tenant:
        raise RedoubtError(Reason.INVALID_EVENT)
    return event


def keep_record(document_id: str, value: bytes | None, sealed: SealedStore) -> str:
    """The same for a record that is no event: its bytes may be anybody's document, so they are sealed."""
    try:
        seal = sealed.create(UNKNOWN_TENANT, document_id)
    except RedoubtError as error:
        # An earlier attempt at this record made the key.
        if error.reason is not Reason.HASH_MISMATCH:
            raise
        seal = sealed.open(UNKNOWN_TENANT, document_id)
    return seal.put(value or b"")
