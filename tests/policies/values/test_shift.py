"""Dates that move: the same offset for one patient, intervals to the day, and no way round the rule on ages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.findings import Finding, Kind, Layer, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading
from detectors.subject import Subject
from policies.decisions import Action, Decision, Replacement
from policies.record import tokenize
from policies.tokens.derived import LocalSecrets
from policies.values.dates import OLDEST_YEAR
from policies.values.shift import (
    FURTHEST_DAYS,
    FURTHEST_SEASON_DAYS,
    FURTHEST_WEEKS,
    FURTHEST_YEARS,
    Shift,
    offset_days,
    patient_of,
    shifted,
)

secrets_ = st.binary(min_size=32, max_size=32)
dates_ = st.dates(date(1945, 1, 1), date(2090, 1, 1))


@given(secrets_, st.sampled_from(Shift))
def test_an_offset_is_bounded_and_never_nothing(secret: bytes, shift: Shift) -> None:
    days = offset_days(secret, shift)
    assert days != 0
    assert days == offset_days(secret, shift)
    if shift is Shift.WEEKS:
        assert days % 7 == 0
        assert abs(days) <= 7 * FURTHEST_WEEKS
    elif shift is Shift.SEASON:
        years = round(days / 365.2425)
        assert 1 <= abs(years) <= FURTHEST_YEARS
        assert abs(days - years * 365.2425) <= FURTHEST_SEASON_DAYS + 1
    else:
        assert abs(days) <= FURTHEST_DAYS


def test_offsets_of_many_patients_use_the_whole_range() -> None:
    offsets = LocalSecrets(production=False)
    found = {offset_days(offsets.secret("north", "p", f"mrn {n}"), Shift.DAYS) for n in range(5000)}
    assert len(found) > 0.99 * 2 * FURTHEST_DAYS


@given(secrets_, st.sampled_from(Shift), dates_, dates_)
def test_intervals_stay_to_the_day(secret: bytes, shift: Shift, one: date, other: date) -> None:
    days = offset_days(secret, shift)
    moved = [shifted(day.strftime("%m/%d/%Y"), days) for day in (one, other)]
    assert moved[0] is not None
    assert moved[1] is not None
    assert date.fromisoformat(moved[1]) - date.fromisoformat(moved[0]) == other - one
    if shift is Shift.WEEKS:
        assert date.fromisoformat(moved[0]).weekday() == one.weekday()


@given(secrets_, dates_)
def test_partial_dates_stay_near_the_whole_ones(secret: bytes, day: date) -> None:
    days = offset_days(secret, Shift.DAYS)
    whole = date.fromisoformat(shifted(day.isoformat(), days) or "")
    month = shifted(day.strftime("%m/%Y"), days)
    year = shifted(f"{day.year}", days)
    assert month is not None
    assert year is not None
    assert abs((date.fromisoformat(f"{month}-15") - whole).days) <= 31
    assert abs(int(year) - whole.year) <= 1


@pytest.mark.parametrize(
    "text", ["", "Smith", "March 4", "3/4", "12/30/2020 - 1/2/2021", "13/13/2021", "3/4/1931", "1939"]
)
@pytest.mark.parametrize("days", [-180, 180])
def test_what_is_no_whole_date_or_tells_an_age_over_89_is_left_out(text: str, days: int) -> None:
    assert shifted(text, days) is None


def test_no_offset_carries_a_year_over_the_rule() -> None:
    """Neither out of the years that may not be shown, nor into them."""
    assert shifted(f"12/31/{OLDEST_YEAR - 1}", 30) is None
    assert shifted(f"01/02/{OLDEST_YEAR}", -30) is None
    assert shifted(f"01/02/{OLDEST_YEAR}", 30) == f"{OLDEST_YEAR}-02-01"


def test_who_the_patient_is() -> None:
    born = date(1961, 3, 4)
    assert patient_of(Subject(names=("Maria Kovacs",), mrn="MRN 00123-4")) == patient_of(Subject(mrn="1234"))
    assert patient_of(Subject(names=("KOVACS, MARIA J",), birth_date=born)) == patient_of(
        Subject(names=("Maria Kovacs",), birth_date=born)
    )
    assert patient_of(Subject(names=("Maria Kovacs",))) is None
    assert patient_of(Subject(birth_date=born)) is None
    assert patient_of(None) is None


def decided(page: PageReading, value: str, kind: Kind) -> Decision:
    start = page.text.index(value)
    span = Span(start, start + len(value), kind, 1.0, Layer.PATTERN)
    return Decision(
        Finding(0, kind, 1.0, Layer.PATTERN, (Quad.of(Box(0, 0, 1, 1)),), (), span),
        Action.SHIFT,
        "r",
        Replacement(shift=Shift.DAYS),
    )


def test_the_record_holds_moved_dates_and_never_a_moved_birth_date() -> None:
    page = PageReading(10, 10, 200.0, (), "seen 03/04/2021 and 03/18/2021\nborn 05/06/1961", "test-1")
    decisions = [
        decided(page, "03/04/2021", Kind.DATE),
        decided(page, "03/18/2021", Kind.DATE),
        decided(page, "05/06/1961", Kind.BIRTH_DATE),
    ]
    secret = LocalSecrets(production=False).secret("north", "p", "mrn 1")
    [text] = tokenize([page], decisions, None, "north", "p", secret).pages
    one, other = (date(2021, 3, day) + timedelta(offset_days(secret, Shift.DAYS)) for day in (4, 18))
    assert text == f"seen [DATE:{one}] and [DATE:{other}]\nborn [BIRTH_DATE]"
    # Nobody gave the document an offset.
    [without] = tokenize([page], decisions, None, "north", "p").pages
    assert without == "seen [DATE:2021] and [DATE:2021]\nborn [BIRTH_DATE]"
