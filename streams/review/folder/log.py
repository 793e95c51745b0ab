"""What was decided in a folder, entry by entry in a file, each with its Merkle leaf and the head over all before it.

The entries are those of the audit log. Whoever has the file can make another one: it shows slips and not forgers, who
need a log that somebody else keeps.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from streams.audit.log import checked, sequenced
from streams.audit.tree import Tree
from streams.events import AuditEntry, AuditSequenced, Grounds
from streams.review.reviewer import Decision
from streams.review.rules import GROUNDS

FILE: Final = "audit.jsonl"
_SEQUENCED: Final = TypeAdapter(AuditSequenced)


class LocalLog:
    """Raises RedoubtError(HASH_MISMATCH) where an entry was changed, moved or taken out, STORE_UNAVAILABLE."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self.entries: list[AuditEntry] = []
        self._tree = Tree()
        try:
            content = self._file.read_bytes() if self._file.exists() else b""
        except OSError:
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
        # Half a line at the end was never acknowledged: the machine went down under it.
        self._size = content.rfind(b"\n") + 1
        for line in content[: self._size].splitlines():
            try:
                found = _SEQUENCED.validate_json(line)
            except ValidationError:
                raise RedoubtError(Reason.HASH_MISMATCH) from None
            self._tree = checked(self._tree, found)
            self.entries.append(found.entry)

    def append(self, entry: AuditEntry) -> None:
        """On the disk when it returns. One that is there already is not written again."""
        if entry.entry_id in {known.entry_id for known in self.entries}:
            return
        self._tree, event = sequenced(self._tree, entry, self._tree.size)
        line = json.dumps(_SEQUENCED.dump_python(event, mode="json", exclude_none=True), sort_keys=True)
        try:
            with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
                file.truncate(self._size)
                file.seek(self._size)
                self._size += file.write(line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
        self.entries.append(entry)

    def entry(self, entry_id: str) -> AuditEntry | None:
        return next((entry for entry in self.entries if entry.entry_id == entry_id), None)


def decision_of(entry: AuditEntry) -> Decision:
    """The decision behind an outcome. Raises RedoubtError(HASH_MISMATCH) where no decision has such an outcome."""
    for choice, grounds in GROUNDS.items():
        if entry.why in grounds and entry.ticket is not None:
            return Decision(choice, entry.actor, Grounds(entry.why), entry.ticket)
    raise RedoubtError(Reason.HASH_MISMATCH)
