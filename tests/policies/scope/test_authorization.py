"""No release without a valid authorization where the profile needs one."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from detectors.errors import Reason, RedoubtError
from policies import profile
from policies.scope.authorization import NOTICE, Authorization, Sensitive, check, is_part_2, not_allowed, notice_due

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
        (VALID, "operative_note", Reason.AUTHORIZATION_CLASS),
        (VALID, "unknown", Reason.AUTHORIZATION_CLASS),
        (replace(VALID, classes=()), "lab_report", Reason.AUTHORIZATION_CLASS),
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


def test_a_range_of_dates_is_for_the_pages_to_answer() -> None:
    check(profile.load("roi-authorization"), replace(VALID, date_from=TODAY), "lab_report", TODAY)


@pytest.mark.parametrize("programme", ["part2", "part2-detox", "part2.north"])
def test_a_part_2_programmes_record_needs_the_category_under_any_release(programme: str) -> None:
    """Its words do not matter, nor does the profile."""
    check(profile.load("roi-authorization"), VALID, "lab_report", TODAY, programme)
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_PART_2.value):
        check(profile.load("roi-authorization"), replace(VALID, sensitive=("hiv",)), "lab_report", TODAY, programme)
    check(profile.load("roi-patient-access"), None, "lab_report", TODAY, programme)


def test_a_part_2_record_goes_without_consent_only_to_the_patient_or_de_identified() -> None:
    def goes(name: str, given: Authorization | None) -> bool:
        with contextlib.suppress(RedoubtError):
            check(profile.load(name), given, "lab_report", TODAY, "part2")
            return True
        return False

    excepted = {"hipaa-safe-harbor", "hipaa-safe-harbor-coded", "maximal", "strict", "roi-patient-access"}
    assert {name for name in profile.names() if goes(name, None)} == excepted
    assert {name for name in profile.names() if goes(name, replace(VALID, sensitive=("hiv",)))} == excepted
    assert {name for name in profile.names() if goes(name, VALID)} == set(profile.names())
    assert not goes("limited-data-set", replace(VALID, date_from=TODAY)), "it dates no pages"
    with pytest.raises(RedoubtError, match=Reason.AUTHORIZATION_PART_2.value):
        check(profile.load("limited-data-set"), None, "lab_report", TODAY, "part2")


@pytest.mark.parametrize("programme", ["unspecified", "general", "part20", "not-part2"])
def test_other_programmes_are_none(programme: str) -> None:
    assert not is_part_2(programme)
    check(profile.load("roi-authorization"), replace(VALID, sensitive=()), "lab_report", TODAY, programme)


def test_the_notice_is_due_with_a_consent_for_a_part_2_record() -> None:
    due = {name: notice_due(profile.load(name), "part2-detox") for name in profile.names()}
    identifiable = {"roi-authorization", "part2-sud", "limited-data-set", "analytics", "research"}
    assert {name for name, notice in due.items() if notice} == identifiable
    assert set(due.values()) == {None, NOTICE}
    assert notice_due(profile.load("roi-authorization"), "unspecified") is None
    assert notice_due(profile.load("part2-sud"), "unspecified") == NOTICE, "the profile is for such records alone"


def test_categories_are_withheld_unless_they_are_allowed() -> None:
    release = profile.load("roi-authorization")
    assert not_allowed(release, VALID) == set(Sensitive) - {Sensitive.SUD}
    assert not_allowed(release, None) == set(Sensitive)
    assert not_allowed(profile.load("roi-patient-access"), None) == {Sensitive.PSYCHOTHERAPY}
    assert not_allowed(profile.load("hipaa-safe-harbor"), None) == set()
