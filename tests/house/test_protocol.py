"""The commit protocol is told three times: in the worker, on its page, and by the steps that a test can kill at."""

from __future__ import annotations

import re
from pathlib import Path

from streams.kafka import worker
from tests.kafka.worker_process import STEPS

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_code_page_and_kill_tests_name_the_same_steps() -> None:
    in_code = re.findall(r"^ ?\d\. ([a-z]+)", worker.__doc__ or "", flags=re.MULTILINE)
    on_page = re.findall(r"^\d\. \*\*([a-z]+)\*\*", PAGE, flags=re.MULTILINE)
    assert [*on_page, "after"] == list(STEPS)
    assert in_code == on_page
