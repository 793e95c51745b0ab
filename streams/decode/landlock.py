"""Landlock: the calling thread may open no path and no TCP port from here on (landlock(7), linux/landlock.h)."""

from __future__ import annotations

import ctypes
import os
from typing import Final

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_VERSION_FLAG: Final = 1

# Rights known to each ABI: a ruleset may handle only those that the kernel knows.
_FS_RIGHTS: Final = ((5, (1 << 16) - 1), (3, (1 << 15) - 1), (2, (1 << 14) - 1), (1, (1 << 13) - 1))
_NET_RIGHTS: Final = (1 << 2) - 1
_SCOPES: Final = (1 << 2) - 1

_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def abi() -> int:
    """Version of the kernel's Landlock; 0 where it has none."""
    found = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)
    return max(int(found), 0)


def close_paths() -> None:
    """A ruleset that handles every right and grants none. Needs no-new-privs.

    TCP ports are closed from ABI 4 on, abstract sockets and signals to others from ABI 6 on. Raises OSError.
    """
    version = abi()
    rights = next((mask for known, mask in _FS_RIGHTS if version >= known), 0)
    rules = _Ruleset(rights, _NET_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    try:
        if _libc.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    finally:
        os.close(ruleset)
