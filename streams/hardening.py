"""What every process that sees content does first: it leaves no image of its memory behind."""

from __future__ import annotations

import ctypes
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """No core file, and no other process of this user may read this one's memory (prctl(2), PR_SET_DUMPABLE).

    Limits are inherited by every process started afterwards; the dumpable flag is set again in each.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
