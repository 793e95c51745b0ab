"""The written form of tokens, and the private key file."""

from __future__ import annotations

import os
import string
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.patterns import checks
from policies.tokens.form import PAD_TO_BYTES, Token, context, padded, read_token, unpadded
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.shapes import draw
from policies.tokens.tokenizer import TokenRequest
from policies.tokens.transit import ciphertext, split_ciphertext

any_text = st.text(st.characters(), max_size=120)


@given(any_text)
def test_padding_comes_off_again(value: str) -> None:
    content = padded(TokenRequest("t", "p", Kind.PERSON, value))
    assert len(content) % PAD_TO_BYTES == 0
    assert len(content) > 0
    assert unpadded(content) == value


@given(any_text, any_text, any_text, any_text)
def test_contexts_meet_only_where_tenant_and_purpose_do(a: str, b: str, c: str, d: str) -> None:
    assert (context(a, b, Kind.MRN) == context(c, d, Kind.MRN)) == ((a, b) == (c, d))
    assert context(a, b, Kind.MRN) != context(a, b, Kind.SSN)


@pytest.mark.parametrize("between", ["", "|", ",", '","', "\x00"])
def test_parts_of_a_context_do_not_run_together(between: str) -> None:
    kind = between + Kind.MRN.value + between
    assert context("a" + kind + "b", "c", Kind.MRN) != context("a", "b" + kind + "c", Kind.MRN)


def _bodies() -> st.SearchStrategy[tuple[str, bytes]]:
    ciphertexts = st.integers(1, 3).flatmap(
        lambda blocks: st.binary(min_size=28 + blocks * PAD_TO_BYTES, max_size=28 + blocks * PAD_TO_BYTES)
    )
    return st.one_of(
        st.tuples(st.sampled_from(["v1", "v20"]), ciphertexts),
        st.tuples(st.just("l1"), st.binary(min_size=1, max_size=80)),
        st.tuples(st.just("r1"), st.binary(min_size=16, max_size=16)),
        st.tuples(st.just("s1"), st.from_regex(r"[A-Z0-9]{4,40}", fullmatch=True).map(str.encode)),
    )


@given(st.sampled_from(Kind), _bodies())
def test_a_token_reads_as_it_was_written(kind: Kind, made: tuple[str, bytes]) -> None:
    version, body = made
    token = Token(kind, version, body)
    assert read_token(str(token)) == token
    assert set(str(token)) <= set(string.ascii_letters + string.digits + ":_-")
    if version.startswith("v"):
        assert split_ciphertext(ciphertext(token)) == (int(version[1:]), body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rdt:person:v1:",
        "rdt:person:v0:AAAA",
        "rdt:person:x1:AAAA",
        "rdt:dragon:v1:AAAA",
        "rdt:person:v1:AAAA\n",
        " rdt:person:v1:AAAA",
        "rdt:person:v1:A",
        "rdt:person:v1:AA+/",
        "rdt:person:v1:" + "A" * 9000,
        "vault:v1:AAAA",
        f"rdt:person:v1:{'A' * 79}",  # one letter short
        f"rdt:person:r1:{'A' * 21}",
        f"rdt:person:r1:{'A' * 21}B",  # another spelling of the same bytes
        f"rdt:person:r2:{'A' * 22}",
        "rdt:ssn:s1:000",
        "rdt:ssn:s1:000-12-3456",
        "rdt:ssn:s2:000123456",
    ],
)
def test_what_is_no_token(text: str) -> None:
    with pytest.raises(RedoubtError) as said:
        read_token(text)
    assert said.value.reason is Reason.TOKEN_DAMAGED
    assert said.value.__context__ is None
    assert not text.strip() or text not in "".join(traceback.format_exception(said.value)).split("RedoubtError")[-1]


@pytest.mark.parametrize("content", [b"", b"no mark", b"a\x80\x01", bytes(32)])
def test_what_is_not_padded(content: bytes) -> None:
    with pytest.raises(RedoubtError):
        unpadded(content)


def test_a_local_token_is_nothing_for_vault() -> None:
    with pytest.raises(RedoubtError):
        ciphertext(Token(Kind.PERSON, "l1", b"x"))


@pytest.mark.parametrize("kind", Kind)
def test_a_shaped_token_is_no_number_in_use(kind: Kind) -> None:
    """A range that no authority issues, with its check digit, or the mark."""
    for _ in range(50):
        shape = draw(kind)
        assert read_token(str(Token(kind, "s1", shape.encode()))).body == shape.encode()
        match kind:
            case Kind.SSN:
                assert len(shape) == 9
                assert shape.startswith("000")
            case Kind.PHONE | Kind.FAX:
                assert len(shape) == 10
                assert shape.startswith("0")
            case Kind.NPI:
                assert len(shape) == 10
                assert shape.startswith("9")
                assert checks.luhn("80840" + shape)
            case Kind.CARD:
                assert len(shape) == 16
                assert shape.startswith("0")
                assert checks.luhn(shape)
            case _:
                assert shape.startswith("TKN")
                assert shape[3:].isdigit()


def test_a_key_is_made_once_whoever_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: read_or_make_key(file, 64), range(64)))
    assert len(keys) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key"
    read_or_make_key(file, 64)
    file.chmod(mode)
    with pytest.raises(RedoubtError) as said:
        read_or_make_key(file, 64)
    assert said.value.reason is Reason.MISCONFIGURED


def test_a_strange_key_file_is_refused(tmp_path: Path) -> None:
    read_or_make_key(tmp_path / "key", 32)
    (tmp_path / "link").symlink_to(tmp_path / "key")
    (tmp_path / "dangling").symlink_to(tmp_path / "absent")
    (tmp_path / "folder").mkdir()
    os.close(os.open(tmp_path / "empty", os.O_CREAT, 0o600))
    for name, length in (("key", 64), ("link", 32), ("dangling", 32), ("folder", 32), ("empty", 32)):
        with pytest.raises(RedoubtError) as said:
            read_or_make_key(tmp_path / name, length)
        assert said.value.reason is Reason.MISCONFIGURED, name
    assert not (tmp_path / "absent").exists()
