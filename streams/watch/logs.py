"""Structured logs that cannot leak: only fields on the list below are ever written.

Everything else is dropped, however it got there. An exception is cut to its class, its reason code and the places it
came through; the words of other libraries are dropped whole, since nobody can say what they hold.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
import warnings
from collections.abc import Mapping, MutableMapping
from enum import Enum
from typing import Any, Final, TextIO

import structlog

from detectors.errors import Reason, RedoubtError
from streams.kafka.topics import TOPICS

NUMBERS: Final = frozenset(
    {"pages", "seconds", "documents", "partition", "offset", "port", "processes", "findings", "code"}
)
"""Fields that take numbers only."""

WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    "document": re.compile(r"[0-9a-f]{32}|document-[0-9]{1,9}"),
    "topic": re.compile("|".join(re.escape(topic.name) for topic in TOPICS)),
    "reason": re.compile("|".join(re.escape(reason.value) for reason in Reason)),
    "part": re.compile(r"[a-z]{2,16}"),
}
"""Fields that take one of the gateway's own words or ids. A narrow alphabet would not do: a number or a surname is
written in it as well."""

MAX_ID: Final = 80
_ALPHABET: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/+")


def configure(stream: TextIO | None = None) -> None:
    """Routes structlog, the standard library's loggers and warnings through the same list. Call it once.

    Without a `stream` each line goes to what `sys.stderr` is when it is written.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            _render,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_Foreign(stream))
    root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(capture=True)
    warnings.simplefilter("default")
    sys.excepthook = _last_words(stream)


def get(part: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of one part. Its event names are constants in the code, never built from data."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=part)
    return logger


def allow_listed(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drops every field that is not on the list, and every value that is not of the list's kind."""
    kept: dict[str, Any] = {name: event[name] for name in ("timestamp", "level") if name in event}
    name = event.get("event")
    kept["event"] = name if isinstance(name, str) and _is_constant(name) else "unnamed"
    for field, value in event.items():
        plain = value.value if isinstance(value, Enum) else value
        if (field in NUMBERS and isinstance(plain, int | float)) or (
            field in WORDS and isinstance(plain, str) and WORDS[field].fullmatch(plain)
        ):
            kept[field] = plain
    error = event.get("exc_info") or event.get("error")
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        kept |= _places(error)
    return kept


def _places(error: BaseException) -> dict[str, Any]:
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    reason = {"reason": error.reason.value} if isinstance(error, RedoubtError) else {}
    return {"exception": type(error).__name__, "frames": frames[-8:]} | reason


def _is_constant(name: str) -> bool:
    """Whether it stands so in the code that speaks: what was put together from data does not."""
    frame = sys._getframe(1)
    while frame.f_back is not None and (frame.f_globals is globals() or _is_structlog(frame.f_globals)):
        frame = frame.f_back
    return name in frame.f_code.co_consts


def _is_structlog(names: Mapping[str, Any]) -> bool:
    return str(names.get("__name__", "")).partition(".")[0] == "structlog"


def _is_id(text: str) -> bool:
    return len(text) <= MAX_ID and set(text) <= _ALPHABET


def _render(_: object, __: str, event: Mapping[str, Any]) -> str:
    return json.dumps(dict(event))


class _Foreign(logging.Handler):
    """Other libraries' records: logger, level and place survive, their words do not."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        line: dict[str, Any] = {
            "event": "foreign log",
            "level": record.levelname.lower(),
            "logger": record.name if _is_id(record.name) else "unnamed",
            "place": f"{record.filename}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _places(record.exc_info[1])
        (self._stream or sys.stderr).write(json.dumps(line) + "\n")


def _last_words(stream: TextIO | None) -> Any:
    def hook(_: type[BaseException], error: BaseException, __: object) -> None:
        (stream or sys.stderr).write(
            json.dumps({"event": "unexpected end", "level": "critical"} | _places(error)) + "\n"
        )

    return hook
