"""Sealed objects: nothing readable on disk, nothing opened elsewhere, nothing after the key is gone."""

from __future__ import annotations

import base64
import re
import secrets
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.errors import Reason, RedoubtError
from streams.settings import Environment
from streams.store import seal as sealing
from streams.store.claims import ObjectClaims, open_claims
from streams.store.seal import CHUNK_BYTES, seal, unseal
from streams.store.sealed import DocumentSeal, SealedStore
from streams.vault.keyring import LocalDataKeys

CANARY = b"Quillfeather, Ombudsdottir MRN 7731-C0FFEE"
KEY = secrets.token_bytes(32)


@pytest.fixture
def claims(tmp_path: Path) -> ObjectClaims:
    return open_claims((tmp_path / "phi").as_uri())


@pytest.fixture
def sealed(claims: ObjectClaims) -> SealedStore:
    return SealedStore(claims, LocalDataKeys(environment=Environment.DEMO))


def _mismatch(call: object, *arguments: object) -> None:
    assert callable(call)
    with pytest.raises(RedoubtError) as said:
        call(*arguments)
    assert said.value.reason is Reason.HASH_MISMATCH
    assert said.value.__context__ is None


def test_an_original_comes_back(sealed: SealedStore) -> None:
    document = sealed.create("north", "doc-1")
    reference = document.put(CANARY)
    assert sealed.open("north", "doc-1").get(reference) == CANARY


def test_nothing_readable_lies_on_disk(sealed: SealedStore, tmp_path: Path) -> None:
    document = sealed.create("north-tenant", "doc-visible-id")
    document.put(CANARY * 1000)
    forms = [CANARY, CANARY.lower(), base64.b64encode(CANARY)[:40], CANARY.hex().encode(), zlib.compress(CANARY)[2:30]]
    forms += [b"Quillfeather", b"7731-C0FFEE"]
    ids = [b"north-tenant", b"doc-visible-id"]
    files = [path for path in (tmp_path / "phi").rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        content, name = path.read_bytes(), path.relative_to(tmp_path).as_posix()
        assert not any(form in content for form in forms)
        # Whose a document is stands in its record alone.
        assert any(form in content for form in ids) is name.endswith("/record")
        assert not any(form in name.encode() for form in forms + ids)


def test_references_are_random(sealed: SealedStore) -> None:
    document = sealed.create("north", "doc-1")
    one, two = document.put(CANARY), document.put(CANARY)
    assert one != two
    assert re.fullmatch(r"sealed/[0-9a-f]{64}/[0-9a-f]{32}", one)
    assert one.rpartition("/")[0] == two.rpartition("/")[0]


def test_a_destroyed_key_ends_every_copy(sealed: SealedStore, claims: ObjectClaims) -> None:
    document = sealed.create("north", "doc-1")
    reference, inline = document.put(CANARY), document.seal("patient", CANARY)
    sealed.destroy("north", "doc-1")
    sealed.destroy("north", "doc-1")
    with pytest.raises(RedoubtError) as said:
        sealed.open("north", "doc-1")
    assert said.value.reason is Reason.CONTENT_MISSING
    # Who makes a new key for the same document opens nothing of the old.
    again = sealed.create("north", "doc-1")
    _mismatch(again.get, reference)
    _mismatch(again.unseal, "patient", inline)


def test_a_document_has_one_key(sealed: SealedStore) -> None:
    sealed.create("north", "doc-1")
    _mismatch(sealed.create, "north", "doc-1")


def test_a_reference_of_another_document_or_tenant_is_refused(sealed: SealedStore) -> None:
    reference = sealed.create("north", "doc-1").put(CANARY)
    _mismatch(sealed.create("north", "doc-2").get, reference)
    _mismatch(sealed.create("south", "doc-1").get, reference)


def test_the_binding_holds_even_under_one_key(claims: ObjectClaims) -> None:
    reference = DocumentSeal(claims, "north", "doc-1", KEY).put(CANARY)
    assert DocumentSeal(claims, "north", "doc-1", KEY).get(reference) == CANARY
    _mismatch(DocumentSeal(claims, "south", "doc-1", KEY).get, reference)
    _mismatch(DocumentSeal(claims, "north", "doc-2", KEY).get, reference)


def test_a_moved_object_is_refused(sealed: SealedStore, claims: ObjectClaims) -> None:
    document = sealed.create("north", "doc-1")
    reference = document.put(CANARY)
    claims.put("sealed/elsewhere", claims.get(reference))
    _mismatch(document.get, "sealed/elsewhere")


def test_a_wrapped_key_moved_to_another_document_is_refused(sealed: SealedStore, tmp_path: Path) -> None:
    sealed.create("north", "doc-1")
    [first] = (tmp_path / "phi" / "keys").iterdir()
    sealed.create("south", "doc-2")
    [second] = [path for path in (tmp_path / "phi" / "keys").iterdir() if path != first]
    second.write_bytes(first.read_bytes())
    _mismatch(sealed.open, "south", "doc-2")
    second.write_bytes(b"\xff\xfe")
    _mismatch(sealed.open, "south", "doc-2")


def test_an_inline_part_is_bound_to_its_name(sealed: SealedStore) -> None:
    document = sealed.create("north", "doc-1")
    part = document.seal("patient", CANARY)
    assert CANARY not in part
    assert document.unseal("patient", part) == CANARY
    _mismatch(document.unseal, "content", part)


def test_a_seal_does_not_show_its_key(sealed: SealedStore) -> None:
    assert repr(sealed.create("north", "doc-1")) == "DocumentSeal()"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(1, 40), st.binary(max_size=20))
