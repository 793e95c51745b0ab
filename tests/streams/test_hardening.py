"""A crash leaves no image of memory behind, and nothing that came with the documents is run, in no process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from streams.clock import Deadline
from streams.pipeline.pool import PagePool

LIMIT = "Max core file size        0                    0"


def test_the_command_forbids_core_dumps() -> None:
    program = (
        "import sys; sys.argv=['redoubt','--help']\nfrom streams.cli import main\ntry:\n main()\nfinally:\n "
        "print(open('/proc/self/limits').read())"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert LIMIT in ended.stdout


def test_no_library_reports_to_its_maker(tmp_path: Path) -> None:
    """onnxruntime 1.32 begins a session with its maker's servers when it is imported, and notes it in TMPDIR."""
    program = (
        "import sys; sys.argv=['redoubt','--version']\nfrom streams.cli import main\ntry:\n main()\nfinally:\n "
        "import onnxruntime"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert list(tmp_path.iterdir()) == []


def test_the_reading_processes_forbid_core_dumps() -> None:
    with PagePool(1) as pages:
        (limits,) = pages._each(None, [_limits], Deadline.after(60))  # type: ignore[arg-type]
    assert LIMIT in limits


def test_a_module_that_came_with_the_documents_is_not_imported(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for name in ("multiprocessing", "signal", "numpy", "pymupdf"):
        (tmp_path / f"{name}.py").write_text(f"open({str(ran)!r}, 'w').close()\n")
    (tmp_path / "in.jsonl").write_text('{"text": "SSN 517-48-2931"}\n')
    command = [Path(sys.executable).parent / "redoubt", "detect", "in.jsonl", "out.jsonl", "--profile", "maximal"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    assert ended.returncode == 0, ended.stderr
    assert '"start"' in (tmp_path / "out.jsonl").read_text()
    assert not ran.exists()


def _limits() -> str:
    return Path("/proc/self/limits").read_text()
