"""The monitor's own topics. They must be there, with as many partitions as the observations, before it starts."""

from __future__ import annotations

from typing import Final

from streams.kafka.topics import Topic

APP: Final = "redoubt-monitor"
"""faust's app id: consumer group, prefix of its transactional ids and of its topics."""
TABLE: Final = "windows"
FIGURES: Final = f"{APP}-figures"
"""Observations by group, and the ticks that close windows: all that decides about a window is in one partition."""
CHANGELOG: Final = f"{APP}-{TABLE}-changelog"
"""Windows still open, so that a monitor that starts again goes on with them."""

_DAY_MS: Final = 86_400_000


def monitor_topics(partitions: int) -> tuple[Topic, ...]:
    """What to create beforehand; `partitions` as of `leakage.observations`, since faust pairs them by number."""
    return (
        Topic(FIGURES, partitions, {"retention.ms": str(_DAY_MS)}),
        Topic(CHANGELOG, partitions, {"cleanup.policy": "compact"}),
    )
