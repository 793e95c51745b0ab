"""What stands behind a name and is none: a credential behind its comma, the label of the next field before its colon.

Readers of names run on into both, and a form without its labels is no form any more. Whatever was found ends with its
last letter or figure, but for the stop of an abbreviation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.folding import Token, fold, tokens, word_set
from detectors.labels.table import LONGEST_WORDS, label_key
from detectors.spans.place import placed
from detectors.spans.things import without_things

_TRIMMED: Final = frozenset({Layer.DICTIONARY, Layer.NER, Layer.LABEL})
"""Layers that judge by looks or take what stands beside a label; what the event knows stays whole."""
_GUESSING: Final = frozenset({Layer.DICTIONARY, Layer.NER})
_TITLE: Final = (
    r"(?:M\.?D|D\.?O|N\.?P|R\.?N|P\.?A(?:-C)?|D\.?P\.?M|D\.?D\.?S|Ph\.?D|Pharm\.?D|DNP|LPN|CRNA|APRN|FNP|LCSW)\.{0,2}"
)
_CREDENTIALS: Final = re.compile(rf"[.,]\s{{1,2}}{_TITLE}(?:, ?{_TITLE})?[.,;\s]{{0,3}}\Z")
_CREDENTIAL: Final = re.compile(rf"[.,] {_TITLE}(?!\w)")
_BEFORE_COLON: Final = re.compile(r"[^\n:;\d]{0,16}[:;]")
"""From the end of a span to the colon of its line, with what a label may have there yet: "No.", "#"."""
_SHORT_LABEL: Final = re.compile(r"(?:VIN|MRN|SSN|DOB|NPI|DEA|UDI) (?=\S{0,20}\d)")
_DIALYSIS_DAYS: Final = re.compile(r" (?:MWF|TTh?S)\Z")
"""What the model takes along before a number and behind a house."""
_OPENER: Final = re.compile(
    r"(?:(?:i['’]m|thx|hey|(?:it|that|here|there|who|what|where|when|how|why)['’](?:s|d|re|ll))\s)+"
    r"(?=\S)",
    re.I,
)
"""What a sentence opens with before a name: "I'm Ada", "where'd Okafor go". Not "ok": Ok Soon Kim."""
_DEED: Final = re.compile(
    r"[ ](?:fell|called|speaks|eloped|refus(?:ed|es|ing)|wants|says|said|vomited|ate"
    r"|bounced|in|at|on|is|was|has|aqu[ií])\Z"
)
"""What somebody does, in small letters behind a name that has them too."""
_FIELD: Final = re.compile(
    r"[ \t]{1,3}(?:Town|TOWN|City|CITY|Dept|DEPT|Department|DEPARTMENT|Service Location|SERVICE LOCATION)\Z"
)
_COLON: Final = re.compile(r"[ \t]?:")
"""The label of the next field on the line, which its colon shows to be one: "50 Hazelgarth Place Town: Norr"."""
_TWO_LINES: Final = re.compile(
    r"(?P<one>[^A-Za-z]{7,24}(?:(?:x|ext\.?)\s?\d{1,6})?)\s(?:F|FX|P|C|M|H|W"
    r"|O)[.:]?\s(?P<two>[+(\d].{6,})",
    re.S,
)
"""A telephone and the next number behind the letter that stands for its kind."""
_WORD_END: Final = re.compile(r"[\w.]{0,8}(?![\w.])")
_UNSTOPPED: Final = frozenset({Kind.EMAIL, Kind.URL})
"""Kinds that end in letters and never with a stop."""
_NAME_WORDS: Final = 2
_ADDRESSED: Final = re.compile(r"(?<!\w)(?i:from|to|attn|attention)[ ]?:[ \t]{0,6}\Z")
_HOUSES: Final = word_set(
    "clinic clinics hospital hospitals pharmacy associates laboratory laboratories healthcare physicians"
)
_SPECIALTIES: Final = word_set(
    "orthopedics orthopaedics cardiology dental dentistry radiology imaging labs pediatrics neurology oncology urology "
    "dermatology surgery rehab rehabilitation hospice"
)
"""What a house is called by that may also be told of somebody: "To: Hruba rehab bed is ready"."""
_TITLES: Final = word_set("dr mr mrs ms miss pt patient")
_LINE_END: Final = re.compile(r"[ ]?(?:[,.(;]|\d|\Z|\n)")
_REST: Final = re.compile(r"(?:[ ][A-Z][A-Za-z&]*){1,3}")
_ALWAYS_LABELS: Final = frozenset({"born"})
_DAY_BEHIND: Final = re.compile(
    r"\s{0,4}(?:\d|(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]{0,6}[ .,]{1,3}\d)", re.I
)
"""Before a colon they are labels where a day stands behind it: "Mr Born: wants coffee"."""
_SURNAMES: Final = 10_000
"""A label's word that so many surnames are more frequent than is nobody's name before a colon."""


def trimmed(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans of persons without credentials and labels at their end; one that is a label whole is left out, and so
    is what bears a name and is nobody."""
    found: list[Span] = []
    for whole in without_things(text, spans):
        two = _TWO_LINES.fullmatch(text, whole.start, whole.end) if whole.layer is Layer.LABEL else None
        if two is not None and whole.kind is Kind.PHONE:
            found += [placed(whole, *two.span("one")), placed(whole, *two.span("two"))]
            continue
        span = _without_short_forms(text, whole) if whole.layer in _GUESSING else whole
        if span.layer in _TRIMMED and _COLON.match(text, span.end):
            field = _FIELD.search(text, span.start, span.end)
            span = placed(span, span.start, field.start()) if field else span
        if span.kind is not Kind.PERSON or span.layer not in _TRIMMED:
            found.append(span)
        elif _is_house(text, span):
            found.append(replace(span, kind=Kind.FACILITY))
        elif (end := _before_label(text, span)) > span.start:
            opener = _OPENER.match(text, span.start, end)
            start = opener.end() if opener else span.start
            found.append(placed(span, start, _before_credentials(text, start, end)))
    return found


