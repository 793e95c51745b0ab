"""People by their initials: "Pt J.B., 54,", "for K. L.'s visit", "Xqzar B is due", "with J R Ng"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, word_set
from detectors.findings import Kind
from detectors.names.dotted import NO_PERSON, is_surname_behind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_LETTERS: Final = r"(?P<name>[A-ZÀ-ÖØ-Þ]\.[ ]?(?:[A-ZÀ-ÖØ-Þ]\.[ ]?)?[A-ZÀ-ÖØ-Þ]\.)"
_DOTTED: Final = Searcher(
    r"(?<![\w.])(?i:patient|pt|client|for|of|with|re|regarding|about|is|saw|named|called|initials|mr|mrs|ms)"
    rf"[.:,]?[ ]{{1,2}}{_LETTERS}(?=,|;|['’]s\b|[ ]?\(|[ ](?:is|was|has|had|asks?|reports?"
    r"|denies|needs|wants|who|\d{1,3})\b|[ ]?$)",
    re.MULTILINE,
)
_AGED: Final = Searcher(
    rf"(?<![\w.]){_LETTERS}"
    r"(?=,?[ ](?:\d{1,3}[ ]?)?(?:y\.?/?o\b|yrs?\b|years?[ -]old)|[ ](?:from|in)[ ](?:bed|room|rm)[ ]\d)",
    re.MULTILINE,
)
"""Nothing else that is written with full stops has an age or lies in a bed."""
_LAST_LETTER: Final = Searcher(
    r"(?<![\w'’.-])(?P<name>(?P<first>[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d_]{2,20}(?:-[A-ZÀ-ÞĀ-Ž][^\W\d_]{2,20})?)[ ]"
    r"[A-ZÀ-ÖØ-ÞĀ-Ž])(?=[ ](?:is|was|has|had|asks?|asked|needs?|wants|wanted|called|reports?|denies|came|comes|will"
    r"|takes|who|says|said|lives|presented|presents)\b|['’]s\b|,[ ](?:who|\d{1,3}\b|a[ ]\d|dob|DOB|MRN|mrn))",
    needs=r"[ ][A-ZÀ-ÖØ-ÞĀ-Ž](?=[ ,'’])",
    within=50,
)

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_SURNAMED: Final = Searcher(
    rf"(?<![\w.'’/&+-])(?<!\b[{_UP}][ ])(?<!\b[{_UP}]\.[ ])"
    rf"(?P<letters>[{_UP}](?:\.[ ]{{0,2}}|[ ]{{1,2}})(?:[{_UP}](?:\.[ ]{{0,2}}|[ ]{{1,2}})){{0,1}}[{_UP}]\.?[ ]{{1,2}})"
    rf"(?P<last>[{_UP}][^\W\d_]{{1,24}}(?:['’-][^\W\d_]{{1,24}}){{0,2}})(?![\w'’-]|[ ]?\d)"
)
_THINGS: Final = word_set(
    "vitamin vitamins vit hepatitis hep grade grades type types class stage factor factors group groups influenza part "
    "parts section figure table plan level category option options items columns rows lines appendix leads"
)
"""What has letters behind it for names of its own."""
_WORD_BEFORE: Final = re.compile(r"(?P<word>[^\W\d_]+)[.:,]?[ ]{1,2}$")
_CUES: Final = word_set(
    "with by informed told paged called notified asked saw met per from dr mr mrs ms miss prof signed cc attn "
    "attending provider surgeon nurse physician patient pt name son daughter wife husband mother father sister brother "
    "friend updated thanked and"
)
_TOLD_BEHIND: Final = re.compile(
    r"[ ](?:(?:was|is|were|both)[ ])?(?:informed|paged|notified|updated|aware|called|denies|denied|reports|reported"
    r"|states|stated|says|said|agrees|agreed|asked|asks|came|signed|wants|who|saw|accepted|consented|verbalized)\b"
    r"|,[ ](?:MD|M\.D|DO|RN|NP|PA|DDS|PhD)\b|['’]s[ ](?:wife|husband|son|daughter|mother|father|chart|family)\b"
)


class InitialsRecognizer(TextRecognizer):
    """Dotted initials after a word of calling or before an age; a given name that no list of words has with the first
    letter of a surname, before what only people do; two or three initials before a surname, short or ordinary too."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in (*_DOTTED.finditer(text), *_AGED.finditer(text)):
            if re.sub(r"[. ]", "", hit["name"]).lower() not in NO_PERSON:
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _LAST_LETTER.finditer(text):
            if not (is_common_word(hit["first"]) or is_clinical_word(hit["first"])) and not hit["first"].isupper():
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
        for hit in _SURNAMED.finditer(text):
            before = _WORD_BEFORE.search(text, max(0, hit.start() - 24), hit.start())
            word = before["word"].lower() if before else ""
            told = word in _CUES or _TOLD_BEHIND.match(text, hit.end()) is not None
            if word not in _THINGS and is_surname_behind(hit["letters"], hit["last"], told=told):
                yield Match(hit.start(), hit.end(), Kind.PERSON, 0.5)
