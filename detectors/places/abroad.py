"""Addresses as other countries write them, and what stands below a street: town, region, country, postal code.

Most of the world puts the house number behind the street's name (UPU, Addressing systems of the member countries);
engines and forms put another number before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, is_given_name, word_set
from detectors.findings import Kind
from detectors.patterns.addresses import SUFFIX, UNIT
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher
from detectors.patterns.states import STATE_CODES
from detectors.places.towns import LARGE

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΫЀ-Я"
_NAME: Final = rf"[{_UP}][^\W\d_]{{0,24}}(?:['’.\-][^\W\d_]{{1,24}}){{0,2}}+\.?"
_SMALL: Final = (
    r"(?:de|del|della|dei|di|do|da|dos|das|du|des|la|le|les|el|en|nad|van|von|der|den|ter|aan|u|ul\.|of|the|y|e"
    r"|am|an|im|sur)"
)
_LEAD: Final = r"(?:de|del|della|dei|da|do|dos|das|du|des|van|von|ter|ul\.|rua|rue|calle|via|av\.?|C/)"
_NAMES: Final = rf"(?:{_LEAD}[ ])?{_NAME}(?:[ ](?:{_SMALL}[ ]){{0,2}}{_NAME}){{0,3}}"
_TYPE: Final = (
    r"(?:u|út|utca|tér|ter|krt|rkp|kapu|ul|vej|gade|gata|gatan|gate|katu|tie|väg|vägen|plein|laan|straat|weg|platz"
    r"|straße|strasse|str|allee|terrasse|tn|pst|mnt|sor)\.?"
)
_UNIT: Final = (
    r"(?:[ ,]{1,3}|[ ,]{0,3}\n[>? ]{0,8})(?i:apt|apartment|suite|ste|unit|flat|room|rm|floor"
    r"|#)\.?[ ]?#?[ ]?\d{1,5}[A-Z]?(?![\w])"
)
_NUMBERED: Final = Searcher(
    rf"(?<![\w/.,:$#%-])(?:(?P<first>\d{{1,5}})[ ])(?P<name>{_NAMES})[ ](?:{_TYPE}[ ])?(?P<last>\d{{1,5}})\.?"
    rf"(?P<unit>{_UNIT})?(?![\w%/])(?!\.\d)"
)
_NUMBER_LAST: Final = Searcher(
    rf"(?<![\w.'’-])(?=[^\n\d]{{3,80}}\d)(?P<name>{_NAMES})[ ](?:{_TYPE}[ ])?(?P<last>\d{{1,5}})\.?"
    rf"(?P<unit>{_UNIT})?(?![\w%/])(?!\.\d)",
    needs=r"(?<=(?:[^\W\d_]|\.)[ ])\d{1,5}(?![\w%/])",
    within=82,
)
_STREET_WORD: Final = re.compile(
    r"(?i)(?:\b(?:rua|rue|via|viale|calle|avenida|av|avda|avenue|camino|paseo|piazza|piazzale|plaza|plac|strada"
    r"|ulica|ul\.?|rambla"
    r"|chemin|route|boulevard|largo|corso|vicolo|praça|travessa|quai|impasse|alameda)\b"
    r"|(?:stra(?:ß|ss)e|str|stræde|gasse|weg|platz|allee|vej|veien|vegen|gade|gata|gatan|gate|väg|vägen|katu"
    r"|kuja|tie|polku|laan|straat"
    r"|plein|dijk|kade|hof|steig|ring|graben|berg|utca|tér|út|ulice|náměstí|třída|cesta|trg|ulica|tänav|maantee"
    r"|stræti|braut"
    r"|götu|vegur|stíg)\b)"
)
_STREET_ENDS: Final = Searcher(
    rf"(?<![\w/.$#-])\d{{1,5}}[A-Z]?(?:[ ][A-Z0-9][\w'’.\-]{{0,24}}){{1,5}}?[ ]{SUFFIX}{UNIT}(?=[,\n])"
)
"""A street as the United States write it, of which the town below or behind is wanted."""
_UNIT_ENDS: Final = Searcher(
    r"(?<![\w])(?i:apt|apartment|suite|ste|unit|p\.?\s?o\.?\s?box|box)\.?[ ]?#?[ ]?\d{1,5}[A-Z]?(?=[ ,\n])"
    r"(?![ ]?(?i:mg|ml|of|units?)\b)"
)
_PLACED: Final = re.compile(
    r"(?:\b(?:at|on|to|in|of|is|are|address|located|live[sd]?|office|offices|same|here|with|and|moved|near"
    r"|corner)[ :]{1,2}|[,:>?]\s{0,4}|\n\s{0,4})$"
)
_LINE: Final = (
    rf"(?:{_SMALL}[ ])?[{_UP}][^\W\d_]{{0,24}}(?:[ '’.\-/]{{1,2}}[^\W\d_]{{1,24}}){{0,4}}+"
    rf"(?:[ ]\([^\n()]{{2,24}}\))?(?:[ ]\d{{1,2}}(?!\d))?"
)
_GAP: Final = r"[ ]{0,4}(?:[,;]?\s{0,6}[>?]{0,4}\s{0,6})"
_TAIL: Final = re.compile(
    rf"(?P<town>{_LINE})(?:{_GAP}(?:,\s?)?(?P<region>[A-Z]{{2,3}}|nan|\d{{1,2}}))?(?:{_GAP}(?P<land>{_LINE}))?"
    rf"(?:{_GAP}|[ ])(?P<code>\d{{4,6}})?(?![\w-])"
)
_BETWEEN: Final = re.compile(
    r"\.?[ ]{0,4}(?:[,;][ ]{0,2}|(?<=[ ])(?=[^\W\d_])|[,;]?[ ]{0,4}\n[>?*| \t]{0,8}(?:\n[>?*| \t]{0,8})?)"
)
_COUNTRY_LINE: Final = 4
_TRADE: Final = word_set(
    "town county country region site zipcode "
    "phone tel fax mobile cell email e-mail dob mrn ssn date name patient address city state zip home work office desk "
    "re to from attn attention dear sincerely signed contact emergency provider physician insurance policy member visa "
    "card account npi subject when where who what thanks regards stage grade type class phase room bed unit ward level "
    "log shift report record census schedule reason ordering jan feb mar apr may jun jul aug sep sept oct nov dec "
    "january february march april june july august september october november december"
)
_MEASURED: Final = re.compile(
    r"[ ]?(?:mg|mcg|g|kg|ml|cc|cm|mm|units?|tabs?|tablets?|caps?|days?|hours?|hrs?|weeks?|months?|years?|times"
    r"|puffs?|am|pm|of)\b",
    re.I,
)


_SITED: Final = re.compile(
    r"(?:\b(?:(?:side|end|corner|edge)[ ]of|live[sd]?[ ](?:at|on)|living[ ](?:at|on)|(?:return|deliver|mail|ship|send"
    r"|sent|moved|move)[ ](?:it[ ])?to|located[ ](?:at|on)|office[ ](?:at|on|is)|address(?:es)?"
    r"(?:[ ]is|[ ]are)?)[ :]{1,2}"
    r"|\b(?:address|same|live|located|office)[a-z]{0,3}:[ ])$"
)
"""Words that only places follow: the street's name needs no word for street."""
_SUFFIX_BEHIND: Final = re.compile(rf"[ ]{SUFFIX}")
_FIRST_OF_TWO: Final = re.compile(rf"(?<![\w]){_NAME}[ ](?:and|&)[ ]$")
_UNIT_TOLD: Final = Searcher(
    r"(?<![\w/.$-])\d{1,5}(?:[ ][^\W\d_]{1,24}){1,5}[ ]\d{1,5}[ ,]{1,2}(?i:apt|apartment|suite|ste|unit)\.?[ ]?#?"
    r"\d{1,5}(?![\w/])(?:\s{0,3}[,|]?\s{0,3}(?P<town>[^\W\d_]{3,24}(?:[ ][^\W\d_]{2,24}){0,2}),[ ]"
    r"(?P<region>[A-Za-z]{2})[ ](?P<code>\d{4,6})(?!\w))?"
)
"""In any case: between two numbers and before a flat there stands a street."""
_AMID_NUMBERS: Final = Searcher(
    rf"(?<![\w/.,:$#%-])\d{{1,5}}[ ](?P<name>[{_UP}][^\W\d_]{{2,24}}(?:[ ][^\W\d_]{{2,24}}){{1,3}})[ ]\d{{1,4}}\.?"
    rf"(?:[ ]{SUFFIX})?(?![\w%/.])"
)


