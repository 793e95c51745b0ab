"""Single events of whoever may not go on before the broker has them: sent, and acknowledged."""

from __future__ import annotations

from typing import Final

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from streams.events import Event
from streams.kafka import LOG
from streams.settings import KafkaSettings

ACKNOWLEDGED_S: Final = 30.0
"""How long a broker may take: who waits here has done nothing yet, and can be told to try again."""


class Acknowledged:
    """Sends one event at a time, outside of any document's transaction."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._producer = Producer(
            {
                **settings.client(),
                "enable.idempotence": True,
                "acks": "all",
                "linger.ms": 0,
                "delivery.timeout.ms": int(1000 * ACKNOWLEDGED_S),
                "error_cb": lambda _error: None,
            },
            logger=LOG,
        )

    def send(self, topic: str, event: Event) -> None:
        """Returns once every replica in sync has the event. Raises RedoubtError(BROKER_UNAVAILABLE): it may have
        arrived all the same, so that an event sent again keeps its id."""
        taken: list[bool] = []

        def delivered(error: KafkaError | None, _message: KafkaMessage) -> None:
            # Never compared: the client's errors break the interpreter where they meet None in a comparison.
            taken.append(error is None)

        key, headers, value = event.to_message()
        try:
            self._producer.produce(topic, value, key, headers=headers, on_delivery=delivered)
            self._producer.flush(ACKNOWLEDGED_S + 1)
        except (KafkaException, BufferError):
            raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
        if taken != [True]:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
