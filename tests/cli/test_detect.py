"""`redoubt detect`: one line out for each line in, whatever the line holds, and never a look at the network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

CANARY = "zqorvath-kestrelvane"
LONG = "The patient was seen again and felt well. " * 2_400 + "SSN 517-48-2931."
LINES: dict[str, bytes] = {
    "identifiers": json.dumps({"text": "Call Maria Kovacs at (503) 555-0142, SSN 517-48-2931."}).encode(),
    "empty": b'{"text": ""}',
    "clean": json.dumps({"text": "Low sodium diet and more exercise."}).encode(),
    "no json": f"{{{CANARY}".encode(),
    "no object": f'["{CANARY}"]'.encode(),
    "no text": f'{{"txt": "{CANARY}"}}'.encode(),
    "text is a number": b'{"text": 5174829}',
    "blank": b"",
    "not utf-8": b'{"text": "\xff\xfe"}',
    "nested without end": b"[" * 100_000,
    "unicode": json.dumps(
        {"text": "Żółć 😀 患者, write to anna.nowak@example.org テスト"}, ensure_ascii=False
    ).encode(),
    "half a surrogate": b'{"text": "\\ud800 SSN 517-48-2931"}',
    "control characters": json.dumps({"text": "a\u0000b\u2028c SSN 517-48-2931\r\n\x1b[31m"}).encode(),
    "long": json.dumps({"text": LONG}).encode(),
    "last": json.dumps({"text": "SSN: 517-48-2931"}).encode(),
}
BROKEN = {"no json", "no object", "no text", "text is a number", "not utf-8", "nested without end"}


@pytest.fixture(scope="module")
def run(
    command: Command, tmp_path_factory: pytest.TempPathFactory
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("detect")
    (folder / "in.jsonl").write_bytes(b"\n".join(LINES.values()) + b"\n")
    done = command("detect", folder / "in.jsonl", folder / "out.jsonl", "--profile", "maximal")
    answers = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert len(answers) == len(LINES), done.stderr
    return done, dict(zip(LINES, answers, strict=True))


def covered(name: str, answer: dict[str, Any]) -> list[str]:
    text = json.loads(LINES[name])["text"]
    return [text[span["start"] : span["end"]] for span in answer["spans"]]


def test_identifiers_have_spans_in_characters(run: Any) -> None:
    answer = run[1]["identifiers"]
    assert "error" not in answer
    found = " ".join(covered("identifiers", answer))
    assert "Kovacs" in found
    assert "555-0142" in found
    assert "517-48-2931" in found
    for span in answer["spans"]:
        assert set(span) == {"start", "end", "kind", "score", "layer"}
        assert 0 <= span["score"] <= 1


@pytest.mark.parametrize("name", ["empty", "clean", "blank"])
def test_nothing_to_find_is_no_error(run: Any, name: str) -> None:
    assert run[1][name] == {"spans": []}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_line_is_told_and_does_not_stop_the_rest(run: Any, name: str) -> None:
    assert run[1][name] == {"error": "invalid_line", "spans": []}


def test_offsets_are_characters_not_bytes(run: Any) -> None:
    assert "error" not in run[1]["unicode"]
    assert any(value.strip(".,") == "anna.nowak@example.org" for value in covered("unicode", run[1]["unicode"]))


@pytest.mark.parametrize("name", ["control characters", "last", "long"])
def test_the_identifier_is_found_in_odd_company(run: Any, name: str) -> None:
    assert "error" not in run[1][name]
    assert any("517-48-2931" in value for value in covered(name, run[1][name]))


def test_text_that_cannot_be_encoded_is_found_or_taken_whole(run: Any) -> None:
    assert any("517-48-2931" in value for value in covered("half a surrogate", run[1]["half a surrogate"]))


def test_broken_lines_show_in_the_exit_code_and_nowhere_else(run: Any) -> None:
    assert run[0].returncode == 1
    assert CANARY not in run[0].stdout + run[0].stderr


def test_the_numbers_of_broken_lines_are_told(run: Any) -> None:
    numbers = [number for number, name in enumerate(LINES, start=1) if name in BROKEN]
    assert numbers == [4, 5, 6, 7, 9, 10]
    assert 'redoubt: invalid_line: line 4-7, 9-10: not {"text": "..."}, as JSON in UTF-8\n' in run[0].stderr


def test_a_profile_lists_only_what_it_acts_on(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Seen on 03/04/2021. SSN 517-48-2931."}\n')
    done = command("detect", tmp_path / "in.jsonl", tmp_path / "out.jsonl", "--profile", "limited-data-set")
    kinds = {span["kind"] for span in json.loads((tmp_path / "out.jsonl").read_text())["spans"]}
    assert done.returncode == 0
    assert "ssn" in kinds
    assert "date" not in kinds  # 45 CFR 164.514(e)(2) lists no dates


def test_wrong_usage(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "kept"}\n')
    assert command("detect", source, tmp_path / "out", "--profile", "none-such").returncode == 2
    assert command("detect", source, source, "--profile", "maximal").returncode == 2
    assert command("detect", tmp_path / "absent", tmp_path / "out", "--profile", "maximal").returncode == 2
    assert source.read_text() == '{"text": "kept"}\n'


def test_nothing_is_asked_of_the_network(command: Command, tmp_path: Path) -> None:
    """E-mails and URLs make tldextract fetch its list of suffixes, unless it is told not to."""
    text = "Write to anna.nowak@clinic.example.co.uk or see https://portal.example.org/records, host 192.0.2.7."
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": text}) + "\n")
    home = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    arguments = ["detect", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--profile", "maximal"]
    guard = tmp_path / "guard"
    guard.mkdir()
    log = tmp_path / "attempts"
    (guard / "sitecustomize.py").write_text(GUARD.format(log=str(log)))
    paths = {"PYTHONPATH": f"{guard}:{Path.cwd()}"}
    if _unshare_works():
        done = _unshared(arguments, {**home, **paths})
    else:
        done = command(*arguments, environment={**home, **paths})
    assert done.returncode == 0, done.stderr
    spans = json.loads((tmp_path / "out.jsonl").read_text())["spans"]
    assert {"email", "url"} <= {span["kind"] for span in spans}
    noted = log.read_text().split()
    assert "attempt" not in noted
    assert noted.count("armed") >= 2, "the reading processes were not watched"


GUARD = """
import os, socket

def note(line):
    with open({log!r}, "a") as file:
        file.write(line + "\\n")

def refuse(*arguments, **options):
    note("attempt")
    raise OSError("no network")

class Watched(socket.socket):
    def connect(self, address):
        return super().connect(address) if self.family == socket.AF_UNIX else refuse()

    def connect_ex(self, address):
        return super().connect_ex(address) if self.family == socket.AF_UNIX else refuse()

socket.socket = Watched
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
note("armed")
"""


def _unshare_works() -> bool:
    program = shutil.which("unshare")
    if program is None:
        return False
    return subprocess.run([program, "-rn", "true"], capture_output=True, check=False).returncode == 0


def _unshared(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "-rn", sys.executable, "-m", "streams.cli", *arguments],  # noqa: S607
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
