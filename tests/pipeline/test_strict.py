"""A strict profile, from the page to the record, and in bare text: what no list knows goes with what was found."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.words.safe import is_safe
from policies import profile
from policies.attack.report import Verdict
from policies.tokens.local import LocalTokenizer
from streams.cli.detect import _answer
from streams.clock import Deadline
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.acceptance.command import page_pixels
from tests.pipeline import doubles
from tests.pipeline.doubles import SECRET, OnePage, Reads, reading

TEXT = "Zqorvath was given 500 mg of metformin in room 104."


def run(name: str) -> Outcome:
    parts = Parts(OnePage(), Reads(), LocalTokenizer(production=False))
    return process(Document("tenant", "id", b"content", name), parts, Deadline.after(60))


def test_on_a_page_and_in_its_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles, "LINES", ("Chief complaint: cough", f"SSN: {SECRET}", "Plan: sodium diet, Quuxin"))
    unknown = [w for w in reading().words if not is_safe(w.text) and w.text not in SECRET]
    safe = [w for w in reading().words if is_safe(w.text)]
    assert unknown
    assert safe
    found, usual = run("strict"), run("maximal")
    assert found.verdict is usual.verdict is Verdict.RELEASE
    assert found.counts[Kind.UNREADABLE] >= len(unknown)
    assert not usual.counts[Kind.UNREADABLE]
    assert found.copy
    assert usual.copy
    for word in unknown:
        box = word.region.bounds
        middle = (slice(box.top + 8, box.bottom - 8), slice(box.left + 4, box.right - 4))
        assert page_pixels(found.copy)[middle].max() < 40
        assert page_pixels(usual.copy)[middle].max() >= 40
    assert found.record
    assert usual.record
    written = found.record.pages[0].split()
    assert not {w.text for w in unknown} & set(written)
    assert {w.text for w in safe} <= set(written)
    assert {w.text for w in unknown} <= set(usual.record.pages[0].split())


def test_in_text() -> None:
    def masked(name: str) -> list[str]:
        return [TEXT[s["start"] : s["end"]] for s in _answer(profile.load(name), TEXT, [])["spans"]]

    assert masked("strict") == ["Zqorvath", "104."]
    assert masked("maximal") == []
