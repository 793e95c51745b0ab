"""What a person's decision on a held document opens, through the real pipeline, seals and stores."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from policies.attack.finished.raster import LOSSY_RIM_BLACK
from policies.attack.report import Residual
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentRejected,
    LeakageObserved,
    RecordTokenized,
    Refusal,
    ReviewChoice,
    ReviewDecided,
    ReviewRequested,
)
from streams.kafka.topics import CANARY_RESULTS
from streams.pipeline.answers import ANSWERABLE, Answers, Mark
from streams.pipeline.document import Document
from streams.review import mask_again
from streams.store.claims import get_addressed
from tests.acceptance.command import page_pixels
from tests.pipeline.doubles import SECRET, AttackerInsists, reading
from tests.streams.review_desk import ID, TENANT, Desk, decision, place


def test_a_release_puts_out_the_very_copy_that_was_shown(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    assert (task.round, task.topic, task.partition, task.offset) == (1, "phi.documents", 1, 7)
    masked, record, observed, entry = desk.results(decision(task, ReviewChoice.RELEASE))
    assert isinstance(masked, DocumentMasked)
    assert isinstance(record, RecordTokenized)
    assert isinstance(observed, LeakageObserved)
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.document_id) == (AuditAction.RELEASED, ID)
    assert (entry.actor, entry.why, entry.ticket) == ("rev-4", "false_alarm", "ROI-9"), "whose word let it go"
    assert desk.masked.get(masked.reference) == desk.held(task)


def test_the_same_decision_again_gives_the_same_events(tmp_path: Path) -> None:
    """After a crash between the store and the commit."""
    desk = Desk(tmp_path)
    decided = decision(desk.task(), ReviewChoice.RELEASE)
    once, again = desk.results(decided), desk.results(decided)
    assert [type(event) for event in once] == [type(event) for event in again]
    assert once[0] == again[0]
    assert [event.ce_id for event in once] == [event.ce_id for event in again]


def test_the_first_decision_counts_and_the_second_is_refused_and_audited(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    first = decision(task, ReviewChoice.WITHHOLD, decision="1" * 32)
    second = decision(task, ReviewChoice.RELEASE, decision="2" * 32)
    rejected, entry = desk.results(first)
    assert isinstance(rejected, DocumentRejected)
    assert isinstance(entry, AuditEntry)
    assert (rejected.refusal, rejected.reasons) == (Refusal.WITHHELD, (Reason.WITHHELD_BY_REVIEWER,))
    assert (rejected.topic, rejected.partition, rejected.offset) == ("review.decisions", 0, 3)
    assert (entry.action, entry.actor) == (AuditAction.WITHHELD, "rev-4")
    assert (entry.why, entry.ticket) == ("not_redactable", "ROI-9")
    ran = len(desk.handled)
    [refused] = desk.results(second)
    assert isinstance(refused, AuditEntry)
    assert (refused.action, refused.actor) == (AuditAction.DECISION_REFUSED, "rev-4")
    assert (refused.reasons, refused.why, refused.ticket) == ((Reason.ALREADY_DECIDED,), "false_alarm", "ROI-9")
    assert len(desk.handled) == ran, "nothing was masked for it"
    assert [type(event) for event in desk.results(first)] == [DocumentRejected, AuditEntry], "the first goes on"


def test_more_that_is_burned_only_grows_the_redaction(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    [complaint] = [word for word in reading().words if word.text == "cough"]
    box = complaint.region.bounds
    burn = decision(task, ReviewChoice.BURN, places=(place(box),), answered=task.reasons)
    masked, record, *_ = desk.results(burn)
    assert isinstance(masked, DocumentMasked)
    assert isinstance(record, RecordTokenized)
    before, after = page_pixels(desk.held(task)), page_pixels(desk.masked.get(masked.reference))
    assert after[box.top : box.bottom, box.left : box.right].max() < 40
    assert before[box.top : box.bottom, box.left : box.right].max() > 200
    assert not (after[before < 40] > 127).any(), "what was black stays black"
    assert record.text
    assert "cough" not in record.text[0]
    assert "Plan" in record.text[0]


def test_what_is_marked_as_an_identifier_is_hunted_everywhere(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    [sodium] = [word for word in reading().words if word.text == "sodium"]
    for kind, hunted in ((Kind.INK, False), (Kind.PERSON, True)):
        marked = Answers((Mark(0, sodium.region.bounds, kind),), frozenset(task.reasons), ())
        desk.handle(Document(TENANT, ID, b"x", "maximal", answers=marked))
        values = {secret.value for secret in desk.pages.claims[-1].secrets}
        assert ("sodium" in values) is hunted


def test_without_an_answer_a_person_is_asked_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    burn = decision(task, ReviewChoice.BURN, places=(place(Box(400, 10, 440, 30)),))
    again, *_ = desk.results(burn)
    assert isinstance(again, ReviewRequested)
    assert (again.round, again.topic, again.ce_id == task.ce_id) == (2, "review.decisions", False)
    assert again.burned == burn.places
    assert again.reasons == task.reasons
    masked, *_ = desk.results(decision(again, ReviewChoice.RELEASE, decision="e" * 32))
    assert isinstance(masked, DocumentMasked)
    assert desk.masked.get(masked.reference) == desk.held(again), "with what was burned in between"


class FindsMoreLater(AttackerInsists):
    """Insists on one word until it is told to insist on another too."""

    more = False

    def residuals(self, pages: Any) -> list[Residual]:
        found = super().residuals(pages)
        other = Residual(0, Kind.PERSON, reading().words[-1].region, Reason.RESIDUAL_FINDING, True)
        return [*found, other] if self.more else found


def test_an_answer_holds_only_for_what_was_shown(tmp_path: Path) -> None:
    pages = FindsMoreLater()
    desk = Desk(tmp_path, pages)
    task = desk.task()
    pages.more = True
    again, *_ = desk.results(decision(task, ReviewChoice.RELEASE))
    assert isinstance(again, ReviewRequested)
    assert again.round == 2


class BurnsMoreLater(AttackerInsists):
    """As after an upgrade: once told, a detector finds one word more, so that the copy is another."""

    more = False

    def detect(self, *arguments: Any) -> Any:
        found = super().detect(*arguments)
        plan = reading().text.index("Plan")
        extra = dataclasses.replace(self.spans[0], start=plan, end=plan + 4, kind=Kind.PERSON)
        return [[*spans, extra] for spans in found] if self.more else found


def test_a_copy_that_nobody_has_seen_is_not_released_as_it_is(tmp_path: Path) -> None:
    pages = BurnsMoreLater()
    desk = Desk(tmp_path, pages)
    task = desk.task()
    pages.more = True
    again, *_ = desk.results(decision(task, ReviewChoice.RELEASE))
    assert isinstance(again, ReviewRequested)
    assert (again.round, again.reasons) == (2, task.reasons)
    assert desk.held(again) != desk.held(task)


def test_a_known_value_that_may_be_readable_is_no_doubt_to_be_answered(tmp_path: Path) -> None:
    desk = Desk(tmp_path, AttackerInsists(found=Reason.KNOWN_VALUE_READABLE, certain=False))
    task = desk.task()
    assert task.reasons == (Reason.KNOWN_VALUE_READABLE,)
    for number, decided in enumerate(
        (
            decision(task, ReviewChoice.RELEASE),
            decision(task, ReviewChoice.BURN, places=task.places, answered=task.reasons),
        )
    ):
        [refused] = desk.results(dataclasses.replace(decided, decision=f"{number:032x}"))
        assert isinstance(refused, AuditEntry)
        assert refused.reasons == (Reason.KNOWN_VALUE_READABLE,)
    again, *_ = desk.results(decision(task, ReviewChoice.BURN, places=task.places))
    assert isinstance(again, ReviewRequested), "burned, and still readable: the attacker has the last word"
    with pytest.raises(ValueError, match="nobody may answer"):
        Answers(doubts=frozenset({Reason.KNOWN_VALUE_READABLE}))


def test_a_known_value_that_is_surely_readable_withholds_whatever_was_decided(tmp_path: Path) -> None:
    pages = AttackerInsists()
    desk = Desk(tmp_path, pages)
    task = desk.task()
    pages.found, pages.certain = Reason.KNOWN_VALUE_READABLE, True
    rejected, *_ = desk.results(decision(task, ReviewChoice.RELEASE))
    assert isinstance(rejected, DocumentRejected)
    assert (rejected.refusal, rejected.reasons) == (Refusal.WITHHELD, (Reason.KNOWN_VALUE_READABLE,))


def test_no_structural_failure_may_be_answered() -> None:
    assert {
        Reason.UNREADABLE_PAGE,
        Reason.POSSIBLY_INCOMPLETE,
        Reason.INCOMING_REDACTION,
        Reason.HIDDEN_TEXT,
        Reason.UNEXPLAINED_INK,
        Reason.PICTURE_OF_A_BODY,
        Reason.PATIENT_NOT_FOUND,
        Reason.WRONG_PATIENT,
        Reason.UNDATED_PAGE,
        Reason.UNREAD_DATE,
        Reason.MIXED_DATES,
        Reason.UNSURE_FINDING,
        Reason.RESIDUAL_FINDING,
        Reason.WIDTH_TELLS,
        Reason.SECOND_SIGN_OFF,
    } == ANSWERABLE


class FindsNothingLater(AttackerInsists):
    """As after a downgrade: once told, the detectors find nothing at all, and the attacker neither."""

    less = False

    def detect(self, *arguments: Any) -> Any:
        found = super().detect(*arguments)
        return [[] for _ in found] if self.less else found

    def residuals(self, pages: Any) -> list[Residual]:
        return [] if self.less else super().residuals(pages)


def burn_more(desk: Desk, pages: FindsNothingLater) -> tuple[ReviewRequested, ReviewDecided]:
    """The task, and a decision to burn one place more, carried out by detectors that find less than before."""
    task = desk.task()
    pages.less = True
    return task, decision(task, ReviewChoice.BURN, places=(place(Box(400, 10, 440, 30)),), answered=task.reasons)


def test_with_more_burned_what_was_black_stays_black(tmp_path: Path) -> None:
    pages = FindsNothingLater()
    desk = Desk(tmp_path, pages)
    task, burn = burn_more(desk, pages)
    released, tokenized, *_ = desk.results(burn)
    assert isinstance(released, DocumentMasked)
    assert isinstance(tokenized, RecordTokenized)
    now, before = page_pixels(get_addressed(desk.masked, released.reference)), page_pixels(desk.held(task))
    assert not (now[before <= LOSSY_RIM_BLACK] > 127).any()
    assert SECRET not in repr(tokenized.to_message())


def test_nothing_is_released_that_shows_what_was_black(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mask_again, "MORE_MASKINGS", 0)
    pages = FindsNothingLater()
    desk = Desk(tmp_path, pages)
    _, burn = burn_more(desk, pages)
    again, *_ = desk.results(burn)
    assert isinstance(again, ReviewRequested)
    assert (again.round, again.burned) == (2, burn.places)


def test_a_planted_documents_events_go_where_they_belong(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.carry_out(decision(desk.task(), ReviewChoice.WITHHOLD), canary=True)
    assert {topic for topic, _ in first} == {CANARY_RESULTS}