def _without_short_forms(text: str, span: Span) -> Span:
    label = _SHORT_LABEL.match(text, span.start, span.end)
    behind = _DIALYSIS_DAYS.search(text, span.start, span.end) or _DEED.search(text, span.start, span.end)
    return placed(span, label.end() if label else span.start, behind.start() if behind else span.end)


def ended(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans without the blanks, commas and stops behind them; a mark that stands alone stays, and so does the stop
    of an initial or an abbreviation. Only what touches the last word goes: on a page the word burns whole."""
    found = []
    for span in spans:
        value = text[span.start : span.end].rstrip()
        bare = value.rstrip(",;:")
        if bare.endswith(".") and (span.kind in _UNSTOPPED or bare.rstrip(".")[-1:].isdigit()):
            bare = bare.rstrip(".,;:")
        if not bare or bare[-1].isspace():
            bare = value
        found.append(placed(span, span.start, span.start + len(bare)) if bare else span)
    return found


def _is_house(text: str, span: Span) -> bool:
    """Whether who sends, receives or is asked for is a house: "To: Lakeside Orthopedics".

    Its trade has a capital and ends the line, or "of" and a town do. A given name makes it a person's practice, and the
    person burns; so does what may be a surname before a specialty: "From: Okonkwo Surgery".
    """
    if not _ADDRESSED.search(text, max(0, span.start - 16), span.start):
        return False
    rest = _REST.match(text, span.end)
    ends = span.end if _LINE_END.match(text, span.end) else rest.end() if rest else None
    if ends is None or not _LINE_END.match(text, ends):
        return False
    before, of, town = text[span.start : ends].replace(",", " ").partition(" of ")
    *name, trade = before.split() or [""]
    if not (lexicon.is_city(town) if of else name) or not trade[:1].isupper():
        return False
    if any(lexicon.is_given_name(word) or word.lower().rstrip(".") in _TITLES for word in name):
        return False
    plain = [w for w in name if lexicon.is_common_word(w) or (lexicon.is_city(w) and not lexicon.is_surname(w))]
    if trade.lower() in _HOUSES:
        return len(name) < _NAME_WORDS or bool(plain)
    borne = any((lexicon.surname_rank(word) or 1 << 30) <= _SURNAMES for word in name)
    return trade.lower() in _SPECIALTIES and plain == name and not borne


def _before_credentials(text: str, start: int, end: int) -> int:
    """Where the name ends. "LEE, DO" may be a surname and a given name: of one word, or in capitals, DO stays."""
    # An initial that was seen in "DO" is a part of it.
    whole = _WORD_END.match(text, end)
    found = _CREDENTIALS.search(text, start, whole.end() if whole else end)
    if found is None:
        return end
    name = text[start : found.start()]
    several = len(tokens(name)) >= _NAME_WORDS
    return found.start() if several and not ("DO" in found[0] and name.isupper()) else end


def is_credential(text: str, start: int) -> bool:
    """Whether a credential begins here, behind its comma: the M of "M.D." is no initial."""
    return _CREDENTIAL.match(text, max(start - 2, 0)) is not None


def _before_label(text: str, span: Span) -> int:
    """Where the label begins that ends the span and its colon follows; the span's end where there is none."""
    if span.layer is Layer.LABEL:
        return span.end
    colon = _BEFORE_COLON.match(text, span.end)
    if colon is None or text[span.end].isalnum():
        return span.end
    words = tokens(text[span.start : span.end])[-LONGEST_WORDS:]
    dated = _DAY_BEHIND.match(text, colon.end()) is not None
    for exact in (True, False):
        for index, first in enumerate(words):
            label = label_key(fold(text[span.start + first.start : colon.end()]))
            if (
                label is None
                or label[1] is not exact
                or any(_could_be_name(w, exact=exact, dated=dated) for w in words[index:])
            ):
                continue
            return span.start + len(text[span.start : span.start + first.start].rstrip())
    return span.end


def _could_be_name(word: Token, *, exact: bool, dated: bool) -> bool:
    """Names that read as labels are rare ones; beside those that nearly do, an initial or any name stays one."""
    if exact and dated and word.folded in _ALWAYS_LABELS:
        return False
    rank = lexicon.surname_rank(word.folded)
    if lexicon.is_given_name(word.folded) or (not exact and len(word.folded) == 1):
        return True
    return rank is not None and (not exact or rank <= _SURNAMES)
