"""From an event to a document: unwrap the data key, open the private part, fetch the claim, verify the hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from detectors.errors import Reason, RedoubtError
from streams.document import Document
from streams.events import DocumentReceived
from streams.events.sealing import Binding, Private, from_text, seal, unseal
from streams.kafka.objects import Objects
from streams.vault.keyring import DataKeys

UNKNOWN_TENANT = "unknown"
"""Stands in an event about a record that could not be read."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An opened event. `commitment` stands for the input outside the PHI zone; `data_key` is in the clear."""

    event: DocumentReceived
    document: Document
    commitment: str
    data_key: bytes = field(repr=False)


def open_claim(event: DocumentReceived, originals: Objects, keys: DataKeys) -> Claim:
    """Raises RedoubtError: VAULT_*, STORE_UNAVAILABLE, CONTENT_MISSING, HASH_MISMATCH, INVALID_EVENT."""
    key = keys.open(event.tenant, event.document_id, event.data_key)
    private = Private.from_json(unseal(key, _binding(event, "private"), from_text(event.private)))
    if event.inline is not None:
        sealed = from_text(event.inline)
    elif event.reference is not None:
        sealed = originals.get(event.reference)
    else:
        raise RedoubtError(Reason.INVALID_EVENT)
    content = unseal(key, _binding(event, "content"), sealed)
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
        authorization=event.authorization,
    )
    return Claim(event, document, private.commitment(content), key)


def keep_payload(event: DocumentReceived, originals: Objects) -> tuple[str | None, str]:
    """Where the payload of a refused document lies, and its wrapped key. An inline payload is stored now, sealed
    as it came: the topic's retention would lose it."""
    if event.reference is not None or event.inline is None:
        return event.reference, event.data_key
    reference = secrets.token_hex(16)
    originals.put(reference, from_text(event.inline))
    return reference, event.data_key


def keep_record(document_id: str, value: bytes | None, originals: Objects, keys: DataKeys) -> tuple[str | None, str]:
    """The same for a record that is no event: its bytes may be anybody's document, so they are sealed."""
    key = keys.new(UNKNOWN_TENANT, document_id)
    reference = secrets.token_hex(16)
    originals.put(reference, seal(key.plaintext, Binding(UNKNOWN_TENANT, document_id, "record"), value or b""))
    return reference, key.wrapped


def _binding(event: DocumentReceived, part: str) -> Binding:
    return Binding(event.tenant, event.document_id, part)
