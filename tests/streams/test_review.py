"""A person's decision, through the real pipeline, seals and stores: what it opens, and what no decision opens."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.subject import Subject
from policies.attack.raster import LOSSY_RIM_BLACK
from policies.attack.report import Residual
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentRejected,
    Event,
    Grounds,
    LeakageObserved,
    Place,
    RecordTokenized,
    Refusal,
    ReviewChoice,
    ReviewDecided,
    ReviewRequested,
)
from streams.kafka.intake import kept_event, open_claim
from streams.kafka.submit import Request, announcement
from streams.kafka.topics import AUDIT_PENDING, CANARY_RESULTS, REVIEW_TASKS
from streams.pipeline.answers import ANSWERABLE, Answers, Mark
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.publish import Addressed, Origin, publish
from streams.review import mask_again
from streams.review.carry_out import CarryOut
from streams.review.proof import proven
from streams.review.rules import GROUNDS, objection
from streams.store.claims import get_addressed, open_claims
from tests.acceptance.command import page_pixels
from tests.events.examples import AT
from tests.kafka.transport import CANARY, CANARY_MRN, sealed
from tests.pipeline.doubles import SECRET, AttackerInsists, OnePage, Reads, reading

TENANT = "clinic-a"
ID = "0123456789abcdef0123456789abcdef"
DIET = reading().words[-1]
"""What `AttackerInsists` finds however often it is burned."""


@dataclass
class Desk:
    """A document that went through the worker once, and the handler of decisions on it."""

    folder: Path
    pages: Reads = field(default_factory=AttackerInsists)
    document_id: str = ID

    def __post_init__(self) -> None:
        self.sealed = sealed(self.folder)
        self.masked = open_claims(f"file://{self.folder}/masked")
        self.claims = open_claims(f"file://{self.folder}/phi")
        self.handled: list[Outcome] = []

    def handle(self, document: Document) -> Outcome:
        parts = Parts(OnePage(), self.pages, LocalTokenizer(production=False))
        self.handled.append(process(document, parts, Deadline.after(60)))
        return self.handled[-1]

    def submit(self) -> Event:
        seal = self.sealed.create(TENANT, self.document_id)
        patient = Subject(names=(CANARY,), mrn=CANARY_MRN)
        content = f"{CANARY} {CANARY_MRN}".encode()
        event = announcement(self.document_id, content, Request(TENANT, "maximal"), patient, seal)
        claim = open_claim(event, self.sealed)
        origin = Origin("phi.documents", 1, 7, "worker-0", AT)
        [(topic, result), *_] = publish(
            claim, self.handle(claim.document), origin, self.masked, self.sealed, lambda _: False
        )
        assert topic == REVIEW_TASKS or not isinstance(result, ReviewRequested)
        return result

    def task(self) -> ReviewRequested:
        task = self.submit()
        assert isinstance(task, ReviewRequested)
        return task

    def carry_out(self, decided: ReviewDecided, canary: bool = False) -> tuple[Addressed, ...]:
        origin = Origin("review.decisions", 0, 3, "worker-1", datetime(2026, 3, 2, tzinfo=UTC))
        return CarryOut(self.handle, self.sealed, self.masked, self.claims, lambda _: canary)(decided, origin)

    def results(self, decided: ReviewDecided) -> list[Event]:
        found = [event for _, event in self.carry_out(decided)]
        for event in found:
            shown = repr(event.to_message()) + repr(event)
            assert CANARY not in shown
            assert CANARY_MRN not in shown
        return found

    def held(self, task: ReviewRequested) -> bytes:
        assert task.reference
        return self.sealed.open(TENANT, self.document_id).get(task.reference)


def decision(task: ReviewRequested, choice: ReviewChoice, **fields: Any) -> ReviewDecided:
    grounds = {
        ReviewChoice.RELEASE: Grounds.FALSE_ALARM,
        ReviewChoice.BURN: Grounds.MISSED_IDENTIFIER,
        ReviewChoice.WITHHOLD: Grounds.NOT_REDACTABLE,
    }
    answered = task.reasons if choice is ReviewChoice.RELEASE else ()
    given = {"decision": "d" * 32, "why": grounds[choice], "answered": answered, **fields}
    return ReviewDecided(
        task.tenant, task.document_id, reviewer="rev-4", choice=choice, ticket="ROI-9", task=task, **given
    )


def place(box: Box, kind: Kind = Kind.INK, page: int = 0) -> Place:
    return Place(page, box.left, box.top, box.right, box.bottom, kind, Reason.RESIDUAL_FINDING)


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
        other = Residual(0, Kind.PERSON, reading().words[0].region, Reason.RESIDUAL_FINDING, True)
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
        Reason.PATIENT_NOT_FOUND,
        Reason.WRONG_PATIENT,
        Reason.UNDATED_PAGE,
        Reason.UNSURE_FINDING,
        Reason.RESIDUAL_FINDING,
        Reason.WIDTH_TELLS,
    } == ANSWERABLE


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


def test_trouble_that_may_pass_is_left_to_the_worker(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    decided = decision(desk.task(), ReviewChoice.RELEASE)

    def fails(_document: Document) -> Outcome:
        raise RedoubtError(Reason.READER_FAILED)

    origin = Origin("review.decisions", 0, 3, "worker-1", AT)
    with pytest.raises(RedoubtError, match=r"^reader_failed$"):
        CarryOut(fails, desk.sealed, desk.masked, desk.claims)(decided, origin)
    assert isinstance(desk.results(decided)[0], DocumentMasked), "the next attempt is not taken for a second decision"


def test_a_planted_documents_events_go_where_they_belong(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.carry_out(decision(desk.task(), ReviewChoice.WITHHOLD), canary=True)
    assert {topic for topic, _ in first} == {CANARY_RESULTS}


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
