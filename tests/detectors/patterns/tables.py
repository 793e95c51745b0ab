"""How the tables of the text recognizers are read: kind, text with the finding in ⟦brackets⟧."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from detectors.findings import Kind
from detectors.patterns.base import TextRecognizer

HOSTILE_LENGTH = 100_000
SLOWEST_S = 1.0
# Each repeated to 100 kB: digits, separators, capitals, labels and half-finished identifiers of every kind.
HOSTILE = (
    *(
        "1",
        "0 ",
        "1-",
        "1.",
        "1/",
        " 1 1 ",
        "(",
        "+1",
        "O0l1",
        "l",
        "xxx-",
        "***",
        "1A ",
        "-",
        "_",
        " ",
        "\n",
        "\t",
        ":",
        "::",
    ),
    *("a@", "@", "a.", "a ", "A ", "A.", "Aa ", "AA ", "Aa, ", "Aa-", "A'", "ab:", "www.", "http://", "é", "Ωmega "),
    *(
        "Dr. ",
        "MRN ",
        "MRN: ",
        "no. no. ",
        "P.O. Box ",
        "1 A ",
        "12 Main ",
        "12 Main Lane, ",
        "IL 62704 ",
        "ZIP ",
        "St. ",
    ),
    *(
        "MAR ",
        "March 4 ",
        "1 MAR ",
        "age ",
        "one hundred ",
        "address ",
        "address: 1",
        "lives in ",
        "tel ",
        "fax: ",
        "(01)",
    ),
    *("Mary ", "MARY ", "Smith, ", "Smith John ", "de la ", "of the ", "Hospital ", "Hospital of ", "Medical Center "),
    *("mother, ", "MD ", "Smith, MD ", "A. B. ", "Aa of the ", "patient ", "GB82WEST", "1EG4"),
)


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The plain text of an example and the half-open offsets of what stood in brackets."""
    spans, plain = [], ""
    for piece in re.split(r"(⟦[^⟧]*⟧)", example):
        if piece.startswith("⟦"):
            spans.append((len(plain), len(plain) + len(piece) - 2))
            piece = piece[1:-1]
        plain += piece
    return plain, spans


def covers(recognizers: Iterable[TextRecognizer], text: str, span: tuple[int, int], kind: Kind) -> bool:
    """Whether one match of that kind holds the whole span."""
    return any(m.kind is kind and m.start <= span[0] and span[1] <= m.end for r in recognizers for m in r.find(text))


def slowest(recognizer: TextRecognizer) -> tuple[float, str]:
    """Processor seconds on the worst of the hostile inputs, and which one it was.

    A first round on shorter inputs picks the three worst: what grows faster than its input shows there already.
    """
    trial = sorted((_seconds(recognizer, seed, HOSTILE_LENGTH // 10), seed) for seed in HOSTILE)
    return max((_seconds(recognizer, seed, HOSTILE_LENGTH), seed) for _, seed in trial[-3:])


def _seconds(recognizer: TextRecognizer, seed: str, length: int) -> float:
    text = (seed * (length // len(seed) + 1))[:length]
    begun = time.process_time()
    for _ in recognizer.find(text):
        pass
    return time.process_time() - begun
