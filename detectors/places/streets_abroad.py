"""Streets of other languages that stand alone: "8 rue des Lilas", "Hauptstr. 12", "Calle 5 de Mayo 23", "Via Roma 3".

French puts the number first; German, Spanish, Italian and Portuguese put it last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_NAME: Final = rf"[{_UP}][^\W\d_]{{1,24}}(?:['’-][^\W\d_]{{1,24}}){{0,2}}"
_OF: Final = r"(?:(?:de[ ]la|de[ ]los|de[ ]las|de[ ]l['’]|degli|delle|della|dei|del|des|de|du|do|da|dos|das)[ ]?)"
_FRENCH: Final = Searcher(
    r"(?<![\w/.$-])\d{1,4}(?:[ ]?(?:bis|ter)|[A-D])?,?[ ]"
    r"(?i:rue|avenue|boulevard|chemin|quai|impasse|allée|place|cours|route)[ ]"
    rf"(?:{_OF}|d['’]|de[ ]l['’])(?:{_NAME})(?:[ -]{_NAME}){{0,2}}(?!\w)"
)
_GERMAN: Final = Searcher(
    rf"(?<![\w'’-])(?P<name>[{_UP}][^\W\d_]{{2,20}}(?:-[{_UP}][^\W\d_]{{2,20}}){{0,2}}?(?:-[Ss]|s)tr(?:aße|asse|\.)"
    rf"|[{_UP}][^\W\d_]{{3,20}}(?:gasse|allee|platz|damm|ufer))[ ]\d{{1,3}}[ ]?[a-d]?(?![\w%/.])",
    needs=r"(?:[Ss]tr(?:aße|asse|\.)|gasse|allee|platz|damm|ufer)[ ]\d",
    within=70,
)
_ROMANCE: Final = Searcher(
    rf"(?<![\w'’-])(?P<type>Calle|Avenida|Carrera|Paseo|Rua|Travessa|Strada|Piazza|Viale|Corso|Via|Plaza|Calzada)[ ]"
    rf"(?P<name>(?:{_OF})?(?:\d{{1,2}}[ ]de[ ])?{_NAME}(?:[ ](?:{_OF})?{_NAME}){{0,2}})"
    rf",?[ ](?:n[º°o.]{{1,2}}[ ]?|#[ ]?)?\d{{1,4}}"
    r"(?![\w%/:.-]|[ ]?(?i:mg|mcg|ml|mm|cm|units?|tabs?|times|x|days?|doses?|weeks?|hours?|hrs?"
    r"|lumens?|pages?|of|puffs?)(?!\w))"
)
_COLOMBIAN: Final = Searcher(
    r"(?<!\w)(?:Calle|Carrera|Cra\.?|Cl\.?|Diagonal|Transversal|Avenida)[ ]"
    r"\d{1,3}[A-Z]?[ ]#[ ]?\d{1,3}[A-Z]?[ ]?-[ ]?\d{1,3}(?!\w)"
)


class StreetAbroadRecognizer(TextRecognizer):
    """A word for street and a number; the English words "Via" and "Plaza" want a name that English lacks."""

    KINDS = (Kind.STREET,)

    def find(self, text: str) -> Iterator[Match]:
        for rule in (_FRENCH, _GERMAN, _COLOMBIAN):
            for hit in rule.finditer(text):
                yield Match(hit.start(), hit.end(), Kind.STREET, 0.65)
        for hit in _ROMANCE.finditer(text):
            words = re.findall(rf"{_NAME}", hit["name"])
            if hit["type"] not in ("Via", "Plaza") or not any(is_clinical_word(w) or is_common_word(w) for w in words):
                yield Match(hit.start(), hit.end(), Kind.STREET, 0.65)
