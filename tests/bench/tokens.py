"""`python -m tests.bench.tokens COMMAND`: the figures of docs/tokens.md and docs/analytics.md.

throughput   tokens a second from a cold cache, against OpenBao on loopback over TLS, and the server's own ceiling
frequency    how many people an attacker names who knows how often names are borne
collisions   values that two different identifiers of a million patients share; slips taken for another's value
joins        share of true pairs of documents that tokens join, by how badly they were scanned
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from detectors.findings import Kind
from policies.tokens.form import context, padded
from policies.tokens.local import LocalTokenizer
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import BATCH, CALLS, TransitTokenizer
from policies.tokens.vaulted import VaultedTokenizer
from policies.values.normalise import Matching, normalise
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.setup import Role, set_up
from tests.policies.tokens.cohort import cohort, damaged, spellings, zipf_names
from tests.policies.tokens.test_joins import collisions as shared_values
from tests.policies.tokens.test_joins import join_shares, plain

OUT = sys.stdout.write
TARGET = 20_000
ROUNDS = 25
SLIPPING = 60_000
"""Patients; all their spellings are kept in memory."""


def throughput(tokens: int) -> None:
    with tempfile.TemporaryDirectory() as folder, EmbeddedVault(Path(folder) / "server") as vault:
        bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        files = set_up(bare, vault.root_token, Path(folder) / "roles", [Role.WORKER])[Role.WORKER]
        settings = bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})
        session = VaultSession(settings)
        session.probe()
        pid = vault.pid or 0
        rounds = _beside_the_ceiling(session, tokens, pid)
        ours, ceiling = (sum(side, Measured()) for side in zip(*rounds, strict=True))
        for name, purpose in (("random, new", "new"), ("random, known", "new")):
            count = tokens // 20
            wanted = [TokenRequest("north", purpose, Kind.MRN, f"{n:08d}", TokenType.RANDOM) for n in range(count)]
            _told(name, _measured(count, lambda w=wanted: VaultedTokenizer(session).tokens(w), pid))  # type: ignore[misc]
        _told("convergent", ours)
        _told("the server's ceiling", ceiling)
        share = median(made.a_second / most.a_second for made, most in rounds)
        OUT(f"convergent: {ours.a_second:,.0f} a second of wall time, the target is {TARGET:,}; the server's ceiling ")
        OUT(f"{ceiling.a_second:,.0f}, {share:.2f} of it reached, the median of {ROUNDS} rounds; ")
        OUT(f"{ours.tokens / (ours.own_s + ours.server_s):,.0f} a second of one core that both would share\n")


def _beside_the_ceiling(session: VaultSession, tokens: int, pid: int) -> list[tuple[Measured, Measured]]:
    """Turn and turn about, so that whatever else the machine does slows both: tokens from a cold cache, and what the
    server does at most (bodies made beforehand, as many callers, nothing done with the answers)."""
    each, tokenizer = tokens // ROUNDS // BATCH * BATCH, TransitTokenizer(session)

    def call(body: Mapping[str, object]) -> None:
        session.write("tokens/encrypt/convergent", body)

    found: list[tuple[Measured, Measured]] = []
    # The first round is left out: the server's memory grows in it, and connections are made.
    for number in range(ROUNDS + 1):
        wanted = [TokenRequest("north", f"p{number}", Kind.MRN, f"{n:08d}") for n in range(each)]
        bodies = [_body(wanted[start : start + BATCH], f"q{number}") for start in range(0, each, BATCH)]
        made = _measured(each, lambda w=wanted: tokenizer.tokens(w), pid)  # type: ignore[misc]
        with ThreadPoolExecutor(CALLS) as pool:
            most = _measured(each, lambda p=pool, b=bodies: list(p.map(call, b)), pid)  # type: ignore[misc]
        found.append((made, most))
    return found[1:]


def _body(requests: Sequence[TokenRequest], purpose: str) -> Mapping[str, object]:
    bound = base64.b64encode(context("north", purpose, Kind.MRN)).decode()
    items = [{"plaintext": base64.b64encode(padded(r)).decode(), "context": bound, "key_version": 1} for r in requests]
    return {"batch_input": items, "partial_failure_response_code": 200}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of wall time, of this process's processor time and of the server's."""

    tokens: int = 0
    wall_s: float = 0.0
    own_s: float = 0.0
    server_s: float = 0.0

    def __add__(self, other: Measured) -> Measured:
        return Measured(
            self.tokens + other.tokens,
            self.wall_s + other.wall_s,
            self.own_s + other.own_s,
            self.server_s + other.server_s,
        )

    @property
    def a_second(self) -> float:
        return self.tokens / self.wall_s


