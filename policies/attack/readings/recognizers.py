"""The attacker's own rules: few, plain, and written apart from the detectors, so that one mistake is not made twice.

What they find gets burned: each rule wants a shape or a label that hardly occurs by chance. Every pattern is bounded,
so that no input makes it backtrack without end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from detectors.findings import Kind, Layer, Span

_MONTH: Final = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
_MONTHS: Final = _MONTH + r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_STATES: Final = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])"
)
_NAME: Final = r"[A-Z][A-Za-z'’-]{1,24}"
_NAMES_SEVERAL: Final = rf"{_NAME}(?:,?[ ](?:[A-Z]\.?[ ])?{_NAME}){{1,3}}"
_NAMES: Final = rf"{_NAME}(?:,?[ ](?:[A-Z]\.?[ ])?{_NAME}){{0,3}}"
_ID_LABEL: Final = (
    r"(?:MRN|M\.R\.N\.|Med(?:ical)?\.? ?Rec(?:ord)?|Chart|Acc(?:oun)?t|Accession|Encounter|Visit|Member|Subscriber"
    r"|Policy|Group|Claim|Case|Patient|Certificate|Licen[cs]e|Serial|DEA|NPI|Specimen|Order)"
)
_ID_MARK: Final = r"(?: ?(?:ID|No|Number|Nbr|Num|#)\.?){0,2}"
_PERSON_LABEL: Final = (
    r"(?:Patient(?: Name)?|Name|Insured|Subscriber|Guarantor|Physician|Attending|Surgeon|Provider|Referr(?:ed|ing) by"
    r"|Spouse|Mother|Father|Daughter|Son|Husband|Wife|Next of Kin|Emergency Contact|Signed(?: by)?|Attn|To|From|cc)"
)

NOT_NAMES: Final = frozenset(
    """
    a account active acute address admission admitted adult age alert all allergies allergy also am an and any april
    are as assessment at attending august authorization available be bilateral billing birth blood body by california
    card care case cell center centre chart chest chief chronic city claim class clinic clinical code college comments
    company complaint consent contact control copy county court cover coverage current daily data date day days
    december degree department description device diagnosis diet discharge discharged disease do doctor document
    dosage dose dr drive drug ear east emergency employer encounter end evaluation exam examination eye facility
    family father fax february female final findings first follow followup for form free friday from full gender
    general given group guarantor hand has he head health heart her high his history home hospital hours i id if
    illness impression in information initial insurance insured is it january july june kin lab laboratory language
    last lateral left level list low lower lumbar lung male march marital may md medical medicare medicaid medication
    medications medicine member memorial message method middle monday mother mr mrn mrs ms name names near negative
    neck new next no none normal north not note notes november number nurse october of office on only operative or
    order other out over page pain past patient payer phone physical physician plan please policy positive
    postoperative preoperative pressure primary prior procedure progress provider pulse race range rate reason
    received record records reference referral referred referring refill release relationship report request result
    results return review right room sample saturday section see sender sent september service services sex she
    signature signed single social son south specimen spouse st state status street subject subscriber suite sunday
    surgeon surgery surgical system take telephone temperature test that the this thursday time title to today total
    transfer treatment tuesday type under unit units unknown up upper us use value visit vital vitals ward was weight
    wednesday were west when white will wife with year years yes zip
    acct dob med rec rx
    abdomen abdominal anemia antibody anterior aspirin asthma bacteria basic bilirubin calcium cancer cardiac
    cholesterol complete count creatinine diabetes fasting function glucose hemoglobin hypertension infection insulin
    kidney lipid liver metformin metabolic nasal panel platelet pneumonia posterior potassium prescription protein
    pulmonary renal respiratory serum sodium spinal stroke thyroid tissue tumor urine vitamin
    """.split()  # noqa: SIM905  a table of words reads better as text
)
"""Words of forms and charts that stand where a name could, in lower case: a label, a heading, a test, a body part."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern; its first group, where it has one, is the identifier."""

    kind: Kind
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = lambda _: True


def _is_ssn(text: str) -> bool:
    """20 CFR 422.103: area 000, 666 and 900 to 999, group 00 and serial 0000 are never issued."""
    digits = re.sub(r"\D", "", text)
    return digits[:3] not in {"000", "666"} and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"


def _is_date(text: str) -> bool:
    """Three numbers that can be month, day and year in some order."""
    parts = [int(p) for p in re.findall(r"\d+", text)]
    if len(parts) != 3 or 0 in parts[:2]:
        return False
    year_first = parts[0] > 31
    first, second = (parts[1], parts[2]) if year_first else (parts[0], parts[1])
    return min(first, second) <= 12 and max(first, second) <= 31 and first > 0 and second > 0


