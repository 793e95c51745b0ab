"""Numbers, days and addresses as terse messages write them: labels without "no.", ends of numbers, "at ... dot com".

On a page the same words stand beside results and codes; messages of at most `LONGEST_CHARS` alone are read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.dates import plausible
from detectors.patterns.search.searcher import Searcher

LONGEST_CHARS: Final = 400
"""A message of some sixty words; what is longer is a page."""
_UNIT: Final = (
    r"(?!\s?(?:mg|mcg|ml|units?|u\b|iu|cc|x\b|times|days?|weeks?|months?|years?|yrs?|hours?|hrs?|min|%|beats"
    r"|cells|steps"
    r"|patients|visits|dollars|cal|kcal|lbs?|kg|cm|mm|meq|am\b|pm\b|am$|pm$|k\b))"
)
_CODE: Final = (
    rf"(?P<value>(?=[\w-]*\d[\w-]*\d)[A-Za-z0-9]{{2,}}(?:[-][A-Za-z0-9]+)*(?:[ ]\d{{3,}}){{0,3}})"
    rf"(?![\w/.:-]?\w){_UNIT}"
)
_LABELS: Final = (
    (
        Kind.HEALTH_PLAN,
        r"policy|grp|group|member(?: ?id)?|subscriber(?: ?id)?|medicaid|medi-?cal|bcbs|plan id|insurance id",
    ),
    (Kind.ACCOUNT, r"acct|account|invoice|inv"),
    (
        Kind.OTHER_ID,
        r"ref|reference|claim|case|auth|order|ticket|confirmation|conf|badge|employee id|student id|inmate",
    ),
    (Kind.DEVICE, r"pacer|pacemaker|serial|s/n|device|implant"),
)
_LABELLED: Final = tuple(
    (kind, Searcher(rf"(?<![\w-])(?:{labels})(?: is| was|:| #|#)? {_CODE}", re.I)) for kind, labels in _LABELS
)
_FEWEST, _FEWEST_MIXED = 5, 4
"""Figures alone that tell somebody apart; with letters among them one less."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d$")
_ENDS: Final = Searcher(
    r"(?<![\w])(?P<what>ssn|social(?: security(?: number)?)?|soc|card|visa|mastercard|mc|amex|discover|acct"
    r"|account|debit)"
    r"(?P<between>(?:[ ](?!(?:in|with)[ ])[a-z#]{1,8}){0,3}?)[ ](?:ends?|ending|last (?:4|four))(?:[ ](?:in|with"
    r"|is|of))?[ :]{1,2}(?P<value>\d{4})(?!\w|[.,/-]\d)",
    re.I,
)
_EXTENSION: Final = Searcher(
    rf"(?<![\w.])(?:x|ext\.?|extension)[ ]?(?P<value>\d{{4,5}})(?![\w.,/%-]\w|\w){_UNIT}(?![ ]reps)", re.I
)
_SPELLED_MAIL: Final = Searcher(
    r"(?<![\w.@])(?P<value>(?:[\w.+-]{1,40}[ ]dot[ ]){0,3}[\w.+-]{2,40}[ ](?:at|@)[ ]"
    r"(?!the[ ])(?:[\w-]{2,30}[ ](?:dot|\.)[ ]){1,3}(?:com|org|net|edu|gov"
    r"|co|uk|io|us|ca|me|info|biz))(?!\w)",
    re.I,
    needs=r"[ ](?:[aA][tT]|@)[ ]",
    within=180,
)
_VEHICLES: Final = (
    r"ford|honda|toyota|chev(?:y|rolet)|nissan|hyundai|kia|subaru|jeep|dodge|bmw|audi|mazda|tesla|volvo|lexus|vw|camry"
    r"|civic|corolla|prius|accord|f-?150|suv|sedan|minivan|van|truck|pickup|car|motorcycle|taxi|cab"
)
_PLATE: Final = Searcher(
    rf"(?<!\w)(?i:{_VEHICLES})(?:,|[ ](?i:with|tags?|plates?|reg|w/))*[ ]"
    r"(?P<value>[A-Z]{2,3}[ -]?\d{3,4}|\d{3,4}[ -]?[A-Z]{2,3}|\d[A-Z]{3}\d{3})(?!\w)"
)
_DATED: Final = Searcher(
    r"(?<!\w)(?:signed|seen|since|dated?|dob|readmit(?:ted)?|tetanus|tdap|vaccinated|flu shot|lmp|edd|surg"
    r"(?:ery)?|admit(?:ted)?|adm|d/?c(?:['’]?d)?|discharged?|f/?u|appt|due"
    r"|visit|fell|died|expired|born|started|stopped|quit|last|court date|day of|injury|doi|dos|exp(?:ires|iring|iry)?)"
    r"(?: on)?[: ]{1,2}(?P<value>(?P<month>\d{1,2})(?P<mark>[-./])(?P<day>\d{1,2}))(?![\w/%]|[-.]\d|[ ]?(?:mg|ml"
    r"|x|hrs?|hours?"
    r"|days?|d|weeks?|wks?|w|months?|mos?|m|years?|times|L|liters?|cm|units?|pm|am|prbc)(?!\w))",
    re.I,
)
_EXPIRES: Final = Searcher(
    r"(?<!\w)(?:exp|expir(?:y|ing|es|ation))(?:[ ]date)?(?:[ ](?:is|on|in))?[:. ]{1,2}(?P<value>(?:0[1-9]"
    r"|1[0-2])/(?:20)?\d\d)(?![\w/])",
    re.I,
)
_ROMAN: Final = Searcher(
    r"(?<![\w./])(?P<value>\d{1,2}[./-](?:XII|XI|IX|IV|VI{0,3}|I{1,3}|X)[./-](?:19|20)?\d\d)(?![\w/])"
)
"""Months in Roman figures, as in much of Europe."""
_THE_NTH: Final = Searcher(
    r"(?<!\w)(?P<value>the (?:[4-9]|1\d|2\d|30|31)(?:st|nd|rd|th))(?=[ ]?[?!.]?[ ]?$)(?!\w)|"
    r"(?<!\w)(?P<weekday>(?:mon|tues?|thurs?|fri)(?:day)?[ ]\d{1,2}(?:st|nd|rd|th))(?=[ ]?(?:[,.;?!]|$)|[ ](?:at"
    r"|for|with|in|and|@)\b)",
    re.I | re.M,
)
_EVE: Final = Searcher(
    r"(?<!\w)(?P<value>xmas(?:[ ](?:eve|day))?|new years?(?:[ ](?:eve|day))|4th of july|july 4th)(?!\w)", re.I
)
_MESSENGER: Final = Searcher(
    r"(?<!\w)(?:teams|slack|dm|ping|msg|message|chat|venmo|zelle|tag|follow|username|login|user ?name|user ?id|handle"
    r"|log(?:s|ged)? in as|sign(?:s|ed)? in as|account)"
    r"(?:[ ](?:me|him|her|them|us|is|was|at|as|to))?[ ]@?(?P<value>[a-z][a-z._-]{2,20}\d{1,4})(?!\w)",
    re.I,
)
_ZIP: Final = Searcher(
    r"(?<![\w.])(?:a[kz]|al|ar|c[ato]|de|fl|ga|i[al]|k[sy]|ma|md|m[inost]|n[cdehjmvy]|oh|pa|ri|s[cd]|t[nx]|ut"
    r"|v[at]|w[aivy])[ ]"
    r"(?P<value>\d{5}(?:-\d{4})?)(?![\w.,/-]\w|\w)"
)
"""Behind a state in small letters."""
_ZIP_ASKED: Final = Searcher(
    r"(?:^|(?<=\n))(?P<value>\d{5})(?=,?[ ](?:which|what|where|who|any|closest|nearest|near|is there|do you)(?!\w))"
    r"|(?<!\w)(?:closest|nearest|near|clinics?|pharmac(?:y|ies)|labs?|locations?|doctors?)"
    r"[ ](?:to|near|in|around|by|for)[ ](?:zip(?:[ ]?code)?[ ])?(?P<near>\d{5})(?=[ ]?[.,?!]?[ ]?(?:$|\n))",
    re.I,
)
"""Where somebody looks for a house nearby."""
_FIELD: Final = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{7,10}|\d{3}-\d{2,3}-\d{3,4}|\d{3}\.\d{3}\.\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?[ ](?:of[ ])?[A-Z][a-z]{2,8}(?:[ ,]{1,2}\d{4})?)"
)
_STROKED: Final = Searcher(
    rf"(?<=[^\W\d_]{{2}}/)(?P<value>{_FIELD}(?:/{_FIELD}){{0,4}})(?![\w.]\w|\w|/\d)"
    r"(?!\s?(?:mg|mcg|ml|units?|iu|cells|copies|hpf))"
)
"""A birth date, a number and a telephone between strokes behind a name: "Best, Al/02/06/1998/95474385"."""
_GLUED: Final = Searcher(
    r"(?<!\w)(?:pt|pts|patient|mrn|acct|enc|csn|har|fin)#?(?P<value>\d{6,10})(?![\w%]|[.,]\d)", re.I
)
_COVERED: Final = Searcher(
    r"(?<!\w)(?:ins(?:urance)?|member|policy|subscriber|medicaid|plan|group|grp)[ ]?(?:id|no\.?|number|num|#)"
    r"(?: is|:)?[ ](?P<value>[a-z]{1,4}[ ]?\d{3}(?:[ -]?\d{2,6}){1,4})(?![\w%]|[.,]\d)",
    re.I,
)
"""Letters apart from the groups of figures that they belong to."""
_ELDER: Final = Searcher(
    r"(?<!\w)(?:s?he['’]?s|i['’]?m|(?:s?he|pt|patient|mom|mum|dad|mother|father|grandma|grandpa|gma|gpa|nana"
    r"|granny|i) (?:is|was|will be"
    r"|just turned|turned|turns)) (?P<value>9\d|1[01]\d)(?=[ ]?(?:[,.;!?)](?!\d)|$)|[ ](?:and|next|now|today|but"
    r"|w/|with|years?|yrs?|yo|this)\b)",
    re.I,
)
"""An age over 89; a share of oxygen is on room air, and of nobody."""
_PLAIN: Final = (
    (_ELDER, Kind.AGE_OVER_89, 0.6),
    (_EXTENSION, Kind.PHONE, 0.5),
    (_SPELLED_MAIL, Kind.EMAIL, 0.8),
    (_PLATE, Kind.VEHICLE, 0.6),
    (_EXPIRES, Kind.DATE, 0.7),
    (_ROMAN, Kind.DATE, 0.8),
    (_EVE, Kind.DATE, 0.6),
    (_MESSENGER, Kind.OTHER_ID, 0.6),
    (_ZIP, Kind.ZIP, 0.5),
    (_STROKED, Kind.OTHER_ID, 0.5),
    (_GLUED, Kind.MRN, 0.6),
    (_COVERED, Kind.HEALTH_PLAN, 0.7),
)


