"""Words of messages where a person must stand: "is muffin still npo", "Oatmeal, Ngozi 54M", "pls call muffin back".

Anywhere else these words are ordinary; no list has them as names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import fold, given_rank, is_common_word, word_set, words_of_messages
from detectors.findings import Kind
from detectors.names.messages.hasty import is_stranger
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_NAME: Final = r"(?P<name>[^\W\d_]{2,24})"
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_GIVEN: Final = r"(?P<given>[^\W\d_]{2,24})"
_FATE: Final = (
    r"(?:npo|extubated|intubated|(?:a )?dnr|full code|fasting|pregnant|awake|asleep|admitted|discharged"
    r"|in (?:room|rm|bed)[ ]?#?\d|(?:been )?seen by)"
)
_DEED: Final = (
    r"(?:called|phoned|refus(?:ed|es)|wants|wanted|asked|vomited|eloped|slept|fell (?:last|this|in|at|again|out)"
    r"|complain(?:s|ed)|eats|ate|is due (?:for|to)|was seen|is crying|is confused|signed (?:ama|out))"
)
_SUFFERS: Final = r"(?:refus(?:es|ed)|vomited|eloped|is (?:crying|confused|upset))"
_OWNED: Final = r"['’]s[ ](?:bp|hr|sats?|temp|chart|labs|room|mom|wife|husband|daughter)(?!\w)"
_TOLD: Final = r"[ ](?:\d{1,3}[ ]?(?:[mf]|y/?o|yrs?)|dob|mrn)(?!\w)"
_PAPERS: Final = r"[ ](?:chart|labs?|records?|results?|dob|mrn)(?!\w)"
_DONE: Final = rf"[ ](?:{_DEED}|back|f/u|dob|mrn)(?!\w)"
_RULES: Final = (
    Searcher(
        rf"(?<![\w'’-]){_NAME}(?=[ ](?:(?:is|was|has|still|already|been)[ ]){{0,3}}{_FATE}(?!\w))",
        re.I,
        needs=rf"(?i:[ ]{_FATE}(?!\w))",
        within=50,
    ),
    Searcher(rf"(?<![\w'’-])(?:pt|patient|resident|client)[ ]{_NAME}(?=[ ]{_DEED}(?!\w))", re.I),
    Searcher(
        rf"(?<![\w'’-])(?:if|whether|when|once)[ ]{_NAME}(?=[ ](?:has )?(?:called|phoned|eaten|voided)(?!\w))", re.I
    ),
    Searcher(rf"(?<![\w'’-])(?:call|phone|ring|page|text)[ ]{_NAME}(?=[ ]back(?!\w))", re.I),
    Searcher(
        r"(?<![\w'’-])who(?:['’]s| has| is)(?: got| seeing)?[ ]" rf"{_NAME}(?=[ ](?:tonight|overnight|tmrw)(?!\w))",
        re.I,
    ),
    Searcher(rf"(?<![\w'’-])(?:seeing|saw)[ ]{_NAME}(?=[ ](?:today|tonight|tomorrow|tmrw)(?!\w))", re.I),
    Searcher(rf"(?<![\w'’-])(?:spoke (?:with|to)|(?:message|call|note) from)[ ]{_NAME}(?=[ ](?:re|about)(?!\w))", re.I),
    Searcher(
        rf"(?<![\w'’-])(?:transfer|move|send)[ ]{_NAME}(?=[ ]to (?:the )?(?:icu|tele|rehab|snf|floor)(?!\w))", re.I
    ),
    Searcher(
        rf"(?:^|(?<=\n)|(?<=[.;:] )){_NAME}(?=[ ]{_SUFFERS}(?!\w))",
        re.I,
        needs=rf"(?i:[ ]{_SUFFERS}(?!\w))",
        within=24,
    ),
    Searcher(rf"(?<![\w'’-]){_NAME}(?={_OWNED})", re.I, needs=rf"(?i:{_OWNED})", within=24),
)
_WITH_GIVEN: Final = (
    Searcher(rf"(?<![\w'’-]){_NAME},[ ]{_GIVEN}(?=,?{_TOLD})", re.I, needs=rf"(?i:{_TOLD})", within=51),
    Searcher(rf"(?<![\w'’-]){_NAME}[ ]{_GIVEN}(?=['’]?s?{_PAPERS})", re.I, needs=rf"(?i:{_PAPERS})", within=51),
    Searcher(rf"(?<![\w'’-]){_GIVEN}[ ]{_NAME}(?={_DONE})", re.I, needs=rf"(?i:{_DONE})", within=49),
)
_NOBODY: Final = word_set(
    """
    anybody everybody yall youve youre theyre havent hasnt hadnt werent couldnt wouldnt shouldnt unto amid amidst
    versus whilst albeit gonna wanna approx circa attn prob prolly sorta heres theres wheres whos caregiver carers
    coworker coworkers grandchildren grandkids stepson stepdaughter stepfather landlady caseworker clinician
    physiotherapist physio chiropractor chaplains daycare dept admin walgreens cvs costco
    """
)
"""Who does all this without being named, and what no clause takes for its subject."""
_FREQUENT_GIVEN: Final = 5000


class FramedNameRecognizer(TextRecognizer):
    """Each hit is a word of messages, with the given name beside it where that tells."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        if words_of_messages().isdisjoint(_LETTERS.findall(text.lower())):
            return
        for rule in _RULES:
            for hit in rule.finditer(text):
                if _of_messages(hit["name"]):
                    yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)
        for rule in _WITH_GIVEN:
            for hit in rule.finditer(text):
                if _of_messages(hit["name"]) and _is_given(hit["given"]):
                    start = min(hit.start("name"), hit.start("given"))
                    yield Match(start, max(hit.end("name"), hit.end("given")), Kind.PERSON, 0.45)


def _of_messages(word: str) -> bool:
    return fold(word) in words_of_messages() and word.lower() not in _NOBODY


def _is_given(word: str) -> bool:
    return ((given_rank(word) or 1 << 30) <= _FREQUENT_GIVEN and not is_common_word(word)) or is_stranger(word.lower())
