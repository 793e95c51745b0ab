"""Whether a page says that it is another patient's: a misfiled page is a classic breach of a release desk.

A page claims a patient by a name, a birth date and a record number that its labels call the patient's, or by a name
and a birth date side by side in its head or foot. Each claim agrees with the event's patient, contradicts, or is too
damaged to say. Relatives, doctors, other contacts and the numbers of other facilities are no claims, or are outweighed:

- a name that contradicts is believed unless the birth date or the record number agrees (a maiden name, an alias), or
  the patient's whole name stands elsewhere on the page and nothing else contradicts;
- a birth date that contradicts is believed unless the record number agrees;
- a record number that contradicts is believed where nothing on the page agrees: other facilities have their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.findings import Finding, Kind, Owner
from detectors.folding import as_id, as_name, tokens
from detectors.known.names import name_parts
from detectors.subject import Subject
from detectors.text.births import RELATIVE
from policies.dates import parse

_WHO: Final = re.compile(
    r"(?<![^\W_])(?:(?:patient|pt|resident|client|member|enrollee|beneficiary|subject)(?:['’]s)?(?:\s+(?:full\s+)?names?)?"
    r"|(?:full\s+|legal\s+)?name(?:\s+of\s+patient)?(?:\s*\((?:last|first|l)[^)\n]{0,30}\))?|re)\s{0,2}[:#.\-–|]\s{0,4}$"
    r"|(?<![^\W_])(?:patient|pt)(?:\s+names?)?\s{1,4}$",
    re.I,
)
_BIRTH: Final = re.compile(
    r"(?<![^\W_])(?:d\.?\s?[o0]\.?\s?[b8]\.?|date\s+of\s+birth|birth\s?-?\s?date|birth\s?-?\s?day|born)"
    r"(?:\s*\([^)\n]{0,14}\))?\s{0,2}[:#.\-–|]?\s{0,4}(?:on\s)?$",
    re.I,
)
_RECORD: Final = re.compile(
    r"(?<![^\W_])(?:m\.?r\.?n\.?|mr|mr\s?#|med(?:ical)?\.?\s+rec(?:ord)?s?\.?(?:\s+(?:number|no\.?|num))?|chart(?:\s+(?:number|no\.?))?"
    r"|record\s+(?:number|no\.?)|unit\s+(?:number|no\.?)|patient\s+(?:id|no\.?|number)|hospital\s+(?:number|no\.?))"
    r"\s{0,2}[:#.\-–|]{0,2}\s{0,4}$",
    re.I,
)
_NOT_THE_PATIENT: Final = re.compile(
    rf"(?:{RELATIVE}|(?<![^\W_])(?:contact|emergency|next\s+of\s+kin|nok|guarantor|insured|subscriber|policy\s?-?holder|holder"
    r"|responsible\s+party|spouse|employer|provider|physician|doctor|dr|attending|surgeon|nurse|author|referr\w+|pcp|pharmacy"
    r"|facility|hospital|clinic|practice|witness\w*|interpreter|attorney|insurance|payer|plan|donor|recipient|newborn"
    r"|baby|infant|fetus|maternal|paternal|family|file|user|drug|medication|outside|other|former|previous|external"
    r"|transfer\w*|sending|roommate)(?![^\W_]))",
    re.I,
)
"""In the label's own line before it, or alone in the line above: whose name or number follows is not the patient's."""
_JOINT: Final = re.compile(r"[ \t,.'’()\-–]{0,3}")
_REACH: Final = 48
_HEAD_LINES, _FOOT_LINES = 6, 3
_SIDE_BY_SIDE: Final = re.compile(
    r"[ \t]{0,6}[|,;/(\-–]?[ \t]{0,3}(?:(?:dob|d\.o\.b\.|born|birth\s?date|b\.)[ \t]?[:.]?[ \t]{0,3})?", re.I
)
_IDS: Final = frozenset({Kind.MRN, Kind.OTHER_ID, Kind.ACCOUNT, Kind.HEALTH_PLAN, Kind.LICENCE, Kind.DEVICE})
_BIRTHS: Final = frozenset({Kind.BIRTH_DATE, Kind.DATE})
_CHARACTERS_A_SLIP: Final = 4
"""One slip of the scanner is allowed for every so many letters of a name, or figures of a number."""
_MIN_FOREIGN: Final = 2
"""Words of a name that must be strange before it contradicts: one alone may be read off a heading."""
_MIN_ID: Final = 5
_SLIPS_OF_A_DATE: Final = 1


class _Says(Enum):
    AGREES = auto()
    CONTRADICTS = auto()
    UNCLEAR = auto()


@dataclass(frozen=True, slots=True)
class _Claim:
    says: _Says
    finding: Finding


@dataclass(slots=True)
class _Claims:
    names: list[_Claim]
    births: list[_Claim]
    records: list[_Claim]

    def first(self, claims: Sequence[_Claim], says: _Says) -> Finding | None:
        return next((claim.finding for claim in claims if claim.says is says), None)


def contradiction(text: str, found: Iterable[Finding], subject: Subject | None) -> Finding | None:
    """What on a page names another patient; None where nothing does, or nothing is known of the event's patient.

    `found` are the page's findings.
    """
    if subject is None or not (subject.names or subject.birth_date or subject.mrn):
        return None
    here = sorted((f for f in found if f.span is not None), key=_start)
    claims = _claims(text, here, subject)
    name, birth, record = (
        claims.first(kind, _Says.CONTRADICTS) for kind in (claims.names, claims.births, claims.records)
    )
    name_agrees, birth_agrees, record_agrees = (
        claims.first(kind, _Says.AGREES) is not None for kind in (claims.names, claims.births, claims.records)
    )
    present = name_agrees or _is_named(text, here, subject)
    believed = not present or birth is not None or record is not None
    if name is not None and believed and not (name_agrees or birth_agrees or record_agrees):
        return name
    if birth is not None and not birth_agrees and not record_agrees and (not present or name_agrees):
        return birth
    if record is not None and not (present or birth_agrees or record_agrees):
        return record
    return None


def _claims(text: str, here: Sequence[Finding], subject: Subject) -> _Claims:
    claims = _Claims([], [], [])
    for finding in _whole(text, here):
        span = finding.span
        if span is None:
            continue
        value, lead = text[span.start : span.end].partition("\n")[0], text[max(0, span.start - _REACH) : span.start]
        if finding.kind is Kind.PERSON and subject.names and _is_called(text, span.start, lead, _WHO):
            claims.names.append(_Claim(_name(value, subject), finding))
        elif finding.kind in _BIRTHS and subject.birth_date and _is_called(text, span.start, lead, _BIRTH):
            claims.births.append(_Claim(_birth(value, subject.birth_date), finding))
        elif finding.kind in _IDS and subject.mrn and _is_called(text, span.start, lead, _RECORD):
            claims.records.append(_Claim(_record(value, subject), finding))
    for person, birth in _side_by_side(text, here):
        if subject.names and subject.birth_date and person.span and birth.span:
            claims.names.append(_Claim(_name(text[person.span.start : person.span.end], subject), person))
            claims.births.append(_Claim(_birth(text[birth.span.start : birth.span.end], subject.birth_date), birth))
    return claims


def _start(finding: Finding) -> int:
    return finding.span.start if finding.span else 0


def _whole(text: str, here: Sequence[Finding]) -> Iterator[Finding]:
    """Findings in text order; the parts of a name that stand beside each other are one."""
    pending: Finding | None = None
    for finding in here:
        if pending is not None and pending.span and finding.span and _one_name(text, pending, finding):
            span = replace(pending.span, end=finding.span.end)
            pending = replace(pending, span=span, regions=(*pending.regions, *finding.regions))
            continue
        if pending is not None:
            yield pending
        pending = finding
    if pending is not None:
        yield pending


def _one_name(text: str, before: Finding, after: Finding) -> bool:
    if before.span is None or after.span is None or not (before.kind is after.kind is Kind.PERSON):
        return False
    return _JOINT.fullmatch(text, before.span.end, after.span.start) is not None


def _is_called(text: str, start: int, lead: str, label: re.Pattern[str]) -> bool:
    called = label.search(lead)
    if called is None:
        return False
    begin = start - len(lead) + called.start()
    line = text.rfind("\n", 0, begin) + 1
    if _NOT_THE_PATIENT.search(text[max(line, begin - _REACH) : begin]):
        return False
    # "EMERGENCY CONTACT" over "Name: ...": a heading speaks for the line below it.
    above = text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : max(line - 1, 0)]
    return not (begin - line <= 2 and len(above.split()) <= 4 and _NOT_THE_PATIENT.search(above))


def _side_by_side(text: str, here: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """A name and right behind it a date of birth, in the first or last lines of the page."""
    lines = text.split("\n")
    head = sum(len(line) + 1 for line in lines[:_HEAD_LINES])
    foot = len(text) - sum(len(line) + 1 for line in lines[-_FOOT_LINES:])
    for person, birth in pairwise(_whole(text, here)):
        if person.kind is not Kind.PERSON or birth.kind is not Kind.BIRTH_DATE or not person.span or not birth.span:
            continue
        if person.owner in (Owner.RELATIVE, Owner.PROVIDER) or not (
            person.span.start < head or person.span.start > foot
        ):
            continue
        line = text.rfind("\n", 0, person.span.start) + 1
        own_line = not _NOT_THE_PATIENT.search(text[line : person.span.start])
        if own_line and _SIDE_BY_SIDE.fullmatch(text, person.span.end, birth.span.start):
            yield person, birth


def _is_named(text: str, here: Sequence[Finding], subject: Subject) -> bool:
    """Whether the patient's whole name stands anywhere on the page."""
    return any(
        f.kind is Kind.PERSON
        and f.span is not None
        and f.owner is Owner.PATIENT
        and len(name_parts(text[f.span.start : f.span.end])) > 1
        and _name(text[f.span.start : f.span.end], subject) is _Says.AGREES
        for f in _whole(text, here)
    )


