"""What lies in the PHI zone is sealed under its document's data key; destroying that key destroys every copy.

The wrapped data key is the only copy of it and lies in the store beside the objects, under a hash of tenant and
document id. Events carry references and sealed bytes, never the key, so that Kafka's log segments die with it too.
"""

from __future__ import annotations

import hashlib
import json
import secrets

from detectors.errors import Reason, RedoubtError
from streams.store.claims import ClaimStore
from streams.store.seal import seal, unseal
from streams.vault.keyring import DataKeys


class DocumentSeal:
    """One document's data key at work. Keep it for the time of one document, not longer."""

    def __init__(self, store: ClaimStore, tenant: str, document_id: str, key: bytes) -> None:
        self._store = store
        self._bound = (tenant, document_id)
        self._key = key

    def __repr__(self) -> str:
        return "DocumentSeal()"

    def put(self, content: bytes) -> str:
        """Store an original or an intermediate under a random id, which is the reference to it."""
        reference = f"sealed/{secrets.token_hex(16)}"
        self._store.put(reference, self.seal(reference, content))
        return reference

    def get(self, reference: str) -> bytes:
        """Raises as ClaimStore.get does, RedoubtError(HASH_MISMATCH) where it was changed or belongs elsewhere."""
        return self.unseal(reference, self._store.get(reference))

    def seal(self, name: str, content: bytes) -> bytes:
        """Seal what travels inside an event; `name` says which part it is (`patient`, `content`)."""
        return seal(self._key, self._associated(name), content)

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Raises RedoubtError(HASH_MISMATCH) where it was changed, renamed or belongs to another document."""
        return unseal(self._key, self._associated(name), sealed)

    def _associated(self, name: str) -> bytes:
        return json.dumps(["redoubt-sealed-1", *self._bound, name], separators=(",", ":")).encode()


class SealedStore:
    """Opens and destroys documents' seals. Raises as the store and the data keys do."""

    def __init__(self, store: ClaimStore, keys: DataKeys) -> None:
        self._store = store
        self._keys = keys

    def create(self, tenant: str, document_id: str) -> DocumentSeal:
        """A new document's seal. Raises RedoubtError(HASH_MISMATCH) where the document already has a key."""
        made = self._keys.new(tenant, document_id)
        self._store.put(_key_name(tenant, document_id), made.wrapped.encode("ascii"))
        return DocumentSeal(self._store, tenant, document_id, made.plaintext)

    def open(self, tenant: str, document_id: str) -> DocumentSeal:
        """Raises RedoubtError(CONTENT_MISSING) for an unknown document or one whose key was destroyed."""
        wrapped = self._store.get(_key_name(tenant, document_id))
        if not wrapped.isascii():
            raise RedoubtError(Reason.HASH_MISMATCH)
        return DocumentSeal(
            self._store, tenant, document_id, self._keys.open(tenant, document_id, wrapped.decode("ascii"))
        )

    def destroy(self, tenant: str, document_id: str) -> None:
        """Delete the document's data key: all that was sealed under it is unreadable from now on."""
        self._store.delete(_key_name(tenant, document_id))


def _key_name(tenant: str, document_id: str) -> str:
    bound = json.dumps([tenant, document_id], separators=(",", ":")).encode()
    return f"keys/{hashlib.sha256(bound).hexdigest()}"
