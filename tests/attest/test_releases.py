"""What leaves the worker is attested, or it does not leave: through the real pipeline, seals and stores."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.attest.attestor import Attestor
from streams.attest.envelope import public_keys
from streams.attest.service import RemoteAttestor
from streams.attest.verify import opens, verify
from streams.events import DocumentMasked, ReviewChoice
from streams.events.sealing import PRIVATE, Private, from_text
from streams.kafka.intake import kept_event
from streams.publish import Origin
from streams.review.carry_out import CarryOut
from streams.store.claims import get_addressed
from tests.attest.made import signer
from tests.events.examples import AT
from tests.streams.review_desk import ID, TENANT, Desk, decision

ORIGIN = Origin("review.decisions", 0, 3, "worker-1", AT)


def carry_out(desk: Desk, attestor: Attestor | RemoteAttestor) -> CarryOut:
    return CarryOut(desk.handle, desk.sealed, desk.masked, desk.claims, attestor=attestor)


def test_a_release_by_a_person_names_the_person_and_opens_to_the_auditor(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    events = carry_out(desk, Attestor(signer(tmp_path)))(decision(task, ReviewChoice.RELEASE), ORIGIN)
    [masked] = [event for _, event in events if isinstance(event, DocumentMasked)]
    assert masked.attestation
    copy, attestation = (get_addressed(desk.masked, key) for key in (masked.reference, masked.attestation))
    found = verify(copy, attestation, public_keys([tmp_path / "signing.key.pub"]))
    assert found.holds
    assert found.attested.said["deciders"] == [{"name": "rev-4", "why": "false_alarm", "ticket": "ROI-9"}]
    # Who may open the PHI zone has the document's own key, and with it the commitment.
    seal = desk.sealed.open(TENANT, ID)
    event = kept_event(TENANT, ID, task.event, desk.sealed)
    private = Private.from_json(seal.unseal(PRIVATE, from_text(event.private)))
    assert event.reference
    assert opens(found.attested, seal.get(event.reference), bytes.fromhex(private.commitment_key))


def test_what_cannot_be_attested_is_not_released(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    task = desk.task()
    away = RemoteAttestor(str(tmp_path / "nobody.sock"))
    with pytest.raises(RedoubtError) as said:
        carry_out(desk, away)(decision(task, ReviewChoice.RELEASE), ORIGIN)
    assert said.value.reason is Reason.VAULT_UNAVAILABLE
    assert not (tmp_path / "masked" / "sha256").exists()


def test_the_attestation_is_the_same_whichever_worker_makes_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    chosen = decision(desk.task(), ReviewChoice.RELEASE)
    made = []
    for worker in ("worker-1", "worker-2"):
        events = carry_out(desk, Attestor(signer(tmp_path)))(chosen, dataclasses.replace(ORIGIN, actor=worker))
        made += [event.attestation for _, event in events if isinstance(event, DocumentMasked)]
    assert len(made) == 2
    assert made[0] == made[1]
