"""An export's folder: whole files only, each record in it once, whatever is killed when.

    pages/tenant=north/day=2026-03-01/p0-120-260.parquet     partition 0 of the topic, offsets 120 to 260
    tokens/tenant=north/day=2026-03-01/p0-120-260.parquet
    _progress.json      where to go on, and which broker the offsets are of
    _staging/           what was being written; finished or thrown away at the next start

A batch is written beside its places first. Then one rename says that it is whole; its files are renamed into place
under names that the offsets give, so that doing it twice changes nothing; then progress moves.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.export.tables import COLUMNS, Record, Row, rows, write

_PROGRESS: Final = "_progress.json"
_STAGING: Final = "_staging"
_WHOLE: Final = "whole"
_DRAFT: Final = "draft"


class ExportFolder:
    """Made by `open_folder`, which holds its lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._staging = root / _STAGING
        self._recover()

    def next_offsets(self, cluster: str) -> dict[int, int]:
        """Where to go on in each partition. Raises RedoubtError(MISCONFIGURED) for another broker's folder, where
        the same offsets are other records."""
        known = self._progress()
        if known and known["cluster"] != cluster:
            raise RedoubtError(Reason.MISCONFIGURED)
        return {int(partition): offset for partition, offset in known.get("next", {}).items()}

    def add(self, cluster: str, partition: int, next_offset: int, records: Sequence[Record]) -> None:
        """Take these records of one partition in, all or none; `next_offset` is where the next batch begins."""
        draft = self._staging / _DRAFT
        with _in_words():
            shutil.rmtree(self._staging, ignore_errors=True)
            draft.mkdir(parents=True)
            for place, content in _files(records).items():
                file = draft / place
                file.parent.mkdir(parents=True, exist_ok=True)
                write(place.split("/", 1)[0], content, file)
                _synced(file)
            progress = {"cluster": cluster, "next": {**self._progress().get("next", {}), str(partition): next_offset}}
            (draft / _PROGRESS).write_text(json.dumps(progress))
            _synced(draft / _PROGRESS)
            draft.rename(self._staging / _WHOLE)
            _synced(self._staging)
        self._recover()

    def _recover(self) -> None:
        """Finish a batch that is whole; throw away one that is not."""
        whole = self._staging / _WHOLE
        with _in_words():
            for file in sorted(whole.rglob("*.parquet")):
                target = self._root / file.relative_to(whole)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.rename(target)
                _synced(target.parent)
            if (whole / _PROGRESS).exists():
                # Last: as long as it lies here, this is done again.
                (whole / _PROGRESS).rename(self._root / _PROGRESS)
                _synced(self._root)
            shutil.rmtree(self._staging, ignore_errors=True)

    def _progress(self) -> Mapping[str, Any]:
        try:
            found = json.loads((self._root / _PROGRESS).read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise RedoubtError(Reason.MISCONFIGURED) from None
        if not isinstance(found, dict) or not isinstance(found.get("next"), dict):
            raise RedoubtError(Reason.MISCONFIGURED)
        return found


@contextmanager
def open_folder(root: Path) -> Iterator[ExportFolder]:
    """The folder, made where it is missing. Raises RedoubtError(STORE_UNAVAILABLE) where it cannot be written, or
    where another export is at work in it."""
    with _in_words():
        root.mkdir(parents=True, exist_ok=True)
        lock = os.open(root / "_lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        with _in_words():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield ExportFolder(root)
    finally:
        os.close(lock)


def _files(records: Sequence[Record]) -> Mapping[str, list[Row]]:
    """The rows of every file, by its place below the folder."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    if not records:
        return found
    name = f"p{records[0].partition}-{records[0].offset}-{records[-1].offset}.parquet"
    for record in records:
        below = f"tenant={record.event.tenant}/day={record.day.isoformat()}/{name}"
        for table in COLUMNS:
            made = list(rows(table, record))
            if made:
                found[f"{table}/{below}"] += made
    return found


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _in_words() -> Iterator[None]:
    failed = False
    with contextlib.suppress(OSError):
        failed = True
        yield
        failed = False
    if failed:
        raise RedoubtError(Reason.STORE_UNAVAILABLE)
