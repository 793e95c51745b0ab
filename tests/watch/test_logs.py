"""Canaries through every way into the log."""

import io
import logging
import subprocess
import sys

import pytest

from detectors.errors import Reason, RedoubtError
from streams.watch import logs

CANARY = "Zdravka Quillfeather-Obi"
CONTENT = (CANARY, "517-48-2931", "Quillfeather", "quillfeather")


@pytest.fixture
def stream() -> io.StringIO:
    out = io.StringIO()
    logs.configure(out)
    return out


def test_allowed_fields_are_written(stream: io.StringIO) -> None:
    logs.get("worker").info("document finished", document="document-1", pages=3, reason="encrypted")
    line = stream.getvalue()
    assert '"document": "document-1"' in line
    assert '"pages": 3' in line
    assert '"event": "document finished"' in line


@pytest.mark.parametrize("content", CONTENT)
@pytest.mark.parametrize("field", ["patient", "text", "document", "reason", "pages", "tenant", "topic"])
def test_content_is_dropped_in_any_field(stream: io.StringIO, field: str, content: str) -> None:
    """Also where it is written in the letters of an id."""
    logs.get("worker").info("document finished", **{field: content})
    assert "document finished" in stream.getvalue()
    assert content not in stream.getvalue()


def test_an_event_name_with_content_is_dropped(stream: io.StringIO) -> None:
    for content in CONTENT:
        logs.get("worker").info(f"failed for {content}: (217) 555-0142")
        logs.get("worker").info(f"failed for {content}")
        logs.get("worker").info(content)
        assert content not in stream.getvalue()
    assert "unnamed" in stream.getvalue()


def test_exceptions_keep_class_and_place_only(stream: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logs.get("worker").exception("decode failed")
    assert "ValueError" in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()
    assert "Quillfeather" not in stream.getvalue()


def test_our_errors_show_their_reason(stream: io.StringIO) -> None:
    logs.get("worker").error("rejected", error=RedoubtError(Reason.ENCRYPTED))
    assert '"reason": "encrypted"' in stream.getvalue()


def test_other_libraries_are_cut_to_their_place(stream: io.StringIO) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError:
        logging.getLogger("presidio-analyzer").exception("could not analyse %s", CANARY)
    logging.getLogger("urllib3.connectionpool").warning("GET /v1/%s", CANARY)
    assert "presidio-analyzer" in stream.getvalue()
    assert "Quillfeather" not in stream.getvalue()


def test_warnings_and_last_words_are_cut_too() -> None:
    program = f"""
import warnings
from streams.watch import logs
logs.configure()
warnings.warn({CANARY!r})
raise LookupError({CANARY!r})
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "py.warnings" in ended.stderr
    assert "LookupError" in ended.stderr
    assert "Quillfeather" not in ended.stderr + ended.stdout
