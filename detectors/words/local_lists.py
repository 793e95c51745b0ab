"""What an institution's own reviews taught: words that are no identifiers, and shapes of its numbers. No values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer, Span
from detectors.folding import tokens

_GUESSING: Final = frozenset({Layer.NER, Layer.DICTIONARY})
"""Layers that take a word for a name by its looks; what a pattern, a label or the event knows stays."""
_SURE: Final = 0.95
_ALONE: Final = 0.5
"""The dictionaries score a name below it only where nothing but the name speaks: no title, label, relation or verb."""
SHAPE_SCORE: Final = 0.75
_MAX_SHAPES: Final = 500
_SHAPE: Final = re.compile(r"[A9./ _#-]{5,40}")
_WORD: Final = re.compile(r"[^\W\d_]{3,40}")


@dataclass(frozen=True, slots=True)
class LocalLists:
    """`harmless` are folded words. A shape has A for a letter, 9 for a figure, and marks as they stand.

    Raises ValueError for a word or a shape that is none: a value that got in by mistake, perhaps.
    """

    harmless: frozenset[str] = frozenset()
    shapes: frozenset[tuple[str, Kind]] = frozenset()

    def __post_init__(self) -> None:
        if len(self.shapes) > _MAX_SHAPES or not all(_SHAPE.fullmatch(shape) for shape, _ in self.shapes):
            raise ValueError("no shapes")
        if not all(_WORD.fullmatch(word) for word in self.harmless):
            raise ValueError("no words")

    @classmethod
    def read(cls, file: Path) -> Self:
        """From JSON; a file that is not there holds nothing. Raises RedoubtError(MISCONFIGURED) for another one."""
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            return cls(frozenset(content["harmless"]), frozenset((shape, Kind(k)) for shape, k in content["shapes"]))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, KeyError):
            pass
        raise RedoubtError(Reason.MISCONFIGURED)

    def to_json(self) -> str:
        return json.dumps({"harmless": sorted(self.harmless), "shapes": sorted(self.shapes)}, indent=1) + "\n"

    def with_more(self, harmless: Iterable[str], shapes: Iterable[tuple[str, Kind]]) -> Self:
        return type(self)(self.harmless | frozenset(harmless), self.shapes | frozenset(shapes))

    def applied(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The spans without guesses at harmless words, and with every number of a listed shape; they may overlap."""
        kept = [span for span in spans if not self._is_harmless(text, span)]
        for shape, kind in sorted(self.shapes):
            kept += [
                Span(m.start(), m.end(), kind, SHAPE_SCORE, Layer.DICTIONARY) for m in _pattern(shape).finditer(text)
            ]
        return kept

    def _is_harmless(self, text: str, span: Span) -> bool:
        if not self.harmless or span.layer not in _GUESSING or span.score >= _SURE:
            return False
        if span.layer is Layer.DICTIONARY and span.score >= _ALONE:
            return False
        words = [token.folded for token in tokens(text[span.start : span.end])]
        return bool(words) and all(word in self.harmless for word in words)


def _pattern(shape: str) -> re.Pattern[str]:
    pieces = {"9": "[0-9OIl]", "A": r"[^\W\d_]", " ": r"[ \t]"}
    body = "".join(pieces.get(c, re.escape(c)) for c in shape)
    return re.compile(rf"(?<![\w.-]){body}(?![\w-]|\.\d)")
