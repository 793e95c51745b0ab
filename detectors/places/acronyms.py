"""Hospitals and systems that go by their letters: "followed at UCSF", "UPMC records"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_LETTERS: Final = (
    r"UCSF|UCLA|UCSD|UPMC|MGH|BWH|BIDMC|NYU(?:[ ]Langone)?|NYP|MUSC|OHSU|VUMC|UTSW|UTMB|UTHealth|MSKCC?|LLUMC|DHMC"
    r"|UVMMC|UMMC|UIHC|UAMS|UKHC|OUHSC|CHLA|BUMC|VCU|UNC|UAB|KUMC|UCHealth|UNMH|HCMC|LAC\+USC|IUMC|ECMC|SUNY|UMass|CCHMC"
    r"|NMH|RUMC|TJUH|WVUH?|HUMC|JMH|BJH|LIJ|NSUH|ZSFG|UHCMC|WFUBMC|AHN|INOVA|CPMC|DUMC"
)
"""Letters that are no drug, test or unit too: CHOP is a regimen, UVA a light, HSS a score."""
_SMALL: Final = (
    r"ucsf|ucla|ucsd|upmc|mgh|bwh|bidmc|nyp|musc|ohsu|vumc|utsw|utmb|mskcc?|uams|chla|vcu|unc|uab|kumc|uchealth|umass"
    r"|cchmc|tjuh|inova|cpmc|dumc|jhh|hup|mcw"
)
_TYPED: Final = Searcher(
    r"(?<![\w/-])(?:at|from|to|via|outside|by|called)[ ]"
    rf"(?P<name>{_SMALL})(?=[ ]?(?:[.,;?!)]|$|\n)|[ ](?:pending|when|for|on|in|and|today|tonight|tmrw|tomorrow"
    r"|eta|ed|er|icu|tx|says|re|about|with|w/|by|after|last|records?|transfer)(?!\w))"
)
"""In lower case behind a word of place, where the clause ends or goes on."""
_NAMED: Final = Searcher(
    rf"(?<![\w/-])(?:(?i:at|from|to|via|with|in|near|outside|by)[ ](?P<placed>{_LETTERS})(?![\w/-]))"
    rf"|(?<![\w/-])(?P<told>{_LETTERS})(?=['’]s[ ]|[ ](?i:records?|transfer|ED|ER|clinic|hospital|campus"
    r"|cardiology|oncology|neurology|transplant|discharge|health|medical|notes?|chart|portal|referral|team)(?!\w))"
)


class HospitalLettersRecognizer(TextRecognizer):
    """Wants a word of place before the letters, or a word of houses behind them."""

    KINDS = (Kind.FACILITY,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _NAMED.finditer(text):
            group = "placed" if hit["placed"] else "told"
            yield Match(hit.start(group), hit.end(group), Kind.FACILITY, 0.6)
        for hit in _TYPED.finditer(text):
            yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.5)
