"""Names told by what a ward does with people: who was paged, told or moved, who stands behind a role's short form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_NAME: Final = rf"[{_UP}][^\W\d_]{{1,24}}(?:['’\-][^\W\d_]{{1,24}}){{0,2}}"
_TOLD: Final = (
    r"paged|re-?paged|notified|informed|updated|made[ ]aware|aware|reassured|texted|emailed|called[ ]back"
    r"|agreeable|at[ ]bedside"
)
"""What is done to people alone; drugs are given and machines are checked."""
_WENT: Final = r"moved[ ]to|arriving|arrived|transferred[ ](?:to|from)|rescheduled|no-?showed|left[ ]AMA"
_PASSED_ON: Final = Searcher(
    rf"(?<![\w'’-])(?:(?P<one>{_NAME})[ ](?:(?:and|&)[ ])?)?(?P<name>{_NAME})[ ](?:both[ ]|was[ ]|were[ ])?"
    rf"(?:{_TOLD}|{_WENT})(?![\w-])",
    needs=rf"[ ](?:{_TOLD}|{_WENT})",
    within=150,
)
_ROLE: Final = Searcher(
    r"(?<![\w.,'’-])(?<!, )(?<!\d )(?:PCP|NOK|POA|DPOA|HCP|accepting MD|MD|CRNA|LCSW|CM)[ ]"
    rf"(?P<name>{_NAME}(?:[ ](?:[{_UP}]\.?[ ])?{_NAME})?)(?![\w'’])(?P<told>[ ](?:{_TOLD})(?!\w))?"
)
"""A credential or a role with nobody's name before it speaks of whom it precedes."""
_FIGURE_OF: Final = Searcher(rf"(?<=\d[ ]on[ ])(?P<name>{_NAME})(?=[,.;])")
"""Whose figure it is: "BG 48 on Okafor, juice given"; drugs that a figure follows from are known words."""
_NOBODY: Final = word_set(
    "patient pt family staff team provider providers nursing pharmacy surgery cardiology radiology security police unit"
    " service attending resident fellow office desk coverage ok order orders request preference"
)


class InformedNameRecognizer(TextRecognizer):
    """Words of no list, and behind a role, where somebody is told something, surnames that are ordinary words."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _PASSED_ON.finditer(text):
            strange = [group for group in ("one", "name") if hit[group] is not None and _strange(hit[group])]
            for group in strange:
                yield Match(hit.start(group), hit.end(group), Kind.PERSON, 0.5)
            if strange == ["one"] and not is_clinical_word(hit["name"]):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)
        for hit in _ROLE.finditer(text):
            words = hit["name"].split()
            ordinary = hit["told"] is not None and len(words) == 1 and surname_rank(words[0]) is not None
            if (ordinary and words[0].lower() not in _NOBODY) or (
                not any(map(is_clinical_word, words)) and any(map(_strange, words))
            ):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
        for hit in _FIGURE_OF.finditer(text):
            if _strange(hit["name"]):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)


def _strange(word: str) -> bool:
    """No ordinary or clinical word, and no short form in capitals."""
    short = word.isupper() and len(word) < 5
    return len(word) > 2 and not short and not is_common_word(word) and not is_clinical_word(word)
