"""Two persons for a release out of review, where the profile asks for it: nobody twice, and for the very same copy."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from policies import profile
from policies.profile import Profile
from streams.attest.attestor import Attestor, Copy
from streams.attest.envelope import public_keys
from streams.attest.keys import LocalSigner
from streams.attest.statement import GATEWAY, Decider, Release
from streams.attest.verify import verify
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    Event,
    Grounds,
    ReviewChoice,
    ReviewRequested,
    SignOff,
)
from streams.pipeline.document import Document
from streams.publish import said_of
from streams.review.carry_out import CarryOut
from streams.review.folder.held import LocalDesk
from streams.review.folder.log import LocalLog
from streams.review.reviewer import Decision
from tests.streams.local_desk import CONTENT, COPY, DARK, RELEASE, RELEASED, decide, desk
from tests.streams.review_desk import Desk, decision, place

__all__ = ["desk"]
FIRST = SignOff("rev-4", Grounds.FALSE_ALARM, "ROI-9")


@pytest.fixture(autouse=True)
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    load = profile.load

    def asks_for_two(name: str, switches: frozenset[str] = frozenset()) -> Profile:
        return dataclasses.replace(load(name, switches), sign_offs=2)

    monkeypatch.setattr(profile, "load", asks_for_two)


def signed_off(desk: Desk, task: ReviewRequested) -> ReviewRequested:
    again, _, entry = desk.results(decision(task, ReviewChoice.RELEASE))
    assert isinstance(again, ReviewRequested)
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.actor) == (AuditAction.HELD, "rev-4")
    assert Reason.SECOND_SIGN_OFF in entry.reasons
    return again


def test_the_first_release_leaves_the_very_copy_waiting_for_another_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    again = signed_off(desk, task)
    assert (again.round, again.signed) == (2, (FIRST,))
    assert again.reasons == (*task.reasons, Reason.SECOND_SIGN_OFF), "who comes second is asked the same"
    assert again.places == task.places
    assert desk.held(again) == desk.held(task)


def test_another_person_lets_it_go_and_the_same_one_never(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    again = signed_off(desk, desk.task())
    same = decision(again, ReviewChoice.RELEASE, decision="2" * 32)
    [entry] = desk.results(same)
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.reasons) == (AuditAction.DECISION_REFUSED, (Reason.SECOND_SIGN_OFF,))
    other = dataclasses.replace(same, decision="3" * 32, reviewer="rev-5", why=Grounds.READ_BY_EYE, ticket="ROI-10")
    masked, *_, entry = desk.results(other)
    assert isinstance(masked, DocumentMasked)
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.actor) == (AuditAction.RELEASED, "rev-5")
    assert desk.masked.get(masked.reference) == desk.held(again)


class Says:
    """Keeps who is said to have decided."""

    def __init__(self) -> None:
        self.deciders: list[tuple[str, str | None, str | None]] = []

    def attest(self, release: Release, copy: bytes | Copy) -> bytes:
        self.deciders = [(each.name, each.why, each.ticket) for each in release.deciders]
        return b"{}"


def test_the_statement_names_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, says = Desk(tmp_path), Says()
    again = signed_off(desk, desk.task())

    def attested(*parts: object) -> CarryOut:
        return CarryOut(*parts, attestor=says)  # type: ignore[arg-type]

    monkeypatch.setattr("tests.streams.review_desk.CarryOut", attested)
    desk.results(decision(again, ReviewChoice.RELEASE, decision="3" * 32, reviewer="rev-5"))
    assert says.deciders == [("rev-4", "false_alarm", "ROI-9"), ("rev-5", "false_alarm", "ROI-9")]


def test_who_burns_more_signs_the_new_copy_alone(tmp_path: Path) -> None:
    """What the first person signed off is another copy."""
    desk = Desk(tmp_path)
    again = signed_off(desk, desk.task())
    desk.offset = 4
    burn = decision(
        again,
        ReviewChoice.BURN,
        decision="2" * 32,
        reviewer="rev-5",
        places=(place(Box(400, 10, 440, 30)),),
        answered=again.reasons,
    )
    third, *_ = desk.results(burn)
    assert isinstance(third, ReviewRequested)
    assert third.signed == (SignOff("rev-5", Grounds.MISSED_IDENTIFIER, "ROI-9"),)
    masked, *_ = desk.results(decision(third, ReviewChoice.RELEASE, decision="3" * 32))
    assert isinstance(masked, DocumentMasked), "the first person may be the second one now"


def test_what_is_withheld_needs_one_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    again = signed_off(desk, desk.task())
    found: list[Event] = desk.results(decision(again, ReviewChoice.WITHHOLD, decision="2" * 32))
    assert not [event for event in found if isinstance(event, ReviewRequested | DocumentMasked)]


def test_a_task_of_before_is_the_same_on_the_wire(tmp_path: Path) -> None:
    """A reader that knows no sign-offs takes it."""
    value = json.loads(Desk(tmp_path).task().to_message()[2])
    assert "signed" not in value


def other(decision: Decision, who: str, desk: LocalDesk) -> Decision:
    (task,) = desk.tasks()
    return dataclasses.replace(decision, reviewer=who, answered=task.event.reasons)


def test_in_a_folder_too(desk: LocalDesk, tmp_path: Path) -> None:
    assert decide(desk, RELEASE, RELEASED) == "held again"
    (task,) = desk.tasks()
    assert task.event.signed == (SignOff("c.lerk", Grounds.READ_BY_EYE, "ROI-7"),)
    assert not (tmp_path / "out" / "ab.pdf").exists()
    document = Document("local", "document-1", CONTENT, task.event.profile)
    says = Says()
    with pytest.raises(RedoubtError) as same:
        desk.decide(task, other(RELEASE, "c.lerk", desk), document, lambda _: RELEASED, says)
    assert same.value.reason is Reason.SECOND_SIGN_OFF
    assert desk.decide(task, other(RELEASE, "p.officer", desk), document, lambda _: RELEASED, says) == "released"
    assert [name for name, *_ in says.deciders] == ["c.lerk", "p.officer"]
    log = [(entry.action, entry.actor) for entry in LocalLog(tmp_path / "out").entries]
    assert log == [
        (AuditAction.DECIDED, "c.lerk"),
        (AuditAction.HELD, "c.lerk"),
        (AuditAction.DECISION_REFUSED, "c.lerk"),
        (AuditAction.DECIDED, "p.officer"),
        (AuditAction.RELEASED, "p.officer"),
    ]


def test_a_copy_that_is_made_otherwise_by_then_is_signed_off_by_nobody(desk: LocalDesk, tmp_path: Path) -> None:
    """A rule or an engine changed between the two looks: what both would let go is no longer what was shown."""
    assert decide(desk, RELEASE, RELEASED) == "held again"
    changed = dataclasses.replace(RELEASED, copy=DARK)
    assert decide(desk, other(RELEASE, "p.officer", desk), changed) == "held again"
    (task,) = desk.tasks()
    assert task.event.signed is None
    assert decide(desk, other(RELEASE, "p.officer", desk), changed) == "held again"
    assert decide(desk, other(RELEASE, "c.lerk", desk), changed) == "released"
    assert (tmp_path / "out" / "ab.pdf").read_bytes() == DARK


def test_both_names_stand_in_a_statement_that_is_signed(desk: LocalDesk, tmp_path: Path) -> None:
    assert decide(desk, RELEASE, RELEASED) == "held again"
    (task,) = desk.tasks()
    key = LocalSigner(tmp_path / "releases.key", production=False)
    released = dataclasses.replace(RELEASED, profile_version=profile.load(RELEASED.profile).version)
    document = Document("local", "document-1", CONTENT, task.event.profile)
    assert desk.decide(task, other(RELEASE, "p.officer", desk), document, lambda _: released, Attestor(key)) == (
        "released"
    )
    out = tmp_path / "out"
    found = verify(
        (out / "ab.pdf").read_bytes(), (out / "attestations" / "ab.json").read_bytes(), public_keys([key.public_file])
    )
    assert found.holds
    assert [each["name"] for each in found.attested.said["deciders"]] == ["c.lerk", "p.officer"]


def test_the_attestor_signs_nothing_that_one_person_let_go(tmp_path: Path) -> None:
    """Whatever a worker says: one that knows no sign-offs, or goes past them."""
    attestor = Attestor(LocalSigner(tmp_path / "releases.key", production=False))
    version = profile.load("maximal").version
    outcome = dataclasses.replace(RELEASED, profile="maximal", profile_version=version)
    one, two = Decider("rev-4", "read_by_eye", "ROI-7"), Decider("rev-5", "read_by_eye", "ROI-8")
    gateway = Decider(GATEWAY)
    too_few = ((one,), (one, one), (gateway, one))
    for deciders, signs in (*((each, False) for each in too_few), ((one, two), True), ((gateway,), True)):
        release = said_of(outcome, "local", "document-1", "b" * 64, *deciders)
        if signs:
            assert attestor.attest(release, COPY)
            continue
        with pytest.raises(RedoubtError) as failed:
            attestor.attest(release, COPY)
        assert failed.value.reason is Reason.SECOND_SIGN_OFF
