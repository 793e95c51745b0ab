"""Names that open a sentence or a line, told by what follows: what only people do, or how only people are described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_city, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_NAME: Final = rf"[{_UP}][^\W\d_]+(?:['’\-][^\W\d_]+){{0,2}}"
_LINK: Final = r"(?:van|von|der|den|de|da|del|di|ten|ter|la|el|al|bin)[ ]"
_OPENS: Final = r"(?:(?<![^\n])|(?<=[.!?:;] )|(?<=[.!?:;] {2})|(?<=[\"“(>•*] )|(?<=[\"“(>•*\-])|(?<=\t))[ ]{0,12}"
_SAYS: Final = (
    r"reports|reported|denies|denied|states|stated|says|said|complains|complained|endorses|endorsed|tells|told|agrees"
    r"|agreed|disagrees|asks|asked|requests|requested|confirms|confirmed|declines|declined|refuses|refused|verbalizes"
    r"|verbalized|consents|consented|recalls|remembers|believes|thinks|wants|wanted|hopes|worries|disputes|thanked"
    r"|hates|likes|loves|misses|missed|forgot|forgets|keeps|smokes|drinks|vapes|fell|vomited|worries|sleeps|walks"
    r"|phoned|telephoned|emailed|texted|wrote|signed|understands|acknowledges|acknowledged|insists|insisted|admits"
)
"""Drugs and germs do none of these."""
_LIVES: Final = (
    r"(?:is|comes)\sfrom\b|from\s(?:the\s)?[A-Z][\w'’ ]{2,30}\s(?:called|wrote|faxed|asks|wants)\b"
    r"|lives\s(?:with|alone|on|at|in)\b|lived\s(?:with|alone)"
    r"|spent\s(?:an?|his|her|the|most|two|three|several)\b"
    r"|began\s(?:writing|working|walking|smoking|drinking|vomiting|crying)|grew\sup|went\shome|came\s(?:in|to"
    r"|back|with)\b"
    r"|ha[sd]\sgiven|will\s(?:return|call|come|bring|follow\sup|try|think)\b|will\sbe\s(?:talking|speaking"
    r"|discharged|seen|coming|back)|would\slike|is\smarried|was\sborn"
    r"|(?:is|was)\s(?:known|well\sknown)\s(?:here|to\s(?:us|our|me|this|the\s(?:clinic|service|practice|team)))"
    r"|(?:is|was)\s(?:an?\s)?(?:very\s|quite\s|so\s)?(?:reliable|pleasant|cheerful|tearful|retired|widowed|divorced)\b"
    r"|(?:is|was)\s(?:an?\s)?\d{1,3}(?!\d|\.\d|%|\s?(?:mg|mcg|ml|units?|cm|mm|percent|times|hours?|days?|weeks?)\b)"
    r"|(?:is|was|has\sbeen)\s(?:seen|followed|admitted|discharged|referred|readmitted)\s(?:here|by|in|to|from"
    r"|for|on|at)\b"
    r"|called(?=[,.;]|\s(?:to|back|in|about|with|asking|crying|upset|from|again|regarding|saying)\b)"
    r"|(?:d/?c|DC|D/C)\s(?:home|to\s(?:snf|SNF|rehab|home))|NPO|npo|full\scode|DNR|dnr|aware(?=[.,;\n]|$)"
    r"|to\s(?:pull|teach|call|see|sign|cover|round|draw|discuss|follow\sup)\b"
    r"|(?:is|was)\s(?:aware|updated|at\sthe\sbedside|at\sbedside|present\sfor|accompanied|brought\sin)\b"
)
_ACTS: Final = Searcher(
    rf"{_OPENS}(?P<name>{_NAME}(?:[ ](?:[{_UP}]\.?[ ]|{_LINK}){{0,2}}{_NAME}){{0,2}})(?:['’]s)?"
    rf"(?:[ ]\([\w ,]{{3,40}}\))?[ ](?:also[ ]|then[ ]|now[ ]|again[ ]|still[ ])?(?:{_SAYS}|{_LIVES})(?![\w])",
    needs=rf"(?<=[ ])(?=(?:{_SAYS}|{_LIVES})(?![\w]))",
    within=240,
)
_APPOSITION: Final = (
    r"(?i:(?:account|acct|mrn|dob|ssn|age[d]?|member|record|born|who|whose|seen|a[n]?[ ]\d|\d{1,3}(?:[ ,]"
    r"|[ -]?y)|can[ ]I)\b)"
)
_APPOSED: Final = Searcher(
    rf"{_OPENS}(?P<name>{_NAME}(?:[ ](?:[{_UP}]\.?[ ])?{_NAME}){{1,2}}),[ ]"
    rf"{_APPOSITION}",
    needs=rf",[ ]{_APPOSITION}",
    within=400,
)
_ADDRESSED: Final = Searcher(
    rf"{_OPENS}(?P<name>{_NAME}),[ ](?:can|could|would|will|please|are|did|do|have|how|thank|I)\s",
    needs=r",[ ](?:can|could|would|will|please|are|did|do|have|how|thank|I)\s",
    within=200,
)
"""Somebody spoken to: "Danial, can I ..."."""
_ASKED: Final = Searcher(
    rf"(?i:(?:last|first|middle|maiden|family|given|full|nick)[ ]?name(?:[ ]is|\?|:)?)[ ]{{1,2}}"
    rf"(?P<name>{_NAME})(?=[.,;!]|\s*$|\n)"
)
_SAID_AFTER: Final = Searcher(
    rf"[,?!.][\"”'’][ ](?:says|said|asks|asked|replied|adds|added|recalls)[ ](?P<name>{_NAME}(?:[ ]{_NAME})?)(?![\w])"
)
_BOTH: Final = Searcher(
    rf"{_OPENS}(?P<one>{_NAME})[ ](?:and|&)[ ](?P<other>{_NAME})[ ](?:were|are|have|had|both|live|lived|met"
    rf"|went|came)(?![\w])",
    needs=r"[ ](?:and|&)[ ]",
    within=200,
)
_SPEAKS: Final = Searcher(rf"(?<![^\n])[ >*]{{0,4}}(?P<name>{_NAME}):[ ]?(?=[\"“A-Z])")
"""A script or a chat: who speaks stands before the colon, as labels do; only frequent given names count."""
_SPEAKS_LOW: Final = Searcher(r"(?<![^\n])[ >*]{0,4}(?P<name>[a-zß-ÿ]{3,20}):[ ]?(?=[\"“])")
_OWNS: Final = Searcher(
    rf"(?<![\w])(?P<name>{_NAME})['’]s[ ](?:address|phone|number|mother|father|mom|dad|wife|husband|partner|son"
    r"|daughter|kids?|children|family|sister|brother|chart|room|insurance|birthday|house|home|apartment|employer|consent"
    r"|landlord|landlady|lawyer|attorney|teacher|school|roommate|neighbou?r|caregiver|aide|friend|aunt|uncle|niece|nephew)(?![\w])",
    needs=r"['’]s[ ]",
    within=200,
)
_LISTED: Final = Searcher(
    r"(?<![\w'’-])[^\W\d_A-Z]{3,20}(?:,[ ][^\W\d_A-Z]{3,20}){1,9},?[ ](?:and|&)[ ][^\W\d_A-Z]{3,20}(?![\w'’-])",
    needs=r",[ ][^\W\d_A-Z]{3}",
    within=20,
)
_LOWER: Final = Searcher(
    r"(?<![\w])(?i:my\sname\sis|(?:his|her|their)\sname\sis|everyone\scalls\s(?:me|him|her))[ ]"
    r"(?P<name>[^\W\d_]{2,24}(?:[ ][^\W\d_]{2,24})?)(?![\w])"
)
_SIGNED_LOW: Final = Searcher(r"(?<=[.?!] )[-–—~][ ]?(?P<name>[a-zß-ÿ]{3,14})(?=[ ]?(?:$|\n))")
"""The end of a message in chat."""
_GOES_BY: Final = Searcher(
    rf"(?<![\w])(?i:goes[ ]by|nicknamed|answers[ ]to|known[ ]to[ ](?:us|friends|family)[ ]as|calls[ ](?:him|her)self"
    rf"|signs[ ]as|(?:likes|prefers|wants)[ ]to[ ]be[ ]called|everyone[ ]calls[ ](?:me|him|her))"
    rf"[ ][\"“']?(?P<name>{_NAME})"
)
_TOPIC: Final = Searcher(
    rf"(?<![\w])(?i:updates?|news|notes?|letter|summary|referral|questions?|results|word)[ ](?:on|for|about)[ ]"
    rf"(?P<name>{_NAME})(?=[:,.?!;]|[ ]?[-–][ ]|[ ](?:please|from|to|who|is|was|has)\b|[ ]?$)"
)
_ON_RECORD: Final = Searcher(
    rf"{_OPENS}(?P<name>{_NAME})[ ](?:discharge|admission|records?|labs?|notes?|imaging|films|results|chart"
    r"|meds)(?![\w])",
    needs=r"[ ](?:discharge|admission|records?|labs?|notes?|imaging|films|results|chart|meds)(?![\w])",
    within=200,
)
"""Whose papers they are, a person's or a house's."""
_BEDDED: Final = Searcher(
    rf"{_OPENS}(?P<name>{_NAME})[ ]?[-–,:][ ]?(?i:bed|room|rm)[ ]?#?\d",
    needs=r"(?i:(?:bed|room|rm)[ ]?#?\d)",
    within=200,
)
_HOUSEHOLD: Final = Searcher(
    rf"(?<![\w])(?:[Tt]he|[Bb]oth|[Aa]ll)[ ](?P<name>{_NAME})[ ](?:family|families|household|residence|home|house"
    r"|estate|twins?|baby|boys?|girls?|kids?|children|siblings|brothers|sisters|couple|chart|novels?"
    r"|books?|films?|album)(?![\w])"
)
"""Who belongs to whom, and what somebody wrote."""
_TOLD_AT: Final = Searcher(
    rf"(?<![\w])(?:shouted|said|spoke|talked|yelled|looked|smiled|waved|whispered|turned|screamed|nodded|laughed)"
    rf"[ ](?:at|to|with)[ ](?P<name>{_NAME})(?![\w])"
)
_CAPITALS_LISTED: Final = Searcher(
    rf"(?<![\w'’-]){_NAME}(?:,[ ]{_NAME}){{1,9}},?[ ](?:and|&)[ ]{_NAME}(?![\w'’-])",
    needs=rf"[ ](?:and|&)[ ][{_UP}]",
    within=400,
)
_FREQUENT_GIVEN: Final = 2500
_FREQUENT_SURNAME: Final = 5000
_NOBODY: Final = word_set(
    """
    patient patients pt he she they it we you i who nobody everyone mother father mom dad wife husband son daughter
    sister brother family parent parents spouse guardian caregiver nurse doctor provider physician surgeon attending
    resident therapist pharmacist staff team client caller interpreter police ems the a an this that his her their our
    my your medicare medicaid epic cigna aetna humana anthem cardiology neurology radiology oncology urology surgery
    psychiatry nephrology hematology pediatrics pharmacy pathology dermatology orthopedics gynecology nursing
    """
)
_OPENERS: Final = word_set(
    """
    for in with on at did does do if when is was and but after since before call ask please tell see my has have can
    could should would will were are why how what which who where from to about per not because while until draft
    write summarize compare verify check review schedule our the a an this that so then also both either as
    """
)
"""What may open a sentence before a name."""
_NEARBY: Final = re.compile(r"(?:room-?mate|housemate|neighbou?r)[ ]", re.I)
"""Who opens a sentence with a capital and is named behind it: no part of the name, though it makes one likely."""
_NO_SURNAME_AFTER: Final = word_set("and or of for the is was with in on at to not only just still now here there both")


class ActingNameRecognizer(TextRecognizer):
    """The first word of a sentence has a capital whatever it is: only a deed or a description makes it a name."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for rule, score in ((_ACTS, 0.5), (_APPOSED, 0.5)):
            for hit in rule.finditer(text):
                start = hit.start("name") + _words_before(hit["name"])
                if _person(text[start : hit.end("name")]):
                    nearby = _NEARBY.match(text, start, hit.end("name"))
                    yield Match(nearby.end() if nearby else start, hit.end("name"), Kind.PERSON, score)
        yield from _together(text)
        for hit in _SAID_AFTER.finditer(text):
            eponym = is_clinical_word(hit["name"]) and surname_rank(hit["name"]) is None
            if hit["name"].lower() not in _NOBODY and not eponym:
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.6)
        for hit in _GOES_BY.finditer(text):
            if hit["name"].lower() not in _NOBODY:
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.6)
        for rule in (_HOUSEHOLD, _TOLD_AT, _TOPIC, _BEDDED, _ON_RECORD):
            for hit in rule.finditer(text):
                if _person(hit["name"]) and (rule is _TOLD_AT or not is_clinical_word(hit["name"])):
                    yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _ADDRESSED.finditer(text):
            if given_rank(hit["name"]) is not None and _person(hit["name"]):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _ASKED.finditer(text):
            if not is_clinical_word(hit["name"]) and hit["name"].lower() not in _NOBODY:
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.6)
        for hit in _LOWER.finditer(text):
            first, _, rest = hit["name"].partition(" ")
            if is_common_word(first) and given_rank(first) is None:
                continue
            more = rest and rest.lower() not in _NO_SURNAME_AFTER and not is_common_word(rest)
            end = hit.end("name") if more else hit.start("name") + len(first)
            yield Match(hit.start("name"), end, Kind.PERSON, 0.6)


