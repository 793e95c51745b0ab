"""A desk ends in order when it is told to, however it was started."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.review_desk.conftest import ACTOR, TICKET


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_where_ctrl_c_was_handed_down_ignored(how: signal.Signals, tmp_path: Path) -> None:
    """As a script's background jobs have it."""
    (tmp_path / "report.json").write_text("{}")
    started = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.argv[0] = 'redoubt'; "
        "from streams.cli import main; main()"
    )
    options = ["review", "folder", "desk", str(tmp_path), "--key", str(tmp_path / "key"), "--actor", ACTOR]
    process = subprocess.Popen(
        [sys.executable, "-c", started, *options, "--ticket", TICKET],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "http://127.0.0.1:" in process.stdout.readline()
        began = time.monotonic()
        process.send_signal(how)
        _, told = process.communicate(timeout=30)
        assert process.returncode == 0
        assert told.endswith("the desk has ended\n")
        assert time.monotonic() - began < 20
    finally:
        process.kill()
        process.wait()
