"""Dead letters on Apache Kafka: listed by codes, replayed once whatever happens, discarded as retention allows."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies import retention as policies
from policies.retention import RetentionPolicy
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    Grounds,
    Place,
    Refusal,
    RejectionSettled,
    ReviewChoice,
    Settlement,
)
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.topics import (
    AUDIT_PENDING,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REJECTED_SETTLED,
    REVIEW_DECISIONS,
    REVIEW_REPLAYS,
)
from streams.rejected import Act, DeadLetter, Filter, Settler, dead_letters, paced
from streams.review.reviewer import Decision, Reviewer, tasks
from streams.settings import KafkaSettings
from streams.store.claims import open_claims
from streams.store.records import Hold, HoldReason
from streams.store.retention import Retention
from streams.store.sealed import SealedStore
from tests.kafka.locked import LockedKafka
from tests.kafka.people import assert_no_canary, refused, until, working
from tests.kafka.transport import read, sealed, settings, submit

pytestmark = pytest.mark.kafka

MENDED = Act("op-2", Grounds.CAUSE_MENDED, "OPS-7")
NOT_NEEDED = Act("op-2", Grounds.NOT_NEEDED, "OPS-8")


def letters(kafka: KafkaSettings) -> list[DeadLetter]:
    return [letter for letter in dead_letters(kafka) if letter.settled is None]


def rejected(bootstrap: str, folder: Path, orders: list[str], **options: int) -> list[DeadLetter]:
    submit(bootstrap, folder, orders, **options)
    with working(bootstrap, folder):
        return until(lambda: letters(settings(bootstrap).kafka), len(orders))


def results(bootstrap: str, folder: Path, expect: int) -> Counter[str]:
    """Document ids of released copies, after the worker has done what waits for it."""
    (folder / "mended").touch()
    with working(bootstrap, folder):
        found = read(bootstrap, [MASKED_DOCUMENTS], expect=expect, timeout_s=60, extra_s=2)
    return Counter(event.document_id for _, event, _ in found if isinstance(event, DocumentMasked))


def test_letters_are_found_by_what_is_known_of_them(kafka: str, tmp_path: Path) -> None:
    found = rejected(kafka, tmp_path, ["encrypted 0", "damaged 0", "withhold 0"])
    now = datetime.now(UTC)
    assert all(timedelta(minutes=-1) < now - letter.at < timedelta(minutes=5) for letter in found)

    def matching(**wanted: object) -> list[tuple[Reason, ...]]:
        return [letter.event.reasons for letter in found if Filter(**wanted)(letter)]  # type: ignore[arg-type]

    assert matching(reason=Reason.ENCRYPTED) == [(Reason.ENCRYPTED,)]
    assert matching(refusal=Refusal.WITHHELD) == [(Reason.UNEXPLAINED_INK,)]
    assert len(matching(tenant="clinic-a")) == len(matching(since=now - timedelta(hours=1))) == 3
    assert matching(tenant="clinic-b") == matching(since=now + timedelta(hours=1)) == []
    assert [letter.curable for letter in found if letter.event.reasons == (Reason.ENCRYPTED,)] == [False]


def test_a_replay_releases_once_however_often_it_is_called(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    found = rejected(kafka, tmp_path, ["reader_failed 0", "deadline 0"], inline_up_to=10_000)
    [wanted] = [letter for letter in found if letter.event.reasons == (Reason.DEADLINE,)]
    with Settler(to, MENDED) as settler:
        settler.replay(wanted)
    with Settler(to, MENDED) as settler:
        [seen] = [letter for letter in settler.letters if letter.id == wanted.id]
        assert seen.settled is not None
        assert refused(lambda: settler.replay(seen)) == "already_decided"
    assert results(kafka, tmp_path, expect=1) == {wanted.event.document_id: 1}
    everything = read(
        kafka, [REJECTED_DOCUMENTS, REJECTED_SETTLED, AUDIT_PENDING, MASKED_DOCUMENTS, PHI_DOCUMENTS], expect=11
    )
    # Two rejections, one settlement, three records of documents, one copy; audited: two refusals, a replay, a release.
    assert Counter(topic for topic, _, _ in everything) == {
        REJECTED_DOCUMENTS: 2,
        REJECTED_SETTLED: 1,
        PHI_DOCUMENTS: 3,
        MASKED_DOCUMENTS: 1,
        AUDIT_PENDING: 4,
    }
    [entry] = [e for _, e, _ in everything if isinstance(e, AuditEntry) and e.action is AuditAction.REPLAYED]
    assert (entry.actor, entry.why, entry.ticket) == ("op-2", "cause_mended", "OPS-7")
    assert (entry.document_id, entry.reasons) == (wanted.event.document_id, (Reason.DEADLINE,))
    assert_no_canary([text for _, _, text in everything])


def test_a_replay_that_fails_again_is_a_letter_of_its_own(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    [first] = rejected(kafka, tmp_path, ["deadline 0"])
    with Settler(to, MENDED) as settler:
        settler.replay(first)
    with working(kafka, tmp_path):
        [second] = until(lambda: letters(to), 1)
    assert second.id != first.id
    assert second.event.document_id == first.event.document_id
    with Settler(to, MENDED) as settler:
        settler.replay(second)
    assert results(kafka, tmp_path, expect=1) == {first.event.document_id: 1}


def test_a_document_with_a_released_copy_is_not_done_again(kafka: str, tmp_path: Path) -> None:
    """Somebody sent the same event twice: one was rejected, the other released."""
    to = settings(kafka).kafka
    [letter] = rejected(kafka, tmp_path, ["deadline 0"])
    with Settler(to, MENDED) as settler:
        settler._commit([settler._came_as(letter.event)])
    assert results(kafka, tmp_path, expect=1) == {letter.event.document_id: 1}
    with Settler(to, MENDED) as settler:
        assert refused(lambda: settler.replay(letter)) == "already_decided"


def twice_rejected(kafka: str, folder: Path) -> list[DeadLetter]:
    """Two open letters of one document: its producer sent the event again."""
    to = settings(kafka).kafka
    [first] = rejected(kafka, folder, ["deadline 0"])
    with Settler(to, MENDED) as settler:
        settler._commit([settler._came_as(first.event)])
    with working(kafka, folder):
        return until(lambda: letters(to), 2)


@pytest.mark.parametrize("latest_first", [False, True])
def test_of_two_letters_of_one_document_one_is_replayed(kafka: str, tmp_path: Path, latest_first: bool) -> None:
    to = settings(kafka).kafka
    first, second = sorted(twice_rejected(kafka, tmp_path), key=lambda letter: letter.at, reverse=latest_first)
    with Settler(to, MENDED) as settler:
        settler.replay(first)
        assert refused(lambda: settler.replay(second)) == "already_decided", "by the same settler"
    [left] = letters(to)
    assert (left.id, left.overtaken) == (second.id, True)
    with Settler(to, MENDED) as settler:
        assert refused(lambda: settler.replay(left)) == "already_decided", "by the next one"
    assert results(kafka, tmp_path, expect=1) == {first.event.document_id: 1}


def test_a_discarded_letter_ends_the_other_too_and_a_later_failure_is_a_new_one(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    first, second = twice_rejected(kafka, tmp_path)
    later, _ = retention(kafka, tmp_path, keep_days=7)
    with Settler(to, NOT_NEEDED) as settler:
        settler.discard(first, later)
    with Settler(to, MENDED) as settler:
        [left] = [letter for letter in settler.letters if letter.settled is None]
        assert left.id == second.id
        assert refused(lambda: settler.replay(left)) == "already_decided"
        settler._commit([settler._came_as(second.event)])
    with working(kafka, tmp_path):
        newest = until(lambda: [letter for letter in letters(to) if not letter.overtaken], 1)[0]
    with Settler(to, MENDED) as settler:
        settler.replay(newest)
    assert results(kafka, tmp_path, expect=1) == {first.event.document_id: 1}


def test_a_record_that_never_was_an_event_cannot_be_replayed(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(PHI_DOCUMENTS, b"Wilhelmina Featherstonehaugh", b"MRN-7730021946")
    assert producer.flush(10) == 0
    with working(kafka, tmp_path):
        [letter] = until(lambda: letters(to), 1)
    with Settler(to, MENDED) as settler:
        assert refused(lambda: settler.replay(letter)) == "invalid_event"
    assert [left.id for left in letters(to)] == [letter.id]


def retention(bootstrap: str, folder: Path, keep_days: int) -> tuple[Retention, SealedStore]:
    policy = policies.load()
    standard = dataclasses.replace(policy.classes[policy.default], keep_days=keep_days)
    changed = RetentionPolicy(policy.number, policy.default, {**policy.classes, policy.default: standard})
    phi, masked = open_claims(f"file://{folder}/phi"), open_claims(f"file://{folder}/masked")
    audit = AuditWriter(settings(bootstrap).kafka).append
    return Retention(phi, masked, changed, audit, "op-2"), sealed(folder)


def test_a_discard_destroys_the_key_where_retention_and_holds_allow(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    free, held, early = rejected(kafka, tmp_path, ["encrypted 0", "encrypted 0", "encrypted 0"])
    now, store = retention(kafka, tmp_path, keep_days=0)
    later, _ = retention(kafka, tmp_path, keep_days=7)
    now.hold("clinic-a", held.event.document_id, Hold(HoldReason.LITIGATION, "LEGAL-1", "op-2", datetime.now(UTC)))
    with Settler(to, NOT_NEEDED) as settler:
        assert settler.discard(free, now) is None
        assert settler.discard(held, now) is Reason.LEGAL_HOLD
        assert settler.discard(early, later) is Reason.RETENTION_RUNNING
    assert refused(lambda: store.open("clinic-a", free.event.document_id)) == "content_missing"
    for letter in (held, early):
        store.open("clinic-a", letter.event.document_id)
    assert letters(to) == []
    with Settler(to, NOT_NEEDED) as settler:
        again = {letter.id: letter for letter in settler.letters}
        assert settler.discard(again[early.id], now) is None, "once its time is up"
        assert refused(lambda: settler.replay(again[held.id])) == "already_decided"
    assert refused(lambda: store.open("clinic-a", early.event.document_id)) == "content_missing"
    found = [e for _, e, _ in read(kafka, [AUDIT_PENDING, REJECTED_SETTLED], expect=14)]
    actions = Counter(e.action for e in found if isinstance(e, AuditEntry))
    assert actions == {
        AuditAction.REJECTED: 3,
        AuditAction.HOLD_PLACED: 1,
        AuditAction.DISCARDED: 3,
        AuditAction.DESTROYING: 2,
        AuditAction.DESTROYED: 2,
    }
    settled = [(e.settlement, e.actor, e.why, e.ticket) for e in found if isinstance(e, RejectionSettled)]
    assert settled == [(Settlement.DISCARD, "op-2", Grounds.NOT_NEEDED, "OPS-8")] * 3


def test_a_replay_keeps_its_pace() -> None:
    waits: list[float] = []
    assert list(paced([1, 2, 3], 120, waits.append)) == [1, 2, 3]  # type: ignore[list-item]
    assert waits == [0.5, 0.5]


def test_grounds_belong_to_what_is_done(kafka: str, tmp_path: Path) -> None:
    [letter] = rejected(kafka, tmp_path, ["encrypted 0"])
    with Settler(settings(kafka).kafka, NOT_NEEDED) as settler:
        assert refused(lambda: settler.replay(letter)) == "invalid_event"
    assert not [e for _, e, _ in read(kafka, [AUDIT_PENDING], expect=2, timeout_s=3) if e.actor == "op-2"]  # type: ignore[attr-defined]


def test_of_two_settlers_the_later_one_works(kafka: str, tmp_path: Path) -> None:
    [letter] = rejected(kafka, tmp_path, ["deadline 0"])
    with Settler(settings(kafka).kafka, MENDED) as first, Settler(settings(kafka).kafka, MENDED) as second:
        assert refused(lambda: first.replay(letter)) == "broker_unavailable"
        second.replay(letter)
    assert results(kafka, tmp_path, expect=1) == {letter.event.document_id: 1}


def test_a_settler_that_dies_between_audit_and_commit_has_done_nothing(kafka: str, tmp_path: Path) -> None:
    [letter] = rejected(kafka, tmp_path, ["deadline 0"])

    class Dies(Settler):
        """Sends everything, and is never heard of again before it commits."""

        def _commit(self, records: list[tuple[str, object]]) -> None:  # type: ignore[override]
            self._transactions._begin()
            self._transactions._produce(records)  # type: ignore[arg-type]
            self._transactions._producer.flush(10)
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    with Dies(settings(kafka).kafka, MENDED) as dying:
        assert refused(lambda: dying.replay(letter)) == "broker_unavailable"
    assert [left.id for left in letters(settings(kafka).kafka)] == [letter.id]
    with Settler(settings(kafka).kafka, MENDED) as settler:
        settler.replay(letter)
    assert results(kafka, tmp_path, expect=1) == {letter.event.document_id: 1}
    entries = [e for _, e, _ in read(kafka, [AUDIT_PENDING], expect=4) if isinstance(e, AuditEntry)]
    replays = {e.entry_id for e in entries if e.action is AuditAction.REPLAYED}
    assert len(replays) == 1, "said twice under one id"


def forget(kafka: str, topic: str) -> None:
    """As when the topic's retention has passed."""
    admin = AdminClient({"bootstrap.servers": kafka})
    partitions = admin.list_topics(topic, timeout=10).topics[topic].partitions
    for future in admin.delete_records([TopicPartition(topic, p, -1) for p in partitions]).values():
        future.result(30)


