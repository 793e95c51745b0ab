"""People by their initials: "Pt J.B., 54,", "for K. L.'s visit", "Xqzar B is due"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, word_set
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.searching import Searcher

_LETTERS: Final = r"(?P<name>[A-ZÀ-ÖØ-Þ]\.[ ]?(?:[A-ZÀ-ÖØ-Þ]\.[ ]?)?[A-ZÀ-ÖØ-Þ]\.)"
_DOTTED: Final = Searcher(
    r"(?<![\w.])(?i:patient|pt|client|for|of|with|re|regarding|about|is|saw|named|called|initials|mr|mrs|ms)"
    rf"[.:,]?[ ]{{1,2}}{_LETTERS}(?=,|;|['’]s\b|[ ]?\(|[ ](?:is|was|has|had|asks?|reports?"
    r"|denies|needs|wants|who|\d{1,3})\b|[ ]?$)",
    re.MULTILINE,
)
_AGED: Final = Searcher(
    rf"(?<![\w.]){_LETTERS}(?=,?[ ](?:\d{{1,3}}[ ]?)?(?:y\.?/?o\b|yrs?\b|years?[ -]old))", re.MULTILINE
)
"""Nothing else that is written with full stops has an age."""
_NO_PERSON: Final = word_set(
    "md do rn np pa dds phd us uk usa dc ny la nj sd nd nm nc sc wv nh ri ma po iv im sc sq pr prn bid tid qid qd hs "
    "ac pc er or ed icu ob gyn ot pt st gi gu cv id ie eg am pm ad bc npo nkda dob ssn mrn hiv tb ms al od os ou ct mr "
    "vs dnr"
)
"""Short forms that are written with full stops."""
_LAST_LETTER: Final = Searcher(
    r"(?<![\w'’.-])(?P<name>(?P<first>[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d_]{2,20}(?:-[A-ZÀ-ÞĀ-Ž][^\W\d_]{2,20})?)[ ]"
    r"[A-ZÀ-ÖØ-ÞĀ-Ž])(?=[ ](?:is|was|has|had|asks?|asked|needs?|wants|wanted|called|reports?|denies|came|comes|will"
    r"|takes|who|says|said|lives|presented|presents)\b|['’]s\b|,[ ](?:who|\d{1,3}\b|a[ ]\d|dob|DOB|MRN|mrn))",
    needs=r"[ ][A-ZÀ-ÖØ-ÞĀ-Ž](?=[ ,'’])",
    within=50,
)


class InitialsRecognizer(TextRecognizer):
    """Dotted initials after a word of calling or before an age; a given name that no list of words has with the first
    letter of a surname, before what only people do."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in (*_DOTTED.finditer(text), *_AGED.finditer(text)):
            if re.sub(r"[. ]", "", hit["name"]).lower() not in _NO_PERSON:
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _LAST_LETTER.finditer(text):
            if not (is_common_word(hit["first"]) or is_clinical_word(hit["first"])) and not hit["first"].isupper():
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
