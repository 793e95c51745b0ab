"""What waits for a person in the folder of `redoubt redact`: the files that it was made from, and what was in doubt."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from policies.scope.authorization import Authorization
from streams.attest.statement import LOCAL
from streams.events import Place, ReviewRequested
from streams.pipeline.document import Outcome
from streams.publish import PLACES_LIMIT, doubtful_places

TENANT: Final = LOCAL


@dataclass(frozen=True, slots=True)
class LocalTask:
    """A held copy `name`.pdf, the file that it was made from, and what was in doubt about it."""

    position: int
    name: str
    file: Path
    sha256: str
    event: ReviewRequested
    at: datetime
    document_class: str = "unknown"
    source_program: str = "unspecified"
    authorization: Authorization | None = None
    patient: Path | None = None
    keyring: Path | None = None
    records: bool = False
    shows_again: tuple[Place, ...] = ()
    """Where the copy shows what was black in the one before."""

    def to_json(self) -> bytes:
        return _TASK.dump_json(self)

    @classmethod
    def read(cls, file: Path) -> LocalTask:
        """Raises RedoubtError(INVALID_EVENT) where the file is no task."""
        try:
            return _TASK.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            raise RedoubtError(Reason.INVALID_EVENT) from None


_TASK: Final = TypeAdapter(LocalTask)


def task_of(outcome: Outcome, position: int, name: str, file: Path, **other: Any) -> LocalTask:
    """The task of a copy that is held. Raises RedoubtError(CONTENT_MISSING) where the file cannot be read any more."""
    places = doubtful_places(outcome)
    event = ReviewRequested(
        tenant=TENANT,
        document_id=secrets.token_hex(16),
        profile=outcome.profile,
        profile_version=outcome.profile_version,
        depth=outcome.depth,
        pages=outcome.pages,
        reasons=outcome.reasons,
        topic=TENANT,
        partition=0,
        offset=0,
        event=TENANT,
        places=tuple(places[:PLACES_LIMIT]),
        places_left_out=max(0, len(places) - PLACES_LIMIT),
        reference=TENANT,
    )
    sha256 = hashlib.sha256(content_of(file)).hexdigest()
    return LocalTask(position, name, file.absolute(), sha256, event, datetime.now(UTC), **other)


def content_of(file: Path) -> bytes:
    """Raises RedoubtError(CONTENT_MISSING)."""
    try:
        return file.read_bytes()
    except OSError:
        raise RedoubtError(Reason.CONTENT_MISSING) from None
