"""Which documents are planted. Written before a planted document is announced; publishing asks it, and nobody before.

It lies in the PHI store beside the originals, and holds seeds, no content: who may make the document again from them
knows what is on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from streams.store.claims import ClaimStore

FOLDER: Final = "canaries"
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Planted:
    """What a planted document is made from: the arguments of `streams.canaries.documents.one`."""

    seed: int
    index: int
    layout: str
    format: str


_PLANTED: Final = TypeAdapter(Planted)


class CanaryLedger:
    """Raises RedoubtError(STORE_UNAVAILABLE) where it cannot be asked: nobody guesses whether a document is planted."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def plant(self, document_id: str, planted: Planted) -> None:
        """Raises RedoubtError(HASH_MISMATCH) where the id is another's."""
        self._store.put(f"{FOLDER}/{document_id}", _PLANTED.dump_json(planted))

    def is_planted(self, document_id: str) -> bool:
        return self.find(document_id) is not None

    def find(self, document_id: str) -> Planted | None:
        """None for a document that is nobody's canary. Raises RedoubtError(HASH_MISMATCH) for an entry that is none."""
        if not _ID.fullmatch(document_id):
            return None
        try:
            return _PLANTED.validate_json(self._store.get(f"{FOLDER}/{document_id}"))
        except ValidationError:
            raise RedoubtError(Reason.HASH_MISMATCH) from None
        except RedoubtError as error:
            if error.reason is Reason.CONTENT_MISSING:
                return None
            raise
