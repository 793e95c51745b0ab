"""Everything that talks to the broker."""

import logging
from typing import Final

from detectors.errors import Reason, RedoubtError

LOG: Final = logging.getLogger("redoubt.librdkafka")
"""Where the client library's own words go: otherwise it prints them, addresses and all, to stderr."""

EXIT_OK: Final = 0
EXIT_STOPPED: Final = 3
"""The gateway cannot work: a right is missing, a part is misconfigured or was away for too long."""
EXIT_BROKER: Final = 4
"""The broker refused or fenced this process, or was away for too long. A restart resumes."""


def exit_code(error: Exception) -> int:
    """The code of a process that a RedoubtError or a client error ended."""
    by_broker = not isinstance(error, RedoubtError) or error.reason is Reason.BROKER_UNAVAILABLE
    return EXIT_BROKER if by_broker else EXIT_STOPPED
