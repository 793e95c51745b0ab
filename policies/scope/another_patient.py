"""Whether a page says that it is another patient's: a misfiled page is a classic breach of a release desk.

A page claims a patient by a name, a birth date and a record number that its labels call the patient's, or by a name
and a birth date side by side in its head or foot. Each claim agrees with the event's patient, contradicts, or is too
damaged to say. Relatives, doctors, other contacts and the numbers of other facilities are no claims, or are outweighed:

- a name that contradicts is believed unless the birth date or the record number agrees (a maiden name, an alias), or
  the patient's whole name stands elsewhere on the page and nothing else contradicts;
- a name that no label calls the patient's, at the start of a head line or told of in prose as of the one who is
  treated, is believed only where the patient is named nowhere and nothing agrees;
- a birth date that contradicts is believed unless the record number agrees;
- a record number that contradicts is believed where nothing on the page agrees, for other facilities have their own;
  one of the very form of the patient's also beside the patient's name, where no birth date says whose page it is:
  one facility gave both out, the other one to a namesake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from detectors.findings import Finding, Kind, Owner
from detectors.known.parts import name_parts
from detectors.subject import Subject
from detectors.text.births import RELATIVE
from policies.scope import same_patient
from policies.scope.same_patient import Says

_WHO: Final = re.compile(
    r"(?<![^\W_])(?:(?P<patients>(?:patient|pt|resident|client|member|enrollee|beneficiary|subject|student|participant)"
    r"(?:['’]s)?(?:\s+(?:full\s+)?names?)?)"
    r"|(?:full\s+|legal\s+)?name(?:\s+of\s+patient)?(?:\s*\((?:last|first|l)[^)\n]{0,30}\))?|re|regarding|concerning)"
    r"\s{0,2}[:#.\-–|]\s{0,4}$"
    r"|(?<![^\W_])(?P<bare>(?:patient|pt)(?:\s+names?)?|subject\s+names?)\s{1,4}$"
    r"|^(?P<first>[ \t]*(?:resident|client)(?:\s+names?)?)\s{1,4}$",
    re.I | re.M,
)
"""A label of the group `patients` says whose name follows, whatever heading stands above it."""
_MR: Final = re.compile(r"(?<![^\W_])(?:Mr|Mrs|Ms|Miss|Mx|MR|MRS|MS)\.?[ \t]{1,2}$")
_IS_SEEN: Final = re.compile(
    r"\s{1,3}(?:is\s+an?\s+\d{1,3}|returns|returned|presents|presented|is\s+seen|was\s+seen|comes\s+in|came\s+in|underwent"
    r"|complains|complained|denies|tolerated|was\s+admitted|was\s+discharged|is\s+being\s+seen)(?![^\W_])",
    re.I,
)
"""What prose says of the patient it is about: "Mr. Lopez returned for". Relatives call, drive and report."""
_CREDENTIAL: Final = re.compile(
    r"[ \t]{0,2},?[ \t]{0,2}(?:M\.?D|D\.?O|R\.?N|N\.?P|P\.?A(?:-C)?|Ph\.?D|MS-?[1-4I]|PGY|PharmD|DPM|DDS|LCSW|CRNA)"
    r"(?![^\W_])"
)
_SURELY: Final = re.compile(r"(?<![^\W_])(?:patient|pt)(?:['’]s)?(?:\s+(?:full\s+)?names?)?[\s:#.\-–|]{1,5}$", re.I)
_CUT: Final = re.compile(r"[ \t,]{1,3}[^\W\d_]{1,2}$")
_OF_ONE: Final = re.compile(
    r"[ \t|,;(\-–]{1,8}(?:(?:sex|age|gender)[ \t]?:?[ \t]?)?(?:(?:M|F|male|female|man|woman)(?![^\W_])"
    r"|\d{1,3}[ \t]?-?(?:y(?:ea)?rs?|y/?o|y)(?![^\W_])|(?:MRN|MR#|DOB)(?![^\W_])"
    r"|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)(?!\d)|\d{1,2}[ -][A-Z]{3}[ -]\d{4}(?!\d)|#?[ \t]?\d{6,10}(?![\d/.-]))",
    re.I,
)
"""Behind a name that opens a line of the head: the sex, age, date or number of the one whose page it is."""
_BIRTH: Final = re.compile(
    r"(?<![^\W_])(?:[do0]\.?\s?[o0]\.?\s?[b8]\.?|date\s+of\s+birth|birth\s?-?\s?date|birth\s?-?\s?day|born)"
    r"(?:\s*\([^)\n]{0,14}\))?\s{0,2}[:;#.\-–|]?\s{0,4}(?:on\s)?$",
    re.I,
)
_RECORD: Final = re.compile(
    r"(?<![^\W_])(?:[mnw][.,]?[rk][.,]?[nm]\.?|mr|mr\s?#|med(?:ical)?\.?\s+rec(?:ord)?s?\.?(?:\s+(?:number|no\.?|num))?|chart(?:\s+(?:number|no\.?))?"
    r"|record\s{0,2}(?:number|n[oc]\.?)|unit\s+(?:number|no\.?)|patient\s+(?:id|no\.?|number)|hospital\s+(?:number|no\.?))"
    r"\s{0,2}[:;,#.\-–|]{0,2}\s{0,4}$",
    re.I,
)
"""An engine's readings of the label among them: NRN, MKN."""
_NOT_THE_PATIENT: Final = re.compile(
    rf"(?:{RELATIVE}|(?<![^\W_])(?:contact|emergency|next\s+of\s+kin|nok|guarantor|insured|subscriber|policy\s?-?holder|holder"
    r"|responsible\s+party|spouse|employer|provider|physician|doctor|dr|attending|surgeon|nurse|author|referr\w+|pcp|pharmacy"
    r"|facility|hospital|clinic|practice|witness\w*|interpreter|attorney|insurance|payer|plan|donor|recipient|newborn"
    r"|baby|infant|fetus|maternal|paternal|family|file|user|drug|medication|outside|other|former|previous|external"
    r"|transfer\w*|sending|roommate)(?![^\W_]))",
    re.I,
)
"""In the label's own line before it, or alone in the line above: whose name or number follows is not the patient's."""
_SENTENCE: Final = re.compile(r"(?<=[^\W\d_]{3})[.;!?]\s")
_BESIDE: Final = re.compile(
    rf"{_NOT_THE_PATIENT.pattern}[^.;\n]{{0,30}}$|(?<![^\W_])(?:cc|c/o|attn|from)\s?:\s*$", re.I
)
"""Whoever stands behind it is named as somebody's contact or relative, or is written to."""
_INSTITUTION: Final = re.compile(r"(?<![^\W_])(?:facility|hospital|clinic|practice)(?![^\W_])", re.I)
"""In the line above it is the letterhead of the page."""
_JOINT: Final = re.compile(r"[ \t,.'’()\-–]{0,3}")
_REACH: Final = 48
_HEAD_LINES, _FOOT_LINES = 6, 3
_SIDE_BY_SIDE: Final = re.compile(
    r"[ \t]{0,6}[|,;/(\-–]?[ \t]{0,3}(?:(?:dob|d\.o\.b\.|born|birth\s?date|b\.)[ \t]?[:.]?[ \t]{0,3})?", re.I
)
_IDS: Final = frozenset({Kind.MRN, Kind.OTHER_ID, Kind.ACCOUNT, Kind.HEALTH_PLAN, Kind.LICENCE, Kind.DEVICE})
_BIRTHS: Final = frozenset({Kind.BIRTH_DATE, Kind.DATE})


