"""What is written into pictures of bodies and surely tells nobody: sides, positions, what the device was set to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from detectors.folding import word_set

_MARKERS: Final = word_set(
    "l r lt rt left right ap pa lat lateral obl oblique erect supine prone decub decubitus upright portable standing "
    "semierect ant post anterior posterior sup inf cranial caudal head feet axial sagittal coronal sag cor tra "
    "long trans transverse longitudinal cc mlo rcc lcc rmlo lmlo"
)
_SETTINGS: Final = word_set(
    "mi tis tib tic gn gain dr fr dep depth zoom z wl ww wc fov te tr ti fa kv kvp ma mas pwr prf wf thi harm res gen "
    "dyn 2d 3d 4d m-mode doppler vel map persist hz freq frq ei sv dap thk slice focus"
)
_UNITS: Final = word_set(
    "cm mm ms mas ma kv kvp hz khz mhz db fps % s sec x cm/s m/s mm/s deg msec gy mgy cgy ugy dgycm2 mgycm2 gycm2 bpm"
)
_MEASURED: Final = word_set("rt lt left right sid sdd power angle gate filter exp hr")
"""Sides, initials and names, and settings where a number with a unit that is nobody's name stands beside them: an
ultrasound's rate "RT 48 Hz", a tube's distance "SID 180 cm"."""
_NAMES: Final = word_set("ma s x")
_WIDE: Final = word_set("ww wl wc ei")
_WIDEST: Final = word_set("tr")
_FOUR: Final = re.compile(r"(?!19\d\d|20[0-3]\d)[1-4]\d{3}")
_FOUR_OF_ALL: Final = re.compile(r"(?!19\d\d|20[0-3]\d)[1-9]\d{3}")
"""What such settings go to; from 1900 to 2039 it may be a year, and above what a scanner shows it is a number of
somebody's. Echoes are repeated after up to ten seconds."""
_NUMBER: Final = re.compile(r"[<>=]?-?\d{1,3}(?:\.\d{1,2})?(%|cm/s|m/s|mm/s|[a-z]{0,4}(?:cm2)?)")
_EDGES: Final = ":=.,;<>()[]*+-"

_THREAD: Final = re.compile("[mnuw]{2,}")


def is_thread(words: Iterable[str]) -> bool:
    """Whether it is what a screw's thread and the teeth of a clip are read as: small m, n, u and w, nothing else."""
    return _THREAD.fullmatch("".join(words)) is not None


def tells_nobody(words: Iterable[str]) -> bool:
    """Whether a line is nothing but markers, or settings and units with short numbers among them.

    A number alone may be an age or a part of a date, and a number beside a marker a bed's or a file's; so may a second
    one behind one setting, and settings without a number are names as well ("Dr. Ma"). Markers and settings with a stop
    or a comma are initials and names ("L. Long", "Head, L.", "Dr. 48 mm"). One letter or digit alone is nobody's.
    """
    parts = [part for word in words for part in word.replace(":", ": ").lower().split()]
    bare = [found for part in parts if (found := part.strip(_EDGES))]
    if sum(c.isalnum() for part in bare for c in part) <= 1:
        return True
    if all(part in _MARKERS for part in parts):
        return True
    if any(_is_called(last, part) for last, part in pairwise(["", *parts])):
        return False
    bare = [part for last, part in zip(["", *bare], bare, strict=False) if not _is_wide(last, part)]
    if _has_unit(bare):
        bare = [part for part in bare if part not in _MEASURED]
    labels = [part for part in bare if part in _SETTINGS or part in _UNITS]
    numbers = [part for part in bare if _is_number(part)]
    if not numbers or sum(not _unit(part) for part in numbers) > len(labels):
        return False
    return len(bare) == len({*labels}) + len(numbers)


def _is_called(last: str, part: str) -> bool:
    """Whether a stop or a comma at a word, and not at a number or behind its unit, makes it one of a name's."""
    word = part.strip(_EDGES)
    if not {".", ","} & {*part.replace(word, "", 1)} or _is_number(word):
        return False
    return not (part.startswith(word) and word in _UNITS - _NAMES and _is_number(last.strip(_EDGES)))


def _is_wide(last: str, part: str) -> bool:
    """Whether it is a number of four figures behind a setting that goes so far."""
    return bool((last in _WIDE and _FOUR.fullmatch(part)) or (last in _WIDEST and _FOUR_OF_ALL.fullmatch(part)))


def _has_unit(bare: Sequence[str]) -> bool:
    """Whether a number stands with a unit, in one word or in two."""
    pure = _UNITS - _NAMES
    glued = (found[1] for part in bare if (found := _NUMBER.fullmatch(part)))
    return any(unit in pure for unit in glued) or any(b in pure and _is_number(a) for a, b in pairwise(bare))


def _is_number(part: str) -> bool:
    found = _NUMBER.fullmatch(part)
    return found is not None and (not found[1] or found[1] in _UNITS)


def _unit(part: str) -> bool:
    found = _NUMBER.fullmatch(part)
    return found is not None and bool(found[1])
