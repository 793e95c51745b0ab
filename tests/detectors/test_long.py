"""A text longer than any page: what lies across the borders of its pieces is found whole, and time grows as it does."""

from __future__ import annotations

from itertools import pairwise

import pytest

from detectors.findings import Kind, Layer, Span
from detectors.text import long
from detectors.text.analyzer import TextDetector

FILLER = "The patient was seen again and felt well. "


def test_pieces_cover_the_text_and_share_a_page() -> None:
    text = FILLER * 10_000
    pieces = list(long.pieces(text))
    assert pieces[0][0] == 0
    assert pieces[-1][0] + len(pieces[-1][1]) == len(text)
    assert all(len(piece) <= long.PIECE_CHARS and text[at : at + len(piece)] == piece for at, piece in pieces)
    for (a, piece), (b, _) in pairwise(pieces):
        assert long.OVERLAP_CHARS <= a + len(piece) - b <= 2 * long.OVERLAP_CHARS
    assert list(long.pieces("")) == [(0, "")]
    assert max(len(piece) for _, piece in long.pieces("x" * 500_000)) == long.PIECE_CHARS


def test_what_two_pieces_found_of_one_thing_is_one_span() -> None:
    text = "x" * 60
    cut = (
        [Span(40, 50, Kind.PERSON, 0.7, Layer.NER)],
        [Span(2, 5, Kind.DATE, 0.9, Layer.PATTERN), Span(5, 25, Kind.PERSON, 0.9, Layer.NER)],
    )
    found = long.joined(text, [(0, cut[0]), (35, cut[1])])
    assert [(s.start, s.end, s.kind) for s in found] == [(37, 40, Kind.DATE), (40, 60, Kind.PERSON)]


def test_identifiers_across_every_border_are_found(
    text_detector: TextDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of three hundred words, and an identifier at each place around their borders."""
    monkeypatch.setattr(long, "PIECE_CHARS", 2_000)
    monkeypatch.setattr(long, "OVERLAP_CHARS", 400)
    line = "SSN 517-48-2931, call Maria Kovacs at (503) 555-0142 before 03/14/2021.\n"
    text = "".join(FILLER[: n % 43] + line for n in range(80))
    borders = [at for at, _ in long.pieces(text)][1:]
    assert len(borders) > 3
    found = text_detector.spans(text)
    covered = bytearray(len(text))
    for span in found:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for value in ("517-48-2931", "Maria Kovacs", "(503) 555-0142", "03/14/2021"):
        at = text.find(value)
        while at >= 0:
            assert all(covered[i] or not text[i].isalnum() for i in range(at, at + len(value))), at
            at = text.find(value, at + 1)
