"""CloudEvents 1.0 in Kafka binary mode: attributes in headers, JSON in the value, an opaque id as the key.

Headers and keys are seen by everyone who may list a topic, so they carry ids and type names only, and the
attribute `subject` is neither written nor accepted. The value is checked against the JSON Schema of its type
in both directions: what does not fit is never sent, and never acted upon.

Source: CloudEvents 1.0.2, section 3; Kafka Protocol Binding 1.0.2, section 3.2.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar, Final, Self

from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from referencing import Registry, Resource

from detectors.errors import Reason, RedoubtError

Headers = list[tuple[str, bytes]]
Message = tuple[bytes, Headers, bytes]
"""Key, headers and value of a Kafka record."""

VALUE_LIMIT_BYTES: Final = 900_000
"""Under the broker's default of 1 MiB a batch, with room for headers and other records of the transaction."""


class Event:
    """What all events share. A subclass is a frozen, slotted dataclass whose fields are the value's JSON fields."""

    __slots__ = ()

    TYPE: ClassVar[str]
    """Versioned name, e.g. `redoubt.document.received.v1`; also the name of its schema file."""
    SOURCE: ClassVar[str]

    @property
    def key(self) -> str:
        """The record's key: an opaque id."""
        found: str = self.document_id  # type: ignore[attr-defined]
        return found

    @property
    def ce_id(self) -> str:
        """The same for the same document and type, so that a retry is told from a second event."""
        return derived_id(self.TYPE, self.key)

    def to_message(self, time: datetime | None = None) -> Message:
        """Raises RedoubtError(INVALID_EVENT) where the event does not fit its own schema or is too large."""
        data = _adapter(type(self)).dump_python(self, mode="json", exclude_none=True)
        try:
            value = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
        except ValueError:
            raise RedoubtError(Reason.INVALID_EVENT) from None
        if not _schema(self.TYPE).is_valid(data) or len(value) > VALUE_LIMIT_BYTES:
            raise RedoubtError(Reason.INVALID_EVENT)
        headers = {
            "ce_specversion": "1.0",
            "ce_id": self.ce_id,
            "ce_source": self.SOURCE,
            "ce_type": self.TYPE,
            "ce_time": (time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds"),
            "content-type": "application/json",
        }
        return self.key.encode(), [(name, text.encode()) for name, text in headers.items()], value

    @classmethod
    def from_message(
        cls, key: bytes | None, headers: Iterable[tuple[str, bytes | None]] | None, value: bytes | None
    ) -> Self:
        """Read an event of this very type. Raises RedoubtError(INVALID_EVENT) for anything else."""
        attributes = _attributes(headers or ())
        if value is None or len(value) > VALUE_LIMIT_BYTES or attributes.get("ce_type") != cls.TYPE:
            raise RedoubtError(Reason.INVALID_EVENT)
        event = cls._read(value)
        if event is None or key is None or key != event.key.encode():
            raise RedoubtError(Reason.INVALID_EVENT)
        return event

    @classmethod
    def _read(cls, value: bytes) -> Self | None:
        """Returns instead of raising: an exception chained to ours would quote the value."""
        try:
            data = json.loads(value, parse_constant=_no_number)
            if not _schema(cls.TYPE).is_valid(data):
                return None
            event: Self = _adapter(cls).validate_python(data)
        except (ValueError, RecursionError, ValidationError):
            return None
        return event


def derived_id(*parts: str) -> str:
    """An id of 32 hexadecimal digits that the same parts always give. Parts are ids, never content."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _no_number(_name: str) -> None:
    """NaN and infinities are not JSON (RFC 8259, section 6)."""
    raise ValueError


def type_of(headers: Iterable[tuple[str, bytes | None]] | None) -> str | None:
    """The event type that a record's headers name; None where they do not."""
    try:
        return _attributes(headers or ()).get("ce_type")
    except RedoubtError:
        return None


def _attributes(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        if name in found or value is None:
            continue
        found[name] = value.decode("utf-8", errors="replace")
    if found.get("ce_specversion") != "1.0" or "ce_subject" in found or not found.get("ce_id"):
        raise RedoubtError(Reason.INVALID_EVENT)
    if found.get("content-type", "application/json").split(";")[0].strip() != "application/json":
        raise RedoubtError(Reason.INVALID_EVENT)
    return found


_ADAPTERS: Final[dict[str, TypeAdapter[Any]]] = {}


def _adapter(event: type[Event]) -> TypeAdapter[Any]:
    if event.TYPE not in _ADAPTERS:
        _ADAPTERS[event.TYPE] = TypeAdapter(event)
    return _ADAPTERS[event.TYPE]


@cache
def _schema(type_name: str) -> Draft202012Validator:
    folder = files("streams") / "schemas"
    schemas = {f.name: json.loads(f.read_text()) for f in folder.iterdir() if f.name.endswith(".json")}
    registry: Registry[Any] = Registry().with_resources((n, Resource.from_contents(s)) for n, s in schemas.items())
    return Draft202012Validator(schemas[f"{type_name}.json"], registry=registry)
