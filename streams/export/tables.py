"""The two tables of an export: a row a page, and a row a token. Written by DuckDB, which takes nothing from outside."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from policies.record import tokens_in
from streams.events import RecordTokenized

PAGES: Final = "pages"
TOKENS: Final = "tokens"

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    PAGES: {
        "document_id": "VARCHAR",
        "document_class": "VARCHAR",
        "profile": "VARCHAR",
        "profile_version": "VARCHAR",
        "pages": "INTEGER",
        "page": "INTEGER",
        "text": "VARCHAR",
        "mean_confidence": "DOUBLE",
        "source_partition": "INTEGER",
        "source_offset": "BIGINT",
    },
    TOKENS: {
        "document_id": "VARCHAR",
        "document_class": "VARCHAR",
        "profile": "VARCHAR",
        "page": "INTEGER",
        "place": "INTEGER",
        "kind": "VARCHAR",
        "token": "VARCHAR",
        "source_partition": "INTEGER",
        "source_offset": "BIGINT",
    },
}
"""Name and DuckDB type of every column, besides `tenant` and `day`, which the folders' names give."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the topic: `day` is that of its event in UTC, `text` a string a page."""

    event: RecordTokenized
    text: tuple[str, ...] = field(repr=False)
    day: date
    partition: int
    offset: int


def rows(table: str, record: Record) -> Iterator[Row]:
    """The rows of one record, in the order of COLUMNS. Pages and places count from 1."""
    event = record.event
    source = (record.partition, record.offset)
    for page, text in enumerate(record.text, 1):
        if table == PAGES:
            confidence = event.mean_confidence
            described = (event.document_id, event.document_class, event.profile, event.profile_version)
            yield (*described, event.pages, page, text, confidence, *source)
            continue
        for place, token in enumerate(tokens_in(text), 1):
            kind = token.split(":")[1]
            yield (event.document_id, event.document_class, event.profile, page, place, kind, token, *source)


def write(table: str, content: Sequence[Row], file: Path) -> None:
    """One Parquet file with these rows.

    Raises RedoubtError(STORE_UNAVAILABLE) where it cannot be written, RedoubtError(MISCONFIGURED) without the `export`
    extra.
    """
    columns = COLUMNS[table]
    declared = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
    unnested = ", ".join(f"unnest(?::{type_}[])" for type_ in columns.values())
    values = [list(column) for column in zip(*content, strict=True)]
    with _duckdb() as connection:
        connection.execute(f"CREATE TABLE made ({declared})")
        connection.execute(f"INSERT INTO made SELECT {unnested}", values)
        connection.execute(f"COPY made TO '{_quoted(file)}' (FORMAT parquet, COMPRESSION zstd)")


def read(table: str, file: Path) -> list[Row]:
    """The rows of one Parquet file, in the order of COLUMNS. Raises as `write` does."""
    columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
    found: list[Row] = []
    with _duckdb() as connection:
        sql = f"SELECT {columns} FROM read_parquet('{_quoted(file)}', hive_partitioning = false)"  # noqa: S608  our columns
        found += connection.execute(sql).fetchall()
    return found


@contextmanager
def _duckdb() -> Iterator[Any]:
    try:
        # Here and not above: the command line works without the extra.
        import duckdb
    except ImportError:
        raise RedoubtError(Reason.MISCONFIGURED) from None
    failed = True
    with contextlib.suppress(duckdb.Error, OSError):
        with duckdb.connect(":memory:", config=dict(_ALONE)) as connection:
            yield connection
        failed = False
    # Raised outside the handler: DuckDB's own words may quote a value.
    if failed:
        raise RedoubtError(Reason.STORE_UNAVAILABLE)


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")


_ALONE: Final[Mapping[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
}
