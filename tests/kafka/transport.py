"""Small real parts for tests of the transport: objects in a folder, local data keys, a handle without OCR."""

from __future__ import annotations

import random
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from confluent_kafka import Consumer, IsolationLevel, KafkaError, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.subject import Subject
from policies.attack.report import Depth, Verdict
from policies.record import TokenizedRecord
from streams.events import EVENTS, Event
from streams.kafka.job import Parts
from streams.kafka.submit import Priority, Request, Submitter
from streams.pipeline.document import Document, Outcome
from streams.settings import Environment, KafkaSettings, Settings, WorkerSettings
from streams.store.claims import open_claims
from streams.store.sealed import SealedStore
from streams.vault.keyring import LocalDataKeys

Seen = tuple[str, Event, str]
"""The topic, the event and every byte of the record as text."""
CANARY = "Wilhelmina Featherstonehaugh"
CANARY_MRN = "MRN-7730021946"


def sealed(folder: Path) -> SealedStore:
    keys = LocalDataKeys(folder / "master.key", environment=Environment.DEMO)
    return SealedStore(open_claims(f"file://{folder}/phi"), keys)


def parts(folder: Path) -> Parts:
    return Parts(handle, sealed(folder), open_claims(f"file://{folder}/masked"))


def connection(broker: str | KafkaSettings) -> KafkaSettings:
    """Of an address where everybody may come in; a locked broker's settings as they are."""
    return KafkaSettings(bootstrap=broker) if isinstance(broker, str) else broker


def settings(broker: str | KafkaSettings, instance: str = "worker-0", in_flight: int = 8) -> Settings:
    quick = {"instance": instance, "session_timeout_ms": 6000, "transaction_timeout_ms": 10_000}
    return Settings(
        environment=Environment.DEMO,
        kafka=connection(broker).model_copy(update=quick),
        worker=WorkerSettings(in_flight=in_flight),
    )


def handle(document: Document) -> Outcome:
    """Takes its orders from the content: `verdict seconds rest`."""
    verdict, seconds, _ = document.content.decode().split(" ", 2)
    time.sleep(float(seconds))
    if verdict in {reason.value for reason in Reason}:
        raise RedoubtError(Reason(verdict))
    if verdict == "surprise":
        raise KeyError(document.content.decode())
    return Outcome(
        document_id=document.id,
        pages=2,
        verdict=Verdict(verdict),
        reasons=() if verdict == "release" else (Reason.UNEXPLAINED_INK,),
        depth=Depth.REREAD,
        profile=document.profile,
        profile_version="1",
        engine="none-1",
        copy=None if verdict == "withhold" else b"%PDF masked " + document.id.encode(),
        record=TokenizedRecord(("[PERSON] was seen",), 91.5),
        counts=Counter({Kind.PERSON: 2}),
        words=10,
        words_burned=2,
        seconds={"recognize": 0.5},
    )


def submit(
    broker: str | KafkaSettings,
    folder: Path,
    orders: Iterable[str],
    priority: Priority = Priority.URGENT,
    **options: int,
) -> list[str]:
    """One document an order; every one names the canary in content and patient."""
    patient = Subject(names=(CANARY,), mrn=CANARY_MRN)
    request = Request("clinic-a", "maximal", priority=priority)
    with Submitter(connection(broker), sealed(folder), **options) as submitter:
        return [submitter.submit(f"{order} {CANARY} {CANARY_MRN}".encode(), request, patient) for order in orders]


def mixed(count: int, seed: int = 7) -> list[str]:
    """Releases of very different length, so that documents finish out of order."""
    chance = random.Random(seed)  # noqa: S311  a fixed order, nothing secret
    return [f"release {chance.choice((0.0, 0.0, 0.02, 0.3))}" for _ in range(count)]


def read(
    broker: str | KafkaSettings, topics: Iterable[str], expect: int, timeout_s: float = 30, extra_s: float = 1.0
) -> list[Seen]:
    """What a `read_committed` reader sees. Reads until `expect` records came and `extra_s` longer, in which one too
    many would show."""
    consumer, _ = _reader(broker, topics, IsolationLevel.READ_COMMITTED)
    found: list[Seen] = []
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        message = consumer.poll(0.1)
        if message is None or message.error() is not None:
            continue
        found.append(_seen(message))
        if len(found) == expect:
            until = min(until, time.monotonic() + extra_s)
    consumer.close()
    return found


def read_to_end(
    bootstrap: str,
    topics: Iterable[str],
    sees: IsolationLevel = IsolationLevel.READ_COMMITTED,
    end: IsolationLevel = IsolationLevel.READ_UNCOMMITTED,
    timeout_s: float = 120.0,
) -> list[Seen]:
    """What a reader sees of all that was ever written: a `read_committed` one once no transaction is open any more or,
    with the `end` of what is committed, as far as it comes now. For Apache Kafka: other brokers' ends are not to be
    relied on."""
    consumer, partitions = _reader(bootstrap, topics, sees)
    admin = AdminClient({"bootstrap.servers": bootstrap})  # held: its end would be the end of what it waits for
    latest = {partition: OffsetSpec.latest() for partition in partitions}
    asked = admin.list_offsets(latest, isolation_level=end, request_timeout=60)
    open_ = {(at.topic, at.partition): answer.result(60).offset for at, answer in asked.items()}
    found: list[Seen] = []
    until = time.monotonic() + timeout_s
    while open_:
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain for the end of {sorted(open_)}")
        message = consumer.poll(0.1)
        if message is None:
            continue
        error, place = message.error(), (message.topic(), message.partition())
        if error is None:
            found.append(_seen(message))
        elif error.code() == KafkaError._PARTITION_EOF and message.offset() >= open_.get(place, 0):
            open_.pop(place, None)
    consumer.close()
    return found


def _reader(
    broker: str | KafkaSettings, topics: Iterable[str], sees: IsolationLevel
) -> tuple[Consumer, list[TopicPartition]]:
    consumer = Consumer(
        {
            **connection(broker).client(),
            "group.id": f"reader-{secrets.token_hex(4)}",
            "enable.auto.commit": False,
            "isolation.level": sees.name.lower(),
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 100,
        }
    )
    known = consumer.list_topics(timeout=10).topics
    partitions = [TopicPartition(topic, p, 0) for topic in topics for p in known[topic].partitions]
    consumer.assign(partitions)
    return consumer, partitions


def _seen(message: Message) -> Seen:
    headers = list(message.headers() or ())
    event = EVENTS[dict(headers)["ce_type"].decode()].from_message(message.key(), headers, message.value())
    return message.topic(), event, repr((message.key(), headers, message.value()))
