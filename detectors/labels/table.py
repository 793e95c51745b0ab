"""The labels of medical forms and the kind of value beside or below each.

Wordings are those of everyday US forms (face sheets, CMS-1500 boxes, requisitions, fax covers). A leading `~` marks a
label that needs a colon or a cell of its own, because running text uses the words as well.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from detectors.findings import Kind
from detectors.folding import as_name, fold

_PERSON: Final = """
patient name|~patient|~name|name of patient|patients name|patient full name|full name|legal name|last name|
first name|middle name|given name|family name|~surname|maiden name|former name|preferred name|~aka|~alias|
client name|resident name|member name|subscriber name|~subscriber|policy holder|policyholder|policy holder name|
cardholder|insured|insured name|insureds name|name of insured|other insureds name|guarantor|guarantor name|
responsible party|responsible party name|emergency contact|emergency contact name|~contact|contact name|
contact person|next of kin|~kin|~spouse|spouse name|husband|~wife|~mother|~father|mothers name|fathers name|
mothers maiden name|~parent|parent guardian|parent name|~guardian|legal guardian|~daughter|~son|~sister|
~brother|~caregiver|~informant|~proxy|health care proxy|power of attorney|physician name|~physician|~provider|
provider name|attending|attending physician|attending md|attending provider|referring physician|
referring provider|~referring|referred by|ordering physician|ordering provider|ordered by|~ordering|
primary care physician|primary care provider|~pcp|pcp name|consulting physician|~consultant|admitting physician|
rendering provider|name of referring provider|~surgeon|attending surgeon|~assistant|first assistant|
~anesthesiologist|~anesthetist|~radiologist|~pathologist|interpreting physician|reading physician|read by|
interpreted by|reported by|~technologist|~technician|performed by|collected by|drawn by|verified by|reviewed by|
approved by|~prescriber|prescriber name|prescribed by|~pharmacist|~nurse|~resident|dictated by|transcribed by|
signed by|~signed|electronically signed by|authenticated by|~signature|patient signature|physician signature|
printed name|print name|~author|~authored by|~witness|~attention|~attn|~to|~from|~cc|~dear|requested by|
prepared by|entered by|completed by|case manager|social worker|care coordinator|account holder|name of employee|
employee name|last first mi|last first middle|last first|~sender|~recipient
"""

_TABLE: Final[dict[Kind, str]] = {
    Kind.PERSON: _PERSON,
    Kind.BIRTH_DATE: """
dob|d o b|date of birth|birth date|birthdate|patients birth date|patient dob|patients dob|patient date of birth|
patients date of birth|insureds date of birth|insureds dob|subscriber dob|subscriber date of birth|dob sex|dob age|
birthday|born|~birth|geburtsdatum|geburtstag|geboortedatum|fecha de nacimiento|fecha nacimiento|fecha de nac|
date de naissance|data di nascita|data de nascimento
""",
    Kind.DATE: """
~date|todays date|admission date|admit date|date of admission|date admitted|~admitted|~admission|discharge date|
date of discharge|date discharged|~discharged|service date|date of service|dates of service|dos|date of visit|
visit date|encounter date|exam date|date of exam|study date|date of study|procedure date|date of procedure|
date of surgery|surgery date|operation date|date of operation|date of death|death date|dod|~deceased|
date of injury|injury date|date of onset|onset date|date of accident|report date|date reported|~reported|
collection date|date collected|~collected|date received|~received|order date|date ordered|date written|~written|
~dictated|~transcribed|date signed|date dictated|date transcribed|effective date|expiration date|expires|
exp date|issue date|start date|end date|appointment|appointment date|next appointment|follow up date|last visit|
last menstrual period|lmp|due date|edd|date of referral|referral date|date of request|statement date|~printed|
print date|date time|date of current illness|signature date
""",
    Kind.STREET: """
~address|street address|home address|mailing address|patient address|patients address|insureds address|
address line 1|address line 2|residence|~street|employer address|facility address|return address|
billing address|office address|present address|~location of residence|pharmacy address
""",
    Kind.CITY: """
