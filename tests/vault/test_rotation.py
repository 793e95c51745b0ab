"""Rotating the storage key on a real vault: every document opens afterwards, and what was left behind does not."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.retention import load
from policies.tokens.tokenizer import TokenRequest
from policies.tokens.transit import TransitTokenizer
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.store.claims import ObjectClaims, open_claims
from streams.store.records import document_name
from streams.store.retention import Retention
from streams.store.rewrap import Rewrap, Rewrapped
from streams.store.sealed import SealedStore, key_of
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.keyring import VaultDataKeys
from streams.vault.rotation import VaultRotation, WrappedKey
from streams.vault.setup import STORAGE_KEY, TOKEN_KEY, Role, set_up
from tests.kafka.processes import wait_for
from tests.store.gateway import Place, place, s3

__all__ = ["place", "s3"]

CANARY = b"Quillfeather, Ombudsdottir MRN 7731-C0FFEE"


class Hall:
    """A storage key of the test's own, roles that may use it, and a store."""

    def __init__(self, vault: EmbeddedVault, folder: Path, store: ObjectClaims) -> None:
        mount = f"storage-{secrets.token_hex(4)}"
        self._bare = VaultSettings(address=vault.address, ca_file=vault.ca_file, storage_mount=mount)
        self._roles = set_up(self._bare, vault.root_token, folder / "roles")
        self._mount, self._key = mount, f"/v1/{mount}/keys/{STORAGE_KEY}"
        self.root: hvac.Client = connect(vault.address, vault.ca_file, vault.root_token)
        self.store = store
        self.worker = SealedStore(store, VaultDataKeys(self.session(Role.WORKER), mount))
        self.rotation = self.rotation_as(Role.ROTATOR)

    def session(self, role: Role) -> VaultSession:
        files = self._roles[role]
        return VaultSession(
            self._bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})
        )

    def rotation_as(self, role: Role) -> VaultRotation:
        return VaultRotation(self.session(role), self._mount)

    def rewrap(self, stop: threading.Event | None = None, per_second: float = 10_000) -> Rewrapped:
        return Rewrap(self.store, self.rotation).run(stop or threading.Event(), per_second, lambda _: None)

    def submit(self, count: int, start: int = 0) -> dict[str, str]:
        """References by document id, sealed with the submitter's rights."""
        submitter = SealedStore(self.store, VaultDataKeys(self.session(Role.SUBMITTER), self._mount))
        return {f"doc-{n}": submitter.create("north", f"doc-{n}").put(CANARY) for n in range(start, start + count)}

    def opens(self, document: str, reference: str) -> bool:
        try:
            return self.worker.open("north", document).get(reference) == CANARY
        except RedoubtError as error:
            if error.reason is not Reason.HASH_MISMATCH:
                raise
            return False

    def version(self, document: str) -> int:
        wrapped = self.store.get(key_of(document_name("north", document)))
        return WrappedKey("north", document, wrapped.decode()).version

    def disable_below(self, version: int) -> None:
        self.root.adapter.post(f"{self._key}/config", json={"min_decryption_version": version})

    def latest(self) -> int:
        return int(self.root.adapter.get(self._key)["data"]["latest_version"])


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVault]:
    with EmbeddedVault(tmp_path_factory.mktemp("vault")) as vault:
        yield vault


@pytest.fixture
def hall(vault: EmbeddedVault, place: Place, tmp_path: Path) -> Hall:
    return Hall(vault, tmp_path, place.open())


def test_after_a_rewrap_old_versions_can_go_and_what_was_not_rewrapped_is_lost(hall: Hall) -> None:
    documents = hall.submit(7)
    assert hall.rewrap() == Rewrapped(current=7)
    hall.rotation.rotate()
    late = hall.submit(1, start=7)
    assert hall.version("doc-7") == 2
    behind = hall.store.get(key_of(document_name("north", "doc-0")))
    assert hall.rewrap() == Rewrapped(moved=7, current=1)
    assert hall.rewrap() == Rewrapped(current=8)
    hall.store.replace(key_of(document_name("north", "doc-0")), behind)
    hall.disable_below(2)
    opened = {document: hall.opens(document, reference) for document, reference in (documents | late).items()}
    assert opened == {f"doc-{n}": n != 0 for n in range(8)}
    # A key of a disabled version cannot be carried over any more, and the run says so.
    assert hall.rewrap() == Rewrapped(current=7, unfit=1)
    hall.disable_below(1)
    assert hall.opens("doc-0", documents["doc-0"])


