"""Whether the broker still answers, asked from the side: a process that only waits for records would not notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from detectors.errors import Reason
from streams.kafka import LOG
from streams.settings import KafkaSettings
from streams.watch.aside import looking
from streams.watch.health import Health, Part

_ANSWER_S: Final = 10.0


@contextmanager
def watched(settings: KafkaSettings, health: Health) -> Iterator[None]:
    """Tells `health` every few seconds while the block lasts; the first answer comes before the block begins."""
    # Its own client: the one that works may be waiting for a transaction.
    admin = AdminClient({**settings.client(), "error_cb": lambda _error: None}, logger=LOG)

    def look() -> None:
        try:
            admin.list_topics(timeout=_ANSWER_S)
        except KafkaException:
            health.down(Part.BROKER, Reason.BROKER_UNAVAILABLE)
        else:
            health.up(Part.BROKER)

    with looking(look):
        yield
