"""Identifiers in text: Presidio's analyzer with our own recognizers, the patient's own data, labels."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Final

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts

from detectors import labels
from detectors.findings import Kind, Layer, Span
from detectors.known import KnownValues
from detectors.model.chosen import OWN
from detectors.names import every as names
from detectors.patterns import every as patterns
from detectors.patterns.base import Match, TextRecognizer
from detectors.places import every as places
from detectors.spans.calibration import voted
from detectors.spans.merge import merge
from detectors.spans.trim import ended, trimmed
from detectors.subject import Subject
from detectors.text import long, ner
from detectors.text.bare_names import BareNameRecognizer

MIN_SCORE: Final = 0.3
"""Below this a recognizer says of its own hit that it is more likely none."""

CHUNK_CHARS: Final = 20_000
"""A page holds about 3,000 characters. Longer texts are cut, so that memory and spaCy's length limit stay far."""
_PROSE_WORDS: Final = 6
_FULL_LINE: Final = 0.7
OVERLAP_CHARS: Final = 600
"""Longer than any identifier, so that each stands whole in one of two neighbouring chunks."""


class _NoContext(ContextAwareEnhancer):  # type: ignore[misc]
    """Our recognizers weigh context themselves; Presidio's enhancer wants lemmas, which cost more than all else."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002  Presidio's signature, here and below
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,  # noqa: ARG002
        recognizers: list[EntityRecognizer],  # noqa: ARG002
        context: list[str] | None = None,  # noqa: ARG002
    ) -> list[RecognizerResult]:
        return raw_results


class TextDetector:
    """Finds identifiers in a text of any length. One per process; not thread-safe. `model`: see `ner.reader`.

    Recognizers of the house are asked straight; all others of a layer by a Presidio analyzer of their own.
    """

    def __init__(self, recognizers: Mapping[Layer, Sequence[EntityRecognizer]] | None = None, model: str = OWN) -> None:
        reader = ner.reader(model)
        self._nlp = reader.engine
        if recognizers is None:
            recognizers = {
                Layer.PATTERN: patterns.recognizers(),
                Layer.DICTIONARY: [*names.recognizers(), *places.recognizers(), BareNameRecognizer()],
                Layer.NER: [reader.recognizer],
            }
        self._own = [(layer, r) for layer, found in recognizers.items() for r in found if isinstance(r, TextRecognizer)]
        self._engines = {
            layer: AnalyzerEngine(
                registry=RecognizerRegistry(recognizers=others),
                nlp_engine=self._nlp,
                context_aware_enhancer=_NoContext(),
                default_score_threshold=MIN_SCORE,
            )
            for layer, found in recognizers.items()
            if (others := [r for r in found if not isinstance(r, TextRecognizer)])
        }
        self._entities = {layer: sorted(engine.get_supported_entities()) for layer, engine in self._engines.items()}
        layers = sorted(f"{r.name}-{r.version}" for found in recognizers.values() for r in found)
        digest = hashlib.sha256("\n".join(layers).encode()).hexdigest()[:8]
        self.version: str = f"redoubt-{version('redoubt-gateway')}+{digest}/{reader.version}"
        self._known: tuple[Subject, KnownValues] | None = None

    def spans(self, text: str, subject: Subject | None = None) -> list[Span]:
        """Disjoint spans in text order; the kinds of `detectors.findings`, labels within the text included."""
        return long.joined(text, ((start, self._of_piece(piece, subject)) for start, piece in long.pieces(text)))

    def _of_piece(self, text: str, subject: Subject | None) -> list[Span]:
        found = trimmed(text, [*self.raw(text, subject), *labels.in_text(text)])
        return ended(text, voted(merge(text, found), found))

    def raw(self, text: str, subject: Subject | None = None) -> list[Span]:
        """What every layer but the labels says, overlaps and all."""
        found = [span for start, chunk in chunks(unwrapped(text)) for span in self._analyzed(chunk, start)]
        if subject is not None:
            known = self.known(subject)
            found = known.settled(text, [*found, *known.spans(text)])
        return found

    def known(self, subject: Subject) -> KnownValues:
        """The subject's values made ready for search; the last subject's are kept."""
        if self._known is None or self._known[0] != subject:
            self._known = (subject, KnownValues(subject))
        return self._known[1]

    def _analyzed(self, text: str, offset: int) -> Iterator[Span]:
        if not text.strip():
            return
        found = [(m, layer) for layer, recognizer in self._own for m in recognizer.find(text) if m.score >= MIN_SCORE]
        found += self._by_others(text)
        for match, layer in _undoubled(found):
            yield Span(match.start + offset, match.end + offset, match.kind, match.score, layer)

    def _by_others(self, text: str) -> Iterator[tuple[Match, Layer]]:
        if not self._engines:
            return
        artifacts = self._nlp.process_text(text, "en")
        for layer, engine in self._engines.items():
            for result in engine.analyze(text, "en", entities=self._entities[layer], nlp_artifacts=artifacts):
                start, end = max(result.start, 0), min(result.end, len(text))
                if start < end:
                    score = min(max(float(result.score), 0.0), 1.0)
                    yield Match(start, end, Kind(result.entity_type.lower()), score), layer


def _undoubled(found: Iterable[tuple[Match, Layer]]) -> Iterator[tuple[Match, Layer]]:
    """Without what lies inside another of its layer and kind that is as sure."""
    groups: dict[tuple[Layer, Kind], set[Match]] = defaultdict(set)
    for match, layer in found:
        groups[layer, match.kind].add(match)
    for (layer, _), group in groups.items():
        open_: list[Match] = []
        for match in sorted(group, key=lambda m: (m.start, -m.end, -m.score)):
            open_ = [m for m in open_ if m.end > match.start]
            if not any(match.end <= m.end and match.score <= m.score for m in open_):
                open_.append(match)
                yield match, layer


def unwrapped(text: str) -> str:
    """The same text, as long, where line feeds inside a paragraph are blanks: names and towns break over lines.

    A line belongs to a paragraph where it has many words, most of them in lower case, and is about as long as the
    longest such line; rows of forms and tables keep their line feeds.
    """
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    prose = [_is_prose(line) for line in lines]
    full = max((len(line) for line, is_prose in zip(lines, prose, strict=True) if is_prose), default=0) * _FULL_LINE
    pieces = []
    for line, is_prose, after in zip(lines, prose, [*lines[1:], ""], strict=True):
        pieces.append(line + (" " if is_prose and len(line) >= full and after.strip() else "\n"))
    return "".join(pieces)[: len(text)]


def _is_prose(line: str) -> bool:
    words = line.split()
    return len(words) >= _PROSE_WORDS and sum(w[0].islower() for w in words) * 2 >= len(words)


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """(offset, piece) pairs that overlap by OVERLAP_CHARS and, where there is white space, do not cut a word."""
    start = 0
    while True:
        end = min(start + CHUNK_CHARS, len(text))
        if end < len(text):
            cut = max(text.rfind(" ", end - OVERLAP_CHARS, end), text.rfind("\n", end - OVERLAP_CHARS, end))
            end = cut + 1 if cut > 0 else end
        yield start, text[start:end]
        if end >= len(text):
            return
        start = _word_start(text, end - OVERLAP_CHARS)


def _word_start(text: str, index: int) -> int:
    cut = max(text.rfind(" ", index - OVERLAP_CHARS, index), text.rfind("\n", index - OVERLAP_CHARS, index))
    return cut + 1 if cut > 0 else index
