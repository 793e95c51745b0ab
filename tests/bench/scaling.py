"""`python -m tests.bench.scaling`: what a second reading process and a second worker bring, and what Kafka costs.

One-page scans go through the gateway on Apache Kafka, OpenBao and S3: by one worker with one reading process, by one
with two, and by two workers with one each; and through a worker whose handle costs nothing, which leaves what the
broker, the vault and the store cost. Needs the environment's REDOUBT_TEST_KAFKA_LIBS and REDOUBT_TEST_S3.

Each worker is kept to cores of its own, one for each reading process. Two figures say what sharing costs:

- CPU seconds of a page with one, over those with two: 1 where the work grows by nothing when it is shared. It holds on
  any machine, since it does not ask who else ran meanwhile.
- pages a second with two, over twice those with one: what a user sees. It can only be claimed where broker, vault,
  store and this harness have cores that no worker is kept to; on a machine with two cores they take theirs from the
  second worker. There it is printed, marked `"claimed": false`, and misses no target.

Prints JSON of figures and targets; exits 1 where a claimed target is missed. Pages are counted between two releases,
the tenth and the seventieth in a hundred, so that neither start nor end matter.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policies.attack.report import Depth, Verdict
from policies.record import TokenizedRecord
from streams.canaries.documents import Format, SyntheticDocument, generate
from streams.kafka.job import Parts
from streams.kafka.submit import Request
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.store.claims import open_claims
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.keyring import VaultDataKeys
from streams.wiring import submitter
from tests.bench.cpu import tree_seconds
from tests.chaos.ledger import Ledger
from tests.chaos.stage import Actor, Stage, stage

PROFILE: Final = "maximal"
STALLED_S: Final = 300.0
AT_LEAST: Final = 0.95
FIRST, LAST = 0.1, 0.7
"""Shares of the documents released when counting begins and ends."""


@dataclass(frozen=True)
class Setup:
    """How many workers, and how many reading processes each has."""

    workers: int
    processes: int

    @property
    def cores(self) -> int:
        """How many the workers are kept to."""
        return self.workers * self.processes


ONE, TWO_PROCESSES, TWO_WORKERS = Setup(1, 1), Setup(1, 2), Setup(2, 1)


@dataclass(frozen=True)
class Run:
    """Pages a second, and CPU seconds of the workers for each page."""

    pages_per_second: float
    cpu_s_per_page: float


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=60)
    options.add_argument("--free", type=int, default=600, help="documents for the handle that costs nothing")
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--seed", type=int, default=70_001)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    documents = scans(given.seed, 12)
    runs: dict[Setup, list[Run]] = {ONE: [], TWO_PROCESSES: [], TWO_WORKERS: []}
    for _ in range(given.rounds):
        for setup, found in runs.items():
            with stage(setup.processes) as running:
                found.append(scanned(running, setup, documents, given.pages))
    with stage(1) as running:
        overhead = free(running, documents, given.free)
    figures, targets = reported(runs, overhead)
    report = {"pages": given.pages, "rounds": given.rounds, **figures, "targets": targets}
    text = json.dumps(report, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")
    return 0 if all(target.get("pass", True) for target in targets) else 1


def scans(seed: int, count: int) -> list[SyntheticDocument]:
    """Scans of one page each."""
    return [found for found in generate(seed, 3 * count, [Format.SCANNED_PDF]) if len(found.page_sizes) == 1][:count]


def scanned(running: Stage, setup: Setup, documents: Sequence[SyntheticDocument], pages: int) -> Run:
    """Through the real pipeline. Raises RuntimeError where the gateway stands still."""
    with submitter(running.submitter) as submit:
        sent = {submit.submit(documents[n % len(documents)].content, Request("bench", PROFILE)) for n in range(pages)}
    ledger = Ledger(running.submitter.kafka)
    actors = [running.actors[name] for name in ("attestor", *(f"worker-{number}" for number in range(setup.workers)))]
    actors[0].look_after()
    for number, actor in enumerate(actors[1:]):
        with kept_to(number * setup.processes, setup.processes):
            actor.look_after()
    first, started, until, moments = 0, 0.0, time.monotonic() + STALLED_S, list[float]()
    try:
        while len(moments) < LAST * pages:
            ledger.poll()
            done = len(sent & ledger.results.keys())
            if done > len(moments):
                until = time.monotonic() + STALLED_S
                moments += [time.monotonic()] * (done - len(moments))
                if not first and done >= FIRST * pages:
                    first, started = len(moments), _cpu(actors)
            if time.monotonic() > until:
                raise RuntimeError("no document is finished any more")
        counted = len(moments) - first
        return Run(counted / (moments[-1] - moments[first - 1]), (_cpu(actors) - started) / counted)
    finally:
        for actor in actors:
            actor.dismiss()


@contextmanager
def kept_to(first: int, count: int) -> Iterator[None]:
    """What is started in the block runs on these cores of those that this process may use."""
    mine = sorted(os.sched_getaffinity(0))
    wanted = {mine[number % len(mine)] for number in range(first, first + count)}
    os.sched_setaffinity(0, wanted)
    try:
        yield
    finally:
        os.sched_setaffinity(0, mine)


def _cpu(actors: Sequence[Actor]) -> float:
    return sum(tree_seconds(actor.pid) for actor in actors)


@dataclass(frozen=True)
class Overhead:
    """Of each document, where handling it costs nothing: seconds of wall clock, and of CPU by who spent them."""

    wall_s: float
    cpu_s: dict[str, float]


def free(running: Stage, documents: Sequence[SyntheticDocument], count: int) -> Overhead:
    """One worker, in this process, that gives back a copy as large as the document without looking at it."""
    with submitter(running.submitter) as submit:
        for n in range(count):
            submit.submit(documents[n % len(documents)].content, Request("bench", PROFILE))
    vault = VaultSession(running.worker.vault)
    store = running.worker.store
    sealed = SealedStore(open_claims(store.phi_url), VaultDataKeys(vault, running.worker.vault.storage_mount))
    worker = Worker(running.worker, Parts(at_no_cost, sealed, open_claims(store.masked_url)))
    stop, codes = threading.Event(), list[int]()
    ledger = Ledger(running.submitter.kafka)
    servers = {"broker": running.kafka.pid, "vault": running.vault.pid, "store": running.gateway.pid}
    thread = threading.Thread(target=lambda: codes.append(worker.run(stop)))
    thread.start()
    while len(ledger.results) < FIRST * count:
        ledger.poll()
    begun, done = time.monotonic(), len(ledger.results)
    before = spent(servers)
    while len(ledger.results) < count:
        ledger.poll()
    counted, wall = count - done, time.monotonic() - begun
    after = spent(servers)
    stop.set()
    thread.join()
    vault.close()
    if codes != [0]:
        raise RuntimeError("the worker ended by itself")
    return Overhead(wall / counted, {name: (after[name] - before[name]) / counted for name in after})


def spent(servers: Mapping[str, int | None]) -> dict[str, float]:
    """CPU seconds so far; the worker's are this process's without this thread, which only looks on."""
    worker = time.process_time() - time.thread_time()
    return {"worker": worker} | {name: tree_seconds(pid) for name, pid in servers.items()}


def at_no_cost(document: Document) -> Outcome:
    return Outcome(
        document_id=document.id,
        pages=1,
        verdict=Verdict.RELEASE,
        reasons=(),
        depth=Depth.REREAD,
        profile=document.profile,
        profile_version="1",
        engine="none",
        copy=document.id.encode() + document.content,
        record=TokenizedRecord(("",), 0.0),
        counts=Counter(),
        words=0,
        words_burned=0,
        seconds={},
    )


def reported(runs: dict[Setup, list[Run]], overhead: Overhead) -> tuple[dict[str, object], list[dict[str, object]]]:
    """The figures, and the targets."""
    rate = {setup: statistics.median(run.pages_per_second for run in found) for setup, found in runs.items()}
    page_cpu_s = {setup: statistics.median(run.cpu_s_per_page for run in found) for setup, found in runs.items()}
    streaming_s = sum(overhead.cpu_s.values())
    cores = len(os.sched_getaffinity(0))
    targets: list[dict[str, object]] = []
    for name, setup in (("two reading processes", TWO_PROCESSES), ("two workers", TWO_WORKERS)):
        shared = page_cpu_s[ONE] / page_cpu_s[setup]
        targets.append(_target(f"CPU of a page with one, over that with {name}", shared, claimed=True))
        # A core for the servers and the harness, that no worker is kept to.
        seen = rate[setup] / rate[ONE] / 2
        targets.append(_target(f"pages a second with {name}, over twice one's", seen, claimed=cores > setup.cores))
    share = streaming_s / page_cpu_s[ONE]
    targets.append(
        {
            "target": "CPU of broker, vault, store and commit for each CPU second of a one-page scan",
            "at_most": 0.05,
            "figure": round(share, 4),
            "claimed": True,
            "pass": share <= 0.05,
        }
    )
    return {
        "cores": cores,
        "pages_per_second": {
            "one worker, one process": [round(run.pages_per_second, 3) for run in runs[ONE]],
            "one worker, two processes": [round(run.pages_per_second, 3) for run in runs[TWO_PROCESSES]],
            "two workers, one process each": [round(run.pages_per_second, 3) for run in runs[TWO_WORKERS]],
        },
        "cpu_s_per_page": {
            f"{setup.workers} x {setup.processes}": [round(run.cpu_s_per_page, 3) for run in found]
            for setup, found in runs.items()
        },
        "streaming_s_per_document": {
            "wall": round(overhead.wall_s, 4),
            **{f"cpu of {name}": round(seconds, 4) for name, seconds in overhead.cpu_s.items()},
        },
    }, targets


def _target(what: str, figure: float, claimed: bool) -> dict[str, object]:
    found = {"target": what, "at_least": AT_LEAST, "figure": round(figure, 3), "claimed": claimed}
    return found | {"pass": figure >= AT_LEAST} if claimed else found


if __name__ == "__main__":
    sys.exit(main())
