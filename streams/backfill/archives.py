"""Where an archive lies: a folder or a bucket. A file's path may be a patient's name: it stays out of logs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from detectors.errors import Reason, RedoubtError
from streams.decode.limits import MAX_BYTES
from streams.decode.magic import identify
from streams.store.places import object_store

_BUCKETS: Final = ("s3://", "gs://", "az://")
_LISTED: Final = 1000


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is listed. `path` is below the archive's root."""

    path: str = field(repr=False)
    size_bytes: int


class Archive(Protocol):
    def files(self) -> Iterator[File]:
        """All of them, in no particular order, never all in memory. Raises RedoubtError(STORE_UNAVAILABLE) at any
        step."""
        ...

    def read(self, file: File) -> bytes:
        """Raises RedoubtError(CONTENT_MISSING) for what is gone or may not be read, RedoubtError(STORE_UNAVAILABLE)
        where the archive itself is away."""
        ...


class Folder:
    """Links are followed to files and not to folders; a folder that may not be opened is listed as a file that cannot
    be read."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def files(self) -> Iterator[File]:
        if not self._root.is_dir():
            raise RedoubtError(Reason.STORE_UNAVAILABLE)
        yield from self._below("")

    def _below(self, inner: str) -> Iterator[File]:
        try:
            with os.scandir(self._root / inner) as entries:
                for entry in entries:
                    path = f"{inner}/{entry.name}" if inner else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        yield from self._below(path)
                    else:
                        yield File(path, _size(entry))
        except OSError:
            yield File(inner, 0)

    def read(self, file: File) -> bytes:
        path = self._root / file.path
        try:
            # A pipe would keep the reader for ever.
            if path.is_file():
                return path.read_bytes()
        except OSError:
            pass
        if not self._root.is_dir():
            raise RedoubtError(Reason.STORE_UNAVAILABLE)
        raise RedoubtError(Reason.CONTENT_MISSING)


class Bucket:
    """Below a prefix of an object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def files(self) -> Iterator[File]:
        try:
            for chunk in obstore.list(self._store, chunk_size=_LISTED):
                for found in chunk:
                    yield File(found["path"], found["size"])
        except (BaseError, OSError, ValueError):
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None

    def read(self, file: File) -> bytes:
        try:
            return bytes(obstore.get(self._store, file.path).bytes())
        except (FileNotFoundError, PermissionError):
            raise RedoubtError(Reason.CONTENT_MISSING) from None
        except (BaseError, OSError, ValueError):
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None


def open_archive(place: str) -> Archive:
    """`s3://bucket/prefix`, `gs://…`, `az://…` (credentials from the usual variables) or a folder. Nothing is
    contacted. Raises RedoubtError(MISCONFIGURED) for a URL that leads nowhere."""
    if not place.startswith(_BUCKETS):
        return Folder(Path(place))
    try:
        return Bucket(object_store(place, begins=False))
    except (BaseError, OSError, ValueError):
        raise RedoubtError(Reason.MISCONFIGURED) from None


def content_of(archive: Archive, file: File) -> bytes:
    """The file's bytes. Raises RedoubtError: as `read` does; TOO_MANY_BYTES, EMPTY and UNKNOWN_FORMAT for what the
    gateway would reject in any case."""
    if file.size_bytes > MAX_BYTES:
        raise RedoubtError(Reason.TOO_MANY_BYTES)
    content = archive.read(file)
    if len(content) > MAX_BYTES:
        raise RedoubtError(Reason.TOO_MANY_BYTES)
    identify(content)
    return content


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except OSError:
        return 0
