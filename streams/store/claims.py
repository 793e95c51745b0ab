"""The claim-check store: objects that are written once, found again by key, and deleted when their time is up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, Protocol, TypeVar

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore

from detectors.errors import Reason, RedoubtError
from streams.store.places import object_store

MAX_OBJECT_BYTES: Final = 512 * 1024 * 1024
"""An object is read into memory whole, so none is made that is larger; above the ingest limit on documents with room
for their masked copies."""

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}(/[a-z0-9][a-z0-9._-]{0,127}){0,3}")
_MARKER: Final = "redoubt-store"
_MARK: Final = b"redoubt"
_LISTED: Final = 1000
"""Keys a listing hands over at once; S3's own page."""
Answer = TypeVar("Answer")


class ClaimStore(Protocol):
    """Keys are opaque ids in lower case, parts joined by `/`; anything else is RedoubtError(MISCONFIGURED)."""

    def put(self, key: str, content: bytes) -> None:
        """Create the object. Again with the same content is no error.

        Raises RedoubtError(HASH_MISMATCH) where other content has that key, RedoubtError(TOO_MANY_BYTES),
        RedoubtError(STORE_UNAVAILABLE).
        """
        ...

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        """Create an object too large for memory, whole or not at all, under a key that no other content can have.

        Raises RedoubtError(TOO_MANY_BYTES) by the bound that `get` has, RedoubtError(STORE_UNAVAILABLE), and what
        `pieces` raises.
        """
        ...

    def get(self, key: str) -> bytes:
        """Raises RedoubtError(CONTENT_MISSING), RedoubtError(STORE_UNAVAILABLE) or RedoubtError(TOO_MANY_BYTES).

        Missing means that the store is there and the object is not.
        """
        ...

    def replace(self, key: str, content: bytes) -> None:
        """Put other content in the object's place, whole or not at all. Raises RedoubtError(STORE_UNAVAILABLE).

        Whoever deletes the object meanwhile may find it back: only for what is looked after again afterwards.
        """
        ...

    def keys(self, folder: str, before: datetime | None = None) -> Iterator[str]:
        """Every key below `folder/`, in no particular order; `folder` is a key's first parts. With `before`, only
        those last written before it.

        An object made or deleted meanwhile may be in it or not. Raises RedoubtError(STORE_UNAVAILABLE), at any step.
        """
        ...

    def move(self, key: str, to: str) -> None:
        """Give the object another key, in place of what is there; an absent one is no error.

        Where it breaks off the object may have both keys, never none. Raises RedoubtError(STORE_UNAVAILABLE).
        """
        ...

    def delete(self, key: str) -> None:
        """Remove the object; an absent one is no error. Raises RedoubtError(STORE_UNAVAILABLE)."""
        ...

    def probe(self) -> None:
        """Leave a marker, where the store may be begun, and read it.

        Raises RedoubtError(STORE_UNAVAILABLE) where either fails, RedoubtError(STORE_UNMARKED) where there is none and
        none may be left. To be asked once at the start: without a marker no object counts as missing.
        """
        ...


