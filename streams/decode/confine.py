"""Locks the calling process, single-threaded, into what decoding one document needs: memory, CPU and one socket."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
from pathlib import Path
from typing import Final

from streams.decode.limits import MEMORY_BYTES, OPEN_FILES

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_LANDLOCK_VERSION_FLAG: Final = 1

# Rights known to each ABI (linux/landlock.h): a ruleset may handle only those that the kernel knows.
_FS_RIGHTS: Final = ((5, (1 << 16) - 1), (3, (1 << 15) - 1), (2, (1 << 14) - 1), (1, (1 << 13) - 1))
_NET_RIGHTS: Final = (1 << 2) - 1
_SCOPES: Final = (1 << 2) - 1

_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def confine(link: int, parent: int) -> None:
    """Leaves the process nothing but the descriptor `link`: no other file, no path, no core dump, no new rights.

    Called in a freshly forked child of `parent` before it has read a byte. Raises OSError where a lock cannot be set.
    """
    close_all_but(link)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise OSError(errno.ESRCH, "the parent died before its death could be a signal")
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (limit, limit))
    if landlock_abi() > 0:
        _close_file_system()


def limit_cpu(seconds: int) -> None:
    """Lets the kernel end a child that nobody is left to end."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def landlock_abi() -> int:
    """Version of the kernel's Landlock; 0 where it has none."""
    found = _libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION_FLAG)
    return max(int(found), 0)


def close_all_but(link: int) -> None:
    """Closes every descriptor but the standard ones (which lead to the null device) and `link`."""
    os.closerange(3, link)
    os.closerange(link + 1, os.sysconf("SC_OPEN_MAX"))


def threads() -> int:
    """Threads of this process: Landlock binds only the calling one."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _close_file_system() -> None:
    abi = landlock_abi()
    rights = next(mask for version, mask in _FS_RIGHTS if abi >= version)
    rules = _Ruleset(rights, _NET_RIGHTS if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    try:
        if _libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
