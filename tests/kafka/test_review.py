"""Review on Apache Kafka: a task, a decision, a release, each once; the second decision comes to nothing."""

from __future__ import annotations

import dataclasses
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from detectors.errors import Reason
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentRejected,
    Grounds,
    Refusal,
    ReviewChoice,
    ReviewDecided,
)
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.topics import (
    AUDIT_PENDING,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_DECISIONS,
    REVIEW_REPLAYS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.publish import Addressed, Origin
from streams.review.reviewer import Decision, Reviewer, Task, tasks
from streams.settings import KafkaSettings
from tests.kafka.deciding_process import main
from tests.kafka.people import assert_no_canary, parts, refused, until, working
from tests.kafka.transport import read, sealed, settings, submit
from tests.kafka.warm import WarmProcess

pytestmark = pytest.mark.kafka

RELEASE = Decision(ReviewChoice.RELEASE, "rev-4", Grounds.FALSE_ALARM, "ROI-9", answered=(Reason.UNEXPLAINED_INK,))
WITHHOLD = Decision(ReviewChoice.WITHHOLD, "rev-5", Grounds.NOT_REDACTABLE, "ROI-10")


def open_tasks(kafka: KafkaSettings) -> list[Task]:
    return [task for task in tasks(kafka) if task.decided is None]


def test_what_a_person_releases_is_visible_once_and_what_they_withhold_never(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    ids = submit(kafka, tmp_path, ["review 0"] * 3)
    reviewer = Reviewer(to)
    with working(kafka, tmp_path):
        waiting = until(lambda: open_tasks(to), 3)
        assert Counter(task.event.document_id for task in waiting) == Counter(ids)
        assert not read(kafka, [MASKED_DOCUMENTS], expect=1, timeout_s=0.5)
        one, two, three = waiting
        reviewer.decide(one, RELEASE)
        reviewer.decide(two, WITHHOLD)
        until(lambda: read(kafka, [MASKED_DOCUMENTS, REJECTED_DOCUMENTS], expect=2, timeout_s=2), 2)
        # `one` was read before it was decided, as on another reviewer's screen: only the worker can tell.
        reviewer.decide(one, WITHHOLD)
        # Tasks, decisions, results and the released record; figures; held, decided, released, withheld, refused.
        expected = (3 + 3 + 2 + 1) + (3 + 1) + (3 + 3 + 1 + 1 + 1)
        everything = read(
            kafka,
            [
                REVIEW_TASKS,
                REVIEW_DECISIONS,
                MASKED_DOCUMENTS,
                TOKENIZED_RECORDS,
                REJECTED_DOCUMENTS,
                LEAKAGE_OBSERVATIONS,
                AUDIT_PENDING,
            ],
            expect=expected,
            timeout_s=60,
        )
    assert len(everything) == expected
    masked = [event for _, event, _ in everything if isinstance(event, DocumentMasked)]
    rejected = [event for _, event, _ in everything if isinstance(event, DocumentRejected)]
    assert [event.document_id for event in masked] == [one.event.document_id]
    assert [(e.document_id, e.refusal, e.reasons) for e in rejected] == [
        (two.event.document_id, Refusal.WITHHELD, (Reason.WITHHELD_BY_REVIEWER,))
    ]
    assert one.event.reference
    held = sealed(tmp_path).open("clinic-a", one.event.document_id).get(one.event.reference)
    assert (tmp_path / "masked" / masked[0].reference).read_bytes() == held

    entries = [event for _, event, _ in everything if isinstance(event, AuditEntry)]
    by_people = [(e.action, e.actor, e.why, e.ticket, e.document_id) for e in entries if e.actor.startswith("rev-")]
    first, second = one.event.document_id, two.event.document_id
    assert sorted(by_people, key=repr) == sorted(
        [
            (AuditAction.DECIDED, "rev-4", "false_alarm", "ROI-9", first),
            (AuditAction.RELEASED, "rev-4", "false_alarm", "ROI-9", first),
            (AuditAction.DECIDED, "rev-5", "not_redactable", "ROI-10", first),
            (AuditAction.DECISION_REFUSED, "rev-5", "not_redactable", "ROI-10", first),
            (AuditAction.DECIDED, "rev-5", "not_redactable", "ROI-10", second),
            (AuditAction.WITHHELD, "rev-5", "not_redactable", "ROI-10", second),
        ],
        key=repr,
    )
    assert [e.reasons for e in entries if e.action is AuditAction.DECISION_REFUSED] == [(Reason.ALREADY_DECIDED,)]
    order = [(e.action, e.actor) for e in entries if e.document_id == first]
    assert order.index((AuditAction.DECIDED, "rev-4")) < order.index((AuditAction.RELEASED, "rev-4"))
    assert len({e.entry_id for e in entries}) == len(entries)
    assert_no_canary([text for _, _, text in everything])
    assert [task.id for task in open_tasks(to)] == [three.id]


def test_of_two_decisions_at_once_the_one_that_stands_first_in_the_topic_counts(kafka: str, tmp_path: Path) -> None:
    """Also where the worker would be done with the other one sooner; lists of tasks say the same."""
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        (task,) = until(lambda: open_tasks(to), 1)
    made = parts(tmp_path)
    carry_out = made.decide
    assert carry_out is not None

    def slow_with_releases(decided: ReviewDecided, origin: Origin) -> tuple[Addressed, ...]:
        time.sleep(2.0 if decided.choice is ReviewChoice.RELEASE else 0.0)
        return carry_out(decided, origin)

    reviewer = Reviewer(to)
    # Neither has seen the other's.
    reviewer.decide(task, RELEASE)
    reviewer.decide(task, WITHHOLD)
    with working(kafka, tmp_path, dataclasses.replace(made, decide=slow_with_releases)):
        found = read(kafka, [MASKED_DOCUMENTS, REJECTED_DOCUMENTS, AUDIT_PENDING], expect=1 + 5, timeout_s=60)
    assert [type(event) for _, event, _ in found if not isinstance(event, AuditEntry)] == [DocumentMasked]
    late = [e for _, e, _ in found if isinstance(e, AuditEntry) and e.action is AuditAction.DECISION_REFUSED]
    assert [(e.actor, e.reasons) for e in late] == [(WITHHOLD.reviewer, (Reason.ALREADY_DECIDED,))]
    (closed,) = tasks(to)
    assert closed.decided is not None
    assert closed.decided.choice is ReviewChoice.RELEASE


def test_whoever_may_replay_may_not_decide(kafka: str, tmp_path: Path) -> None:
    """What an operator writes is carried out only where it is, word for word, what a reviewer decided."""
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"] * 2)
    with working(kafka, tmp_path):
        undecided, decided = until(lambda: open_tasks(to), 2)
    Reviewer(to).decide(decided, WITHHOLD)
    ((_, theirs, _),) = read(kafka, [REVIEW_DECISIONS], expect=1)
    assert isinstance(theirs, ReviewDecided)
    release = dataclasses.replace(
        theirs, choice=ReviewChoice.RELEASE, why=Grounds.FALSE_ALARM, answered=(Reason.UNEXPLAINED_INK,)
    )
    with working(kafka, tmp_path):
        until(lambda: read(kafka, [REJECTED_DOCUMENTS], expect=1, timeout_s=2), 1)
        operator, other = Acknowledged(to), undecided.event
        operator.send(REVIEW_REPLAYS, release)
        operator.send(
            REVIEW_REPLAYS,
            dataclasses.replace(release, document_id=other.document_id, task=other, decision="0" * 32),
        )

        def refusals() -> list[AuditEntry]:
            found = [event for _, event, _ in read(kafka, [AUDIT_PENDING], expect=6, timeout_s=3, extra_s=0)]
            return [e for e in found if isinstance(e, AuditEntry) and e.action is AuditAction.DECISION_REFUSED]

        reasons = {entry.document_id: entry.reasons for entry in until(refusals, 2)}
    assert reasons == {
        decided.event.document_id: (Reason.ALREADY_DECIDED,),
        other.document_id: (Reason.INVALID_EVENT,),
    }
    assert not read(kafka, [MASKED_DOCUMENTS], expect=1, timeout_s=1)
    assert [task.id for task in open_tasks(to)] == [undecided.id]


def test_a_decision_that_comes_too_late_is_told_so_and_audited(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        (task,) = until(lambda: open_tasks(to), 1)
    reviewer = Reviewer(to)
    reviewer.decide(task, WITHHOLD)
    (closed,) = tasks(to)
    assert closed.decided is not None
    assert refused(lambda: reviewer.decide(closed, RELEASE)) == "already_decided"
    found = read(kafka, [REVIEW_DECISIONS, AUDIT_PENDING], expect=4)
    assert Counter(topic for topic, _, _ in found) == {REVIEW_DECISIONS: 1, AUDIT_PENDING: 3}
    late = [e for _, e, _ in found if isinstance(e, AuditEntry) and e.action is AuditAction.DECISION_REFUSED]
    assert [(e.actor, e.reasons) for e in late] == [("rev-4", (Reason.ALREADY_DECIDED,))]


def test_a_decision_that_no_worker_would_follow_is_not_sent(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        (task,) = until(lambda: open_tasks(to), 1)
    reviewer = Reviewer(to)
    half = Decision(ReviewChoice.RELEASE, "rev-4", Grounds.FALSE_ALARM, "ROI-9")
    assert refused(lambda: reviewer.decide(task, half)) == "invalid_event"
    assert not read(kafka, [REVIEW_DECISIONS], expect=1, timeout_s=0.5)
    assert [task.id for task in open_tasks(to)] == [task.id]


def test_held_pages_are_shown_only_after_the_audit_has_it(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        (task,) = until(lambda: open_tasks(to), 1)
    pages = Reviewer(to).reveal(task, sealed(tmp_path), "rev-4", "ROI-9")
    # The double's copy is no PDF: that it cannot be shown comes after the entry.
    assert refused(lambda: next(pages)) == "unreadable_page"
    found = [e for _, e, _ in read(kafka, [AUDIT_PENDING], expect=2) if isinstance(e, AuditEntry)]
    assert [(e.action, e.actor, e.ticket, e.document_id) for e in found[1:]] == [
        (AuditAction.REVEALED, "rev-4", "ROI-9", task.event.document_id)
    ]


@pytest.mark.parametrize("step", ["handle", "store", "produce", "progress", "commit", "after"])
def test_a_worker_killed_over_a_decision_carries_it_out_once(kafka: str, tmp_path: Path, step: str) -> None:
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        (task,) = until(lambda: open_tasks(to), 1)
    Reviewer(to).decide(task, RELEASE)
    assert WarmProcess(main, [kafka, str(tmp_path), step, "1"]).wait(90) == -signal.SIGKILL
    topics = [
        MASKED_DOCUMENTS,
        TOKENIZED_RECORDS,
        REVIEW_TASKS,
        LEAKAGE_OBSERVATIONS,
        REJECTED_DOCUMENTS,
        AUDIT_PENDING,
    ]
    # One more document shows that the next worker got past the decision.
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        # A copy and its record; two tasks; figures of three looks; held twice, decided, released.
        found = read(kafka, topics, expect=2 + 2 + 3 + 4, timeout_s=90, extra_s=2)
    assert Counter(topic for topic, _, _ in found) == {
        MASKED_DOCUMENTS: 1,
        TOKENIZED_RECORDS: 1,
        REVIEW_TASKS: 2,
        LEAKAGE_OBSERVATIONS: 3,
        AUDIT_PENDING: 4,
    }
    [masked] = [event for _, event, _ in found if isinstance(event, DocumentMasked)]
    assert task.event.reference
    held = sealed(tmp_path).open("clinic-a", task.event.document_id).get(task.event.reference)
    assert (tmp_path / "masked" / masked.reference).read_bytes() == held


def test_a_decision_on_a_task_that_was_made_up_closes_nothing(kafka: str, tmp_path: Path) -> None:
    """By whoever may write decisions, past the command."""
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        (task,) = until(lambda: open_tasks(to), 1)
        made_up = dataclasses.replace(task.event, pages=1)
        forged = ReviewDecided(
            tenant=made_up.tenant,
            document_id=made_up.document_id,
            decision="f" * 32,
            reviewer="rev-9",
            choice=ReviewChoice.RELEASE,
            why=Grounds.FALSE_ALARM,
            ticket="ROI-9",
            task=made_up,
            answered=made_up.reasons,
        )
        Acknowledged(to).send(REVIEW_DECISIONS, forged)
        found = read(kafka, [AUDIT_PENDING], expect=2, timeout_s=60)
        refusals = [e for _, e, _ in found if isinstance(e, AuditEntry) and e.action is AuditAction.DECISION_REFUSED]
        assert [(e.actor, e.reasons) for e in refusals] == [("rev-9", (Reason.INVALID_EVENT,))]
        assert [open_.id for open_ in open_tasks(to)] == [task.id]
        Reviewer(to).decide(task, RELEASE)
        masked = read(kafka, [MASKED_DOCUMENTS], expect=1, timeout_s=60, extra_s=1)
    assert len(masked) == 1
