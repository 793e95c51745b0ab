"""Presidio's image analyzer as a second, independent reader of our words: its rules, without its OCR and its NER.

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
        from presidio_image_redactor import ImageAnalyzerEngine
        from presidio_image_redactor.ocr import OCR

        suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

        class OfflineEmail(EmailRecognizer):  # type: ignore[misc]
            """Asks the bundled suffix list: the original fetches one from the network."""

            def validate_result(self, pattern_text: str) -> bool:
                return bool(suffixes(pattern_text).fqdn)

        class OurWords(OCR):  # type: ignore[misc]
            """Stands where Presidio's OCR does, and hands over words that were read already."""

            def perform_ocr(self, image: PageReading, **_: Any) -> dict[str, list[Any]]:
                boxes = [word.region.bounds for word in image.words]
                return {
                    "text": [word.text for word in image.words],
                    "conf": [word.confidence for word in image.words],
                    "left": [box.left for box in boxes],
                    "top": [box.top for box in boxes],
                    "width": [box.width for box in boxes],
                    "height": [box.height for box in boxes],
                }

        class ByOffsets(ImageAnalyzerEngine):  # type: ignore[misc]
            """Keeps every hit with its offsets: the original's substring test loses words and whole hits."""

            @staticmethod
            def map_analyzer_results_to_bounding_boxes(results: list[Any], *_: Any) -> list[Any]:
                return results

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
        analyzer = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])
        self._engine = ByOffsets(analyzer_engine=analyzer, ocr=OurWords())

    def hits(self, reading: PageReading) -> Iterable[Any]:
        """Presidio joins words by spaces, a reading by spaces and line feeds: the offsets are the same."""
        hits: Iterable[Any] = self._engine.analyze(reading, entities=list(KINDS), score_threshold=MIN_SCORE)
        return hits
