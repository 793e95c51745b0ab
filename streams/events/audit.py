"""Audit entries: as a writer appends them, and as the sequencer puts them into the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from detectors.errors import Reason
from policies.attack.report import Verdict
from streams.events.envelope import Event, derived_id


class AuditAction(StrEnum):
    """What was done. Closed: an unknown action is not written."""

    RELEASED = "document.released"
    HELD = "document.held"
    WITHHELD = "document.withheld"
    REJECTED = "document.rejected"
    DECIDED = "review.decided"
    DECISION_REFUSED = "review.refused"
    """A person's decision that was not followed; the reason says why."""
    REPLAYED = "document.replayed"
    DISCARDED = "document.discarded"
    REVEALED = "document.revealed"
    REIDENTIFIED = "token.reidentified"
    """Asked for, and acknowledged by the broker before anything is opened; `document_id` stands for the token."""
    REIDENTIFICATION_REFUSED = "token.refused"
    REIDENTIFICATION_UNUSUAL = "token.unusual"
    """Somebody turned back more tokens within an hour than is usual."""
    TOKENS_MAPPED = "token.mapped"
    """Old tokens were told their successors under a newer key version; `document_id` stands for the list of them."""
    EMERGENCY_CONFIRMED = "emergency.confirmed"
    """By a second person, whom `actor` names; the first one stands in `purpose`."""
    DESTROYING = "document.destroying"
    """The intention, acknowledged by the broker before anything of the document is deleted."""
    DESTROYED = "document.destroyed"
    HOLD_PLACED = "hold.placed"
    HOLD_RELEASED = "hold.released"
    CLASS_HELD = "class.held"
    """A planted document leaked, which `document_id` names: nothing of its tenant and class, `why`, is released."""
    CLASS_LIFTED = "class.lifted"
    SAMPLE_JUDGED = "sample.judged"
    """What a person saw on a released copy that was drawn by lot."""
    SAMPLE_LEAKED = "sample.leaked"
    """Something that had to go can be read there, on `page` of the copy at `reference`."""
    CONFIGURED = "configuration.in_force"
    """A process starts; `document_id` stands for the settings, rules and version under which it works."""
    UNREADABLE = "entry.unreadable"
    """Stands in the log where a writer's record was no entry: a gap would look like a deletion."""


@dataclass(frozen=True, slots=True)
class AuditEntry(Event):
    """Who did what, when, to which ids. No content; the sequencer gives it its place."""

    TYPE: ClassVar[str] = "redoubt.audit.entry.v1"
    SOURCE: ClassVar[str] = "/redoubt/audit"

    entry_id: str
    actor: str
    action: AuditAction
    time: datetime
    tenant: str
    document_id: str
    reasons: tuple[Reason, ...] = ()
    profile: str | None = None
    profile_version: str | None = None
    verdict: Verdict | None = None
    reference: str | None = None
    commitment: str | None = None
    why: str | None = None
    """The closed word under which a person or a policy acted: a hold's reason, a retention class."""
    ticket: str | None = None
    """Where the rest is written: the number of a case or ticket."""
    purpose: str | None = None
    """What the token was made for that somebody turned back."""
    standing: str | None = None
    """In what role the actor did it."""
    page: int | None = None
    """Counts from 1."""
    attestation: str | None = None
    """Of a release: where its signed statement lies, when the event that told of the copy is long gone."""

    @property
    def ce_id(self) -> str:
        return self.entry_id


@dataclass(frozen=True, slots=True)
class AuditHead(Event):
    """The head of the log's tree of `size` entries, signed. `envelope` is the DSSE envelope, JSON in base64: what it
    says counts, and the other fields are there to be read without it."""

    TYPE: ClassVar[str] = "redoubt.audit.head.v1"
    SOURCE: ClassVar[str] = "/redoubt/sequencer"

    size: int
    root: str
    time: datetime
    envelope: str

    @property
    def key(self) -> str:
        return derived_id(self.TYPE, str(self.size), self.root)


@dataclass(frozen=True, slots=True)
class AuditSequenced(Event):
    """An entry in its place. `index` counts from 0 without a gap; `leaf` and `root` are RFC 6962 hashes.

    `root` is the head of the tree of all leaves up to and with this one; `source_offset` the record it came from.
    """

    TYPE: ClassVar[str] = "redoubt.audit.sequenced.v1"
    SOURCE: ClassVar[str] = "/redoubt/sequencer"

    index: int
    leaf: str
    root: str
    source_offset: int
    entry: AuditEntry

    @property
    def key(self) -> str:
        return self.entry.document_id

    @property
    def ce_id(self) -> str:
        return self.entry.entry_id
