"""Confusions of recognition engines: which letters stand for digits, and how labels get misread."""

from __future__ import annotations

import re

LIKE_DIGIT = r"0-9OoQDlI|!SsBZzG"
"""A digit or what engines make of one; for use inside a character class."""
D = f"[{LIKE_DIGIT}]"

_TO_DIGIT = str.maketrans("OoQDlI|!SsBZzG", "00001111558226")
_MISREAD = {"m": "(?:m|rn)", "o": "[o0]", "l": "[l1|]", "i": "[i1l|]", "s": "[s5]", "b": "[b8]"}


def digits(text: str) -> str:
    """The digits of a value after undoing confusions; separators fall away, unknown letters stay.

    >>> digits("l2S-45 67O")
    '12545670'
    """
    return re.sub(r"[^0-9A-Za-z]", "", text.translate(_TO_DIGIT))


def true_digits(text: str) -> int:
    """How many characters are digits as they stand."""
    return sum(c.isdigit() for c in text)


def misreadable(label: str) -> str:
    """A regex for a label of plain lower-case words (regex syntax outside letters is kept), OCR errors allowed.

    Spaces match up to two blanks or none. Letters inside `[...]`, `(?...` or after a backslash are left alone.
    """
    out: list[str] = []
    i = 0
    while i < len(label):
        char = label[i]
        if char == "\\":
            out.append(label[i : i + 2])
            i += 2
            continue
        if char == "[":
            end = label.index("]", i)
            out.append(label[i : end + 1])
            i = end + 1
            continue
        out.append(r"\s{0,2}" if char == " " else _MISREAD.get(char, char))
        i += 1
    return "".join(out)
