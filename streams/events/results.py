"""What became of a document: masked, tokenized, held for review, rejected. No PHI in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.pages import LayerState
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
    layers: Mapping[LayerState, int] = field(default_factory=dict)
    """Pages by what became of the file's own text; pages without any are not counted."""
    notice: str | None = None
    """What must accompany the copy wherever it goes, word for word (42 CFR 2.32)."""
    document_class: str | None = None
    """As declared. Workers of before do not say it."""


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


class ReviewChoice(StrEnum):
    RELEASE = "release"
    """Release the copy as it was shown."""
    BURN = "burn"
    """Burn the named places too, then mask and validate again."""
    WITHHOLD = "withhold"


class Grounds(StrEnum):
    """Why a person decided as they did. Closed: what more there is to say stands in the ticket."""

    FALSE_ALARM = "false_alarm"
    """What was found identifies nobody."""
    READ_BY_EYE = "read_by_eye"
    """What no engine could read was read, and identifies nobody."""
    PERMITTED = "permitted"
    """The authorization covers what stays."""
    MISSED_IDENTIFIER = "missed_identifier"
    """Something that identifies a person was still there."""
    PRECAUTION = "precaution"
    NOT_REDACTABLE = "not_redactable"
    """No black box makes this copy safe, or what is left is of no use."""
    WRONG_RECORD = "wrong_record"
    """Another person's document."""
    NOT_AUTHORIZED = "not_authorized"
    CAUSE_MENDED = "cause_mended"
    """What the document failed at was put right."""
    SUBMITTED_ANEW = "submitted_anew"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class SignOff:
    """Somebody who would let this very copy go, where a profile asks for two."""

    reviewer: str
    why: Grounds
    ticket: str


@dataclass(frozen=True, slots=True)
class ReviewRequested(Event):
    """A person decides: a task, named by its `ce_id`. No text anywhere.

    `reference` is the random id of the sealed copy in the PHI store, `event` that of the sealed event that the
    document came with, so that it can be done again after the topic has forgotten it. `topic`, `partition` and
    `offset` name the record that led here: that event's, or an earlier decision's. `round` counts from 1 how often a
    person has been asked.
    """

    TYPE: ClassVar[str] = "redoubt.review.requested.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    profile: str
    profile_version: str
    depth: Depth
    pages: int
    reasons: tuple[Reason, ...]
    topic: str
    partition: int
    offset: int
    event: str
    round: int = 1
    places: tuple[Place, ...] = ()
    places_left_out: int = 0
    burned: tuple[Place, ...] = ()
    """What people had burned in earlier rounds: it stays burned."""
    reference: str | None = None
    original: str | None = None
    proof: str | None = field(default=None, repr=False)
    """That a worker made this very task: see `streams.review.proof`."""
    signed: tuple[SignOff, ...] | None = None
    """Who has signed this very copy off; left out where nobody has, so that older readers take the task."""

    @property
    def ce_id(self) -> str:
        """One a record: a document that was replayed or decided upon may come to a person again."""
        return derived_id(self.TYPE, self.document_id, self.topic, str(self.partition), str(self.offset))


@dataclass(frozen=True, slots=True)
class ReviewDecided(Event):
    """What a person, named by an opaque id, decided on a task; all but withholding goes back to mask and validate.

    `answered` are the task's doubts that the person takes upon themself. `decision` is random: two decisions on one
    task are two events, of which the first counts.
    """

    TYPE: ClassVar[str] = "redoubt.review.decided.v1"
    SOURCE: ClassVar[str] = "/redoubt/console"

    tenant: str
    document_id: str
    decision: str
    reviewer: str
    choice: ReviewChoice
    why: Grounds
    ticket: str
    task: ReviewRequested
    answered: tuple[Reason, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def ce_id(self) -> str:
        return self.decision


class Refusal(StrEnum):
    """Why nothing left: the document or its event is at fault, or redaction is in doubt."""

    REJECTED = "rejected"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class DocumentRejected(Event):
    """Nothing is released. The payload stays in the PHI store under `reference`, sealed.

    `reference` is None where the event named no stored payload that could be kept. `topic`, `partition` and `offset`
    name the record it came from, the document's own or a person's decision on it, so that it can be found and
    replayed; `event` is the random id of the document's event, sealed in the PHI store, where it could be kept.
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
    event: str | None = None

    @property
    def ce_id(self) -> str:
        """One a record: two broken records may name the same document."""
        return derived_id(self.TYPE, self.document_id, self.topic, str(self.partition), str(self.offset))


class Settlement(StrEnum):
    REPLAY = "replay"
    """The document's event goes back to the input topic."""
    DISCARD = "discard"
    """Nobody comes back to it; its data key is destroyed as soon as retention and legal holds allow."""


@dataclass(frozen=True, slots=True)
class RejectionSettled(Event):
    """What a person did about a rejection, which `rejection`, its `ce_id`, names: the end of that dead letter."""

    TYPE: ClassVar[str] = "redoubt.rejection.settled.v1"
    SOURCE: ClassVar[str] = "/redoubt/console"

    tenant: str
    document_id: str
    rejection: str
    settlement: Settlement
    actor: str
    why: Grounds
    ticket: str

    @property
    def ce_id(self) -> str:
        """One a rejection: it is settled once."""
        return derived_id(self.TYPE, self.rejection)
