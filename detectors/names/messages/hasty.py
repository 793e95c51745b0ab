"""Names that no list has, in questions typed in haste: no capitals, no marks, only what stands around them.

"pt xqzar brzozek here for bp", "is brzozek's refill due", "my cardiologist brzozek said". A word counts where it is
neither ordinary nor clinical, inflected or not, and does not end as drugs, diseases and procedures do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from detectors.dictionaries.lexicon import (
    given_rank,
    is_clinical_word,
    is_common_word,
    is_trained_word,
    surname_rank,
)
from detectors.findings import Kind
from detectors.names.lowercase import stems
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_WORD: Final = r"(?:[do]['’])?[^\W\d_]{3,24}(?:['’\-][^\W\d_]{2,24}){0,2}"
_PARTICLE: Final = r"(?:van der |van den |de la |van |von |de |del |di |al |el |bin |st\.? )"
_NAME: Final = rf"(?P<name>(?:(?:{_PARTICLE})?{_WORD})(?:[ ](?:[a-z]\.?[ ])?(?:{_PARTICLE})?{_WORD})?)"
_KIN: Final = (
    r"mom|mum|mother|mommy|dad|father|daddy|son|daughter|dtr|wife|hubby|husband|sister|sis|brother|bro|aunt|auntie|uncle"
    r"|cousin|niece|nephew|grandma|grandpa|grandmother|grandfather|nana|granny|grandson|granddaughter|partner|fianc[eé]e?"
    r"|girlfriend|boyfriend|roommate|neighbou?r|caregiver|stepmom|stepdad|stepson|stepdaughter|twin|kid|baby|friend"
)
_TRADE: Final = (
    r"dr|doctor|doc|cardiologist|surgeon|dentist|neurologist|therapist|oncologist|urologist|dermatologist|psychiatrist"
    r"|psychologist|pediatrician|obgyn|pcp|gynecologist|rheumatologist|endocrinologist|nephrologist|pulmonologist"
    r"|gastroenterologist|allergist|hematologist|pharmacist|podiatrist|optometrist|midwife|nurse|np|pa|rn|coach|teacher"
)
_TITLED: Final = Searcher(rf"(?<![\w'’])(?i:mrs?|ms|miss|{_TRADE})\.?[ ]{_NAME}(?![\w])")
_KIN_NAMED: Final = Searcher(rf"(?<![\w'’])(?i:{_KIN})(?:,|[ ]named|[ ]called)?[ ]{_NAME}(?![\w])")
_PATIENT: Final = Searcher(
    rf"(?<![\w'’])(?i:pts?|patient|client|named|my name is|name is|i['’]?m|i am|this is|goes by)[ ]{_NAME}(?![\w])"
)
_ASKED_OF: Final = Searcher(
    rf"(?<![\w'’])(?i:is|was|did|does|has|can|could|should|will|would|tell|remind|call|ask|text|email)[ ]{_NAME}"
    r"(?=[ ](?:too|old|allowed|due|ready|ok|okay|able|still|get|take|need|have|had|sign|refuse|come|see|go|travel|fly"
    r"|drive|eat|start|stop|resume|shower|that|about|to|if)\b)"
)
_OWNS: Final = Searcher(
    rf"(?<![\w'’])(?P<name>{_WORD})['’]s(?=[ ](?:meds?|medications?|refill|labs?|results?|mom|mother|dad|father|wife"
    r"|husband|son|daughter|chart|room|bed|appt|appointment|visit|insurance|family|doctor|surgery|bp|sugars?|blood|dose"
    r"|script|prescription|mri|ct|ekg|ecg|xray|echo|biopsy|referral|note|dob|weight|fever|pain|allerg\w{1,4}|xanax"
    r"|adderall|insulin)\b)",
    needs=r"['’]s[ ]",
    within=100,
)
_FILED: Final = Searcher(
    rf"(?<![\w'’@./-]){_NAME}(?=,?[ ]{{1,2}}"
    rf"(?i:dob|d\.o\.b|mrn|born|room|rm|bed|acct|age|\d{{1,3}}[ ]?(?:yo|y/o|yr|f|m)\b))",
    needs=r"(?i:[ ](?:d\.?o\.?b|mrn|born|room|rm|bed|acct|age|\d{1,3}[ ]?[yfm]))",
    within=200,
)
_PHONED: Final = Searcher(
    rf"(?<![\w'’@./-]){_NAME}(?=,?[ ](?:\+?1[-. ])?\(?\d{{3}}\)?[-. ]{{0,2}}\d{{3}}[-. ]\d{{4}}(?!\d))",
    needs=r"[ ](?:\+?1[-. ])?\(?\d{3}\)?[-. ]{0,2}\d{3}[-. ]\d{4}",
    within=200,
)
"""Whose number it is."""
_OPENS: Final = Searcher(
    rf"(?<![^\n])[ ]{{0,4}}{_NAME}(?=[ ](?:says|said|asks|asked|called|reports|wants|refused|declined|texted|has had"
    r"|fell|vomited)\b)"
)
_SURE: Final = frozenset({_TITLED, _FILED, _PHONED})
"""Places of people alone: behind a title, before a birth date, a bed or a telephone."""
_RULES: Final = (
    (_TITLED, 0.55),
    (_PATIENT, 0.45),
    (_KIN_NAMED, 0.45),
    (_ASKED_OF, 0.4),
    (_FILED, 0.4),
    (_PHONED, 0.4),
    (_OPENS, 0.4),
)
_SHORTEST: Final = 4
_SHORT_TEXT: Final = 60
"""Words of a question; longer texts are notes, full of short forms, where a strange word needs a letter more."""
_PREFIX: Final = re.compile(
    r"^(?:re|un|pre|post|non|over|under|mis|anti|inter|micro|multi|hypo|hyper|sub|super|co)-?(?=[a-z]{4})"
)
_LINE: Final = re.compile(r"[^\n]+")
_TOKEN: Final = re.compile(rf"(?<![\w@./'’#-]){_WORD}(?![\w@/]|\.\w|-\w)")
_LETTERS: Final = re.compile(r"(?<![\w'’])[^\W\d_](?:[^\W\d_]|['’]){1,30}(?!\w)")
_CALENDAR: Final = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,7}(?!\w)", re.I
)
_VOWEL: Final = re.compile(r"[aeiouyà-öø-ÿœ]")
_CAPITALS: Final = 0.15
"""Of its words, how many may have capitals in a text that was typed in haste: an id, a brand, "I"."""
_FEWEST_WORDS, _KNOWN = 4, 0.5
"""A line of so many words, of which so many are known, is English: the others are names, or rarer than those."""
_TECHNICAL: Final = re.compile(
    r"(?:mab|nib|pril|sartan|statin|olol|zole|cillin|mycin|micin|floxacin|gliptin|flozin|glutide|vir|vudine|cycline"
    r"|dipine|pam|lam|barbital|caine|curium|dronate|fenac|formin|lukast|oxetine|parin|profen|setron|terol|thiazide"
    r"|tidine|trel|triptan|tropin|xaban|zepine|apine|idone|azine|amine|amide|idine|asone|olone|oxide|ium|ate|itis|osis"
    r"|oses|omas?|emia|ectomy|otomy|oscopy|scopic|pathy|algia|plasty|graphy|gram|ology|ologist|uria|pnea|rrhea|megaly"
    r"|penia|cytes?|plegia|paresis|esthesia|trophy|stomy|tomy|lysis|genic|ical|ically|phagia|dipsia|rrhagia|emesis|tion|tions|ment|ness|ular|oid|ous"
    r"|ase|ine|ide|zyme|phil|philia|cele|sclerosis|stasis|iasis|form|less|able|ible|ably|ful|ism|iatrist|apist|ings?|ed)$"
)
"""How words of the trade and English derivations end that lists of words lack."""


class HastyNameRecognizer(TextRecognizer):
    """Words in lower case throughout, after a title, a relation or a question's verb, or before a deed or an id."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for rule, score in _RULES:
            for hit in rule.finditer(text):
                end = _named(hit["name"], pair_only=rule is _FILED, sure=rule in _SURE)
                if end:
                    yield Match(hit.start("name"), hit.start("name") + end, Kind.PERSON, score)
        for hit in _OWNS.finditer(text):
            if is_stranger(hit["name"]):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)
        words = _words(text)
        if len(words) >= _FEWEST_WORDS and sum(word[0].isupper() for word in words) <= _CAPITALS * len(words):
            yield from _unknown(text, _SHORTEST if len(words) <= _SHORT_TEXT else _SHORTEST + 1)


