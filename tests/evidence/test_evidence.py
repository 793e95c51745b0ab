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
from policies.attack.report import Depth, Verdict
from streams.attest.envelope import public_keys, signed
from streams.attest.statement import PAYLOAD, Decider, Release, statement
from streams.audit.heads import Heads
from streams.audit.log import sequenced
from streams.audit.proofs import verify
from streams.audit.tree import Tree
from streams.events import AuditAction, AuditEntry, CanaryJudged, DocumentMasked, LeakageObserved, SampleJudged
from streams.evidence import redteam
from streams.evidence.gathered import OTHERS, Gathered, Scope, stories
from streams.evidence.package import package
from tests.attest.made import signer
from tests.events.examples import AT, ENTRY, EXAMPLES

ACTIONS = (AuditAction.HELD, AuditAction.REVEALED, AuditAction.DECIDED, AuditAction.RELEASED)
DAY = timedelta(days=1)
PROFILE = "hipaa-safe-harbor"
CASE = {"case": "under a box", "source": "a filing", "result": "held", "figure": "1 of 1", "seconds": 1}
RESULTS = json.dumps({"form": redteam.FORM, "gateway": "1.2.3", "time": "2026-03-01T12:00:00+00:00", "cases": [CASE]})


def ident(n: int) -> str:
    return f"{n:032x}"


def entry(n: int, document: int, action: AuditAction) -> AuditEntry:
    return dataclasses.replace(
        ENTRY,
        entry_id=ident(1000 + n),
        document_id=ident(document),
        action=action,
        time=AT + (document - 1) * DAY,
        profile=PROFILE,
        profile_version=profiles.load(PROFILE).version if document == 1 else "1.2",
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
    version = profiles.load(PROFILE).version
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


def with_acts(gathered: Gathered, *actions: AuditAction) -> Gathered:
    """The same with further entries on the first day, each of something of its own."""
    tree, log = Tree(), []
    told = [event.entry for event in gathered.log]
    told += [
        dataclasses.replace(ENTRY, entry_id=ident(500 + n), document_id=ident(900 + n), action=action, time=AT)
        for n, action in enumerate(actions)
    ]
    for offset, each in enumerate(told):
        tree, event = sequenced(tree, each, offset)
        log.append(event)
    return dataclasses.replace(
        gathered, log=log, head=dataclasses.replace(gathered.head, size=tree.size, root=tree.root.hex())
    )


def test_acts_on_no_document_are_told_apart_with_their_proofs(gathered: Gathered) -> None:
    found = with_acts(gathered, AuditAction.CONFIGURED, AuditAction.REIDENTIFIED)
    days = Scope(first=AT.date(), last=AT.date())
    files = unpacked(package(days, found))
    said = json.loads(files["evidence.json"])
    assert [document["id"] for document in said["documents"]] == [ident(1)]
    assert [act["action"] for act in said["other_acts"]] == ["configuration.in_force", "token.reidentified"]
    assert {f"proofs/{ident(500)}.json", f"proofs/{ident(501)}.json"} <= set(files)
    html = files["evidence.html"].decode()
    for row in (
        "<td>tokens turned back</td><td>1</td>",
        "<td>configurations under which processes began</td><td>1</td>",
    ):
        assert row in html
    alone = json.loads(unpacked(package(Scope(document_id=ident(1)), found))["evidence.json"])
    assert alone["other_acts"] == []


def test_every_act_is_on_a_document_or_told_apart() -> None:
    """An action that nobody sorted would stand among the documents."""
    kinds = {action.value.partition(".")[0] for action in AuditAction if action not in OTHERS}
    assert kinds == {"document", "review", "hold", "sample"}


def test_what_the_topic_forgot_is_told_from_log_and_statement(gathered: Gathered, tmp_path: Path) -> None:
    release = Release(
        "clinic-a", ident(1), "a" * 64, "hipaa-safe-harbor", "1", "tesserocr-5.5.1", Depth.FULL, Verdict.RELEASE, 0, 3,
        (Decider("gateway"),),
    )  # fmt: skip
    envelope = signed(PAYLOAD, statement(release, "b" * 64, 10, ["c" * 64] * 3), signer(tmp_path, "again.key"))
    later = dataclasses.replace(gathered, masked=(), observed=(), attestations={ident(1): envelope})
    html = unpacked(package(Scope(first=AT.date(), last=AT.date() + DAY), later))["evidence.html"].decode()
    assert "3 pages, read by tesserocr-5.5.1, validated at depth full; verdict release" in html
    assert "<td>released copies with a signed statement here</td><td>1 of 2</td>" in html


def test_the_red_teams_run_is_named_and_a_broken_one_refused(gathered: Gathered) -> None:
    html = unpacked(package(Scope(document_id=ident(1)), gathered))["evidence.html"].decode()
    assert "Gateway 1.2.3, tried on 2026-03-01T12:00:00+00:00: 1 held" in html
    for broken in (b"[]", b"{}", RESULTS.replace("result", "outcome").encode(), b"\xff"):
        with pytest.raises(RedoubtError):
            redteam.read(broken)


@pytest.mark.parametrize("count", [1, 20, 40, 88])
def test_a_table_over_many_sheets_ends_and_is_whole(gathered: Gathered, count: int) -> None:
    """PyMuPDF's own breaking of pages began anew, for ever, at some breaks within tables: at 40 rows here."""
    cases = [
        {**CASE, "case": f"planted number {n} of them", "figure": "2 places before, 0 after; release" * (1 + n % 2)}
        for n in range(count)
    ]
    results = json.dumps({**json.loads(RESULTS), "cases": cases}).encode()
    files = unpacked(
        package(Scope(first=AT.date(), last=AT.date() + 5 * DAY), dataclasses.replace(gathered, results=results))
    )
    with pymupdf.open(stream=files["evidence.pdf"]) as document:
        assert document.page_count < 20
        text = " ".join(" ".join(page.get_text() for page in document).split())
        lowest = [max(block[3] for block in page.get_text("blocks")) for page in document]
    assert [text.count(f"planted number {n} of") for n in range(count)] == [1] * count
    assert text.count("How to check this without us") == text.count("Evidence of releases") == 1
    assert max(lowest) < 792 - 14, "above the paper's end, the page's number among it"


def test_it_is_the_same_each_time(gathered: Gathered) -> None:
    scope = Scope(first=AT.date(), last=AT.date() + 5 * DAY)
    assert package(scope, gathered) == package(scope, gathered)
