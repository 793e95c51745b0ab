"""Names told by what a ward writes beside them: a bed or an age, a title, who was paged or moved, a role's short form.

"pt jones rm 412", "LEE, AN  F 54", "cc: d. okafor", "Dr may saw", "BG 48 on Okafor, juice given".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.names.messages.told import Told, named
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_LOW: Final = r"[a-zß-öø-ÿ]{2,24}(?:['’\-][a-zß-öø-ÿ]{2,24})?"
_BEDDED: Final = Searcher(
    rf"(?<![\w'’])(?i:pts?|patient|resident|client)[ ](?P<name>{_LOW})"
    r"(?=,?[ ](?:in[ ])?(?i:rm|room|bed)\b[ .#]{0,2}\w?\d"
    r"|,?[ ]\d{1,3}[ ]?(?i:y/?o|yrs?|f|m)\b)"
)
_FILED: Final = Searcher(
    r"(?<![\w'’-])(?P<name>(?P<last>[A-Z][A-Z'’\-]{1,24}),[ ]?(?P<first>[A-Z]{2}))"
    r"(?=[ ]{1,16}(?:[FM]\b|\d{1,3}[ ]?[FMy])|[ ]{2,}\S|[ ]*\()"
)
_COPIED: Final = Searcher(
    rf"(?<![\w])(?i:cc|attn)(?:[ ]?:[ ]?|[ ](?=[a-z]\.[ ]))(?P<name>(?:[a-z]\.?[ ]){{1,2}}{_LOW})(?![\w@.]\w)"
)
_TITLED: Final = Searcher(
    rf"(?<![\w])(?:(?i:mrs?|ms|dr)\.?)[ ](?P<name>{_LOW})"
    r"(?=[ ](?:saw|called|says|said|reports|reported|came|wrote|ordered|signed|recommends|recommended|advised"
    r"|discussed"
    r"|prescribed|is|was|has|had|here|today|and[ ](?i:dr|mrs?|ms)\b)|[ ]?[,.;:)](?:[ \n]|$)|[ ]?\n|$)"
)
_CHARTED: Final = Searcher(
    r"(?<![\w'’])(?:[Pp]atient|[Pp]t)[ ](?P<name>[A-ZÀ-Þ][a-zß-öø-ÿ]{2,24})"
    r"(?=[ ](?:c/o|complains|presents|presented|denies|denied|reports|reported|states|endorses|was[ ]seen)(?!\w))"
)
"""Whose complaint is charted: a word that no list of ordinary ones has is a name there."""
NOT_NAMED: Final = word_set(
    """
    note notes call office order orders visit back moved now seen here home page letter staff list who said only not for
    day week in on of to at the and or aware called appt time team rounds advice is was has had so if
    """
)
_SURNAMES, _GIVEN = 6000, 1500
_NO_GIVEN: Final = word_set("md do rn np pa pt ot ma rd dc od st jr sr ii iv us uk dx tx rx hx or er icu ct mr no")
_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_NAME: Final = rf"[{_UP}][^\W\d_]{{1,24}}(?:['’\-][^\W\d_]{{1,24}}){{0,2}}"
_DONE_TO: Final = (
    r"paged|re-?paged|notified|informed|updated|made[ ]aware|aware|reassured|texted|emailed|called[ ]back"
    r"|agreeable|at[ ]bedside"
)
"""What is done to people alone; drugs are given and machines are checked."""
_WENT: Final = r"moved[ ]to|arriving|arrived|transferred[ ](?:to|from)|rescheduled|no-?showed|left[ ]AMA"
_PASSED_ON: Final = Searcher(
    rf"(?<![\w'’-])(?:(?P<one>{_NAME})[ ](?:(?:and|&)[ ])?)?(?P<name>{_NAME})[ ](?:both[ ]|was[ ]|were[ ])?"
    rf"(?:{_DONE_TO}|{_WENT})(?![\w-])",
    needs=rf"[ ](?:{_DONE_TO}|{_WENT})",
    within=150,
)
_ROLE: Final = Searcher(
    r"(?<![\w.,'’-])(?<!, )(?<!\d )(?:PCP|NOK|POA|DPOA|HCP|accepting MD|MD|CRNA|LCSW|CM)[ ]"
    rf"(?P<name>{_NAME}(?:[ ](?:[{_UP}]\.?[ ])?{_NAME})?)(?![\w'’])(?P<told>[ ](?:{_DONE_TO})(?!\w))?"
)
"""A credential or a role with nobody's name before it speaks of whom it precedes."""
_FIGURE_OF: Final = Searcher(rf"(?<=\d[ ]on[ ])(?P<name>{_NAME})(?=[,.;])")
"""Whose figure it is: "BG 48 on Okafor, juice given"; drugs that a figure follows from are known words."""
_ON_DUTY: Final = word_set(
    "patient pt family staff team provider providers nursing pharmacy surgery cardiology radiology security police unit"
    " service attending resident fellow office desk coverage ok order orders request preference"
)


class BedsideNameRecognizer(TextRecognizer):
    """Where what stands round the word names a person an ordinary word or an eponym that is a surname counts; where
    somebody is told something, or a role comes first, words of no list do."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        yield from named(_RULES, text)
        yield from _informed(text)


def _informed(text: str) -> Iterator[Match]:
    """Who was told something; who stands beside one that is no ordinary word."""
    for hit in _PASSED_ON.finditer(text):
        strange = [group for group in ("one", "name") if hit[group] is not None and _strange(hit[group])]
        for group in strange:
            yield Match(hit.start(group), hit.end(group), Kind.PERSON, 0.5)
        if strange == ["one"] and not is_clinical_word(hit["name"]):
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)


def _name(hit: re.Match[str]) -> bool:
    word = hit["name"]
    if word in NOT_NAMED:
        return False
    frequent = (surname_rank(word) or 1 << 30) <= _SURNAMES or (given_rank(word) or 1 << 30) <= _GIVEN
    listed = surname_rank(word) is not None or given_rank(word) is not None
    return frequent or (listed and not is_common_word(word) and not is_clinical_word(word))


def _in_role(hit: re.Match[str]) -> bool:
    words = hit["name"].split()
    ordinary = hit["told"] is not None and len(words) == 1 and surname_rank(words[0]) is not None
    if ordinary and words[0].lower() not in _ON_DUTY:
        return True
    return not any(map(is_clinical_word, words)) and any(map(_strange, words))


def _strange(word: str) -> bool:
    """No ordinary or clinical word, and no short form in capitals."""
    short = word.isupper() and len(word) < 5
    return len(word) > 2 and not short and not is_common_word(word) and not is_clinical_word(word)


_RULES: Final = (
    Told(_BEDDED, _name, 0.5),
    Told(_TITLED, _name, 0.5),
    Told(_CHARTED, lambda hit: not (is_common_word(hit["name"]) or is_clinical_word(hit["name"])), 0.6),
    Told(_FILED, lambda hit: surname_rank(hit["last"]) is not None and hit["first"].lower() not in _NO_GIVEN, 0.6),
    Told(_COPIED, lambda hit: not is_clinical_word(hit["name"].split()[-1]), 0.5),
    Told(_ROLE, _in_role, 0.5),
    Told(_FIGURE_OF, lambda hit: _strange(hit["name"]), 0.4),
)
