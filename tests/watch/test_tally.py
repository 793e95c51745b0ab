"""Figures add up, and find their window."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import RedoubtError
from detectors.findings import Kind
from policies.attack.report import Verdict
from streams.events import CanaryJudged, LeakageWindow
from streams.kafka.topics import LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS, create_topics
from streams.monitor import monitor_topics, tally
from streams.monitor.app import Windows, ended
from streams.monitor.connection import credentials, partitions
from streams.settings import KafkaSettings
from tests.watch.desk import observation

GROUP = ("clinic-a", "lab_report", "maximal")


def test_a_window_is_the_sum_of_its_documents() -> None:
    total = tally.plus(tally.of(observation(1)), tally.of(observation(2, verdict=Verdict.WITHHOLD, residuals=2)))
    window = tally.window(GROUP, 60.0, 120.0, total)
    assert (window.documents, window.pages, window.released, window.review, window.withheld) == (2, 4, 1, 0, 1)
    assert window.counts == {Kind.PERSON: 6, Kind.MRN: 2}
    assert window.residuals == {Kind.PERSON: 2}
    assert (window.words, window.words_burned, window.words_doubtful, window.rounds) == (200, 14, 10, 2)
    assert (window.tenant, window.document_class, window.profile) == GROUP
    assert (window.canaries, window.canaries_held, window.canary_residuals) == (0, 0, 0)
    window.to_message()


def test_a_residual_is_never_counted_as_found() -> None:
    window = tally.window(GROUP, 0.0, 60.0, tally.of(observation(1, residuals=5)))
    assert window.counts[Kind.PERSON] == 3
    assert window.residuals[Kind.PERSON] == 5


def test_a_planted_document_adds_to_no_other_figure() -> None:
    held = tally.of_canary(observation(1, verdict=Verdict.REVIEW, residuals=3))
    window = tally.window(GROUP, 0.0, 60.0, tally.plus(held, tally.of_canary(observation(2))))
    assert (window.canaries, window.canaries_held, window.canary_residuals) == (2, 1, 3)
    assert (window.documents, window.pages, window.words, window.counts, window.residuals) == (0, 0, 0, {}, {})


def test_a_window_that_an_earlier_monitor_began_says_of_quality_what_it_knows() -> None:
    """Its counts are in the changelog without any."""
    before = {"canaries_judged": 3, "canaries_leaked": 1}
    judged = CanaryJudged("clinic-a", f"{1:032x}", "lab_report", "maximal", "poor", 10, 0)
    window = tally.window(GROUP, 0.0, 60.0, tally.plus(before, tally.of_judged(judged)))
    assert (window.canaries_judged, window.canaries_leaked) == (4, 1)
    assert {name: (q.documents, q.leaked) for name, q in window.canary_qualities.items()} == {"poor": (1, 0)}


def test_a_window_of_before_is_still_read() -> None:
    key, headers, value = tally.window(GROUP, 0.0, 60.0, {}).to_message()
    said = {name: each for name, each in json.loads(value).items() if not name.endswith("_qualities")}
    found = LeakageWindow.from_message(key, headers, json.dumps(said).encode())
    assert (found.canary_qualities, found.sample_qualities) == ({}, {})


def test_a_record_counts_once_in_whatever_order_it_comes_again() -> None:
    seen: dict[str, list[int]] = {}
    for offset in (4, 2, 9, 3):
        found = tally.with_source(seen, offset)
        assert found is not None
        seen = found
    assert [tally.with_source(seen, offset) for offset in (2, 3, 4, 9)] == [None] * 4
    assert tally.with_source(seen, 5) == {"offsets": [2, 3, 4, 5, 9]}


def test_what_is_remembered_of_a_source_stays_small() -> None:
    seen: dict[str, list[int]] = {}
    for offset in range(3 * tally.SEEN_LIMIT):
        seen = tally.with_source(seen, offset) or {}
    assert len(seen["offsets"]) == tally.SEEN_LIMIT
    assert tally.with_source(seen, 1) is None, "forgotten, so it counts as seen"


@given(at_s=st.floats(0, 2e9), clock_s=st.floats(0, 2e9), size_s=st.integers(1, 86_400), grace_s=st.floats(0, 600))
def test_a_figure_is_never_put_into_a_closed_window(at_s: float, clock_s: float, size_s: int, grace_s: float) -> None:
    windows = Windows(size_s, grace_s)
    start_s, end_s = windows.of(at_s, clock_s)
    assert end_s - start_s == size_s
    assert not ended(end_s, grace_s, clock_s)
    if not ended(at_s // size_s * size_s + size_s, grace_s, clock_s):
        assert start_s <= at_s < end_s


def test_topics_that_differ_in_partitions_are_refused(tansu: str) -> None:
    assert partitions(KafkaSettings(bootstrap=tansu)) == 3


def test_a_missing_topic_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    from streams.embedded.tansu import EmbeddedBroker

    with EmbeddedBroker(tmp_path_factory.mktemp("bare")) as broker:
        settings = KafkaSettings(bootstrap=broker.bootstrap)
        with pytest.raises(RedoubtError):
            partitions(settings)
        create_topics(settings, 2)
        with pytest.raises(RedoubtError):
            partitions(settings)
        create_topics(settings, 2, extra=monitor_topics(4))
        with pytest.raises(RedoubtError):
            partitions(settings)


def test_sign_in_is_the_same_as_for_the_other_clients() -> None:
    assert credentials(KafkaSettings()) is None
    found = credentials(
        KafkaSettings(
            security_protocol="SASL_SSL", sasl_mechanism="SCRAM-SHA-512", sasl_username="u", sasl_password="p"
        )
    )
    assert (found.protocol.value, found.mechanism.value) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (found.username, found.password) == ("u", "p")
    assert found.ssl_context.check_hostname
    with pytest.raises(RedoubtError):
        credentials(KafkaSettings(security_protocol="SSL", ca_file="/none"))


def test_the_monitor_reads_and_writes_the_topics_of_the_gateway() -> None:
    assert {LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS}.isdisjoint(t.name for t in monitor_topics(3))
    assert all(topic.partitions == 3 for topic in monitor_topics(3))
