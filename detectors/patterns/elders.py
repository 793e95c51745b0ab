"""Ages over 89 where nothing but their height and their company tells an age, and the years of births.

A reader takes "F 92", "101M" or "d. at 96" for an age without the word. Of a younger person such a figure may stay;
over 89 it may not (45 CFR 164.514(b)(2)(i)(C), which names years that tell such an age too).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_HIGH: Final = r"(?P<age>9\d|1[01]\d|12[0-2])(?![\w%]|[./:,]\d|\s?%)"
"""From 90 on, to the age that no person has outlived."""
_LOW_EDGE: Final = rf"(?<![\w.$#/:{DASH}])(?<!\d,)"
_ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
_SPELLED: Final = (
    rf"(?P<age>ninety(?:[\s{DASH}]{{1,2}}(?:{_ONES}))?"
    rf"|(?:one|a)[\s{DASH}]hundred(?:(?:[\s{DASH}]and)?[\s{DASH}](?:{_ONES}|ten|eleven|twelve))?)(?![\w{DASH}])"
)
_COUNTED: Final = (
    r"(?!\s{0,2}-?\s?(?:%|mg|mcg|ml|cc|cm|mm|kg|g\b|lbs?\b|units?|tabs?|tablets?|caps?|capsules?|pills?|doses?|degrees?"
    r"|percent|per\b|mmhg|bpm|beats|breaths|minutes?|mins?\b|hours?|hrs?|h\b|days?|weeks?|wks?|months?|mos?\b|seconds?"
    r"|times|feet|ft\b|meters?|metres?|yards?|miles?|mph|points?|dollars?|cents|thousand|million|over\s\d|on\sroom"
    r"|room\sair|years?\s(?:ago|later|before|after|since|of\sexperience)|yrs?\sago|°|[a-zµμ]{1,6}/"
    rf"|(?:[{DASH}]|to\b)\s?\d))"
)
_SEX: Final = r"(?-i:[FM]|[Ff]emale|[Mm]ale|FEMALE|MALE|[Ww]oman|[Mm]an|[Ll]ady|[Gg]entleman|[Ww]idow(?:er)?)"
_SEX_FIRST: Final = Searcher(
    r"(?<![\w°.'’])(?<!\d[ ])(?<!°[ ])(?P<sex>[FM]|[Ff]emale|[Mm]ale|FEMALE|MALE)"
    rf"(?:[ \t]{{1,8}}|[ \t]?[/,|;{DASH}][ \t]?)(?:[Aa]ged?[ :]{{1,2}})?{_HIGH}{_COUNTED}"
)
_SEX_BEHIND: Final = Searcher(
    rf"{_LOW_EDGE}(?P<age>9\d|1[01]\d|12[0-2])(?:[ \t]{{0,2}}|[ \t]?[/,|;{DASH}(][ \t]?)"
    r"(?P<sex>[FM]|[Ff]emale|[Mm]ale|FEMALE|MALE|[Ww]oman|[Mm]an|[Ll]ady|[Gg]entleman|[Ww]idow(?:er)?)(?![\w°'’/\-])"
)
_PERSON_FOLLOWS: Final = re.compile(
    r"[,;]?[ \t]{1,3}(?:female|male|woman|man|lady|with|w/|who|was|is|has|had|presents?|presented|presenting|from|in"
    r"|lives|admitted|seen|here|alert|s/p|c/o|h/o|hx|pmh|and\s(?:her|his))\b",
    re.I,
)
_HEAT: Final = re.compile(
    r"(?:\b(?:temp\w*|t|tm|tmax|tc|t-?max|fever\w*|febrile|afebrile|degrees?|deg|warm\w*|heat\w*|cool\w*|water|store\w*"
    r"|refrigerat\w*|bath|thermostat)\b[^\n;]{0,24}|(?:[<>≤≥=]|\b(?:below|above|under|over|to|than|of|at|exceeds|reached))\s{0,2})$",
    re.I,
)
_HEAT_FOLLOWS: Final = re.compile(
    r"[,;.(]?\s{0,2}(?:oral\w*|axillary|rectal\w*|tympanic|temporal|temp\w*|fever)\b", re.I
)
_NO_SEX: Final = re.compile(
    r"(?:\b(?:room|rm|bed|unit|ward|wing|bldg|building|suite|ste|apt|lot|model|type|factor|grade|class|section|row|level"
    r"|form|schedule|appendix|figure|fig|hepatitis|part|french|size|hx|stage)[ .:#]{1,3}"
    r"|\b(?:walk\w*|ambulat\w*|distance|swam|swims?|ran|runs?|depth|altitude|rbc|wbc)\b[^\n;.]{0,24})$",
    re.I,
)
_ENDED: Final = Searcher(
    r"(?<![\w.])(?:died|dies|dying|d\.|dec(?:'d|\.|eased)?|passed(?:\s(?:away|on))?|expired|lived|living|alive|survived|death"
    r"|demise)(?:\s(?:peacefully|recently|suddenly|quietly|last\syear|in\s(?:19|20)\d\d|(?:19|20)\d\d|of\s[^\d\n.;]{3,30}))?"
    r"[\s,(]{1,3}(?:well\s)?(?:(?:at|to|until|till|past|beyond|aged?|about|around|almost|nearly|the\sage\sof|be)[\s.]{1,2}){0,4}"
    rf"(?:{_HIGH}|{_SPELLED.replace('<age>', '<words>')}){_COUNTED}(?!\s[A-Z][a-z]+\s(?:St|Ave|Rd|Dr|Ln|Street|Road))",
    re.I,
)
_TOLD: Final = Searcher(
    rf"(?<!\w)(?:age[ds]?|(?:at|to|reached|past)\s(?:the\s)?age(?:\sof)?)[\s:]{{1,2}}{_SPELLED}{_COUNTED}"
    rf"|(?<!\w)(?:a|an|the|this|{_SEX})\s{_SPELLED.replace('<age>', '<alone>')}[\s{DASH}]?years?[\s{DASH}]?old",
    re.I,
)
_IN_YEARS: Final = Searcher(
    rf"(?P<lead>(?<!\w)(?:for|over|past|last|within|nearly|after|in|than|every|next|about|of)\s)?{_LOW_EDGE}"
    r"(?P<age>9\d|1[01]\d|12[0-2])\s{0,2}(?:y|yrs?|years?)(?![\w-])\.?"
    r"(?!\s{0,2}(?:ago|later|since|history|hx|experience|prior|before|after|in\s(?:practice|business)|survival|warranty"
    r"|anniversary|of\s(?!age)))",
    re.I,
)
_DECADE: Final = Searcher(
    r"\b(?:early|mid|late|well\sinto)?[\s-]?(?:(?:in|into|through)\s(?:his|her|their|the|your|my)\s)?(?:early|mid|late)?[\s-]?"
    rf"(?:nineties|90['’]?s)\s?[(,:]\s?{_HIGH}{_COUNTED}",
    re.I,
)
_NINETIES: Final = Searcher(
    rf"\b(?:in|into|through)\s(?:his|her|their|my|your)\s(?:early|mid|late|very\slate)?[\s{DASH}]?(?:nineties|hundreds)\b",
    re.I,
)
_BIRTHDAY: Final = Searcher(
    r"(?<![\w.])(?P<age>(?:9\d|1[01]\d|12[0-2])(?:st|nd|rd|th)"
    rf"|ninetieth|ninety[\s{DASH}](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|(?:one[\s{DASH}])?hundredth)"
    r"(?=\s(?:birthday|b-?day|birth\sday|year\sof\s(?:life|(?:his|her|their)\slife)))",
    re.I,
)

_YEAR: Final = r"(?P<year>(?:1[89]|20)\d\d)(?![\w/]|[.\-]\d)"
_BORN: Final = Searcher(
    r"(?<![\w.])(?:(?<!group[ ])(?<!hep[ ])(?<!hepatitis[ ])(?<!vitamin[ ])(?<!type[ ])b\."
    r"|(?<=[(,])\s?b(?=\s(?:18|19)\d\d)|born:?"
    r"|birth\s?year:?|year\sof\s(?:birth|being\sborn):?"
    r"|y\.?o\.?b\.?:?|d\.?o\.?b\.?:?|birth(?:\s?date)?:|date\sof\sbirth:?|birth\scohort:?|natal\syear:?)"
    r"[\s:=(]{0,3}(?:(?:in|is|was|ca?\.|circa|about|around|approx\.?|abt\.?|the\syear|year|the|early|late|mid|(?-i:[A-Z])"
    rf"|[A-Z][a-z]+,?)[\s-]){{0,4}}{_YEAR}(?!\s?(?:mg|ml|mcg|units?|kcal|grams?|g\b))",
    re.I,
)


_OPENS: Final = Searcher(
    r"(?<![^\n])(?P<age>9\d|1[01]\d)[ ]?[fm][ ](?=(?:lives|living|who|from|found|fell|s/p|c/o|in (?:rm|room|bed|er|ed)"
    r"|alone|hx|h/o|dnr|falls?)\b)"
)
"""In lower case "98 f" is a temperature, unless a person's clause goes on behind it at the head of a message."""


