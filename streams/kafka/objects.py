"""What the transport needs of a claim-check store."""

from __future__ import annotations

from typing import Protocol


class Objects(Protocol):
    """A store of objects: create only, and again for the same bytes. Keys carry no content.

    Raises RedoubtError(STORE_UNAVAILABLE), `get` also RedoubtError(CONTENT_MISSING).
    """

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes: ...