class BriefRecognizer(TextRecognizer):
    """Labels stand right before their values, as a hand in haste puts them."""

    KINDS = (
        *dict.fromkeys(kind for kind, _ in _LABELS),
        *(Kind.SSN, Kind.CARD, Kind.PHONE, Kind.EMAIL, Kind.VEHICLE, Kind.DATE, Kind.ZIP, Kind.AGE_OVER_89, Kind.MRN),
    )

    def find(self, text: str) -> Iterator[Match]:
        if len(text) > LONGEST_CHARS:
            return
        for rule, kind, score in _PLAIN:
            for hit in rule.finditer(text):
                yield Match(hit.start("value"), hit.end("value"), kind, score)
        for hit in _ZIP_ASKED.finditer(text):
            group = "value" if hit["value"] else "near"
            yield Match(hit.start(group), hit.end(group), Kind.ZIP, 0.5)
        for kind, rule in _LABELLED:
            for hit in rule.finditer(text):
                if _tells(hit["value"]):
                    yield Match(hit.start("value"), hit.end("value"), kind, 0.6)
        for hit in _ENDS.finditer(text):
            kind = Kind.SSN if hit["what"].lower().startswith("s") else Kind.CARD
            yield Match(hit.start("value"), hit.end("value"), kind, 0.7)
        for hit in _DATED.finditer(text):
            if plausible(hit["day"], hit["month"]):
                yield Match(hit.start("value"), hit.end("value"), Kind.DATE, 0.5)
        for hit in _THE_NTH.finditer(text):
            group = "value" if hit["value"] else "weekday"
            yield Match(hit.start(group), hit.end(group), Kind.DATE, 0.4)


def _tells(value: str) -> bool:
    """Whether so many figures tell somebody apart, and are no year and no dose."""
    figures = sum(c.isdigit() for c in value)
    letters = any(c.isalpha() for c in value)
    return figures >= (_FEWEST_MIXED if letters else _FEWEST) and not _YEAR.match(value)