class ElderRecognizer(TextRecognizer):
    """The figure beside a sex, behind a death, before "y", of a birthday; only the age itself is the finding."""

    KINDS = (Kind.AGE_OVER_89,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _SEX_FIRST.finditer(text):
            if not _NO_SEX.search(_lead(text, hit.start())):
                yield _age(hit, "age", 0.7)
        for hit in _SEX_BEHIND.finditer(text):
            if _of_a_person(text, hit):
                yield _age(hit, "age", 0.7)
        for hit in _OPENS.finditer(text):
            yield _age(hit, "age", 0.6)
        for rule in (_ENDED, _TOLD, _DECADE, _BIRTHDAY):
            for hit in rule.finditer(text):
                yield _age(hit, next(name for name, value in hit.groupdict().items() if value), 0.75)
        for hit in _IN_YEARS.finditer(text):
            if not hit["lead"]:
                yield _age(hit, "age", 0.6)
        for hit in _NINETIES.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.AGE_OVER_89, 0.8)


class BirthYearRecognizer(TextRecognizer):
    """The year alone behind a word of birth: "b. 1931", "Year of birth: 1929", "born in Ohio in 1931"."""

    KINDS = (Kind.BIRTH_DATE,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _BORN.finditer(text):
            yield Match(hit.start("year"), hit.end("year"), Kind.BIRTH_DATE, 0.75)


def _of_a_person(text: str, hit: re.Match[str]) -> bool:
    """Fahrenheit and metres have the letters of the sexes: a temperature or a distance is none."""
    lead, sex = _lead(text, hit.start()), hit["sex"]
    if _NO_SEX.search(lead):
        return False
    if sex != "F" or (_PERSON_FOLLOWS.match(text, hit.end()) and int(hit["age"]) < 99):
        return True
    if _HEAT.search(lead) or _HEAT_FOLLOWS.match(text, hit.end()):
        return False
    # From 99 on a lone figure with an F is a fever far more often than a person.
    return int(hit["age"]) < 99 or _PERSON_FOLLOWS.match(text, hit.end()) is not None


def _lead(text: str, start: int) -> str:
    """What stands before, on the same line."""
    lead = text[max(0, start - 40) : start]
    return lead[lead.rfind("\n") + 1 :]


def _age(hit: re.Match[str], group: str, score: float) -> Match:
    return Match(hit.start(group), hit.end(group), Kind.AGE_OVER_89, score)
