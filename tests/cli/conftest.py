"""Documents and runs that the tests of the command line share: the engine is loaded once a kind of run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pymupdf
import pytest

PLAIN = (
    "Chief complaint: shortness of breath on exertion.",
    "Medications: metformin 500 mg twice daily.",
    "Plan: low sodium diet and more exercise.",
)

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def page(*lines: str) -> bytes:
    """A born-digital page with these lines and some harmless ones."""
    with pymupdf.open() as document:
        sheet = document.new_page(width=460, height=320)
        for row, line in enumerate((*PLAIN, *lines)):
            sheet.insert_text((36, 50 + 24 * row), line, fontsize=11)
        return bytes(document.tobytes())


def redoubt(
    *arguments: str | Path, limit_s: float = 240.0, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams.cli", *map(str, arguments)],
        env={**os.environ, "COLUMNS": "160", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )


@pytest.fixture(scope="session")
def command() -> Command:
    return redoubt
