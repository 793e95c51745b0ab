"""The monitor: leakage figures of single documents in, figures of profiles and windows out. Counts only."""

from streams.monitor.topics import monitor_topics

__all__ = ["monitor_topics"]
