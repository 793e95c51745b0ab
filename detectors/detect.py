"""From a page's words to spans, and from all pages' spans to findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from detectors import labels
from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Span
from detectors.known import EXACT, KnownValues, births_of_others
from detectors.labels.grid import of_page
from detectors.labels.printed import without_guesses
from detectors.pages import PageReading
from detectors.spans.calibration import likely, voted
from detectors.spans.merge import merge
from detectors.spans.spread import spread
from detectors.spans.trim import ended, trimmed
from detectors.subject import Subject
from detectors.text import damaged, repaired
from detectors.text.whose import relatives, strangers
from detectors.torn import torn_off
from detectors.visual.ink.overflow import overflowing
from detectors.words.doubt import UNREADABLE_UNDER, doubtful
from detectors.words.local_lists import LocalLists
from detectors.words.safe import unlisted

if TYPE_CHECKING:
    from detectors.text.analyzer import TextDetector

_UNREADABLE_SCORE: Final = 0.5
_PROVEN: Final = frozenset({Kind.MRN, Kind.SSN, Kind.PHONE, Kind.OTHER_ID, Kind.BIRTH_DATE, Kind.ZIP, Kind.EMAIL})
"""Values of the event's patient that nobody misreads into each other: found letter by letter, the word was read."""


class PageDetector:
    """Finds identifiers on a page of words: the text layers, the event's patient, labels by geometry, and what an
    institution's own lists add and take away."""

    def __init__(self, text_detector: TextDetector | None = None, lists: LocalLists | None = None) -> None:
        self._text = text_detector or _by_default()
        self._lists = lists or LocalLists()
        self.version: str = self._text.version

    def spans(self, reading: PageReading, subject: Subject | None) -> list[Span]:
        """Disjoint spans in text order over `reading.text`. Raises RedoubtError(DETECTOR_FAILED)."""
        try:
            grid = of_page(reading)
            found = [*self._text.raw(damaged.mended(reading.text), subject), *labels.in_grid(grid)]
            found += [*damaged.spans(reading.text), *repaired.spans(reading.text, self._text.raw)]
            found = without_guesses(grid, trimmed(reading.text, found))
            found = self._lists.applied(reading.text, found)
            return ended(reading.text, voted(merge(reading.text, found), found))
        except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
            # Foreign recognizers speak of the text in their errors: only the code goes on.
            raise RedoubtError(Reason.DETECTOR_FAILED) from error


def _by_default() -> TextDetector:
    """Imported here: it brings Presidio, and most who ask for findings bring their spans."""
    from detectors.text.analyzer import TextDetector

    return TextDetector()


def findings(
    readings: Sequence[PageReading],
    spans: Sequence[Sequence[Span]],
    subject: Subject | None,
    *,
    least: float = 0.0,
    strict: bool = False,
) -> list[Finding]:
    """All findings of a document, in page and text order.

    What one page knows for sure is looked for on every page; spans map to words by overlap of character offsets and
    cover whole words; words that the engine could not read are findings themselves, and where `strict` all others that
    are not on the safe list. What is less likely an identifier than `least`, by `detectors.spans.calibration`, is none.
    Raises ValueError where `readings` and `spans` differ in length.
    """
    texts = [reading.text for reading in readings]
    known = KnownValues(subject) if subject is not None else None
    found: list[Finding] = []
    for page, (reading, page_spans) in enumerate(zip(readings, spread(texts, spans), strict=True)):
        settled = likely(known.settled(reading.text, page_spans) if known else page_spans, least)
        merged = merge(reading.text, [*settled, *overflowing(reading, settled)])
        claimed = relatives(reading.text, merged)
        if known:
            claimed = births_of_others.told(reading.text, strangers(reading.text, known.owned(reading.text, claimed)))
        found.extend(_on_page(page, reading, claimed, strict))
    return found


def _on_page(page: int, reading: PageReading, spans: Sequence[Span], strict: bool) -> Iterator[Finding]:
    covered: dict[int, Kind] = {}
    proven: set[int] = set()
    for span, words in mapped(reading, spans):
        covered.update(dict.fromkeys(words, span.kind))
        if span.layer is Layer.PATIENT and span.score >= EXACT and span.kind in _PROVEN:
            proven.update(words)
        regions = tuple(reading.words[i].region for i in words)
        yield Finding(page, span.kind, span.score, span.layer, regions, words, span, span.owner)
    unread = {
        index
        for index in doubtful(reading)
        if index not in covered or (reading.words[index].confidence < UNREADABLE_UNDER and index not in proven)
    }
    for index in sorted(unread):
        covered.setdefault(index, Kind.UNREADABLE)
    for index in sorted(unread | torn_off(reading, covered)):
        word = reading.words[index]
        covered.setdefault(index, Kind.UNREADABLE)
        span = Span(word.start, word.end, Kind.UNREADABLE, _UNREADABLE_SCORE, Layer.VISUAL)
        yield Finding(page, Kind.UNREADABLE, span.score, span.layer, (word.region,), (index,), span)
    for span, words in mapped(reading, unlisted(reading.text)) if strict else ():
        if not covered.keys() >= set(words):
            regions = tuple(reading.words[i].region for i in words)
            yield Finding(page, span.kind, span.score, span.layer, regions, words, span)


def mapped(reading: PageReading, spans: Sequence[Span]) -> Iterator[tuple[Span, tuple[int, ...]]]:
    """Each span with the words that share a character with it; spans over white space alone have none and are left out.

    `spans` are disjoint and in text order.
    """
    order = sorted(range(len(reading.words)), key=lambda i: reading.words[i].start)
    first = 0
    for span in spans:
        while first < len(order) and reading.words[order[first]].end <= span.start:
            first += 1
        words = []
        for index in order[first:]:
            if reading.words[index].start >= span.end:
                break
            words.append(index)
        if words:
            yield span, tuple(words)
