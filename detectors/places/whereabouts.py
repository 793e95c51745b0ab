"""Where somebody lives or lies, as messages put it: "at mercy", "took 1408 maple", "from st lukes".

Short messages alone are read so: on a page the same words open sections and stand beside results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_city, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.names.messages.asked import LONGEST_CHARS
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher
from detectors.patterns.states import STATE_NAMES
from detectors.places.employers import found_employers
from detectors.places.headings import is_form_word
from detectors.places.towns import ABROAD, NO_TOWNS, ONLY_TOWNS, is_large

_BREAK: Final = (
    r"(?=[ ]?(?:[.,;:?!)]|$|\n)|[ ](?:on|for|with|today|yesterday|in|last|sent|cost|lost|and|since"
    r"|after|at|by|he|she|until|this|before|but|who|about|regarding|re|says|said|faxed|called|wants)\b)"
)
_DWELLS: Final = (
    r"liv(?:e|es|ed|ing) (?:alone )?(?:in|outside|near)|(?:mom|mother|dad|father|son|daughter|wife|husband) "
    r"(?:is |lives )in|mov(?:ed|ing) (?:here )?(?:to|from)|(?:flew|drives?|drove|came|visiting"
    r"|is|was|comes"
    r"|bused|transferred) (?:in |all the way )?from|resident of|born in|raised in|grew up in|home(?: is| in| is in|:)"
    r"|stays? in"
    r"|from|near|in|to|out of|(?:family|relatives|kids|parents) (?:is |are )?in|back in"
)
_TOWN: Final = Searcher(
    rf"(?<!\w)(?:{_DWELLS})[ ](?P<town>[^\W\d_][\w'’.-]{{1,20}}(?:[ \n][^\W\d_][\w'’.-]{{0,20}}){{0,3}})", re.I
)
_SHORTEST_ALONE: Final = 5
_CORNER: Final = Searcher(
    r"(?<!\w)corner of (?P<name>(?:\d{1,3}(?:st|nd|rd|th)|[a-z]{3,16})(?: (?:st|ave|rd|street|avenue|road))? "
    r"(?:and|&|n) "
    r"(?:\d{1,3}(?:st|nd|rd|th)|[a-z]{3,16}))(?!\w)"
    r"|(?<!\w)(?:at|from|on|near|by|off) (?P<met>\d{1,3}(?:st|nd|rd|th) (?:and|&|n) (?!\w*(?:st|nd|rd|th|day|then)\b)"
    r"[a-z]{3,16})(?=[ ]?(?:[.,;?!)]|$|\n))"
)
_STREET_TOWN: Final = Searcher(
    r"(?<![\w.])\d{1,5} (?:[nsew]\.? )?[^\W\d_]{3,16}(?: [^\W\d_]{3,16})? "
    r"(?:st|ave|rd|street|avenue|road|blvd|ln|lane|dr|drive|ct)\.?,? (?P<town>[^\W\d_]{4,20}(?: [^\W\d_]{3,20})?)"
    r"(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:[a-z]{2}[ ])?\d{5})",
    re.I,
    needs=r"[ ](?i:st|ave|rd|street|avenue|road|blvd|ln|lane|dr|drive|ct)\.?,?[ ]",
    within=48,
)
"""A town right behind a street."""
_RESIDENCE: Final = Searcher(
    r"(?<!\w)(?:snf|alf|ltc|nursing home|rehab|at|to|from)(?: is|:)? (?P<name>(?P<before>[a-z][\w'’]{2,15}) "
    r"(?:lake|manor|meadows?"
    r"|pointe|village|gardens|springs|ridge|oaks|pines|grove|terrace|haven|acres|commons|heights|villa|estates))"
    r"(?!\w)",
    re.I,
)
"""What homes for the aged are called."""
_NUMBER: Final = r"(?P<number>\d{1,5}(?:[ ]?[a-f](?![a-z]))?)"
_TO_HOUSE: Final = (
    r"liv(?:es|ing|e|ed) (?:at|on)|at|took|address(?: is)?:?|pick ?up (?:at|from)|deliver(?:ed|y)? to"
    r"|home health to|ship(?:ped)?"
    r"(?: it)? to|send (?:it )?to|mail (?:it )?to|ems to|ambulance to|going to|moved to|stays at"
)
_NAMED: Final = Searcher(
    rf"(?<![\w.])(?:{_TO_HOUSE})[ ]{_NUMBER}[ ](?P<way>(?:[NSEW]\.?[ ])?[A-Z][a-z'’]{{2,20}}(?:"
    rf"[ ][A-Z][a-z]{{2,20}}){{0,2}})"
    r"(?P<unit>,?[ ](?:[Aa]pt|[Uu]nit|#)\.?[ ]?\w{1,4})?(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:in|and|for|with|on|by|,)\b)"
)
_TYPED: Final = Searcher(
    rf"(?<![\w.])(?:{_TO_HOUSE})[ ]{_NUMBER}[ ](?:[nsew]\.?[ ])?(?P<way>[a-z'’]{{3,20}}(?:[ ](?:court|rear|grand"
    rf"|hill|park|lake|creek|ridge))?)"
    r"(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:in|and|for|ems|apt|unit|#|w/|by)\b)"
)
_WAYS: Final = word_set(
    """
    maple oak elm pine cedar birch walnut chestnut cherry willow spruce poplar hickory magnolia sycamore laurel holly
    washington lincoln jefferson madison monroe jackson adams franklin grant cleveland roosevelt wilson harrison main
    park lake hill river church spring highland sunset broadway grand union prospect center central pleasant vine
    market front walnut college mill school water ridge valley forest locust delaware pennsylvania virginia
    """
)
"""What American streets are mostly called; a figure and one of these behind "at" or "took" is a house."""
_FAITHS: Final = (
    r"mercy|methodist|baptist|presbyterian|lutheran|deaconess|adventist|sinai|samaritan|brigham"
    r"|providence"
)
_HOSPITAL: Final = Searcher(
    rf"(?<!\w)(?:at|from|to|@|the)[ ](?P<name>(?:(?P<before>[^\W\d_][\w'’.-]{{1,18}})[ ])?(?P<word>{_FAITHS}"
    rf"|general|memorial|regional"
    rf"|community)){_BREAK}",
    re.I,
)
_HOSPITAL_NAMED: Final = Searcher(
    r"(?<![\w'’])(?P<name>(?P<before>(?:The )?[A-Z][a-z'’.]{2,18})[ ](?:Regional|Memorial|General|Infirmary"
    r"|Samaritan|Methodist|Baptist"
    r"|Presbyterian|Lutheran|Deaconess)(?:[ ](?:North|South|East|West))?)(?![\w-])(?![ ](?:[A-Z]|pain|an[ae]esth"
    r"|block|surg|law|church))",
    needs=r"[ ](?:Regional|Memorial|General|Infirmary|Samaritan|Methodist|Baptist|Presbyterian|Lutheran|Deaconess)",
    within=23,
)
_WING: Final = Searcher(
    r"(?<!\w)(?:at|from|to|@)[ ](?P<name>(?:regional|memorial|general|baptist|methodist|mercy|presbyterian) "
    r"(?:north|south|east|west))(?!\w)",
    re.I,
)
_NO_HOSPITAL: Final = word_set("the a attorney surgeon major brigadier postmaster complex in as for of local")
_NO_HOUSE: Final = word_set(
    "the a an our this my your his her their local and or by for in of to at general per each any no some every with"
    " on new whole larger wider more non good great own mental public in-house sent pt patient up"
)
_CHAIN: Final = Searcher(
    r"(?<!\w)(?P<name>(?:cvs|walgreens?|rite[ ]?aid|walmart|target|kroger|costco|safeway|publix|h-?e-?b"
    r"|7-?eleven|shell|exxon|mobil"
    r"|mcdonald['’]?s|starbucks|dunkin|burger king|wendy['’]?s)(?:[ ](?:station|pharmacy|store))?[ ](?:on|at"
    r"|near|by|off)[ ]"
    r"(?:the corner of[ ])?(?:\d{1,3}(?:st|nd|rd|th)|route \d{1,3}|rt \d{1,3}|hwy \d{1,3}|[a-z]{3,16})(?:[ ]"
    r"(?:and|&|n)[ ](?:\d{1,3}(?:st|nd|rd|th)|[a-z]{3,16})"
    r"|[ ](?:st|ave|rd|blvd|street|avenue|road))?)(?=[ ]?(?:[.,;?!)]|$|\n)|[ ][a-z])",
    re.I,
)
_CROSSES: Final = re.compile(r"\d|[ ](?:and|&|n|st|ave|rd|blvd|street|avenue|road)(?:[ ]|$)", re.I)
_SCHOOL: Final = Searcher(
    r"(?<!\w)(?P<name>(?:P\.?S\.?|JHS|I\.?S\.?)[ ]?\d{1,3})(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:in|and|on|since)\b)"
)
_CENTRE: Final = Searcher(
    r"(?<!\w)(?:at|to|from|attends)[ ](?P<name>(?!the |a |an |her |his |our |my |their )[a-z][\w'’]+[ ]"
    r"(?:[a-z][\w'’]+[ ])?"
    r"(?:adult day(?:care)?|daycare|day care|preschool|elementary|montessori|assisted living|memory care"
    r"|senior living|manor"
    r"|shelter|group home))(?!\w)",
    re.I,
)
_TAUGHT: Final = Searcher(
    r"(?<!\w)(?:student at|attends|goes to|graduated from|studies at|freshman at|sophomore at|teaches at)[ ]"
    r"(?P<name>(?!the |a |an |his |her |our |my |local |community |public |private )[a-z][a-z'’.]{2,16}"
    r"(?:[ ][a-z'’.]{3,16})?[ ](?:state|tech|college|university|high|middle|prep|academy))"
    r"(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:and|in|school|on|since|but|for)(?!\w))"
)
"""A school or a college in lower case, behind who learns or teaches there."""
_KINDS_OF_CARE: Final = word_set(
    "adult child in out our local skilled nursing memory senior home long term new old after and public private"
)
_PRACTICE: Final = Searcher(
    r"(?<!\w)(?i:ask|call|called|from|at|to|by|with|via|sees)[ ](?P<name>(?P<before>[A-Z][\w'’-]{1,24})[ ]"
    r"(?:Pediatrics|Cardiology|Dermatology|Orthopedics"
    r"|Orthopaedics|Oncology|Urology|Neurology|Radiology|Imaging|Dental|Dialysis|Gastroenterology|Nephrology"
    r"|Surgery|Eye"
    r"|Rehab|Hospice|Pharmacy|Ob/?[Gg]yn|OB/?GYN))(?![\w-])"
)
"""A practice by its town or its founder, and its specialty."""
_MOUNT: Final = Searcher(
    r"(?<!\w)(?i:did|ask|call|called|from|at|to|by|has|is)[ ](?P<name>(?:Mount|Mt\.?)[ ][A-Z][a-z'’]{2,20})(?![\w-])"
)
_SAINT_TYPED: Final = Searcher(
    r"(?<!\w)(?:at|from|to|by|@)[ ](?P<name>st\.?[ ](?!(?:changes|segments|elevations|depressions|abnormalities"
    r"|waves|class)\b)"
    r"[a-z]{2,10}s)(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:er|ed|eta|x|on|for|today|yesterday|in|hosp\w*|and|by|w/|with"
    r"|after|tonight|icu)\b)"
)
_CLINICS: Final = Searcher(
    r"(?<!\w)(?:at|from|to|by|@|the(?![ ]patient))[ ](?P<name>mayo|hopkins|johns hopkins|mass gen"
    r"|cleveland clinic|sloan"
    r"(?: kettering)?|md anderson"
    r"|cedars(?: sinai)?|patient first|carenow|citymd|medexpress|concentra|minuteclinic|gohealth|fastmed|scripps"
    r"|ochsner"
    r"|geisinger|sentara|novant|medstar|intermountain|kaiser|mt\.? sinai|bellevue|harborview|ucsf|ucla|nyu|vanderbilt"
    r"|barnes(?: jewish)?)"
    r"(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:er|ed|eta|on|for|today|in|and|with|after|last|w/)\b)"
)
"""Houses that everybody calls by one word."""


class WhereaboutsRecognizer(TextRecognizer):
    """Towns of several words in any case, houses without "Street", hospitals by half their name, employers."""

    KINDS = (Kind.CITY, Kind.STREET, Kind.FACILITY)

    def find(self, text: str) -> Iterator[Match]:
        if len(text) > LONGEST_CHARS:
            return
        yield from _towns(text)
        yield from _houses(text)
        for hit in _HOSPITAL.finditer(text):
            if _is_hospital(hit):
                yield _whole(hit, Kind.FACILITY)
        for hit in _HOSPITAL_NAMED.finditer(text):
            if hit["before"].lower() not in _NO_HOSPITAL and not is_clinical_word(hit["before"]):
                yield _whole(hit, Kind.FACILITY)
        for hit in _WING.finditer(text):
            yield _whole(hit, Kind.FACILITY)
        for hit in _CHAIN.finditer(text):
            if _CROSSES.search(hit["name"]):
                yield _whole(hit, Kind.FACILITY)
        for hit in _CORNER.finditer(text):
            group = "name" if hit["name"] else "met"
            yield Match(hit.start(group), hit.end(group), Kind.STREET, 0.45)
        for hit in _RESIDENCE.finditer(text):
            if hit["before"].lower() not in _NO_HOUSE and not is_clinical_word(hit["before"]):
                yield _whole(hit, Kind.FACILITY)
        for rule in (_SCHOOL, _TAUGHT):
            for hit in rule.finditer(text):
                yield _whole(hit, Kind.FACILITY)
        for hit in _CENTRE.finditer(text):
            if hit["name"].lower().split()[0] not in _KINDS_OF_CARE:
                yield _whole(hit, Kind.FACILITY)
        yield from found_employers(text)
        for rule in (_MOUNT, _SAINT_TYPED, _CLINICS):
            for hit in rule.finditer(text):
                yield _whole(hit, Kind.FACILITY)
        for hit in _PRACTICE.finditer(text):
            if not is_common_word(hit["before"]) and not is_clinical_word(hit["before"]):
                yield _whole(hit, Kind.FACILITY)


def _whole(hit: re.Match[str], kind: Kind) -> Match:
    return Match(hit.start("name"), hit.end("name"), kind, 0.45)


def _towns(text: str) -> Iterator[Match]:
    """The longest town of the lexicon that begins behind a word of dwelling; one word where it is no ordinary one."""
    for hit in _TOWN.finditer(text):
        ends = [m.end() for m in re.finditer(r"\S+", hit["town"])]
        for end in reversed(ends):
            town = hit["town"][:end].rstrip(".,")
            alone = not re.search(r"\s", town)
            dull = is_common_word(town) or is_clinical_word(town) or len(town) < _SHORTEST_ALONE
            if alone and town.lower() in ABROAD:
                yield Match(hit.start("town"), hit.start("town") + len(town), Kind.CITY, 0.5)
                break
            if alone and dull and town.lower() not in ONLY_TOWNS:
                continue
            if is_city(town) and not is_large(town) and not (alone and re.fullmatch(STATE_NAMES, town, re.I)):
                yield Match(hit.start("town"), hit.start("town") + len(town), Kind.CITY, 0.5)
                break

    for hit in _STREET_TOWN.finditer(text):
        if is_city(hit["town"]) and not is_large(hit["town"]):
            yield Match(hit.start("town"), hit.end("town"), Kind.CITY, 0.5)


def _houses(text: str) -> Iterator[Match]:
    for hit in _NAMED.finditer(text):
        words = hit["way"].split()
        if not any(is_clinical_word(w) or is_form_word(w) or w.lower() in NO_TOWNS for w in words):
            end = hit.end("unit") if hit["unit"] else hit.end("way")
            yield Match(hit.start("number"), end, Kind.STREET, 0.45)
    for hit in _TYPED.finditer(text):
        word = hit["way"].split()[0]
        frequent = not is_common_word(word) and surname_rank(word) is not None
        if word in _WAYS or " " in hit["way"] or frequent:
            yield Match(hit.start("number"), hit.end("way"), Kind.STREET, 0.45)


def _is_hospital(hit: re.Match[str]) -> bool:
    """A faith's word alone, or any of them behind a word that names: "at mercy", "county general", "Good Samaritan"."""
    before, word = (hit["before"] or "").lower(), hit["word"].lower()
    if before in ("good", "county", "city", "sacred"):
        return True
    if not before:
        return word in _FAITHS.split("|") and word not in ("providence", "samaritan")
    return (
        before not in _NO_HOUSE and not is_clinical_word(before) and not (word == "general" and is_common_word(before))
    )
