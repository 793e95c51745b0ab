"""Days without their month: "the 5th", "Tuesday the 5th", and holidays, which are days of the year by another name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_NTH = r"\d{1,2}(?:st|nd|rd|th)"
_WEEKDAY = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?"
_FOLLOWS = re.compile(
    r"\s{0,2}(?:[.,;:)!?]|$|\s(?:and|at|for|with|to|but|he|she|they|we|in|by|when|after|because|was|is|his|her"
    r"|patient|pt"
    r"|until|till|through|around|about|or|again|unless|if|per|this|next|last|morning|afternoon|evening|night|noon"
    r"|since|while|as|without|on"
    r"|of\s(?:the|this|that|last|next|each|every)\smonth)\b)",
    re.I | re.M,
)
"""What goes on after a day; a rib, a toe or a ventricle does not."""
_ONE_OF_SEVERAL = re.compile(rf"\s{{0,2}}(?:,\s?(?:and\s)?|and|or|to|through|thru|&|-)\s?(?:the\s)?{_NTH}", re.I)
_MOST_LISTED = 6


class DayRecognizer(TextRecognizer):
    """Ordinals where a sentence names a day, with the weekday before them; holidays with the year behind them."""

    KINDS = (Kind.DATE,)
    _placed = Searcher(
        r"\b(?:on|since|until|till?|by|seen|from|before|after|admitted|discharged|scheduled|for|starting|of|to"
        r"|due|back"
        r"|returns?|returned|around|about|through|thru|(?:this|next|last)\smonth|surgery|clinic|appt|appointment"
        r"|visit|procedure"
        r"|f/u|follow-?up|d/c|dc|here|off|out|cancel|resched\w{0,7})\sthe\s"
        rf"(?P<day>{_NTH})(?!\w)",
        re.I,
    )
    _weekday = Searcher(rf"\b(?P<day>(?P<name>{_WEEKDAY})\.?,?\s{{1,2}}(?P<the>the\s)?{_NTH})(?![\w-])", re.I)
    _of_month = Searcher(
        rf"\b(?P<day>{_NTH})\sof\s(?:the|this|that|last|next|each|every)\s(?:coming\s|same\s|following\s"
        rf"|current\s)?month\b",
        re.I,
    )
    _day_words = (
        r"(?:Christmas|CHRISTMAS)(?:\s(?:Eve|Day|EVE|DAY))?(?!\s?(?:[Tt]ree|TREE|[Dd]isease|DISEASE|[Ff]actor|FACTOR))"
        r"|christmas(?:\s(?:eve|day))?(?!\s?(?:tree|disease|factor|cactus))"
        r"|(?:[Tt]hanksgiving|THANKSGIVING)(?:\s(?:[Dd]ay|DAY|[Ee]ve))?"
        r"|(?:[Nn]ew\s[Yy]ear|NEW\sYEAR)['’]?[sS]?['’]?\s(?:[Ee]ve|[Dd]ay|EVE|DAY)|New\sYear['’]s(?!\s[Rr]esolution)"
        r"|(?:Labor|Labour|Memorial|Veterans?['’]?|Independence|Columbus|Presidents?['’]?s?|Valentine['’]?s"
        r"|Mother['’]?s"
        r"|Father['’]?s|Groundhog|Boxing|Election|St\.?\sPatrick['’]?s|Saint\sPatrick['’]?s|Martin\sLuther\sKing,?"
        r"(?:\sJr\.?)?|MLK|All\sSaints['’]?|Canada|Indigenous\sPeoples?['’]?s?)\sDay"
        r"|(?:LABOR|MEMORIAL|VETERANS['’]?|INDEPENDENCE|COLUMBUS|PRESIDENTS['’]?|VALENTINE['’]?S|MOTHER['’]S"
        r"|FATHER['’]S)\sDAY"
        r"|(?:[Hh]alloween|HALLOWEEN)|Juneteenth|Good\sFriday|Palm\sSunday|Easter(?:\s(?:Sunday|Monday|Eve))?"
        r"(?!\s(?:Seal|egg|Egg))"
        r"|Ash\sWednesday|Mardi\sGras|Cinco\sde\sMayo|Hanukkah|Chanukah|Kwanzaa|Rosh\sHashanah|Yom\sKippur|Passover"
        r"|Ramadan|Eid(?:\sal[\s-](?:Fitr|Adha))?|Diwali"
        r"|(?:[Tt]he\s)?(?:Fourth|4th)\sof\sJuly"
        r"|(?i:x-?mas(?:\s(?:eve|day))?)(?!\s?(?:tree|party))|easter(?:\s(?:sunday|monday))?(?!\s(?:eggs?|lil))"
        r"|labor\sday(?!\s\d)|memorial\sday"
        r"|(?:mother|father|valentine|new\syear)['’]?s\s(?:day|eve)|independence\sday|4th\sof\sjuly"
    )
    _counted = (
        r"(?:(?:the\s)?(?:(?:\d{1,2}|an?|one|two|three|four|five|six|few|couple(?:\sof)?)\s)?"
        r"(?:days?|nights?|weeks?|weekend|morning|eve|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s(?:before"
        r"|after|of)\s)?"
    )
    """How far from a holiday a day lies: "the Monday after Thanksgiving"."""
    _holiday = Searcher(
        rf"(?<![\w'’-])(?P<day>(?i:{_counted})(?:{_day_words}))(?![\w-])"
        r"(?!\s(?:Hospital|Surgery|Center|Centre|Clinic|Care|School|Program|Seals?|Treatment|Medical|Health|Road"
        r"|Street|St"
        r"|Drive|Lane|Ave)\b)"
        r"(?:(?:,?\s(?:of\s|in\s)?)(?P<year>(?:19|20)\d{2})(?!\d))?"
    )

    _year = Searcher(
        r"\b(?i:in|of|since|during|until|till|from|to|before|after|around|circa|early|late|mid|year|a|the|and"
        r"|through|for)"
        r"[\s-](?P<year>(?:19[2-9]|20[0-3])\d)(?![\w%°])(?![.,:/-]\d)"
        r"(?!\s?(?:mg|mcg|ml|cc|g|kg|iu|units?|u|k?cals?|calories?|steps|patients|subjects|people|persons"
        r"|participants|cases"
        r"|hours?|hrs?|h|feet|ft|meters|metres|m|x|cells|copies|times|doses|tabs?|tablets|beds|volts?|watts?"
        r"|joules?)\b)"
    )
    """A year alone is no identifier (45 CFR 164.514(b)(2)(i)(C)); the profile that acts on all acts on it."""

    _part_of_month = Searcher(
        r"\b(?P<day>(?:early|mid|late|beginning\sof|end\sof)[\s-]"
        r"(?:january|february|april|june|july|august|september|october|november|december|march|(?-i:May)))(?![\w-])",
        re.I,
    )
    _march = Searcher(r"\b(?P<day>march\s\d{1,2}(?:st|nd|rd|th))(?![\w-])")
    """In lower case a verb too, but for its ordinal."""
    _part_of_day = Searcher(
        r"\b(?:on|last|this\spast|next|coming|meet|since|by)\s(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
        r"(?=\s(?:morning|afternoon|evening|night|noon|at)\b)"
    )
    """A weekday of a certain week; "every Monday" and "Tuesday clinic" are of none."""

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._part_of_day.finditer(text):
            yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.4)
        for rule in (self._part_of_month, self._march):
            for hit in rule.finditer(text):
                yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.45)
        for hit in self._year.finditer(text):
            yield Match(hit.start("year"), hit.end("year"), Kind.DATE, 0.35)
        for hit in self._placed.finditer(text):
            last = _last_listed(text, hit.end())
            if _is_day(hit["day"]) and _FOLLOWS.match(text, last):
                yield Match(hit.start("day"), last, Kind.DATE, 0.4)
        for hit in self._weekday.finditer(text):
            # "He sat 2nd in line"; "Monday 2nd dose".
            told = hit["the"] or (hit["name"][0].isupper() and _FOLLOWS.match(text, hit.end()))
            if told and _is_day(hit["day"]):
                yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.6)
        for hit in self._of_month.finditer(text):
            if _is_day(hit["day"]):
                yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.6)
        for hit in self._holiday.finditer(text):
            yield Match(hit.start("day"), hit.end(), Kind.DATE, 0.7)


def _is_day(value: str) -> bool:
    return 1 <= int(re.sub(r"\D", "", value)) <= 31


def _last_listed(text: str, end: int) -> int:
    """Where the last of several ends ("the 4th and 5th"): what follows it tells days from toes."""
    for _ in range(_MOST_LISTED):
        more = _ONE_OF_SEVERAL.match(text, end)
        if more is None:
            break
        end = more.end()
    return end