def test_any_content_in_any_chunks(content: bytes, chunk: int, associated: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "CHUNK_BYTES", chunk)
        assert unseal(KEY, associated, seal(KEY, associated, content)) == content


def test_every_changed_cut_or_swapped_byte_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK_BYTES", 8)
    whole = seal(KEY, b"a", b"0123456789abcdef01234")
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        _mismatch(unseal, KEY, b"a", bytes(changed))
        _mismatch(unseal, KEY, b"a", whole[:place])
    head, body = whole[:20], whole[20:]
    chunks = [body[at : at + 24] for at in range(0, len(body), 24)]
    _mismatch(unseal, KEY, b"a", head + chunks[1] + chunks[0] + chunks[2])
    _mismatch(unseal, KEY, b"a", head + chunks[0] + chunks[2])
    _mismatch(unseal, KEY, b"a", whole + b"\0")
    _mismatch(unseal, KEY, b"b", whole)
    _mismatch(unseal, secrets.token_bytes(32), b"a", whole)


@pytest.mark.parametrize("size", [CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_at_the_edges_of_a_chunk(size: int) -> None:
    content = bytes(size)
    assert unseal(KEY, b"a", seal(KEY, b"a", content)) == content


def test_the_same_content_never_seals_the_same_way() -> None:
    assert seal(KEY, b"a", CANARY) != seal(KEY, b"a", CANARY)


def test_what_lies_beside_an_object_is_sealed_as_it_is_and_ends_with_it(sealed: SealedStore, tmp_path: Path) -> None:
    document = sealed.create("north", "doc-1")
    reference, other = document.put(b"copy"), document.put(b"other copy")
    document.put_beside(reference, "boxes", CANARY)
    again = sealed.open("north", "doc-1")
    assert (again.beside(reference, "boxes"), again.beside(other, "boxes")) == (CANARY, None)
    files = [path for path in (tmp_path / "phi").rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY in path.read_bytes()]
    (beside,) = (path for path in files if path.name.endswith(".boxes"))
    beside.rename(beside.with_name(f"{other.rpartition('/')[2]}.boxes"))
    _mismatch(again.beside, other, "boxes")
    sealed.destroy("north", "doc-1")
    with pytest.raises(RedoubtError) as said:
        sealed.open("north", "doc-1")
    assert said.value.reason is Reason.CONTENT_MISSING
