"""An export's folder: whole files only, each record in it once, whatever is killed when.

    pages/tenant=north/day=2026-03-01/p0-120-260.parquet     partition 0 of the topic, offsets 120 to 260
    tokens/tenant=north/day=2026-03-01/p0-120-260.parquet
    _progress.json      where to go on, and which broker and which topic the offsets are of
    _staging/           what was being written; finished or thrown away at the next start
    _replacing/         files that will take the places of others: _replacing/v2 while they are made, then
                        _replacing/whole, from where whoever opens the folder next goes on

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.export.tables import COLUMNS, Record, Row, rows, write

_PROGRESS: Final = "_progress.json"
_STAGING: Final = "_staging"
_WHOLE: Final = "whole"
_DRAFT: Final = "draft"
_REPLACING: Final = "_replacing"


@dataclass(frozen=True, slots=True)
class Source:
    """What offsets count in: the broker's own id and the topic's, which one made anew under the same name has not."""

    cluster: str
    topic: str


class ExportFolder:
    """Made by `open_folder`, which holds its lock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._staging, self._replacing = root / _STAGING, root / _REPLACING
        self._recover()
        self._take_places()

    def next_offsets(self, source: Source) -> dict[int, int]:
        """Where to go on in each partition. Raises RedoubtError(MISCONFIGURED) for a folder of another broker or of
        another topic, one made anew under the name too: the same offsets are other records there."""
        known = self._progress()
        # A folder of before topics were noted has none: it takes the one it finds.
        if known and (known.get("cluster"), known.get("topic", source.topic)) != (source.cluster, source.topic):
            raise RedoubtError(Reason.MISCONFIGURED)
        return {int(partition): offset for partition, offset in known.get("next", {}).items()}

    def add(self, source: Source, partition: int, next_offset: int, records: Sequence[Record]) -> None:
        """Take these records of one partition in, all or none; `next_offset` is where the next batch begins."""
        draft = self._staging / _DRAFT
        with in_words():
            shutil.rmtree(self._staging, ignore_errors=True)
            draft.mkdir(parents=True)
            for place, content in _files(records).items():
                file = draft / place
                file.parent.mkdir(parents=True, exist_ok=True)
                write(place.split("/", 1)[0], content, file)
                synced(file)
            reached = {**self._progress().get("next", {}), str(partition): next_offset}
            progress = {"cluster": source.cluster, "topic": source.topic, "next": reached}
            (draft / _PROGRESS).write_text(json.dumps(progress))
            synced(draft / _PROGRESS)
            draft.rename(self._staging / _WHOLE)
            synced(self._staging)
        self._recover()

    def files(self) -> list[Path]:
        """The folder's files, as paths below it."""
        return sorted(
            file.relative_to(self.root)
            for table in COLUMNS
            for file in (self.root / table).glob("tenant=*/*/*.parquet")
        )

    @contextmanager
    def replacing(self, name: str) -> Iterator[Path]:
        """Where files are made that shall take the places of those of the same path. What was made there under this
        name before is there still; what was made under another name is thrown away."""
        made = self._replacing / name
        with in_words():
            for other in self._replacing.glob("*"):
                if other != made:
                    shutil.rmtree(other)
            made.mkdir(parents=True, exist_ok=True)
        yield made

    def put(self, draft: Path, target: Path) -> None:
        """A file that is whole from now on."""
        with in_words():
            synced(draft)
            draft.rename(target)
            synced(target.parent)

    def replace(self) -> None:
        """All that was made takes its places."""
        with in_words():
            for made in self._replacing.glob("*"):
                made.rename(self._replacing / _WHOLE)
                synced(self._replacing)
        self._take_places()

    def _take_places(self) -> None:
        whole = self._replacing / _WHOLE
        if not whole.exists():
            return
        with in_words():
            for file in sorted(whole.rglob("*.parquet")):
                target = self.root / file.relative_to(whole)
                file.rename(target)
                synced(target.parent)
            shutil.rmtree(self._replacing, ignore_errors=True)

    def _recover(self) -> None:
        """Finish a batch that is whole; throw away one that is not."""
        whole = self._staging / _WHOLE
        with in_words():
            for file in sorted(whole.rglob("*.parquet")):
                target = self.root / file.relative_to(whole)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.rename(target)
                synced(target.parent)
            if (whole / _PROGRESS).exists():
                # Last: as long as it lies here, this is done again.
                (whole / _PROGRESS).rename(self.root / _PROGRESS)
                synced(self.root)
            shutil.rmtree(self._staging, ignore_errors=True)

    def _progress(self) -> Mapping[str, Any]:
        try:
            found = json.loads((self.root / _PROGRESS).read_text())
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
    with in_words():
        root.mkdir(parents=True, exist_ok=True)
        lock = os.open(root / "_lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        with in_words():
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


def synced(path: Path) -> None:
    """On the disk from now on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def in_words() -> Iterator[None]:
    """What the file system refuses becomes RedoubtError(STORE_UNAVAILABLE)."""
    failed = False
    with contextlib.suppress(OSError):
        failed = True
        yield
        failed = False
    if failed:
        raise RedoubtError(Reason.STORE_UNAVAILABLE)
