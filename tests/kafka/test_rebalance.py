"""Workers that come, go, freeze and are fenced, a broker that is killed: on Apache Kafka nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewPartitions

from streams.events import DocumentRejected
from streams.kafka import EXIT_BROKER
from streams.kafka.lane import Lane
from streams.kafka.submit import Request, Submitter
from streams.kafka.topics import (
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    create_topics,
)
from streams.settings import KafkaSettings
from tests.chaos.faults import descendants
from tests.decode.files import text_pdf
from tests.kafka.apache import ApacheKafka
from tests.kafka.processes import arrived, committed, ended, frozen, orchestrated, quiet, visible, wait_for, worker
from tests.kafka.transport import mixed, read, sealed, settings, submit

pytestmark = pytest.mark.kafka
A_RELEASE = 4
IN_TIME_S = 13.0
"""Within a session of 15 s, less what may have passed since the last heartbeat."""


def done(bootstrap: str) -> int:
    """Documents whose progress is committed, as far as it stands without gaps; 0 where the broker cannot say now."""
    try:
        return sum(max(0, state.offset) for state in committed(bootstrap))
    except KafkaException:
        return 0


def holders(bootstrap: str) -> dict[str, frozenset[int]]:
    """The partitions of `phi.documents` of each member of the group, by its instance id; nothing where the broker
    cannot say now."""
    return {
        member.group_instance_id: frozenset(p.partition for p in member.assignment.topic_partitions)
        for member in members(bootstrap)
    }


def seats(bootstrap: str) -> dict[str, str]:
    """The member id of each instance: another one after each start."""
    return {member.group_instance_id: member.member_id for member in members(bootstrap)}


def members(bootstrap: str, group: str = "redoubt-worker") -> list[Any]:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    try:
        return list(admin.describe_consumer_groups([group])[group].result(30).members)
    except (KafkaException, TimeoutError):
        return []


def share(bootstrap: str, *instances: str) -> bool:
    """Whether these and no others hold all partitions, each at least one."""
    found = holders(bootstrap)
    return set(found) == set(instances) and all(found.values()) and sum(map(len, found.values())) == 3


@pytest.mark.parametrize("step", ["handle", "produce", "progress", "commit"])
def test_a_worker_frozen_past_its_session_doubles_nothing_when_it_goes_on(
    kafka: str, tmp_path: Path, step: str
) -> None:
    submit(kafka, tmp_path, mixed(16))
    with worker(kafka, tmp_path, "worker-0", "--freeze", step, "5") as zombie:
        wait_for(lambda: frozen(zombie))
        with worker(kafka, tmp_path, "worker-1") as other:
            # The other one can have all only once the session of the frozen one is over and its transaction undone.
            wait_for(lambda: done(kafka) == 16, 120)
            zombie.send_signal(signal.SIGCONT)
            submit(kafka, tmp_path, mixed(8, seed=8))
            arrived(kafka, 24 * A_RELEASE)
            # Where its transaction could still be rolled back by itself it came back as a member, else it ended.
            wait_for(lambda: zombie.poll() is not None or "worker-0" in seats(kafka), 90)
            assert ended(zombie) in ((EXIT_BROKER,) if step == "commit" else (0, EXIT_BROKER))
            assert ended(other) == 0
    assert visible(kafka) == quiet(kafka, tmp_path, 24)


def test_of_two_processes_with_one_name_the_later_one_works(kafka: str, tmp_path: Path) -> None:
    submit(kafka, tmp_path, mixed(20))
    with worker(kafka, tmp_path, "worker-0") as first:
        wait_for(lambda: done(kafka) > 2)
        with worker(kafka, tmp_path, "worker-0") as second:
            assert first.wait(90) == EXIT_BROKER
            submit(kafka, tmp_path, mixed(10, seed=8))
            arrived(kafka, 30 * A_RELEASE)
            assert ended(second) == 0
    assert visible(kafka) == quiet(kafka, tmp_path, 30)


def test_three_workers_under_load_one_joins_one_leaves_one_is_killed(kafka: str, tmp_path: Path) -> None:
    with ExitStack() as all_of_them:
        first, second = (all_of_them.enter_context(worker(kafka, tmp_path, f"worker-{n}")) for n in range(2))
        wait_for(lambda: share(kafka, "worker-0", "worker-1"))
        submit(kafka, tmp_path, mixed(40))
        third = all_of_them.enter_context(worker(kafka, tmp_path, "worker-2"))
        wait_for(lambda: share(kafka, "worker-0", "worker-1", "worker-2"))
        submit(kafka, tmp_path, mixed(20, seed=8))
        assert ended(first) == 0
        submit(kafka, tmp_path, mixed(20, seed=9))
        second.kill()
        submit(kafka, tmp_path, mixed(20, seed=10))
        wait_for(lambda: share(kafka, "worker-2"), 90)
        arrived(kafka, 100 * A_RELEASE, 180)
        assert ended(third) == 0
    assert visible(kafka) == quiet(kafka, tmp_path, 100)


def test_a_worker_that_is_started_again_in_time_has_the_partitions_that_it_had(kafka: str, tmp_path: Path) -> None:
    submit(kafka, tmp_path, mixed(12))
    session = ("--session", "15000")
    with worker(kafka, tmp_path, "worker-1", *session) as stays, ExitStack() as starts:
        restarted = starts.enter_context(worker(kafka, tmp_path, "worker-0", *session))
        back_s = IN_TIME_S
        while back_s >= IN_TIME_S:  # a machine with much else to do may take longer to start one
            wait_for(lambda: share(kafka, "worker-0", "worker-1"))
            before, seat = holders(kafka), seats(kafka)["worker-0"]
            assert ended(restarted) == 0
            left = time.monotonic()
            restarted = starts.enter_context(worker(kafka, tmp_path, "worker-0", *session))
            wait_for(lambda seat=seat: seats(kafka).get("worker-0", seat) != seat)  # type: ignore[misc]
            back_s = time.monotonic() - left
        submit(kafka, tmp_path, mixed(12, seed=8))
        arrived(kafka, 24 * A_RELEASE)
        assert holders(kafka) == before
        assert ended(restarted) == 0
        wait_for(lambda: share(kafka, "worker-1"), 90)
        assert ended(stays) == 0
    assert visible(kafka) == quiet(kafka, tmp_path, 24)


@pytest.fixture
def mortal(libs: Path, tmp_path: Path) -> Iterator[ApacheKafka]:
    """A broker that the test may kill."""
    with ApacheKafka(libs, tmp_path / "kafka") as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=3)
        yield broker


def test_a_broker_killed_under_load_comes_back_and_loses_nothing(mortal: ApacheKafka, tmp_path: Path) -> None:
    submit(mortal.bootstrap, tmp_path, mixed(40))
    with orchestrated(mortal.bootstrap, tmp_path, "worker-0") as codes:
        for finished in (5, 20):
            wait_for(lambda finished=finished: done(mortal.bootstrap) >= finished, 120)  # type: ignore[misc]
            mortal.kill()
            mortal.start()
        arrived(mortal.bootstrap, 40 * A_RELEASE, 180)
    # The last one may have been asked to end before it could answer to that.
    assert codes[-1] in (0, -signal.SIGTERM)
    assert set(codes[:-1]) <= {EXIT_BROKER}
    assert visible(mortal.bootstrap) == quiet(mortal.bootstrap, tmp_path, 40)


def test_what_is_assigned_to_a_worker_that_ends_keeps_it_from_nothing(mortal: ApacheKafka, tmp_path: Path) -> None:
    """The broker that has the progress is gone: the client waits for it at each partition that it takes."""
    lane = Lane(settings(mortal.bootstrap, "worker-0").kafka, [PHI_DOCUMENTS], lambda _error: None)
    lane.join()
    wait_for(lambda: len(holders(mortal.bootstrap).get("worker-0", ())) == 3, 120)
    mortal.kill()
    closes = threading.Thread(target=lane.close, daemon=True)
    closes.start()
    closes.join(60)
    assert not closes.is_alive()


def test_killed_reading_processes_cost_no_document_its_release(kafka: str, tmp_path: Path) -> None:
    """With the real pipeline. All documents are the same, so each must end as the first one, which nothing hit."""
    results = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)
    content = text_pdf()
    with Submitter(KafkaSettings(bootstrap=kafka), sealed(tmp_path)) as submitter:
        ids = [submitter.submit(content, Request("clinic-a", "maximal"))]
    with worker(kafka, tmp_path, "worker-0", "--pipeline") as works:
        ((quiet_topic, _, _),) = read(kafka, results, expect=1, timeout_s=120)
        with Submitter(KafkaSettings(bootstrap=kafka), sealed(tmp_path)) as submitter:
            ids += [submitter.submit(content, Request("clinic-a", "maximal")) for _ in range(8)]
        for hit in (2, 5):
            read(kafka, results, expect=hit, timeout_s=120, extra_s=0)
            struck = readers(works.pid)
            assert struck
            for one in struck:
                os.kill(one, signal.SIGKILL)
        found = read(kafka, results, expect=9, timeout_s=180)
        assert ended(works) == 0
    assert Counter(event.key for _, event, _ in found) == Counter(ids)
    refused = [(event.reasons, event.attempts) for _, event, _ in found if isinstance(event, DocumentRejected)]
    assert not refused, "reasons, and how many attempts they took"
    assert {topic for topic, _, _ in found} == {quiet_topic} == {MASKED_DOCUMENTS}
    assert len(list((tmp_path / "masked").rglob("sha256/*"))) == 1, "the same copy, byte for byte"


def readers(pid: int) -> list[int]:
    """The reading processes of a worker: children of its fork server that have a child's command line."""
    found = []
    for one in descendants(pid):
        with suppress(OSError):
            parent = (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()[1]
            if "forkserver" in Path(f"/proc/{parent}/cmdline").read_text():
                found.append(one)
    return found


def test_partitions_added_while_all_workers_restart_are_given_out(kafka: str, tmp_path: Path) -> None:
    """Neither of the two can see by what it is given that there is more than when it left."""
    with worker(kafka, tmp_path, "worker-0") as first, worker(kafka, tmp_path, "worker-1") as second:
        wait_for(lambda: share(kafka, "worker-0", "worker-1"))
        assert [ended(first), ended(second)] == [0, 0]
    admin = AdminClient({"bootstrap.servers": kafka})
    admin.create_partitions([NewPartitions(PHI_DOCUMENTS, 6)])[PHI_DOCUMENTS].result(30)
    with worker(kafka, tmp_path, "worker-0") as first, worker(kafka, tmp_path, "worker-1") as second:
        submit(kafka, tmp_path, ["release 0"] * 24)
        wait_for(lambda: sum(map(len, holders(kafka).values())) == 6, timeout_s=90)
        assert len(read(kafka, [MASKED_DOCUMENTS], expect=24, timeout_s=60)) == 24
        assert [ended(first), ended(second)] == [0, 0]
