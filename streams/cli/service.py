"""What the long-running commands share: settings, logs, signals, exit codes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Final

from detectors.errors import RedoubtError
from streams import logs
from streams.cli.configuration import configured
from streams.settings import Settings

EXIT_PART: Final = 3


def run_service(part: str, run: Callable[[Settings, threading.Event], int], needed: Sequence[str]) -> int:
    """Runs until SIGTERM or SIGINT sets the event; the exit code. `needed` are settings that must have been given."""
    logs.configure()
    os.umask(0o077)
    log = logs.get(part)
    settings = configured(*needed)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        code = run(settings, stop)
    except RedoubtError as error:
        log.error("part failed", error=error, code=EXIT_PART)
        return EXIT_PART
    log.info("ended", code=code)
    return code
