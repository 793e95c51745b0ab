"""Heads in a place outside that keeps what it has: a bucket with object lock."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import os
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from xml.etree import ElementTree

import pytest
from obstore.store import MemoryStore
from prometheus_client import CollectorRegistry

from detectors.errors import Reason, RedoubtError
from streams.attest.envelope import public_keys
from streams.audit.counts import HeadCounts
from streams.audit.heads import Heads, Outside, head_of
from streams.audit.log import sequenced
from streams.audit.tree import Tree
from streams.embedded.process import ChildProcess, free_port
from streams.store.claims import ObjectClaims, open_claims
from tests.attest.made import signer
from tests.events.examples import ENTRY
from tests.store.gateway import BINARY, Gateway, credentials

LOCK = (
    b'<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ObjectLockEnabled>Enabled'
    b"</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule>"
    b"</ObjectLockConfiguration>"
)


def tree_of_one() -> Tree:
    return sequenced(Tree(), ENTRY, 0)[0]


class WantsChecksums(BaseHTTPRequestHandler):
    """S3 as its object lock answers: 'Content-MD5 OR x-amz-checksum- HTTP header is required'."""

    kept: ClassVar[dict[str, bytes]] = {}

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        names = [name.lower() for name in self.headers]
        checked = any(name == "content-md5" or name.startswith("x-amz-checksum-") for name in names)
        if checked:
            self.kept[self.path.partition("?")[0]] = content
        self.answer(200 if checked else 400)

    def do_GET(self) -> None:
        found = self.kept.get(self.path.partition("?")[0])
        self.answer(404 if found is None else 200, found or b"")

    def answer(self, code: int, content: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def test_a_head_comes_to_a_bucket_that_takes_nothing_without_a_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), WantsChecksums)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        for name, value in (("ENDPOINT", address), ("REGION", "x"), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b")):
            monkeypatch.setenv(f"AWS_{name}", value)
        Heads(signer(tmp_path), 60.0, Outside(open_claims("s3://locked"), HeadCounts())).sign(tree_of_one())
    finally:
        server.shutdown()
    (head,) = [content for path, content in WantsChecksums.kept.items() if "/heads/" in path]
    assert head_of(head, public_keys([tmp_path / "signing.key.pub"])).size == 1


class Refuses(ObjectClaims):
    """A place that takes nothing for a while."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.refuses, self.taken = True, list[bytes]()

    def put(self, key: str, content: bytes) -> None:
        if self.refuses:
            raise RedoubtError(Reason.STORE_UNAVAILABLE)
        super().put(key, content)
        self.taken.append(content)


def test_a_head_that_was_refused_is_told_and_offered_again_until_it_is_there(tmp_path: Path) -> None:
    registry, place = CollectorRegistry(), Refuses()
    counts = HeadCounts(registry)
    outside = Outside(place, counts)
    heads = Heads(signer(tmp_path), 60.0, outside, counts)

    def missing() -> float | None:
        return registry.get_sample_value("redoubt_heads_missing", {"place": "outside"})

    assert missing() == 0
    assert not outside.again(), "nothing is owed"
    heads.sign(tree_of_one())
    assert outside.again()
    assert missing() == 2
    place.refuses = False
    assert outside.again()
    assert missing() == 0
    assert not outside.again()
    (head,) = place.taken
    assert head_of(head, public_keys([tmp_path / "signing.key.pub"])).size == 1


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A bucket `locked`, whose objects nobody deletes for a day."""
    binary = os.environ.get(BINARY)
    if not binary:
        pytest.skip(f"{BINARY} names no versitygw")
    root, versions, port = tmp_path / "root", tmp_path / "versions", free_port()
    root.mkdir()
    versions.mkdir()
    command = [binary, f"--port=127.0.0.1:{port}", "--access=testkey", "--secret=testsecret", "--region=us-east-1"]
    command += ["--quiet", "posix", "--versioning-dir", str(versions), str(root)]
    child = ChildProcess("versitygw", command, tmp_path, {})
    gateway = Gateway(child, f"http://127.0.0.1:{port}", root)
    credentials(monkeypatch, gateway)
    try:
        made = {"x-amz-bucket-object-lock-enabled": "true"}
        assert child.wait_until(lambda: asked("PUT", gateway.address, "/locked", headers=made)[0] == 200, 30)
        assert asked("PUT", gateway.address, "/locked", "object-lock=", LOCK)[0] == 200
        yield gateway
    finally:
        child.stop()


@pytest.mark.s3
def test_what_was_signed_cannot_be_taken_away_or_replaced(locked: Gateway, tmp_path: Path) -> None:
    store = open_claims("s3://locked")
    Heads(signer(tmp_path), 60.0, Outside(store, HeadCounts())).sign(tree_of_one())
    (key,) = store.keys("heads")
    with pytest.raises(RedoubtError) as caught:
        store.put(key, b"another")
    assert caught.value.reason is Reason.HASH_MISMATCH
    store.delete(key)  # hides it behind a mark; what was there is there
    for version in versions_of(locked, key):
        code, _ = asked("DELETE", locked.address, f"/locked/{key}", urllib.parse.urlencode({"versionId": version}))
        assert code == 403
        code, content = asked("GET", locked.address, f"/locked/{key}", urllib.parse.urlencode({"versionId": version}))
        assert code == 200
        assert head_of(content, public_keys([tmp_path / "signing.key.pub"])).size == 1


def versions_of(gateway: Gateway, key: str) -> list[str]:
    _, listed = asked("GET", gateway.address, "/locked", "versions=")
    found = [
        {part.tag.rpartition("}")[2]: part.text or "" for part in each}
        for each in ElementTree.fromstring(listed)  # noqa: S314  of our own server
        if each.tag.endswith("}Version")
    ]
    versions = [each["VersionId"] for each in found if each["Key"] == key]
    assert versions
    return versions


def asked(
    verb: str, address: str, path: str, query: str = "", body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """A request signed by AWS's Signature Version 4; its status and content, 0 where nobody answers."""
    at = datetime.now(UTC)
    time, day, region = at.strftime("%Y%m%dT%H%M%SZ"), at.strftime("%Y%m%d"), "us-east-1"
    digest = hashlib.sha256(body).hexdigest()
    sent = {"host": address.removeprefix("http://"), "x-amz-content-sha256": digest, "x-amz-date": time}
    sent |= {"content-md5": base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()}
    sent |= headers or {}
    names = ";".join(sorted(sent))
    canonical = "\n".join([verb, path, query, *(f"{n}:{sent[n]}" for n in sorted(sent)), "", names, digest])
    scope = f"{day}/{region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", time, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4testsecret"
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    said = f"AWS4-HMAC-SHA256 Credential=testkey/{scope},SignedHeaders={names},Signature={signature}"
    connection = http.client.HTTPConnection(sent["host"], timeout=5)
    try:
        connection.request(verb, f"{path}?{query}", body, {**sent, "Authorization": said})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()
