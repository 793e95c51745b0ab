"""What no decision opens: forged, late, misplaced or baseless ones, and documents that are gone."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from policies.attack.report import Residual
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentRejected,
    Grounds,
    Place,
    ReviewChoice,
    ReviewRequested,
)
from streams.kafka.intake import kept_event
from streams.kafka.topics import AUDIT_PENDING
from streams.pipeline.answers import Answers, Mark
from streams.pipeline.document import Document, Outcome
from streams.publish import Origin
from streams.review.carry_out import CarryOut
from streams.review.proof import proven
from streams.review.rules import GROUNDS, objection
from tests.events.examples import AT
from tests.pipeline.doubles import reading
from tests.streams.review_desk import DIET, ID, TENANT, Desk, decision, place


def test_of_a_shredded_document_nothing_is_decided(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    desk.sealed.destroy(TENANT, ID)
    [entry] = desk.results(decision(task, ReviewChoice.RELEASE))
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.reasons) == (AuditAction.DECISION_REFUSED, (Reason.CONTENT_MISSING,))


@pytest.mark.parametrize(
    "change",
    [
        {"event": f"sealed/{'0' * 64}/{'1' * 32}"},
        {"offset": 8},
        {"round": 2},
        {"reasons": (Reason.UNEXPLAINED_INK,)},
        {"places": (place(Box(0, 0, 5000, 5000), Kind.PERSON),)},
        {"profile_version": "0"},
        {"tenant": "clinic-b"},
        {"document_id": "9" * 32},
        {"proof": None},
        {"proof": "AAAA"},
    ],
)
@pytest.mark.parametrize("choice", ReviewChoice)
def test_a_task_that_no_worker_made_leads_to_nothing(
    tmp_path: Path, choice: ReviewChoice, change: dict[str, Any]
) -> None:
    """Who may write decisions and nothing else cannot decide twice, nor on what was never held, nor widen a doubt."""
    desk = Desk(tmp_path)
    task = desk.task()
    burned = {"places": (place(Box(400, 10, 440, 30)),)} if choice is ReviewChoice.BURN else {}
    forged = decision(dataclasses.replace(task, **change), choice, **burned)
    [(topic, refused)] = desk.carry_out(forged)
    assert topic == AUDIT_PENDING
    assert isinstance(refused, AuditEntry)
    assert refused.action is AuditAction.DECISION_REFUSED
    assert refused.reasons[0] in (Reason.INVALID_EVENT, Reason.CONTENT_MISSING)
    good = decision(task, ReviewChoice.RELEASE, decision="9" * 32)
    assert isinstance(desk.results(good)[0], DocumentMasked), "the task is still open"


@pytest.mark.parametrize("fields", [{"profile": "limited-data-set"}, {"purpose": "research"}])
def test_a_document_held_under_another_profile_than_its_own_is_not_released(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    """The kept event is sealed and the task proven: only who holds the key could have put another there."""
    desk = Desk(tmp_path)
    task = desk.task()
    seal = desk.sealed.open(TENANT, ID)
    other = dataclasses.replace(kept_event(TENANT, ID, task.event, desk.sealed), **fields)
    swapped = proven(dataclasses.replace(task, event=seal.put(other.to_message()[2])), seal)
    rejected, entry = desk.results(decision(swapped, ReviewChoice.RELEASE))
    assert isinstance(rejected, DocumentRejected)
    assert isinstance(entry, AuditEntry)
    assert (rejected.reasons, entry.actor) == ((Reason.HASH_MISMATCH,), "rev-4")


def test_a_closed_task_cannot_be_renumbered_and_decided_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    desk.results(decision(task, ReviewChoice.WITHHOLD))
    [refused] = desk.results(
        decision(dataclasses.replace(task, offset=task.offset + 1), ReviewChoice.RELEASE, decision="e" * 32)
    )
    assert isinstance(refused, AuditEntry)
    assert refused.reasons == (Reason.INVALID_EVENT,)


def test_trouble_that_may_pass_is_left_to_the_worker(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    decided = decision(desk.task(), ReviewChoice.RELEASE)

    def fails(_document: Document) -> Outcome:
        raise RedoubtError(Reason.READER_FAILED)

    origin = Origin("review.decisions", 0, 3, "worker-1", AT)
    with pytest.raises(RedoubtError, match=r"^reader_failed$"):
        CarryOut(fails, desk.sealed, desk.masked, desk.claims)(decided, origin)
    assert isinstance(desk.results(decided)[0], DocumentMasked), "the next attempt is not taken for a second decision"


@pytest.mark.parametrize(
    ("choice", "fields", "reason"),
    [
        (ReviewChoice.RELEASE, {"answered": ()}, Reason.INVALID_EVENT),
        (ReviewChoice.RELEASE, {"places": (place(Box(1, 1, 2, 2)),)}, Reason.INVALID_EVENT),
        (ReviewChoice.RELEASE, {"why": Grounds.CAUSE_MENDED}, Reason.INVALID_EVENT),
        (ReviewChoice.BURN, {}, Reason.INVALID_EVENT),
        (ReviewChoice.BURN, {"places": (place(Box(1, 1, 2, 2), page=1),)}, Reason.INVALID_EVENT),
        (
            ReviewChoice.BURN,
            {"places": (Place(0, 5, 5, 5, 9, Kind.INK, Reason.RESIDUAL_FINDING),)},
            Reason.INVALID_EVENT,
        ),
        (
            ReviewChoice.BURN,
            {"places": (place(Box(1, 1, 2, 2)),), "answered": (Reason.UNEXPLAINED_INK,)},
            Reason.INVALID_EVENT,
        ),
        (ReviewChoice.WITHHOLD, {"why": Grounds.FALSE_ALARM}, Reason.INVALID_EVENT),
        (ReviewChoice.WITHHOLD, {"tenant": "clinic-b"}, Reason.INVALID_EVENT),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_the_task_open(
    tmp_path: Path, choice: ReviewChoice, fields: dict[str, Any], reason: Reason
) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    wrong = dataclasses.replace(decision(task, choice), **fields)
    assert objection(wrong) is reason
    [(topic, refused)] = desk.carry_out(wrong)
    assert topic == AUDIT_PENDING
    assert isinstance(refused, AuditEntry)
    assert refused.reasons == (reason,)
    good = decision(task, ReviewChoice.WITHHOLD, decision="9" * 32)
    assert [type(event) for event in desk.results(good)] == [DocumentRejected, AuditEntry]


def test_every_choice_has_its_grounds() -> None:
    assert set(GROUNDS) == set(ReviewChoice)
    assert all(grounds for grounds in GROUNDS.values())


@pytest.mark.parametrize("mark", [Mark(1, Box(0, 0, 9, 9), Kind.INK), Mark(0, Box(500, 0, 509, 9), Kind.INK)])
def test_a_place_on_no_page_is_refused(mark: Mark) -> None:
    with pytest.raises(RedoubtError, match=r"^invalid_event$"):
        Answers((mark,)).decisions([reading()])


def test_a_place_on_no_page_burns_nothing_and_releases_nothing(tmp_path: Path) -> None:
    """A slip of the finger: what was meant would stay readable."""
    desk = Desk(tmp_path)
    task = desk.task()
    slip = decision(task, ReviewChoice.BURN, places=(place(Box(5000, 10, 5020, 20)),), answered=task.reasons)
    again, entry = desk.results(slip)
    assert isinstance(again, ReviewRequested)
    assert isinstance(entry, AuditEntry)
    assert (again.round, again.burned, again.reasons, again.places) == (2, (), task.reasons, task.places)
    assert (entry.action, entry.reasons) == (AuditAction.DECISION_REFUSED, (Reason.INVALID_EVENT,))
    masked, *_ = desk.results(decision(again, ReviewChoice.RELEASE, decision="e" * 32))
    assert isinstance(masked, DocumentMasked)


@pytest.mark.parametrize(
    ("box", "kind", "left"),
    [
        (DIET.region.bounds, Kind.PERSON, 0),
        (DIET.region.bounds.grown(6), Kind.PERSON, 0),
        (DIET.region.bounds, Kind.DATE, 1),
        (Box(0, 0, 20, 20), Kind.PERSON, 1),
        (dataclasses.replace(DIET.region.bounds, right=DIET.region.bounds.left + 12), Kind.PERSON, 1),
    ],
)
def test_a_residual_finding_is_answered_only_where_it_was_shown(box: Box, kind: Kind, left: int) -> None:
    answers = Answers(doubts=frozenset({Reason.RESIDUAL_FINDING}), seen=(Mark(0, box, kind),))
    residual = Residual(0, Kind.PERSON, Quad.of(DIET.region.bounds), Reason.RESIDUAL_FINDING, True)
    residuals, doubts = answers.unanswered([residual], [Reason.UNEXPLAINED_INK])
    assert (len(residuals), doubts) == (left, [Reason.UNEXPLAINED_INK])
    assert answers.unanswered([dataclasses.replace(residual, page=1)], [])[0], "another page was not shown"
