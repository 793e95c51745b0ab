"""What bears a name and is nobody: scales named for a place, signs named for a doctor, devices called by their maker,
examinations spelled letter by letter, firms and insurers where their business is spoken of, hours and short forms.

A name keeps the benefit of the doubt: only guesses are taken back, only in the full wording of the scale or beside the
device's own word. A person may well work for the New York Heart Association, or be called Stryker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from detectors.dictionaries import lexicon
from detectors.dictionaries.headings import is_form_word
from detectors.findings import Kind, Layer, Span

_GUESSED: Final = 0.7
"""Layers that judge by looks say no more than this of a name that nothing announces."""
_GUESSING: Final = frozenset({Layer.DICTIONARY, Layer.NER})
_KINDS: Final = frozenset({Kind.PERSON, Kind.CITY, Kind.STATE, Kind.FACILITY})
_GRADE: Final = r"(?:class|classification|stage|grade|criteria)(?!\w)"
_SOCIETY: Final = (
    r"(?:Heart|Cardiovascular|Cardiac|Thoracic|Rheumatology|Diabetes)\s(?:Association|Society|College)"
    rf"(?=,?\s\(?(?:(?:functional|heart\sfailure|angina)\s)?{_GRADE})"
)
_SCALE: Final = (
    r"(?:Coma|(?i:Bowel\sPrep(?:aration)?)|Cognitive|Sleepiness|Cardiomyopathy|Angina|Respiratory|(?:Clinical\s)?Neuropathy"
    r"|Postnatal\sDepression|Scar|Stool)\s(?i:scale|questionnaire|assessment|score|index|chart)(?!\w)"
)
_GRADED: Final = r"classification(?=\s(?:grade|class|stage|type)(?!\w))"
_LEADING: Final = r"(?:The|By|Her|His|Per|Using|On)"
_INSTRUMENT: Final = re.compile(
    rf"(?<![\w.'’-])(?!{_LEADING}\s)(?P<place>(?:[A-Z][a-z]{{1,14}}\.?\s){{1,3}}?)(?:{_SOCIETY}|{_SCALE}|{_GRADED})"
)
_NAMED_BEFORE: Final = re.compile(r"(?:[A-Z][\w'’.-]{0,24}|[:,])[ \t]{1,8}\Z")
"""What stands before the place and may make it the rest of a name: "Anna York Sleepiness Scale 9"."""
_ARTICLE: Final = re.compile(rf"{_LEADING}[ \t]{{1,8}}\Z")
_DEVICE: Final = (
    r"(?:pacemaker|defibrillator|ICD|pump|valve|stent|leads?|monitor|sensor|CPAP|BiPAP|implant|prosthesis|device"
    r"|generator|stimulator|ventilator|meter|catheter|graft)"
)
_BEFORE_MAKER: Final = re.compile(rf"(?:(?P<device>{_DEVICE})\s(?:is|was)\s)?an?\s\Z")
_BEHIND_MAKER: Final = re.compile(rf",?\s(?:(?:serial|model|lot)\s|{_DEVICE}(?!\w))")
_SIGN: Final = (
    r"(?:signs?|maneuver|manoeuvre|reflex|phenomenon|palsy|triad|contracture|o?esophagus|diverticulum|thyroiditis"
    r"|arteritis|lines)(?!\w)"
)
"""What is named for a doctor and belongs to no patient, as a disease might."""
_BEHIND_EPONYM: Final = re.compile(rf"(?:['’]s)?\s(?:[A-C]\s)?{_SIGN}")
_EPONYM_WHOLE: Final = re.compile(rf"([^\W\d_]+)(?:['’]s)?\s(?:[A-C]\s)?{_SIGN}")
_PRODUCT: Final = re.compile(
    r"(?<![\w.'’-])(?:"
    r"Welch Allyn|Smith (?:&|and) Nephew|Johnson (?:&|and) Johnson|Eli Lilly|Boston Scientific|Becton Dickinson"
    r"|Karl Storz|St\.? Jude Medical|Hill-Rom|Bair Hugger|Fisher (?:&|and) Paykel|Bristol[- ]Myers(?:[- ]Squibb)?"
    r"|B\.? ?Braun|C\.? ?R\.? Bard"
    r"|(?P<lone>Abbott|Bard|Baxter|Braun|Cook|Philips|Stryker|Zimmer|Bayer|Merck|Roche|Siemens|Dräger)(?=\s(?:"
    r"(?:pumps?|infusion|catheters?|stents?|monitors?|sensors?|ultrasound|ventilators?|knee|hip|mesh|PICC|port"
    r"|bed|stretchers?|splint|frame|Medical|Healthcare|Laboratories|Libre|(?i:freestyle)|i-STAT|Biomet|Respironics"
    r"|aspirin|manual|(?:glucose )?strips?|scanner)"
    r"(?!\w))))"
)
"""Makers of two names; those of one, right before what they make."""
_OWNER: Final = re.compile(
    r"(?:(?<![a-z])(?:[A-Z][\w'’.-]{0,24}|pts?|patient|mrs?|ms|dr|for|of|on|by|with)\.?|[:,])[ \t]{1,4}\Z"
)
"""What makes a maker's single name somebody's: "Ann Cook stent", "for Baxter pump refill"."""
_TITLE_BEFORE: Final = re.compile(
    r"(?:(?<!\w)(?:[A-Z][\w'’-]{1,24}[.,]?|[A-Z]\.|(?i:pts?|patient|mrs?|ms|dr)\.?)|:)[ \t]{1,4}\Z|[\w.'’-]\Z"
)
_ADDRESS_LABELS: Final = frozenset({"city", "state", "zip", "code", "town", "no", "number", "coll", "date"})
_SPELLED: Final = re.compile(
    r"(?<![\w.])(?:C ?T|M ?R(?: ?I)?|I V(?: P)?|X R|U S|P E T|E [CK] G)\s(?i:head|neck|chest|spine|brain|abdomen|pelvis"
    r"|abd|angio\w{0,5}|scan|push|drip|bolus|fluids?|access|lines?|lumbar|knee|shoulder)(?!\w)"
)
"""An examination or a way to give a drug, a blank behind each letter."""
_BUSINESS: Final = (
    r"(?:denials?|appeals?|claims?|portal|formulary|premiums?|prior[ -]auth\w{0,12}|pre-?auth\w{0,12}|coverage|copays?"
    r"|networks?|tiers?|policies|guidelines?|criteria|codes?|forms?|billing|reimbursement|referral)"
)
_OF_PLANS: Final = r"(?:portal|formulary|premiums?|networks?|tiers?)"
_INSURER: Final = re.compile(
    r"(?:United ?Health ?[Cc]are|UnitedHealth(?: Group)?|Blue ?Cross(?: (?:and |& )?Blue Shield)?|Aetna"
    r"|Cigna|Humana|Kaiser Permanente|Anthem|Molina Healthcare|Centene|(?P<lone>Kaiser|Molina))"
    rf"(?=(?: [a-z]{{2,14}})?? (?(lone){_OF_PLANS}|{_BUSINESS})(?!\w)(?![^\n]{{0,24}}\d{{5}}))"
)
"""Who pays is nobody where no member's number stands beside it. Kaiser and Molina may be patients, who have referrals
and forms, and of whom a note says that one claims or codes: only what a plan alone has tells."""
_FIRM: Final = re.compile(
    r"(?:Eli Lilly|Novo Nordisk|Johnson (?:&|and) Johnson|Bristol[- ]Myers(?:[- ]Squibb)?)"
    r"(?=(?: [\w-]{2,14}){0,2}? (?:shortages?|recalls?|coupons?|rebates?|prices?|pricing)(?!\w))"
)
_NO_NAME: Final = re.compile(
    r"\d{1,2}(?::\d\d)? ?[ap]\.?m\.?|SLP|OT|PT|MWF|TTh?S|inbox"
    r"|(?:(?:Family|Internal|Emergency|Sports|Sleep|Addiction) Medicine|Pain (?:Management|Clinic)|(?: and )){1,3}",
    re.I,
)
"""What the model takes for a name: hours, therapies, the days of dialysis, a house's departments."""
_SPELLED_SCORE: Final = 0.75
"""What is said of a name whose words look like one, behind "seen by"."""


