"""A broker for the monitor: Tansu, and Apache Kafka where its jars are given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import create_topics
from streams.monitor import monitor_topics
from streams.settings import KafkaSettings
from tests.kafka.conftest import apache as shared_apache
from tests.kafka.conftest import fresh_topics, libs

__all__ = ["libs", "shared_apache"]
PARTITIONS = 3


@pytest.fixture(scope="module")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedBroker(tmp_path_factory.mktemp("tansu")) as broker:
        _create(broker.bootstrap)
        yield broker.bootstrap


@pytest.fixture(scope="module")
def apache(shared_apache: str) -> str:
    fresh_topics(shared_apache)
    _create(shared_apache)
    return shared_apache


def _create(bootstrap: str) -> None:
    create_topics(KafkaSettings(bootstrap=bootstrap), PARTITIONS, extra=monitor_topics(PARTITIONS))
