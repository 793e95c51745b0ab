"""What of an archive has been announced, on disk: a run that is killed is gone on with where it was.

A SQLite file, this user's alone. It holds no name: a file is an HMAC of its path under a key that was drawn for this
journal and lies in it, so that whoever has the journal can tell whether a path that they guess is in it, and no more.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_VERSION: Final = "1"
_NAME_BYTES: Final = 16
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (name BLOB PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS batches ON files (batch);
"""


class JournalRefused(Exception):
    """The file cannot serve as this run's journal; the text says why, without content."""


class Journal:
    """For the time of a `with` block, for one process. Raises JournalRefused.

    `order` is all that was said of the archive and of what shall be done with it: a journal is of one order, since a
    file that was announced under one profile is not announced under another one.
    """

    def __init__(self, path: Path, order: str) -> None:
        self._path, self._order = path, order

    def __enter__(self) -> Self:
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            # Every step is on the disk before the next one begins.
            self._file = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            self._file.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._file.execute("PRAGMA synchronous=FULL")
            self._file.execute("BEGIN EXCLUSIVE")
            self._file.execute("COMMIT")
            self._file.executescript(_TABLES)
        except sqlite3.OperationalError:
            raise JournalRefused("the journal cannot be written, or another run has it") from None
        except (sqlite3.DatabaseError, OSError):
            raise JournalRefused("the journal is none, or cannot be made there") from None
        if self._about("version") is None:
            self._begin()
        problem = self._problem()
        if problem:
            self._file.close()
            raise JournalRefused(problem)
        return self

    def _problem(self) -> str | None:
        if self._about("version") != _VERSION.encode():
            return "the journal is of another version"
        if self._about("order") != self._digest(self._order.encode()):
            return "the journal is of another archive, or of other options"
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    @property
    def id(self) -> str:
        """Names this journal at the broker."""
        return self._digest(b"id").hex()

    @property
    def committed(self) -> int | None:
        """The last batch of which it is known that it was announced; None before anything was."""
        found = self._about("committed")
        return None if found is None else int(found)

    @property
    def last(self) -> int:
        """The last batch that was written down."""
        found = self._file.execute("SELECT max(batch) FROM files").fetchone()[0]
        return max(found or 0, self.committed or 0)

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM files").fetchone()[0])

    def name(self, path: str) -> bytes:
        """Stands for the file of that path."""
        return self._digest(b"path " + os.fsencode(path))

    def __contains__(self, name: bytes) -> bool:
        return self._file.execute("SELECT 1 FROM files WHERE name = ?", (name,)).fetchone() is not None

    def write(self, batch: int, names: Iterable[bytes]) -> None:
        """That these are about to be announced."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO files VALUES (?, ?)", ((name, batch) for name in names))
        self._file.execute("COMMIT")

    def commit(self, batch: int) -> None:
        """That the batch was announced, and all before it."""
        self._set("committed", str(batch).encode())

    def forget(self, batch: int) -> None:
        """That it was not."""
        self._file.execute("DELETE FROM files WHERE batch = ?", (batch,))

    def _begin(self) -> None:
        self._file.execute("BEGIN")
        key = secrets.token_bytes(32)
        self._set("key", key)
        self._set("order", self._digest(self._order.encode()))
        self._set("version", _VERSION.encode())
        self._file.execute("COMMIT")

    def _digest(self, content: bytes) -> bytes:
        return hmac.new(self._about("key") or b"", content, hashlib.sha256).digest()[:_NAME_BYTES]

    def _about(self, name: str) -> bytes | None:
        found = self._file.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return None if found is None else bytes(found[0])

    def _set(self, name: str, value: bytes) -> None:
        self._file.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))
