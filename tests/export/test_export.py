"""An export holds each record once, whatever is killed when, and the queries of docs/analytics.md run on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from detectors.errors import Reason, RedoubtError
from streams.events import RecordTokenized
from streams.export import folder as folders
from streams.export.folder import Source, open_folder
from streams.export.tables import COLUMNS, Record

DOCS = Path(__file__).parents[2] / "docs" / "analytics.md"
DAY = date(2026, 3, 1)
SOURCE = Source("c-1", "t-1")
ANN, BEN = "rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA", "rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAQ"
ONE, TWO, CALL = "rdt:mrn:s1:TKN000000000001", "rdt:mrn:s1:TKN000000000002", "rdt:phone:s1:0000000001"


def record(offset: int, *pages: str, tenant: str = "north", day: date = DAY, document: str | None = None) -> Record:
    name = document or f"{offset:032x}"
    event = RecordTokenized(tenant, name, "lab_report", "analytics", "2-abc", len(pages), 91.5, pages)
    return Record(event, pages, day, 0, offset)


def rows(root: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    sql = f"SELECT {columns} FROM read_parquet('{root}/{table}/**/*.parquet', hive_partitioning = true) ORDER BY ALL"  # noqa: S608
    return duckdb.connect(":memory:").execute(sql).fetchall()


def add(root: Path, records: list[Record], at: int, source: Source = SOURCE) -> None:
    with open_folder(root) as folder:
        folder.add(source, 0, at, records)


def test_pages_and_tokens_by_tenant_and_day(tmp_path: Path) -> None:
    first = record(3, f"[PERSON:{ANN}] of [CITY]", f"MRN [MRN:{ONE}], [PERSON:{ANN}]")
    add(tmp_path, [first, record(4, "nothing", tenant="south", day=date(2026, 3, 2))], 5)
    assert rows(tmp_path, "pages", "tenant, day, page, pages, text, source_offset") == [
        ("north", DAY, 1, 2, first.text[0], 3),
        ("north", DAY, 2, 2, first.text[1], 3),
        ("south", date(2026, 3, 2), 1, 1, "nothing", 4),
    ]
    assert rows(tmp_path, "tokens", "page, place, kind, token") == [
        (1, 1, "person", ANN),
        (2, 1, "mrn", ONE),
        (2, 2, "person", ANN),
    ]
    with open_folder(tmp_path) as folder:
        assert folder.next_offsets(SOURCE) == {0: 5}


def test_the_columns_are_those_that_the_page_names(tmp_path: Path) -> None:
    add(tmp_path, [record(0, f"[PERSON:{ANN}]")], 1)
    text = DOCS.read_text(encoding="utf-8")
    for table, columns in COLUMNS.items():
        sql = f"DESCRIBE SELECT * FROM read_parquet('{tmp_path}/{table}/**/*.parquet')"  # noqa: S608
        found = [row[0] for row in duckdb.connect(":memory:").execute(sql).fetchall()]
        assert found[: len(columns)] == list(columns)
        assert all(column in text for column in columns)


class Killed(BaseException):
    """As a kill: nothing catches it."""


STEPS = {"write": 2, "synced": 7, "rename": 4, "rmtree": 3}
"""How often each is called for one batch of one tenant and day."""
KILLS = [(name, nth) for name, count in STEPS.items() for nth in range(1, count + 1)]


@pytest.mark.parametrize(("name", "nth"), KILLS)
def test_a_kill_at_any_step_leaves_each_record_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, nth: int
) -> None:
    batch = [record(n, f"[PERSON:{ANN}] {n}") for n in range(6)]
    calls = 0

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == nth:
                raise Killed
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        if name == "rename":
            patch.setattr(Path, "rename", dying(Path.rename))
        elif name == "rmtree":
            patch.setattr(folders.shutil, "rmtree", dying(folders.shutil.rmtree))
        else:
            patch.setattr(folders, name, dying(getattr(folders, name)))
        with pytest.raises(Killed):
            add(tmp_path, batch, 6)
    with open_folder(tmp_path) as folder:
        start = folder.next_offsets(SOURCE).get(0, 0)
        assert start in (0, 6)
        folder.add(SOURCE, 0, 8, [*batch, record(6, "later"), record(7, "later")][start:])
    assert [row[0] for row in rows(tmp_path, "pages", "source_offset")] == list(range(8))
    assert [row[0] for row in rows(tmp_path, "tokens", "source_offset")] == list(range(6))
    assert {path.name for path in tmp_path.iterdir()} == {"pages", "tokens", "_progress.json", "_lock"}


def test_a_second_export_waits_for_nobody_and_another_broker_or_topic_is_told(tmp_path: Path) -> None:
    add(tmp_path, [record(0, "x")], 1)
    with open_folder(tmp_path) as folder:
        with pytest.raises(RedoubtError, match=Reason.STORE_UNAVAILABLE.value), open_folder(tmp_path):
            pass
        for other in (Source("c-2", "t-1"), Source("c-1", "t-2")):
            with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
                folder.next_offsets(other)
    (tmp_path / "_progress.json").write_text("{")
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value), open_folder(tmp_path) as folder:
        folder.next_offsets(SOURCE)


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RedoubtError, match=Reason.STORE_UNAVAILABLE.value), open_folder(tmp_path / "file" / "below"):
        pass


def test_the_queries_of_the_page_join_documents_over_tokens(tmp_path: Path) -> None:
    again = "f" * 32
    add(
        tmp_path,
        [
            record(0, f"[PERSON:{ANN}] [MRN:{ONE}]"),
            record(1, f"[MRN:{ONE}]"),
            record(2, f"[PERSON:{ANN}] [PHONE:{CALL}]"),
            record(3, f"[PERSON:{ANN}]", f"[PHONE:{CALL}] [PHONE:{CALL}]"),
            record(4, f"[PERSON:{BEN}] [MRN:{TWO}]"),
            record(5, f"[PERSON:{ANN}] [MRN:{TWO}]", tenant="south"),
            # Done again: the second record, without the number, counts.
            record(6, f"[MRN:{TWO}]", document=again),
            record(7, "[MRN]", document=again),
            # A number in common, and a name that is another: a slip of a scanner's, or of a pen.
            record(8, f"[PERSON:{BEN}] [MRN:{ONE}]"),
            # The last one leads from the first to the third and fourth.
            record(9, f"[PERSON:{ANN}] [MRN:{ONE}] [PHONE:{CALL}]"),
        ],
        10,
    )
    connection = duckdb.connect(":memory:")
    (tmp_path / "mapping.csv").write_text(f"old,new\n{ANN},{BEN}\n")
    old = f"SELECT * FROM (VALUES (1, '{ANN}'), (2, '{ONE}')) AS extract (document, token)"  # noqa: S608
    connection.execute(f"COPY ({old}) TO '{tmp_path}/extract.parquet'")
    answers = []
    for block in re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL):
        there = block.replace("FOLDER", str(tmp_path))
        for name in ("EXTRACT", "MAPPING"):
            there = there.replace(name, str(tmp_path / name.lower()))
        for statement in filter(str.strip, there.split(";")):
            answers.append(connection.execute(statement).fetchall())
    names = [f"{offset:032x}" for offset in range(10)]
    assert answers[4] == [
        (names[0], names[1], ["mrn"]),
        (names[0], names[9], ["mrn", "person"]),
        (names[1], names[8], ["mrn"]),
        (names[1], names[9], ["mrn"]),
        (names[2], names[3], ["person", "phone"]),
        (names[2], names[9], ["person", "phone"]),
        (names[3], names[9], ["person", "phone"]),
    ]
    patients = [("north", names[0], 4), *(("north", names[n], 1) for n in (1, 4, 8)), ("south", names[5], 1)]
    assert answers[6] == patients
    assert answers[7] == [(DAY, ONE, 4), (DAY, TWO, 3)]
    assert set((tmp_path / "extract.txt").read_text().split()) == {ANN, ONE}
    assert answers[9] == [(1, BEN), (2, ONE)]
