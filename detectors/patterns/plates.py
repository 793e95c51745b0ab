"""Number plates of vehicles (45 CFR 164.514(b)(2)(i)(L)): by their label, state code included, several in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher
from detectors.patterns.states import STATE_CODES, STATE_NAMES

_NUMBER = r"(?:n[o0]s?\.?|num(?:ber)?s?\.?|nbr\.?|#s?|reg(?:istration)?\.?|id)"
_LIKE = r"A-Z0-9\]\[|!{}$"
"""Capitals, digits, and what engines make of J, I, L and S."""
_STATE = rf"(?:(?:{STATE_CODES}|{STATE_NAMES})[ :{DASH}]{{1,2}})"
_GROUP = rf"[A-Z0-9][{_LIKE}]{{0,7}}"
_NEXT_GROUP = rf"[ {DASH}·•.]{{1,2}}(?![A-Z]+(?:[ :]|$)(?![A-Z]{{0,4}}\d)){_GROUP}"
"""Not the next field's label in capitals, unless figures follow it."""
_VALUE = (
    rf"(?P<state>{_STATE}?)(?P<plate>{_GROUP}(?:{_NEXT_GROUP}){{0,2}})(?![\w])"
    rf"(?P<behind>,?[ ]\(?(?:{STATE_CODES})\)?(?![\w]))?"
)
_BETWEEN = re.compile(r"\s{0,2}(?:[,;/&]\s{0,2}(?:and\s|or\s)?|(?:and|or)\s)")
_MOST_PLATES = 8
_SPINE = re.compile(r"(?:[CTLS]\d{1,2}[\W_]*)+")
_LOWER = re.compile(r"(?=[a-z]{0,4}\d)(?=\d{0,4}[a-z])[a-z0-9]{5,8}(?![\w])")


class PlateRecognizer(TextRecognizer):
    """License plate XKJ 4471; plate no. IL BX 4471; plates: 7ABC123, XK] 4471. Bone plates have no such value."""

    KINDS = (Kind.VEHICLE,)
    _label = Searcher(
        rf"(?<![\w-])(?P<strong>(?:licen[sc]e|lic\.?|number|registration|reg\.?|vehicle|car|auto|truck|van|motorcycle"
        rf"|{STATE_CODES}|{STATE_NAMES})\s{{1,2}}(?:plates?|tags?)|plates?\s{{0,2}}(?={_NUMBER})|(?P<weak>plates?))"
        rf"(?:\s{{0,2}}{_NUMBER}(?![a-z]))?(?:\(s\))?[\s:;.#={DASH}]{{1,5}}"
        r"(?:(?:is|was|were|are|of|reads?|reading)\s{1,2})?(?:#\s?)?",
        re.I,
    )
    _value = re.compile(_VALUE)

    def find(self, text: str) -> Iterator[Match]:
        for label in self._label.finditer(text):
            at = label.end()
            for _ in range(_MOST_PLATES):
                hit = self._value.match(text, at)
                if hit is None or not _is_plate(hit["plate"], strict=label["weak"] is not None):
                    break
                yield Match(hit.start(), hit.end(), Kind.VEHICLE, 0.85)
                more = _BETWEEN.match(text, hit.end())
                if more is None:
                    break
                at = more.end()
            low = _LOWER.match(text, label.end())
            if low is not None:
                yield Match(low.start(), low.end(), Kind.VEHICLE, 0.7)


def _is_plate(value: str, *, strict: bool) -> bool:
    """A plate has figures, and five signs and more of both sorts where only "plate" announces it."""
    signs = [c for c in value if c.isalnum() or c in "][|!{}$"]
    figures = sum(c.isdigit() for c in signs)
    letters = len(signs) - figures
    if not 3 <= len(signs) <= 9 or not figures or _SPINE.fullmatch(value):
        return False
    return not strict or (len(signs) >= 5 and figures >= 2 and letters >= 1)
