"""No release without a valid authorization where the profile needs one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from detectors.errors import Reason, RedoubtError
from policies import profile
from policies.authorization import Authorization, check

TODAY = date(2026, 3, 1)
VALID = Authorization("a-1", expires=TODAY, classes=("lab_report",), sensitive=("sud",))


@pytest.mark.parametrize("name", ["roi-authorization", "part2-sud"])
@pytest.mark.parametrize(
    ("given", "document_class", "reason"),
    [
        (None, "lab_report", Reason.AUTHORIZATION_MISSING),
        (replace(VALID, expires=date(2026, 2, 28)), "lab_report", Reason.AUTHORIZATION_EXPIRED),
        (replace(VALID, revoked=True), "lab_report", Reason.AUTHORIZATION_REVOKED),
        (replace(VALID, revoked=True, expires=date(2020, 1, 1)), "lab_report", Reason.AUTHORIZATION_REVOKED),
        (VALID, "operative_note", Reason.AUTHORIZATION_SCOPE),
        (VALID, "unknown", Reason.AUTHORIZATION_SCOPE),
        (replace(VALID, classes=()), "lab_report", Reason.AUTHORIZATION_SCOPE),
    ],
)
def test_refused(name: str, given: Authorization | None, document_class: str, reason: Reason) -> None:
    with pytest.raises(RedoubtError) as caught:
        check(profile.load(name), given, document_class, TODAY)
    assert caught.value.reason is reason


@pytest.mark.parametrize("name", ["roi-authorization", "part2-sud"])
def test_allowed_until_the_last_day(name: str) -> None:
    check(profile.load(name), VALID, "lab_report", TODAY)
    check(profile.load(name), replace(VALID, classes=None), "unknown", TODAY)


def test_part_2_needs_the_category() -> None:
    without = replace(VALID, sensitive=("hiv",))
    check(profile.load("roi-authorization"), without, "lab_report", TODAY)
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_SCOPE.value):
        check(profile.load("part2-sud"), without, "lab_report", TODAY)


@pytest.mark.parametrize("name", sorted(set(profile.names()) - {"roi-authorization", "part2-sud"}))
def test_other_profiles_ask_for_none(name: str) -> None:
    check(profile.load(name), None, "unknown", TODAY)


@pytest.mark.parametrize("name", profile.names())
def test_what_is_given_must_hold_even_where_none_is_needed(name: str) -> None:
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_REVOKED.value):
        check(profile.load(name), replace(VALID, revoked=True), "lab_report", TODAY)
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_EXPIRED.value):
        check(profile.load(name), replace(VALID, expires=TODAY - timedelta(days=1)), "lab_report", TODAY)


def test_a_range_of_dates_is_out_of_scope_until_pages_can_be_dated() -> None:
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_SCOPE.value):
        check(profile.load("roi-authorization"), replace(VALID, date_from=TODAY), "lab_report", TODAY)
