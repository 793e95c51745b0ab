"""A PHI store and a masked store with documents in them, whose clocks a test sets, and stores that die."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from policies.retention import RetentionClass, RetentionPolicy
from streams.events import AuditEntry
from streams.settings import Environment
from streams.store.claims import ClaimStore, ObjectClaims, open_claims
from streams.store.records import Hold, HoldReason, Part
from streams.store.retention import Retention, Standing
from streams.store.sealed import SealedStore
from streams.vault.keyring import LocalDataKeys
from tests.store.gateway import Place, place, s3

__all__ = ["place", "s3"]
CANARY = b"Quillfeather, Ombudsdottir MRN 7731-C0FFEE"
COPY = b"%PDF a masked copy"
DOC = ("north", "0" * 32)
OTHER = ("north", "1" * 32)
NOW = datetime.now(UTC)
POLICY = RetentionPolicy(
    1,
    "short",
    {
        "short": RetentionClass("short", "t", 2, 10, 20, "r", "s"),
        "outputs-stay": RetentionClass("outputs-stay", "t", 0, 10, None, "r", "s"),
    },
)
LITIGATION = Hold(HoldReason.LITIGATION, "LEGAL-17", "counsel-2", NOW)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


class Shelf:
    """A PHI store and a masked store with documents in them, and an audit log that acknowledges at once."""

    def __init__(self, phi: ObjectClaims, masked: ObjectClaims) -> None:
        self.phi, self.masked = phi, masked
        masked.probe()
        self.log: list[AuditEntry] = []
        self.keys = LocalDataKeys(environment=Environment.DEMO)
        self.sealed = SealedStore(phi, self.keys)
        self.retention = self.of(phi, masked, self.log.append)

    def of(
        self, phi: ClaimStore, masked: ClaimStore, audit: Callable[[AuditEntry], None], policy: RetentionPolicy = POLICY
    ) -> Retention:
        return Retention(phi, masked, policy, audit)

    def add(self, document: tuple[str, str] = DOC, retention_class: str | None = None, copy: bytes = COPY) -> list[str]:
        """Sealed references: an original and a held copy. Beside them one output, and a page of work in hand."""
        seal = self.sealed.create(*document, retention_class)
        seal.keep("read-0", CANARY)
        seal.put_output(self.masked, copy)
        return [seal.put(CANARY), seal.put(CANARY)]

    def opens(self, references: list[str], document: tuple[str, str] = DOC) -> bool:
        try:
            seal = self.sealed.open(*document)
        except RedoubtError as error:
            if error.reason is not Reason.CONTENT_MISSING:
                raise
            return False
        assert all(seal.get(reference) == CANARY for reference in references)
        return True

    def outputs(self) -> int:
        return len(list(self.masked.keys("sha256")))

    def run(self, now: datetime, retention: Retention | None = None) -> int:
        retention = retention or self.retention
        return sum(clock is not None and retention.end(clock, now) for clock in retention.survey(now))

    def standings(self, now: datetime, document: tuple[str, str] = DOC) -> dict[Part, Standing]:
        return {clock.part: clock.standing for clock in self.retention.clocks(*document, now)}

    def told(self) -> list[tuple[str, str]]:
        return [(entry.action.value, str(entry.reference).partition("/")[0]) for entry in self.log]


@pytest.fixture
def shelf(place: Place, tmp_path: Path) -> Shelf:
    return Shelf(place.open(), open_claims((tmp_path / "masked").as_uri()))


def refuses(reason: Reason, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(RedoubtError) as said:
        call(*arguments)
    assert said.value.reason is reason


class Dying:
    """A store whose process is killed at its `nth` change: that one is not made, nor any later one."""

    def __init__(self, store: ClaimStore, left: list[int]) -> None:
        self._store, self._left = store, left

    def _step(self) -> None:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise Killed

    def put(self, key: str, content: bytes) -> None:
        self._step()
        self._store.put(key, content)

    def replace(self, key: str, content: bytes) -> None:
        self._step()
        self._store.replace(key, content)

    def move(self, key: str, to: str) -> None:
        self._step()
        self._store.move(key, to)

    def delete(self, key: str) -> None:
        self._step()
        self._store.delete(key)

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        self._step()
        self._store.put_pieces(key, pieces)

    def get(self, key: str) -> bytes:
        return self._store.get(key)

    def keys(self, folder: str, before: datetime | None = None) -> Iterator[str]:
        return self._store.keys(folder, before)

    def probe(self) -> None:
        self._store.probe()


class Killed(Exception):
    pass