def without_things(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans but for guesses that are part of a scale's name, or the maker of a device."""
    spans = list(spans)
    things = [(m.start(), m.end()) for m in _INSTRUMENT.finditer(text) if _of_place(text, m)]
    things += [(m.start(), m.end()) for m in _PRODUCT.finditer(text) if not (m["lone"] and _owned(text, m, spans))]
    firms = [m.span() for rule in (_INSURER, _FIRM) for m in rule.finditer(text) if not _owner_before(text, m)]
    spelled = [(m.start(), m.end()) for m in _SPELLED.finditer(text)]
    return [
        span
        for span in spans
        if not (
            _guessed(span)
            and (_inside(span, things) or _maker(text, span) or _eponym(text, span) or _of_form(text, span))
        )
        and not (span.layer in _GUESSING and span.kind in _KINDS and _inside(span, firms))
        and not (span.layer in _GUESSING and span.score <= _SPELLED_SCORE and _inside(span, spelled))
    ]


def _of_form(text: str, span: Span) -> bool:
    """The model's guess at the labels of an address that stand in a row: "City State Zip Code"."""
    words = text[span.start : span.end].lower().replace(".", " ").replace(",", " ").split()
    if span.layer is not Layer.NER or not words:
        return False
    # "Family" of "Family Medicine residents"; "falls in 2024". Not "mercy": houses are typed in lower case too.
    dull = len(words) == 1 and (words[0] == "falls" or is_form_word(words[0]))
    return (
        _ADDRESS_LABELS.issuperset(words)
        or _NO_NAME.fullmatch(text, span.start, span.end) is not None
        or (span.kind is Kind.FACILITY and dull)
    )


def _inside(span: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(a <= span.start and span.end <= b for a, b in places)


def _owner_before(text: str, found: re.Match[str]) -> bool:
    """Whether a title or a name stands before a firm, so that it may be the rest of somebody's, or of a word."""
    return _TITLE_BEFORE.search(text, max(0, found.start() - 32), found.start()) is not None


def _owned(text: str, found: re.Match[str], spans: Iterable[Span]) -> bool:
    """Whether a maker's single name may be somebody's: by the word before it, or because the text knows such a one."""
    if _OWNER.search(text, max(0, found.start() - 32), found.start()):
        return True
    return any(s.kind is Kind.PERSON and not _guessed(s) and found["lone"] in text[s.start : s.end] for s in spans)


def _eponym(text: str, span: Span) -> bool:
    """A doctor's name that medicine knows, right before the sign that is called after it."""
    value = text[span.start : span.end].removesuffix("'s").removesuffix("’s")
    whole = _EPONYM_WHOLE.fullmatch(value)
    if whole is not None:
        return lexicon.is_clinical_word(whole[1])
    end = span.start + len(value)
    return value.isalpha() and lexicon.is_clinical_word(value) and _BEHIND_EPONYM.match(text, end) is not None


def _guessed(span: Span) -> bool:
    return span.layer in _GUESSING and span.kind in _KINDS and span.score < _GUESSED


def _of_place(text: str, found: re.Match[str]) -> bool:
    words = found["place"].split()
    before = text[max(0, found.start() - 32) : found.start()]
    if _NAMED_BEFORE.search(before) and not _ARTICLE.search(before):
        return False
    return lexicon.is_city(" ".join(words)) and not lexicon.is_given_name(words[0])


def _maker(text: str, span: Span) -> bool:
    """One word that no list knows for a name, behind an article as things are, beside the word for a device."""
    value = text[span.start : span.end].strip(" ,.")
    if span.layer is not Layer.NER or not value.isalpha():
        return False
    before = _BEFORE_MAKER.search(text, max(0, span.start - 32), span.start)
    if before is None:
        return False
    beside = before["device"] is not None or _BEHIND_MAKER.match(text, span.start + len(value)) is not None
    return beside and not (lexicon.is_given_name(value) or lexicon.is_surname(value))