def _words(text: str) -> list[str]:
    """All words but months and days, which have a capital in any hand."""
    return [word for word in _LETTERS.findall(text) if not _of_calendar(word)]


@lru_cache(maxsize=1 << 14)
def _of_calendar(word: str) -> bool:
    return _CALENDAR.match(word) is not None


def _unknown(text: str, shortest: int) -> Iterator[Match]:
    """In lines of lower case that are English otherwise, the words of no list, wherever they stand."""
    for line in _LINE.finditer(text):
        found = [*_TOKEN.finditer(text, line.start(), line.end())]
        if len(found) < _FEWEST_WORDS - 1 or any(word != word.lower() for word in _words(line[0])):
            continue
        strange = [hit for hit in found if is_stranger(hit[0]) and not is_common_word(_PREFIX.sub("", hit[0]))]
        if len(strange) > (1 - _KNOWN) * max(len(found), _FEWEST_WORDS):
            continue
        for hit in strange:
            plain = re.sub(r"['’]s$", "", hit[0])
            listed = given_rank(plain) is not None or surname_rank(plain) is not None
            if listed or (len(plain) >= shortest and _VOWEL.search(plain)):
                yield Match(hit.start(), hit.start() + len(plain), Kind.PERSON, 0.35)


def _named(words: str, *, pair_only: bool, sure: bool) -> int:
    """How many of the characters are a name: its first word must be strange; 0 where it is none."""
    if words != words.lower():
        return 0
    pieces = re.match(rf"(?P<first>(?:{_PARTICLE})?{_WORD})(?P<rest>.*)", words)
    if pieces is None or not is_stranger(pieces["first"].split()[-1], sure=sure):
        return 0
    last = pieces["rest"].split()[-1:]
    whole = bool(last) and is_stranger(last[0], sure=sure)
    if pair_only and not whole:
        return 0
    return len(words) if whole else len(pieces["first"])


def is_stranger(word: str, *, sure: bool = False) -> bool:
    """No word of any list but those of names, and of no ending that names of people lack.

    `sure`: a person must stand there, so that it may be a word of messages.
    """
    ordinary = is_trained_word if sure else is_common_word
    plain = re.sub(r"['’]s$", "", word)
    if len(plain) < _SHORTEST and given_rank(plain) is None:
        return False
    if any(ordinary(stem) or is_clinical_word(stem) for stem in stems(plain)):
        return False
    listed = given_rank(plain) is not None or surname_rank(plain) is not None
    return listed or _TECHNICAL.search(plain) is None