def _is_luhn(text: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _is_name(text: str) -> bool:
    words = re.findall(r"[A-Za-z'’-]+", text)
    return bool(words) and all(word.casefold() not in NOT_NAMES for word in words) and any(len(w) > 1 for w in words)


def _has_digit(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 3


def _is_ip(text: str) -> bool:
    return all(int(part) <= 255 for part in text.split("."))


RULES: Final[tuple[Rule, ...]] = (
    Rule(Kind.SSN, re.compile(r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])"), _is_ssn),
    Rule(Kind.SSN, re.compile(r"\b(?:SSN|Social Security(?: (?:No|Number|#))?)\W{0,4}(\d{9})\b", re.I), _is_ssn),
    Rule(
        Kind.PHONE,
        re.compile(r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-. ]\d{4}(?![\d-])"),
    ),
    Rule(Kind.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}\b")),
    Rule(Kind.URL, re.compile(r"\b(?:https?://|www\.)[^\s<>]{4,200}", re.I)),
    Rule(Kind.IP_ADDRESS, re.compile(r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])"), _is_ip),
    Rule(Kind.CARD, re.compile(r"(?<![\d-])[3-6]\d{3}(?:[- ]?\d{4}){3}(?![\d-])"), _is_luhn),
    Rule(Kind.DATE, re.compile(r"(?<![\d/.-])\d{1,2}([/-])\d{1,2}\1(?:19|20)?\d\d(?![\d/-])"), _is_date),
    Rule(Kind.DATE, re.compile(r"(?<![\d.])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?![\d.])"), _is_date),
    Rule(Kind.DATE, re.compile(r"(?<![\d/.-])(?:19|20)\d\d([/-])\d{1,2}\1\d{1,2}(?![\d/-])"), _is_date),
    Rule(Kind.DATE, re.compile(rf"\b{_MONTHS}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d\b", re.I)),
    Rule(Kind.DATE, re.compile(rf"(?<!\d)\d{{1,2}}[ -]{_MONTHS}\.?,?[ -](?:19|20)?\d\d(?!\d)", re.I)),
    Rule(Kind.AGE_OVER_89, re.compile(r"\b(?:9\d|1[01]\d)[- ]?(?:years?[- ]old|y/?o|yrs?)\b", re.I)),
    Rule(
        Kind.MRN,
        re.compile(rf"\b{_ID_LABEL}{_ID_MARK}\s?[:#]{{1,2}}\s{{0,3}}([A-Z]{{0,4}}[-/]?\d[A-Z\d/-]{{3,19}})\b", re.I),
        _has_digit,
    ),
    Rule(Kind.MRN, re.compile(r"\bMRN?\s{1,3}([A-Z]{0,3}-?\d{5,12})\b"), _has_digit),
    Rule(Kind.ZIP, re.compile(rf"\b{_STATES}\.?,? {{1,2}}(\d{{5}}(?:-\d{{4}})?)(?![\d-])")),
    Rule(
        Kind.STREET,
        re.compile(
            r"(?<![\d/.-])\d{1,6} (?:[NSEW]\.? )?[A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){0,2}"
            r" (?:St|Street|Ave|Avenue|Rd|Road|Dr|Drive|Ln|Lane|Blvd|Boulevard|Ct|Court|Way|Pl|Place|Ter|Terrace)\b\.?"
        ),
    ),
    Rule(Kind.PERSON, re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? {{1,2}}({_NAMES})"), _is_name),
    Rule(Kind.PERSON, re.compile(rf"\b({_NAMES}),? (?:MD|M\.D\.|DO|D\.O\.|RN|NP|PA-C|PhD|FACP|FACS)(?!\w)"), _is_name),
    Rule(Kind.PERSON, re.compile(rf"\b(?i:{_PERSON_LABEL})\s?:\s{{0,3}}({_NAMES_SEVERAL})"), _is_name),
)


def spans(text: str) -> list[Span]:
    """What the rules find in a page's text, in order. Patterns do not reach over a line's end."""
    found: set[Span] = set()
    for start, line in _lines(text):
        for rule in RULES:
            for hit in rule.pattern.finditer(line):
                group = _identifier(rule, hit)
                if rule.holds(hit[group]):
                    begin, end = hit.span(group)
                    found.add(Span(start + begin, start + end, rule.kind, 1.0, Layer.ATTACKER))
    return sorted(found)


def _identifier(rule: Rule, hit: re.Match[str]) -> int:
    """A date's group is its separator, not the identifier."""
    return 0 if rule.kind is Kind.DATE or not hit.re.groups else 1


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1
