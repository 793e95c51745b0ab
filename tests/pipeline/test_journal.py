"""What a killed worker left of a chart is what its next owner goes on with."""

from __future__ import annotations

from dataclasses import dataclass, field

from detectors.geometry import Box, Boxes, Quad
from detectors.pages import LayerState, PageReading, Word
from streams.pipeline.journal import GROUP, Journal


@dataclass
class Kept:
    pieces: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, content: bytes) -> None:
        self.pieces[name] = content

    def kept(self, name: str) -> bytes | None:
        return self.pieces.get(name)

    def shred(self) -> None:
        self.pieces.clear()


def test_a_page_whose_letters_are_known_comes_back_as_it_was() -> None:
    letters = Boxes.of([Box(10, 10, 18, 20), Box(20, 10, 28, 20)])
    word = Word("ab", 100.0, Quad.of(Box(10, 10, 28, 20)), 0, 0, 2, letters)
    page = PageReading(100, 100, 150.0, (word,), "ab", "layer", LayerState.PROVEN).spelled_out()
    kept = Kept()
    journal = Journal(kept, "read", PageReading, "1")
    for _ in range(GROUP):
        journal.add(page)
    found = list(Journal(kept, "read", PageReading, "1").entries())
    assert found == [page] * GROUP
    assert Boxes.of(found[0].words[0].glyphs) == letters
    assert hash(found[0]) == hash(page)
