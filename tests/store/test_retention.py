"""What ends a document when its time has come, and what a crash leaves: on a folder and on S3."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.events import AuditAction, AuditEntry
from streams.store.claims import open_claims
from streams.store.records import Part, document_name
from streams.store.retention import DISCARD, Standing
from streams.store.sealed import key_of
from tests.store.gateway import Place, place, s3
from tests.store.shelf import (
    CANARY,
    DOC,
    NOW,
    OTHER,
    Dying,
    Killed,
    Shelf,
    days,
    refuses,
    shelf,
)

__all__ = ["place", "s3", "shelf"]


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

    refuses(Reason.BROKER_UNAVAILABLE, shelf.run, days(30), shelf.of(shelf.phi, shelf.masked, down))
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


def test_a_person_may_discard_between_the_least_time_and_the_clock(shelf: Shelf) -> None:
    references = shelf.add()
    assert shelf.retention.may_destroy(*DOC, days(1.9)) is Reason.RETENTION_RUNNING
    refuses(Reason.RETENTION_RUNNING, shelf.retention.destroy, *DOC, days(1.9))
    assert shelf.opens(references)
    assert shelf.retention.may_destroy(*DOC, days(2.1)) is None
    shelf.retention.destroy(*DOC, days(2.1))
    assert not shelf.opens(references)
    assert shelf.outputs() == 1
    assert [entry.why for entry in shelf.log] == [DISCARD, DISCARD]
    assert shelf.retention.may_destroy(*DOC, days(3)) is Reason.CONTENT_MISSING
    assert shelf.retention.may_destroy("north", "9" * 32, days(3)) is Reason.CONTENT_MISSING


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