@dataclass(frozen=True, slots=True)
class _Claim:
    says: Says
    finding: Finding


@dataclass(slots=True)
class _Claims:
    names: list[_Claim]
    births: list[_Claim]
    records: list[_Claim]
    unlabelled: list[_Claim]
    """Names that a head or the prose tells: they count where the patient is named nowhere."""

    def first(self, claims: Sequence[_Claim], says: Says) -> Finding | None:
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
        claims.first(kind, Says.CONTRADICTS) for kind in (claims.names, claims.births, claims.records)
    )
    name_agrees, birth_agrees, record_agrees = (
        claims.first(kind, Says.AGREES) is not None for kind in (claims.names, claims.births, claims.records)
    )
    present = name_agrees or _is_named(text, here, subject)
    believed = not present or birth is not None or record is not None
    if name is not None and believed and not (name_agrees or birth_agrees or record_agrees):
        return name
    if not (present or name_agrees or birth_agrees or record_agrees):
        told = claims.first(claims.unlabelled, Says.CONTRADICTS)
        if told is not None and claims.first(claims.unlabelled, Says.AGREES) is None:
            return told
    if birth is not None and not birth_agrees and not record_agrees and (not present or name_agrees):
        return birth
    born = any(f.kind is Kind.BIRTH_DATE and f.owner is Owner.PATIENT for f in here)
    if record is None or birth_agrees or record_agrees or (present and (claims.births or born)):
        return None
    value = text[record.span.start : record.span.end] if record.span else ""
    return record if not present or same_patient.is_of_one_form(value, subject.mrn or "") else None


