"""A broker for the monitor: Tansu, and Apache Kafka where its jars are given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import create_topics
from streams.monitor import monitor_topics
from streams.settings import KafkaSettings
from tests.kafka.apache import LIBS, ApacheKafka

PARTITIONS = 3


@pytest.fixture(scope="module")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedBroker(tmp_path_factory.mktemp("tansu")) as broker:
        _create(broker.bootstrap)
        yield broker.bootstrap


@pytest.fixture(scope="module")
def apache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    libs = os.environ.get(LIBS)
    if not libs:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{LIBS} is not set")
        pytest.skip(f"needs {LIBS}: a folder of Apache Kafka's jars")
    with ApacheKafka(Path(libs), tmp_path_factory.mktemp("kafka")) as broker:
        _create(broker.bootstrap)
        yield broker.bootstrap


def _create(bootstrap: str) -> None:
    create_topics(KafkaSettings(bootstrap=bootstrap), PARTITIONS, extra=monitor_topics(PARTITIONS))
