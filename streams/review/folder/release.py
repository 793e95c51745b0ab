"""One release from a folder, in an order in which a machine may go down at any line.

First everything lies ready in the folder of held copies: the copy, its statement, its text, what the report will say.
Then the log has it. From there on it is brought to its end as it was made, by whatever version: made again it might be
another copy, and be held while the first one is out. What lay ready and never came into the log is withdrawn.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.attest.attestor import Attests
from streams.attest.statement import GATEWAY, Decider
from streams.pipeline.document import Outcome
from streams.publish import said_of
from streams.review.folder.task import TENANT
from streams.store.private import private_folder, remove_private, sweep, write_private

HELD: Final = "review"
STATEMENTS: Final = "attestations"
RECORDS: Final = "records"
READY: Final = (".ready", ".told")
"""Endings of a copy that is not out yet, and of what the report will say of it; beside the task, in HELD."""


def stated(
    outcome: Outcome,
    document_id: str,
    content: bytes,
    attests: Attests,
    deciders: tuple[Decider, ...] = (Decider(GATEWAY),),
) -> tuple[bytes, bytes]:
    """The signed statement on a release of the document with this content, and the key of its commitment to that. The
    deciders are persons, or this program by its rules. Raises as `attests` does, and MASKER_FAILED without a copy."""
    if outcome.copy is None:
        raise RedoubtError(Reason.MASKER_FAILED)
    key = secrets.token_bytes(32)
    commitment = hmac.new(key, content, hashlib.sha256).hexdigest()
    release = said_of(outcome, TENANT, document_id, commitment, *deciders)
    return attests.attest(release, outcome.copy), key


class LocalRelease:
    """The files of one release in the folder that `redoubt redact` wrote to. All raise OSError."""

    def __init__(self, out: Path, name: str) -> None:
        self.copy = out / f"{name}.pdf"
        self._ready, self._told = (out / HELD / f"{name}{ending}" for ending in READY)
        self._statement, self._key = (out / STATEMENTS / f"{name}.{ending}" for ending in ("json", "input-key"))
        self._record = out / RECORDS / f"{name}.txt"

    def make_ready(
        self, copy: bytes, statement: bytes, input_key: bytes, record: str | None, told: Mapping[str, Any]
    ) -> None:
        """`input_key` is the one that the statement's commitment to the original was made with."""
        self.withdraw()
        self.say(statement, input_key)
        if record is not None:
            private_folder(self._record.parent)
            write_private(self._record, record.encode())
        write_private(self._ready, copy)
        write_private(self._told, json.dumps(told).encode())

    @contextmanager
    def or_nothing(self) -> Iterator[None]:
        """Where the block breaks off, nothing of the release stays."""
        try:
            yield
        except BaseException:
            with suppress(OSError):
                self.withdraw()
            raise

    def say(self, statement: bytes, input_key: bytes) -> None:
        private_folder(self._statement.parent)
        write_private(self._statement, statement)
        write_private(self._key, input_key.hex().encode())

    def told(self) -> dict[str, Any] | None:
        """What the report will say; None where nothing lies ready. RedoubtError(STORE_UNAVAILABLE) where it is cut."""
        try:
            found: dict[str, Any] = json.loads(self._told.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
        return found

    def put_out(self) -> None:
        """Where it is out already, nothing is done."""
        if self._ready.exists():
            self._ready.replace(self.copy)

    def close(self) -> None:
        """Once the report has it."""
        remove_private(self._told)
        for file in (self._ready, self._statement, self._key, self._record):
            sweep(file)

    def withdraw(self) -> None:
        """Only while the log does not have it."""
        for file in (self.copy, self._ready, self._told, self._statement, self._key, self._record):
            remove_private(file)
