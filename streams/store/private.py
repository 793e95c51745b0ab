"""Files and folders that only this user can read."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_DRAFT: Final = re.compile(r"\.(?P<name>.+)\.\d+")


def private_folder(folder: Path) -> Path:
    """`folder`, made where absent, readable by this user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Create or replace a file with mode 0600, whole or not at all. Killed, it leaves a draft: see `drafts`."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def drafts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Drafts that killed writers left in a folder, each with the name of the file that it was to become. A writer that
    is at work has one too: whoever removes drafts is alone in the folder."""
    for file in list(folder.iterdir()) if folder.is_dir() else ():
        if found := _DRAFT.fullmatch(file.name):
            yield file, found["name"]


def sweep(path: Path) -> None:
    """Removes the drafts of one file."""
    for draft, name in drafts(path.parent):
        if name == path.name:
            draft.unlink(missing_ok=True)


def remove_private(path: Path) -> None:
    """Removes a file where it is there, and its drafts before it: they hold as much as it does."""
    sweep(path)
    path.unlink(missing_ok=True)
