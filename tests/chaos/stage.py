"""The gateway on Apache Kafka, OpenBao and S3, each of its processes started again when it ends, as a cluster does."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams.demo.stage import environment_of
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.process import ChildProcess, free_port
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
from tests.kafka.apache import LIBS, ApacheKafka
from tests.store.gateway import BINARY

PARTITIONS: Final = 4
SESSION_MS: Final = 6_000
WINDOWS_S: Final = (10, 60)
STORE_MB: Final = 1024
_BUCKETS: Final = ("phi", "masked")


class Actor:
    """A `redoubt` command that is started again whenever it ends, until it is dismissed."""

    def __init__(self, name: str, command: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "streams.cli", command]
        self._folder, self._environment = folder, environment
        self._child: ChildProcess | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self._child.alive() else None

    def look_after(self) -> None:
        """Starts it, or starts it again where it has ended."""
        if self.pid is None:
            if self._child is not None:
                # A container dies whole; here its reading processes may have outlived it for a moment.
                with suppress(ProcessLookupError):
                    os.killpg(self._child.pid, signal.SIGKILL)
                self._child.stop()
            self._child = ChildProcess(self.name, self._command, self._folder, self._environment)
            self.starts += 1

    def dismiss(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


@dataclass
class Stage:
    """What runs, and where. `workers` are the settings of the worker instances, the last one for rebalances."""

    folder: Path
    kafka: ApacheKafka
    vault: EmbeddedVault
    gateway: ChildProcess
    store_root: Path
    full_can_be_played: bool
    submitter: Settings
    worker: Settings
    actors: dict[str, Actor]
    guest: Actor
    """A third worker, which comes and goes."""

    def look_after(self) -> None:
        """Starts again what has ended. Servers are started again by the fault that ended them."""
        for actor in self.actors.values():
            actor.look_after()

    def start_gateway(self) -> None:
        """S3 on the same port and folder as before."""
        self.gateway = _gateway(self.folder, self.store_root, self._gateway_port)

    @property
    def _gateway_port(self) -> int:
        return int(os.environ["AWS_ENDPOINT"].rpartition(":")[2])


def _gateway(folder: Path, root: Path, port: int) -> ChildProcess:
    command = [os.environ[BINARY], f"--port=127.0.0.1:{port}", "--access=testkey", "--secret=testsecret"]
    return ChildProcess("versitygw", [*command, "--region=us-east-1", "--quiet", "posix", str(root)], folder, {})


@contextmanager
def stage(processes: int) -> Iterator[Stage]:
    """Servers up, topics and roles made, no actor started yet. Needs the environment's REDOUBT_TEST_KAFKA_LIBS and
    REDOUBT_TEST_S3. As root the store lies in a file system of its own size, so that it can be filled."""
    with ExitStack() as stack:
        os.umask(0o077)
        folder = Path(tempfile.mkdtemp(prefix="redoubt-chaos-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        kafka = stack.enter_context(ApacheKafka(Path(os.environ[LIBS]), folder / "kafka"))
        vault = stack.enter_context(EmbeddedVault(folder / "vault"))
        root = folder / "s3"
        root.mkdir()
        limited = _mounted(root)
        if limited:
            stack.callback(subprocess.run, ["umount", "-l", str(root)], check=False)
        for bucket in _BUCKETS:
            (root / bucket).mkdir()
        roles = set_up(
            VaultSettings(address=vault.address, ca_file=vault.ca_file), vault.root_token, folder / "credentials"
        )

        def settings(role: Role, instance: str = "worker-0") -> Settings:
            return Settings(
                environment=Environment.PRODUCTION,
                kafka=KafkaSettings(
                    bootstrap=kafka.bootstrap,
                    instance=instance,
                    session_timeout_ms=SESSION_MS,
                    transaction_timeout_ms=10_000,
                ),
                vault=VaultSettings(
                    address=vault.address,
                    ca_file=vault.ca_file,
                    role_id_file=roles[role].role_id_file,
                    secret_id_file=roles[role].secret_id_file,
                ),
                store=StoreSettings(phi_url="s3://phi/zone", masked_url="s3://masked/copies"),
                worker=WorkerSettings(
                    processes=processes, in_flight=processes + 2, metrics_port=0, metrics_address="127.0.0.1"
                ),
                attestor=AttestorSettings(socket=str(folder / "attestor.sock")),
                sequencer=SequencerSettings(metrics_port=0, metrics_address="127.0.0.1"),
                monitor=MonitorSettings(
                    windows_s=WINDOWS_S, grace_s=2.0, exactly_once=True, metrics_port=0, metrics_address="127.0.0.1"
                ),
            )

        found = settings(Role.WORKER)
        create_topics(found.kafka, PARTITIONS, extra=monitor_topics(PARTITIONS))
        port = free_port()
        for name, value in _credentials(port).items():
            os.environ[name] = value
        gateway = _gateway(folder, root, port)

        def actor(name: str, command: str, role: Role = Role.WORKER) -> Actor:
            variables = {**environment_of(settings(role, name)), **_credentials(port)}
            return Actor(name, command, folder / "actors", variables)

        actors = {"attestor": actor("attestor", "attestor", Role.ATTESTOR)}
        actors |= {name: actor(name, "worker") for name in ("worker-0", "worker-1")}
        actors |= {name: actor(name, name) for name in ("monitor", "sequencer")}
        running = Stage(
            folder,
            kafka,
            vault,
            gateway,
            root,
            limited,
            submitter=settings(Role.SUBMITTER),
            worker=settings(Role.WORKER),
            actors=actors,
            guest=actor("worker-2", "worker"),
        )
        try:
            yield running
        finally:
            for each in (*actors.values(), running.guest):
                each.dismiss()
            running.gateway.stop()


def _credentials(port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testkey",
        "AWS_SECRET_ACCESS_KEY": "testsecret",
    }


def _mounted(root: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={STORE_MB}m,mode=0700", "redoubt-chaos", str(root)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