def test_what_the_topic_has_forgotten_comes_out_of_the_store_or_not_at_all(kafka: str, tmp_path: Path) -> None:
    found = rejected(kafka, tmp_path, ["withhold 0", "deadline 0"])
    [withheld] = [letter for letter in found if letter.event.refusal is Refusal.WITHHELD]
    [never_opened] = [letter for letter in found if letter.event.refusal is Refusal.REJECTED]
    forget(kafka, PHI_DOCUMENTS)
    with Settler(settings(kafka).kafka, MENDED) as settler:
        assert refused(lambda: settler.replay(withheld)) == "content_missing", "without a right to the store"
    with Settler(settings(kafka).kafka, MENDED, lambda: sealed(tmp_path)) as settler:
        assert refused(lambda: settler.replay(never_opened)) == "content_missing"
        settler.replay(withheld)
    assert results(kafka, tmp_path, expect=1) == {withheld.event.document_id: 1}


def test_a_decision_that_could_not_be_carried_out_is_carried_out_again(kafka: str, tmp_path: Path) -> None:
    """And not the document without it: what a person had burned would come back."""
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        [task] = until(lambda: tasks(to), 1)
    place = Place(0, 10, 10, 20, 20, Kind.INK, Reason.RESIDUAL_FINDING)
    burn = Decision(
        ReviewChoice.BURN, "rev-4", Grounds.MISSED_IDENTIFIER, "ROI-9", places=(place,), answered=task.event.reasons
    )
    Reviewer(to).decide(task, burn)
    (tmp_path / "surprise").touch()
    with working(kafka, tmp_path):
        [letter] = until(lambda: letters(to), 1, timeout_s=120)
    assert (letter.event.topic, letter.event.reasons) == (REVIEW_DECISIONS, (Reason.INTERNAL,))
    (tmp_path / "surprise").unlink()
    with Settler(to, MENDED) as settler:
        settler.replay(letter)
    with working(kafka, tmp_path):
        places = [MASKED_DOCUMENTS, REVIEW_DECISIONS, REVIEW_REPLAYS, PHI_DOCUMENTS]
        found = read(kafka, places, expect=4, timeout_s=60, extra_s=2)
    assert Counter(topic for topic, _, _ in found) == dict.fromkeys(places, 1)