~city|city state zip|city state|city state zip code|city state and zip|~town|~county|birthplace|place of birth|
city of birth|municipality
""",
    Kind.STATE: "~state|~province",
    Kind.ZIP: "zip|zip code|zipcode|postal code|~postcode",
    Kind.PHONE: """
phone|phone number|~telephone|telephone number|tel|~cell|cell phone|~mobile|mobile phone|home phone|work phone|
office phone|daytime phone|evening phone|day phone|contact phone|contact number|emergency phone|~pager|~beeper|
ph|call back|callback|callback number|patient phone|phone home|phone work|phone cell|direct line|toll free
""",
    Kind.FAX: "~fax|fax number|facsimile|fax to|fax phone",
    Kind.EMAIL: "email|e mail|email address|e mail address",
    Kind.URL: "~website|web site|~web|url|patient portal",
    Kind.IP_ADDRESS: "ip address|~ip",
    Kind.SSN: """
ssn|social security|social security number|soc sec|soc sec number|ss|social sec|last 4 ssn|patient ssn
""",
    Kind.MRN: """
mrn|m r n|medical record|medical record number|med rec|med rec number|mr|~record|record number|chart number|
~chart|patient number|patient id|patient identifier|pt id|hospital number|unit number|epi|~empi|ehr id|chart id|
medical rec|hospital id|patient no
""",
    Kind.HEALTH_PLAN: """
member id|member number|~member|policy number|~policy|policy id|policy group|group number|~group|group id|
insurance id|insurance number|insureds id|insureds id number|insured id|subscriber id|subscriber number|
~plan|health plan id|plan id|plan number|medicaid|medicaid id|medicaid number|certificate number|
health insurance number|hic|hicn|insurance policy|policy group or feca number|rx bin|rx group|rxgrp|rxbin|rx id|
cardholder id|beneficiary id|prior authorization|prior authorization number|authorization number|auth number|
insureds policy group or feca number
""",
    Kind.MBI: "mbi|medicare|medicare id|medicare number|medicare beneficiary id|medicare beneficiary identifier",
    Kind.ACCOUNT: """
account|account number|visit account|visit account number|acct|acct number|patient account|patient account number|
patients account number|
hospital account|billing account|~har|guarantor account|financial number|fin|bank account|routing number|
invoice number|~invoice|statement number|federal tax id|tax id|federal tax id number|ein|tin
""",
    Kind.CARD: "credit card|card number|credit card number|~visa|~mastercard|cc number",
    Kind.LICENCE: """
license|license number|licence|licence number|lic|drivers license|drivers license number|driver license|dl|
dl number|medical license|state license|lic number|certification number|permit number|clia|clia number|passport|
passport number
""",
    Kind.NPI: """
npi|npi number|national provider id|national provider identifier|provider npi|billing npi|provider id|rendering npi|
referring npi|attending npi|ordering npi|facility npi|prescriber npi
""",
    Kind.DEA: "dea|dea number|dea registration",
    Kind.VEHICLE: """
vin|vehicle id|vehicle identification|vehicle identification number|license plate|plate|plate number|vehicle|
vehicle plate|tag number
""",
    Kind.DEVICE: """
serial|serial number|device serial|device serial number|s n|device id|device identifier|udi|lot number|~lot|
model serial|implant id|implant serial|pacemaker serial|imei|mac address
""",
    Kind.OTHER_ID: """
accession|accession number|acc|specimen|specimen id|specimen number|sample id|~specimen|~case|case number|
case id|claim|claim number|claim id|order number|~order|order id|requisition|requisition number|req number|
visit number|~visit|visit id|encounter|encounter number|encounter id|csn|~reference|reference number|ref number|
~ref|confirmation number|tracking number|prescription number|rx number|rx|document id|document number|
report number|~report|study id|study number|exam id|surgical number|badge number|employee id|employee number|
student id|military id|va number|dod id|~employer|employer name|name of employer|employer or school|
employers name or school name|~school|donor id|trial id|protocol id|subject id|registration number|
original ref number|control number|job number|username|user id|login|~barcode|~id|id number|sid|adt number|
message id|lab id|lab number|pathology number
""",
    Kind.FACILITY: """