_CORNER: Final = Searcher(
    rf"(?i:(?:the[ ])?(?:corner|intersection)[ ]of)[ ](?P<one>(?:\d{{1,5}}[ ])?{_NAMES}"
    rf"(?:[ ]{_TYPE})?(?:[ ](?:st|str|ave|rd|blvd)\.?)?(?:[ ]\d{{1,5}}\.?)?)"
    rf"[ ](?:and|&)[ ](?P<other>(?:\d{{1,3}}(?:st|nd|rd|th)|{_NAMES})(?:[ ](?:st|ave|rd|blvd)\.?)?)"
)
"""Two streets tell a place as well as a number does."""


class WorldAddressRecognizer(TextRecognizer):
    """6750 Koskikatu 25 Apt. 864; Rua Igreja 25 where a sentence places somebody there; and the lines below them."""

    KINDS = (Kind.STREET, Kind.CITY, Kind.STATE, Kind.ZIP)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _NUMBERED.finditer(text):
            if _is_street(hit, text) and (
                hit["unit"] or _foreign(hit["name"]) or _PLACED.search(text, max(0, hit.start() - 12), hit.start())
            ):
                yield Match(hit.start(), hit.end(), Kind.STREET, 0.6 if hit["unit"] else 0.45)
                yield from tail(text, hit.end(), sure=True)
        for hit in _NUMBER_LAST.finditer(text):
            named = _STREET_WORD.search(hit["name"]) is not None
            start = _with_other(text, hit.start())
            placed = _PLACED.search(text, max(0, start - 12), start) is not None
            sited = placed and (named or _SUFFIX_BEHIND.match(text, hit.end()) is not None)
            sited = sited or (len(hit["last"]) > 1 and _SITED.search(text, max(0, start - 24), start) is not None)
            if _is_street(hit, text) and (hit["unit"] or sited) and _foreign(hit["name"]):
                yield Match(start, hit.end(), Kind.STREET, 0.5)
                yield from tail(text, hit.end(), sure=True)
        yield from _numbers_around(text)
        for hit in _CORNER.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.STREET, 0.6)
        for hit in _STREET_ENDS.finditer(text):
            yield from tail(text, hit.end(), sure=False)
        for hit in _UNIT_ENDS.finditer(text):
            yield from tail(text, hit.end(), sure=False)


