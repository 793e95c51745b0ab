"""Locks the calling process, single-threaded, into what decoding one document needs: memory, CPU and one socket."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
from collections.abc import Callable
from enum import IntFlag
from pathlib import Path
from typing import Final

from streams.decode import landlock, seccomp
from streams.decode.limits import MEMORY_BYTES, OPEN_FILES

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38

_libc: Final = ctypes.CDLL(None, use_errno=True)


class Lock(IntFlag):
    """What the kernel has to be able to do. The limits and the closed descriptors every Linux knows."""

    PATHS = 1
    """Landlock: no path can be opened. Linux 5.13, with Landlock among its security modules."""
    CALLS = 2
    """Seccomp: no system call but those of decoding. Linux 3.17, on x86_64 and aarch64."""


ALL_LOCKS: Final = Lock.PATHS | Lock.CALLS


def confine(link: int, parent: int, cpu_s: int, locks: Lock) -> None:
    """Leaves the process nothing but the descriptor `link`: no other file, no path, no core dump, no new rights.

    Called in a freshly forked child of `parent` before it has read a byte; `locks` are those that `working_locks`
    found. The kernel ends the child after `cpu_s` seconds of CPU, also where nobody is left to end it. Raises OSError
    where a lock cannot be set.
    """
    close_all_but(link)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise OSError(errno.ESRCH, "the parent died before its death could be a signal")
    _prctl(_PR_SET_DUMPABLE, 0)
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    for lock in Lock:
        if lock in locks:
            _set(lock)


def working_locks() -> Lock:
    """The locks that hold here, each tried out in a child that ends with the trial. Raises OSError.

    What the kernel says it has is not asked: a container's profile may forbid what the kernel would do.
    """
    return _held(Lock.PATHS, _opens_a_path) | _held(Lock.CALLS, _calls_what_it_may_not)


def close_all_but(link: int) -> None:
    """Closes every descriptor but the standard ones (which lead to the null device) and `link`."""
    os.closerange(3, link)
    os.closerange(link + 1, os.sysconf("SC_OPEN_MAX"))


def threads() -> int:
    """Threads of this process: Landlock binds only the calling one."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _set(lock: Lock) -> None:
    """Raises OSError where the kernel will not."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if lock is Lock.PATHS:
        landlock.close_paths()
    else:
        # Last: it forbids the calls that set the others.
        seccomp.confine_calls()


def _held(lock: Lock, breaks: Callable[[], bool]) -> Lock:
    """The lock, if it could be set in a child and `breaks` did not break it."""
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.close(os.open(os.sep, os.O_RDONLY))
            _set(lock)
            broken = breaks()
        except BaseException:  # noqa: BLE001  the boundary of the process: a trial that fails has shown nothing
            broken = True
        os._exit(1 if broken else 0)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS
    return lock if status == 0 or (killed and lock is Lock.CALLS) else Lock(0)


def _opens_a_path() -> bool:
    try:
        os.open(os.sep, os.O_RDONLY)
    except PermissionError:
        return False
    return True


def _calls_what_it_may_not() -> bool:
    """Breaks the lock if a call is answered that should be refused. Ends by SIGSYS where it holds."""
    try:
        os.uname()
    except PermissionError:
        os.fork()
    return True


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
