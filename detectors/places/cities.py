"""Places smaller than a state, outside of a full address line: "Dayton, OH", "lives in Dayton", "Pine County"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.dictionaries.lexicon import is_city, is_clinical_word, is_common_word, is_surname, word_set
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher
from detectors.patterns.states import STATE_CODES, STATE_NAMES, STATE_NAMES_UPPER
from detectors.places.towns import LARGE, NO_TOWNS, found_towns, is_large

_NAME = r"[A-ZÀ-ÞĀ-Ž][\w'’\-]{1,24}\.?(?:[ ]{1,2}[A-ZÀ-ÞĀ-Ž][\w'’\-]{1,24}){0,2}"
_COUNTRIES = word_set(
    """
    usa america mexico canada china india england germany france italy spain japan korea vietnam russia ukraine
    poland brazil cuba haiti jamaica guatemala honduras ireland scotland philippines africa europe asia egypt
    nigeria ghana kenya iran iraq syria israel
    """
)
_SPECIALTY_CODES = frozenset(["MD", "PA", "MA", "DO", "MS", "DE", "OD"])
"""Codes that follow a person's name as a credential."""
_WORD_CODES = frozenset(["IN", "OR", "ME", "HI", "OK", "ID", "AS", "OH", "CT", "MI", "PR", "PA", "MD", "MS", "MT"])
"""Codes that stand alone on a line as a word, a test or a credential."""
_SHORTEST_SHOUTED = 7
"""Letters of a town in capitals amid small letters; shorter ones are abbreviations."""
_WORDS_OF_TOWNS = word_set(
    """
    mount mt fort ft port saint st new old north south east west upper lower great little san santa los las el la
    lake grand
    """
)


_NAMES_A_THING = re.compile(
    r"[ -](?:ink|oak|rats?|virus|pig|pigs|disease|syndrome|criteria|fever|classification|method|stain)\b", re.I
)
"""India ink, Norway rat: a country that names a thing."""
_NAMED_LANDS = "|".join(sorted((re.escape(c) for c in LARGE if len(c) > 3 and c != "turkey"), key=len, reverse=True))
_COUNTRY = Searcher(rf"(?<![\w'’-])(?:{_NAMED_LANDS})(?:[ ]\([A-Z][a-z]+\))?(?![\w'-])", re.I)
"""Not the bird; in capitals or with a capital only."""


_STATE_BEHIND = Searcher(rf"(?<=[,\s])(?=(?:{STATE_CODES}|{STATE_NAMES})(?![\w]))")


