"""A part that is away: documents wait, none is rejected for it, and the worker takes no more until it is back."""

from __future__ import annotations

import dataclasses
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from detectors.errors import NobodysFault, Reason, RedoubtError
from streams.embedded.openbao import EmbeddedVault
from streams.events import ReviewDecided
from streams.kafka import job, outages
from streams.kafka.job import Desk, Finished, Parts, Record
from streams.kafka.outages import Outages, Over
from streams.kafka.submit import Request, Submitter
from streams.kafka.topics import MASKED_DOCUMENTS, REJECTED_DOCUMENTS, REVIEW_DECISIONS
from streams.pipeline.document import Document, Outcome
from streams.settings import KafkaSettings, VaultSettings
from streams.vault.connection import connect
from streams.vault.setup import Role, set_up
from streams.watch.health import Health, Part
from streams.wiring import probe_stores
from tests.kafka.processes import arrived, ended, quiet, visible, wait_for, worker
from tests.kafka.test_desk import received, record
from tests.kafka.transport import handle, mixed, parts
from tests.kafka.worker_process import with_vault

VAULT = {Reason.VAULT_UNAVAILABLE: Part.VAULT}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "BACKOFF_S", (0.0,))
    monkeypatch.setattr(outages, "BACKOFF_S", (0.02,))


class Away:
    """A part that is away until it is told to be back."""

    def __init__(self, reason: Reason = Reason.VAULT_UNAVAILABLE) -> None:
        self.reason: Reason | None = reason
        self.looks = 0

    def probe(self) -> None:
        self.looks += 1
        if self.reason:
            raise RedoubtError(self.reason)


def ids(count: int) -> list[str]:
    return [f"{number:032x}" for number in range(count)]


def topics(finished: Finished) -> set[str]:
    return {topic for topic, _ in finished.events}


@pytest.mark.usefixtures("quick")
def test_while_a_part_is_away_documents_wait_and_one_of_them_looks(tmp_path: Path) -> None:
    vault, health = Away(), Health([Part.VAULT])

    def needs_vault(document: Document) -> Outcome:
        if vault.reason:
            raise RedoubtError(vault.reason)
        return handle(document)

    made = dataclasses.replace(parts(tmp_path), handle=needs_vault, probes={Part.VAULT: vault.probe})
    desk = Desk(made, "worker-0", 1, health=health)
    records = [record(received(tmp_path, "release 0", document_id=one)) for one in ids(4)]
    with ThreadPoolExecutor(4) as threads:
        working = [threads.submit(desk.work, one) for one in records]
        wait_for(lambda: vault.looks > 8)
        assert desk.waiting
        down = health.parts[Part.VAULT]
        assert down is not None
        assert down.reason is Reason.VAULT_UNAVAILABLE
        assert not any(one.done() for one in working)
        vault.reason = None
        assert all(MASKED_DOCUMENTS in topics(one.result(60)) for one in working)
    assert health.ready
    assert not desk.waiting


@pytest.mark.usefixtures("quick")
def test_a_part_that_comes_back_refusing_stops_the_worker(tmp_path: Path) -> None:
    vault = Away()

    def needs_vault(document: Document) -> Outcome:
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)

    made = dataclasses.replace(parts(tmp_path), handle=needs_vault, probes={Part.VAULT: vault.probe})
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(Desk(made, "w", 3).work, record(received(tmp_path, "release 0")))
        wait_for(lambda: vault.looks > 3)
        vault.reason = Reason.VAULT_REFUSED
        finished = working.result(60)
    assert (finished.stop, finished.reason) == (True, Reason.VAULT_REFUSED)


def fails_one(tmp_path: Path, one: str) -> Parts:
    def handles(document: Document) -> Outcome:
        if document.id == one:
            raise RedoubtError(Reason.STORE_UNAVAILABLE)
        return handle(document)

    return dataclasses.replace(parts(tmp_path), handle=handles)


