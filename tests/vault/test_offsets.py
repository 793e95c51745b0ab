"""Offsets of dates from a real vault, by the submitter's own role: one a patient, the same in every process.

They come to the worker sealed with the patient's documents, and in no other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from policies.tokens.derived import OFFSET_KEY, TransitSecrets
from policies.values.shift import Shift, offset_days, offset_secret
from streams.embedded.openbao import EmbeddedVault
from streams.kafka.intake import open_claim
from streams.kafka.submit import Request, announcement
from streams.settings import VaultSettings
from streams.store.claims import open_claims
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.keyring import VaultDataKeys
from streams.vault.setup import Role, set_up

PATIENT = ("north", "research", "mrn 1234")


class Hall:
    def __init__(self, vault: EmbeddedVault, folder: Path) -> None:
        self.vault, self._folder = vault, folder
        self._bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        self.set_up()

    def set_up(self) -> None:
        self._roles = set_up(self._bare, self.vault.root_token, self._folder)

    def root(self) -> hvac.Client:
        return connect(self.vault.address, self.vault.ca_file, self.vault.root_token)

    def offsets(self, role: Role = Role.SUBMITTER) -> TransitSecrets:
        """Of a process of its own."""
        return TransitSecrets(self.session(role), OFFSET_KEY)

    def session(self, role: Role) -> VaultSession:
        files = self._roles[role]
        named = {"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file}
        return VaultSession(self._bare.model_copy(update=named))


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        yield Hall(vault, folder / "roles")


def test_one_patient_has_one_offset_in_every_process_and_after_a_rotation(hall: Hall) -> None:
    secret = hall.offsets().secret(*PATIENT)
    assert len(secret) == 32
    hall.root().adapter.post(f"/v1/tokens/keys/{OFFSET_KEY}/rotate", json={})
    assert hall.offsets().secret(*PATIENT) == secret
    assert offset_days(secret, Shift.DAYS) != 0


@pytest.mark.parametrize("place", range(3))
def test_another_tenant_purpose_or_patient_has_another(hall: Hall, place: int) -> None:
    other = tuple("other" if at == place else part for at, part in enumerate(PATIENT))
    assert hall.offsets().secret(*other) != hall.offsets().secret(*PATIENT)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUBMITTER])
def test_no_other_role_computes_one_and_the_worker_least_of_all(hall: Hall, role: Role) -> None:
    with pytest.raises(RedoubtError) as said:
        hall.offsets(role).secret(*PATIENT)
    assert said.value.reason is Reason.VAULT_REFUSED
    assert said.value.__context__ is None


def test_it_comes_to_the_worker_with_the_patients_own_documents_alone(hall: Hall, tmp_path: Path) -> None:
    def sealed(role: Role) -> SealedStore:
        return SealedStore(open_claims(f"file://{tmp_path}"), VaultDataKeys(hall.session(role)))

    def submitted(document_id: str, subject: Subject | None) -> bytes | None:
        offset = offset_secret(hall.offsets(), "north", "research", subject)
        seal = sealed(Role.SUBMITTER).create("north", document_id)
        request = Request("north", "research", purpose="research")
        event = announcement(document_id, b"%PDF", request, subject, seal, offset=offset)
        assert offset is None or offset.hex().encode() not in event.to_message()[2]
        return open_claim(event, sealed(Role.WORKER)).document.offset

    maria = Subject(names=("Maria Kovacs",), mrn="MRN 00123-4")
    one, other = submitted("a" * 32, maria), submitted("b" * 32, Subject(mrn="1234"))
    assert one == other == hall.offsets().secret(*PATIENT)
    assert submitted("c" * 32, Subject(names=("Maria Kovacs",), mrn="9")) not in (one, None)
    assert submitted("d" * 32, None) is None
    with pytest.raises(RedoubtError, match=Reason.VAULT_REFUSED.value):
        offset_secret(hall.offsets(Role.WORKER), "north", "research", maria)


def test_a_worker_that_could_compute_them_cannot_once_the_policies_are_written_anew(hall: Hall) -> None:
    """What an installation goes through whose workers computed offsets; those that were given stay what they are."""
    once = 'path "tokens/hmac/date-offsets/sha2-256" { capabilities = ["update"] }'
    hall.root().adapter.post("/v1/sys/policies/acl/redoubt-worker", json={"policy": once})
    worker = hall.offsets(Role.WORKER)
    before = worker.secret(*PATIENT)
    hall.set_up()
    with pytest.raises(RedoubtError, match=Reason.VAULT_REFUSED.value):
        worker.secret(*PATIENT)
    assert hall.offsets().secret(*PATIENT) == before


def test_without_the_vault_there_is_none(hall: Hall) -> None:
    hall.vault.seal()
    try:
        with pytest.raises(RedoubtError, match=Reason.VAULT_UNAVAILABLE.value):
            hall.offsets().secret(*PATIENT)
    finally:
        hall.vault.unseal()
