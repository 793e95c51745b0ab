"""What became of a document: masked, tokenized, held for review, rejected. No PHI in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.events.envelope import Event, derived_id


@dataclass(frozen=True, slots=True)
class DocumentMasked(Event):
    """A released copy. `reference` is its content address in the masked store.

    `commitment` stands for the input: HMAC-SHA-256 of it under a random key of this document that stays in the
    PHI zone, since the plain hash of a filled form can be guessed. `attestation` is a reference, once signed.
    """

    TYPE: ClassVar[str] = "redoubt.document.masked.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    reference: str
    size_bytes: int
    commitment: str
    pages: int
    profile: str
    profile_version: str
    engine: str
    depth: Depth
    verdict: Verdict
    counts: Mapping[Kind, int]
    kept: Mapping[Kind, int]
    words: int
    words_burned: int
    rounds: int
    attestation: str | None = None


@dataclass(frozen=True, slots=True)
class RecordTokenized(Event):
    """The document as text with tokens and coarser values in place. Exactly one of `text` (a string a page) and
    `reference` (content address of the JSON list of pages in the masked store, where it is too large for a topic) is
    set.
    """

    TYPE: ClassVar[str] = "redoubt.record.tokenized.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    document_class: str
    profile: str
    profile_version: str
    pages: int
    mean_confidence: float
    text: tuple[str, ...] | None = field(default=None, repr=False)
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person should look: page from 0, whole source pixels, half-open."""

    page: int
    left: int
    top: int
    right: int
    bottom: int
    kind: Kind
    reason: Reason


@dataclass(frozen=True, slots=True)
class ReviewRequested(Event):
    """A person decides. `reference` is the random id of the sealed copy in the PHI store; no text anywhere."""

    TYPE: ClassVar[str] = "redoubt.review.requested.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    profile: str
    profile_version: str
    depth: Depth
    pages: int
    reasons: tuple[Reason, ...]
    places: tuple[Place, ...] = ()
    places_left_out: int = 0
    reference: str | None = None
    original: str | None = None


class ReviewChoice(StrEnum):
    RELEASE = "release"
    BURN = "burn"
    """Burn the named places too, then mask and validate again."""
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class ReviewDecided(Event):
    """What a person, named by an opaque id, decided; a release goes back to mask and validate."""

    TYPE: ClassVar[str] = "redoubt.review.decided.v1"
    SOURCE: ClassVar[str] = "/redoubt/console"

    tenant: str
    document_id: str
    reviewer: str
    choice: ReviewChoice
    places: tuple[Place, ...] = ()


class Refusal(StrEnum):
    """Why nothing left: the document or its event is at fault, or redaction is in doubt."""

    REJECTED = "rejected"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class DocumentRejected(Event):
    """Nothing is released. The payload stays in the PHI store under `reference`, sealed.

    `reference` is None where the event named no stored payload that could be kept. `topic`, `partition` and `offset`
    name the record it came from, so that it can be found and replayed.
    """

    TYPE: ClassVar[str] = "redoubt.document.rejected.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    refusal: Refusal
    reasons: tuple[Reason, ...]
    topic: str
    partition: int
    offset: int
    attempts: int = 1
    reference: str | None = None

    @property
    def ce_id(self) -> str:
        """One a record: two broken records may name the same document."""
        return derived_id(self.TYPE, self.document_id, self.topic, str(self.partition), str(self.offset))
