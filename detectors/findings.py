"""The words for what is found: kinds, layers, owners, spans of text and findings on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from detectors.geometry import Quad


class Kind(StrEnum):
    """Kinds of identifier: the eighteen of 45 CFR 164.514(b)(2)(i), split where profiles treat them apart."""

    PERSON = "person"
    STREET = "street"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    FACILITY = "facility"
    DATE = "date"
    BIRTH_DATE = "birth_date"
    """A date on which somebody was born; where nothing tells it from a date of care it is a DATE."""
    AGE = "age"
    AGE_OVER_89 = "age_over_89"
    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    URL = "url"
    IP_ADDRESS = "ip_address"
    SSN = "ssn"
    MRN = "mrn"
    HEALTH_PLAN = "health_plan"
    MBI = "mbi"
    ACCOUNT = "account"
    CARD = "card"
    LICENCE = "licence"
    NPI = "npi"
    DEA = "dea"
    VEHICLE = "vehicle"
    DEVICE = "device"
    OTHER_ID = "other_id"
    BIOMETRIC = "biometric"
    UNREADABLE = "unreadable"
    """A word that the engine could not read with confidence."""
    INK = "ink"
    """Ink that no confident word, ruling or known graphic explains."""
    REDACTION = "redaction"
    """What the document came with hidden by means that do not hold: it burns whole, whatever stands there."""
    BARCODE = "barcode"
    """A barcode or two-dimensional code, decoded or not, and its human-readable line."""
    HANDWRITING = "handwriting"
    """What a hand wrote, however well an engine read it."""
    PICTURE = "picture"
    """A photograph, whoever it shows."""
    SENSITIVE = "sensitive"
    """A passage that an authorization does not cover, by its category or its date. It identifies nobody."""


class Layer(StrEnum):
    """Which detector found it. Ordered from the surest to the least sure."""

    PATIENT = "patient"
    PATTERN = "pattern"
    LABEL = "label"
    DICTIONARY = "dictionary"
    NER = "ner"
    VISUAL = "visual"
    SPREAD = "spread"
    """Found surely elsewhere in the document, and searched everywhere."""
    ATTACKER = "attacker"
    """Found by validation in the black raster, and burned in a further round."""
    REVIEWER = "reviewer"
    """Marked by a person who looked at the copy."""


class Owner(StrEnum):
    """Whose identifier it is, as far as the event's `patient` lets us say."""

    PATIENT = "patient"
    RELATIVE = "relative"
    PROVIDER = "provider"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A found identifier in text: half-open character offsets, score from 0 to 1.

    `votes` are the layers that found something there; they count for how likely it is, not for what it is.
    """

    start: int
    end: int
    kind: Kind
    score: float
    layer: Layer
    owner: Owner = Owner.UNKNOWN
    votes: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("an empty or negative span")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError("a score lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier on a page of pixels.

    `page` counts from 0. `regions` cover it in source pixels: one a word, whole words only. `words` are the
    indices into the page's reading, empty for a finding of ink. `span` is where it stands in the page's text.
    """

    page: int
    kind: Kind
    score: float
    layer: Layer
    regions: tuple[Quad, ...]
    words: tuple[int, ...] = ()
    span: Span | None = None
    owner: Owner = Owner.UNKNOWN

    def __post_init__(self) -> None:
        if not self.regions:
            raise ValueError("a finding covers something")
