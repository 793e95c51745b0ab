"""`python -m tests.chaos`: documents by the thousand while faults strike by the hundred, then the ledger.

First a quiet run makes every distinct document once; its copies are judged against the planted truth. Then the same
documents are sent many times over, and each copy must be, byte for byte, the one of the quiet run. Exit code 1 where
a document is lost, visible twice in any topic, ended otherwise than in the quiet run, or leaks.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from streams.kafka import LOG
from streams.kafka.submit import Request
from streams.kafka.topics import MASKED_DOCUMENTS
from streams.store.claims import get_addressed, open_claims
from streams.wiring import submitter
from tests.chaos.faults import Heal, Strike, schedule
from tests.chaos.ledger import Ledger, Result, broken_chain, observed, windowed
from tests.chaos.slips import Slip, leaks, slips
from tests.chaos.stage import WINDOWS_S, Stage, stage

PROFILES: Final = ("maximal", "hipaa-safe-harbor", "analytics")
QUIET, CHAOS = "quiet", "chaos"
STALLED_S: Final = 240.0
"""No document finished for so long, though nothing is wrong any more: the rest counts as lost."""
SETTLE_S: Final = 12.0
"""A double would come within a session and a transaction's time-out."""

Sent = dict[str, int]
"""Document ids, and which of the distinct documents each is."""


@dataclass
class Account:
    """What came of it. Everything but the first five must be zero."""

    documents: int
    distinct: int
    faults: dict[str, int]
    restarts: dict[str, int]
    seconds: float
    lost: int = 0
    twice: int = 0
    unmasked: int = 0
    other_bytes: int = 0
    other_verdict: int = 0
    audit_missing: int = 0
    audit_twice: int = 0
    audit_chain_broken: int = 0
    figures_missing_or_twice: int = 0
    windows_off_by: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        counts = asdict(self)
        kept = {"documents", "distinct", "faults", "restarts", "seconds", "notes"}
        return not any(value for name, value in counts.items() if name not in kept)


def submit(running: Stage, tenant: str, documents: Sequence[Slip], count: int) -> Sent:
    sent: Sent = {}
    with submitter(running.submitter) as submit:
        for number in range(count):
            which = number % len(documents)
            document = documents[which]
            request = Request(
                tenant=tenant,
                profile=PROFILES[which % len(PROFILES)],
                purpose="chaos",
            )
            sent[submit.submit(document.content, request, document.subject)] = which
    return sent


def quiet_run(running: Stage, ledger: Ledger, documents: Sequence[Slip]) -> dict[int, Result]:
    """How each distinct document ends where nothing goes wrong."""
    sent = submit(running, QUIET, documents, len(documents))
    last, before = time.monotonic(), 0
    while (done := ledger.finished(sent)) < len(sent):
        running.look_after()
        ledger.poll()
        if done > before:
            last, before = time.monotonic(), done
        if time.monotonic() - last > STALLED_S:
            raise SystemExit(f"the quiet run came no further than {done} of {len(sent)}")
    return {which: ledger.results[document][0] for document, which in sent.items()}


def leaking(running: Stage, documents: Sequence[Slip], quiet: Mapping[int, Result]) -> int:
    """Released copies of the quiet run on which a planted identifier can be read."""
    store = open_claims(running.submitter.store.masked_url)
    released = [(documents[which], result.reference) for which, result in quiet.items() if result.reference is not None]
    return sum(leaks(slip, get_addressed(store, reference)) for slip, reference in released)


def chaos_run(running: Stage, ledger: Ledger, sent: Sent, todo: Sequence[Strike]) -> Counter[str]:
    """Until every document has a result, or nothing has come for long; the faults that struck, by name."""
    struck: Counter[str] = Counter()
    heal: Heal | None = None
    heal_at = last = time.monotonic()
    before = 0
    while (done := ledger.finished(sent)) < len(sent) or heal is not None or struck.total() < len(todo):
        now = time.monotonic()
        if heal is not None and now >= heal_at:
            heal()
            heal = None
        # Spread over the documents, not over the clock: a slower machine gets the same faults at the same places.
        number = struck.total()
        if heal is None and number < len(todo) and done * (len(todo) + 1) >= len(sent) * number and ready(running):
            fault, lasts_s, chance = todo[number]
            heal, heal_at = fault.strike(running, chance), now + lasts_s
            struck[fault.name] += 1
            print(f"{time.strftime('%H:%M:%S')}  {done:5} of {len(sent)}  {fault.name}, {lasts_s:.1f} s", flush=True)
        running.look_after()
        ledger.poll()
        if done > before:
            last, before = now, done
        if done < len(sent) and now - last > STALLED_S:
            print(f"nothing came for {STALLED_S:.0f} s", flush=True)
            break
    if heal is not None:
        heal()
    return struck


