"""The journal holds no name, belongs to one run and one order, and knows what it is in doubt about."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from streams.backfill.journal import Journal, JournalRefused

PATH = "Featherstonehaugh, Wilhelmina/letter.pdf"


def test_what_was_written_is_there_again_and_what_was_forgotten_is_not(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", "order") as journal:
        assert (journal.committed, journal.last, len(journal)) == (None, 0, 0)
        journal.commit(0)
        journal.write(1, [journal.name(PATH), journal.name("b")])
        journal.commit(1)
        journal.write(2, [journal.name("c")])
        known = journal.id
    with Journal(tmp_path / "j", "order") as journal:
        assert (journal.id, journal.committed, journal.last, len(journal)) == (known, 1, 2, 3)
        journal.forget(2)
        assert journal.name(PATH) in journal
        assert journal.name("c") not in journal
        assert journal.last == 1


def test_it_holds_no_name_and_no_other_user_reads_it(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", "s3://bucket/Featherstonehaugh") as journal:
        journal.write(1, [journal.name(PATH)])
    assert b"Feather" not in (tmp_path / "j").read_bytes()
    assert (tmp_path / "j").stat().st_mode & 0o777 == 0o600
    with Journal(tmp_path / "other", "s3://bucket/Featherstonehaugh") as other:
        assert other.name(PATH) not in other, "two journals share no key"


def test_it_is_of_one_order_and_of_one_run(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "j", "order"),
        pytest.raises(JournalRefused, match="another run"),
        Journal(tmp_path / "j", "order"),
    ):
        pass
    with pytest.raises(JournalRefused, match="another archive"), Journal(tmp_path / "j", "other"):
        pass
    (tmp_path / "text").write_text("Not a journal at all, but what somebody named by mistake." * 20)
    with pytest.raises(JournalRefused, match="none"), Journal(tmp_path / "text", "order"):
        pass
    with pytest.raises(JournalRefused), Journal(tmp_path / "missing" / "j", "order"):
        pass
    with sqlite3.connect(tmp_path / "j") as file:
        file.execute("UPDATE about SET value = X'39' WHERE name = 'version'")
    with pytest.raises(JournalRefused, match="version"), Journal(tmp_path / "j", "order"):
        pass
