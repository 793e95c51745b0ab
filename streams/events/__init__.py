"""The events on the topics: CloudEvents whose values are checked against `streams/schemas`."""

from streams.events.audit import AuditAction, AuditEntry, AuditHead, AuditSequenced
from streams.events.envelope import Event, Headers, Message, derived_id, type_of
from streams.events.figures import CanaryJudged, LeakageObserved, LeakageWindow, MissedBy, QualityBound
from streams.events.received import DocumentClass, DocumentReceived
from streams.events.results import (
    DocumentMasked,
    DocumentRejected,
    Grounds,
    Place,
    RecordTokenized,
    Refusal,
    RejectionSettled,
    ReviewChoice,
    ReviewDecided,
    ReviewRequested,
    Settlement,
    SignOff,
)
from streams.events.samples import SampleDrawn, SampleJudged

EVENTS: dict[str, type[Event]] = {
    event.TYPE: event
    for event in (
        DocumentReceived,
        DocumentMasked,
        RecordTokenized,
        ReviewRequested,
        ReviewDecided,
        DocumentRejected,
        RejectionSettled,
        LeakageObserved,
        LeakageWindow,
        CanaryJudged,
        SampleDrawn,
        SampleJudged,
        AuditEntry,
        AuditSequenced,
        AuditHead,
    )
}
"""Every event type the gateway writes or reads."""

__all__ = [
    "EVENTS",
    "AuditAction",
    "AuditEntry",
    "AuditHead",
    "AuditSequenced",
    "CanaryJudged",
    "DocumentClass",
    "DocumentMasked",
    "DocumentReceived",
    "DocumentRejected",
    "Event",
    "Grounds",
    "Headers",
    "LeakageObserved",
    "LeakageWindow",
    "Message",
    "MissedBy",
    "Place",
    "QualityBound",
    "RecordTokenized",
    "Refusal",
    "RejectionSettled",
    "ReviewChoice",
    "ReviewDecided",
    "ReviewRequested",
    "SampleDrawn",
    "SampleJudged",
    "Settlement",
    "SignOff",
    "derived_id",
    "type_of",
]
