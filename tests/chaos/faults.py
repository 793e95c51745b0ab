"""What can happen to the gateway. Each fault strikes, lasts some seconds and is healed; a seed says which and when."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import hvac

from tests.chaos.stage import SESSION_MS, Actor, Stage

Heal = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """`strike` gives back what heals it, after `lasts_s` seconds; a process that was killed is started again by the
    stage."""

    name: str
    lasts_s: tuple[float, float]
    strike: Callable[[Stage, Random], Heal]
    weight: int = 1


Strike = tuple[Fault, float, Random]
"""A fault, how many seconds it lasts, and what chooses its victim."""


def schedule(seed: int, count: int, without: Collection[str] = (), only: str | None = None) -> list[Strike]:
    """The same seed gives the same faults, lengths and victims. Every kind of fault comes at least once where there
    are as many; then by weight. ValueError where `only` names none."""
    chance = Random(seed)  # noqa: S311  a sequence to play again, nothing secret
    kinds = [fault for fault in FAULTS if fault.name not in without and only in (None, fault.name)]
    if not kinds:
        raise ValueError(f"no fault is named so; there are: {', '.join(fault.name for fault in FAULTS)}")
    chosen = chance.sample(kinds, len(kinds))[:count]
    chosen += chance.choices(kinds, [fault.weight for fault in kinds], k=count - len(chosen))
    chance.shuffle(chosen)
    return [(fault, chance.uniform(*fault.lasts_s), Random(chance.random())) for fault in chosen]  # noqa: S311


def _nothing() -> None:
    """The stage starts again what was killed."""


def _worker(stage: Stage, chance: Random) -> Actor:
    return stage.actors[chance.choice(("worker-0", "worker-1"))]


def _signal(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def kill_worker(stage: Stage, chance: Random) -> Heal:
    _signal(_worker(stage, chance).pid, signal.SIGKILL)
    return _nothing


def stop_worker(stage: Stage, chance: Random) -> Heal:
    _signal(_worker(stage, chance).pid, signal.SIGTERM)
    return _nothing


def kill_helper(stage: Stage, chance: Random) -> Heal:
    """A reading process, a decoder, or the process that forks them."""
    worker = _worker(stage, chance).pid
    below = sorted(descendants(worker)) if worker is not None else []
    if below:
        _signal(chance.choice(below), signal.SIGKILL)
    return _nothing


def freeze_worker(stage: Stage, chance: Random) -> Heal:
    """Longer than the session: the group gives its partitions away, then the worker wakes as a zombie."""
    pid = _worker(stage, chance).pid
    _signal(pid, signal.SIGSTOP)
    return lambda: _signal(pid, signal.SIGCONT)


def third_worker(stage: Stage, chance: Random) -> Heal:
    del chance
    stage.guest.look_after()
    return stage.guest.dismiss


def kill_broker(stage: Stage, chance: Random) -> Heal:
    del chance
    stage.kafka.kill()
    return stage.kafka.start


def freeze_broker(stage: Stage, chance: Random) -> Heal:
    del chance
    pid = stage.kafka.pid
    _signal(pid, signal.SIGSTOP)
    return lambda: _signal(pid, signal.SIGCONT)


def seal_vault(stage: Stage, chance: Random) -> Heal:
    del chance
    stage.vault.seal()
    return stage.vault.unseal


def end_tokens(stage: Stage, chance: Random) -> Heal:
    """Every token of the worker's role dies at once."""
    del chance
    vault = hvac.Client(url=stage.vault.address, token=stage.vault.root_token, verify=str(stage.vault.ca_file))
    for accessor in vault.list("auth/token/accessors")["data"]["keys"]:
        with suppress(hvac.exceptions.VaultError):
            policies = vault.auth.token.lookup_accessor(accessor)["data"]["policies"]
            if "redoubt-worker" in policies:
                vault.auth.token.revoke_accessor(accessor)
    return _nothing


def kill_store(stage: Stage, chance: Random) -> Heal:
    del chance
    os.killpg(stage.gateway.pid, signal.SIGKILL)
    stage.gateway.stop()
    return stage.start_gateway


def freeze_store(stage: Stage, chance: Random) -> Heal:
    """Calls time out, and may land all the same once it wakes."""
    del chance
    pid = stage.gateway.pid
    _signal(pid, signal.SIGSTOP)
    return lambda: _signal(pid, signal.SIGCONT)


def fill_store(stage: Stage, chance: Random) -> Heal:
    del chance
    ballast = stage.store_root / "ballast"
    with ballast.open("wb") as file, suppress(OSError):
        block = bytes(1 << 20)
        while True:
            file.write(block)
            file.flush()
    return lambda: ballast.unlink(missing_ok=True)


def kill_monitor(stage: Stage, chance: Random) -> Heal:
    del chance
    _signal(stage.actors["monitor"].pid, signal.SIGKILL)
    return _nothing


def kill_sequencer(stage: Stage, chance: Random) -> Heal:
    del chance
    _signal(stage.actors["sequencer"].pid, signal.SIGKILL)
    return _nothing


def kill_attestor(stage: Stage, chance: Random) -> Heal:
    """Nothing may leave unsigned meanwhile."""
    del chance
    _signal(stage.actors["attestor"].pid, signal.SIGKILL)
    return _nothing


FAULTS: tuple[Fault, ...] = (
    Fault("worker killed", (0, 2), kill_worker, 4),
    Fault("worker stopped", (0, 2), stop_worker, 2),
    Fault("reading process or decoder killed", (0, 1), kill_helper, 4),
    Fault("worker frozen longer than its session", (SESSION_MS / 1000 + 2, SESSION_MS / 1000 + 4), freeze_worker, 2),
    Fault("third worker joins and leaves", (6, 12), third_worker, 2),
    Fault("broker killed", (0, 3), kill_broker, 2),
    Fault("broker frozen", (2, 8), freeze_broker, 1),
    Fault("vault sealed", (2, 8), seal_vault, 2),
    Fault("vault tokens ended", (0, 1), end_tokens, 2),
    Fault("store killed", (1, 6), kill_store, 2),
    Fault("store frozen", (2, 8), freeze_store, 1),
    Fault("store full", (2, 6), fill_store, 2),
    Fault("monitor killed", (0, 2), kill_monitor, 2),
    Fault("sequencer killed", (0, 2), kill_sequencer, 1),
    Fault("attestor killed", (0, 2), kill_attestor, 1),
)


def descendants(root: int) -> Iterator[int]:
    """The processes below one, from /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    for pid in parents:
        above = pid
        while above in parents and above != root:
            above = parents[above]
        if above == root and pid != root:
            yield pid
