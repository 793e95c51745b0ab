"""A crash leaves no image of memory behind, in no process that sees content."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from streams.clock import Deadline
from streams.pool import PagePool

LIMIT = "Max core file size        0                    0"


def test_the_command_forbids_core_dumps() -> None:
    program = (
        "import sys; sys.argv=['redoubt','--help']\nfrom streams.cli import main\ntry:\n main()\nfinally:\n "
        "print(open('/proc/self/limits').read())"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert LIMIT in ended.stdout


def test_the_reading_processes_forbid_core_dumps() -> None:
    with PagePool(1) as pages:
        (limits,) = pages._each(None, [_limits], Deadline.after(60))  # type: ignore[arg-type]
    assert LIMIT in limits


def _limits() -> str:
    return Path("/proc/self/limits").read_text()
