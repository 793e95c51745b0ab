"""What ends a document, what keeps it, and what a crash leaves: on a folder and on S3."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from policies.retention import RetentionClass, RetentionPolicy
from streams.events import AuditAction, AuditEntry
from streams.settings import Environment
from streams.store.claims import ClaimStore, ObjectClaims, get_addressed, open_claims, put_addressed
from streams.store.records import Hold, HoldReason, Part, Records, document_name
from streams.store.retention import DISCARD, Clock, Retention, Standing
from streams.store.sealed import SealedStore, key_of
from streams.vault.keyring import LocalDataKeys
from tests.store.gateway import Place, place, s3

__all__ = ["place", "s3"]

CANARY = b"Quillfeather, Ombudsdottir MRN 7731-C0FFEE"
COPY = b"%PDF a masked copy"
DOC = ("north", "0" * 32)
OTHER = ("north", "1" * 32)
NOW = datetime.now(UTC)
POLICY = RetentionPolicy(
    1,
    "short",
    {
        "short": RetentionClass("short", "t", 2, 10, 20, "r", "s"),
        "outputs-stay": RetentionClass("outputs-stay", "t", 0, 10, None, "r", "s"),
    },
)
LITIGATION = Hold(HoldReason.LITIGATION, "LEGAL-17", "counsel-2", NOW)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


class Shelf:
    """A PHI store and a masked store with documents in them, and an audit log that acknowledges at once."""

    def __init__(self, phi: ObjectClaims, masked: ObjectClaims) -> None:
        self.phi, self.masked = phi, masked
        masked.probe()
        self.log: list[AuditEntry] = []
        self.keys = LocalDataKeys(environment=Environment.DEMO)
        self.sealed = SealedStore(phi, self.keys)
        self.retention = self.of(phi, masked, self.log.append)

    def of(
        self, phi: ClaimStore, masked: ClaimStore, audit: Callable[[AuditEntry], None], policy: RetentionPolicy = POLICY
    ) -> Retention:
        return Retention(phi, masked, policy, audit)

    def add(self, document: tuple[str, str] = DOC, retention_class: str | None = None, copy: bytes = COPY) -> list[str]:
        """Sealed references: an original and a held copy. Beside them one output, and a page of work in hand."""
        seal = self.sealed.create(*document, retention_class)
        seal.keep("read-0", CANARY)
        seal.put_output(self.masked, copy)
        return [seal.put(CANARY), seal.put(CANARY)]

    def opens(self, references: list[str], document: tuple[str, str] = DOC) -> bool:
        try:
            seal = self.sealed.open(*document)
        except RedoubtError as error:
            if error.reason is not Reason.CONTENT_MISSING:
                raise
            return False
        assert all(seal.get(reference) == CANARY for reference in references)
        return True

    def outputs(self) -> int:
        return len(list(self.masked.keys("sha256")))

    def run(self, now: datetime, retention: Retention | None = None) -> int:
        retention = retention or self.retention
        return sum(clock is not None and retention.end(clock, now) for clock in retention.survey(now))

    def standings(self, now: datetime, document: tuple[str, str] = DOC) -> dict[Part, Standing]:
        return {clock.part: clock.standing for clock in self.retention.clocks(*document, now)}

    def told(self) -> list[tuple[str, str]]:
        return [(entry.action.value, str(entry.reference).partition("/")[0]) for entry in self.log]


@pytest.fixture
def shelf(place: Place, tmp_path: Path) -> Shelf:
    return Shelf(place.open(), open_claims((tmp_path / "masked").as_uri()))


def _refused(reason: Reason, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(RedoubtError) as said:
        call(*arguments)
    assert said.value.reason is reason


def test_before_its_clock_nothing_ends(shelf: Shelf) -> None:
    references = shelf.add()
    assert shelf.run(days(9.9)) == 0
    assert shelf.opens(references)
    assert shelf.standings(days(9.9)) == {Part.SEALED: Standing.RUNNING, Part.OUTPUTS: Standing.RUNNING}
    assert shelf.log == []


def test_each_part_ends_at_its_own_time_and_the_log_says_so(shelf: Shelf) -> None:
    references = shelf.add()
    assert shelf.run(days(10.1)) == 1
    assert not shelf.opens(references)
    assert list(shelf.phi.keys("sealed")) == []
    assert shelf.outputs() == 1
    assert shelf.standings(days(10.1)) == {Part.SEALED: Standing.ENDED, Part.OUTPUTS: Standing.RUNNING}
    assert shelf.run(days(20.1)) == 1
    assert shelf.outputs() == 0
    assert shelf.run(days(30)) == 0
    assert shelf.told() == [
        ("document.destroying", "sealed"),
        ("document.destroyed", "sealed"),
        ("document.destroying", "outputs"),
        ("document.destroyed", "outputs"),
    ]
    assert {(entry.tenant, entry.document_id, entry.why) for entry in shelf.log} == {(*DOC, "short")}
    for entry in shelf.log:
        entry.to_message()


def test_nothing_is_deleted_before_the_broker_has_the_intention(shelf: Shelf) -> None:
    references = shelf.add()

    def down(entry: AuditEntry) -> None:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    _refused(Reason.BROKER_UNAVAILABLE, shelf.run, days(30), shelf.of(shelf.phi, shelf.masked, down))
    assert shelf.opens(references)
    assert shelf.outputs() == 1
    assert shelf.standings(NOW)[Part.SEALED] is Standing.ENDING


def test_what_the_log_calls_destroyed_is(shelf: Shelf) -> None:
    references = shelf.add()
    opened: list[tuple[str, bool, int, int]] = []

    def look(entry: AuditEntry) -> None:
        sealed = len(list(shelf.phi.keys("sealed")))
        opened.append((entry.action.value, shelf.opens(references), sealed, shelf.outputs()))

    retention = shelf.of(shelf.phi, shelf.masked, look)
    shelf.run(days(11), retention)
    assert opened == [("document.destroying", True, 3, 1), ("document.destroyed", False, 0, 1)]
    shelf.run(days(30), retention)
    assert opened[2:] == [("document.destroying", False, 0, 1), ("document.destroyed", False, 0, 0)]


class Dying:
    """A store whose process is killed at its `nth` change: that one is not made, nor any later one."""

    def __init__(self, store: ClaimStore, left: list[int]) -> None:
        self._store, self._left = store, left

    def _step(self) -> None:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise Killed

    def put(self, key: str, content: bytes) -> None:
        self._step()
        self._store.put(key, content)

    def replace(self, key: str, content: bytes) -> None:
        self._step()
        self._store.replace(key, content)

    def move(self, key: str, to: str) -> None:
        self._step()
        self._store.move(key, to)

    def delete(self, key: str) -> None:
        self._step()
        self._store.delete(key)

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        self._step()
        self._store.put_pieces(key, pieces)

    def get(self, key: str) -> bytes:
        return self._store.get(key)

    def keys(self, folder: str, before: datetime | None = None) -> Iterator[str]:
        return self._store.keys(folder, before)

    def probe(self) -> None:
        self._store.probe()


class Killed(Exception):
    pass


def test_a_kill_between_any_two_changes_leaves_all_or_what_the_next_run_finishes(place: Place, tmp_path: Path) -> None:
    steps = 0
    while True:
        shelf = Shelf(open_claims(f"{place.url}/{steps}"), open_claims((tmp_path / "masked" / str(steps)).as_uri()))
        references = shelf.add()
        left = [steps]

        def audit(entry: AuditEntry, shelf: Shelf = shelf, left: list[int] = left) -> None:
            Dying(shelf.phi, left)._step()
            shelf.log.append(entry)

        dying = shelf.of(Dying(shelf.phi, left), Dying(shelf.masked, left), audit)
        try:
            shelf.run(days(30), dying)
            killed = False
        except Killed:
            killed = True
        announced = ("document.destroying", "sealed") in shelf.told()
        if not announced:
            assert shelf.opens(references), steps
        if ("document.destroying", "outputs") not in shelf.told():
            assert shelf.outputs() == 1, steps
        shelf.run(days(30))
        assert not shelf.opens(references)
        assert shelf.outputs() == 0
        assert list(shelf.phi.keys("sealed")) == list(shelf.phi.keys("outputs")) == list(shelf.phi.keys("keys")) == []
        assert set(shelf.standings(days(30)).values()) == {Standing.ENDED}
        # Said twice only under one id.
        assert len({entry.entry_id for entry in shelf.log}) == 4
        assert len({entry.to_message()[2] for entry in shelf.log}) == 4
        if not killed:
            break
        steps += 1
    assert steps >= 12


class Stepping(Dying):
    """A store before each of whose steps (a change, or keys that are listed) something else may come."""

    def __init__(self, store: ClaimStore, before: Callable[[], None]) -> None:
        super().__init__(store, [])
        self._step = before  # type: ignore[method-assign]

    def keys(self, folder: str, before: datetime | None = None) -> Iterator[str]:
        self._step()
        return super().keys(folder, before)


def run_with(shelf: Shelf, younger: dict[int, list[Callable[[], object]]], dies_at: int | None) -> int:
    """A run into whose steps a younger document comes, and which may be killed at one; how many steps it made."""
    at = -1

    def before() -> None:
        nonlocal at
        at += 1
        for call in younger.pop(at, []):
            call()
        if dies_at is not None and at >= dies_at:
            raise Killed

    with suppress(Killed):
        shelf.run(days(21), shelf.of(Stepping(shelf.phi, before), Stepping(shelf.masked, before), shelf.log.append))
    for calls in younger.values():
        for call in calls:
            call()
    return at + 1


def test_an_output_that_a_younger_document_comes_to_stays() -> None:
    """The same bytes are one object. Whenever the younger one claims and stores its copy while the older one's ends,
    it is there afterwards, also where that run is killed and another one ends what was begun."""
    digest = hashlib.sha256(COPY).hexdigest()

    def disturbed(claims_at: int | None, puts_at: int = 0, dies_at: int | None = None) -> int:
        shelf = Shelf(open_claims("memory:///"), open_claims("memory:///"))
        shelf.add()
        if claims_at is None:
            return run_with(shelf, {}, None)
        shelf.sealed.create(*OTHER, "outputs-stay")
        younger: dict[int, list[Callable[[], object]]] = {claims_at: [], puts_at: []}
        younger[claims_at].append(lambda: Records(shelf.phi).note_output(document_name(*OTHER), digest))
        younger[puts_at].append(lambda: put_addressed(shelf.masked, COPY))
        steps = run_with(shelf, younger, dies_at)
        shelf.run(days(21))
        assert get_addressed(shelf.masked, f"sha256/{digest}") == COPY, (claims_at, puts_at, dies_at)
        assert list(shelf.masked.keys("aside")) == []
        assert shelf.standings(days(21))[Part.OUTPUTS] is Standing.ENDED
        return steps

    steps = disturbed(None)
    assert steps > 15
    for claims_at in range(steps):
        for puts_at in range(claims_at, steps + 1):
            disturbed(claims_at, puts_at)
        for dies_at in range(claims_at, steps):
            disturbed(claims_at, claims_at, dies_at)


def test_an_output_that_two_documents_share_goes_with_the_later_one(shelf: Shelf) -> None:
    shelf.add()
    shelf.add(OTHER, "outputs-stay")
    shelf.run(days(21))
    assert shelf.outputs() == 1
    assert shelf.standings(days(21))[Part.OUTPUTS] is Standing.ENDED
    policy = RetentionPolicy(1, "short", {**POLICY.classes, "outputs-stay": POLICY.classes["short"]})
    shelf.run(days(21), shelf.of(shelf.phi, shelf.masked, shelf.log.append, policy))
    assert shelf.outputs() == 0


def test_two_runs_at_once_leave_no_output_behind(shelf: Shelf) -> None:
    """Each ends one of two documents with the same copy: neither may leave it to the other."""
    shelf.add()
    shelf.add(OTHER)
    clocks = [clock for clock in shelf.retention.survey(days(21)) if clock and clock.part is Part.OUTPUTS]
    barrier = threading.Barrier(2)

    def end(clock: Clock) -> bool:
        barrier.wait(60)
        return shelf.of(shelf.phi, shelf.masked, lambda _entry: None).end(clock, days(21))

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(end, clocks)) == [True, True]
    assert shelf.outputs() == 0
    assert list(shelf.masked.keys("aside")) == []


def test_a_hold_outranks_the_clock_and_a_person(shelf: Shelf) -> None:
    references = shelf.add()
    assert shelf.retention.hold(*DOC, LITIGATION)
    assert shelf.run(days(100)) == 0
    assert shelf.standings(days(100)) == {Part.SEALED: Standing.HELD, Part.OUTPUTS: Standing.HELD}
    assert shelf.retention.may_destroy(*DOC, days(100)) is Reason.LEGAL_HOLD
    _refused(Reason.LEGAL_HOLD, shelf.retention.destroy, *DOC, days(100))
    _refused(Reason.LEGAL_HOLD, shelf.sealed.destroy, *DOC)
    assert shelf.opens(references)
    assert shelf.outputs() == 1
    [entry] = shelf.log
    assert (entry.action, entry.actor, entry.why, entry.ticket) == (
        AuditAction.HOLD_PLACED,
        "counsel-2",
        "litigation",
        "LEGAL-17",
    )


def test_every_hold_must_be_released(shelf: Shelf) -> None:
    references = shelf.add()
    audit = Hold(HoldReason.AUDIT, "AUD-3", "auditor-1", NOW)
    for hold in (LITIGATION, audit, LITIGATION):
        assert shelf.retention.hold(*DOC, hold)
    assert {hold.ticket for hold in shelf.retention.holds(*DOC)} == {"LEGAL-17", "AUD-3"}
    shelf.retention.release_hold(*DOC, LITIGATION)
    assert shelf.run(days(100)) == 0
    _refused(Reason.CONTENT_MISSING, shelf.retention.release_hold, *DOC, LITIGATION)
    shelf.retention.release_hold(*DOC, audit)
    assert shelf.opens(references)
    assert shelf.run(days(100)) == 2
    assert not shelf.opens(references)


def test_a_release_that_the_log_does_not_have_is_no_release(shelf: Shelf) -> None:
    shelf.add()
    shelf.retention.hold(*DOC, LITIGATION)

    def down(entry: AuditEntry) -> None:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    retention = shelf.of(shelf.phi, shelf.masked, down)
    _refused(Reason.BROKER_UNAVAILABLE, retention.release_hold, *DOC, LITIGATION)
    assert shelf.run(days(100)) == 0


@pytest.mark.parametrize("part", list(Part))
def test_a_hold_that_comes_while_the_end_is_announced_stops_it(shelf: Shelf, part: Part) -> None:
    references = shelf.add()

    def slow(entry: AuditEntry) -> None:
        shelf.log.append(entry)
        if entry.action is AuditAction.DESTROYING and str(entry.reference).startswith(part.value):
            # Not in time as far as its owner can know, and it holds all the same.
            assert not shelf.retention.hold(*DOC, LITIGATION)

    shelf.run(days(30), shelf.of(shelf.phi, shelf.masked, slow))
    assert shelf.standings(days(30))[part] is Standing.HELD
    if part is Part.SEALED:
        assert shelf.opens(references)
    assert shelf.outputs() == 1


def test_a_hold_is_not_told_to_be_in_time_where_another_run_is_at_work(shelf: Shelf) -> None:
    references = shelf.add()

    def slow(entry: AuditEntry) -> None:
        shelf.log.append(entry)
        if entry.action is AuditAction.DESTROYING:
            raise Killed

    with pytest.raises(Killed):
        shelf.run(days(11), shelf.of(shelf.phi, shelf.masked, slow))
    # For all that anybody can know, that run goes on and deletes.
    assert not shelf.retention.hold(*DOC, LITIGATION)
    assert shelf.run(days(12)) == 0
    assert not shelf.retention.hold(*DOC, LITIGATION)
    assert shelf.standings(days(12))[Part.SEALED] is Standing.HELD
    assert shelf.opens(references)
    shelf.retention.release_hold(*DOC, LITIGATION)
    assert shelf.standings(days(12))[Part.SEALED] is Standing.ENDING
    assert shelf.run(days(12)) == 1
    assert not shelf.opens(references)


def test_a_hold_comes_too_late_for_what_has_ended(shelf: Shelf) -> None:
    shelf.add()
    shelf.run(days(11))
    assert not shelf.retention.hold(*DOC, LITIGATION)
    assert shelf.run(days(100)) == 0
    assert shelf.outputs() == 1
    _refused(Reason.CONTENT_MISSING, shelf.retention.hold, "north", "9" * 32, LITIGATION)


def test_a_person_may_discard_between_the_least_time_and_the_clock(shelf: Shelf) -> None:
    references = shelf.add()
    assert shelf.retention.may_destroy(*DOC, days(1.9)) is Reason.RETENTION_RUNNING
    _refused(Reason.RETENTION_RUNNING, shelf.retention.destroy, *DOC, days(1.9))
    assert shelf.opens(references)
    assert shelf.retention.may_destroy(*DOC, days(2.1)) is None
    shelf.retention.destroy(*DOC, days(2.1))
    assert not shelf.opens(references)
    assert shelf.outputs() == 1
    assert [entry.why for entry in shelf.log] == [DISCARD, DISCARD]
    assert shelf.retention.may_destroy(*DOC, days(3)) is Reason.CONTENT_MISSING
    assert shelf.retention.may_destroy("north", "9" * 32, days(3)) is Reason.CONTENT_MISSING


def test_one_output_of_two_documents_lives_as_long_as_the_later(shelf: Shelf) -> None:
    shelf.add(DOC)
    shelf.add(OTHER)
    assert shelf.outputs() == 1
    shelf.retention.hold(*OTHER, LITIGATION)
    shelf.run(days(30))
    assert shelf.outputs() == 1
    shelf.retention.release_hold(*OTHER, LITIGATION)
    shelf.run(days(30))
    assert shelf.outputs() == 0


def test_outputs_that_the_policy_never_ends_stay(shelf: Shelf) -> None:
    shelf.add(retention_class="outputs-stay")
    assert shelf.run(days(40_000)) == 1
    assert shelf.outputs() == 1
    assert shelf.standings(days(40_000)) == {Part.SEALED: Standing.ENDED, Part.OUTPUTS: Standing.KEPT}


def test_where_nothing_was_released_nothing_is_said_of_outputs(shelf: Shelf) -> None:
    shelf.sealed.create(*DOC).put(CANARY)
    assert shelf.run(days(30)) == 1
    assert shelf.standings(days(30)) == {Part.SEALED: Standing.ENDED, Part.OUTPUTS: Standing.NONE}
    assert shelf.told() == [("document.destroying", "sealed"), ("document.destroyed", "sealed")]
    assert list(shelf.retention.survey(days(30))) == []


def test_two_runs_at_once_end_a_document_once(shelf: Shelf) -> None:
    references = shelf.add()
    one, two = list(shelf.retention.survey(days(30))), list(shelf.retention.survey(days(30)))
    assert [clock is not None and shelf.retention.end(clock, days(30)) for clock in one] == [True, True]
    assert [clock is not None and shelf.retention.end(clock, days(31)) for clock in two] == [False, False]
    assert not shelf.opens(references)
    assert len(shelf.log) == 4


def test_a_hold_after_the_survey_is_seen(shelf: Shelf) -> None:
    references = shelf.add()
    surveyed = list(shelf.retention.survey(days(30)))
    shelf.retention.hold(*DOC, LITIGATION)
    assert not any(clock and shelf.retention.end(clock, days(30)) for clock in surveyed)
    assert shelf.opens(references)
    assert [entry.action for entry in shelf.log] == [AuditAction.HOLD_PLACED]


def test_a_stray_object_among_the_records_stops_no_run(shelf: Shelf) -> None:
    references = shelf.add()
    shelf.phi.put("retention/stray", b"?")
    shelf.phi.put(f"retention/{'f' * 64}/ended-nothing", b"?")
    shelf.phi.put(f"retention/{document_name(*DOC)}/ending-nothing", b"?")
    assert list(shelf.retention.survey(days(30))).count(None) == 2
    assert shelf.run(days(30)) == 2
    assert not shelf.opens(references)


def test_a_class_that_the_policy_lacks_ends_nothing(shelf: Shelf) -> None:
    references = shelf.add(retention_class="forgotten")
    assert shelf.run(days(40_000)) == 0
    assert shelf.opens(references)
    assert shelf.retention.may_destroy(*DOC, days(40_000)) is Reason.RETENTION_RUNNING


def test_the_clock_runs_from_the_first_submission(shelf: Shelf) -> None:
    shelf.add()
    with pytest.raises(RedoubtError):
        shelf.sealed.create(*DOC, "outputs-stay")
    [first, _] = shelf.retention.clocks(*DOC, NOW)
    assert first.record.retention_class is None


def test_a_key_that_comes_back_is_ended_again(shelf: Shelf) -> None:
    references = shelf.add()
    key = key_of(document_name(*DOC))
    wrapped = shelf.phi.get(key)
    shelf.run(days(30))
    shelf.phi.put(key, wrapped)
    assert shelf.standings(days(30))[Part.SEALED] is Standing.RETURNED
    shelf.run(days(30))
    assert not shelf.opens(references)
    assert shelf.run(days(30)) == 0


def test_a_key_that_a_rewrap_puts_back_meanwhile_is_deleted_again(shelf: Shelf) -> None:
    references = shelf.add()
    key = key_of(document_name(*DOC))
    wrapped = shelf.phi.get(key)

    def slow(entry: AuditEntry) -> None:
        if entry.action is AuditAction.DESTROYED:
            shelf.phi.replace(key, wrapped)

    shelf.run(days(11), shelf.of(shelf.phi, shelf.masked, slow))
    assert not shelf.opens(references)


def test_an_output_that_comes_after_the_end_is_ended_too(shelf: Shelf) -> None:
    shelf.add(retention_class=None)
    seal = shelf.sealed.open(*DOC)
    shelf.run(days(30))
    seal.put_output(shelf.masked, b"%PDF from a worker that was slow")
    assert shelf.outputs() == 1
    shelf.run(days(30))
    assert shelf.outputs() == 0


def test_what_is_damaged_or_alone_is_counted_and_kept(shelf: Shelf, place: Place) -> None:
    references = shelf.add()
    shelf.add(OTHER, copy=b"%PDF other")
    record = place.file(f"retention/{document_name(*DOC)}/record")
    record.write_bytes(record.read_bytes().replace(b'"north"', b'"south"'))
    shelf.phi.put("keys/" + "e" * 64, b"of nobody")
    found = list(shelf.retention.survey(days(30)))
    assert found.count(None) == 2
    assert shelf.run(days(30)) == 2
    assert shelf.opens(references)
    assert not shelf.opens([], OTHER)
