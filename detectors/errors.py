"""The stable reason codes and the one exception that carries them.

A code is for people and dashboards: it never changes its meaning and never holds content.
What each code leads to (retry, reject, review, stop) is a matter of the stream: `streams.fates`.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a document was rejected, held for review, withheld or tried again."""

    # the document cannot be read
    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown_format"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_PAGES = "no_pages"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    DEADLINE = "deadline"
    DECODING_TOO_SLOW = "decoding_too_slow"
    DECODER_CRASHED = "decoder_crashed"
    # the event cannot be acted upon
    INVALID_EVENT = "invalid_event"
    CONTENT_MISSING = "content_missing"
    HASH_MISMATCH = "hash_mismatch"
    UNKNOWN_PROFILE = "unknown_profile"
    AUTHORIZATION_MISSING = "authorization_missing"
    AUTHORIZATION_EXPIRED = "authorization_expired"
    AUTHORIZATION_REVOKED = "authorization_revoked"
    AUTHORIZATION_CLASS = "authorization_class"
    AUTHORIZATION_SCOPE = "authorization_scope"
    AUTHORIZATION_PART_2 = "authorization_part_2"
    AUTHORIZATION_DATES = "authorization_dates"
    # the document may not be destroyed
    LEGAL_HOLD = "legal_hold"
    RETENTION_RUNNING = "retention_running"
    # the redaction is in doubt
    UNREADABLE_PAGE = "unreadable_page"
    POSSIBLY_INCOMPLETE = "possibly_incomplete"
    INCOMING_REDACTION = "incoming_redaction"
    HIDDEN_TEXT = "hidden_text"
    UNEXPLAINED_INK = "unexplained_ink"
    PICTURE_OF_A_BODY = "picture_of_a_body"
    PATIENT_NOT_FOUND = "patient_not_found"
    WRONG_PATIENT = "wrong_patient"
    UNDATED_PAGE = "undated_page"
    UNREAD_DATE = "unread_date"
    MIXED_DATES = "mixed_dates"
    UNSURE_FINDING = "unsure_finding"
    RESIDUAL_FINDING = "residual_finding"
    WIDTH_TELLS = "width_tells"
    SECOND_SIGN_OFF = "second_sign_off"
    KNOWN_VALUE_READABLE = "known_value_readable"
    REGION_NOT_SOLID = "region_not_solid"
    FORBIDDEN_OBJECT = "forbidden_object"
    PAGE_COUNT_CHANGED = "page_count_changed"
    # a person decided
    WITHHELD_BY_REVIEWER = "withheld_by_reviewer"
    ALREADY_DECIDED = "already_decided"
    CLASS_HELD = "class_held"
    """A planted document of this tenant and class leaked."""
    # a token is not turned back
    TOKEN_DAMAGED = "token_damaged"  # noqa: S105  a code, no secret
    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105  a code, no secret
    TOKEN_VERSION = "token_version"  # noqa: S105  a code, no secret
    TOO_MANY_TOKENS = "too_many_tokens"
    NOT_ENTITLED = "not_entitled"
    NOT_SIGNED_IN = "not_signed_in"
    UNCONFIRMED = "unconfirmed"
    # a part of the gateway failed
    READER_FAILED = "reader_failed"
    DETECTOR_FAILED = "detector_failed"
    MASKER_FAILED = "masker_failed"
    ATTACKER_FAILED = "attacker_failed"
    WORKER_DIED = "worker_died"
    VAULT_UNAVAILABLE = "vault_unavailable"
    VAULT_REFUSED = "vault_refused"
    STORE_UNAVAILABLE = "store_unavailable"
    STORE_UNMARKED = "store_unmarked"
    BROKER_UNAVAILABLE = "broker_unavailable"
    MISCONFIGURED = "misconfigured"
    UNCONFINED = "unconfined"
    INTERNAL = "internal"
    """What nobody foresaw."""


class RedoubtError(Exception):
    """A failure with a reason code. Its text is the code: content never enters an exception."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class NobodysFault(RedoubtError):
    """A failure of what many documents share, which says nothing of the document that was at work: whoever counts
    attempts does not blame it."""