def _claims(text: str, here: Sequence[Finding], subject: Subject) -> _Claims:
    claims = _Claims([], [], [], [])
    for finding in _whole(text, here):
        span = finding.span
        if span is None:
            continue
        value, lead = text[span.start : span.end].partition("\n")[0], text[max(0, span.start - _REACH) : span.start]
        if finding.kind is Kind.PERSON and subject.names and not _is_a_providers(text, finding):
            if _is_called(text, span.start, lead, _WHO):
                claims.names.append(_Claim(same_patient.name(value, subject, families=True), finding))
            elif _opens_the_head(text, finding) or _is_told_of(text, finding):
                claims.unlabelled.append(_Claim(same_patient.name(value, subject, families=True), finding))
        elif finding.kind in _BIRTHS and subject.birth_date and _is_called(text, span.start, lead, _BIRTH):
            if _is_behind_a_listed_other(text, span.start, here):
                continue
            claims.births.append(_Claim(same_patient.birth(value, subject.birth_date), finding))
        elif finding.kind in _IDS and subject.mrn and _is_called(text, span.start, lead, _RECORD):
            claims.records.append(_Claim(same_patient.record(value, subject), finding))
    for person, birth in _side_by_side(text, here):
        if subject.names and subject.birth_date and person.span and birth.span:
            claims.names.append(_Claim(same_patient.name(text[person.span.start : person.span.end], subject), person))
            claims.births.append(
                _Claim(same_patient.birth(text[birth.span.start : birth.span.end], subject.birth_date), birth)
            )
    return claims


def _is_behind_a_listed_other(text: str, start: int, here: Sequence[Finding]) -> bool:
    """Whether the last name before it in its line is a relative's or a provider's whom the event tells."""
    line = text.rfind("\n", 0, start) + 1
    names = [f for f in here if f.kind is Kind.PERSON and line <= _start(f) < start]
    return bool(names) and names[-1].owner in (Owner.RELATIVE, Owner.PROVIDER)


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
    return bool(called.groupdict().get("patients")) or not _is_under_anothers_heading(text, begin)


def _is_under_anothers_heading(text: str, begin: int) -> bool:
    """ "EMERGENCY CONTACT" over "Name: ...": a heading speaks for the line below it."""
    line = text.rfind("\n", 0, begin) + 1
    above = text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : max(line - 1, 0)]
    if begin - line > 2 or len(above.split()) > 4:
        return False
    return _NOT_THE_PATIENT.search(_INSTITUTION.sub(" ", above)) is not None


def _is_a_providers(text: str, finding: Finding) -> bool:
    # A doctor may be the patient.
    if finding.span is None or _SURELY.search(text[max(0, finding.span.start - _REACH) : finding.span.start]):
        return False
    # A finding may end within the credential: "Harold Lopez, M" of "Harold Lopez, MD".
    named = _CUT.sub("", text[finding.span.start : finding.span.end])
    return _CREDENTIAL.match(text, finding.span.start + len(named)) is not None


def _opens_the_head(text: str, finding: Finding) -> bool:
    """A name at the start of one of the first lines, and behind it the sex, the age, a date or a number of its own."""
    span = finding.span
    if span is None or finding.owner in (Owner.RELATIVE, Owner.PROVIDER):
        return False
    line = text.rfind("\n", 0, span.start) + 1
    in_head = text.count("\n", 0, line) < _HEAD_LINES and not text[line : span.start].strip()
    return in_head and _OF_ONE.match(text, span.end) is not None and not _is_under_anothers_heading(text, span.start)


def _is_told_of(text: str, finding: Finding) -> bool:
    """Whether prose speaks of the name as of the one who is treated."""
    span = finding.span
    if span is None or finding.owner in (Owner.RELATIVE, Owner.PROVIDER) or not _IS_SEEN.match(text, span.end):
        return False
    lead = text[max(0, span.start - _REACH) : span.start]
    said = _MR.search(lead) or _MR.match(text[span.start : span.end])
    return said is not None and not _NOT_THE_PATIENT.search(_clause(lead))


def _clause(lead: str) -> str:
    """What stands before in the same line and the same sentence."""
    return _SENTENCE.split(lead.rpartition("\n")[2])[-1]


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
    """Whether the patient's whole name stands anywhere on the page, but as somebody else's contact or relative."""
    return any(
        f.kind is Kind.PERSON
        and f.span is not None
        and f.owner is Owner.PATIENT
        and not _is_beside(text, f.span.start)
        and len(name_parts(text[f.span.start : f.span.end])) > 1
        and same_patient.name(text[f.span.start : f.span.end], subject) is Says.AGREES
        for f in _whole(text, here)
    )


def _is_beside(text: str, start: int) -> bool:
    """Whether the words before a name, or the heading over its line, say that its bearer is not the page's patient."""
    if _BESIDE.search(_clause(text[max(0, start - _REACH) : start])):
        return True
    line = text.rfind("\n", 0, start) + 1
    label = _WHO.search(text[line:start])
    return label is not None and not label["patients"] and _is_under_anothers_heading(text, line + label.start())
