"""A planted document that leaked holds its class, where the profile says so, until an operator lifts the hold."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detectors.errors import Reason, RedoubtError
from policies.attack.report import Depth, Verdict
from streams.canaries.holds import FOLDER, ClassHolds
from streams.cli import app
from streams.events import AuditAction, AuditEntry, CanaryJudged
from streams.fates import FATES, Fate
from streams.pipeline.document import Document, Outcome
from streams.store.claims import ClaimStore, open_claims

AT = datetime(2026, 1, 2, tzinfo=UTC)
LEAKED = CanaryJudged("clinic-a", f"{7:032x}", "lab_report", "strict", "poor", 10, 1)
OUTCOME = Outcome(
    document_id="d",
    pages=1,
    verdict=Verdict.RELEASE,
    reasons=(),
    depth=Depth.REREAD,
    profile="strict",
    profile_version="1",
    engine="e",
    copy=b"%PDF",
    record=None,
)


def store(folder: Path) -> ClaimStore:
    found = open_claims(f"file://{folder}")
    found.probe()
    return found


def document(**other: Any) -> Document:
    return dataclasses.replace(
        Document("clinic-a", "d", b"", "strict", document_class="lab_report"),
        **other,
    )


def heeded(folder: Path, given: Document, outcome: Outcome = OUTCOME, canary: bool = False) -> Outcome:
    """As a worker that has just started heeds it."""
    return ClassHolds(store(folder)).heeded(given, outcome, lambda _id: canary)


def test_a_held_class_is_not_released_and_others_are(tmp_path: Path) -> None:
    holds = ClassHolds(store(tmp_path))
    entry = holds.placed(LEAKED, AT)
    assert entry is not None
    assert (entry.action, entry.document_id, entry.why) == (AuditAction.CLASS_HELD, LEAKED.document_id, "lab_report")
    assert AuditEntry.from_message(*entry.to_message()) == entry
    withheld = heeded(tmp_path, document())
    assert (withheld.verdict, withheld.reasons, withheld.copy) == (Verdict.WITHHOLD, (Reason.CLASS_HELD,), None)
    assert FATES[Reason.CLASS_HELD] is Fate.WITHHOLD
    for other in (document(tenant="clinic-b"), document(document_class="referral_letter")):
        assert heeded(tmp_path, other) is OUTCOME
    assert heeded(tmp_path, document(), canary=True) is OUTCOME, "a planted one shows whether the cause is mended"
    elsewhere = dataclasses.replace(OUTCOME, profile="maximal")
    assert heeded(tmp_path, document(profile="maximal"), elsewhere) is elsewhere
    doubtful = dataclasses.replace(OUTCOME, verdict=Verdict.REVIEW)
    assert heeded(tmp_path, document(), doubtful) is doubtful


def test_only_a_leak_under_a_profile_that_says_so_holds(tmp_path: Path) -> None:
    holds = ClassHolds(store(tmp_path))
    assert holds.placed(dataclasses.replace(LEAKED, leaked=0), AT) is None
    assert holds.placed(dataclasses.replace(LEAKED, profile="maximal"), AT) is None
    assert not list(holds.all())


def test_the_judgement_done_again_changes_nothing(tmp_path: Path) -> None:
    """A judge that died between hold and commit says the same again; a second leak does not hide the first."""
    holds = ClassHolds(store(tmp_path))
    first = holds.placed(LEAKED, AT)
    assert holds.placed(LEAKED, AT) == first
    assert holds.placed(dataclasses.replace(LEAKED, document_id=f"{8:032x}"), AT) is not None
    assert [hold.document_id for hold in holds.all()] == [LEAKED.document_id]


def test_lifting_is_told_first(tmp_path: Path) -> None:
    holds = ClassHolds(store(tmp_path))
    holds.placed(LEAKED, AT)
    (hold,) = holds.all()

    def refused(_: AuditEntry) -> None:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    with pytest.raises(RedoubtError, match=r"^broker_unavailable$"):
        holds.lift(hold, "op-2", "OPS-7", refused)
    assert heeded(tmp_path, document()).verdict is Verdict.WITHHOLD
    told: list[AuditEntry] = []
    holds.lift(hold, "op-2", "OPS-7", told.append)
    assert [(e.action, e.actor, e.ticket) for e in told] == [(AuditAction.CLASS_LIFTED, "op-2", "OPS-7")]
    assert AuditEntry.from_message(*told[0].to_message()) == told[0]
    assert heeded(tmp_path, document()) is OUTCOME


def test_what_cannot_be_read_is_not_taken_for_no_hold(tmp_path: Path) -> None:
    phi = store(tmp_path)
    ClassHolds(phi).placed(LEAKED, AT)
    (key,) = phi.keys(FOLDER)
    phi.replace(key, b"{}")
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        heeded(tmp_path, document())
    with pytest.raises(RedoubtError, match=r"^store_unavailable$"):
        ClassHolds(open_claims(f"file://{tmp_path}/unmounted")).heeded(document(), OUTCOME, lambda _id: False)


def test_holds_are_listed(tmp_path: Path) -> None:
    ClassHolds(store(tmp_path)).placed(LEAKED, AT)
    environment = {"REDOUBT_STORE__PHI_URL": f"file://{tmp_path}", "REDOUBT_ENVIRONMENT": "demo"}
    done = CliRunner().invoke(app, ["canaries", "holds", "--json"], env=environment)
    assert done.exit_code == 0, done.output
    assert '"class": "lab_report"' in done.output


def test_a_hold_that_cannot_be_read_is_told_and_not_left_out(tmp_path: Path) -> None:
    """It holds its class all the same: an operator who lists holds must come upon it."""
    found = store(tmp_path)
    found.put(f"{FOLDER}/{7:032x}", b"no hold")
    with pytest.raises(RedoubtError) as caught:
        list(ClassHolds(found).all())
    assert caught.value.reason is Reason.HASH_MISMATCH
