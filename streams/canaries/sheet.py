"""A small layout engine: text with identifiers in it flows onto letter pages, and every word's ink is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from streams.canaries.cast import Cast, Field
from streams.canaries.faces import FAMILIES, Face, Ink, face

PAGE_WIDTH_PT, PAGE_HEIGHT_PT = 612.0, 792.0
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SPACE_EM = 0.28

Piece = tuple[str, Field | None]
Token = tuple[Piece, ...]
"""A printed word: pieces without a space, some of them an identifier's."""


@dataclass(frozen=True, slots=True)
class Style:
    family: str = "helvetica"
    size: float = 10.0
    leading: float = 1.3
    margin: float = 54.0


@dataclass(frozen=True, slots=True)
class Print:
    """One printed word: where its pen starts, and the ink of each of its pieces, in points."""

    page: int
    x: float
    baseline: float
    text: str = field(repr=False)
    font: str
    size: float
    pieces: tuple[tuple[Ink, int | None], ...]
    """Ink and the index of the identifier that it belongs to."""

    @property
    def ink(self) -> Ink:
        boxes = [box for box, _ in self.pieces]
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or an outlined box (width > 0), or a gray filled box (gray < 1)."""

    page: int
    box: Ink
    width: float = 0.6
    gray: float = 1.0


def varied(rng: Random, text: str) -> str:
    """Text with each `[one|other]` settled, innermost first."""
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match.group(1).split("|")) + text[match.end() :]
    return text


class Sheet:
    """The pages being laid out. `top` and `bottom` print the repeated header and footer of each page."""

    def __init__(
        self, cast: Cast, rng: Random, style: Style, top: Callable[[Sheet], None], bottom: Callable[[Sheet], None]
    ):
        self.cast, self.rng, self.style = cast, rng, style
        self.prints: list[Print] = []
        self.strokes: list[Stroke] = []
        self.fields: list[tuple[Field, int]] = []
        """Each printed identifier with its page."""
        self._top, self._bottom = top, bottom
        self.page, self.y = -1, 0.0
        self.new_page()

    @property
    def left(self) -> float:
        return self.style.margin

    @property
    def right(self) -> float:
        return PAGE_WIDTH_PT - self.style.margin

    def new_page(self) -> None:
        self.page += 1
        self.y = PAGE_HEIGHT_PT - 40
        self._bottom(self)
        self.y = 50.0
        self._top(self)

    def need(self, height: float) -> None:
        if self.y + height > PAGE_HEIGHT_PT - 70:
            self.new_page()

    def space(self, points: float = 6.0) -> None:
        self.y += points

    def tokens(self, template: str) -> list[Token]:
        """Words of a template; an identifier with spaces becomes several words of one index later on."""
        text = varied(self.rng, template)
        pieces: list[Piece] = []
        end = 0
        for match in _SLOT.finditer(text):
            value = self.cast.resolve(match.group(1))
            pieces.append((text[end : match.start()], None))
            pieces.append((value, None) if isinstance(value, str) else (value.text, value))
            end = match.end()
        pieces.append((text[end:], None))
        return _split(pieces)

    def line(self, template: str, *, x: float | None = None, size: float | None = None, bold: bool = False,
             align: str = "left", baseline: float | None = None) -> float:  # fmt: skip
        """One line that does not wrap, at the baseline given or at the cursor's; returns where the pen ended."""
        return self._set(self.tokens(template), x, size or self.style.size, bold, align, baseline)

    def paragraph(self, template: str, *, indent: float = 0.0, size: float | None = None, bold: bool = False,
                  width: float | None = None, x: float | None = None) -> None:  # fmt: skip
        """Text that wraps at the right margin and over pages."""
        size = size or self.style.size
        typeface = self._face(bold)
        left = (self.left if x is None else x) + indent
        room = (self.right if width is None else left - indent + width) - left
        rows: list[list[Token]] = [[]]
        used = 0.0
        for token in self.tokens(template):
            wide = typeface.width(_text(token), size)
            if rows[-1] and used + wide > room:
                rows.append([])
                used = 0.0
            rows[-1].append(token)
            used += wide + self._gap(typeface, size)
        open_fields: dict[int, int] = {}
        for row in rows:
            self.need(size * self.style.leading)
            self.y += size * self.style.leading
            self._set(row, left, size, bold, "left", self.y, open_fields)

    def heading(self, text: str) -> None:
        self.need(60)
        self.space(self.style.size * 0.7)
        self.y += self.style.size * 1.3
        self.line(text, bold=True, size=self.style.size + 1)
        self.space(self.style.size * 0.4)
        if self.rng.random() < 0.5:
            self.strokes.append(Stroke(self.page, (self.left, self.y, self.right, self.y)))
            self.space(2)

    def boxes(self, rows: Sequence[Sequence[tuple[str, str]]], *, label_size: float = 6.5) -> None:
        """Form boxes: a small label above its value, outlined, one tuple a box."""
        high = self.style.size * 1.35 + label_size + 8
        for row in rows:
            self.need(high + 2)
            wide = (self.right - self.left) / len(row)
            for column, (label, value) in enumerate(row):
                x = self.left + column * wide
                self.strokes.append(Stroke(self.page, (x, self.y, x + wide, self.y + high)))
                self.line(label, x=x + 4, size=label_size, baseline=self.y + label_size + 3)
                size = self._fitting(value, wide - 8)
                self._set(size[1], x + 4, size[0], False, "left", self.y + high - 5)
            self.y += high

    def pairs(self, rows: Sequence[tuple[str, str]], *, columns: int = 2) -> None:
        """Label and value beside each other, in columns."""
        wide = (self.right - self.left) / columns
        label_width = min(
            wide * 0.44, max(self._face(True).width(_plain(label), self.style.size) for label, _ in rows) + 8
        )
        for start in range(0, len(rows), columns):
            self.need(self.style.size * 2)
            self.y += self.style.size * (self.style.leading + 0.15)
            for column, (label, value) in enumerate(rows[start : start + columns]):
                x = self.left + column * wide
                end = self.line(label, x=x, bold=True)
                size, tokens = self._fitting(value, wide - max(label_width, end - x + 4) - 4)
                self._set(tokens, max(x + label_width, end + 4), size, False, "left", self.y)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A ruled table; widths are shares of the text width."""
        high = self.style.size * 1.55
        starts = [self.left + (self.right - self.left) * sum(widths[:i]) for i in range(len(widths))]
        for index, row in enumerate([heads, *rows]):
            self.need(high + 2)
            self.strokes.append(
                Stroke(self.page, (self.left, self.y, self.right, self.y + high), gray=0.9 if index == 0 else 1.0)
            )
            for x, share, cell in zip(starts, widths, row, strict=True):
                size, tokens = self._fitting(cell, share * (self.right - self.left) - 6)
                self._set(tokens, x + 3, size, index == 0, "left", self.y + high * 0.72)
            self.y += high

    def _fitting(self, template: str, room: float) -> tuple[float, list[Token]]:
        """The largest size at which the words fit the room; never under 6 points."""
        tokens, size, typeface = self.tokens(template), self.style.size, self._face(True)
        while size > 6 and self._wide(tokens, typeface, size) > room:
            size -= 0.5
        return size, tokens

    def _set(self, tokens: Sequence[Token], x: float | None, size: float, bold: bool, align: str,
             baseline: float | None = None, open_fields: dict[int, int] | None = None) -> float:  # fmt: skip
        typeface, name = self._face(bold), FAMILIES[self.style.family][bold]
        pen = self.left if x is None else x
        if align == "centre":
            pen = (self.left + self.right - self._wide(tokens, typeface, size)) / 2
        elif align == "right":
            pen = self.right - self._wide(tokens, typeface, size)
        base = self.y if baseline is None else baseline
        indices: dict[int, int] = {} if open_fields is None else open_fields
        for token in tokens:
            start, inks = pen, []
            for text, owner in token:
                inks.append((typeface.bounds(text, pen, base, size), self._index(owner, indices)))
                pen += typeface.width(text, size)
            self.prints.append(Print(self.page, start, base, _text(token), name, size, tuple(inks)))
            pen += self._gap(typeface, size)
        return pen

    def _index(self, owner: Field | None, indices: dict[int, int]) -> int | None:
        """The number of this mention; a mention that wraps onto the next page is a second one there."""
        if owner is None:
            return None
        known = indices.get(id(owner))
        if known is None or self.fields[known][1] != self.page:
            indices[id(owner)] = known = len(self.fields)
            self.fields.append((owner, self.page))
        return known

    def _wide(self, tokens: Sequence[Token], typeface: Face, size: float) -> float:
        gap = self._gap(typeface, size)
        return sum(typeface.width(_text(token), size) + gap for token in tokens) - gap

    def _gap(self, typeface: Face, size: float) -> float:
        return float(typeface.font.glyph_advance(32)) * size or _SPACE_EM * size

    def _face(self, bold: bool) -> Face:
        return face(FAMILIES[self.style.family][bold])


def _text(token: Token) -> str:
    return "".join(text for text, _ in token)


def _plain(template: str) -> str:
    return template.replace(" ", "").replace("{", "").replace("}", "")


def _split(pieces: Sequence[Piece]) -> list[Token]:
    """Pieces cut at spaces into words."""
    words: list[list[Piece]] = [[]]
    for text, owner in pieces:
        for index, part in enumerate(text.split(" ")):
            if index:
                words.append([])
            if part:
                words[-1].append((part, owner))
    return [tuple(word) for word in words if word]
