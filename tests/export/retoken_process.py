"""Carries an export's tokens over in a process of its own, which dies at a given call: `python -m ... STEP N`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from policies.tokens.renewal import Renewal
from streams.export.folder import ExportFolder, open_folder
from streams.export.retoken import retoken
from streams.settings import Settings
from streams.vault.client import VaultSession


def main(folder: str, step: str, count: int) -> None:
    """`step` is `put` (a file was made) or `rename` (all were, and took their places; the first is of the folder)."""
    left = [count]

    def dies(name: str) -> None:
        if name == step:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    put, replace, rename = ExportFolder.put, ExportFolder.replace, Path.rename

    def putting(self: ExportFolder, draft: Path, target: Path) -> None:
        put(self, draft, target)
        dies("put")

    def replacing(self: ExportFolder) -> None:
        Path.rename = renaming  # type: ignore[method-assign]
        replace(self)

    def renaming(self: Path, target: Path) -> Path:
        found = rename(self, target)
        dies("rename")
        return found

    ExportFolder.put, ExportFolder.replace = putting, replacing  # type: ignore[method-assign]
    settings = Settings().vault
    with open_folder(Path(folder)) as opened:
        retoken(opened, Renewal(VaultSession(settings), ["analytics"], settings.token_key_version), threading.Event())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
