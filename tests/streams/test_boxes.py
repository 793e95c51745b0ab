"""Which rule made a box black: kept for who looks at the copy, and no text with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer
from detectors.geometry import Box
from policies.decisions import Action
from streams.pipeline.document import BoxEntry
from streams.review.boxes import from_kept_form, kept_form

BOX = BoxEntry(1, Box(10, 20, 90, 40), Kind.SSN, Layer.PATTERN, "numbers", Action.TOKENIZE)


def test_what_is_kept_comes_back_as_the_report_tells_it() -> None:
    assert from_kept_form(kept_form([BOX])) == [
        {
            "page": 2, "left": 10, "top": 20, "right": 90, "bottom": 40,
            "kind": "ssn", "layer": "pattern", "rule": "numbers", "action": "tokenize",
        }
    ]  # fmt: skip
    assert from_kept_form(kept_form([])) == []


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_none_is_told_by_its_code(content: bytes) -> None:
    with pytest.raises(RedoubtError) as failed:
        from_kept_form(content)
    assert failed.value.reason is Reason.STORE_UNAVAILABLE


def test_thousands_are_kept() -> None:
    """A chart's would fit in no event."""
    many: list[Any] = json.loads(kept_form([BOX] * 20_000))
    assert len(many) == 20_000
