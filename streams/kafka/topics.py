"""The topics: names, partitions, what each keeps and for how long.

Inside the PHI zone are `phi.documents` and `phi.backfill` alone (sealed parts). All others hold ids, codes, counts and
tokens.
`audit.pending` takes entries from every writer in any order; the sequencer alone writes `audit.entries`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from detectors.errors import Reason, RedoubtError
from streams.kafka import LOG
from streams.settings import KafkaSettings

PHI_DOCUMENTS: Final = "phi.documents"
PHI_BACKFILL: Final = "phi.backfill"
"""The same events, of archives: a worker begins one only while nothing of `phi.documents` waits for it."""
MASKED_DOCUMENTS: Final = "masked.documents"
TOKENIZED_RECORDS: Final = "tokenized.records"
REVIEW_TASKS: Final = "review.tasks"
REVIEW_DECISIONS: Final = "review.decisions"
REVIEW_REPLAYS: Final = "review.replays"
"""Decisions that could not be carried out, once more. Whoever may replay writes here and may decide nothing: a worker
takes from it only what a decision of `review.decisions` was, word for word."""
DECISIONS: Final = (REVIEW_DECISIONS, REVIEW_REPLAYS)
REJECTED_DOCUMENTS: Final = "rejected.documents"
REJECTED_SETTLED: Final = "rejected.settled"
LEAKAGE_OBSERVATIONS: Final = "leakage.observations"
LEAKAGE_WINDOWS: Final = "leakage.windows"
AUDIT_PENDING: Final = "audit.pending"
AUDIT_ENTRIES: Final = "audit.entries"
AUDIT_HEADS: Final = "audit.heads"
CANARY_RESULTS: Final = "canary.results"
PROBE: Final = "redoubt.probe"
"""Where a process tries, at its start, whether the broker's transactions are any. Nothing in it was ever committed."""

_DAY_MS: Final = 86_400_000
_WEEK = {"retention.ms": str(7 * _DAY_MS)}
_FOREVER = {"retention.ms": "-1"}
_CREATE_S: Final = 30.0
_AGAIN_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it shall be. `partitions` None: as many as the caller's figure for parallel work."""

    name: str
    partitions: int | None = None
    config: Mapping[str, str] = field(default_factory=dict)


TOPICS: Final[tuple[Topic, ...]] = (
    # Kept longer than an offset lives in an idle group, so that a worker that was away for a week loses nothing.
    Topic(PHI_DOCUMENTS, config={"retention.ms": str(14 * _DAY_MS)}),
    # An archive may wait for weeks: it is done in the gaps.
    Topic(PHI_BACKFILL, config={"retention.ms": str(60 * _DAY_MS)}),
    Topic(MASKED_DOCUMENTS, config=_WEEK),
    Topic(TOKENIZED_RECORDS, config=_WEEK),
    Topic(REVIEW_TASKS, config={"retention.ms": str(30 * _DAY_MS)}),
    # Longer than the tasks, or a decided task would look open again. One partition: people decide seldom, and the
    # workers' assignor, which counts partitions and not topics, gave all documents to one worker and all decisions to
    # the other.
    Topic(REVIEW_DECISIONS, partitions=1, config={"retention.ms": str(60 * _DAY_MS)}),
    Topic(REVIEW_REPLAYS, partitions=1, config={"retention.ms": str(60 * _DAY_MS)}),
    Topic(REJECTED_DOCUMENTS, config={"retention.ms": str(30 * _DAY_MS)}),
    # Longer than what it settles: a rejection whose end was forgotten would be settled twice.
    Topic(REJECTED_SETTLED, config={"retention.ms": str(60 * _DAY_MS)}),
    Topic(LEAKAGE_OBSERVATIONS, config=_WEEK),
    Topic(LEAKAGE_WINDOWS, config=_WEEK),
    # One partition each: the order of the log is the order of one partition.
    Topic(AUDIT_PENDING, partitions=1, config={"retention.ms": str(30 * _DAY_MS)}),
    Topic(AUDIT_ENTRIES, partitions=1, config=_FOREVER),
    Topic(AUDIT_HEADS, partitions=1, config=_FOREVER),
    Topic(CANARY_RESULTS, config=_WEEK),
    Topic(PROBE, partitions=1, config={"retention.ms": str(_DAY_MS)}),
)


def create_topics(
    settings: KafkaSettings, partitions: int = 8, replication: int = 1, extra: Iterable[Topic] = ()
) -> list[str]:
    """Create what is missing, leave alone what is there; returns the names created, once the broker works on them.

    Raises RedoubtError(BROKER_UNAVAILABLE) where the broker does not answer, refuses, or does not come to them in time.
    """
    admin = AdminClient({**settings.client(), "error_cb": _quiet}, logger=LOG)
    wanted = [
        NewTopic(t.name, num_partitions=t.partitions or partitions, replication_factor=replication, config={**t.config})
        for t in (*TOPICS, *extra)
    ]
    created: list[str] = []
    try:
        present = admin.list_topics(timeout=_CREATE_S).topics
        missing = [topic for topic in wanted if topic.topic not in present]
        futures = admin.create_topics(missing, operation_timeout=_CREATE_S) if missing else {}
        for name, future in futures.items():
            try:
                future.result(timeout=_CREATE_S)
                created.append(name)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise
        until = time.monotonic() + _CREATE_S
        while not _served(admin, created):
            if time.monotonic() > until:
                raise RedoubtError(Reason.BROKER_UNAVAILABLE)
            time.sleep(_AGAIN_S)
    except (KafkaException, TimeoutError):
        raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
    return created


def _served(admin: AdminClient, names: list[str]) -> bool:
    """Whether the broker tells of every partition of these topics and works on it.

    The controller answers first; what the broker tells of topics follows, and last of all comes what it does with them.
    Until then it turns a producer's first batch to a partition away, and may take the second one, behind which it has
    no use for the first any more: a record acknowledged and lost.
    """
    told = admin.list_topics(timeout=_CREATE_S).topics
    if any(name not in told or told[name].error is not None or not told[name].partitions for name in names):
        return False
    latest = {TopicPartition(name, p): OffsetSpec.latest() for name in names for p in told[name].partitions}
    asked = admin.list_offsets(latest, request_timeout=_CREATE_S) if latest else {}
    return all(answer.exception(_CREATE_S) is None for answer in asked.values())


def _quiet(_error: KafkaError) -> None:
    """The call's own result tells; without a callback librdkafka would print the address to stderr."""
