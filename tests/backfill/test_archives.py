"""Folders and buckets: everything is found, and what cannot be read says so and hangs nobody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.backfill.archives import Archive, File, content_of, open_archive
from streams.decode.limits import MAX_BYTES
from tests.store.gateway import Gateway, credentials, s3

__all__ = ["s3"]
FILES = {"a.pdf": b"%PDF-1.7 a", "folder/b.pdf": b"%PDF-1.7 b", "folder/deep er/ü.png": b"\x89PNG\r\n\x1a\n"}


def fill(root: Path) -> None:
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def found(archive: Archive) -> dict[str, bytes]:
    return {file.path: content_of(archive, file) for file in archive.files()}


def reason(archive: Archive, file: File) -> Reason:
    with pytest.raises(RedoubtError) as caught:
        content_of(archive, file)
    return caught.value.reason


def test_a_folder_is_walked_to_its_ends(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    assert found(open_archive(str(tmp_path))) == FILES | {"link.pdf": FILES["a.pdf"]}


def test_what_is_no_readable_file_is_told_and_hangs_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    archive = open_archive(str(tmp_path))
    files = list(archive.files())
    assert {file.path for file in files} == {"pipe", "round", "gone"}
    assert {reason(archive, file) for file in files} == {Reason.CONTENT_MISSING}


def test_what_the_gateway_would_reject_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "text.pdf").write_text("text")
    (tmp_path / "empty.pdf").touch()
    with (tmp_path / "large.pdf").open("wb") as large:
        large.truncate(MAX_BYTES + 1)
    archive = open_archive(str(tmp_path))
    told = {file.path: reason(archive, file) for file in archive.files()}
    assert told == {
        "text.pdf": Reason.UNKNOWN_FORMAT,
        "empty.pdf": Reason.EMPTY,
        "large.pdf": Reason.TOO_MANY_BYTES,
    }


def test_an_archive_that_is_away_is_no_empty_one(tmp_path: Path) -> None:
    with pytest.raises(RedoubtError) as caught:
        list(open_archive(str(tmp_path / "not mounted")).files())
    assert caught.value.reason is Reason.STORE_UNAVAILABLE
    with pytest.raises(RedoubtError) as caught:
        open_archive("s3://")
    assert caught.value.reason is Reason.MISCONFIGURED


@pytest.mark.s3
def test_a_bucket_is_read_below_its_prefix(s3: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials(monkeypatch, s3)
    fill(s3.root / "archive")
    (s3.root / "beside.pdf").write_bytes(b"%PDF-1.7 beside")
    archive = open_archive("s3://claims/archive")
    assert found(archive) == FILES
    assert reason(archive, File("gone.pdf", 1)) is Reason.CONTENT_MISSING
    with pytest.raises(RedoubtError) as caught:
        list(open_archive("s3://missing/archive").files())
    assert caught.value.reason is Reason.STORE_UNAVAILABLE
