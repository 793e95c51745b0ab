"""What is done of a large document, so that whoever takes it over goes on where the last one was killed.

Entries lie in the store under the document's data key, as JSON, a group at a time; a group that another version wrote,
or that was changed, counts as not done.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

Entry = TypeVar("Entry")

GROUP: Final = 16
"""Entries a group: half a minute's work is all that a kill costs, and a document of fewer pages writes nothing."""


class Checkpoint(Protocol):
    """Where finished pages are kept until their document is done. Raises RedoubtError as a store does."""

    def keep(self, name: str, content: bytes) -> None:
        """In place of an earlier piece of that name."""
        ...

    def kept(self, name: str) -> bytes | None:
        """None where there is none that can be trusted."""
        ...

    def shred(self) -> None:
        """The document is done: nothing of it is kept any longer."""
        ...


@dataclass(frozen=True, slots=True)
class _Group(Generic[Entry]):
    version: str
    entries: list[Entry]


@cache
def _form(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(_Group[kind])  # type: ignore[valid-type]


class Journal(Generic[Entry]):
    """Entries of one kind, in order. `kind` is a dataclass, `rules` the version of whatever else decides on them.

    Read it to its end before the first entry is added: what is added follows what was read. Without a `checkpoint`
    it is always empty.
    """

    def __init__(self, checkpoint: Checkpoint | None, name: str, kind: type[Entry], rules: str) -> None:
        self._checkpoint = checkpoint
        self._name = name
        self._form: TypeAdapter[_Group[Entry]] = _form(cast("Hashable", kind))
        # Asking for it takes milliseconds, and most documents keep no journal.
        self._version = f"{version('redoubt-gateway')} {rules}" if checkpoint else ""
        self._written = 0
        self._pending: list[Entry] = []

    def entries(self) -> Iterator[Entry]:
        """What is done already."""
        while (group := self._read()) is not None:
            self._written += 1
            yield from group.entries

    def add(self, entry: Entry) -> None:
        if self._checkpoint is None:
            return
        self._pending.append(entry)
        if len(self._pending) == GROUP:
            group = _Group(self._version, self._pending)
            self._checkpoint.keep(f"{self._name}-{self._written}", self._form.dump_json(group))
            self._written += 1
            self._pending = []

    def _read(self) -> _Group[Entry] | None:
        found = self._checkpoint.kept(f"{self._name}-{self._written}") if self._checkpoint else None
        if found is None:
            return None
        try:
            group = self._form.validate_json(found)
        except ValidationError:
            return None
        return group if group.version == self._version else None
