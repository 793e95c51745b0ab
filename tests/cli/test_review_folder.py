"""A clerk without a broker: what `redoubt redact` held back in a folder is looked at, decided upon, and proven."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from streams.cli import app
from streams.events import AuditAction
from streams.review.local_log import LocalLog
from tests.cli.conftest import page

CANARIES = ("Zdravka Quillfeather-Obi", "QX-5550199-7")
WHO = ("--actor", "c.lerk", "--ticket", "ROI-7")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile that keeps what is the patient's, and no patient: nobody knows whose record it is."""
    folder = tmp_path_factory.mktemp("clerk")
    file = folder / "scan.pdf"
    file.write_bytes(page(f"Patient: {CANARIES[0]}", f"MRN: {CANARIES[1]}"))
    authorization = ("--authorization-id", "auth-1", "--authorization-expires", "2100-01-01")
    options = ("--profile", "roi-authorization", *authorization, "--out", str(folder / "out"), "--processes", "1")
    done = CliRunner().invoke(app, ["redact", str(file), *options])
    assert done.exit_code == 3, done.output
    return folder / "out"


def said(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["review", "folder", *map(str, arguments)], env={"COLUMNS": "200"})


def test_a_held_copy_is_seen_released_and_proven(out: Path, tmp_path: Path) -> None:
    (held,) = (out / "review").glob("*.pdf")
    copy = held.read_bytes()
    (task,) = json.loads(said("list", out, "--json").output)
    assert (task["file"], task["doubts"]) == (1, ["patient_not_found"])
    looked = said("show", out, "1", "--images", tmp_path / "look", "--actor", "c.lerk")
    assert looked.exit_code == 0, looked.output
    (picture,) = (tmp_path / "look").iterdir()
    for told in (str(held), str(picture), "patient_not_found", "roi-authorization"):
        assert told in looked.output
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600

    wrong = said("decide", out, "1", "release", *WHO, "--why", "precaution", "--key", tmp_path / "key")
    assert wrong.exit_code == 2
    key = tmp_path / "key"
    done = said("decide", out, "1", "release", *WHO, "--why", "read_by_eye", "--key", key)
    assert done.exit_code == 0, done.output
    released = out / held.name
    assert released.read_bytes() == copy, "byte for byte what was shown"
    assert not list((out / "review").iterdir())
    statement = out / "attestations" / f"{held.stem}.json"
    inputs = ("--input", str(out.parent / "scan.pdf"), "--input-key", str(statement.with_suffix(".input-key")))
    checked = CliRunner().invoke(
        app,
        ["verify", str(released), "--attestation", str(statement), "--public-key", f"{key}.pub", *inputs],
    )
    assert checked.exit_code == 0, checked.output
    assert "decided by c.lerk" in checked.output
    (entry,) = json.loads((out / "report.json").read_text())["documents"]
    assert (entry["verdict"], entry["output"]) == ("release", held.name)
    (said_of_it,) = entry["decided"]
    assert said_of_it == {"round": 1, "choice": "release", "by": "c.lerk", "why": "read_by_eye", "ticket": "ROI-7"}
    actions = [(e.action, e.actor) for e in LocalLog(out).entries]
    assert actions == [
        (AuditAction.REVEALED, "c.lerk"),
        (AuditAction.DECIDED, "c.lerk"),
        (AuditAction.RELEASED, "c.lerk"),
    ]
    assert said("decide", out, "1", "release", *WHO, "--why", "read_by_eye").exit_code == 2, "it is closed"
    for file in (path for path in out.rglob("*") if path.is_file() and path != released):
        content = file.read_bytes()
        assert not [value for value in CANARIES if value.encode() in content], file
    everything = looked.output + wrong.output + done.output + checked.output
    assert not [value for value in CANARIES if value in everything]
