"""Objects that are never in memory whole: what every claim-check store makes of them, and sealing them on the way."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.settings import Environment
from streams.store.claims import ObjectClaims, digest_of, get_addressed, open_claims, put_addressed
from streams.store.seal import CHUNK_BYTES, seal_pieces, unseal
from streams.store.sealed import SealedStore
from streams.vault.keyring import LocalDataKeys
from tests.store.gateway import credentials, s3

__all__ = ["s3"]


@pytest.fixture(params=["file", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectClaims:
    if request.param == "file":
        return open_claims((tmp_path / "phi").as_uri())
    if request.param == "memory":
        return open_claims("memory:///")
    credentials(monkeypatch, request.getfixturevalue("s3"))
    return open_claims(f"s3://claims/{secrets.token_hex(4)}")


@dataclass
class Large:
    """A content that comes in pieces of uneven length, the same each time."""

    size: int
    breaks_off_at: int | None = None

    def pieces(self) -> Iterator[bytes]:
        sent = 0
        while sent < self.size:
            length = min(100_003 + sent % 400_000, self.size - sent)
            if self.breaks_off_at is not None and sent >= self.breaks_off_at:
                raise RedoubtError(Reason.HASH_MISMATCH)
            yield bytes([sent % 251]) * length
            sent += length

    def whole(self) -> bytes:
        return b"".join(self.pieces())


@pytest.mark.parametrize("size", [1, 300_000, 17_000_000])
def test_an_output_in_pieces_lies_under_its_own_hash(store: ObjectClaims, size: int) -> None:
    large = Large(size)
    for _ in range(2):
        key = put_addressed(store, large)
        assert key == f"sha256/{hashlib.sha256(large.whole()).hexdigest()}" == f"sha256/{digest_of(large.whole())}"
        assert get_addressed(store, key) == large.whole()
    # Whole or in pieces, it is the same object.
    assert put_addressed(store, large.whole()) == key


def test_pieces_that_break_off_leave_nothing(store: ObjectClaims) -> None:
    with pytest.raises(RedoubtError) as caught:
        store.put_pieces("a/b", Large(17_000_000, breaks_off_at=12_000_000).pieces())
    assert caught.value.reason in (Reason.HASH_MISMATCH, Reason.STORE_UNAVAILABLE)
    with pytest.raises(RedoubtError) as caught:
        store.get("a/b")
    assert caught.value.reason is Reason.CONTENT_MISSING
    assert list(store.keys("a")) == []


def test_a_store_that_is_not_there_takes_no_pieces(tmp_path: Path) -> None:
    store = open_claims((tmp_path / "phi").as_uri())
    store.probe()
    (tmp_path / "phi").rename(tmp_path / "elsewhere")
    (tmp_path / "phi").write_text("no folder")
    with pytest.raises(RedoubtError) as caught:
        store.put_pieces("a/b", [b"content"])
    assert caught.value.reason is Reason.STORE_UNAVAILABLE


def test_a_document_s_large_intermediate_is_sealed_on_its_way(store: ObjectClaims) -> None:
    sealed = SealedStore(store, LocalDataKeys(environment=Environment.DEMO))
    seal = sealed.create("tenant", "document")
    large = Large(9_000_000)
    reference = seal.put(large)
    assert large.whole()[:1000] not in store.get(reference)
    assert seal.get(reference) == large.whole()
    assert get_addressed(store, seal.put_output(store, large)) == large.whole()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_sealed_in_pieces_it_opens_as_a_whole(size: int) -> None:
    key, large = secrets.token_bytes(32), Large(size)
    parts = list(seal_pieces(key, b"bound", large.pieces()))
    assert unseal(key, b"bound", b"".join(parts)) == large.whole()
    assert max(map(len, parts)) <= CHUNK_BYTES + 16
    for broken in (parts[:-1], [parts[0], *parts[2:]], parts[::-1]):
        if broken != parts:
            with pytest.raises(RedoubtError):
                unseal(key, b"bound", b"".join(broken))
