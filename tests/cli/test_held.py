"""What the lines on a held copy say, and how many there are."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
import typer

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth
from policies.scope.authorization import Authorization
from streams.cli.review import held
from streams.events import Grounds, Place, ReviewRequested
from streams.review.reviewer import Task


def task(*places: Place) -> Task:
    event = ReviewRequested(
        tenant="local",
        document_id="0" * 32,
        profile="maximal",
        profile_version="1-000000000000",
        depth=Depth.REREAD,
        pages=9,
        reasons=(Reason.UNEXPLAINED_INK, Reason.RESIDUAL_FINDING),
        topic="local",
        partition=0,
        offset=0,
        places=places,
        event="local",
    )
    return Task(event, datetime(2026, 1, 2, tzinfo=UTC), None)


def ink(page: int, top: int, kind: Kind = Kind.INK) -> Place:
    return Place(page, 10, top, 90, top + 20, kind, Reason.UNEXPLAINED_INK)


AUTHORIZATION = Authorization(id="auth-1", expires=date(2100, 1, 1))
MANY = [ink(page, 40 * row) for page in (0, 4, 5) for row in range(5)]
RESIDUAL = Place(1, 1, 1, 2, 2, Kind.PERSON, Reason.RESIDUAL_FINDING)


def test_what_is_held_again_names_a_few_places_of_each_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    """A decision on a scan of noise ended in a thousand lines, and the doubt itself had left the screen."""
    held.told(task(*MANY, ink(0, 0, Kind.HANDWRITING), RESIDUAL), "open", 3)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("place")] == [
        "place     page 1  10,0,90,20 px  ink, handwriting",
        "place     page 1  10,40,90,60 px  ink",
        "place     page 1  10,80,90,100 px  ink",
        "place     page 2  1,1,2,2 px  person",
    ]
    assert "          and 12 more on pages 1 and 5-6" in lines


def test_who_looks_is_told_all_places(capsys: pytest.CaptureFixture[str]) -> None:
    held.told(task(*MANY), "open")
    said = capsys.readouterr().out
    assert said.count("\nplace ") == len(MANY)
    assert " more on " not in said


@pytest.mark.parametrize(
    ("profile", "authorization", "refused"),
    [
        ("hipaa-safe-harbor", None, True),
        ("analytics", None, True),
        ("hipaa-safe-harbor", AUTHORIZATION, False),
        ("roi-authorization", None, False),
        ("roi-patient-access", None, False),
    ],
)
def test_permitted_needs_something_that_permits(
    profile: str, authorization: Authorization | None, refused: bool
) -> None:
    """ "The authorization covers what stays", a log said of a copy under Safe Harbor, which has none."""
    held.must_permit(Grounds.READ_BY_EYE, profile, None)
    with pytest.raises(typer.BadParameter, match="no authorization") if refused else nullcontext():
        held.must_permit(Grounds.PERMITTED, profile, authorization)
