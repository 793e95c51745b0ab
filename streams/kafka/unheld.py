"""Partitions that no worker holds although the group is at rest.

A static member that comes back before its session ends gets the partitions that it had, and no member is asked to
assign anew. Where all come back like that, as in a rolling upgrade, a partition or a topic that the group has read
only since then goes to nobody, and stays so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final

from confluent_kafka import ConsumerGroupState, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.kafka import LOG
from streams.settings import KafkaSettings

_EVERY_S: Final = 5.0
_LOOKS: Final = 2
"""Between the two halves of a cooperative rebalance the group is at rest too, for a moment."""


class Unheld:
    """Asks the broker from the side, every few seconds. Never waits for an answer."""

    def __init__(self, settings: KafkaSettings, topics: Sequence[str]) -> None:
        self._admin = AdminClient({**settings.client(), "error_cb": lambda _error: None}, logger=LOG)
        self._group, self._instance, self._topics = settings.group, settings.instance, topics
        self._asked: tuple[Future[Any], list[Future[Any]]] | None = None
        self._next = time.monotonic() + _EVERY_S
        self._seen = 0

    def must_join_again(self) -> bool:
        """Whether this member should leave and join, which makes the group assign anew. One member is enough: it is
        the first by name."""
        if self._asked is None:
            if time.monotonic() >= self._next:
                self._ask()
            return False
        group, topics = self._asked
        if not all(asked.done() for asked in (group, *topics)):
            return False
        self._asked, self._next = None, time.monotonic() + _EVERY_S
        try:
            unheld = self._unheld(group.result(), [topic.result() for topic in topics])
        except KafkaException:
            return False
        self._seen = self._seen + 1 if unheld else 0
        if self._seen < _LOOKS:
            return False
        self._seen = 0
        return True

    def _ask(self) -> None:
        group = self._admin.describe_consumer_groups([self._group])[self._group]
        self._asked = group, list(self._admin.describe_topics(TopicCollection(list(self._topics))).values())

    def _unheld(self, group: Any, topics: Sequence[Any]) -> bool:
        if group.state is not ConsumerGroupState.STABLE:
            return False
        names = sorted(member.group_instance_id or "" for member in group.members)
        if not names or names[0] != self._instance:
            return False
        held = {(p.topic, p.partition) for member in group.members for p in member.assignment.topic_partitions}
        there = {(topic.name, partition.id) for topic in topics for partition in topic.partitions}
        return not there <= held
