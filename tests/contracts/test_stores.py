"""What every claim-check store does: a private folder, memory, and S3 served by versitygw."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.embedded.process import free_port
from streams.store.claims import ClaimStore, ObjectClaims, get_addressed, open_claims, put_addressed
from tests.store.gateway import Gateway, credentials, s3

__all__ = ["s3"]


@pytest.fixture(params=["file", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectClaims:
    if request.param == "file":
        return open_claims((tmp_path / "phi").as_uri())
    if request.param == "memory":
        return open_claims("memory:///")
    credentials(monkeypatch, request.getfixturevalue("s3"))
    return open_claims(f"s3://claims/{secrets.token_hex(4)}")


def _reason(call: object, *arguments: object) -> Reason:
    assert callable(call)
    with pytest.raises(RedoubtError) as said:
        call(*arguments)
    assert said.value.__cause__ is None
    assert said.value.__context__ is None
    return said.value.reason


def test_gives_back_what_it_got(store: ClaimStore) -> None:
    store.probe()
    for size in (0, 1, 100_000, 9_000_000):
        content = secrets.token_bytes(size)
        store.put(f"a/size-{size}", content)
        assert store.get(f"a/size-{size}") == content


@pytest.mark.parametrize("size", [5, 6_000_000, 40_000_000])
def test_a_second_put_may_only_repeat_the_first(store: ClaimStore, size: int) -> None:
    first, other = bytes([1]) * size, bytes([2]) * size
    store.put("a/b", first)
    for _ in range(3):
        store.put("a/b", first)
        assert _reason(store.put, "a/b", other) is Reason.HASH_MISMATCH
    assert store.get("a/b") == first


def test_an_absent_object_is_missing(store: ClaimStore) -> None:
    store.probe()
    assert _reason(store.get, "a/absent") is Reason.CONTENT_MISSING


def test_a_deleted_object_is_missing_and_may_be_deleted_again(store: ClaimStore) -> None:
    store.put("a/b", b"x")
    store.delete("a/b")
    store.delete("a/b")
    assert _reason(store.get, "a/b") is Reason.CONTENT_MISSING


def test_without_the_marker_nothing_counts_as_missing(store: ClaimStore) -> None:
    assert _reason(store.get, "a/absent") is Reason.STORE_UNAVAILABLE
    store.put("a/b", b"x")
    assert _reason(store.get, "a/absent") is Reason.CONTENT_MISSING


def test_the_keys_of_a_folder_are_listed_and_no_others(store: ClaimStore) -> None:
    store.probe()
    assert list(store.keys("a")) == []
    made = {f"a/{number:04}" for number in range(1203)} | {"a/b/c/d"}
    for key in made | {"ab/c", "b/a"}:
        store.put(key, b"x")
    listed = list(store.keys("a"))
    assert len(listed) == len(made)
    assert set(listed) == made
    assert list(store.keys("a/b")) == ["a/b/c/d"]
    assert _reason(lambda: list(store.keys("../a"))) is Reason.MISCONFIGURED


def test_a_listing_is_believed_only_with_the_marker(store: ClaimStore) -> None:
    assert _reason(lambda: list(store.keys("a"))) is Reason.STORE_UNAVAILABLE


def test_objects_may_go_while_they_are_listed(store: ClaimStore) -> None:
    for number in range(30):
        store.put(f"a/{number}", b"x")
    for key in store.keys("a"):
        store.delete(key)
    assert list(store.keys("a")) == []


def test_a_replaced_object_is_the_new_one(store: ClaimStore) -> None:
    store.probe()
    store.replace("a/b", b"first")
    store.replace("a/b", b"second")
    assert store.get("a/b") == b"second"


@pytest.mark.parametrize("key", ["", "/a", "../a", "a/../b", "a//b", "a/", ".a", "A", "a b", "é", "a\n", "a" * 200])
def test_a_strange_key_is_refused(store: ClaimStore, key: str) -> None:
    for call in (store.get, store.delete):
        assert _reason(call, key) is Reason.MISCONFIGURED
    assert _reason(store.put, key, b"x") is Reason.MISCONFIGURED


@pytest.mark.parametrize("size", [50_000, 5_000_000])
def test_sixteen_writers_have_one_winner(store: ClaimStore, size: int) -> None:
    for round_ in range(3):
        start = threading.Barrier(16)

        def write(number: int, round_: int = round_, start: threading.Barrier = start) -> Reason | None:
            start.wait()
            try:
                store.put(f"race/{round_}", bytes([number]) * size)
            except RedoubtError as error:
                return error.reason
            return None

        with ThreadPoolExecutor(16) as pool:
            said = list(pool.map(write, range(16)))
        assert said.count(None) == 1
        assert said.count(Reason.HASH_MISMATCH) == 15
        assert store.get(f"race/{round_}") == bytes([said.index(None)]) * size


def test_outputs_lie_under_their_own_hash(store: ClaimStore) -> None:
    key = put_addressed(store, b"a masked copy")
    assert key == put_addressed(store, b"a masked copy") != put_addressed(store, b"another")
    assert get_addressed(store, key) == b"a masked copy"
    forged = f"sha256/{'0' * 64}"
    store.put(forged, b"not what it says")
    assert _reason(get_addressed, store, forged) is Reason.HASH_MISMATCH


def test_an_object_over_the_limit_is_not_taken_into_memory(tmp_path: Path) -> None:
    url = (tmp_path / "phi").as_uri()
    open_claims(url).put("a", b"x" * 1001)
    assert _reason(open_claims(url, max_bytes=1000).get, "a") is Reason.TOO_MANY_BYTES
    assert open_claims(url, max_bytes=1001).get("a") == b"x" * 1001
    # Nor in order to compare: other content lies there, whatever it is.
    assert _reason(open_claims(url, max_bytes=1000).put, "a", b"ours") is Reason.TOO_MANY_BYTES


@pytest.mark.parametrize(
    "url",
    [
        "",
        "phi",
        "ftp://x/y",
        "https://bucket.example/x",
        "file://relative/x",
        "file:///",
        "file:///x?y=1",
        "s3://u@b/p",
    ],
)
def test_a_strange_url_is_refused(url: str) -> None:
    assert _reason(open_claims, url) is Reason.MISCONFIGURED


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "gs://bucket/prefix", "az://container/prefix"])
def test_every_cloud_opens_without_a_call(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "a2V5")
    assert isinstance(open_claims(url), ObjectClaims)


def test_a_folder_that_is_gone_is_no_missing_object(tmp_path: Path) -> None:
    store = open_claims((tmp_path / "phi").as_uri())
    store.probe()
    (tmp_path / "phi" / "redoubt-store").unlink()
    (tmp_path / "phi").rmdir()
    (tmp_path / "phi").write_text("a file in the folder's place")
    assert _reason(store.get, "a/b") is Reason.STORE_UNAVAILABLE
    assert _reason(store.put, "a/b", b"x") is Reason.STORE_UNAVAILABLE


def test_a_volume_that_is_not_mounted_is_no_missing_object(tmp_path: Path) -> None:
    store = open_claims((tmp_path / "phi").as_uri())
    store.put("a/b", b"x")
    (tmp_path / "phi").rename(tmp_path / "elsewhere")
    (tmp_path / "phi").mkdir()
    assert _reason(store.get, "a/b") is Reason.STORE_UNAVAILABLE


def test_files_are_private(tmp_path: Path) -> None:
    os.umask(0o022)
    store = open_claims((tmp_path / "phi").as_uri())
    store.put("a/b/c", b"x")
    for path in (tmp_path / "phi", *(tmp_path / "phi").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


_FILLS_UP = """
import resource, sys
from streams.store.claims import open_claims
from detectors.errors import Reason, RedoubtError
store = open_claims(sys.argv[1])
store.put("a/small", b"x")
# No file of this process may grow beyond: to the store that is a full disk.
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
for call in (store.put, store.replace):
    try:
        call("a/large", bytes(10_000_000))
        sys.exit("it was taken")
    except RedoubtError as error:
        if error.reason is not Reason.STORE_UNAVAILABLE or error.__context__ is not None:
            sys.exit(error.reason.value)