def ready(running: Stage) -> bool:
    """Faults strike what runs."""
    return all(actor.pid is not None for actor in running.actors.values())


def settle(running: Stage, ledger: Ledger, sent: Sent) -> None:
    """Waits for what comes behind the results: audit entries, windows, and doubles if there are any."""
    until = time.monotonic() + 180
    wanted = observed(ledger.results, sent)
    while time.monotonic() < until and (
        windowed(ledger.windows, CHAOS, min(WINDOWS_S)) < wanted
        or windowed(ledger.windows, CHAOS, max(WINDOWS_S)) < wanted
        or sum(ledger.audited[d] for d in sent) < len(sent)
    ):
        running.look_after()
        ledger.poll()
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        running.look_after()
        ledger.poll()


def balance(account: Account, ledger: Ledger, sent: Sent, quiet: Mapping[int, Result]) -> None:
    for document, which in sent.items():
        results, expected = ledger.results[document], quiet[which]
        account.lost += not results
        account.twice += len(results) > 1 or ledger.records[document] > 1
        if results:
            account.other_verdict += results[0].topic != expected.topic
            account.other_bytes += results[0].topic == expected.topic and results[0].reference != expected.reference
            if results[0].topic != expected.topic:
                account.notes.append(f"{expected.topic} expected, {results[0].topic} {','.join(results[0].reasons)}")
        account.audit_missing += ledger.audited[document] < 1
        account.audit_twice += ledger.audited[document] > 1
        released = bool(results) and results[0].topic == MASKED_DOCUMENTS
        account.figures_missing_or_twice += released and ledger.observations[document] != 1
    account.audit_chain_broken = int(broken_chain(ledger.log))
    wanted = observed(ledger.results, sent)
    for size in WINDOWS_S:
        counted = windowed(ledger.windows, CHAOS, size)
        account.windows_off_by += abs(counted - wanted)
        account.notes.append(f"windows of {size} s count {counted} of {wanted} documents")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--distinct", type=int, default=400, help="different documents among them")
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--only", help="play only faults of this name")
    parser.add_argument("--seed", type=int, default=1, help="of the documents and of the faults")
    parser.add_argument("--processes", type=int, default=1, help="reading processes of each of the two workers")
    parser.add_argument("--json", type=Path, default=Path("out/chaos.json"))
    parser.add_argument("--logs", type=Path, help="folder for the processes' logs")
    options = parser.parse_args(arguments)
    # The clients would tell, some thousand times, that the broker is away.
    LOG.setLevel(logging.CRITICAL)
    documents = slips(options.seed, min(options.distinct, options.documents))
    with stage(options.processes) as running:
        ledger = Ledger(running.submitter.kafka)
        started = time.monotonic()
        quiet = quiet_run(running, ledger, documents)
        if 2 * sum(result.reference is not None for result in quiet.values()) < len(quiet):
            raise SystemExit("the quiet run released too little to show anything by")
        unmasked = leaking(running, documents, quiet)
        print(f"quiet run: {Counter(r.topic for r in quiet.values())}, {time.monotonic() - started:.0f} s", flush=True)
        sent = submit(running, CHAOS, documents, options.documents)
        started = time.monotonic()
        without = () if running.full_can_be_played else ("store full",)
        struck = chaos_run(running, ledger, sent, schedule(options.seed, options.faults, without, options.only))
        settle(running, ledger, sent)
        account = Account(
            documents=len(sent),
            distinct=len(documents),
            faults=dict(struck),
            restarts={name: actor.starts - 1 for name, actor in running.actors.items()},
            seconds=round(time.monotonic() - started, 1),
            unmasked=unmasked,
        )
        balance(account, ledger, sent, quiet)
        ledger.close()
        if options.logs:
            options.logs.mkdir(parents=True, exist_ok=True)
            for log in (running.folder / "actors").glob("*.log"):
                (options.logs / log.name).write_bytes(log.read_bytes())
            (options.logs / "kafka.log").write_bytes((running.folder / "kafka" / "kafka.log").read_bytes())
        if not running.full_can_be_played:
            account.notes.append("not root: the store was not filled")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(asdict(account), indent=2) + "\n")
    print(json.dumps(asdict(account), indent=2))
    print("passed" if account.passed else "FAILED")
    return 0 if account.passed and sum(struck.values()) == options.faults else 1


if __name__ == "__main__":
    # So that the servers are ended and the store's file system goes, whoever ends the run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
