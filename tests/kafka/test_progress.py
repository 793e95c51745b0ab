"""Out-of-order progress against a plain set of finished offsets."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import RedoubtError
from streams.kafka.progress import METADATA_LIMIT_BYTES, Progress

orders = st.integers(0, 60).flatmap(lambda n: st.permutations(range(n)))


@given(st.integers(0, 10**12), orders, st.data())
def test_any_order_of_finishing_is_remembered_across_restarts(base: int, order: list[int], data: st.DataObject) -> None:
    progress, model = Progress(base), set[int]()
    for step in order:
        progress = progress.finished(base + step)
        model.add(base + step)
        if data.draw(st.booleans(), label="restart"):
            progress = Progress.from_metadata(progress.low, progress.to_metadata())
        lowest = next(o for o in range(base, base + 62) if o not in model)
        assert progress.low == lowest
        assert all(progress.is_done(o) is (o in model) for o in range(base, base + 62))
    assert progress == Progress(base + len(order))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=12))
def test_ranges_grow_only_and_stay_apart(ranges: list[tuple[int, int]]) -> None:
    progress, model = Progress(0), set[int]()
    for start, length in ranges:
        before = {o for o in range(60) if progress.is_done(o)}
        progress = progress.finished(start, start + length)
        model |= set(range(start, start + length))
        now = {o for o in range(60) if progress.is_done(o)}
        assert before <= now == model


@given(st.integers(0, 2**31), st.integers(1, 256), st.integers(0, 2**32))
def test_metadata_fits_for_every_number_of_documents_in_flight(low: int, in_flight: int, seed: int) -> None:
    """Unfinished documents, not finished ones, make ranges: with at most 256 in flight there are at most 256."""
    chance = random.Random(seed)  # noqa: S311
    progress, edge = Progress(low), low
    for _ in range(in_flight):
        gap = edge + 1
        edge = gap + chance.randrange(1, 36**6)
        progress = progress.finished(gap, edge)
    assert len(progress.to_metadata().encode()) <= METADATA_LIMIT_BYTES


@pytest.mark.parametrize("far", [1, 36**4, 36**8])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_begun_while_there_is_room_fits_in_whatever_order_it_ends(seed: int, far: int) -> None:
    """The worst order: no two neighbours end before all others have, and a long range lies between the gaps."""
    chance = random.Random(seed)  # noqa: S311
    progress, taken, open_ = Progress(0), 0, list[int]()
    for _ in range(2000):
        if not progress.has_room(taken):
            break
        if chance.random() < 0.05:  # a stretch that ended in order
            progress, taken = progress.finished(taken, taken + far), taken + far
        open_.append(taken)
        taken += 1
    assert len(open_) > 200
    for start in (1, 3, 2):
        for offset in open_[start::4]:
            progress = progress.finished(offset)
            assert len(progress.to_metadata()) <= METADATA_LIMIT_BYTES
    assert Progress.from_metadata(progress.low, progress.to_metadata()) == progress


def test_no_room_is_said_while_one_document_is_open() -> None:
    progress = Progress(0)
    for at in range(1, 10_000, 2):
        if not progress.has_room(at):
            break
        progress = progress.finished(at)
    assert not progress.has_room(at)
    assert progress.finished(0, at).has_room(at)


def test_nothing_finished_beyond_is_the_shortest_text() -> None:
    assert Progress(5).to_metadata() == "1"
    assert Progress.from_metadata(5, "1") == Progress.from_metadata(5, "") == Progress.from_metadata(5, None)
    assert Progress(5).finished(7).finished(8).finished(10).to_metadata() == "1:2+2,1+1"


@pytest.mark.parametrize(
    "text", ["2", "1:", "1:0+1", "1:1+0", "1:1", "1:1+1,", "1:-1+1", "1:1+1,0+1", "0", "x", "1:1+1 ", "1:" + "z" * 5000]
)
def test_a_text_of_another_make_is_refused(text: str) -> None:
    with pytest.raises(RedoubtError, match=r"^misconfigured$"):
        Progress.from_metadata(5, text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        progress = Progress.from_metadata(5, text)
    except RedoubtError:
        return
    assert Progress.from_metadata(5, progress.to_metadata()) == progress


def test_a_hostile_text_costs_nothing() -> None:
    started = time.process_time()
    with pytest.raises(RedoubtError):
        Progress.from_metadata(0, "1:" + "1+1," * 100_000)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "broken", [(-1, ()), (0, ((0, 1),)), (0, ((2, 2),)), (0, ((2, 3), (3, 4))), (0, ((5, 6), (2, 3)))]
)
def test_a_broken_value_cannot_exist(broken: tuple[int, tuple[tuple[int, int], ...]]) -> None:
    with pytest.raises(ValueError, match="offset"):
        Progress(*broken)