class PlaceRecognizer(TextRecognizer):
    """Towns beside their state, known or not; unknown capitals after words of dwelling; counties; states by name."""

    KINDS = (Kind.CITY, Kind.STATE, Kind.ZIP)
    _with_state = Searcher(
        rf"(?<![\w])(?P<city>{_NAME}),?\s{{0,2}}(?:(?<=,)|(?<=,\s)|(?<=\s))(?P<state>{STATE_CODES}"
        rf"|{STATE_NAMES})(?![\w])",
        needs=_STATE_BEHIND,
        within=90,
    )
    _post_code = Searcher(
        rf"(?<!\w)(?:in|at|near|from|to|of)[ ](?P<city>{_NAME})[ ]"
        r"(?P<zip>(?!(?:19|20)\d\d(?!\d))\d{4}|\d{3}[ ]\d{2})"
        r"(?=[.,;)]|[ ](?:in|for|and|to|with|who|is|was|on)\b|[ ]?$)"
    )
    """A town abroad and its code of four or five digits."""
    _land_code = re.compile(r"[, ]{1,2}(?P<zip>\d{4,6})(?=[ \t]{0,3}(?:$|[\n,;]))")
    _broken = Searcher(
        rf"(?<![\w])(?P<city>[A-ZÀ-ÞĀ-Ž][\w'’\-]{{2,24}})\n"
        rf"(?:[A-ZÀ-ÞĀ-Ž][\w'’\-]{{1,24}}[ ]){{0,1}}[A-ZÀ-ÞĀ-Ž][\w'’\-]{{1,24}},"
        rf"[ ]{{1,2}}(?:{STATE_CODES}|{STATE_NAMES})(?![\w])",
        needs=_STATE_BEHIND,
        within=90,
    )
    _placed = re.compile(r"(?<!\w)(?:in|from|of|near|at|to|outside|around)\s{1,2}$", re.I)
    _state = Searcher(rf"(?<![\w])(?:{STATE_NAMES}|{STATE_NAMES_UPPER})(?![\w])")
    _state_labelled = Searcher(rf"(?<![\w])(?i:state|st|prov)\s{{0,2}}[:.]\s{{0,4}}(?P<state>{STATE_CODES})(?![\w])")
    _state_cell = Searcher(rf"(?m)^[ \t]*(?P<state>{STATE_CODES})[ \t.,]*$")
    _before_zip = Searcher(
        rf"(?<![\w])(?P<city>{_NAME}),?[ ]{{1,2}}(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w.,/-]\d)(?!\w)",
        needs=r"[ ]\d{5}(?!\d)",
        within=100,
    )
    _dwelling = Searcher(
        r"(?<!\w)(?:(?i:liv(?:es|ed|ing)\s(?:alone\s|with\s\w{2,12}\s)?in|resid(?:es|ed|ing)\sin|resident\sof"
        r"|born\s(?:and\sraised\s)?in|moved\s(?:here\s)?(?:to|from)"
        r"|mov(?:ing|es)\s(?:to|from)|(?:is|was|originally|comes?|came|native|transferred|flown|travel(?:l?ed"
        r"|l?ing)?|drove|driving|driven|flew|arrived|visiting|home)\s(?:in|from|to)|hometown(?:\sof)?|native\sof"
        r"|grew\sup\sin|works?\sin|traveled\sto|based\sin|place\sof\sbirth|birthplace|city\sof|town\sof"
        r"|village\sof|located\sin|staying\sin|stays\sin|relocat(?:ed|ing)\s(?:to|from))|city|town)\s{0,2}:?\s{1,2}"
        rf"(?P<city>{_NAME})"
    )
    _within = Searcher(
        rf"(?<![\w])(?:in|near|outside|around|outside of|(?:flew|returned|arrived|traveled|travelled|drove) "
        rf"(?:at|to))\s{{1,2}}(?P<city>{_NAME})(?P<district>[ ]\d{{1,2}}(?=[,;]))?"
    )
    _county = Searcher(
        r"(?<!\w)(?P<city>[A-ZÀ-ÞĀ-Ž][\w'’\-]{2,20}(?:[ ][A-Z][\w'’\-]{2,20})?[ ](?:County|COUNTY|Parish|PARISH"
        r"|Township|TOWNSHIP|Borough))(?!\w)",
        needs=r"[ ](?:County|COUNTY|Parish|PARISH|Township|TOWNSHIP|Borough)(?!\w)",
        within=60,
    )
    _generic = word_set(
        """
    the this our your county city state local any each every other which per in
    """
    )

    def find(self, text: str) -> Iterator[Match]:
        yield from self._beside_state(text)
        yield from self._states(text)
        for hit in self._before_zip.finditer(text):
            if is_strange(hit.group("city")) and not any(c.isdigit() for c in hit.group("city")):
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.45)
                yield Match(hit.start("zip"), hit.end("zip"), Kind.ZIP, 0.45)
        for hit in self._post_code.finditer(text):
            if is_strange(hit.group("city")) and hit.group("city").split()[0].lower() not in _COUNTRIES:
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.45)
                yield Match(hit.start("zip"), hit.end("zip"), Kind.ZIP, 0.45)
        for hit in self._broken.finditer(text):
            if is_strange(hit.group("city")):
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.45)
        yield from found_towns(text)
        for hit in self._dwelling.finditer(text):
            town = _trimmed(hit.group("city"))
            if (
                town.split()[0].lower() in _COUNTRIES
                or town.lower() in NO_TOWNS
                or is_large(town)
                or re.fullmatch(STATE_NAMES, town)
            ):
                continue
            end = hit.start("city") + len(town)
            if is_city(town) and not (is_common_word(town) and town.isupper()):
                yield Match(hit.start("city"), end, Kind.CITY, 0.7)
            elif not all(is_common_word(part) for part in town.split()):
                yield Match(hit.start("city"), end, Kind.CITY, 0.5)
        for hit in self._within.finditer(text):
            town = _trimmed(hit.group("city"))
            shouted = town.isupper() and town.isascii() and len(town) < _SHORTEST_SHOUTED
            if not shouted and is_strange(town) and town.split()[0].lower() not in _COUNTRIES:
                end = hit.end("district") if hit.group("district") else hit.start("city") + len(town)
                yield Match(hit.start("city"), end, Kind.CITY, 0.45)
        for hit in self._county.finditer(text):
            if hit.group("city").split()[0].lower() not in self._generic:
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.65)

    def _beside_state(self, text: str) -> Iterator[Match]:
        for hit in self._with_state.finditer(text):
            city, code = hit.group("city"), hit.group("state")
            start = self._town_start(city)
            comma = "," in text[hit.start("city") : hit.start("state")]
            placed = self._placed.search(text, max(0, hit.start() - 10), hit.start()) is not None
            if start is None and is_strange(city) and (comma or placed):
                start = 0
            if start is None or (not comma and not placed and code in _SPECIALTY_CODES):
                continue
            town = city[start:]
            zipped = text[hit.end() : hit.end() + 8].strip(" .,-").isdigit()
            if code in _SPECIALTY_CODES and not placed and not zipped and (is_surname(town) or not is_city(town)):
                # "Jackson, MD" is a physician more often than a town: the name recognizer has it.
                continue
            known = is_city(town.rstrip("."))
            yield Match(hit.start("city") + start, hit.end("city"), Kind.CITY, 0.75 if known else 0.5)
            yield Match(hit.start("state"), hit.end("state"), Kind.STATE, 0.75 if known else 0.5)

    def _states(self, text: str) -> Iterator[Match]:
        for hit in self._state.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.STATE, 0.4)
        for hit in _COUNTRY.finditer(text):
            if hit[0][0].isupper() and not _NAMES_A_THING.match(text, hit.end()):
                yield Match(hit.start(), hit.end(), Kind.STATE, 0.4)
                code = self._land_code.match(text, hit.end())
                if code and not (len(code["zip"]) == 4 and code["zip"].startswith(("19", "20"))):
                    yield Match(code.start("zip"), code.end("zip"), Kind.ZIP, 0.4)
        for hit in self._state_labelled.finditer(text):
            yield Match(hit.start("state"), hit.end("state"), Kind.STATE, 0.7)
        for hit in self._state_cell.finditer(text):
            if hit.group("state") not in _WORD_CODES:
                yield Match(hit.start("state"), hit.end("state"), Kind.STATE, 0.4)

    @staticmethod
    def _town_start(words: str) -> int | None:
        """Where the longest town of the lexicon begins that ends these words."""
        starts = [0, *(space.end() for space in re.finditer(r"[ ]+", words))]
        return next((start for start in starts if is_city(words[start:].rstrip("."))), None)


def is_strange(name: str) -> bool:
    """Whether one of the words is neither ordinary English nor clinical, and none is clinical."""
    parts = [part.strip(".,") for part in name.split()]
    long = [part for part in parts if len(part) > 2 and part.lower() not in _WORDS_OF_TOWNS]
    return any(not is_common_word(part) for part in long) and not any(is_clinical_word(part) for part in long)


def _trimmed(name: str) -> str:
    """The words up to the first that ends a sentence."""
    kept = []
    for part in name.split(" "):
        kept.append(part)
        if part.endswith(".") and part[:-1].lower() not in _WORDS_OF_TOWNS:
            break
    return " ".join(kept).rstrip(".")
