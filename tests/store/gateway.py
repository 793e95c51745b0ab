"""S3 for tests: versitygw on loopback, with one bucket, `claims`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from detectors.errors import RedoubtError
from streams.embedded.process import ChildProcess, free_port
from streams.store.claims import ClaimStore, ObjectClaims, open_claims

BINARY = "REDOUBT_TEST_S3"


@dataclass
class Gateway:
    """A running server; `root` is where it keeps the bucket's objects, one file each."""

    child: ChildProcess
    address: str
    root: Path


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    binary = os.environ.get(BINARY)
    if not binary:
        if os.environ.get("CI"):
            pytest.fail(f"{BINARY} names no versitygw")
        pytest.skip(f"{BINARY} names no versitygw")
    folder = tmp_path_factory.mktemp("s3")
    (folder / "root" / "claims").mkdir(parents=True)
    port = free_port()
    command = [binary, f"--port=127.0.0.1:{port}", "--access=testkey", "--secret=testsecret", "--region=us-east-1"]
    child = ChildProcess("versitygw", [*command, "--quiet", "posix", str(folder / "root")], folder, {})
    gateway = Gateway(child, f"http://127.0.0.1:{port}", folder / "root" / "claims")
    try:
        with pytest.MonkeyPatch.context() as patch:
            credentials(patch, gateway)
            assert child.wait_until(lambda: _works(open_claims("s3://claims/ready")), 30)
        yield gateway
    finally:
        child.stop()


def credentials(patch: pytest.MonkeyPatch, gateway: Gateway, pair: tuple[str, str] = ("testkey", "testsecret")) -> None:
    patch.setenv("AWS_ENDPOINT", gateway.address)
    patch.setenv("AWS_REGION", "us-east-1")
    patch.setenv("AWS_ACCESS_KEY_ID", pair[0])
    patch.setenv("AWS_SECRET_ACCESS_KEY", pair[1])


@dataclass
class Place:
    """A store of the test's own: how to open it, and where its objects lie as files."""

    url: str
    files: Path

    def open(self) -> ObjectClaims:
        return open_claims(self.url)

    def file(self, key: str) -> Path:
        return self.files / key


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.s3)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A private folder, and a folder of a bucket. For the PHI store; masked copies may lie in `tmp_path`."""
    if request.param == "file":
        return Place((tmp_path / "phi").as_uri(), tmp_path / "phi")
    gateway: Gateway = request.getfixturevalue("s3")
    credentials(monkeypatch, gateway)
    name = secrets.token_hex(4)
    return Place(f"s3://claims/{name}", gateway.root / name)


def _works(store: ClaimStore) -> bool:
    try:
        store.probe()
    except RedoubtError:
        return False
    return True
