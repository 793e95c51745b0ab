"""Exporting from a real broker: what a `read_committed` reader sees, once, and on from there."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import duckdb
import pytest
from confluent_kafka import Producer

from detectors.errors import Reason, RedoubtError
from streams.events import RecordTokenized
from streams.export.export import Exporter
from streams.export.folder import open_folder
from streams.kafka.topics import TOKENIZED_RECORDS
from streams.settings import KafkaSettings
from tests.kafka.conftest import fresh_topics


def publish(bootstrap: str, first: int, count: int, large: bool = False) -> None:
    """Committed records, and before them as many that are not."""
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": "redoubt-worker-export"})
    producer.init_transactions(30)
    for committed in (False, True):
        producer.begin_transaction()
        for number in range(first, first + count):
            text = None if large else (f"page of {number}", "[PERSON]")
            reference = "sha256/" + "0" * 64 if large else None
            name = f"{number:032x}" if committed else f"{number + 9000:032x}"
            event = RecordTokenized("north", name, "other", "analytics", "2-a", 2, 90.0, text, reference)
            key, headers, value = event.to_message()
            producer.produce(TOKENIZED_RECORDS, value, key, partition=number % 3, headers=headers)
        if committed:
            producer.commit_transaction(30)
        else:
            producer.flush(30)
            producer.abort_transaction(30)


def exported(bootstrap: str, root: Path, batch: int = 4) -> int:
    def fetch(reference: str) -> bytes:
        assert reference.startswith("sha256/")
        return json.dumps(["a large page", "another"]).encode()

    with open_folder(root) as folder:
        return Exporter(KafkaSettings(bootstrap=bootstrap), fetch, batch).run(folder, threading.Event()).records


def documents(root: Path) -> list[int]:
    sql = f"SELECT document_id FROM read_parquet('{root}/pages/**/*.parquet') WHERE page = 1 ORDER BY 1"  # noqa: S608
    return [int(row[0], 16) for row in duckdb.connect(":memory:").execute(sql).fetchall()]


@pytest.mark.kafka
def test_committed_records_come_once_and_a_later_run_goes_on(kafka: str, tmp_path: Path) -> None:
    assert exported(kafka, tmp_path) == 0
    publish(kafka, 0, 20)
    assert exported(kafka, tmp_path) == 20
    assert exported(kafka, tmp_path) == 0
    publish(kafka, 20, 5, large=True)
    assert exported(kafka, tmp_path) == 5
    assert documents(tmp_path) == list(range(25))


@pytest.mark.kafka
def test_a_topic_that_was_made_anew_is_told(kafka: str, tmp_path: Path) -> None:
    """Also where it holds more records than the old one: to go on at the old offset would leave its first ones out."""
    publish(kafka, 0, 3)
    assert exported(kafka, tmp_path) == 3
    fresh_topics(kafka)
    publish(kafka, 100, 20)
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        exported(kafka, tmp_path)
    assert documents(tmp_path) == [0, 1, 2]
    assert exported(kafka, tmp_path / "new") == 20