def _together(text: str) -> Iterator[Match]:
    """Two of whom one is listed in the census; who speaks; lists in lower case of which half are given names."""
    for hit in _BOTH.finditer(text):
        both = [hit["one"], hit["other"]]
        if all(map(_person, both)) and any(surname_rank(w) or given_rank(w) for w in both):
            for group in ("one", "other"):
                yield Match(hit.start(group), hit.end(group), Kind.PERSON, 0.45)
    for hit in _OWNS.finditer(text):
        if _person(hit["name"]):
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
    yield from _speakers(text)
    for hit in _SIGNED_LOW.finditer(text):
        if not is_common_word(hit["name"]) and not is_clinical_word(hit["name"]):
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
    for hit in _CAPITALS_LISTED.finditer(text):
        parts = [*re.finditer(_NAME, hit[0])]
        named = [m for m in parts if not is_common_word(m[0]) and _frequent(m[0]) and not is_city(m[0])]
        eponyms = sum(is_clinical_word(m[0]) for m in parts)
        if len(parts) > 2 and 3 * len(named) >= len(parts) >= 3 * eponyms:
            for part in parts:
                yield Match(hit.start() + part.start(), hit.start() + part.end(), Kind.PERSON, 0.45)
    for hit in _LISTED.finditer(text):
        parts = [m for m in re.finditer(r"[^\W\d_]+", hit[0]) if m[0] != "and"]
        named = [m for m in parts if not is_common_word(m[0]) and (given_rank(m[0]) or 1 << 30) <= _FREQUENT_GIVEN]
        if len(named) >= 2 and 2 * len(named) >= len(parts):
            for part in parts:
                if not is_common_word(part[0]) or (given_rank(part[0]) or 1 << 30) <= _FREQUENT_GIVEN:
                    yield Match(hit.start() + part.start(), hit.start() + part.end(), Kind.PERSON, 0.45)