def _name(value: str, subject: Subject) -> _Says:
    says = {_against(value, name) for name in subject.names}
    return next(s for s in (_Says.AGREES, _Says.UNCLEAR, _Says.CONTRADICTS) if s in says)


def _against(value: str, name: str) -> _Says:
    """A name on the page against one of the event's: whole words, either order, slips of a scanner granted."""
    family, comma, given = name.partition(",")
    known = name_parts(f"{given} {family}" if comma else name)
    read = [word for word in name_parts(value) if not lexicon.is_clinical_word(word) or word in known]
    if not known or not read:
        return _Says.UNCLEAR
    matched = [word for word in read if any(_near(word, part) for part in known) or _glued(word, known)]
    strange = [word for word in read if word not in matched and not _initials_of(word, known)]
    if not strange or len(matched) > 1:
        return _Says.AGREES
    if matched and not _is_other_given(strange, matched, known):
        return _Says.UNCLEAR
    return _Says.CONTRADICTS if len(read) >= _MIN_FOREIGN else _Says.UNCLEAR


def _is_other_given(strange: Sequence[str], matched: Sequence[str], known: Sequence[str]) -> bool:
    """Whether the words left over are a given name in the family's own: the family shares a name, the person is other.

    With the patient's own given name and another family name it may be a name before or after marriage.
    """
    given_matches = any(_near(word, known[0]) or lexicon.is_given_name(word) for word in matched)
    return not given_matches and any(lexicon.is_given_name(word) or len(word) >= _CHARACTERS_A_SLIP for word in strange)