def _measured(count: int, work: Callable[[], object], pid: int) -> Measured:
    wall, own, server = time.perf_counter(), _own_s(), _cpu_s(pid)
    work()
    return Measured(count, time.perf_counter() - wall, _own_s() - own, _cpu_s(pid) - server)


def _told(name: str, found: Measured) -> None:
    OUT(
        f"{name}: {found.tokens} tokens, {found.a_second:,.0f} a second of wall time; "
        f"{1e6 * found.own_s / found.tokens:.1f} us of CPU a token here, "
        f"{1e6 * found.server_s / found.tokens:.1f} us in the server\n"
    )


def _own_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def frequency(people: int) -> None:
    """The attacker knows how often each surname is borne in the country, sees tokens alone, and matches by rank."""
    for kinds, size in (("surnames", people), ("full names", people)):
        truth = zipf_names(size, Random(3), full=kinds == "full names")  # noqa: S311
        known = Counter(zipf_names(10 * size, Random(4), full=kinds == "full names"))  # noqa: S311
        tokenizer = LocalTokenizer(production=False)
        values = sorted(set(truth))
        made = tokenizer.tokens([TokenRequest("north", "p", Kind.PERSON, value) for value in values])
        token_of = dict(zip(values, made, strict=True))
        seen = Counter(token_of[value] for value in truth)
        ranked = zip((t for t, _ in seen.most_common()), (v for v, _ in known.most_common()), strict=False)
        guess = dict(ranked)
        named = sum(guess.get(token_of[value]) == value for value in truth)
        first = {t for t, _ in seen.most_common(20)}
        top = sum(guess[t] == next(v for v in values if token_of[v] == t) for t in first)
        OUT(f"{kinds}: {named / size:.4f} of {size} people named, {top} of the 20 commonest tokens right\n")


class Slips(NamedTuple):
    """Readings with one slip; those that took another patient's value; of these, those that do not read as a clerk
    writes that patient, initials, labels and leading zeros aside: a rule took them for it, and not the scanner."""

    readings: int
    taken: int
    by_rule: int


def slips(count: int) -> Slips:
    patients = list(cohort(count, seed=count))
    written = [pair for patient in patients for style in range(4) for pair in spellings(patient, style)]
    values = {(kind, normalise(kind, text, Matching.LENIENT)) for kind, text in written}
    as_written = {(kind, _as_read(kind, text)) for kind, text in written}
    random, found = Random(5), Counter[str]()  # noqa: S311
    for kind, text in written:
        at = random.randrange(len(text))
        read = text[:at] + damaged(text[at], random, share=1.0) + text[at + 1 :]
        value = normalise(kind, read, Matching.LENIENT)
        if value != normalise(kind, text, Matching.LENIENT) and (kind, value) in values:
            found["taken"] += 1
            found["by_rule"] += (kind, _as_read(kind, read)) not in as_written
    return Slips(len(written), found["taken"], found["by_rule"])


def _as_read(kind: Kind, text: str) -> str:
    words = re.findall(r"[^\W_]+", plain(text))
    if kind is Kind.PERSON:
        return " ".join(sorted(word for word in words if len(word) > 1))
    return "".join(words).removeprefix("mrn").lstrip("0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("throughput", "frequency", "collisions", "joins"))
    parser.add_argument("--count", type=int)
    given = parser.parse_args()
    match given.command:
        case "throughput":
            throughput(given.count or 100_000)
        case "frequency":
            frequency(given.count or 100_000)
        case "collisions":
            count = given.count or 1_000_000
            OUT(f"{shared_values(count)} of {5 * count} values shared by two identifiers\n")
            read = slips(min(count, SLIPPING))
            OUT(f"{read.by_rule} of {read.readings} readings with one slip taken for another's value by a rule; ")
            OUT(f"{read.taken - read.by_rule} read as that value\n")
        case "joins":
            for told in (False, True):
                for mentions in (2, 1):
                    for damage in (0.015, 0.03, 0.05):
                        patients = list(cohort(given.count or 500, seed=7))
                        found = join_shares(patients, mentions, damage, told)
                        shown = {"patient in the event": told, "mentions": mentions, "damage": damage}
                        shares = {"directly": round(found.directly, 4), "joined": round(found.true, 4)}
                        OUT(json.dumps({**shown, **shares, "false": found.false}) + "\n")


if __name__ == "__main__":
    main()