def test_both_key_rings_rotate_while_documents_go_through(hall: Hall) -> None:
    """Beside a worker that opens and tokenizes without a pause, and a submitter: nothing of theirs fails or changes."""
    documents, over, rounds = hall.submit(20), threading.Event(), list[set[str]]()
    wanted = [TokenRequest("north", "analytics", Kind.MRN, f"{number:08d}") for number in range(50)]
    tokenizer, failed = TransitTokenizer(hall.session(Role.WORKER)), list[str]()

    def work() -> None:
        while not over.is_set() and not failed:
            made = hall.submit(1, start=20 + len(rounds))
            documents.update(made)
            failed.extend(
                name
                for name, reference in [*made.items(), *list(documents.items())[:20]]
                if not hall.opens(name, reference)
            )
            rounds.append(set(tokenizer.tokens(wanted)))

    def goes_on() -> None:
        before = len(rounds)
        wait_for(lambda: len(rounds) > before + 1 or bool(failed), timeout_s=120)

    working = threading.Thread(target=work)
    working.start()
    try:
        goes_on()
        for _ in range(2):
            hall.rotation.rotate()
            VaultRotation(hall.session(Role.ROTATOR), "tokens", TOKEN_KEY).rotate()
            goes_on()
            assert not hall.rewrap().unfit
            goes_on()
    finally:
        over.set()
        working.join(120)
    assert failed == []
    assert len(rounds) > 6
    assert all(tokens == rounds[0] for tokens in rounds), "of the pinned version, whatever the newest is"
    hall.rewrap()
    hall.disable_below(3)
    assert all(hall.opens(name, reference) for name, reference in documents.items())


def test_a_run_that_was_stopped_goes_on_where_it_was(hall: Hall) -> None:
    documents = hall.submit(9)
    hall.rotation.rotate()
    stop, told = threading.Event(), list[Rewrapped]()

    def first(counts: Rewrapped) -> None:
        told.append(counts)
        stop.set()

    # Two a second are batches of two: stopped after the first.
    assert Rewrap(hall.store, hall.rotation).run(stop, 2.0, first) == Rewrapped(moved=2)
    assert hall.rewrap() == Rewrapped(moved=7, current=2)
    assert [hall.version(document) for document in documents] == [2] * 9
    assert all(hall.opens(document, reference) for document, reference in documents.items())


def test_the_rate_is_kept(hall: Hall) -> None:
    hall.submit(6)
    waited: list[float] = []

    class Clockless(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return False

    assert hall.rewrap(Clockless(), per_second=4.0) == Rewrapped(current=6)
    assert waited == [1.0, 0.5]


def test_a_key_of_another_document_is_not_carried_over(hall: Hall) -> None:
    hall.submit(3)
    hall.rotation.rotate()
    swapped = hall.store.get(key_of(document_name("north", "doc-1")))
    hall.store.replace(key_of(document_name("north", "doc-2")), swapped)
    hall.store.replace(key_of(document_name("north", "doc-0")), b"\xff junk")
    hall.store.put("keys/" + "e" * 64, swapped)
    assert hall.rewrap() == Rewrapped(moved=1, unfit=3)
    assert hall.store.get(key_of(document_name("north", "doc-2"))) == swapped


@pytest.mark.parametrize("when", ["before it is read", "after it was read"])
def test_a_document_that_is_destroyed_meanwhile_does_not_come_back(hall: Hall, tmp_path: Path, when: str) -> None:
    documents = hall.submit(2)
    hall.rotation.rotate()
    masked = open_claims((tmp_path / "masked").as_uri())
    masked.probe()
    retention = Retention(hall.store, masked, load(), lambda _: None)
    later = datetime.now(UTC) + timedelta(days=30)

    class Meanwhile:
        def rewrap(self, keys: Sequence[WrappedKey]) -> list[WrappedKey | None]:
            found = hall.rotation.rewrap(keys)
            if when == "after it was read":
                retention.destroy("north", "doc-0", later)
            return found

    if when == "before it is read":
        retention.destroy("north", "doc-0", later)
    counts = Rewrap(hall.store, Meanwhile()).run(threading.Event(), 10_000, lambda _: None)
    assert counts == (Rewrapped(moved=1, gone=1) if when == "after it was read" else Rewrapped(moved=1))
    with pytest.raises(RedoubtError) as said:
        hall.worker.open("north", "doc-0")
    assert said.value.reason is Reason.CONTENT_MISSING
    assert hall.opens("doc-1", documents["doc-1"])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ROTATOR])
def test_only_the_rotator_rotates_and_rewraps(hall: Hall, role: Role) -> None:
    hall.submit(1)
    other = hall.rotation_as(role)
    wrapped = hall.store.get(key_of(document_name("north", "doc-0"))).decode()
    calls: list[Callable[[], object]] = [
        other.rotate,
        lambda: other.rewrap([WrappedKey("north", "doc-0", wrapped)]),
    ]
    for call in calls:
        with pytest.raises(RedoubtError) as said:
            call()
        assert said.value.reason is Reason.VAULT_REFUSED
    assert hall.latest() == 1


def _answers(result: object) -> VaultRotation:
    class Vault:
        def write(self, path: str, body: object) -> dict[str, object]:
            return {"batch_results": [result]}

    return VaultRotation(Vault())


@pytest.mark.parametrize(
    "result",
    [None, {}, {"ciphertext": ""}, {"ciphertext": "vault:v1:AAAA"}, {"ciphertext": "vault:v3:" + "A" * 76}, "vault"],
)
def test_an_answer_of_another_shape_takes_no_keys_place(result: object) -> None:
    key = WrappedKey("north", "doc-0", "vault:v2:" + "A" * 80)
    with pytest.raises(RedoubtError) as said:
        _answers(result).rewrap([key])
    assert said.value.reason is Reason.VAULT_UNAVAILABLE
    assert _answers({"ciphertext": "vault:v3:" + "B" * 80}).rewrap([key])[0] is not None
