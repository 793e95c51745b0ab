"""Identifiers that prove themselves: by a check digit, by their shape, or by the word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns import checks
from detectors.patterns.base import DASH, Match, TextRecognizer, follows
from detectors.patterns.ocr import LIKE_DIGIT, D, digits, true_digits
from detectors.patterns.search.searcher import Searcher

_SEP = rf"\s?[{DASH}.\s/]?\s?"
_SSN_CUE = re.compile(r"\bs\.?\s?[s5]\.?\s?n\b|\bss\s?#|\bss\s?no|social|soc\.?\s?sec|\bitin\b|\btin\b|tax\s?id", re.I)


class SsnRecognizer(TextRecognizer):
    """Social security and taxpayer numbers; bare or masked ones only after their label."""

    KINDS = (Kind.SSN,)
    _parted = Searcher(
        rf"(?<![\w{DASH}./])({D}{{3}})(\s?[{DASH}.]\s?|\s)({D}{{2}})(\s?[{DASH}.]\s?"
        rf"|\s)({D}{{4}})(?![\w])(?![{DASH}.]\d)"
    )
    _bare = Searcher(rf"(?<![\w{DASH}.])[{LIKE_DIGIT}](?:\s?{D}){{8}}(?!\w)")
    _masked = Searcher(
        rf"(?<!\w)[xX*#\u2022]{{3}}\s?[{DASH}.\s]?\s?[xX*#\u2022]{{2}}\s?[{DASH}.\s]?\s?({D}{{4}})(?!\w)"
    )
    _last_four = Searcher(
        r"(?:(?:ssn|social(?:\s+security)?(?:\s+(?:no|number))?)[\s:#,]{0,3}(?:\(?last\s+(?:4|four)\)?)|last\s+(?:4"
        r"|four)"
        r"(?:\s+digits)?(?:\s+of)?(?:\s+(?:the|her|his|your|my))?\s+(?:ssn|ss\s?#|social(?:\s+security)?))"
        r"(?:\s+(?:no|number))?[\s:#.,]{0,4}(?:(?:is|are|of|ends\s+in)\s+)?(\d{4})(?!\d)"
        r"|(?<!\w)(?:ssn|social(?:\s+security)?(?:\s+(?:no|number))?)\s+(?:ends|ending)\s+(?:in|with)\s+(\d{4})(?!\d)"
        r"|(?<![^\n])l4[\s:#]{1,2}(\d{4})(?=\s(?:dob|ssn|name)\b|\s*$)",
        re.I,
    )

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._parted.finditer(text):
            labelled = follows(_SSN_CUE, text, hit.start())
            value = digits(hit.group())
            if true_digits(hit.group()) < 6 or not (labelled or checks.ssn(value)):
                continue
            spaced = hit.group(2).isspace() or hit.group(4).isspace()
            yield Match(hit.start(), hit.end(), Kind.SSN, 0.95 if labelled else 0.5 if spaced else 0.85)
        for hit in self._bare.finditer(text):
            if true_digits(hit.group()) >= 6 and follows(_SSN_CUE, text, hit.start(), 36):
                yield Match(hit.start(), hit.end(), Kind.SSN, 0.9)
        for hit in self._masked.finditer(text):
            yield Match(hit.start(1), hit.end(1), Kind.SSN, 0.8)
        for hit in self._last_four.finditer(text):
            yield Match(hit.start(hit.lastindex or 0), hit.end(hit.lastindex or 0), Kind.SSN, 0.8)


class MbiRecognizer(TextRecognizer):
    """Medicare beneficiary identifiers, with or without the dashes of the card."""

    KINDS = (Kind.MBI,)
    _shape = Searcher(rf"(?<![\w{DASH}])[\w|]{{4}}[{DASH}\s]?[\w|]{{3}}[{DASH}\s]?[\w|]{{4}}(?![\w{DASH}])")
    _cue = re.compile(r"\bmbi\b|medicare", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._shape.finditer(text):
            value = re.sub(rf"[{DASH}\s]", "", hit.group()).replace("|", "1").upper()
            labelled = follows(self._cue, text, hit.start())
            if checks.mbi(value, misread=3 if labelled else 1):
                yield Match(hit.start(), hit.end(), Kind.MBI, 0.95 if labelled else 0.8)


class NpiRecognizer(TextRecognizer):
    """National provider identifiers: by label, or by check digit at a lower score (one number in ten passes)."""

    KINDS = (Kind.NPI,)
    _bare = Searcher(rf"(?<![\w{DASH}.+])[12lI]{D}{{9}}(?!\w)")
    _cue = re.compile(r"\bn\.?\s?p\.?\s?[i1l]\b", re.I)
    _labelled = Searcher(
        rf"\bN\.?\s?P\.?\s?[I1l]\b\.?\s{{0,2}}(?:no\.?|number|#)?[\s:#.]{{0,4}}({D}(?:[ ]?{D}){{7,10}})(?!\w)", re.I
    )

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._labelled.finditer(text):
            if true_digits(hit.group(1)) >= 6:
                yield Match(hit.start(1), hit.end(1), Kind.NPI, 0.95)
        for hit in self._bare.finditer(text):
            if true_digits(hit.group()) >= 8 and checks.npi(digits(hit.group())):
                score = 0.95 if follows(self._cue, text, hit.start(), 24) else 0.45
                yield Match(hit.start(), hit.end(), Kind.NPI, score)


class DeaRecognizer(TextRecognizer):
    """DEA registrations of prescribers: check digit, or label."""

    KINDS = (Kind.DEA,)
    _shape = Searcher(rf"(?<![\w{DASH}])([A-Za-z][A-Za-z9])\s?[{DASH}]?\s?({D}{{7}})(?!\w)")
    _cue = re.compile(r"\bdea\b|\bd\.e\.a\.", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._shape.finditer(text):
            labelled = follows(self._cue, text, hit.start(), 24)
            if true_digits(hit.group(2)) < 4:
                continue
            if labelled or (hit.group(1).isupper() and checks.dea(hit.group(1).upper() + digits(hit.group(2)))):
                yield Match(hit.start(), hit.end(), Kind.DEA, 0.95 if labelled else 0.75)


class CardRecognizer(TextRecognizer):
    """Payment cards by Luhn, or by label where a digit was misread; IBANs by their check digits."""

    KINDS = (Kind.CARD, Kind.ACCOUNT)
    _card = Searcher(rf"(?<![\w{DASH}.])(?:{D}[ {DASH}]?){{11,18}}{D}(?!\w)")
    _cue = re.compile(
        r"\bcard\b|\bcc\b|visa|master\s?card|amex|american\s+express|discover\b|credit|debit|payment", re.I
    )
    _ending = Searcher(
        r"(?<!\w)(?:acct|account|card|visa|master\s?card|amex|discover)\b(?:\s(?:no\.?|number|#))?\s(?:that\s)?"
        r"(?:ending|ends"
        r")(?:\s(?:in|with))?\s(\d{3,6})(?!\d)",
        re.I,
    )
    _iban = Searcher(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)", re.I)
    _iban_end = re.compile(r"[A-Z0-9]+$", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._card.finditer(text):
            value = digits(hit.group())
            if true_digits(hit.group()) < 10:
                continue
            labelled = follows(self._cue, text, hit.start())
            proven = len(value) >= 13 and value[0] in "23456" and checks.luhn(value)
            if labelled or proven:
                yield Match(hit.start(), hit.end(), Kind.CARD, 0.9 if labelled and proven else 0.7)
        for hit in self._ending.finditer(text):
            yield Match(hit.start(1), hit.end(1), Kind.ACCOUNT, 0.8)
        for hit in self._iban.finditer(text):
            # Words after the number may have been taken with it: shorten by whole groups until it proves itself.
            end = hit.end()
            while end - hit.start() >= 15:
                if checks.iban(text[hit.start() : end].replace(" ", "").upper()):
                    yield Match(hit.start(), end, Kind.ACCOUNT, 0.9)
                    break
                tail = text.rfind(" ", hit.start(), end)
                if tail < 0:
                    break
                end = tail


class VinRecognizer(TextRecognizer):
    """Vehicle identification numbers by check digit, or by label."""

    KINDS = (Kind.VEHICLE,)
    _shape = Searcher(r"(?<!\w)[A-Z0-9]{17}(?!\w)", re.I)
    _cue = re.compile(r"\bvin\b|vehicle", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._shape.finditer(text):
            value = hit.group().upper().replace("O", "0").replace("I", "1").replace("Q", "0")
            labelled = follows(self._cue, text, hit.start()) and true_digits(value) >= 4
            if labelled or checks.vin(value):
                yield Match(hit.start(), hit.end(), Kind.VEHICLE, 0.95 if labelled else 0.8)