def _speakers(text: str) -> Iterator[Match]:
    """Who speaks in a script; beside one who surely does, an ordinary word that is a given name is one too."""
    hits = [*_SPEAKS.finditer(text)]
    sure = any(_frequent_given(hit["name"]) and not is_common_word(hit["name"]) for hit in hits)
    for hit in hits:
        quoted = text[hit.end() : hit.end() + 1] in ('"', "“") and _person(hit["name"])
        among = sure and given_rank(hit["name"]) is not None and not is_clinical_word(hit["name"])
        if quoted or among:
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
    for hit in _SPEAKS_LOW.finditer(text):
        if given_rank(hit["name"]) is not None and not is_common_word(hit["name"]):
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)


def _frequent_given(word: str) -> bool:
    return (given_rank(word) or 1 << 30) <= _FREQUENT_GIVEN


def _words_before(name: str) -> int:
    """How many characters belong to the sentence: "For Ada Byron, born ..."."""
    at = 0
    while " " in name[at:]:
        word = name[at:].split(" ")[0]
        if word.lower() not in _OPENERS:
            break
        at += len(word) + 1
    return at


def _person(name: str) -> bool:
    """Whether some word of it can only be a name, or a frequent one, and none is a word of the trade."""
    words = [w for w in re.split(r"[ .]+", name) if len(w) > 1]
    if not words or any(w.lower() in _NOBODY or (w.isupper() and len(w) < 5) for w in words):
        return False
    if any(is_clinical_word(w) and not _frequent(w) for w in words):
        return False
    if len(words) == 1 and is_city(name) and not _frequent(name):
        return False
    return any(not is_common_word(w) for w in words) or (
        len(words) > 1 and _frequent(words[0]) and _frequent(words[-1])
    )


def _frequent(word: str) -> bool:
    return (given_rank(word) or 1 << 30) <= _FREQUENT_GIVEN or (surname_rank(word) or 1 << 30) <= _FREQUENT_SURNAME
