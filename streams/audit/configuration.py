"""Under what configuration a process works, told to the audit log before its first document.

Settings are read once: a change of them is a start, and a start under other settings has another id in the log.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from policies import profile as profiles
from streams.events import AuditAction, AuditEntry
from streams.settings import Settings

TENANT: Final = "all"
_OWN: Final = ("instance", "metrics_port", "metrics_address")
"""Of each process alone: the same configuration on two pods is one."""
_POLICIES: Final = ("retention_file", "local_lists_file", "people_file")
"""Files that say what is done, and not by which key: their content counts, wherever they lie."""


def facts(settings: Settings) -> Mapping[str, Any]:
    """What a process goes by: its version, its settings without secrets, the files of rules, and the profiles.

    A file that cannot be read has no digest. No content of any document, and no password, token or key.
    """
    said = settings.model_dump(mode="json")
    return {
        "gateway": version("redoubt-gateway"),
        "profiles": {name: profiles.load(name).version for name in profiles.names()},
        "settings": {part: _told(value) for part, value in said.items()},
        "files": dict(_digests(settings)),
    }


def id_of(found: Mapping[str, Any]) -> str:
    """What stands for these facts in the log: the same for the same, 32 hexadecimal digits."""
    canonical = json.dumps(found, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def in_force(actor: str, settings: Settings) -> AuditEntry:
    """The entry of a process that starts under these settings; `document_id` stands for them."""
    return of_start(actor, secrets.token_hex(16), id_of(facts(settings)))


def of_start(actor: str, start: str, configuration: str) -> AuditEntry:
    """The same of a process that told its start and what stands for its configuration. The entry has the start's id:
    told twice, it is one."""
    return AuditEntry(
        entry_id=start,
        actor=actor,
        action=AuditAction.CONFIGURED,
        time=datetime.now(UTC),
        tenant=TENANT,
        document_id=configuration,
    )


def _told(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name not in (*_OWN, *_POLICIES)}


def _digests(settings: Settings) -> Iterator[tuple[str, str | None]]:
    for part in (settings.store, settings.worker, settings.reidentify):
        for name in _POLICIES:
            if (file := getattr(part, name, None)) is not None:
                yield name, _digest(file)


def _digest(file: Path) -> str | None:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
