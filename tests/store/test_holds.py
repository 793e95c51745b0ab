"""What keeps a document past its time: a hold outranks the clock and a person, whenever it comes."""

from __future__ import annotations

import pytest

from detectors.errors import Reason, RedoubtError
from streams.events import AuditAction, AuditEntry
from streams.store.records import Hold, HoldReason, Part
from streams.store.retention import Standing
from tests.store.gateway import place, s3
from tests.store.shelf import (
    DOC,
    LITIGATION,
    NOW,
    Killed,
    Shelf,
    days,
    refuses,
    shelf,
)

__all__ = ["place", "s3", "shelf"]


def test_a_hold_outranks_the_clock_and_a_person(shelf: Shelf) -> None:
    references = shelf.add()
    assert shelf.retention.hold(*DOC, LITIGATION)
    assert shelf.run(days(100)) == 0
    assert shelf.standings(days(100)) == {Part.SEALED: Standing.HELD, Part.OUTPUTS: Standing.HELD}
    assert shelf.retention.may_destroy(*DOC, days(100)) is Reason.LEGAL_HOLD
    refuses(Reason.LEGAL_HOLD, shelf.retention.destroy, *DOC, days(100))
    refuses(Reason.LEGAL_HOLD, shelf.sealed.destroy, *DOC)
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
    refuses(Reason.CONTENT_MISSING, shelf.retention.release_hold, *DOC, LITIGATION)
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
    refuses(Reason.BROKER_UNAVAILABLE, retention.release_hold, *DOC, LITIGATION)
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
    refuses(Reason.CONTENT_MISSING, shelf.retention.hold, "north", "9" * 32, LITIGATION)


def test_a_hold_after_the_survey_is_seen(shelf: Shelf) -> None:
    references = shelf.add()
    surveyed = list(shelf.retention.survey(days(30)))
    shelf.retention.hold(*DOC, LITIGATION)
    assert not any(clock and shelf.retention.end(clock, days(30)) for clock in surveyed)
    assert shelf.opens(references)
    assert [entry.action for entry in shelf.log] == [AuditAction.HOLD_PLACED]