def _near(word: str, part: str) -> bool:
    read, listed = as_name(word), as_name(part)
    slips = len(listed) // _CHARACTERS_A_SLIP
    return Levenshtein.distance(read, listed, score_cutoff=slips) <= slips


def _glued(word: str, known: Sequence[str]) -> bool:
    """Words that the scanner ran together."""
    return len(word) > max(map(len, known)) and any(_near(word, a + b) for a in known for b in known if a != b)


def _initials_of(word: str, known: Sequence[str]) -> bool:
    return len(word) == 1 and any(part.startswith(word) for part in known)


def _birth(value: str, wanted: date) -> _Says:
    told = parse(value)
    if told is None or told.year is None or told.month is None or told.day is None:
        return _Says.UNCLEAR
    parts = {(told.month, told.day), (told.day, told.month)}
    if told.year % 100 == wanted.year % 100 and (wanted.month, wanted.day) in parts:
        return _Says.AGREES
    return _Says.UNCLEAR if _may_be(value, wanted) else _Says.CONTRADICTS


def _may_be(value: str, wanted: date) -> bool:
    """Whether one slip makes the figures of the text those of the date, in any order that it is written in."""
    day, month, year = wanted.day, wanted.month, f"{wanted.year:04}"
    named = re.search(r"[A-Za-z]{3}", value)
    if named is not None and named[0].casefold() != f"{wanted:%b}".casefold():
        return False
    days, months = {f"{day}", f"{day:02}"}, {""} if named else {f"{month}", f"{month:02}"}
    written = {f"{m}{d}{y}" for d in days for m in months for y in (year, year[2:])}
    written |= {f"{d}{m}{y}" for d in days for m in months for y in (year, year[2:])}
    written |= {f"{year}{m}{d}" for d in days for m in months}
    read = as_id("".join(c for c in value if not c.isalpha() or named is None))
    return any(Levenshtein.distance(read, form, score_cutoff=_SLIPS_OF_A_DATE) <= _SLIPS_OF_A_DATE for form in written)


def _record(value: str, subject: Subject) -> _Says:
    words = [w.text for w in tokens(value) if any(c.isdigit() for c in w.text)]
    read, listed = as_id("".join(words)).lstrip("0"), as_id(subject.mrn or "").lstrip("0")
    if len(read) < _MIN_ID or len(listed) < _MIN_ID:
        return _Says.UNCLEAR
    figures = "".join(c for c in listed if c.isdigit())
    if read in listed or listed in read or (len(figures) >= _MIN_ID and figures in read):
        return _Says.AGREES
    if any(as_id(other).lstrip("0") == read for other in subject.ids):
        return _Says.AGREES
    slips = max(1, len(listed) // _CHARACTERS_A_SLIP)
    near = Levenshtein.distance(read, listed, score_cutoff=slips) <= slips
    return _Says.UNCLEAR if near else _Says.CONTRADICTS