def test_what_a_person_withheld_is_not_replayed(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    submit(kafka, tmp_path, ["review 0"])
    with working(kafka, tmp_path):
        [task] = until(lambda: tasks(to), 1)
        Reviewer(to).decide(task, Decision(ReviewChoice.WITHHOLD, "rev-4", Grounds.WRONG_RECORD, "ROI-9"))
        [letter] = until(lambda: letters(to), 1)
    assert letter.event.reasons == (Reason.WITHHELD_BY_REVIEWER,)
    with Settler(to, MENDED, lambda: sealed(tmp_path)) as settler:
        assert refused(lambda: settler.replay(letter)) == "withheld_by_reviewer"


def test_operator_and_reviewer_need_no_more_than_their_own_rights(locked: LockedKafka, tmp_path: Path) -> None:
    worker, operator, reviewer = (locked.scram(role) for role in ("worker", "operator", "reviewer"))
    late, held = submit(locked.scram("submitter"), tmp_path, ["deadline 0", "review 0"])
    with working(worker, tmp_path):
        [letter] = until(lambda: [found for found in letters(operator) if found.event.document_id == late], 1)
        [task] = until(lambda: [found for found in tasks(reviewer) if found.event.document_id == held], 1)
        (tmp_path / "mended").touch()
        with Settler(operator, MENDED) as settler:
            settler.replay(letter)
        withhold = Decision(ReviewChoice.WITHHOLD, "rev-4", Grounds.WRONG_RECORD, "ROI-9")
        Reviewer(reviewer).decide(task, withhold)
        [ended] = until(lambda: [found for found in letters(operator) if found.event.document_id == held], 1)
        until(lambda: [e for _, e, _ in read(locked.scram("analyst"), [MASKED_DOCUMENTS], 1) if e.key == late], 1)
    assert ended.event.reasons == (Reason.WITHHELD_BY_REVIEWER,)
