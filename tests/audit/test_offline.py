"""What an auditor checks on a machine that has neither broker nor vault, and may not ask anybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from streams.attest.attestor import Attestor
from streams.audit import proofs
from streams.audit.heads import Heads
from streams.audit.log import sequenced
from streams.audit.tree import Tree
from tests.attest.made import copy_of, gray, release, signer
from tests.events.examples import ENTRY

DEAF = """
import os, sys
def refused(event, _):
    if event in {"socket." + asks for asks in ("connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname")}:
        os.write(2, b"somebody was asked")
        os._exit(99)
sys.addaudithook(refused)
from streams.cli import app
sys.argv = ["redoubt", *sys.argv[1:]]
app()
"""


def asked(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own that has no setting and no network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REDOUBT_", "VAULT_", "AWS_"))}
    command = [sys.executable, "-c", DEAF, *map(str, words)]
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    tree, event = sequenced(Tree(), ENTRY, 0)
    head = Heads(signer(tmp_path), 60.0).sign(tree)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proofs.inclusion([event], head, ENTRY.entry_id)))
    return file


def test_a_proof_is_checked_without_broker_or_vault(proof: Path, tmp_path: Path) -> None:
    key = tmp_path / "signing.key.pub"
    done = asked("audit", "verify", proof, "--public-key", key)
    assert (done.returncode, done.stdout.split(",")[0]) == (0, "proved: inclusion"), done.stderr
    proof.write_text(proof.read_text().replace("litigation", "litigatiom"))
    assert asked("audit", "verify", proof, "--public-key", key).returncode == 1


def test_a_copy_is_checked_without_broker_or_vault(tmp_path: Path) -> None:
    copy, attestation = tmp_path / "copy.pdf", tmp_path / "attestation.json"
    content = copy_of(gray(1), gray(2))
    copy.write_bytes(content)
    attestation.write_bytes(Attestor(signer(tmp_path)).attest(release(), content))
    words = ("verify", copy, "--attestation", attestation, "--public-key", tmp_path / "signing.key.pub")
    done = asked(*words)
    assert done.returncode == 0, done.stderr
    copy.write_bytes(copy.read_bytes() + b" ")
    assert asked(*words).returncode == 1


def test_the_process_is_deaf() -> None:
    """Or nothing would be shown: a command that asks somebody ends at its first socket."""
    done = subprocess.run(
        [sys.executable, "-c", DEAF.replace("app()", "import socket; socket.create_connection(('127.0.0.1', 9))")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (99, "somebody was asked")
