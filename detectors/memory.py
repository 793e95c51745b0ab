"""Memory that goes back to the system."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Free memory of this process, to the system (malloc_trim(3), which glibc alone has)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
