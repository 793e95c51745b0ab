"""Old tokens with their successors, for whoever holds an extract from before the tokens' key moved on.

    old,new
    rdt:person:v1:...,rdt:person:v2:...

Written beside its place as the successors come from Vault, and renamed once it is whole: a run that is stopped or
killed goes on where it was, and nobody joins with half a mapping.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.form import read_token
from policies.tokens.renewal import Renewal
from streams.events import AuditAction, AuditEntry, derived_id
from streams.export.folder import in_words, synced

CHUNK: Final = 3000
"""Lines of the extract's tokens that are looked at together; what came of them is on the disk before the next."""
_HEADER: Final = b"old,new\n"

Append = Callable[[AuditEntry], None]
"""Returns once the entry is acknowledged."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose tokens, what they were made for, who asks, and where that is written."""

    tenant: str
    purpose: str
    actor: str
    ticket: str


@dataclass(slots=True)
class Mapped:
    """Counts of distinct tokens: in the mapping, of a kind or version that stays as it is, and those that are damaged
    or of another tenant or purpose."""

    tokens: int = 0
    unchanged: int = 0
    left: int = 0
    whole: bool = False


def write_mapping(
    extract: Path, out: Path, asked: Asked, renewal: Renewal, append: Append, stop: threading.Event
) -> Mapped:
    """`extract`: a token a line, in any order. Nothing is asked of Vault before the audit log has who asks for what.

    Raises RedoubtError: BROKER_UNAVAILABLE, VAULT_UNAVAILABLE, VAULT_REFUSED, STORE_UNAVAILABLE where a file cannot be
    read or written or another run is at it, and MISCONFIGURED where what was begun there is no mapping to this version.
    """
    with in_words():
        append(_entry(extract, asked, renewal.version))
        found = Mapped()
        draft = out.with_name(f"{out.name}.part")
        with _opened(draft) as file, extract.open("rb") as lines:
            seen = _resumed(file, renewal.version)
            found.tokens = len(seen)
            while chunk := list(islice(lines, CHUNK)):
                if stop.is_set():
                    return found
                _add(file, _unseen(chunk, seen), asked, renewal, found)
            draft.rename(out)
        synced(out.parent)
    found.whole = True
    return found


def _add(file: BinaryIO, lines: list[bytes], asked: Asked, renewal: Renewal, found: Mapped) -> None:
    tokens = [line.decode("ascii", "replace") for line in lines]
    successors = renewal.renewed(asked.tenant, tokens)
    rows = [f"{old},{new}\n" for old, new in successors.items() if new is not None]
    file.write("".join(rows).encode("ascii"))
    file.flush()
    os.fsync(file.fileno())
    unchanged = sum(_is_whole(token) for token in tokens if token not in successors)
    found.tokens += len(rows)
    found.unchanged += unchanged
    found.left += len(tokens) - len(rows) - unchanged


def _unseen(lines: list[bytes], seen: set[bytes]) -> list[bytes]:
    """The tokens that did not stand before, and are noted now: the whole extract's would take too much memory."""
    fresh: list[bytes] = []
    for line in map(bytes.strip, lines):
        name = _name(line)
        if line and name not in seen:
            seen.add(name)
            fresh.append(line)
    return fresh


def _resumed(file: BinaryIO, version: int) -> set[bytes]:
    """The old tokens of an earlier run's whole lines; what was cut behind them goes."""
    content, end = set[bytes](), 0
    for line in file:
        if not line.endswith(b"\n"):
            break
        if end:
            old, comma, new = line.rstrip().partition(b",")
            if not comma or f":v{version}:".encode() not in new:
                raise RedoubtError(Reason.MISCONFIGURED)
            content.add(_name(old))
        elif line != _HEADER:
            raise RedoubtError(Reason.MISCONFIGURED)
        end += len(line)
    file.seek(end)
    file.truncate()
    if not end:
        file.write(_HEADER)
    return content


@contextmanager
def _opened(draft: Path) -> Iterator[BinaryIO]:
    handle = os.open(draft, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


def _is_whole(token: str) -> bool:
    try:
        read_token(token)
    except RedoubtError:
        return False
    return True


def _name(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=16).digest()


def _entry(extract: Path, asked: Asked, version: int) -> AuditEntry:
    with extract.open("rb") as lines:
        listed = hashlib.file_digest(lines, "sha256").hexdigest()
    return AuditEntry(
        entry_id=secrets.token_hex(16),
        actor=asked.actor,
        action=AuditAction.TOKENS_MAPPED,
        time=datetime.now(UTC),
        tenant=asked.tenant,
        document_id=derived_id("redoubt.token-list", asked.tenant, asked.purpose, f"v{version}", listed),
        ticket=asked.ticket,
        purpose=asked.purpose,
    )
