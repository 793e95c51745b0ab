"""Presidio's analyzer as a second, independent reader of our words: its rules, without its NER.

Its names come from the same spaCy model as the product's own detector, which the pipeline passes as a hunter: asking
the model twice would cost .06 s a page and prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from detectors.findings import Kind, Layer, Span
from detectors.pages import PageReading

KINDS: Final = {
    "US_SSN": Kind.SSN,
    "PHONE_NUMBER": Kind.PHONE,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "CREDIT_CARD": Kind.CARD,
    "IP_ADDRESS": Kind.IP_ADDRESS,
}
"""Only these: its places, dates and organisations black out clean words, and its licences are any nine
digits."""
MIN_SCORE: Final = 0.4
"""What its phone recognizer gives to a number that parses; an SSN by shape alone has .5."""


def spans(reading: PageReading) -> list[Span]:
    """What Presidio finds in the page's words."""
    if not reading.words:
        return []
    found = {(hit.entity_type, hit.start, hit.end, hit.score) for hit in _presidio().hits(reading)}
    return sorted(
        Span(start, end, KINDS[entity], min(score, 1.0), Layer.ATTACKER) for entity, start, end, score in found
    )


@cache
def _presidio() -> _Presidio:
    return _Presidio()


class _Presidio:
    """One analyzer a process. It is loaded on first use: its packages take two seconds to import."""

    def __init__(self) -> None:
        import spacy
        import tldextract
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
        from presidio_analyzer.predefined_recognizers import (
            CreditCardRecognizer,
            EmailRecognizer,
            IpRecognizer,
            PhoneRecognizer,
            UsSsnRecognizer,
        )

        suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

        class OfflineEmail(EmailRecognizer):  # type: ignore[misc]
            """Asks the bundled suffix list: the original fetches one from the network."""

            def validate_result(self, pattern_text: str) -> bool:
                return bool(suffixes(pattern_text).fqdn)

        nlp = SpacyNlpEngine(ner_model_configuration=NerModelConfiguration())
        nlp.nlp = {"en": spacy.blank("en")}
        recognizers = [
            UsSsnRecognizer(),
            PhoneRecognizer(supported_regions=["US"]),
            OfflineEmail(),
            CreditCardRecognizer(),
            IpRecognizer(),
        ]
        registry = RecognizerRegistry(recognizers=recognizers, supported_languages=["en"])
        self._engine = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])

    def hits(self, reading: PageReading) -> Iterable[Any]:
        """It is given words joined by spaces, a reading has line feeds between its lines: the offsets are the same."""
        text = " ".join(word.text for word in reading.words)
        hits: Iterable[Any] = self._engine.analyze(text, "en", entities=list(KINDS), score_threshold=MIN_SCORE)
        return hits
