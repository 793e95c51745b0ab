"""How many tokens each person has turned back this hour, and emergencies that nobody has confirmed: kept in Vault, so
that all processes of the service count together and a restart forgets nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.vaulted import VaultEntries, kv_data
from streams.reidentify.people import Person

CONFIRM_WITHIN: Final = timedelta(hours=24)
_RACES: Final = 20
"""Two calls of one person in one moment; more than a few in a row are no accident."""

Entry = Mapping[str, object]


class Allowance:
    """Counts by check-and-set. Every method raises RedoubtError(VAULT_UNAVAILABLE), RedoubtError(VAULT_REFUSED)."""

    def __init__(self, vault: VaultEntries, mount: str = "codes") -> None:
        self._vault, self._mount = vault, mount

    def take(self, person: Person, count: int, now: datetime, bounded: bool = True) -> int:
        """Count these tokens; the sum of this hour.

        Raises RedoubtError(TOO_MANY_TOKENS) and counts none of them, unless the count is not `bounded`.
        """
        hour = now.strftime("%Y-%m-%dT%H")

        def counted(entry: Entry | None) -> Entry:
            same = entry is not None and entry.get("hour") == hour
            total = (int(str(entry.get("count"))) if entry is not None and same else 0) + count
            if bounded and total > person.hourly:
                raise RedoubtError(Reason.TOO_MANY_TOKENS)
            return {"hour": hour, "count": total}

        return int(str(self._changed(self._place("turned-back", person.name), counted)["count"]))

    def unconfirmed(self, person: str) -> Mapping[str, datetime]:
        """When the person's emergencies that nobody has confirmed began: by tenant, of each the oldest."""
        begun = _by_tenant(kv_data(self._vault.read(self._place("emergencies", person))))
        return {tenant: datetime.fromisoformat(since) for tenant, since in begun.items()}

    def begin_emergency(self, person: str, tenant: str, now: datetime) -> None:
        def begun(entry: Entry | None) -> Entry:
            return {"begun": {tenant: now.isoformat(), **_by_tenant(entry)}}

        self._changed(self._place("emergencies", person), begun)

    def end_emergency(self, person: str, tenant: str) -> bool:
        """False where there was none in this tenant. Those in others go on."""
        if tenant not in self.unconfirmed(person):
            return False

        def ended(entry: Entry | None) -> Entry:
            return {"begun": {other: since for other, since in _by_tenant(entry).items() if other != tenant}}

        self._changed(self._place("emergencies", person), ended)
        return True

    def _changed(self, path: str, change: Callable[[Entry | None], Entry]) -> Entry:
        for _ in range(_RACES):
            answer = self._vault.read(path)
            entry = kv_data(answer)
            changed = change(entry)
            if changed == entry:
                return changed
            try:
                self._vault.write(path, {"data": dict(changed), "options": {"cas": _version(answer)}})
                return changed
            except RedoubtError as error:
                if error.reason is not Reason.VAULT_REFUSED:
                    raise
        raise RedoubtError(Reason.VAULT_REFUSED)

    def _place(self, what: str, person: str) -> str:
        # A name of an account may hold a dot, which a path of ours may not.
        return f"{self._mount}/data/{what}/{hashlib.sha256(person.encode()).hexdigest()}"


def _by_tenant(entry: Entry | None) -> dict[str, str]:
    begun = entry.get("begun") if entry is not None else None
    return {str(tenant): str(since) for tenant, since in begun.items()} if isinstance(begun, Mapping) else {}


def _version(answer: Mapping[str, object] | None) -> int:
    metadata = answer.get("metadata") if answer is not None else None
    version = metadata.get("version") if isinstance(metadata, Mapping) else 0
    return version if isinstance(version, int) else 0
