"""Every file of a corpus of malformed PDFs ends in its pages or in a code, the same each time, in flat memory."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.decode.decoder import Decoder
from tests.acceptance.corpora import corpus
from tests.decode.memory import resident_bytes

DEADLINE_S = 60.0
GROWTH_BYTES = 24 << 20
"""Less than one page in colour."""
AT_A_FILE = {
    Reason.DAMAGED,
    Reason.ENCRYPTED,
    Reason.EMPTY,
    Reason.NO_PAGES,
    Reason.TOO_MANY_PIXELS,
    Reason.UNKNOWN_FORMAT,
}
"""Codes that say what is the matter with a file; a crash or a deadline would say that something is with the decoder."""


@pytest.fixture(scope="module")
def files() -> dict[Path, dict[str, int | None]]:
    """What MuPDF alone makes of each: `pages`, None where it opens nothing, and whether it `needs_password`."""
    folder = corpus("malformed-pdf")
    found = json.loads((folder / "index.json").read_text())
    assert set(found) == {path.name for path in folder.iterdir() if path.suffix in (".pdf", ".fuzz")}
    return {folder / name: known for name, known in found.items()}


def whole(decoder: Decoder, file: Path, pages: int) -> int | Reason:
    """Every page."""
    try:
        return len(decoder.decode(file.read_bytes(), DEADLINE_S))
    except RedoubtError as error:
        return error.reason


def end(decoder: Decoder, file: Path, pages: int) -> int | Reason:
    """The last two pages of what has `pages` of them; how many there are is said with them."""
    try:
        return decoder.batch(file.read_bytes(), max(0, pages - 2), DEADLINE_S).total
    except RedoubtError as error:
        return error.reason


def test_every_file_ends_in_pages_or_a_code(files: dict[Path, dict[str, int | None]]) -> None:
    rounds: list[dict[Path, int | Reason]] = []
    resident: list[tuple[int, int]] = []
    with Decoder() as decoder, ThreadPoolExecutor(2) as pool:
        assert decoder._parent is not None
        parent = decoder._parent.pid
        for work in (whole, end, end):
            tasks = {file: pool.submit(work, decoder, file, known["pages"] or 0) for file, known in files.items()}
            rounds.append({file: task.result(timeout=2 * DEADLINE_S) for file, task in tasks.items()})
            resident.append((resident_bytes(), resident_bytes(parent)))
        # None of them cost the parent its life.
        assert decoder._parent.pid == parent
    first, *again = rounds
    assert all(later == first for later in again)
    for file, known in files.items():
        found = first[file]
        if isinstance(found, Reason):
            assert found in AT_A_FILE, file.name
            assert found is Reason.ENCRYPTED or not known["needs_password"], file.name
        else:
            assert found == known["pages"], file.name
    for before, after in zip(resident[0], resident[-1], strict=True):
        assert after - before < GROWTH_BYTES
