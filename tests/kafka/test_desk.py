"""One record to its end, without a broker: every fate, what is stored where, and that no record holds content."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.subject import Subject
from policies.attack.report import Residual, Verdict
from policies.record import TokenizedRecord
from policies.scope.authorization import Authorization
from streams.events import (
    EVENTS,
    AuditAction,
    AuditEntry,
    DocumentClass,
    DocumentMasked,
    DocumentReceived,
    DocumentRejected,
    Event,
    LeakageObserved,
    RecordTokenized,
    Refusal,
    ReviewRequested,
    type_of,
)
from streams.events.sealing import CONTENT, PRIVATE, from_text, to_text
from streams.fates import FATES, Fate
from streams.kafka import job, outages
from streams.kafka.job import Desk, Finished, Parts, Record
from streams.kafka.submit import Request, announcement
from streams.kafka.topics import (
    AUDIT_PENDING,
    CANARY_RESULTS,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.pipeline.document import Document, Outcome
from tests.kafka.transport import CANARY, CANARY_MRN, handle, parts, sealed

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "BACKOFF_S", (0.0,))
    monkeypatch.setattr(outages, "BACKOFF_S", (0.0,))


def received(folder: Path, order: str, inline: bool = False, document_id: str = ID) -> DocumentReceived:
    content = f"{order} {CANARY} {CANARY_MRN}".encode()
    seal = sealed(folder).create("clinic-a", document_id)
    patient = Subject(names=(CANARY,), mrn=CANARY_MRN)
    return announcement(document_id, content, Request("clinic-a", "maximal"), patient, seal, inline)


def record(event: DocumentReceived) -> Record:
    key, headers, value = event.to_message()
    return Record(PHI_DOCUMENTS, 1, 17, 1, key, headers, value)


def finish(made: Parts, of: Record, attempts: int = 3) -> Finished:
    return Desk(made, "worker-0", attempts).work(of)


def events_of(finished: Finished) -> dict[str, Event]:
    read: dict[str, Event] = {}
    for topic, (key, headers, value) in finished.events:
        assert CANARY.encode() not in value
        assert CANARY_MRN.encode() not in value
        read[topic] = EVENTS[type_of(headers) or ""].from_message(key, headers, value)
    return read


@pytest.mark.parametrize("inline", [False, True])
def test_a_release_is_stored_and_announced(tmp_path: Path, inline: bool) -> None:
    finished = finish(parts(tmp_path), record(received(tmp_path, "release 0", inline)))
    events = events_of(finished)
    assert list(events) == [MASKED_DOCUMENTS, TOKENIZED_RECORDS, LEAKAGE_OBSERVATIONS, AUDIT_PENDING]
    masked, entry = events[MASKED_DOCUMENTS], events[AUDIT_PENDING]
    assert isinstance(masked, DocumentMasked)
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.reference, entry.commitment) == (
        AuditAction.RELEASED,
        masked.reference,
        masked.commitment,
    )
    assert (tmp_path / "masked" / masked.reference).read_bytes() == b"%PDF masked " + ID.encode()


def test_a_second_attempt_gives_the_same_ids_and_outputs(tmp_path: Path) -> None:
    of = record(received(tmp_path, "release 0"))
    one, two = (finish(parts(tmp_path), of) for _ in range(2))
    for (topic, first), (again, second) in zip(one.events, two.events, strict=True):
        assert topic == again
        assert dict(first[1])["ce_id"] == dict(second[1])["ce_id"]
        if topic != AUDIT_PENDING:
            assert first[2] == second[2]


def test_a_copy_for_review_stays_sealed_in_the_phi_zone(tmp_path: Path) -> None:
    place = Residual(0, Kind.PERSON, Quad.of(Box(1, 2, 30, 40)), Reason.RESIDUAL_FINDING, True)

    def doubtful(document: Document) -> Outcome:
        return dataclasses.replace(handle(document), residuals=(place,) * 1200)

    made = dataclasses.replace(parts(tmp_path), handle=doubtful)
    events = events_of(finish(made, record(received(tmp_path, "review 0"))))
    assert list(events) == [REVIEW_TASKS, LEAKAGE_OBSERVATIONS, AUDIT_PENDING]
    task, figures = events[REVIEW_TASKS], events[LEAKAGE_OBSERVATIONS]
    assert isinstance(task, ReviewRequested)
    assert isinstance(figures, LeakageObserved)
    assert (len(task.places), task.places_left_out) == (1000, 200)
    assert (task.places[0].left, task.places[0].bottom) == (1, 40)
    assert figures.residuals == {Kind.PERSON: 1200}
    assert sealed(tmp_path).open("clinic-a", ID).get(task.reference or "").startswith(b"%PDF masked")
    assert not any(b"%PDF" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize("reason", [reason for reason in Reason if FATES[reason] is not Fate.WAIT])
def test_every_reason_has_its_end_and_none_is_a_release(tmp_path: Path, reason: Reason) -> None:
    calls: list[str] = []

    def failing(document: Document) -> Outcome:
        calls.append(document.id)
        raise RedoubtError(reason)

    finished = finish(dataclasses.replace(parts(tmp_path), handle=failing), record(received(tmp_path, "release 0")))
    fate = FATES[reason]
    assert len(calls) == (3 if fate is Fate.RETRY else 1)
    assert finished.reason is reason
    assert finished.stop is (fate is Fate.STOP)
    events = events_of(finished)
    assert list(events) == ([] if fate is Fate.STOP else [REJECTED_DOCUMENTS, AUDIT_PENDING])
    if events:
        rejected = events[REJECTED_DOCUMENTS]
        assert isinstance(rejected, DocumentRejected)
        expected = Refusal.WITHHELD if fate in (Fate.WITHHOLD, Fate.REVIEW) else Refusal.REJECTED
        assert (rejected.reasons, rejected.refusal) == ((reason,), expected)
        assert sealed(tmp_path).open("clinic-a", ID).get(rejected.reference or "").endswith(CANARY_MRN.encode())


@pytest.mark.parametrize("reason", [reason for reason in Reason if FATES[reason] is Fate.WAIT])
def test_a_part_that_is_away_uses_up_no_attempt(tmp_path: Path, reason: Reason) -> None:
    calls: list[int] = []

    def shaky(document: Document) -> Outcome:
        calls.append(1)
        if len(calls) < 10:
            raise RedoubtError(reason)
        return handle(document)

    finished = finish(dataclasses.replace(parts(tmp_path), handle=shaky), record(received(tmp_path, "release 0")))
    assert MASKED_DOCUMENTS in events_of(finished)


def lies_about_its_copy(document: Document) -> Outcome:
    return dataclasses.replace(handle(document), copy=None)


def lies_about_its_id(document: Document) -> Outcome:
    return dataclasses.replace(handle(document), document_id="f" * 32)


def speaks_in_free_text(document: Document) -> Outcome:
    return dataclasses.replace(handle(document), engine=CANARY + "\n", profile=CANARY)


@pytest.mark.parametrize("liar", [lies_about_its_copy, lies_about_its_id, speaks_in_free_text])
def test_an_outcome_that_cannot_be_is_never_released(tmp_path: Path, liar: Callable[[Document], Outcome]) -> None:
    finished = finish(dataclasses.replace(parts(tmp_path), handle=liar), record(received(tmp_path, "release 0")))
    assert list(events_of(finished)) == [REJECTED_DOCUMENTS, AUDIT_PENDING]


def test_a_canary_goes_aside_with_all_its_events(tmp_path: Path) -> None:
    made = dataclasses.replace(parts(tmp_path), is_canary=lambda document_id: document_id == ID)
    for order in ("release 0", "encrypted 0"):
        folder = tmp_path / order[:4]
        finished = finish(dataclasses.replace(made, sealed=sealed(folder)), record(received(folder, order)))
        assert {topic for topic, _ in finished.events} == {CANARY_RESULTS}


def test_a_large_record_goes_to_the_store(tmp_path: Path) -> None:
    pages = ("page " * 20_000,) * 4

    def long(document: Document) -> Outcome:
        return dataclasses.replace(handle(document), record=TokenizedRecord(pages, 80.0))

    made = dataclasses.replace(parts(tmp_path), handle=long)
    event = events_of(finish(made, record(received(tmp_path, "release 0"))))[TOKENIZED_RECORDS]
    assert isinstance(event, RecordTokenized)
    assert event.text is None
    assert json.loads((tmp_path / "masked" / (event.reference or "")).read_bytes()) == list(pages)


def other_document(folder: Path, event: DocumentReceived) -> DocumentReceived:
    other = received(folder, "release 0", document_id="f" * 32)
    return dataclasses.replace(event, private=other.private)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda _f, e: dataclasses.replace(e, reference="sealed/" + "0" * 32), Reason.CONTENT_MISSING),
        (lambda _f, e: dataclasses.replace(e, private="AAAA"), Reason.HASH_MISMATCH),
        (lambda _f, e: dataclasses.replace(e, tenant="clinic-b"), Reason.CONTENT_MISSING),
        (other_document, Reason.HASH_MISMATCH),
    ],
)
def test_what_was_swapped_or_lost_is_rejected(
    tmp_path: Path, spoil: Callable[[Path, DocumentReceived], DocumentReceived], reason: Reason
) -> None:
    finished = finish(parts(tmp_path), record(spoil(tmp_path, received(tmp_path, "release 0"))))
    assert finished.reason is reason
    assert list(events_of(finished)) == [REJECTED_DOCUMENTS, AUDIT_PENDING]


AUTHORIZATION = Authorization("auth-17", date(2027, 1, 1), classes=("lab_report",))
SAID = Request(
    "clinic-a", "roi-authorization", DocumentClass.LAB_REPORT, "care", "provider", "part2", authorization=AUTHORIZATION
)


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        {"profile": "limited-data-set"},
        {"purpose": "research"},
        {"document_class": DocumentClass.CONSENT_FORM},
        {"recipient_class": "researcher"},
        {"source_program": "unspecified"},
        {"authorization": None},
        *(
            {"authorization": dataclasses.replace(AUTHORIZATION, **fields)}
            for fields in (
                {"id": "auth-18"},
                {"expires": date(2028, 1, 1)},
                {"revoked": True},
                {"date_from": date(2020, 1, 1)},
                {"date_to": date(2026, 1, 1)},
                {"classes": None},
                {"classes": ("lab_report", "other")},
                {"sensitive": ("hiv",)},
            )
        ),
    ],
    ids=str,
)
def test_what_was_said_at_submission_is_what_counts(tmp_path: Path, change: dict[str, Any], inline: bool) -> None:
    """Who may write the topic and holds no key cannot choose another profile, purpose or authorization."""
    seal = sealed(tmp_path).create("clinic-a", ID)
    event = announcement(ID, b"release 0 x", SAID, None, seal, inline)
    refused = finish(parts(tmp_path), record(dataclasses.replace(event, **change)))
    assert refused.reason is Reason.HASH_MISMATCH
    assert list(events_of(refused)) == [REJECTED_DOCUMENTS, AUDIT_PENDING]
    assert not (tmp_path / "masked").exists() or not list((tmp_path / "masked").iterdir())
    assert MASKED_DOCUMENTS in events_of(finish(parts(tmp_path), record(event))), "as it was submitted"


def test_an_event_whose_sealed_part_says_nothing_of_it_is_refused(tmp_path: Path) -> None:
    event = received(tmp_path, "release 0")
    seal = sealed(tmp_path).open("clinic-a", ID)
    private = json.loads(seal.unseal(PRIVATE, from_text(event.private)))
    del private["terms"]
    bare = to_text(seal.seal(PRIVATE, json.dumps(private).encode()))
    refused = finish(parts(tmp_path), record(dataclasses.replace(event, private=bare)))
    assert refused.reason is Reason.INVALID_EVENT
    assert list(events_of(refused)) == [REJECTED_DOCUMENTS, AUDIT_PENDING]


def test_a_destroyed_key_ends_an_inline_document_without_a_payload(tmp_path: Path) -> None:
    event = received(tmp_path, "release 0", inline=True)
    sealed(tmp_path).destroy("clinic-a", ID)
    rejected = events_of(finish(parts(tmp_path), record(event)))[REJECTED_DOCUMENTS]
    assert isinstance(rejected, DocumentRejected)
    assert (rejected.reasons, rejected.reference) == ((Reason.CONTENT_MISSING,), None)


def test_an_inline_payload_is_kept_when_its_document_is_refused(tmp_path: Path) -> None:
    for document_id, order in (("1" * 32, "encrypted 0"), ("2" * 32, "withhold 0")):
        event = received(tmp_path, order, inline=True, document_id=document_id)
        rejected = events_of(finish(parts(tmp_path), record(event)))[REJECTED_DOCUMENTS]
        assert isinstance(rejected, DocumentRejected)
        seal = sealed(tmp_path).open("clinic-a", document_id)
        kept = seal.unseal(CONTENT, seal.get(rejected.reference or ""))
        assert kept.decode().startswith(order)


def test_what_is_no_event_is_kept_and_a_second_attempt_keeps_it_again(tmp_path: Path) -> None:
    broken = Record(PHI_DOCUMENTS, 0, 3, 1, CANARY_MRN.encode(), [], CANARY.encode())
    for _ in range(2):
        rejected = events_of(finish(parts(tmp_path), broken))[REJECTED_DOCUMENTS]
        assert isinstance(rejected, DocumentRejected)
        assert (rejected.tenant, rejected.reasons) == ("unknown", (Reason.INVALID_EVENT,))
        kept = sealed(tmp_path).open("unknown", rejected.document_id).get(rejected.reference or "")
        assert kept == CANARY.encode()


def test_stopping_ends_the_wait_between_attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "BACKOFF_S", (60.0,))
    over = threading.Event()
    over.set()
    started = time.monotonic()
    desk = Desk(parts(tmp_path), "worker-0", 3, over=over)
    finished = desk.work(record(received(tmp_path, "vault_unavailable 0")))
    assert finished.stop
    assert finished.events == ()
    assert time.monotonic() - started < 5


def test_a_verdict_has_one_result_topic(tmp_path: Path) -> None:
    results = {MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS}
    for number, verdict in enumerate(Verdict):
        event = received(tmp_path, f"{verdict.value} 0", document_id=f"{number:032x}")
        finished = finish(parts(tmp_path), record(event))
        assert len([topic for topic, _ in finished.events if topic in results]) == 1