~facility|facility name|~hospital|hospital name|~clinic|clinic name|~practice|practice name|~organization|
organization name|~pharmacy|pharmacy name|preferred pharmacy|~laboratory|performing lab|performing laboratory|
~site|admitting facility|referring facility|service facility|service facility location|facility location|
place of service|billing provider|practice location|nursing home|~company|~agency|~department of
""",
    Kind.AGE: "~age|patient age|age at visit",
    Kind.BIOMETRIC: "fingerprint|fingerprint id|voice print|retina scan id|biometric id",
}

# What people append to a label without changing its meaning.
_TAILS: Final = (
    "number",
    "num",
    "no",
    "nbr",
    "nr",
    "s",
    "yrs",
    "years",
    "mmddyyyy",
    "mmddyy",
    "lastfirstmi",
    "lastfirst",
)
_MIN_FUZZY: Final = 6
"""Shorter labels only exactly: "dob" is one letter from too many words."""
_MIN_TWO_OFF: Final = 11


def _entries() -> tuple[dict[str, Kind], frozenset[str]]:
    kinds: dict[str, Kind] = {}
    weak: set[str] = set()
    for kind, listed in _TABLE.items():
        for label in listed.replace("\n", "").split("|"):
            key = label.strip().lstrip("~").replace(" ", "")
            kinds.setdefault(key, kind)
            if label.strip().startswith("~"):
                weak.add(key)
    return kinds, frozenset(weak)


KINDS, WEAK = _entries()
WORDS: Final = frozenset(
    fold(word) for listed in _TABLE.values() for label in listed.split("|") for word in label.split()
)
"""The single words that labels are made of, folded."""
LONGEST_WORDS: Final = 6
_FUZZY: Final = {as_name(key): key for key in KINDS if len(key) >= _MIN_FUZZY}
_WORDINGS: Final = tuple(_FUZZY)


def label_key(folded: str) -> tuple[str, bool] | None:
    """The table's key for a folded wording and whether it matched exactly; None where it is no label."""
    exact = exact_key(folded)
    key = exact or near_key(folded)
    return (key, exact is not None) if key else None


@lru_cache(maxsize=8192)
def near_key(folded: str) -> str | None:
    """The table's key for a wording that was read with an error, one or two letters off a long label."""
    if len(folded) < _MIN_FUZZY:
        return None
    limit = 1 if len(folded) < _MIN_TWO_OFF else 2
    name = as_name(folded)
    wordings = _sharing(name, limit)
    near = process.extractOne(name, wordings, scorer=Levenshtein.distance, score_cutoff=limit) if wordings else None
    return _FUZZY[near[0]] if near else None


def exact_key(folded: str) -> str | None:
    """The table's key for a folded wording that was read without an error."""
    if folded in KINDS:
        return folded
    for tail in _TAILS if folded.endswith(_TAILS) else ():
        if folded.endswith(tail) and folded[: -len(tail)] in KINDS:
            return folded[: -len(tail)]
    return None


def _sharing(name: str, limit: int) -> list[str]:
    """Labels, in the table's order, that may be so few edits away: of one part more than edits one is left whole."""
    size = len(name) // (limit + 1)
    parts = [name[n * size : (n + 1) * size] for n in range(limit)]
    shared = {label for part in (*parts, name[limit * size :]) for label in _containing().get(part, ())}
    return [_WORDINGS[n] for n in sorted(shared) if abs(len(_WORDINGS[n]) - len(name)) <= limit]


@cache
def _containing() -> dict[str, set[int]]:
    """Each part of a label, and the labels that have it."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, label in enumerate(_FUZZY):
        for first in range(len(label)):
            for after in range(first + 1, len(label) + 1):
                found[label[first:after]].add(number)
    return dict(found)
