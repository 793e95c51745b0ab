"""`redoubt submit --from` at a terminal: what it refuses, and what it says of an archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from streams.cli import app
from streams.demo.stage import Stage, environment_of, stage
from streams.kafka.snapshot import snapshot
from streams.kafka.topics import PHI_BACKFILL, PHI_DOCUMENTS

NAME = "Featherstonehaugh"
WHOSE = ("--tenant", "north", "--profile", "maximal")


def run(arguments: list[str], environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, ["submit", *arguments, *WHOSE], env=environment or {})


def test_files_or_an_archive_with_its_journal(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-")
    archive, journal = ["--from", str(tmp_path)], ["--resume", str(tmp_path / "journal")]
    assert run([str(file), *archive, *journal]).exit_code == 2
    assert run([]).exit_code == 2
    assert run(archive).exit_code == 2
    assert run([str(file), *journal]).exit_code == 2
    assert not (tmp_path / "journal").exists()


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with stage(processes=1) as found:
        yield found


def test_an_archive_is_sent_once_and_no_name_is_told_unasked(running: Stage, tmp_path: Path) -> None:
    place = tmp_path / NAME
    place.mkdir()
    for number in range(3):
        (place / f"{NAME} {number}.pdf").write_bytes(b"%PDF-1.7 " + str(number).encode())
    (place / f"{NAME}.txt").write_text("no document")
    command = ["--from", str(place), "--resume", str(tmp_path / "journal")]
    environment = dict(environment_of(running.submitter))
    first = run(command, environment)
    assert first.exit_code == 1, first.output
    assert "4 files, 3 sent now, 0 before" in first.output
    assert "left out: 1 x unknown_format" in first.output
    again = run([*command, "--names"], environment)
    assert "4 files, 0 sent now, 3 before" in again.output
    assert f"{NAME}.txt" in again.output
    assert NAME not in first.output
    assert len(snapshot(running.worker.kafka, "operator", [PHI_BACKFILL])) == 3
    assert not snapshot(running.worker.kafka, "operator", [PHI_DOCUMENTS])
    other = run([*command, "--purpose", "research"], environment)
    assert other.exit_code == 2
    assert "of other options" in other.output
