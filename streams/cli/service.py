"""What the long-running commands share: settings, logs, signals, exit codes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from detectors.errors import RedoubtError
from streams import logs
from streams.settings import Settings

EXIT_CONFIGURATION: Final = 2
EXIT_PART: Final = 3


def run_service(part: str, run: Callable[[Settings, threading.Event], int]) -> int:
    """Runs until SIGTERM or SIGINT sets the event; the exit code."""
    logs.configure()
    os.umask(0o077)
    log = logs.get(part)
    try:
        settings = Settings()
    except ValidationError as error:
        fields = ["__".join(str(step) for step in problem["loc"]) for problem in error.errors(include_input=False)]
        log.error("wrong configuration", stage="/".join(fields)[: logs.MAX_ID], code=EXIT_CONFIGURATION)
        return EXIT_CONFIGURATION
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
