"""Which classes of documents are held: a planted one of them leaked under a profile that holds its class then.

It stands in the PHI store, so that every worker knows it and a restart forgets nothing: one object for each tenant and
class. The judge places it before it tells of the leak; an operator lifts it, and says so in the audit log first.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from policies import profile as profiles
from policies.attack.report import Verdict
from streams.events import AuditAction, AuditEntry, CanaryJudged, derived_id
from streams.pipeline.document import Document, Outcome
from streams.store.claims import ClaimStore

FOLDER: Final = "class-holds"
_JUDGE: Final = "judge"


@dataclasses.dataclass(frozen=True, slots=True)
class ClassHold:
    """Nothing of this tenant and class is released; `document_id` is the planted document that leaked."""

    tenant: str
    document_class: str
    profile: str
    document_id: str
    since: datetime


_HOLD: Final = TypeAdapter(ClassHold)


class ClassHolds:
    """Raises RedoubtError(STORE_UNAVAILABLE) where the store cannot be asked: nobody guesses whether a class is held,
    and RedoubtError(HASH_MISMATCH) for a hold that cannot be read."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def placed(self, judged: CanaryJudged, at: datetime) -> AuditEntry | None:
        """Hold the class of a planted document that leaked, where its profile says so; the entry that tells of it.

        Of several leaks the first one's hold stands.
        """
        if not judged.leaked or not profiles.load(judged.profile).hold_on_leak:
            return None
        hold = ClassHold(judged.tenant, judged.document_class, judged.profile, judged.document_id, at)
        if self.find(hold.tenant, hold.document_class) is None:
            self._store.replace(_key(hold.tenant, hold.document_class), _HOLD.dump_json(hold))
        entry_id = derived_id(AuditAction.CLASS_HELD.value, judged.document_id)
        return _entry(hold, AuditAction.CLASS_HELD, entry_id, _JUDGE, at)

    def find(self, tenant: str, document_class: str) -> ClassHold | None:
        try:
            return _read(self._store.get(_key(tenant, document_class)))
        except RedoubtError as error:
            if error.reason is Reason.CONTENT_MISSING:
                return None
            raise

    def all(self) -> Iterator[ClassHold]:
        for key in self._store.keys(FOLDER):
            try:
                content = self._store.get(key)
            except RedoubtError as error:
                if error.reason is Reason.CONTENT_MISSING:
                    continue  # lifted meanwhile
                raise
            yield _read(content)

    def lift(self, hold: ClassHold, actor: str, ticket: str, audit: Callable[[AuditEntry], None]) -> None:
        """Told before it is done. Raises as `audit` does."""
        entry = _entry(hold, AuditAction.CLASS_LIFTED, secrets.token_hex(16), actor, datetime.now(UTC))
        audit(dataclasses.replace(entry, ticket=ticket))
        self._store.delete(_key(hold.tenant, hold.document_class))

    def heeded(self, document: Document, outcome: Outcome, is_canary: Callable[[str], bool]) -> Outcome:
        """The outcome, withheld where it would be released and its class is held. Planted documents go on: nobody sees
        them but the judge, and they show when the cause is mended."""
        if outcome.verdict is not Verdict.RELEASE or not profiles.load(outcome.profile).hold_on_leak:
            return outcome
        if self.find(document.tenant, document.document_class) is None or is_canary(document.id):
            return outcome
        return dataclasses.replace(
            outcome, verdict=Verdict.WITHHOLD, reasons=(Reason.CLASS_HELD,), copy=None, record=None
        )


def _key(tenant: str, document_class: str) -> str:
    return f"{FOLDER}/{derived_id(FOLDER, tenant, document_class)}"


def _read(content: bytes) -> ClassHold:
    try:
        return _HOLD.validate_json(content)
    except ValidationError:
        raise RedoubtError(Reason.HASH_MISMATCH) from None


def _entry(hold: ClassHold, action: AuditAction, entry_id: str, actor: str, at: datetime) -> AuditEntry:
    return AuditEntry(
        entry_id=entry_id,
        actor=actor,
        action=action,
        time=at,
        tenant=hold.tenant,
        document_id=hold.document_id,
        profile=hold.profile,
        why=hold.document_class,
    )
