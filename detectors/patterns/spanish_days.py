"""Days and months in Spanish: "15 de marzo de 2024", "octubre 12, 2023", "en febrero de 2019"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_MONTH: Final = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|setiembre|octubre|noviembre|diciembre)"
)
_OF_YEAR: Final = r"(?:,?\s(?:del?\s)?(?:año\s)?(?P<year>(?:19|20)\d{2})(?!\d))"
_DAY: Final = r"(?:\d{1,2}(?:º|°|ro|ero)?|primero)"
_OF_MONTH: Final = Searcher(
    rf"(?<![\w/.,-])(?P<day>{_DAY}(?:\s(?:al|a|y)\s{_DAY})?)\s(?:de\s|del\s(?:mes\sde\s)?)?(?P<month>{_MONTH})(?!\w)"
    rf"{_OF_YEAR}?",
    re.I,
    needs=rf"(?i:{_MONTH})",
    within=30,
)
_MONTH_FIRST: Final = Searcher(
    rf"(?<!\w)(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?![\d%/.])(?!\s?(?:mg|ml|mcg|g|%)(?!\w)){_OF_YEAR}?", re.I
)
_WITH_YEAR: Final = Searcher(rf"(?<!\w)(?P<month>{_MONTH}){_OF_YEAR}", re.I)
_PLACED: Final = Searcher(
    rf"(?<!\w)(?:en|desde|hasta|para|a\sfinales\sde|a\sprincipios\sde|a\smediados\sde|el\smes\sde|pasado)\s(?P<month>{_MONTH})"
    r"(?!\w)",
    re.I,
)
_LAST: Final = 31


class SpanishDayRecognizer(TextRecognizer):
    """A day beside a month's name, a month with its year, a month where something took place. "Mayo" with a capital
    before a figure is the clinic's."""

    KINDS = (Kind.DATE,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _OF_MONTH.finditer(text):
            # "Cinco de Mayo" and "2 de marzo" alike: no month has more days.
            if all(1 <= int(day) <= _LAST for day in re.findall(r"\d+", hit["day"])):
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.85 if hit["year"] else 0.7)
        for hit in _MONTH_FIRST.finditer(text):
            if 1 <= int(hit["day"]) <= _LAST and hit["month"] != "Mayo":
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.85 if hit["year"] else 0.5)
        for hit in _WITH_YEAR.finditer(text):
            if hit["month"] != "Mayo":
                yield Match(hit.start(), hit.end(), Kind.DATE, 0.75)
        for hit in _PLACED.finditer(text):
            if hit["month"] != "Mayo":
                yield Match(hit.start("month"), hit.end("month"), Kind.DATE, 0.45)
