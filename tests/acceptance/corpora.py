"""Documents that nobody here made. They lie beside the repository where there are any, and are read in place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CORPORA = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora"
"""See the README there for sources and licences."""
REQUIRED = os.environ.get("CI") == "true" and os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1"


def corpus(name: str) -> Path:
    """The folder of a corpus; without it the test is skipped, or fails where corpora are required."""
    folder = CORPORA / name
    if not folder.is_dir():
        if REQUIRED:
            pytest.fail(f"corpus {name} is required and not there")
        pytest.skip(f"corpus {name} is not on this machine")
    return folder
