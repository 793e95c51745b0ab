"""Codes that nothing announces: no measure has so many figures, so it is somebody's number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_FIGURES = 7
"""A bare number of so many figures tells one person of a city from another; counts and doses have fewer."""
_FIGURES_WITH_LETTERS = 5
_LONGEST_DIAGNOSIS = 7
"""Signs of a code of ICD-10-CM; what is longer behind "ICD" is the number of a defibrillator."""
_UNIT = re.compile(
    r"\s{0,2}(?:mg|mcg|ml|mm|cm|kg|g\b|%|units?\b|iu\b|u/|/ul|/ml|/mm|copies|cells|x10|cfu|cal|kcal|steps|years?|dollars)",
    re.I,
)
_COUNT_CUE = re.compile(
    r"(?:[$€£]|\b(?:ndc|loinc|snomed|cpt|icd|hcpcs|rxnorm|copies|platelets?|plt|wbc)\W{0,3})$", re.I
)

_COUNTED = re.compile(
    r"(?:NDC|CPT|ICD|DRG|WBC|RBC|PLT|ANC|HCT|HGB|MCV|BUN|ALT|AST|ALP|LDH|CK|BNP|TSH|PSA|CRP|ESR|HR|BP|RR|IV|PO|MG|ML|IU"
    r"|KG|LB|CAL|NO|OF|TO|IN|AT|ON|BY|OR|AND|FOR) "
)
"""What is measured, done or counted, or a word in capitals: behind it two figures are two figures."""
_YEAR = re.compile(r" (?:19|20)\d{2}$")


class CodeRecognizer(TextRecognizer):
    """Seven figures and more, grouped by dashes or not; five and more where letters stand among them; capitals before
    groups of three and four figures, as forms write them whose label nobody could read ("TKU 875 7963")."""

    KINDS = (Kind.OTHER_ID,)
    _code = Searcher(
        rf"(?<![\w.,/$+{DASH}])(?=[A-Za-z]{{0,5}}[{DASH}]?\d)[A-Za-z0-9]+(?:[{DASH}/][A-Za-z0-9]+){{0,4}}(?![\w])(?!\.\d)"
    )
    _odd = re.compile(r"[A-Za-z]{6}|(?-i:[a-z]{2})|\d(?:mg|mcg|ml|mm|cm|kg|iu|units?)(?![a-z])|(?:am|pm)$", re.I)

    _grouped = Searcher(r"(?<![\w&/.\-])[A-Z]{2,4} (?P<figures>\d{3} \d{4})(?![\w/%])(?![.\-]\d)")
    _numbered = Searcher(r"(?<![\w&])#\s?(?P<value>\d{4,12})(?![\w/.])")

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._code.finditer(text):
            value = hit.group()
            figures = sum(c.isdigit() for c in value)
            if figures < _FIGURES_WITH_LETTERS or len(value) > 40:
                continue
            letters = sum(c.isalpha() for c in value)
            mixed = letters and letters <= (2 * figures if value.isupper() and "-" in value else figures)
            if figures < (_FIGURES_WITH_LETTERS if mixed else _FIGURES):
                continue
            if self._odd.search(value) or _UNIT.match(text, hit.end()):
                continue
            cue = _COUNT_CUE.search(text, max(0, hit.start() - 12), hit.start())
            if cue is not None and not (cue[0][:3].lower() == "icd" and len(value) > _LONGEST_DIAGNOSIS):
                continue
            yield Match(hit.start(), hit.end(), Kind.OTHER_ID, 0.35)
        for hit in self._grouped.finditer(text):
            counted = _COUNTED.match(hit.group()) or _YEAR.search(hit.group()) or _UNIT.match(text, hit.end())
            if not counted:
                yield Match(hit.start(), hit.end(), Kind.OTHER_ID, 0.4)
        for hit in self._numbered.finditer(text):
            yield Match(hit.start("value"), hit.end("value"), Kind.OTHER_ID, 0.4)
