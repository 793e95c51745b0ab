"""The stage of the demonstration: broker, vault, stores, topics and roles on loopback, in a private folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from streams.attest.keys import RELEASES
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.process import ChildProcess
from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import create_topics
from streams.monitor import monitor_topics
from streams.settings import (
    AttestorSettings,
    Environment,
    KafkaSettings,
    MonitorSettings,
    SequencerSettings,
    Settings,
    StoreSettings,
    VaultSettings,
    WorkerSettings,
)
from streams.vault.setup import Role, set_up

PARTITIONS: Final = 4
SESSION_TIMEOUT_MS: Final = 6_000
"""The embedded broker lets a group join only after a session's length."""
HEADS_S: Final = 5.0
WINDOW_S: Final = 10
"""Short, so that the demonstration sees windows close; an hour's run has longer ones."""


@dataclass(frozen=True)
class Stage:
    """Running servers. `worker`, `submitter` and `sequencer` are the settings of the roles: none can do another's work.

    Releases are signed by a process of its own, the attestor; `public_key` checks them.
    """

    folder: Path
    worker: Settings
    submitter: Settings
    sequencer: Settings
    public_key: Path

    @contextmanager
    def actor(self, command: str, settings: Settings) -> Iterator[ChildProcess]:
        """A `redoubt` command in a process of its own, ended with the block. What it leaves for temporary files lies
        below `folder` as well."""
        temporary = self.folder / "temporary"
        temporary.mkdir(mode=0o700, exist_ok=True)
        given = {**environment_of(settings), "TMPDIR": str(temporary)}
        child = ChildProcess(command, [sys.executable, "-m", "streams.cli", command], self.folder, given)
        try:
            yield child
        finally:
            child.stop()

    def keep_logs(self, folder: Path) -> None:
        """Copies the actors' logs, which hold allow-listed fields only, before the private folder goes."""
        folder.mkdir(parents=True, exist_ok=True)
        for log in self.folder.glob("*.log"):
            shutil.copyfile(log, folder / log.name)


@contextmanager
def stage(processes: int) -> Iterator[Stage]:
    """Starts the servers; whatever ends the block, no process and no file of them is left."""
    with ExitStack() as stack:
        stack.enter_context(_interrupted_by_sigterm())
        os.umask(0o077)
        folder = Path(tempfile.mkdtemp(prefix="redoubt-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        broker = stack.enter_context(EmbeddedBroker(folder / "broker"))
        vault = stack.enter_context(EmbeddedVault(folder / "vault"))
        roles = set_up(
            VaultSettings(address=vault.address, ca_file=vault.ca_file), vault.root_token, folder / "credentials"
        )

        def settings(role: Role) -> Settings:
            return Settings(
                environment=Environment.DEMO,
                kafka=KafkaSettings(bootstrap=broker.bootstrap, session_timeout_ms=SESSION_TIMEOUT_MS),
                vault=VaultSettings(
                    address=vault.address,
                    ca_file=vault.ca_file,
                    role_id_file=roles[role].role_id_file,
                    secret_id_file=roles[role].secret_id_file,
                ),
                store=StoreSettings(phi_url=(folder / "phi").as_uri(), masked_url=(folder / "masked").as_uri()),
                worker=WorkerSettings(
                    processes=processes, in_flight=processes + 2, metrics_port=0, metrics_address="127.0.0.1"
                ),
                attestor=AttestorSettings(socket=str(folder / "attestor.sock")),
                sequencer=SequencerSettings(heads_every_s=HEADS_S, metrics_port=0, metrics_address="127.0.0.1"),
                monitor=MonitorSettings(
                    windows_s=(WINDOW_S,), grace_s=2.0, metrics_port=0, metrics_address="127.0.0.1"
                ),
            )

        worker = settings(Role.WORKER)
        for store in ("phi", "masked"):
            (folder / store).mkdir(mode=0o700)
        create_topics(worker.kafka, PARTITIONS, extra=monitor_topics(PARTITIONS))
        public_key = folder / "credentials" / f"{RELEASES}.pem"
        found = Stage(folder, worker, settings(Role.SUBMITTER), settings(Role.SEQUENCER), public_key)
        stack.enter_context(found.actor("attestor", settings(Role.ATTESTOR)))
        yield found


def environment_of(settings: Settings) -> Mapping[str, str]:
    """What was set, as the variables that give it back: a default may name what only another machine has."""
    variables = {"REDOUBT_ENVIRONMENT": settings.environment.value}
    for part in ("kafka", "vault", "store", "worker", "monitor", "attestor", "sequencer"):
        for name, value in getattr(settings, part).model_dump(exclude_unset=True).items():
            if value is not None:
                secret = getattr(value, "get_secret_value", None)
                plain = json.dumps(value) if isinstance(value, tuple) else str(secret() if secret else value)
                variables[f"REDOUBT_{part}__{name}".upper()] = plain
    return variables


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """SIGTERM unwinds the stack like Ctrl-C, so that every server is ended."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