def _with_other(text: str, start: int) -> int:
    """Where the street begins, its crossing taken along: "Maren and Hersnapvej 75"."""
    other = _FIRST_OF_TWO.search(text, max(0, start - 60), start)
    return other.start() if other else start


def _numbers_around(text: str) -> Iterator[Match]:
    for hit in _UNIT_TOLD.finditer(text):
        yield Match(hit.start(), hit.end("town") if hit["town"] else hit.end(), Kind.STREET, 0.55)
        if hit["code"]:
            yield Match(hit.start("region"), hit.end("region"), Kind.STATE, 0.45)
            yield Match(hit.start("code"), hit.end("code"), Kind.ZIP, 0.5)
    for hit in _AMID_NUMBERS.finditer(text):
        words = hit["name"].split()
        if any(is_clinical_word(w) or w.lower() in _TRADE for w in words) or _MEASURED.match(text, hit.end()):
            continue
        if sum(not is_common_word(w) for w in words) * 2 > len(words):
            yield Match(hit.start(), hit.end(), Kind.STREET, 0.5)


def tail(text: str, end: int, *, sure: bool) -> Iterator[Match]:
    """Town, region, country and code behind a street that ends at `end`; where the street is not `sure` to be one, only
    a country, a region or a code makes the next line part of it."""
    gap = _BETWEEN.match(text, end)
    if gap is None or gap.end() == end:
        return
    hit = _TAIL.match(text, gap.end())
    inline = "\n" not in gap[0]
    if hit is None:
        return
    capitals = hit.start("town") + _leading_capitals(hit["town"])
    if not _is_town(text[hit.start("town") : capitals] if inline else hit["town"]):
        return
    land = hit["land"]
    known_land = land is not None and _is_land(land)
    town_is_land = _is_land(hit["town"])
    closed = known_land or hit["code"] is not None or (hit["region"] or "") in _REGIONS or town_is_land
    if not closed and not inline:
        return
    if inline and not closed and not (sure or _strange(hit["town"])):
        return
    town_end = hit.end("town")
    if inline and not closed:
        town_end = capitals
    yield Match(hit.start("town"), town_end, Kind.STATE if town_is_land else Kind.CITY, 0.5)
    if not closed:
        return
    if hit["region"]:
        yield Match(hit.start("region"), hit.end("region"), Kind.STATE, 0.45)
    if land is not None and (known_land or hit["code"]) and not _trade(land):
        yield Match(hit.start("land"), hit.end("land"), Kind.STATE if known_land else Kind.CITY, 0.5)
    if hit["code"]:
        yield Match(hit.start("code"), hit.end("code"), Kind.ZIP, 0.5)


_REGIONS: Final = frozenset(STATE_CODES.split("|"))


def _is_street(hit: re.Match[str], text: str) -> bool:
    name = hit["name"]
    words = re.findall(r"[^\W\d_]+", name)
    if any(w.lower() in _TRADE or is_clinical_word(w) for w in words) or _MEASURED.match(text, hit.end()):
        return False
    return any(len(w) > 2 for w in words)


def _foreign(name: str) -> bool:
    """Whether English has no such words: "Allika", "Rua Igreja"; not "Stage", "Take"."""
    words = [w for w in re.findall(r"[^\W\d_]+", name) if len(w) > 2]
    return any(not is_common_word(w) for w in words) and sum(is_common_word(w) for w in words) * 2 <= len(words)


def _is_town(words: str) -> bool:
    return not _trade(words) and not any(is_clinical_word(w) for w in words.split() if len(w) > 3) and len(words) > 2


def _strange(town: str) -> bool:
    parts = town.split()[:3]
    return any(
        not is_common_word(p.strip(".,")) for p in parts if p[:1].isupper() and len(p) > 2
    ) and not is_given_name(parts[0])


def _trade(words: str) -> bool:
    return any(word.strip(".,:").lower() in _TRADE for word in words.split())


def _is_land(words: str) -> bool:
    return " ".join(words.lower().split()).partition(" (")[0].removesuffix("er") in LARGE or words.lower() in LARGE


def _leading_capitals(words: str) -> int:
    """How far the town's words have capitals: behind a comma the sentence goes on."""
    end = 0
    for m in re.finditer(r"\S+", words):
        if not m[0][0].isupper():
            break
        end = m.end()
    return end or len(words)