@pytest.mark.usefixtures("quick")
def test_the_trouble_of_one_document_alone_ends_in_its_rejection(tmp_path: Path) -> None:
    """What it needs fails for it each time and for nobody else."""
    bad, *good = ids(40)
    desk = Desk(fails_one(tmp_path, bad), "worker-0", 3)
    with ThreadPoolExecutor(2) as threads:
        working = threads.submit(desk.work, record(received(tmp_path, "release 0", document_id=bad)))
        for one in good:
            assert MASKED_DOCUMENTS in topics(desk.work(record(received(tmp_path, "release 0.05", document_id=one))))
        finished = working.result(60)
    assert finished.reason is Reason.STORE_UNAVAILABLE
    assert topics(finished) >= {REJECTED_DOCUMENTS}


@pytest.mark.usefixtures("quick")
def test_where_no_document_goes_through_none_is_rejected(tmp_path: Path) -> None:
    """The probe says that the store is there, and every document says that it is not: a quota, for one."""
    over = threading.Event()

    def fails(document: Document) -> Outcome:
        raise RedoubtError(Reason.STORE_UNAVAILABLE)

    seen = Seen(200)
    desk = Desk(dataclasses.replace(parts(tmp_path), handle=fails), "worker-0", 3, seen, over=over)
    records = [record(received(tmp_path, "release 0", document_id=one)) for one in ids(3)]
    with ThreadPoolExecutor(3) as threads:
        working = [threads.submit(desk.work, one) for one in records]
        assert seen.enough.wait(60)
        over.set()
        assert all(one.result(60).events == () for one in working)


class Seen:
    """An observer that waits for a number of failed attempts."""

    def __init__(self, retries: int) -> None:
        self.left, self.enough = retries, threading.Event()

    def observe(self, outcome: Outcome) -> None: ...

    def rejected(self, reason: Reason) -> None: ...

    def retried(self, reason: Reason) -> None:
        self.left -= 1
        if self.left <= 0:
            self.enough.set()


@pytest.mark.usefixtures("quick")
def test_a_poison_document_is_rejected_and_its_neighbours_are_not(tmp_path: Path) -> None:
    """It brings down the pool: whatever is at work then fails with it."""
    poison, *others = ids(6)
    crashed, at_work, lock = set[str](), set[str](), threading.Lock()

    def in_a_pool(document: Document) -> Outcome:
        with lock:
            at_work.add(document.id)
        time.sleep(0.05)
        with lock:
            if document.id == poison:
                crashed.update(at_work)
            at_work.discard(document.id)
            hit = document.id in crashed
            crashed.discard(document.id)
        if hit:
            raise RedoubtError(Reason.READER_FAILED)
        return handle(document)

    desk = Desk(dataclasses.replace(parts(tmp_path), handle=in_a_pool), "worker-0", 2)
    records = [record(received(tmp_path, "release 0", document_id=one)) for one in (poison, *others)]
    with ThreadPoolExecutor(6) as threads:
        finished = list(threads.map(desk.work, records))
    assert [one.reason for one in finished] == [Reason.READER_FAILED, *[None] * 5]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("error", "refused"), [(NobodysFault, None), (RedoubtError, Reason.READER_FAILED)])
def test_a_pool_that_broke_under_a_last_attempt_is_nobodys_fault(
    tmp_path: Path, error: type[RedoubtError], refused: Reason | None
) -> None:
    """One death of two processes, noticed one after the other, cost a document two attempts, and its release."""
    failures = [RedoubtError, error, error]

    def in_a_pool(document: Document) -> Outcome:
        if failures:
            raise failures.pop(0)(Reason.READER_FAILED)
        return handle(document)

    desk = Desk(dataclasses.replace(parts(tmp_path), handle=in_a_pool), "worker-0", 2)
    assert desk.work(record(received(tmp_path, "release 0"))).reason is refused


@pytest.mark.usefixtures("quick")
def test_a_pool_that_breaks_each_time_has_an_end(tmp_path: Path) -> None:
    def in_a_pool(_: Document) -> Outcome:
        raise NobodysFault(Reason.READER_FAILED)

    desk = Desk(dataclasses.replace(parts(tmp_path), handle=in_a_pool), "worker-0", 2)
    assert desk.work(record(received(tmp_path, "release 0"))).reason is Reason.READER_FAILED


def test_the_end_of_the_worker_ends_the_waiting() -> None:
    over = threading.Event()
    found = Outages({Part.VAULT: Away().probe}, Health(), over)
    threading.Timer(0.2, over.set).start()
    with pytest.raises(Over):
        found.wait_out(Reason.VAULT_UNAVAILABLE, 5)
    assert found.any


