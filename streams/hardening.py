"""What every process that sees content does first: it leaves no image of its memory, and runs no code but its own."""

from __future__ import annotations

import ctypes
import os
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """No core file, and no other process of this user may read this one's memory (prctl(2), PR_SET_DUMPABLE).

    Limits are inherited by every process started afterwards; the dumpable flag is set again in each.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def import_nothing_from_here() -> None:
    """Python processes started from now on do not look for modules in the current folder (PYTHONSAFEPATH).

    They would find what came with the documents: a `multiprocessing.py` that was unpacked beside them.
    """
    os.environ["PYTHONSAFEPATH"] = "1"


def report_to_nobody() -> None:
    """onnxruntime (1.32) holds a client of its maker's telemetry, which starts when it is imported: in this process and
    those started from now on it does not. Nothing here calls out, and no library does."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
