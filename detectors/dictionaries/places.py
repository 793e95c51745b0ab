"""Places smaller than a state, outside of a full address line: "Dayton, OH", "lives in Dayton", "Pine County"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.dictionaries.lexicon import is_city, is_common_word, is_surname, word_set
from detectors.findings import Kind
from detectors.patterns.addresses import STATE_CODES, STATE_NAMES
from detectors.patterns.base import Match, TextRecognizer

_NAME = r"[A-ZÀ-ÞĀ-Ž][\w'’\-]{1,24}\.?(?:[ ]{1,2}[A-ZÀ-ÞĀ-Ž][\w'’\-]{1,24}){0,2}"
_COUNTRIES = word_set(
    """
    usa america mexico canada china india england germany france italy spain japan korea vietnam russia ukraine
    poland brazil cuba haiti jamaica guatemala honduras ireland scotland philippines africa europe asia egypt
    nigeria ghana kenya iran iraq syria israel
    """
)
_SPECIALTY_CODES = frozenset(["MD", "PA", "MA", "DO", "MS", "DE"])


class PlaceRecognizer(TextRecognizer):
    """Towns of the lexicon beside their state; towns and unknown capitals after words of dwelling; counties."""

    KINDS = (Kind.CITY, Kind.STATE)
    _with_state = re.compile(
        rf"(?<![\w])(?P<city>{_NAME}),?[ ]{{0,2}}(?:(?<=,)|(?<=,[ ])|(?<=[ ]))(?P<state>{STATE_CODES}"
        rf"|{STATE_NAMES})(?![\w])"
    )
    _dwelling = re.compile(
        r"(?<!\w)(?:liv(?:es|ed|ing)\s(?:alone\s|with\s\w{2,12}\s)?in|resid(?:es|ed|ing)\sin|resident\sof"
        r"|born\s(?:and\sraised\s)?in|moved\s(?:here\s)?(?:to|from)"
        r"|mov(?:ing|es)\s(?:to|from)|(?:is|was|originally|comes?|came|native|transferred|flown|travel(?:l?ed"
        r"|l?ing)?)\s(?:from|to)|hometown(?:\sof)?|city|town|native\sof"
        r"|grew\sup\sin|works?\sin|traveled\sto|based\sin|place\sof\sbirth|birthplace|city\sof|town\sof"
        r"|village\sof)\s{0,2}:?\s{1,2}"
        rf"(?P<city>{_NAME})"
    )
    _county = re.compile(
        r"(?<!\w)(?P<city>[A-ZÀ-ÞĀ-Ž][\w'’\-]{2,20}(?:[ ][A-Z][\w'’\-]{2,20})?[ ](?:County|COUNTY|Parish|PARISH"
        r"|Township|TOWNSHIP|Borough))(?!\w)"
    )
    _generic = word_set(
        """
    the this our your county city state local any each every other which per in
    """
    )

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._with_state.finditer(text):
            start = self._town_start(hit.group("city"))
            if start is None or (
                "," not in text[hit.start("city") : hit.start("state")] and hit.group("state") in _SPECIALTY_CODES
            ):
                continue
            town = hit.group("city")[start:]
            if (
                hit.group("state") in _SPECIALTY_CODES
                and is_surname(town)
                and not text[hit.end() : hit.end() + 8].strip(" .,-").isdigit()
            ):
                # "Jackson, MD" is a physician more often than a town: the name recognizer has it.
                continue
            yield Match(hit.start("city") + start, hit.end("city"), Kind.CITY, 0.75)
            yield Match(hit.start("state"), hit.end("state"), Kind.STATE, 0.75)
        for hit in self._dwelling.finditer(text):
            town = hit.group("city").rstrip(".")
            if town.split()[0].lower() in _COUNTRIES or re.fullmatch(STATE_NAMES, town):
                continue
            if is_city(town) and not (is_common_word(town) and town.isupper()):
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.7)
            elif not all(is_common_word(part) for part in town.split()):
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.5)
        for hit in self._county.finditer(text):
            if hit.group("city").split()[0].lower() not in self._generic:
                yield Match(hit.start("city"), hit.end("city"), Kind.CITY, 0.65)

    @staticmethod
    def _town_start(words: str) -> int | None:
        """Where the longest town of the lexicon begins that ends these words."""
        starts = [0, *(space.end() for space in re.finditer(r"[ ]+", words))]
        return next((start for start in starts if is_city(words[start:].rstrip("."))), None)
