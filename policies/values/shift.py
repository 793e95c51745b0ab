"""Dates moved by an offset that is the same for all of one patient's, so that intervals stay to the day.

The offset comes out of 32 secret bytes a patient, which a key in Vault derives for whoever hands the document in, and
which travel sealed with it alone. What has a Safe Harbor rule of its own is not moved: birth dates become years
(`generalise`), and a date whose year, moved or not, may tell an age over 89 is left out. A record with moved
dates is de-identified only where an expert has determined so: 45 CFR 164.514(b)(1).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from detectors.subject import Subject
from policies.tokens.derived import DerivedSecrets
from policies.values.dates import NEWEST_YEAR, OLDEST_YEAR, PartialDate, parse
from policies.values.normalise import Matching, identifier, person

FURTHEST_DAYS: Final = 182
"""Half a year to each side, as MIMIC and i2b2 had less and more: far enough to hide a day, near enough for a trend."""
FURTHEST_WEEKS: Final = 26
FURTHEST_SEASON_DAYS: Final = 21
"""Three weeks to each side of the same day of another year."""
FURTHEST_YEARS: Final = 2
_DAYS_A_YEAR: Final = 365.2425


class Shift(StrEnum):
    """What a moved date still tells."""

    DAYS = "days"
    """Nothing but its distance from the patient's other dates."""
    WEEKS = "weeks"
    """The day of the week too."""
    SEASON = "season"
    """The season too: some years away, and a few weeks."""


def patient_of(subject: Subject | None) -> str | None:
    """What stands for the patient: the record number, else name and birth date; None where neither is known.

    A patient who comes with a record number once and without it once has two offsets.
    """
    if subject is None:
        return None
    if subject.mrn and (number := identifier(subject.mrn, Matching.LENIENT)):
        return f"mrn {number}"
    if subject.names and subject.birth_date and (name := person(subject.names[0], Matching.LENIENT)):
        return f"name {name} {subject.birth_date.isoformat()}"
    return None


def offset_secret(offsets: DerivedSecrets, tenant: str, purpose: str, subject: Subject | None) -> bytes | None:
    """What the patient's offset comes out of: 32 bytes, or None where nothing stands for the patient. For whoever hands
    documents in; who works on them has no right to it. Raises as `offsets` does."""
    patient = patient_of(subject)
    return offsets.secret(tenant, purpose, patient) if patient else None


def offset_days(secret: bytes, shift: Shift) -> int:
    """Never 0: a date that stood still would be the patient's own."""
    draw = int.from_bytes(secret[:16], "big")
    match shift:
        case Shift.DAYS:
            return _either_side(draw, FURTHEST_DAYS)
        case Shift.WEEKS:
            return 7 * _either_side(draw, FURTHEST_WEEKS)
        case Shift.SEASON:
            # Other bytes for the days: one draw for both would tie them together.
            days = int.from_bytes(secret[16:], "big") % (2 * FURTHEST_SEASON_DAYS + 1) - FURTHEST_SEASON_DAYS
            return round(_DAYS_A_YEAR * _either_side(draw, FURTHEST_YEARS)) + days


def shifted(text: str, days: int) -> str | None:
    """The one date of a text, moved, as precise as it was: `2021-03-04`, `2021-03` or `2021`.

    A month moves as its middle does and a year as its second of July, so that they stay near the whole dates beside
    them. None where no date with a year can be read, or where it or the moved one may tell an age over 89.
    """
    read = parse(text)
    if read is None or read.year is None:
        return None
    try:
        moved = _anchor(read.year, read) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    if not all(OLDEST_YEAR <= year <= NEWEST_YEAR for year in (read.year, moved.year)):
        return None
    month = moved.month if read.month else None
    return PartialDate(moved.year, month, moved.day if read.day else None).iso


def _anchor(year: int, read: PartialDate) -> date:
    if read.month is None:
        return date(year, 7, 2)
    return date(year, read.month, read.day or 15)


def _either_side(draw: int, furthest: int) -> int:
    at = draw % (2 * furthest) - furthest
    return at if at < 0 else at + 1
