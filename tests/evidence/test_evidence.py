"""The evidence archive: complete, checkable without us, the same each time, and without content."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pymupdf
import pytest

from detectors.errors import RedoubtError
from detectors.findings import Kind
from policies import profile as profiles
from streams.attest.envelope import public_keys
from streams.audit.heads import Heads
from streams.audit.log import sequenced
from streams.audit.proofs import verify
from streams.audit.tree import Tree
from streams.events import AuditAction, AuditEntry, CanaryJudged, DocumentMasked, LeakageObserved, SampleJudged
from streams.evidence.gathered import Gathered, Scope, stories
from streams.evidence.package import package
from tests.attest.made import signer
from tests.events.examples import AT, ENTRY, EXAMPLES

ACTIONS = (AuditAction.HELD, AuditAction.REVEALED, AuditAction.DECIDED, AuditAction.RELEASED)
DAY = timedelta(days=1)
RESULTS = json.dumps([{"case": "under a box", "source": "a filing", "result": "held", "figure": "", "seconds": 1}])


def ident(n: int) -> str:
    return f"{n:032x}"


def entry(n: int, document: int, action: AuditAction) -> AuditEntry:
    return dataclasses.replace(
        ENTRY, entry_id=ident(1000 + n), document_id=ident(document), action=action, time=AT + (document - 1) * DAY
    )


@pytest.fixture
def gathered(tmp_path: Path) -> Gathered:
    """Three documents, a day each; the first one was held, seen and released by a person."""
    told = [entry(n, 1, action) for n, action in enumerate(ACTIONS)]
    told += [entry(10, 2, AuditAction.RELEASED), entry(11, 3, AuditAction.WITHHELD)]
    tree, log = Tree(), []
    for offset, each in enumerate(told):
        tree, event = sequenced(tree, each, offset)
        log.append(event)
    head = Heads(signer(tmp_path), 60.0).sign(tree)
    (masked,) = [event for event in EXAMPLES if isinstance(event, DocumentMasked)]
    (observed,) = [event for event in EXAMPLES if isinstance(event, LeakageObserved)]
    (judged,) = [event for event in EXAMPLES if isinstance(event, CanaryJudged)]
    version = profiles.load("hipaa-safe-harbor").version
    copies = [
        dataclasses.replace(masked, document_id=ident(1), profile_version=version, counts={Kind.PERSON: 7}),
        dataclasses.replace(masked, document_id=ident(2), counts={Kind.PERSON: 5}),
    ]
    return Gathered(
        log=log,
        head=dataclasses.replace(head, time=AT + 9 * DAY),
        masked=copies,
        observed=[dataclasses.replace(observed, document_id=ident(n)) for n in (1, 2, 3)],
        judged=[dataclasses.replace(judged, leaked=int(n == 0), document_id=ident(50 + n)) for n in range(60)],
        looked_at=[event for event in EXAMPLES if isinstance(event, SampleJudged)],
        attestations={ident(1): b'{"payload": "one"}', ident(2): b'{"payload": "two"}'},
        results=RESULTS.encode(),
    )


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_document_has_its_proof_its_statement_and_what_people_decided(gathered: Gathered, tmp_path: Path) -> None:
    files = unpacked(package(Scope(document_id=ident(1)), gathered))
    assert {name for name in files if name.startswith(("proofs/", "attestations/", "profiles/"))} == {
        f"proofs/{ident(1)}.json",
        f"attestations/{ident(1)}.json",
        "profiles/hipaa-safe-harbor.yaml",
    }
    said = json.loads(files["evidence.json"])
    (document,) = said["documents"]
    assert [each["action"] for each in document["entries"]] == [action.value for action in ACTIONS]
    assert document["outcome"] == "document.released"
    assert document["profile_text_is_of_this_version"]
    assert document["masked"]["counts"] == {"person": 7}
    assert said["canary_bounds"][0]["documents"] == 60
    assert said["canary_bounds"][0]["leaked"] == 1
    second = said["second_look_bounds"][0]
    assert (second["documents"], second["leaked"]) == (1, 1), "never pooled with the canaries"


def test_a_proof_in_it_holds_offline_and_a_touched_one_does_not(gathered: Gathered, tmp_path: Path) -> None:
    signing = signer(tmp_path / "again")
    tree = Tree()
    for event in gathered.log:
        tree, _ = sequenced(tree, event.entry, event.source_offset)
    again = dataclasses.replace(gathered, head=Heads(signing, 60.0).sign(tree))
    files = unpacked(package(Scope(document_id=ident(1)), again))
    key = tmp_path / "again" / "signing.key.pub"
    proof = files[f"proofs/{ident(1)}.json"]
    assert verify(proof, public_keys([key])).entries == len(ACTIONS)
    with pytest.raises(RedoubtError):
        verify(proof.replace(b"review.decided", b"review.refused"), public_keys([key]))


def test_days_take_every_document_of_theirs_and_no_other(gathered: Gathered) -> None:
    first = AT.date()
    assert [s.document_id for s in stories(Scope(first=first, last=first + DAY), gathered)] == [ident(1), ident(2)]
    assert [s.document_id for s in stories(Scope(first=first + 2 * DAY, last=date(2030, 1, 1)), gathered)] == [ident(3)]
    for broken in ({}, {"first": first}, {"first": first, "last": first - DAY}, {"document_id": "a", "first": first}):
        with pytest.raises(ValueError, match="a document or a span"):
            Scope(**broken)  # type: ignore[arg-type]


def test_the_pages_say_what_the_machine_form_says(gathered: Gathered) -> None:
    files = unpacked(package(Scope(first=AT.date(), last=AT.date() + 5 * DAY), gathered))
    html = files["evidence.html"].decode()
    with pymupdf.open(stream=files["evidence.pdf"]) as document:
        text = " ".join(page.get_text() for page in document).split()
    for word in (ident(3), "document.withheld", "45 CFR 164.312(b)", "under a box", "Clopper", "hipaa-safe-harbor"):
        assert word in html
        assert all(part in " ".join(text) for part in word.split()), word
    assert "<svg" in html
    manifest = json.loads(files["manifest.json"])
    assert set(manifest) == set(files) - {"manifest.json"}


def test_it_is_the_same_each_time(gathered: Gathered) -> None:
    scope = Scope(first=AT.date(), last=AT.date() + 5 * DAY)
    assert package(scope, gathered) == package(scope, gathered)
