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
from policies.tokens.form import PAD_TO_BYTES, Token, context, padded, read_token, unpadded
from policies.tokens.keyfile import read_or_make_key
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


@given(st.sampled_from(Kind), st.sampled_from(["v1", "v20", "l1"]), st.binary(min_size=1, max_size=80))
def test_a_token_reads_as_it_was_written(kind: Kind, version: str, body: bytes) -> None:
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
    ],
)
def test_what_is_no_token(text: str) -> None:
    with pytest.raises(RedoubtError) as said:
        read_token(text)
    assert said.value.reason is Reason.INVALID_EVENT
    assert said.value.__context__ is None
    assert not text.strip() or text not in "".join(traceback.format_exception(said.value)).split("RedoubtError")[-1]


@pytest.mark.parametrize("content", [b"", b"no mark", b"a\x80\x01", bytes(32)])
def test_what_is_not_padded(content: bytes) -> None:
    with pytest.raises(RedoubtError):
        unpadded(content)


def test_a_local_token_is_nothing_for_vault() -> None:
    with pytest.raises(RedoubtError):
        ciphertext(Token(Kind.PERSON, "l1", b"x"))


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
