"""A document enters: what the submitter says of it in the clear, and what only the worker may open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from policies.scope.authorization import Authorization
from streams.events.envelope import Event


class DocumentClass(StrEnum):
    """The closed list of document classes."""

    UNKNOWN = "unknown"
    FACE_SHEET = "face_sheet"
    REFERRAL_LETTER = "referral_letter"
    LAB_REPORT = "lab_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    OPERATIVE_NOTE = "operative_note"
    PROGRESS_NOTE = "progress_note"
    CLAIM_FORM = "claim_form"
    FAX_COVER = "fax_cover"
    PRESCRIPTION = "prescription"
    IMAGING_REPORT = "imaging_report"
    CONSENT_FORM = "consent_form"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DocumentReceived(Event):
    """`private` is the sealed JSON of `streams.events.sealing.Private`; base64, as `inline` is.

    Exactly one of `reference` (the random id of the sealed original in the PHI store) and `inline` (the original
    itself, sealed) is set. All is sealed under the document's data key, which lies in the PHI store and never
    travels: destroying it makes every copy unreadable, the broker's log segments included.
    """

    TYPE: ClassVar[str] = "redoubt.document.received.v1"
    SOURCE: ClassVar[str] = "/redoubt/submit"

    tenant: str
    document_id: str
    profile: str
    private: str = field(repr=False)
    reference: str | None = None
    inline: str | None = field(default=None, repr=False)
    document_class: DocumentClass = DocumentClass.UNKNOWN
    purpose: str = "unspecified"
    recipient_class: str = "unspecified"
    source_program: str = "unspecified"
    authorization: Authorization | None = None
