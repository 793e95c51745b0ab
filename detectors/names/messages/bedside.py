"""Short names of bedside shorthand: "pt jones rm 412", "LEE, AN  F 54", "cc: d. okafor", "Dr may saw", "Mr. will"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_LOW: Final = r"[a-zß-öø-ÿ]{2,24}(?:['’\-][a-zß-öø-ÿ]{2,24})?"
_BEDDED: Final = Searcher(
    rf"(?<![\w'’])(?i:pts?|patient|resident|client)[ ](?P<name>{_LOW})"
    r"(?=,?[ ](?:in[ ])?(?i:rm|room|bed)\b[ .#]{0,2}\w?\d"
    r"|,?[ ]\d{1,3}[ ]?(?i:y/?o|yrs?|f|m)\b)"
)
_FILED: Final = Searcher(
    r"(?<![\w'’-])(?P<last>[A-Z][A-Z'’\-]{1,24}),[ ]?(?P<first>[A-Z]{2})"
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


class BedsideNameRecognizer(TextRecognizer):
    """What stands round the word names a person, so that an ordinary word or an eponym that is a surname counts."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for rule in (_BEDDED, _TITLED):
            for hit in rule.finditer(text):
                if _name(hit["name"]):
                    yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
        for hit in _CHARTED.finditer(text):
            if not (is_common_word(hit["name"]) or is_clinical_word(hit["name"])):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.6)
        for hit in _FILED.finditer(text):
            if surname_rank(hit["last"]) is not None and hit["first"].lower() not in _NO_GIVEN:
                yield Match(hit.start(), hit.end(), Kind.PERSON, 0.6)
        for hit in _COPIED.finditer(text):
            if not is_clinical_word(hit["name"].split()[-1]):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)


def _name(word: str) -> bool:
    if word in NOT_NAMED:
        return False
    frequent = (surname_rank(word) or 1 << 30) <= _SURNAMES or (given_rank(word) or 1 << 30) <= _GIVEN
    listed = surname_rank(word) is not None or given_rank(word) is not None
    return frequent or (listed and not is_common_word(word) and not is_clinical_word(word))
