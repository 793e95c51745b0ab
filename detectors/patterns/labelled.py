"""Identifiers known by the label before them: label, separator, value with a digit, on a line or at its break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer
from detectors.patterns.ocr import misreadable
from detectors.patterns.search.searcher import Searcher

_MARK = (
    r"(?:\s{0,2}(?:(?:id(?:entification|entifier)?|record|card|control|code|certificate)(?![a-z])\s{0,2})?"
    r"(?:(?:n[o0]s?\.?|num\.?|(?:n|rn)u(?:m|rn)ber|nbr\.?|[i1l]d(?:entifier)?\.?)(?![^\W_])(?:\(s\))?(?:\s?#)?|[#№])\s{0,2})"
)
_SEPARATOR = rf"[\s:;=.{DASH}>|]{{0,6}}(?:(?:is|was|of)\s{{1,2}})?[:\s]{{0,3}}"
_VALUE = (
    rf"(?P<value>(?:(?-i:[A-Z]{{1,4}})[ ](?=\d))?(?=[\w{DASH}/.]{{0,20}}\d)[A-Za-z0-9][A-Za-z0-9_{DASH}/.]{{1,29}})"
)
_MORE = re.compile(
    rf"[ ]([A-Z]{{0,3}}\d[A-Z0-9{DASH}]{{0,9}})(?![\w/.:%])(?!\s?(?:mg|ml|mcg|years?|yrs?|y\.?o|am\b|pm\b|days?|of\b))",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d{2}\.?$")
_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})$|(?:1[89]|20)\d{2}-\d{2}-\d{2}$")
_UNIT = re.compile(
    r"\s{0,2}(?:mg|mcg|ml|mm|cm|kg|g\b|%|units?\b|mmhg|weeks?|days?|months?|years?|hours?|hrs?|times?|tabs?|x\b)", re.I
)
_MEASURE = re.compile(r"\d{1,4}(?:\.\d{1,2})?(?:mg|mcg|ml|mm|cm|kg|g|x\d|hrs?|th|st|nd|rd|am|pm|s|%)\.?$", re.I)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`alone`: labels that need no "no." or "#"; `marked`: labels that do, or at least a colon and a longer value."""

    kind: Kind
    alone: str
    marked: str


_RULES = (
    _Rule(
        Kind.MRN,
        "mrn|m\\.r\\.n\\.?|mr#|emrn?|empi|urn",
        "med(?:ical)?\\.? rec(?:ord)?s?|mr|unit|chart|patient|pt\\.?|hosp(?:ital)?|enterprise|person|history"
        "|health record|record",
    ),
    _Rule(
        Kind.HEALTH_PLAN,
        "hicn|hic|rxbin|rxpcn|rxgrp|rx bin|rx pcn|rx grp|rx group|medicaid",
        "member|subscriber|policy(?:holder'?s?)?|policy group|policy(?: group)? or feca|group|grp|plan|health plan"
        "|insurance"
        "|insured'?s?|medicare|payer|payor|beneficiary|coverage|certificate|contract|cert|feca|tricare|medigap"
        "|enrollee",
    ),
    _Rule(
        Kind.ACCOUNT,
        "acct|a/c|aba|iban|har",
        "account|acc|patient acc(?:oun)?t|guarantor|routing|invoice|billing|bill|statement|bank account|checking"
        "|financial|fin|receipt",
    ),
    _Rule(
        Kind.LICENCE,
        "lic|dl|d\\.l\\.|dln",
        "licen[sc]e|driver'?s? licen[sc]e|driver'?s?|medical licen[sc]e|state licen[sc]e|state|passport"
        "|board cert(?:ification)?|upin"
        "|certification|national id|permit",
    ),
    _Rule(
        Kind.VEHICLE,
        "vin|licen[sc]e plate|lic\\.? plate|tag",
        "vehicle|car registration|vehicle registration",
    ),
    _Rule(
        Kind.DEVICE,
        "serial|s/n|sn|udi|imei|meid",
        "device|model|implant|pacemaker|lead serial|pump|generator|lot|equipment|asset|catalog|product|manufacturer",
    ),
    _Rule(
        Kind.OTHER_ID,
        "rx ?#|rx no\\.?|badge|csn|dcn|icn|tcn|ein|clia|ncpdp|tin",
        "accession|acc(?:n|ess)?\\.?|specimen|sample|visit|encounter|enc|contact serial|order|requisition|req|case"
        "|claim|rx|prescription"
        "|script|referral|auth(?:orization)?|prior auth(?:orization)?|pre-?cert(?:ification)?|ticket|file"
        "|ref(?:erence)?|report|study"
        "|exam|document|doc|tracking|confirmation|transaction|batch|employee|emp|student|job|docket|incident"
        "|tax|federal tax|subject"
        "|participant|protocol|trial|lab|slide|block|cassette|container|tube|bag|donor|unit of blood|registration"
        "|request|event|episode"
        "|admission|patient control|payer control|original ref|taxonomy|provider|facility|mail|fax|filler|placer"
        "|placer order|filler order",
    ),
)
_BIOMETRIC = Searcher(
    r"(?<!\w)(?:biometric|finger\s?print|voice\s?print|palm\s?(?:print|vein)|retina(?:l)?\s?(?:scan|print)"
    r"|iris\s?(?:scan|code)|face\s?(?:print|template|id)"
    rf"|facial\s?(?:scan|template|recognition))s?(?:\s(?:id|identifier|hash|template|ref(?:erence)?|code|record|no"
    rf"|number|key))?{_SEPARATOR}#?\s?{_VALUE}",
    re.I,
)
_UDI = Searcher(r"\(01\)\s?\d{14}(?:\s?\(\d{2,3}\)\s?[\w\-./]{1,20}){0,5}")


