"""How many tokens each person has turned back this hour, and emergencies that nobody has confirmed: kept in Vault, so
that all processes of the service count together and a restart forgets nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.vaulted import VaultEntries, kv_data
from streams.vault.people import Person

CONFIRM_WITHIN: Final = timedelta(hours=24)
_RACES: Final = 20
"""Two calls of one person in one moment; more than a few in a row are no accident."""

Entry = Mapping[str, object]


class Allowance:
    """Counts by check-and-set. Every method raises RedoubtError(VAULT_UNAVAILABLE), RedoubtError(VAULT_REFUSED)."""

    def __init__(self, vault: VaultEntries, mount: str = "codes") -> None:
        self._vault, self._mount = vault, mount

    def take(self, person: Person, count: int, now: datetime) -> int:
        """Count these tokens; the sum of this hour. Raises RedoubtError(TOO_MANY_TOKENS) and counts none of them."""
        hour = now.strftime("%Y-%m-%dT%H")

        def counted(entry: Entry | None) -> Entry:
            same = entry is not None and entry.get("hour") == hour
            total = (int(str(entry.get("count"))) if entry is not None and same else 0) + count
            if total > person.hourly:
                raise RedoubtError(Reason.TOO_MANY_TOKENS)
            return {"hour": hour, "count": total}

        return int(str(self._changed(self._place("turned-back", person.name), counted)["count"]))

    def unconfirmed_since(self, person: str) -> datetime | None:
        """When the person's oldest emergency that nobody has confirmed began; None where there is none."""
        entry = kv_data(self._vault.read(self._place("emergencies", person)))
        since = entry.get("since") if entry is not None else None
        return datetime.fromisoformat(str(since)) if since else None

    def begin_emergency(self, person: str, now: datetime) -> None:
        def begun(entry: Entry | None) -> Entry:
            return entry if entry is not None and entry.get("since") else {"since": now.isoformat()}

        self._changed(self._place("emergencies", person), begun)

    def end_emergency(self, person: str) -> bool:
        """False where there was none."""
        if self.unconfirmed_since(person) is None:
            return False
        self._changed(self._place("emergencies", person), lambda _entry: {"since": None})
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


def _version(answer: Mapping[str, object] | None) -> int:
    metadata = answer.get("metadata") if answer is not None else None
    version = metadata.get("version") if isinstance(metadata, Mapping) else 0
    return version if isinstance(version, int) else 0
