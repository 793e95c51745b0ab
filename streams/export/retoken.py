"""An export's records carried over to another version of the convergent tokens' key.

New files are made beside the old ones, as long as that takes and however often it is stopped; until the last is made
the folder joins as before. Then they take the places of the old ones, which is a rename each: a run that is killed
there is finished by whoever opens the folder next.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policies.record import MARKED, tokens_in
from policies.tokens.renewal import Renewal
from streams.export.folder import ExportFolder
from streams.export.tables import COLUMNS, PAGES, Row, read, write

_TENANT: Final = "tenant="


@dataclass(slots=True)
class Retokened:
    """Counts of a run. `left`: distinct old tokens of a file that are of none of the purposes, or damaged."""

    files: int = 0
    tokens: int = 0
    left: int = 0
    whole: bool = False


def retoken(folder: ExportFolder, renewal: Renewal, stop: threading.Event) -> Retokened:
    """Raises RedoubtError: VAULT_UNAVAILABLE, VAULT_REFUSED, STORE_UNAVAILABLE; what was made is made once."""
    found = Retokened()
    with folder.replacing(f"v{renewal.version}") as made:
        for file in folder.files():
            if stop.is_set():
                return found
            target = made / file
            if not target.exists():
                _carry_over(folder, file, target, renewal, found)
            found.files += target.exists()
    folder.replace()
    found.whole = True
    return found


def _carry_over(folder: ExportFolder, file: Path, target: Path, renewal: Renewal, found: Retokened) -> None:
    table, tenant = file.parts[0], file.parts[1].removeprefix(_TENANT)
    rows = read(table, folder.root / file)
    column = list(COLUMNS[table]).index("text" if table == PAGES else "token")
    standing = [token for row in rows for token in (tokens_in(row[column]) if table == PAGES else [row[column]])]
    successors = renewal.renewed(tenant, standing)
    found.left += sum(successor is None for successor in successors.values())
    moved = {old: new for old, new in successors.items() if new is not None}
    if not moved:
        return
    found.tokens += len(moved)
    draft = target.with_suffix(".draft")
    draft.parent.mkdir(parents=True, exist_ok=True)
    write(table, [_row(row, column, table, moved) for row in rows], draft)
    folder.put(draft, target)


def _row(row: Row, column: int, table: str, moved: Mapping[str, str]) -> Row:
    text = row[column]
    changed = MARKED.sub(lambda mark: _mark(mark, moved), text) if table == PAGES else moved.get(text, text)
    return (*row[:column], changed, *row[column + 1 :])


def _mark(mark: re.Match[str], moved: Mapping[str, str]) -> str:
    token = mark[1]
    return mark[0].replace(token, moved[token]) if token in moved else mark[0]
