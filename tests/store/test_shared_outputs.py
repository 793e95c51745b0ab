"""The same bytes are one output of several documents: it goes with the last of them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

from policies.retention import RetentionPolicy
from streams.store.claims import ClaimStore, get_addressed, open_claims, put_addressed
from streams.store.records import Part, Records, document_name
from streams.store.retention import Clock, Standing
from tests.store.gateway import place, s3
from tests.store.shelf import (
    COPY,
    DOC,
    LITIGATION,
    OTHER,
    POLICY,
    Dying,
    Killed,
    Shelf,
    days,
    shelf,
)

__all__ = ["place", "s3", "shelf"]


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


def test_an_output_that_comes_after_the_end_is_ended_too(shelf: Shelf) -> None:
    shelf.add(retention_class=None)
    seal = shelf.sealed.open(*DOC)
    shelf.run(days(30))
    seal.put_output(shelf.masked, b"%PDF from a worker that was slow")
    assert shelf.outputs() == 1
    shelf.run(days(30))
    assert shelf.outputs() == 0
