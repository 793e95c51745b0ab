"""Which released documents a person looks at once more: drawn by a key that no worker has.

Drawn after publishing, from what was published: nobody upstream can tell which document it will be, nor treat it better
than the others. The key draws the same lots again after a crash, and proves later that a task was drawn.

A document is drawn whole, however long, and as likely as a short one: the bound is of documents, and where long ones
leak more often, a part of their pages, or fewer of them, would flatter it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from detectors.pages import LayerState
from streams.events import DocumentMasked, SampleDrawn

KEY_BYTES: Final = 32
ANY: Final = "*"
_RANGE: Final = 2**64


@dataclass(frozen=True, slots=True)
class Lots:
    """`shares` by `tenant/class`, either of which may be `*`; the closest one counts, `share` where there is none."""

    key: bytes = field(repr=False)
    share: float
    shares: Mapping[str, float] = field(default_factory=dict)

    def share_of(self, tenant: str, document_class: str) -> float:
        closest = (f"{tenant}/{document_class}", f"{tenant}/{ANY}", f"{ANY}/{document_class}")
        return next((self.shares[name] for name in closest if name in self.shares), self.share)

    def draw(self, released: DocumentMasked) -> SampleDrawn | None:
        """The task, proof and all; None for a document that was not drawn."""
        document_class = released.document_class or "unknown"
        lot = self._number("document", released.tenant, released.document_id, released.reference)
        if lot >= self.share_of(released.tenant, document_class) * _RANGE:
            return None
        own_text = released.layers.get(LayerState.PROVEN, 0) == released.pages
        task = SampleDrawn(
            tenant=released.tenant,
            document_id=released.document_id,
            document_class=document_class,
            profile=released.profile,
            quality="digital" if own_text else "scanned",
            reference=released.reference,
            pages=released.pages,
            shown=tuple(range(released.pages)),
        )
        return dataclasses.replace(task, proof=self._proof(task))

    def drew(self, task: SampleDrawn) -> bool:
        """Whether this very task was drawn with this key: who may write decisions cannot make one up."""
        return hmac.compare_digest(task.proof or "", self._proof(dataclasses.replace(task, proof=None)))

    def _proof(self, task: SampleDrawn) -> str:
        _, _, value = task.to_message()
        return hmac.new(self.key, b"task\0" + value, hashlib.sha256).hexdigest()

    def _number(self, *parts: str) -> int:
        digest = hmac.digest(self.key, "\0".join(parts).encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big")
