"""What a document needs later and memory does not hold: encrypted, in a file without a name."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from streams.store import intermediates
from streams.store.intermediates import Spill

CANARY = b"Quillanthe Vosburgh-Adeyemi"


def test_it_gives_back_what_was_put() -> None:
    spill = Spill()
    pieces = {f"piece-{n}": bytes([n]) * (5_000_000 + n) for n in range(12)}
    for name, content in pieces.items():
        spill.put(name, content)
    spill.put("piece-3", b"another")
    spill.put("piece-11", CANARY * 200_000)
    pieces |= {"piece-3": b"another", "piece-11": CANARY * 200_000}
    assert {name: spill.get(name) for name in pieces} == pieces
    with pytest.raises(KeyError):
        spill.get("piece-12")


def test_a_small_document_touches_no_disk() -> None:
    spill = Spill(Path("/nonexistent"))
    spill.put("sheet-0", CANARY)
    assert spill.get("sheet-0") == CANARY


def test_the_file_has_no_name_and_no_content(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert spill._file is not None
    lying = Path(f"/proc/self/fd/{spill._file}").read_bytes()
    assert len(lying) > len(CANARY)
    assert CANARY not in lying
    assert spill.get("sheet-1") == CANARY


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    assert spill._file is not None
    os.pwrite(spill._file, b"\0\0\0\0", 20)
    with pytest.raises(RedoubtError) as caught:
        spill.get("sheet-1")
    assert caught.value.reason is Reason.HASH_MISMATCH


def test_pieces_cannot_be_swapped(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    spill.put("sheet-2", b"x" * len(CANARY))
    spill._lying["sheet-1"], spill._lying["sheet-2"] = spill._lying["sheet-2"], spill._lying["sheet-1"]
    with pytest.raises(RedoubtError) as caught:
        spill.get("sheet-1")
    assert caught.value.reason is Reason.HASH_MISMATCH


def test_a_disk_that_is_not_there_is_an_outage() -> None:
    spill = Spill(Path("/nonexistent"))
    with pytest.raises(RedoubtError) as caught:
        spill.put("sheet-0", bytes(intermediates.HELD_BYTES + 1))
    assert caught.value.reason is Reason.STORE_UNAVAILABLE


def test_a_full_disk_is_an_outage() -> None:
    spill = Spill(Path("/nonexistent"))
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115  the spill holds the descriptor
    spill._file = full.fileno()
    with pytest.raises(RedoubtError) as caught:
        spill.put("sheet-0", bytes(intermediates.HELD_BYTES + 1))
    assert caught.value.reason is Reason.STORE_UNAVAILABLE
    full.close()


def test_the_file_is_closed_with_the_last_who_holds_it(tmp_path: Path) -> None:
    spill = _on_disk(tmp_path)
    handle = Path(f"/proc/self/fd/{spill._file}")
    assert handle.exists()
    del spill
    gc.collect()
    assert not handle.exists() or str(tmp_path) not in str(handle.readlink())


def _on_disk(folder: Path) -> Spill:
    spill = Spill(folder)
    spill.put("sheet-0", bytes(intermediates.HELD_BYTES))
    spill.put("sheet-1", CANARY)
    return spill
