"""Apache Kafka for tests: one broker in KRaft mode on loopback, from a folder of jars (see pom.xml)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.embedded.process import ChildProcess, free_port, private_folder

LIBS = "REDOUBT_TEST_KAFKA_LIBS"
_CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg"

_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
log.dirs={folder}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""

_LISTENERS = """
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
"""


class ApacheKafka:
    """A broker for the time of a `with` block; `bootstrap` is its address."""

    _format: tuple[str, ...] = ()
    """More options for the tool that formats the broker's folder."""

    def __init__(self, libs: Path, folder: Path) -> None:
        self._libs = libs.resolve()
        self._folder = private_folder(folder)
        self._child: ChildProcess | None = None
        self._command: list[str] = []
        self.bootstrap = ""

    def __enter__(self) -> Self:
        port, controller = free_port(), free_port()
        self.bootstrap = f"127.0.0.1:{port}"
        properties = self._folder / "server.properties"
        common = _PROPERTIES.format(controller=controller, folder=self._folder)
        properties.write_text(common + self._listeners(port, controller))
        java = ["/usr/bin/env", "java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Xmx512m", "-XX:+UseSerialGC"]
        java += ["-XX:TieredStopAtLevel=1", "-cp", f"{self._libs}/*"]
        subprocess.run(
            [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c", str(properties), *self._format],
            check=True,
            capture_output=True,
            timeout=120,
        )
        self._command = [*java, "kafka.Kafka", str(properties)]
        self.start()
        return self

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start it, or after a `kill` start it again, at the same address and with what is on its disk."""
        environment = {name: os.environ[name] for name in ("PATH", "JAVA_HOME") if name in os.environ}
        self._child = ChildProcess("kafka", self._command, self._folder, environment)
        port = int(self.bootstrap.rpartition(":")[2])
        if not self._child.wait_until(lambda: _open(port), 90):
            self._child.stop()
            raise RuntimeError(f"Kafka did not start, see {self._folder}/kafka.log")

    def kill(self) -> None:
        """SIGKILL, as where memory runs out."""
        if self._child:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.stop()

    def _listeners(self, port: int, controller: int) -> str:
        """The properties of who may come in and how; here everybody, in plain text."""
        return _LISTENERS.format(port=port, controller=controller)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._child:
            self._child.stop(grace_s=0.2)  # nobody reads again what it holds


def _open(port: int) -> bool:
    with socket.socket() as probe:
        found = probe.connect_ex(("127.0.0.1", port)) == 0
    if not found:
        time.sleep(0.1)
    return found
