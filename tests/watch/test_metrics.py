from collections import Counter
from urllib.request import urlopen

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.document import Outcome
from streams.metrics import STAGES, Metrics

OUTCOME = Outcome(
    document_id="d",
    pages=2,
    verdict=Verdict.REVIEW,
    reasons=(Reason.RESIDUAL_FINDING,),
    depth=Depth.REREAD,
    profile="maximal",
    profile_version="1",
    engine="e",
    copy=b"",
    record=None,
    counts=Counter({Kind.PERSON: 3}),
    words=100,
    words_burned=7,
    rounds=1,
    seconds={"ingest": 0.2, "somebody's name": 1.0},
)


def _scraped(metrics: Metrics) -> str:
    port = metrics.serve(0, "127.0.0.1")
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        return str(answer.read().decode())


def test_an_outcome_is_counted() -> None:
    metrics = Metrics()
    metrics.observe(OUTCOME)
    metrics.rejected(Reason.ENCRYPTED)
    page = _scraped(metrics)
    assert 'redoubt_documents_total{verdict="review"} 1.0' in page
    assert 'redoubt_held_total{reason="residual_finding"} 1.0' in page
    assert 'redoubt_findings_total{kind="person"} 3.0' in page
    assert 'redoubt_rejected_total{reason="encrypted"} 1.0' in page
    assert "redoubt_pages_total 2.0" in page


def test_an_unknown_stage_makes_no_label() -> None:
    metrics = Metrics()
    metrics.observe(OUTCOME)
    assert "somebody" not in _scraped(metrics)


def test_free_text_never_becomes_a_label() -> None:
    with pytest.raises(TypeError):
        Metrics().rejected("Zdravka Quillfeather")  # type: ignore[arg-type]


def test_the_stages_are_those_of_the_pipeline() -> None:
    from pathlib import Path

    story = (Path(__file__).parents[2] / "streams" / "pipeline.py").read_text()
    assert all(f'clock.time("{stage}"' in story or f'\n        "{stage}",' in story for stage in STAGES)
