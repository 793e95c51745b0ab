"""Each test of the transport runs against Tansu, and against Apache Kafka where its jars are given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import PHI_DOCUMENTS, TOPICS, create_topics
from streams.settings import KafkaSettings
from tests.kafka.apache import LIBS, ApacheKafka
from tests.kafka.locked import LockedKafka, prepare
from tests.kafka.processes import wait_for

_BROKER = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def libs() -> Path:
    """Apache Kafka's jars. Nothing is left out in silence: where a continuous build lacks them, it fails."""
    libs = os.environ.get(LIBS)
    if not libs:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{LIBS} is not set")
        pytest.skip(f"needs {LIBS}: a folder of Apache Kafka's jars")
    return Path(libs)


@pytest.fixture(scope="session")
def apache(libs: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """Apache Kafka's address; one broker for all modules of a run, also for those that import this fixture."""
    if _BROKER not in request.config.stash:
        broker = ApacheKafka(libs, tmp_path_factory.mktemp("kafka"))
        request.config.stash[_BROKER] = broker.__enter__().bootstrap
        request.config.add_cleanup(lambda: broker.__exit__(None, None, None))
    return request.config.stash[_BROKER]


@pytest.fixture(scope="session")
def locked(libs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LockedKafka]:
    """Apache Kafka behind TLS, sign-in and ACLs: topics made, and every role's principal (of the role's name) has the
    rights that `redoubt create-acls` gives it."""
    with LockedKafka(libs, tmp_path_factory.mktemp("locked")) as broker:
        prepare(broker)
        yield broker


@pytest.fixture(scope="session")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedBroker(tmp_path_factory.mktemp("tansu")) as broker:
        yield broker.bootstrap


@pytest.fixture(params=["tansu", pytest.param("apache", marks=pytest.mark.kafka)])
def bootstrap(request: pytest.FixtureRequest) -> str:
    """A broker with the topics of the gateway, emptied of what earlier tests left."""
    address: str = request.getfixturevalue(request.param)
    fresh_topics(address)
    return address


@pytest.fixture
def kafka(apache: str) -> str:
    """Apache Kafka, for what only it can show: mark the test `kafka`."""
    fresh_topics(apache)
    return apache


@pytest.fixture
def narrow(kafka: str) -> Iterator[str]:
    """The same with all documents in one partition.

    Ends once no worker has a seat in the group any more: a static member that came back in time would be given the
    partition that it had, and with it alone would never hear that there are three again.
    """
    admin = AdminClient({"bootstrap.servers": kafka})

    def partitions() -> int:
        found = admin.list_topics(timeout=10).topics
        return len(found[PHI_DOCUMENTS].partitions) if PHI_DOCUMENTS in found else 0

    admin.delete_topics([PHI_DOCUMENTS])[PHI_DOCUMENTS].result(10)
    wait_for(lambda: partitions() == 0)
    create_topics(KafkaSettings(bootstrap=kafka), partitions=1)
    yield kafka
    group = KafkaSettings().group
    wait_for(lambda: not admin.describe_consumer_groups([group])[group].result(10).members)


def fresh_topics(address: str) -> None:
    """Topics without a record, ready for some."""
    admin = AdminClient({"bootstrap.servers": address})

    def there() -> set[str]:
        found = admin.list_topics(timeout=60).topics
        return {name for name, topic in found.items() if not name.startswith("__") and topic.error is None}

    old = list(there())
    for future in (admin.delete_topics(old, operation_timeout=60) if old else {}).values():
        future.result(timeout=60)
    wait_for(lambda: not there(), 90)
    create_topics(KafkaSettings(bootstrap=address), partitions=3)
    wait_for(lambda: there() == {topic.name for topic in TOPICS}, 90)