class ObjectClaims:
    """ClaimStore over any object store that obstore knows; `max_bytes` bounds every object.

    `begins`: a store without a marker is a new one, and gets it. Else it is none.
    """

    def __init__(self, store: ObjectStore, max_bytes: int = MAX_OBJECT_BYTES, begins: bool = True) -> None:
        self._store = store
        self._max_bytes = max_bytes
        self._begins = begins
        self._marked = False

    def put(self, key: str, content: bytes) -> None:
        _check(key)
        if len(content) > self._max_bytes:
            raise RedoubtError(Reason.TOO_MANY_BYTES)
        if not self._marked:
            self.probe()
        made = _attempt(lambda: obstore.put(self._store, key, content, mode="create"))
        if not isinstance(made, Exception):
            return
        # A put that timed out may have landed: what already exists can be our own. And a server may turn a large body
        # away by closing the connection before it is sent, so that its answer is lost: look what is there.
        found = self._read(key)
        if isinstance(found, Exception):
            raise RedoubtError(found.reason if isinstance(found, RedoubtError) else Reason.STORE_UNAVAILABLE)
        if found != content:
            raise RedoubtError(Reason.HASH_MISMATCH)

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        _check(key)
        if not self._marked:
            self.probe()
        # The library may tell of what the pieces raise in its own words.
        broke_off: list[Reason] = []

        def bounded() -> Iterator[bytes]:
            left = self._max_bytes
            try:
                for piece in pieces:
                    left -= len(piece)
                    if left < 0:
                        raise RedoubtError(Reason.TOO_MANY_BYTES)
                    yield piece
            except RedoubtError as error:
                broke_off.append(error.reason)
                raise

        # In parts: the library holds a few of them at a time, and the object is there once the last one is.
        failed = _attempt(lambda: obstore.put(self._store, key, bounded(), use_multipart=True))
        if isinstance(failed, Exception):
            raise RedoubtError(broke_off[0] if broke_off else Reason.STORE_UNAVAILABLE)

    def get(self, key: str) -> bytes:
        _check(key)
        found = self._read(key)
        if isinstance(found, FileNotFoundError):
            self._require_marker()
            raise RedoubtError(Reason.CONTENT_MISSING)
        if isinstance(found, RedoubtError):
            raise RedoubtError(found.reason)
        if isinstance(found, Exception):
            raise RedoubtError(Reason.STORE_UNAVAILABLE)
        return found

    def replace(self, key: str, content: bytes) -> None:
        _check(key)
        if isinstance(_attempt(lambda: obstore.put(self._store, key, content)), Exception):
            raise RedoubtError(Reason.STORE_UNAVAILABLE)

    def keys(self, folder: str, before: datetime | None = None) -> Iterator[str]:
        _check(folder)
        # An empty answer is believed only where the store is there at all.
        self._require_marker()
        listing = iter(obstore.list(self._store, f"{folder}/", chunk_size=_LISTED))
        while True:
            chunk = _attempt(lambda: next(listing, ()))
            if isinstance(chunk, Exception):
                raise RedoubtError(Reason.STORE_UNAVAILABLE)
            if not chunk:
                return
            yield from (found["path"] for found in chunk if before is None or found["last_modified"] < before)

    def move(self, key: str, to: str) -> None:
        _check(key)
        _check(to)
        moved = _attempt(lambda: obstore.rename(self._store, key, to, overwrite=True))
        if isinstance(moved, FileNotFoundError):
            self._require_marker()
        elif isinstance(moved, Exception):
            raise RedoubtError(Reason.STORE_UNAVAILABLE)

    def delete(self, key: str) -> None:
        _check(key)
        gone = _attempt(lambda: obstore.delete(self._store, key))
        if isinstance(gone, FileNotFoundError):
            self._require_marker()
        elif isinstance(gone, Exception):
            raise RedoubtError(Reason.STORE_UNAVAILABLE)

    def probe(self) -> None:
        if self._begins:
            made = _attempt(lambda: obstore.put(self._store, _MARKER, _MARK, mode="create"))
            if isinstance(made, Exception) and not isinstance(made, AlreadyExistsError):
                raise RedoubtError(Reason.STORE_UNAVAILABLE)
        elif isinstance(self._read(_MARKER), FileNotFoundError):
            raise RedoubtError(Reason.STORE_UNMARKED)
        self._require_marker()
        self._marked = True

    def _require_marker(self) -> None:
        # A missing bucket, a volume that is not mounted and, on some servers, an unknown access key all say
        # "not found": believe it only where the marker is found.
        if self._read(_MARKER) != _MARK:
            raise RedoubtError(Reason.STORE_UNAVAILABLE)

    def _read(self, key: str) -> bytes | Exception:
        def read() -> bytes:
            found = obstore.get(self._store, key)
            if found.meta["size"] > self._max_bytes:
                raise RedoubtError(Reason.TOO_MANY_BYTES)
            return bytes(found.bytes())

        return _attempt(read)


def open_claims(url: str, max_bytes: int = MAX_OBJECT_BYTES, *, begins: bool = True) -> ObjectClaims:
    """The store at `file:///folder`, `memory:///`, `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`.

    Cloud credentials and endpoints come from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, ...).
    Nothing is contacted: call `probe`. Raises RedoubtError(MISCONFIGURED) for another or a broken URL.

    `begins` False: what was never begun as a store is none. A folder below which no volume is mounted looks like an
    empty store: nothing is made in it or of it, and RedoubtError(STORE_UNMARKED) is raised, here or by `probe`.
    """
    opened = _attempt(lambda: object_store(url, begins))
    if isinstance(opened, Exception):
        raise RedoubtError(opened.reason if isinstance(opened, RedoubtError) else Reason.MISCONFIGURED)
    return ObjectClaims(opened, max_bytes, begins)


class Pieces(Protocol):
    """A content that is not in memory."""

    def pieces(self) -> Iterator[bytes]:
        """All of it, in order."""
        ...


def put_addressed(store: ClaimStore, content: bytes | Pieces) -> str:
    """Store a finished output under its SHA-256 and give that key back."""
    key = f"sha256/{digest_of(content)}"
    if isinstance(content, bytes):
        store.put(key, content)
    else:
        store.put_pieces(key, content.pieces())
    return key


def digest_of(content: bytes | Pieces) -> str:
    """Its SHA-256."""
    found = hashlib.sha256()
    for piece in (content,) if isinstance(content, bytes) else content.pieces():
        found.update(piece)
    return found.hexdigest()


def get_addressed(store: ClaimStore, key: str) -> bytes:
    """The output of that key. Raises as `get` does, and RedoubtError(HASH_MISMATCH) where it is not what it was."""
    content = store.get(key)
    if key != f"sha256/{hashlib.sha256(content).hexdigest()}":
        raise RedoubtError(Reason.HASH_MISMATCH)
    return content


def _check(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise RedoubtError(Reason.MISCONFIGURED)


def _attempt(call: Callable[[], Answer]) -> Answer | Exception:
    """What the call gave or raised. Returned, not raised, so that no chained exception quotes a path or an answer."""
    try:
        return call()
    except (BaseError, OSError, ValueError, RedoubtError) as error:
        return error