def test_a_full_store_does_not_pass_for_one_that_is_there(tmp_path: Path) -> None:
    made = parts(tmp_path)
    made.masked.probe()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        made.masked.probe()
        with pytest.raises(RedoubtError) as caught:
            probe_stores(made.masked)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.reason is Reason.STORE_UNAVAILABLE
    probe_stores(made.masked)


def test_a_store_whose_volume_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    made = parts(tmp_path)
    made.masked.probe()
    (tmp_path / "masked").rename(tmp_path / "elsewhere")
    with pytest.raises(RedoubtError) as caught:
        probe_stores(made.masked)
    assert caught.value.reason is Reason.STORE_UNAVAILABLE
    assert not list((tmp_path).glob("masked/*"))


def test_a_decision_that_no_handler_takes_stops_and_a_broken_one_is_rejected(tmp_path: Path) -> None:
    broken = Record(REVIEW_DECISIONS, 0, 4, 1, b"x", [], b"{}")
    assert Desk(parts(tmp_path), "w", 1).work(broken).reason is Reason.MISCONFIGURED

    def never(event: ReviewDecided, origin: object) -> tuple[()]:
        raise AssertionError

    finished = Desk(dataclasses.replace(parts(tmp_path), decide=never), "w", 1).work(broken)
    assert (finished.reason, topics(finished) >= {REJECTED_DOCUMENTS}) == (Reason.INVALID_EVENT, True)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVault]:
    with EmbeddedVault(tmp_path_factory.mktemp("vault")) as vault:
        yield vault


@pytest.fixture
def role(vault: EmbeddedVault, tmp_path: Path) -> VaultSettings:
    bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
    files = set_up(bare, vault.root_token, tmp_path / "roles", [Role.WORKER, Role.SUBMITTER])
    of = {name: getattr(files[Role.WORKER], name) for name in ("role_id_file", "secret_id_file")}
    made = bare.model_copy(update=of)
    (tmp_path / "vault.json").write_text(made.model_dump_json())
    return made


class Trouble:
    """Strikes a part that a running worker needs, and mends it."""

    def __init__(self, vault: EmbeddedVault, folder: Path) -> None:
        self.vault, self.folder = vault, folder

    def strike(self, kind: str, pid: int) -> None:
        if kind == "sealed":
            self.vault.seal()
        elif kind == "signed_out":
            root = connect(self.vault.address, self.vault.ca_file, self.vault.root_token)
            root.adapter.post("/v1/sys/leases/revoke-prefix/auth/approle")
        elif kind == "unreachable":
            (self.folder / "phi").rename(self.folder / "phi-away")
            (self.folder / "phi").touch()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def mend(self, kind: str, pid: int) -> None:
        if kind == "sealed":
            self.vault.unseal()
        elif kind == "unreachable":
            (self.folder / "phi").unlink()
            (self.folder / "phi-away").rename(self.folder / "phi")
        elif kind == "full":
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.mark.kafka
@pytest.mark.parametrize("kind", ["sealed", "signed_out", "unreachable", "full"])
def test_an_outage_under_load_rejects_nothing(
    kafka: str, tmp_path: Path, vault: EmbeddedVault, role: VaultSettings, kind: str
) -> None:
    made = with_vault(parts(tmp_path), tmp_path, role)
    with Submitter(KafkaSettings(bootstrap=kafka), made.sealed) as submitter:
        for order in mixed(24):
            submitter.submit(f"{order} rest".encode(), Request("clinic-a", "maximal"))
    trouble = Trouble(vault, tmp_path)
    with worker(kafka, tmp_path, "worker-0", "--vault", str(tmp_path / "vault.json")) as works:
        arrived(kafka, 5 * 4)
        trouble.strike(kind, works.pid)
        seen = arrived(kafka, 24 * 4, timeout_s=8)
        trouble.mend(kind, works.pid)
        arrived(kafka, 24 * 4)
        assert ended(works) == 0
    assert seen.total() < 24 * 4 or kind == "signed_out"
    assert visible(kafka) == quiet(kafka, tmp_path, 24, dataclasses.replace(made, handle=handle))