_BILLED = re.compile(r"(?:CPT|HCPCS|DRG|ICD)(?![a-z])")
"""What was done, not to whom: "Billing: CPT 99214-25". A code alone, "G0439", has the shape of an account too."""


def _compiled(rule: _Rule) -> Searcher:
    alone, marked = misreadable(rule.alone), misreadable(rule.marked)
    return Searcher(
        rf"(?<![^\W_])(?<!/)(?:(?P<alone>(?:{alone})){_MARK}?|(?P<marked>(?:{marked}))(?:(?P<mark>{_MARK})"
        rf"|(?P<colon>(?=\s{{0,2}}[:=]))))"
        rf"(?![a-z]){_SEPARATOR}#?\s?{_VALUE}",
        re.I,
    )


class LabelledIdRecognizer(TextRecognizer):
    """MRN, account, plan, licence, vehicle, device and other ids by their labels in running text."""

    KINDS = (*(rule.kind for rule in _RULES), Kind.BIOMETRIC)
    _compiled_rules = tuple((rule.kind, _compiled(rule)) for rule in _RULES)

    def find(self, text: str) -> Iterator[Match]:
        for kind, rule in self._compiled_rules:
            for hit in rule.finditer(text):
                end = _value_end(hit, text)
                if end:
                    yield Match(
                        hit.start("value"), end, kind, 0.6 if hit.groupdict().get("colon") is not None else 0.85
                    )
        for hit in _BIOMETRIC.finditer(text):
            yield Match(hit.start("value"), _extended(hit.end("value"), text), Kind.BIOMETRIC, 0.8)
        for hit in _UDI.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.DEVICE, 0.9)


def _value_end(hit: re.Match[str], text: str) -> int:
    """Where the value ends; 0 where it is a measure, a date or too short to tell anybody apart."""
    value = hit.group("value").rstrip("./-")
    end = hit.start("value") + len(value)
    figures = sum(c.isdigit() for c in value)
    if not figures or _DATE.match(value) or _MEASURE.match(value) or _UNIT.match(text, end):
        return 0
    by_colon = hit.group("marked") is not None and hit.group("mark") is None
    if value[:1].isupper() and " " in value:
        figures = sum(map(str.isdigit, text[hit.start("value") : _extended(end, text)]))  # "FIN: AKD 521 7338"
    if by_colon and (figures < 4 or _YEAR.match(value) or "/" in value or _BILLED.match(value)):
        return 0
    end = _extended(end, text)
    return end if end - hit.start("value") >= 3 else 0


def _extended(end: int, text: str) -> int:
    """Takes in up to three further groups of a value that is written with blanks."""
    for _ in range(3):
        more = _MORE.match(text, end)
        if more is None:
            break
        end = more.end()
    return end
