"""Second looks: which releases are drawn, what a judgement may say, and what it adds to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from detectors.errors import Reason
from detectors.pages import LayerState
from streams.canaries.bounds import anytime, exact
from streams.canaries.table import ALL, looked_at
from streams.events import DocumentMasked, Grounds, QualityBound, SampleDrawn, SampleJudged
from streams.evidence.report import bounds_page
from streams.kafka.job import Desk, Record
from streams.monitor import tally
from streams.review.second_looks.looks import objection
from streams.review.second_looks.lots import KEY_BYTES, Lots
from streams.watch.metrics import MonitorMetrics
from tests.canaries.test_judge import masked
from tests.events.examples import PLACE
from tests.kafka.transport import parts

KEY = bytes(range(KEY_BYTES))


def release(number: int, pages: int = 2, document_class: str = "lab_report") -> DocumentMasked:
    found = masked("sha256/" + f"{number:064x}", f"{number:032x}")
    return dataclasses.replace(found, pages=pages, document_class=document_class)


def drawn(pages: int = 2, key: bytes = KEY) -> SampleDrawn:
    task = Lots(key, 1.0).draw(release(1, pages))
    assert task is not None
    return task


def judged(task: SampleDrawn, *leaking: int, decision: int = 1) -> SampleJudged:
    return SampleJudged(
        tenant=task.tenant,
        document_id=task.document_id,
        decision=f"{decision:032x}",
        reviewer="rev-4",
        why=Grounds.MISSED_IDENTIFIER if leaking else Grounds.READ_BY_EYE,
        ticket="QA-3",
        task=task,
        places=tuple(dataclasses.replace(PLACE, page=page) for page in leaking),
    )


def test_the_share_is_drawn_and_only_the_key_tells_which() -> None:
    releases = [release(number) for number in range(4000)]
    lots = Lots(KEY, 0.1)
    taken = {each.document_id for each in releases if lots.draw(each)}
    # Six standard deviations of a binomial on either side.
    assert abs(len(taken) - 400) < 6 * (4000 * 0.1 * 0.9) ** 0.5
    assert taken == {each.document_id for each in releases if Lots(KEY, 0.1).draw(each)}, "the same after a crash"
    others = {each.document_id for each in releases if Lots(KEY[::-1], 0.1).draw(each)}
    assert len(taken & others) < 100, "another key draws others"


@pytest.mark.parametrize(
    ("shares", "share"),
    [
        ({}, 0.5),
        ({"*/lab_report": 0.4}, 0.4),
        ({"*/lab_report": 0.4, "clinic-a/*": 0.3}, 0.3),
        ({"*/lab_report": 0.4, "clinic-a/*": 0.3, "clinic-a/lab_report": 0.2}, 0.2),
        ({"clinic-b/lab_report": 0.1}, 0.5),
    ],
)
def test_the_closest_share_counts(shares: Mapping[str, float], share: float) -> None:
    assert Lots(KEY, 0.5, shares).share_of("clinic-a", "lab_report") == share


def test_nothing_of_the_first_decision_is_told() -> None:
    """A held copy that a person released and one that no person saw give the same task."""
    fields = {field.name for field in dataclasses.fields(SampleDrawn)}
    assert not fields & {"verdict", "counts", "kept", "depth", "rounds", "engine", "attestation", "words_burned"}
    task = drawn()
    other = dataclasses.replace(release(1), words_burned=99, rounds=2, counts={})
    assert Lots(KEY, 1.0).draw(other) == task
    assert (task.shown, task.whole, task.quality) == ((0, 1), True, "scanned")
    own_text = dataclasses.replace(release(1), layers={LayerState.PROVEN: 2})
    found = Lots(KEY, 1.0).draw(own_text)
    assert found is not None
    assert found.quality == "digital"


def test_a_long_copy_is_drawn_whole_and_as_likely_as_a_short_one() -> None:
    task = drawn(pages=100)
    assert (task.shown, task.whole) == (tuple(range(100)), True)
    assert SampleDrawn.from_message(*task.to_message()) == task
    lots = Lots(KEY, 0.1)
    taken = [bool(lots.draw(dataclasses.replace(release(n), pages=100))) for n in range(300)]
    assert taken == [bool(lots.draw(release(n))) for n in range(300)]


def in_part(task: SampleDrawn) -> SampleDrawn:
    """As earlier samplers drew a chart."""
    return dataclasses.replace(task, shown=task.shown[:20])


def test_a_task_that_was_made_up_or_altered_is_told() -> None:
    lots, task = Lots(KEY, 1.0), drawn()
    assert lots.drew(task)
    for other in (
        drawn(key=KEY[::-1]),
        dataclasses.replace(task, proof=None),
        dataclasses.replace(task, document_class="referral_letter"),
        dataclasses.replace(task, shown=(0,)),
        dataclasses.replace(task, document_id=f"{9:032x}"),
    ):
        assert not lots.drew(other)


def test_what_a_judgement_may_say() -> None:
    task, unseen = in_part(drawn(pages=100)), 20
    assert objection(judged(task)) is None
    assert objection(judged(task, task.shown[0])) is None
    for wrong in (
        judged(task, unseen),
        dataclasses.replace(judged(task), why=Grounds.MISSED_IDENTIFIER),
        dataclasses.replace(judged(task, task.shown[0]), why=Grounds.READ_BY_EYE),
        dataclasses.replace(judged(task), document_id=f"{9:032x}"),
    ):
        assert objection(wrong) is Reason.INVALID_EVENT


def test_the_second_bound_is_of_documents_and_never_pooled() -> None:
    whole, part = drawn(), in_part(drawn(pages=100))
    seen = [judged(whole)] * 57 + [judged(whole, 0), judged(part, part.shown[0])] + [judged(part)] * 500
    metrics = MonitorMetrics()
    total: tally.Tally = {}
    for event in seen:
        metrics.looked_at(event)
        total = tally.plus(total, tally.of_sample(event))

    def shown(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    everything = {"tenant": "all", "document_class": "all", "quality": "all"}
    assert shown("redoubt_sample_leak_bound", **everything, method="exact") == exact(2, 59)
    assert shown("redoubt_sample_leak_bound", **everything, method="anytime") == anytime(2, 59)
    own = {"tenant": "other", "document_class": "lab_report", "quality": "scanned"}
    assert shown("redoubt_samples_judged_total", **own, leaked="true") == 2
    assert shown("redoubt_canary_leak_bound", **everything, method="exact") is None
    window = tally.window(("clinic-a", "lab_report", "maximal"), 0, 60, total)
    assert (window.samples, window.samples_leaked, window.sample_bound) == (59, 2, exact(2, 59))
    assert (window.canaries_judged, window.canary_bound) == (0, 1.0)
    assert window.sample_qualities == {"scanned": QualityBound(59, 2, exact(2, 59), anytime(2, 59))}
    assert window.canary_qualities == {}
    rows = looked_at(seen)
    assert [(row.tenant, row.documents, row.leaked) for row in rows] == [(ALL, 59, 2), ("clinic-a", 59, 2)]
    page = bounds_page([], rows)
    assert "releases looked at again" in page
    assert f"{100 * rows[0].exact_bound:.1f} %" in page


def test_a_worker_leaves_a_judgement_to_the_sampler(tmp_path: Path) -> None:
    key, headers, value = judged(drawn()).to_message()
    made = dataclasses.replace(parts(tmp_path), decide=lambda _decided, _origin: (_ for _ in ()).throw(KeyError))
    made.sealed.claims.probe()
    found = Desk(made, "worker-0", 1).work(Record("review.decisions", 0, 3, 1, key, headers, value))
    assert (found.events, found.reason, found.stop) == ((), None, False)
