"""The attestor as a process apart: over its socket, with its own rights, and nobody else's."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from policies.masking.assemble import Assembled, sheet
from streams.attest.attestor import Attestor
from streams.attest.envelope import Signer, public_keys
from streams.attest.keys import AUDIT_HEADS, RELEASES, VaultSigner
from streams.attest.service import RemoteAttestor, Service, Started
from streams.attest.verify import verify
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import DENIED, attempt, connect
from streams.vault.setup import Credentials, Role, set_up
from tests.attest.made import copy_of, gray, release, signer

CONFIGURATION = "c" * 32
COPY = copy_of(gray(1), gray(2))


@contextmanager
def listening(folder: Path, key: Signer) -> Iterator[str]:
    path, stop = str(folder / "attestor.sock"), threading.Event()
    thread = threading.Thread(target=Service(Attestor(key), path, CONFIGURATION, folder).run, args=(stop,))
    thread.start()
    try:
        RemoteAttestor(path).wait()
        yield path
    finally:
        stop.set()
        thread.join(30)
    assert not Path(path).exists()


def test_what_comes_back_is_what_is_signed_in_one_process(tmp_path: Path) -> None:
    with listening(tmp_path, signer(tmp_path)) as path:
        assert RemoteAttestor(path).attest(release(), COPY) == Attestor(signer(tmp_path)).attest(release(), COPY)


def test_a_copy_that_is_not_in_memory_and_others_beside_it(tmp_path: Path) -> None:
    pages = 12
    made = [
        sheet(PageRaster(np.random.default_rng(n).integers(0, 256, (768, 1024), np.uint8), 100.0), n)
        for n in range(pages)
    ]
    chart = Assembled([(len(s.data), s.starts) for s in made], lambda n: made[n].data)
    assert len(chart) > 3 * 1024 * 1024
    keys = [tmp_path / "signing.key.pub"]
    with listening(tmp_path, signer(tmp_path)) as path, ThreadPoolExecutor(6) as threads:
        long = threads.submit(RemoteAttestor(path).attest, release(pages=pages), chart)
        short = [threads.submit(RemoteAttestor(path).attest, release(), COPY) for _ in range(5)]
        assert all(verify(COPY, each.result(), public_keys(keys)).holds for each in short)
        assert verify(b"".join(chart.pieces()), long.result(), public_keys(keys)).holds


def test_what_is_refused_comes_back_as_a_code(tmp_path: Path) -> None:
    with listening(tmp_path, signer(tmp_path)) as path:
        with pytest.raises(RedoubtError, match=r"^page_count_changed$"):
            RemoteAttestor(path).attest(release(pages=7), COPY)
        with pytest.raises(RedoubtError, match=r"^forbidden_object$"):
            RemoteAttestor(path).attest(release(), COPY + b"x")
        assert RemoteAttestor(path).attest(release(), COPY)


@pytest.mark.parametrize("frames", [[b"not json", b""], [b"{}", COPY, b""], [b"x" * 20_000]])
def test_nonsense_is_refused_and_the_attestor_goes_on(tmp_path: Path, frames: list[bytes]) -> None:
    with listening(tmp_path, signer(tmp_path)) as path:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(30)
            link.connect(path)
            link.sendall(b"".join(struct.pack("!I", len(frame)) + frame for frame in frames))
            assert link.recv(100)[4:] in (b"-invalid_event", b"-too_many_bytes")
        assert RemoteAttestor(path).attest(release(), COPY)


def test_a_copy_that_breaks_off_is_not_signed(tmp_path: Path) -> None:
    with listening(tmp_path, signer(tmp_path)) as path:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(30)
            link.connect(path)
            for frame in (release().to_json(), COPY):
                link.sendall(struct.pack("!I", len(frame)) + frame)
            link.shutdown(socket.SHUT_WR)
            assert link.recv(100) == b""
        assert RemoteAttestor(path).attest(release(), COPY)


def test_an_attestor_that_is_away_is_a_part_that_is_away(tmp_path: Path) -> None:
    away = RemoteAttestor(str(tmp_path / "attestor.sock"))
    for call in (away.probe, lambda: away.attest(release(), COPY)):
        with pytest.raises(RedoubtError, match=r"^vault_unavailable$"):
            call()


class Away:
    """A key whose keeper is away."""

    def sign(self, message: bytes) -> tuple[str, bytes]:
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)


def test_each_start_of_the_attestor_is_told_before_it_signs(tmp_path: Path) -> None:
    """And once: what is told is what the audit log has."""
    told: list[Started] = []
    worker = RemoteAttestor(str(tmp_path / "attestor.sock"), told.append)
    for starts in (1, 2):
        with listening(tmp_path, signer(tmp_path)):
            worker.meet()
            assert len(told) == starts
            for _ in range(2):
                worker.attest(release(), COPY)
        assert len(told) == starts
    assert {each.configuration for each in told} == {CONFIGURATION}
    assert len({each.start for each in told}) == 2


def test_what_is_not_on_record_is_not_signed(tmp_path: Path) -> None:
    """The broker is away: the attestor that nobody knows is not asked, and told as soon as that can be."""
    told: list[Started] = []

    def away(_: Started) -> None:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def back(started: Started) -> None:
        told.append(started)

    tells = [away, back]
    with listening(tmp_path, Away()) as path:
        worker = RemoteAttestor(path, lambda started: tells.pop(0)(started))
        with pytest.raises(RedoubtError, match=r"^broker_unavailable$"):
            worker.attest(release(), COPY)
        with pytest.raises(RedoubtError, match=r"^vault_unavailable$"):
            worker.attest(release(), COPY)
    assert len(told) == 1


@pytest.mark.parametrize("said", [b"+{}", b"+[]", b'+{"start": "x", "configuration": "y"}', b"+\xff", b""])
def test_an_attestor_that_cannot_tell_its_start_is_refused(said: bytes, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        server.listen(1)

        def answer() -> None:
            link, _ = server.accept()
            with link:
                link.recv(100)
                link.sendall(struct.pack("!I", len(said)) + said)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(RedoubtError):
            RemoteAttestor(str(tmp_path / "socket"), lambda _: pytest.fail("told")).meet()
        thread.join(10)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VaultSettings, dict[Role, Credentials], Path]]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as server:
        settings = VaultSettings(address=server.address, ca_file=server.ca_file)
        yield settings, set_up(settings, server.root_token, folder / "roles"), folder / "roles"


def of(vault: tuple[VaultSettings, dict[Role, Credentials], Path], role: Role) -> VaultSettings:
    settings, credentials, _ = vault
    files = credentials[role]
    return settings.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})


def test_the_vaults_key_signs_and_its_public_half_checks(
    vault: tuple[VaultSettings, dict[Role, Credentials], Path], tmp_path: Path
) -> None:
    session = VaultSession(of(vault, Role.ATTESTOR))
    with listening(tmp_path, VaultSigner(session, "attest", RELEASES)) as path:
        made = RemoteAttestor(path).attest(release(), COPY)
        assert made == RemoteAttestor(path).attest(release(), COPY)
    assert json.loads(made)["signatures"][0]["keyid"] == "attest/releases:v1"
    assert verify(COPY, made, public_keys([vault[2] / f"{RELEASES}.pem"])).holds
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        verify(COPY, made, public_keys([vault[2] / f"{AUDIT_HEADS}.pem"]))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ATTESTOR])
def test_no_other_role_signs_a_release(vault: tuple[VaultSettings, dict[Role, Credentials], Path], role: Role) -> None:
    """The worker's too: with its stolen credentials, past all code of ours."""
    files = of(vault, role)
    thief = connect(files.address, files.ca_file)
    assert files.role_id_file
    assert files.secret_id_file
    thief.auth.approle.login(files.role_id_file.read_text(), files.secret_id_file.read_text())
    body = {"input": "AAAA"}
    for path in ("sign/releases", "sign/releases/sha2-256", "hmac/releases", "rewrap/releases", "keys/releases/rotate"):
        assert isinstance(attempt(lambda path=path: thief.adapter.post(f"/v1/attest/{path}", json=body)), DENIED)  # type: ignore[misc]
    for path in ("export/signing-key/releases", "backup/releases"):
        assert isinstance(attempt(lambda path=path: thief.adapter.get(f"/v1/attest/{path}")), DENIED)  # type: ignore[misc]
    settings = {"exportable": True}
    assert isinstance(attempt(lambda: thief.adapter.post("/v1/attest/keys/releases/config", json=settings)), DENIED)
    if role is not Role.SEQUENCER:
        assert isinstance(attempt(lambda: thief.adapter.post("/v1/attest/sign/audit-heads", json=body)), DENIED)


def test_the_attestor_signs_releases_and_does_nothing_else(
    vault: tuple[VaultSettings, dict[Role, Credentials], Path],
) -> None:
    session = VaultSession(of(vault, Role.ATTESTOR))
    assert session.write("attest/sign/releases", {"input": "AAAA"})["signature"]
    for path, body in (
        ("attest/sign/audit-heads", {"input": "AAAA"}),
        ("storage/decrypt/documents", {"ciphertext": "vault:v1:AAAA", "context": "AAAA"}),
        ("storage/datakey/plaintext/documents", {"context": "AAAA"}),
        ("tokens/encrypt/convergent", {"plaintext": "AAAA", "context": "AAAA"}),
    ):
        with pytest.raises(RedoubtError, match=r"^vault_refused$"):
            session.write(path, body)
