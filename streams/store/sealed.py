"""What lies in the PHI zone is sealed under its document's data key; destroying that key destroys every copy.

The wrapped data key is the only copy of it and lies in the store beside the objects, under a hash of tenant and
document id. Events carry references and sealed bytes, never the key, so that Kafka's log segments die with it too.
`streams.store.retention` decides when.
"""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.store.claims import ClaimStore, Pieces, digest_of, put_addressed
from streams.store.records import Record, Records, document_name
from streams.store.seal import seal, seal_pieces, unseal
from streams.vault.keyring import DataKeys

KEYS: Final = "keys"
"""The folder of wrapped data keys."""
SEALED: Final = "sealed"
"""The folder of what is sealed under them; below it one folder a document."""
WORK: Final = "work"
"""In a document's folder, what is kept while it is worked on."""


class DocumentSeal:
    """One document's data key at work. Keep it for the time of one document, not longer."""

    def __init__(self, store: ClaimStore, tenant: str, document_id: str, key: bytes) -> None:
        self._store = store
        self._bound = (tenant, document_id)
        self._key = key

    def __repr__(self) -> str:
        return "DocumentSeal()"

    def put(self, content: bytes | Pieces) -> str:
        """Store an original or an intermediate under the document's name and a random id: the reference to it."""
        reference = f"{SEALED}/{document_name(*self._bound)}/{secrets.token_hex(16)}"
        if isinstance(content, bytes):
            self._store.put(reference, self.seal(reference, content))
        else:
            self._store.put_pieces(reference, seal_pieces(self._key, self._associated(reference), content.pieces()))
        return reference

    def get(self, reference: str) -> bytes:
        """Raises as ClaimStore.get does, RedoubtError(HASH_MISMATCH) where it was changed or belongs elsewhere."""
        return self.unseal(reference, self._store.get(reference))

    def put_beside(self, reference: str, name: str, content: bytes) -> None:
        """Store what belongs to such an object, and is found by its reference. Ends with the document as that does."""
        beside = f"{reference}.{name}"
        self._store.put(beside, self.seal(beside, content))

    def beside(self, reference: str, name: str) -> bytes | None:
        """What was put beside an object; None where nothing was. Raises else as `get` does."""
        try:
            return self.get(f"{reference}.{name}")
        except RedoubtError as error:
            if error.reason is Reason.CONTENT_MISSING:
                return None
            raise

    def put_output(self, masked: ClaimStore, content: bytes | Pieces) -> str:
        """Store a finished output in the masked store, under its SHA-256. It is noted as the document's first, so
        that no output is without somebody to end it."""
        Records(self._store).note_output(document_name(*self._bound), digest_of(content))
        return put_addressed(masked, content)

    def keep(self, name: str, content: bytes) -> None:
        """Store a piece of work on the document under a name of its own, in place of an earlier one."""
        reference = f"{self._work}/{name}"
        self._store.replace(reference, self.seal(reference, content))

    def kept(self, name: str) -> bytes | None:
        """Such a piece; None where there is none, or none that this key has sealed."""
        try:
            return self.get(f"{self._work}/{name}")
        except RedoubtError as error:
            if error.reason in (Reason.CONTENT_MISSING, Reason.HASH_MISMATCH):
                return None
            raise

    def shred(self) -> None:
        """Delete every such piece: the document is done."""
        for key in list(self._store.keys(self._work)):
            self._store.delete(key)

    def seal(self, name: str, content: bytes) -> bytes:
        """Seal what travels inside an event; `name` says which part it is (`patient`, `content`)."""
        return seal(self._key, self._associated(name), content)

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Raises RedoubtError(HASH_MISMATCH) where it was changed, renamed or belongs to another document."""
        return unseal(self._key, self._associated(name), sealed)

    @property
    def _work(self) -> str:
        return f"{SEALED}/{document_name(*self._bound)}/{WORK}"

    def _associated(self, name: str) -> bytes:
        return json.dumps(["redoubt-sealed-1", *self._bound, name], separators=(",", ":")).encode()


class SealedStore:
    """Opens and destroys documents' seals. Raises as the store and the data keys do."""

    def __init__(self, store: ClaimStore, keys: DataKeys) -> None:
        self._store = store
        self._keys = keys

    @property
    def claims(self) -> ClaimStore:
        """The store that all of it lies in."""
        return self._store

    def create(self, tenant: str, document_id: str, retention_class: str | None = None) -> DocumentSeal:
        """A new document's seal; its retention counts from now. `retention_class` None: the policy's default.

        Raises RedoubtError(HASH_MISMATCH) where the document already has a key.
        """
        Records(self._store).begin(Record(tenant, document_id, retention_class, datetime.now(UTC)))
        made = self._keys.new(tenant, document_id)
        self._store.put(key_of(document_name(tenant, document_id)), made.wrapped.encode("ascii"))
        return DocumentSeal(self._store, tenant, document_id, made.plaintext)

    def open(self, tenant: str, document_id: str) -> DocumentSeal:
        """Raises RedoubtError(CONTENT_MISSING) for an unknown document or one whose key was destroyed."""
        wrapped = self._store.get(key_of(document_name(tenant, document_id)))
        if not wrapped.isascii():
            raise RedoubtError(Reason.HASH_MISMATCH)
        return DocumentSeal(
            self._store, tenant, document_id, self._keys.open(tenant, document_id, wrapped.decode("ascii"))
        )

    def destroy(self, tenant: str, document_id: str) -> None:
        """Delete the document's data key: all that was sealed under it is unreadable from now on.

        Neither audited nor bound to a clock: that is `streams.store.retention`. Raises RedoubtError(LEGAL_HOLD) all
        the same.
        """
        name = document_name(tenant, document_id)
        if Records(self._store).marks(name).holds:
            raise RedoubtError(Reason.LEGAL_HOLD)
        self._store.delete(key_of(name))


def key_of(name: str) -> str:
    """Where the wrapped data key of the document of that name lies."""
    return f"{KEYS}/{name}"