store.put("a/again", b"x")
"""


def test_a_full_disk_takes_nothing_in_part(tmp_path: Path) -> None:
    url = (tmp_path / "phi").as_uri()
    subprocess.run([sys.executable, "-c", _FILLS_UP, url], check=True, timeout=60)
    store = open_claims(url)
    assert set(store.keys("a")) == {"a/small", "a/again"}
    assert _reason(store.get, "a/large") is Reason.CONTENT_MISSING
    left = {path.name for path in (tmp_path / "phi" / "a").iterdir()}
    assert left == {"small", "again"}


class _Full(BaseHTTPRequestHandler):
    """An S3 server that has no room left."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(507)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_full_s3_is_told_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Full) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _elsewhere(monkeypatch, server.server_port)
        started = time.monotonic()
        assert _reason(open_claims("s3://claims/x").put, "a", b"x") is Reason.STORE_UNAVAILABLE
        assert time.monotonic() - started < 20
        server.shutdown()


def _elsewhere(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testkey")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testsecret")


# Faults of S3.


@pytest.mark.s3
def test_a_frozen_server_is_told_in_time_and_its_late_put_is_ours(s3: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.store.places._ANSWER_S", 1)
    credentials(monkeypatch, s3)
    store = open_claims(f"s3://claims/{secrets.token_hex(4)}")
    store.put("a/b", b"before")
    os.killpg(s3.child.pid, signal.SIGSTOP)
    assert s3.child.wait_until(lambda: _threads_are_stopped(s3.child.pid), 30)
    try:
        for call, arguments in ((store.get, ("a/b",)), (store.put, ("a/c", b"late")), (store.delete, ("a/b",))):
            started = time.monotonic()
            assert _reason(call, *arguments) is Reason.STORE_UNAVAILABLE
            assert time.monotonic() - started < 20
    finally:
        os.killpg(s3.child.pid, signal.SIGCONT)
    # What timed out may have been done all the same: doing it again is no error.
    store.put("a/c", b"late")
    assert store.get("a/c") == b"late"
    store.delete("a/b")


def _threads_are_stopped(pid: int) -> bool:
    states = [(task / "stat").read_text().rpartition(")")[2].split()[0] for task in Path(f"/proc/{pid}/task").iterdir()]
    return set(states) == {"T"}


@pytest.mark.s3
@pytest.mark.parametrize(
    ("key", "secret", "bucket"),
    [("testkey", "wrong", "claims"), ("unknown", "testsecret", "claims"), ("testkey", "testsecret", "absent")],
)
def test_wrong_credentials_or_bucket_never_say_missing(
    s3: Gateway, monkeypatch: pytest.MonkeyPatch, key: str, secret: str, bucket: str
) -> None:
    credentials(monkeypatch, s3, (key, secret))
    store = open_claims(f"s3://{bucket}/x")
    assert _reason(store.probe) is Reason.STORE_UNAVAILABLE
    assert _reason(store.get, "a/b") is Reason.STORE_UNAVAILABLE
    assert _reason(store.put, "a/b", b"x") is Reason.STORE_UNAVAILABLE


def test_a_server_that_is_down_is_told_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    _elsewhere(monkeypatch, free_port())
    store = open_claims("s3://claims/x")
    for call, arguments in ((store.get, ("a",)), (store.put, ("a", b"x")), (store.probe, ())):
        started = time.monotonic()
        assert _reason(call, *arguments) is Reason.STORE_UNAVAILABLE
        assert time.monotonic() - started < 10
