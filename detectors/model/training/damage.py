"""What a text engine makes of a poor scan: confused letters, words split and run together, specks, lines broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from detectors.model.network import Tag
from detectors.model.training.draw import Draw

_CONFUSED: Final = {
    "O": "0Q",
    "0": "Oo",
    "o": "0ce",
    "l": "1I|!",
    "1": "lI!",
    "I": "1l|",
    "i": "1lj",
    "S": "5s",
    "5": "S",
    "s": "5",
    "B": "8",
    "8": "B",
    "G": "6C",
    "6": "G",
    "Z": "2",
    "2": "Z",
    "e": "c",
    "c": "e",
    "a": "o",
    "u": "v",
    "v": "u",
    "h": "b",
    "n": "r",
    "t": "f",
    "g": "q",
    "D": "O",
    "E": "F",
    ",": ".",
    ".": ",",
    ":": ";",
    "-": "—~",
    "'": "’`",
}
_WIDE: Final = {"m": "rn", "w": "vv", "d": "cl", "M": "IVI", "W": "VV", "H": "II"}


def damaged(pieces: Sequence[tuple[str, Tag]], rate: float, draw: Draw) -> tuple[str, bytes]:
    """The text and the tag of each character; `rate`: the share of characters that something happens to."""
    text: list[str] = []
    tags = bytearray()
    for piece, tag in pieces:
        for char in piece:
            seen = _seen(char, draw) if rate and draw.chance(rate) else char
            text.append(seen)
            tags.extend(bytes([tag]) * len(seen))
    return "".join(text), bytes(tags)


def _seen(char: str, draw: Draw) -> str:
    kind = draw.random.random()
    if char == " ":
        return "" if kind < 0.3 else "  " if kind < 0.6 else "\n" if kind < 0.75 else " " + draw.of("|.'~_-") + " "
    if not char.isalnum():
        return draw.of(_CONFUSED.get(char, char)) if kind < 0.5 else ""
    if kind < 0.6 and char in _CONFUSED:
        return draw.of(_CONFUSED[char])
    if kind < 0.75 and char in _WIDE:
        return _WIDE[char]
    if kind < 0.82:
        return ""
    return char + " " if kind < 0.92 else char
