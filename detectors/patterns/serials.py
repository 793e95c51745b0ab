"""Numbers that stand beside another word than a label: a device's serial, the second of two, a card's person code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_DEVICE: Final = (
    r"transmitter|sensor|pump|generator|pacemaker|defibrillator|icd|lead|loop\srecorder|recorder|stimulator|implant|valve"
    r"|prosthesis|receiver|reader|cpap|bipap|apap|concentrator|ventilator|monitor|meter|hearing\said|device|shunt|lvad"
)
_SERIAL: Final = Searcher(
    rf"(?i:(?<![\w-])(?P<device>{_DEVICE}))\s(?:\(|#\s?)?(?P<value>(?=[A-Z\d]*\d)(?=\d*[A-Z])[A-Z\d]{{6,20}})(?![\w/%.-]\w|\w)"
)
_RUNS: Final = re.compile(r"[A-Z]+|\d+")
_PLACES: Final = re.compile(r"(?:[CTLSV]\d{1,2}){2,}")
"""Vertebrae, and the leads of an electrocardiogram."""
_DIAGNOSIS: Final = re.compile(r"[A-Z]\d[A-Z\d]{1,5}")
"""Of ICD-10-CM, which is called like a defibrillator."""
_MEASURE: Final = re.compile(r"[A-Z\d]*\d(?:MS|MG|MCG|ML|MM|CM|KG|HZ|BPM|MIN|HR|MHZ)")
_FEWEST_FIGURES: Final = 3
_COVERED: Final = Searcher(
    r"(?<![\w-])[A-Z]{1,3}\d{8,9}(?P<person> 0\d)(?![\w/%:-]|\.\d|\s?(?:mg|ml|units?|tabs?|x)(?!\w))"
)
"""A member's number and the two figures behind it that tell who of the family it is (NCPDP, person code)."""
_NUMBER: Final = r"[A-Z]{0,3}\d{5,10}"
_BETWEEN: Final = r"\s?(?:,|/|&|;|->|=>)\s?(?:and\s|or\s)?|\s(?:and|or|into|to|with|vs\.?|from|versus)\s(?:mrn\s)?"
_PAIRED: Final = Searcher(
    r"(?i:(?<![\w-])(?:mrns?|medical\srecords?|records?|charts?|accounts?|accts?|accessions?|encounters?|csns?|claims?"
    r"|cases?|members?|policies|orders?|specimens?|visits?)(?:\s?(?:nos?\.?|numbers?|ids?|#))?\s?[:#]?\s?)"
    rf"(?P<first>{_NUMBER})(?P<others>(?:(?i:{_BETWEEN}){_NUMBER}){{1,6}})(?![\w%/-])(?!\.\d)"
    r"(?!\s?(?i:mg|ml|mcg|units?|iu|cells|copies|k|g|dollars|usd|steps)(?!\w))"
)
_EACH: Final = re.compile(_NUMBER)


class SerialRecognizer(TextRecognizer):
    """ "CGM transmitter 8GX72K"; "merge mrn 112233 into 445566"; "U98213345 01". Numbers behind one label are alike:
    as many letters and figures, or nearly; a dose or a count is not."""

    KINDS = (Kind.DEVICE, Kind.OTHER_ID, Kind.HEALTH_PLAN)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _SERIAL.finditer(text):
            coded = hit["device"].lower() == "icd" and _DIAGNOSIS.fullmatch(hit["value"])
            if _is_serial(hit["value"]) and not coded:
                yield Match(hit.start("value"), hit.end("value"), Kind.DEVICE, 0.55)
        for hit in _COVERED.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.HEALTH_PLAN, 0.6)
        for hit in _PAIRED.finditer(text):
            numbers = [*_EACH.finditer(text, hit.start("first"), hit.end())]
            for one, other in pairwise(numbers):
                if not _alike(one[0], other[0]):
                    break
                yield Match(other.start(), other.end(), Kind.OTHER_ID, 0.6)


def _is_serial(value: str) -> bool:
    """Letters and figures by turns; a dose is figures and then its unit, a model three figures and a letter."""
    figures = sum(map(str.isdigit, value))
    return (
        figures >= _FEWEST_FIGURES
        and len(_RUNS.findall(value)) > 2
        and not (_PLACES.fullmatch(value) or _MEASURE.fullmatch(value))
    )


def _alike(one: str, other: str) -> bool:
    letters = [sum(map(str.isalpha, value)) for value in (one, other)]
    return letters[0] == letters[1] and abs(len(one) - len(other)) <= 1
