"""A picture of where documents go, with how many went where: drawn here, from the same counts as the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 760
HEIGHT: Final = 330
_ZONE, _PART, _OUT, _LINE = "#fdf1e3", "#ffffff", "#e8f3ea", "#3d4852"
_PARTS: Final = ("ingest", "recognize", "detect", "mask", "validate", "publish")
_OUTPUTS: Final = (
    ("document.released", "masked.documents", "released"),
    ("document.held", "review.tasks", "held for a person"),
    ("document.withheld", "rejected.documents", "withheld"),
    ("document.rejected", "rejected.documents", "rejected"),
)


def picture(counts: Mapping[str, int]) -> str:
    """SVG. `counts` are documents by the last action that the log has of them."""
    parts = [_box(16, 112, 96, 44, "phi.documents", _PART), _arrow(112, 134, 144, 134)]
    parts.append(f'<rect x="134" y="40" width="410" height="272" rx="8" fill="{_ZONE}" stroke="{_LINE}"/>')
    parts.append(_text(148, 60, "PHI zone: sealed under a key of each document's own", 10))
    for number, name in enumerate(_PARTS):
        x = 144 + 66 * number
        parts.append(_box(x, 112, 58, 44, name, _PART))
        if number:
            parts.append(_arrow(x - 8, 134, x, 134))
    parts += [
        _box(150, 206, 118, 40, "decoder, confined", _PART),
        _arrow(173, 156, 173, 206),
        _box(286, 206, 108, 40, "vault: keys, tokens", _PART),
        _arrow(371, 156, 371, 206),
        _box(412, 206, 118, 40, "attestor: signature", _PART),
        _arrow(503, 156, 503, 206),
        _box(150, 264, 380, 34, "audit: sequencer, Merkle tree, signed heads", _PART),
    ]
    for number, (action, topic, words) in enumerate(_OUTPUTS):
        y = 44 + 66 * number
        parts.append(_arrow(532, 134, 592, y + 24))
        parts.append(_box(592, y, 152, 48, f"{topic}|{counts.get(action, 0)} {words}", _OUT))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">\n'
        f'<rect x="0" y="0" width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _box(x: int, y: int, width: int, height: int, text: str, fill: str) -> str:
    lines = text.split("|")
    first = y + height // 2 + 4 - 7 * (len(lines) - 1)
    drawn = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" fill="{fill}" stroke="{_LINE}"/>'
    middle = x + width // 2
    return drawn + "".join(_text(middle, first + 14 * n, line, 10, "middle") for n, line in enumerate(lines))


def _text(x: int, y: int, text: str, size: int, anchor: str = "start") -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="Helvetica, Arial, sans-serif" font-size="{size}" fill="#1d2731" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _arrow(x0: int, y0: int, x1: int, y1: int) -> str:
    return (
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="{_LINE}" stroke-width="1.3"/>'
        f'<circle cx="{x1}" cy="{y1}" r="2.6" fill="{_LINE}"/>'
    )
