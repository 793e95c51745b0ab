"""What each reason code leads to: one table, complete by test."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from detectors.errors import Reason


class Fate(StrEnum):
    WAIT = "wait"
    """A part that every document needs is away: nothing more is taken until it is back, no attempt is used up."""
    RETRY = "retry"
    """The attempt failed, and the document may be why: tried again, a fixed number of times, then rejected."""
    REJECT = "reject"
    """The document or its event is at fault: `rejected.documents`, nothing is released."""
    REVIEW = "review"
    """A person decides."""
    WITHHOLD = "withhold"
    """Nothing leaves; the document counts as withheld."""
    STOP = "stop"
    """The gateway cannot work at all: the worker ends with an error."""


FATES: Final[dict[Reason, Fate]] = {
    Reason.EMPTY: Fate.REJECT,
    Reason.UNKNOWN_FORMAT: Fate.REJECT,
    Reason.DAMAGED: Fate.REJECT,
    Reason.ENCRYPTED: Fate.REJECT,
    Reason.NO_PAGES: Fate.REJECT,
    Reason.TOO_MANY_BYTES: Fate.REJECT,
    Reason.TOO_MANY_PAGES: Fate.REJECT,
    Reason.TOO_MANY_PIXELS: Fate.REJECT,
    Reason.DEADLINE: Fate.REJECT,
    Reason.DECODING_TOO_SLOW: Fate.REJECT,
    Reason.DECODER_CRASHED: Fate.RETRY,
    Reason.INVALID_EVENT: Fate.REJECT,
    Reason.CONTENT_MISSING: Fate.REJECT,
    Reason.HASH_MISMATCH: Fate.REJECT,
    Reason.UNKNOWN_PROFILE: Fate.REJECT,
    Reason.AUTHORIZATION_MISSING: Fate.REJECT,
    Reason.AUTHORIZATION_EXPIRED: Fate.REJECT,
    Reason.AUTHORIZATION_REVOKED: Fate.REJECT,
    Reason.AUTHORIZATION_CLASS: Fate.WITHHOLD,
    Reason.AUTHORIZATION_SCOPE: Fate.WITHHOLD,
    Reason.AUTHORIZATION_PART_2: Fate.WITHHOLD,
    Reason.AUTHORIZATION_DATES: Fate.WITHHOLD,
    Reason.LEGAL_HOLD: Fate.REJECT,
    Reason.RETENTION_RUNNING: Fate.REJECT,
    Reason.UNREADABLE_PAGE: Fate.REVIEW,
    Reason.POSSIBLY_INCOMPLETE: Fate.REVIEW,
    Reason.INCOMING_REDACTION: Fate.REVIEW,
    Reason.HIDDEN_TEXT: Fate.REVIEW,
    Reason.UNEXPLAINED_INK: Fate.REVIEW,
    Reason.PICTURE_OF_A_BODY: Fate.REVIEW,
    Reason.PATIENT_NOT_FOUND: Fate.REVIEW,
    Reason.WRONG_PATIENT: Fate.REVIEW,
    Reason.UNDATED_PAGE: Fate.REVIEW,
    Reason.UNREAD_DATE: Fate.REVIEW,
    Reason.MIXED_DATES: Fate.REVIEW,
    Reason.UNSURE_FINDING: Fate.REVIEW,
    Reason.RESIDUAL_FINDING: Fate.REVIEW,
    Reason.WIDTH_TELLS: Fate.REVIEW,
    Reason.SECOND_SIGN_OFF: Fate.REVIEW,
    Reason.KNOWN_VALUE_READABLE: Fate.WITHHOLD,
    Reason.REGION_NOT_SOLID: Fate.WITHHOLD,
    Reason.FORBIDDEN_OBJECT: Fate.WITHHOLD,
    Reason.PAGE_COUNT_CHANGED: Fate.WITHHOLD,
    Reason.WITHHELD_BY_REVIEWER: Fate.WITHHOLD,
    Reason.ALREADY_DECIDED: Fate.REJECT,
    Reason.CLASS_HELD: Fate.WITHHOLD,
    Reason.TOKEN_DAMAGED: Fate.REJECT,
    Reason.TOKEN_UNKNOWN: Fate.REJECT,
    Reason.TOKEN_VERSION: Fate.REJECT,
    Reason.TOO_MANY_TOKENS: Fate.REJECT,
    Reason.NOT_ENTITLED: Fate.REJECT,
    Reason.NOT_SIGNED_IN: Fate.REJECT,
    Reason.UNCONFIRMED: Fate.REJECT,
    Reason.READER_FAILED: Fate.RETRY,
    Reason.DETECTOR_FAILED: Fate.RETRY,
    Reason.MASKER_FAILED: Fate.RETRY,
    Reason.ATTACKER_FAILED: Fate.WITHHOLD,
    Reason.WORKER_DIED: Fate.RETRY,
    Reason.VAULT_UNAVAILABLE: Fate.WAIT,
    Reason.VAULT_REFUSED: Fate.STOP,
    Reason.STORE_UNAVAILABLE: Fate.WAIT,
    Reason.STORE_UNMARKED: Fate.STOP,
    Reason.BROKER_UNAVAILABLE: Fate.WAIT,
    Reason.MISCONFIGURED: Fate.STOP,
    Reason.UNCONFINED: Fate.STOP,
    Reason.INTERNAL: Fate.RETRY,
}
