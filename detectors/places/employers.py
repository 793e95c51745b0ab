"""Where somebody works or learns, as messages put it: "works for Acme Freight", "cook at denny's", "UPS hired her".

What employs or teaches a person narrows down who it is (45 CFR 164.514(b)(2)(i)). Short messages alone are read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, word_set
from detectors.findings import Kind
from detectors.names.lowercase import stems
from detectors.patterns.match import Match
from detectors.patterns.search.searcher import Searcher
from detectors.places.headings import is_form_word
from detectors.places.towns import is_large

_WORKS: Final = (
    r"work(?:s|ed|ing)?(?: (?:nights|days|evenings|full[ -]?time|part[ -]?time|as an? [a-z]+))? (?:at|for)"
    r"|employed (?:by|at|with)|drives for"
    r"|(?:job|shift|boss|coworkers?|hr|accident|hurt|injured|injury) at|hired by|retired from|laid off (?:from"
    r"|by)|fired from"
    r"|employer(?: is|:)?|hurt at work"
    r"|drives (?:(?:a )?(?:truck|bus|van) )?for|(?:un)?loads trucks (?:at|for)|c\.?e\.?o\.? of|(?:founder|owner"
    r"|president|employee) of"
    r"|(?:(?:line|fry|prep) )?cook at|(?:cashier|manager|driver|clerk|janitor|teller|welder|mechanic|server"
    r"|bartender|guard"
    r"|supervisor|foreman|engineer|barista|packer|stocker) (?:at|for)"
)
_EMPLOYER: Final = Searcher(
    rf"(?<!\w)(?i:{_WORKS})[ ](?P<name>(?:the[ ])?[A-Z][\w&'’.-]{{1,24}}(?:[ ](?:(?:and|of|&)"
    rf"[ ])?[A-Z][\w&'’-]{{0,24}}){{0,4}})"
)
_TRADE: Final = (
    r"warehouse|trucking|roofing|construction|logistics|foods|motors|steel|plumbing|electric|landscaping|freight"
    r"|farms|mills?"
    r"|industries|manufacturing|distributors?|brewery|bakery|diner|cafe|casino|hotel|airlines|railroad|transit"
    r"|cleaners"
)
_FIRMS: Final = (
    r"amazon|walmart|target|home depot|lowe['’]?s|costco|ups|usps|fedex|mcdonald['’]?s|starbucks|kroger|boeing"
    r"|ford|gm|tyson"
    r"|google|microsoft|intel|comcast|verizon|at&t|wells fargo|publix|walgreens|cvs|uber|lyft|doordash|ikea"
    r"|best buy|taco bell|swift|denny['’]?s|wendy['’]?s|dollar (?:general|tree)|family dollar|delta"
    r"(?: air ?lines)?|deloitte|goldman(?: sachs)?"
    r"|lockheed(?: martin)?|raytheon|southwest|safeway|costco|whole foods|trader joe['’]?s|chick-?fil-?a|kfc"
    r"|subway|chipotle"
    r"|burger king|arby['’]?s|ihop|applebee['’]?s|waffle house|macy['’]?s|sears|kohl['’]?s|jc ?penney|chrysler"
    r"|toyota|honda|tesla|caterpillar"
    r"|john deere|chase|pfizer|merck|bank of america|citibank|marriott|hilton|sunoco|shell|chevron|netflix"
    r"|oracle|ibm|cisco|dell|general (?:electric|motors)|perdue|smithfield|cargill|pepsi|coca-?cola|exxon"
    r"|chevron|at ?& ?t|sprint|t-mobile"
)
_EMPLOYER_TYPED: Final = Searcher(
    rf"(?<!\w)(?i:{_WORKS})[ ](?P<name>(?:the )?(?i:{_FIRMS})(?![\w-])(?:[ ](?:{_TRADE}))?|(?!(?:an?|the|his|her"
    rf"|their|my|our|some|local|two"
    rf"|this)\b)[a-z][\w'’]{{2,20}}[ ](?:[a-z]{{2,20}}[ ])?(?:{_TRADE}))(?!\w)"
)


_FIRM_WORD: Final = r"[A-Z][\w'’-]{1,24}"
_INCORPORATED: Final = Searcher(
    rf"(?<![\w'’])(?P<name>(?:{_FIRM_WORD}[ ](?:(?:&|and|of)[ ])?){{1,4}}(?:LLC|L\.L\.C\.|LLP|Inc\b\.?|Corp\b\.?"
    rf"|Co\.|Ltd\b\.?|GmbH|PLC))"
    r"(?!\w)",
    needs=r"[ ](?:L\.?L\.?[CP]|Inc|Corp|Co\.|Ltd|GmbH|PLC)",
    within=120,
)
_MAKER_BEFORE: Final = re.compile(
    r"(?:manufactur\w{1,5}|mfr|made|distributed|device|marketed|sold)[.:]?(?: "
    r"(?:by|is))?\s\Z",
    re.I,
)
_HIRED: Final = Searcher(
    rf"(?<![\w'’])(?P<name>{_FIRM_WORD}(?:[ ]{_FIRM_WORD}){{0,2}})[ ](?:hired|fired|laid off|employs|employed"
    rf"|promoted|sent(?=[ ][A-Z][a-z]{{1,20}}[ ][A-Z])|is (?:located|headquartered) (?:at|in))[ ]"
)
_STAFF_OF: Final = Searcher(
    rf"(?<!\w)(?:(?i:joined|left|quit|founded)[ ](?P<name>{_FIRM_WORD}(?:[ ]{_FIRM_WORD}){{0,2}})(?=[ ](?:in "
    rf"(?:19|20)\d\d|last (?:year|month|week)))"
    rf"|(?:note|letter|forms?|paperwork|excuse|clearance|fmla)[ ](?:for|to)[ ](?P<addressed>(?i:{_FIRMS}))(?![\w-])"
    rf"|(?:of|with|at|from|to)[ ](?P<firm>(?i:{_FIRMS}))(?=[ ](?:signed|called|wrote|wants|says|faxed|asks|on"
    rf"|and)|[,.;]))"
)
_ENROLLED: Final = Searcher(
    rf"(?<!\w)(?:attends|attended|enrolled (?:at|in)|student at|graduated from|graduate of|degree from|teach"
    rf"(?:es|er)? at|studies at)[ ]"
    rf"(?P<name>{_FIRM_WORD}(?:[ ]{_FIRM_WORD}){{0,3}})"
)
_NO_SCHOOL: Final = word_set(
    "aa na alcoholics narcotics al-anon mass sunday church weight bible pt ot pulmonary cardiac medicare medicaid zoom"
    " january february march april may june july august september october november december monday tuesday wednesday"
    " thursday friday saturday physical occupational speech group dialysis day kindergarten head"
)
"""What one attends, and is no place."""


def found_employers(text: str) -> Iterator[Match]:
    """Employers and schools, each whole."""
    for hit in _EMPLOYER.finditer(text):
        words = [word for word in re.findall(r"[\w'’-]+", hit["name"]) if word.lower() not in ("the", "and", "of")]
        plain = len(words) == 1 and any(map(is_common_word, stems(words[0].lower())))
        if not (plain or any(is_clinical_word(w) or is_large(w) for w in words) or all(map(is_form_word, words))):
            yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
    for hit in _EMPLOYER_TYPED.finditer(text):
        yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
    for hit in _INCORPORATED.finditer(text):
        if not _MAKER_BEFORE.search(text, max(0, hit.start() - 24), hit.start()):
            yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
    for hit in _STAFF_OF.finditer(text):
        group = next(group for group in ("name", "addressed", "firm") if hit[group])
        if hit[group][0].isupper() and (group != "name" or _is_firm(hit[group])):
            yield Match(hit.start(group), hit.end(group), Kind.FACILITY, 0.45)
    for hit in _HIRED.finditer(text):
        if _is_firm(hit["name"]):
            yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
    for hit in _ENROLLED.finditer(text):
        if hit["name"].split()[0].lower() not in _NO_SCHOOL and not is_clinical_word(hit["name"].split()[0]):
            # Surer than that "Ohio" of "Ohio State" is a state.
            yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.75)


def _is_firm(name: str) -> bool:
    """A firm that everybody knows, or some word that is no ordinary one."""
    if re.fullmatch(_FIRMS, name, re.I):
        return True
    words = name.split()
    return not any(map(is_clinical_word, words)) and not all(map(is_common_word, words)) and words[0] != "Medicare"
