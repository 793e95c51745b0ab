"""Names of hospitals, clinics, practices, laboratories and schools: a proper name before or after their head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detectors.dictionaries.lexicon import fold, is_clinical_word, is_common_word, word_set
from detectors.findings import Kind
from detectors.names.messages.hasty import is_stranger
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher
from detectors.places.headings import HEADING_WORDS, is_form_word
from detectors.places.met import apart, bears_name

_HEADS = (
    "Hospitals?|Medical (?:Center|Centre|Group|Associates|Clinic|Practice|Office|Offices|Arts|Plaza|Campus|College)"
    "|Med(?:ical)? Ctr|Clinics?|Infirmary"
    "|Health ?(?:System|Systems|Center|Centre|Care|Partners|Network|Services|Clinic|Group|Plan)?"
    "|Healthcare(?: System| Center)?|Health Department"
    "|Family (?:Practice|Medicine|Physicians|Health|Medical Center|Care|Dental)|(?:Primary|Urgent"
    "|Home) Care(?: Center| Clinic)?|Internal Medicine"
    "|Nursing (?:Home|Center|Facility|(?:and|&) Rehab(?:ilitation)?(?: (?:Center|Centre|Facility|Institute))?)"
    "|Rehab(?:ilitation)?(?: Center| Hospital| Institute)?|Care (?:Center|Centre"
    "|Home)|Assisted Living|Senior Living|Manor|Hospice"
    "|Pharmac(?:y|ies)|Drug ?(?:Store|s)?|Laborator(?:y|ies)|Labs?|Diagnostics|Imaging(?: Center| Associates)?"
    "|Radiology(?: Associates| Group)?"
    "|Pathology(?: Associates| Group)?|(?:Outpatient |Ambulatory )?Surg(?:ery|ical) (?:Center|Centre|Associates"
    "|Hospital|Group|Specialists)"
    "|Cancer (?:Center|Centre|Institute)|Heart (?:Center|Institute|Hospital|Group)|Eye (?:Center|Institute"
    "|Associates)|Institute|Sanatorium|Sanitarium"
    "|(?:Cardiology|Oncology|Neurology|Orthopaedics|Orthopedics|Orthopedic|Pediatrics|Dermatology|Urology"
    "|Gastroenterology|Nephrology|Pulmonary|Psychiatry|Dental"
    "|Women's Health|Wellness|Physical Therapy|Behavioral Health|Mental Health|Dialysis|Birth"
    "|Children's)(?: (?:Associates|Group|Center|Clinic|Specialists|Partners|Practice|Consultants|Institute|Hospital))"
    "|University|College|(?:High|Elementary|Middle) School|Academy|Physicians(?: Group)?|Blood (?:Bank|Center)"
    "|Ambulance|EMS|Treatment Center|Recovery Center"
)
_TAILS = word_set(
    """
    Pavilion Center Centre Ctr Group Associates Assoc Partners Network System Systems Services Specialists
    Consultants Agency Tower Building Annex Campus Practice Clinic Clinics Hospital Hospitals Institute Foundation
    Physicians Surgeons Providers Alliance Collaborative Company Inc LLC LLP PLLC PC Corp Corporation Trust Guild Lodge
    Village Terrace Residence Residences House Home Homes Haven Place Commons Villa Court Retreat Sanctuary Hall
    Suites Station Wing Unit Ward Floor Department Office Offices Program Society Church School Academy University
    College Department Hospice Infirmary Pharmacy Laboratory Laboratories Labs Lab
    """
)
"""Words that close the name of a house or firm, whatever it does."""
_TRADES = word_set(
    """
    Health Healthcare Medical Medicine Surgical Surgery Urgent Emergency Nursing Rehabilitation Rehab Care Cancer Heart
    Eye Vision Cardiology Cardiovascular Cardiac Vascular Oncology Hematology Neurology Neurosurgery Neuroscience
    Orthopedic Orthopedics Orthopaedic Orthopaedics Spine Sports Pediatric Pediatrics Dermatology Urology Nephrology
    Kidney Gastroenterology Digestive Endoscopy Pulmonary Sleep Psychiatry Psychology Psychiatric Behavioral Counseling
    Dental Dentistry Orthodontics Oral Endodontics Women's Men's Children's Childrens Womens OB/GYN Obstetrics
    Gynecology Maternity Birth Birthing Fertility Midwifery Wellness Therapy Physical Occupational Dialysis Renal
    Imaging Radiology
    Diagnostic Diagnostics MRI Pathology Reference Clinical Infusion Pain Wound Allergy Asthma Immunology ENT
    Ophthalmology Optometry Optical Podiatry Foot Ankle Chiropractic Acupuncture Endocrinology Diabetes Rheumatology
    Arthritis Hospice Palliative Home Assisted Senior Memory Living Skilled Convalescent Retirement Recovery Addiction
    Detox Methadone Treatment Primary Family Internal Specialty Multispecialty Outpatient Ambulatory Ambulance EMS Fire
    Rescue Veterans VA Community Regional Memorial General County Municipal University Teaching Methodist Baptist
    Presbyterian Lutheran Adventist Catholic Jewish Episcopal Mercy Trauma Burn Stroke Plasma Blood Tissue Transplant
    Hearing Audiology Speech Autism Developmental Pharmacy Drug Apothecary Compounding Laboratory Laboratories Express
    Walk-In Minute Quick Telehealth Transport Hospital Clinic Physician Physicians Prosthetics Orthotics Hand Shoulder
    Hip Knee Joint Breast Skin Laser Plastic Cosmetic Aesthetic Vein Bariatric Weight Nutrition Integrative Genetics
    Genomics Cytology Histology Mammography Ultrasound Fluoroscopy Nuclear Proton Radiation Gamma Hyperbaric Gastro
    """
)
"""What such a house does; two of these, or one and a closing word, make a name of the proper words before them."""
_LINKS = "of|the|and|for|at|&|de|la|del|los|las|in|on"
_LINK = rf"(?:{_LINKS}|{_LINKS.upper()})"
_PROPER = r"[A-ZÀ-ÞĀ-Ž][\w'’.\-]{0,24}"
_LEAD = word_set(
    """
    the a an at from to in dear admitted transferred seen our call contact name facility for works work worked working
    employed retired volunteers volunteered teaches taught studies studied
    """
)
"""Words of the sentence before a name."""
_SIGNED = word_set("md do rn np pa dds dpm phd")
_FIELDS = word_set(
    "first last middle maiden full legal patient name date phone home work address street sex age dob relationship"
)
"""Words that open the next field of a form, not a name."""
_SENTENCE_END = 6
"""Letters, full stop included, from which a word before a full stop is the end of a sentence: "Mass." is shorter."""
_STREETS = word_set("street st road rd avenue ave lane drive court place way blvd boulevard")
_LABEL_LINE = re.compile(
    r"(?<![\w'’])(?:number|name|location|address|date|phone|telephone|signature|code|coverage)\n", re.I
)
"""The end of a label over its value: the name begins below it."""
_BLANK = r"(?:[ ]{1,2}|\n(?=[A-Z]))"


def _any_case(words: Iterable[str]) -> str:
    """An alternation of words as written and in capitals, the longest first."""
    both = {form for word in words for form in (word, word.upper())}
    return "|".join(sorted(map(re.escape, both), key=lambda w: (-len(w), w)))


_ALSO_UPPER = "|".join(part for part in (_HEADS, re.sub(r"(?<!\\)[a-z]", lambda c: c.group().upper(), _HEADS)))


_FRAGMENT = re.compile(r"\w+")
_TRADES_OPEN = frozenset(_FRAGMENT.findall(form)[0] for word in _TRADES for form in (word, word.upper()))
"""What a trade's word is up to its first mark: cheaper to look up than to search for."""


class FacilityRecognizer(TextRecognizer):
    """Wants a proper name: at least one word beside the head that is not one of the words all facilities share."""

    KINDS = (Kind.FACILITY,)
    _named = Searcher(
        rf"(?<![\w'’])(?P<name>(?:{_PROPER}[ ]{{1,2}}(?:{_LINK}[ ]{{1,2}}){{0,2}}){{1,5}}?)"
        rf"(?P<head>(?:{_ALSO_UPPER})(?:[ ](?:{_ALSO_UPPER}))?)(?![\w])",
        needs=rf"(?<=[ ])(?=(?:{_ALSO_UPPER})(?![\w]))",
        within=190,
    )
    _capitals = Searcher(
        rf"(?<![\w'’]){_PROPER}(?:{_BLANK}(?:(?:{_LINK}[ ]{{1,2}}){{0,2}}{_PROPER}|&[ ]{_PROPER})){{1,9}}"
    )
    _trade = re.compile(rf"(?<![\w'’])(?:{_any_case(_TRADES)})(?![\w'’])")
    _tail = re.compile(rf"(?<![\w'’])(?:{_any_case(_TAILS)})(?![\w'’])")
    _saint = Searcher(
        rf"(?<![\w])(?:Saint|St|SAINT|ST|Sainte|Ste|Mount|Mt|MOUNT|MT)\.?[ ](?P<name>{_PROPER})(?![ ](?:valve|Medical))"
        rf"|(?<![\w])(?:Our[ ]Lady|OUR[ ]LADY|Sisters|SISTERS)[ ](?:of|OF)[ ](?:(?:the|THE)[ ])?(?P<lady>{_PROPER})"
    )
    _headed = Searcher(
        rf"(?<![\w])(?P<head>Hospital|Clinic|University|Institute|College|Laboratory|Children's Hospital"
        rf"|Medical Center)[ ](?:of|for|at)[ ](?:the[ ])?(?P<name>{_PROPER}(?:[ ]{_PROPER}){{0,3}})"
    )
    _after_head = re.compile(
        rf"[ ](?:of|at)[ ]{_PROPER}(?:[ ]{_PROPER}){{0,2}}|[ ]?[-–][ ]?{_PROPER}(?:[ ]{_PROPER})?[ ](?:Campus|Branch"
        rf"|Office)"
    )
    _called = Searcher(
        r"(?<![\w])(?!(?i:drug|test|brand|generic|procedure|program|plan|file|user|device)\s)(?:\w{1,24}\s)?(?i:name)\s?:\s{0,3}"
        rf"(?P<name>{_PROPER}(?:[ ](?:{_PROPER}|{_LINK}(?=[ ][A-Z]))){{1,6}})",
        needs=r"(?i:name\s?:)",
        within=25,
    )
    """In the field of a name even ordinary words are one: "name: Good Health Clinic"."""
    _typed = Searcher(
        r"(?<![\w'’])(?:at|from|to|near|in|by|for)[ ](?P<name>(?:[a-z][\w'’.\-]{1,20}[ ]){1,4}?"
        r"(?:hospitals?|clinic|infirmary|(?:medical|health|dialysis|surgery|imaging|cancer|rehab|care|nursing)"
        r"[ ](?:center|system|group)"
        r"|(?:nursing|care)[ ]home|urgent[ ]care|(?:behavioral|mental|home)[ ]health(?:[ ](?:services|agency))?|hospice"
        r"|pharmacy|(?:primary|family)[ ](?:care|practice|medicine)|pediatrics|cardiology|imaging|labs?|laboratory)"
        r"(?:[ ](?:center|associates|group|partners|services|institute|clinic))?)(?![\w'’-])"
    )
    """In lower case, as notes and questions have it: "at zwettla urgent care"."""
    _club = Searcher(
        r"(?<!\w)(?i:where|location|venue|place|at|the)[: ]{1,2}(?P<name>[^\W\d_][^\n:.!?;]{2,40}?[ ]"
        r"(?i:country|golf|yacht|rotary)[ ](?i:club))(?!\w)"
    )
    _short = Searcher(
        rf"(?<![\w'’])(?i:our|the|at|from)[ ](?P<name>(?:St\.?[ ])?{_PROPER}(?:[ ]{_PROPER})?)"
        r"(?=[ ](?:ED|ER|ICU|NICU|PACU|clinic|lab|office|pharmacy|store|hospital|campus|branch|site"
        r"|location|ward)(?![\w-]))"
    )
    """What staff call a house: "the Zwettla ED"."""
    _label = Searcher(
        r"(?<!\w)(?:facility(?:\s?name)?|hospital(?:\s?name)?|clinic(?:\s?name)?|pharmacy|practice"
        r"|performing\s?lab(?:oratory)?|laboratory|employer|school|location|site|organization)\s?[:]\s{0,3}"
        rf"(?P<name>{_PROPER}(?:[ ](?:{_PROPER}|{_LINK}(?=[ ][A-Z]))){{0,6}})",
        re.I,
    )

    _family = Searcher(
        rf"(?<![\w'’])(?P<name>(?:{_PROPER}[ ]){{1,2}}(?:&|and|AND)[ ](?:Sons?|SONS?|Bros|BROS|Brothers|BROTHERS"
        rf"|Daughters|DAUGHTERS))(?![\w'’])"
    )
    """A family's firm, a funeral home mostly: its name is a surname."""

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._named.finditer(text):
            start = self._proper_start(hit.group("name"))
            if start is None:
                continue
            more = self._after_head.match(text, hit.end())
            for a, b in apart(text, hit.start() + start, more.end() if more else hit.end()):
                yield Match(a, b, Kind.FACILITY, 0.75)
        yield from self._composed(text)
        for hit in self._saint.finditer(text):
            name = hit.group("name") or hit.group("lady")
            if hit.group("lady") or not (is_common_word(name) or name.rstrip(".").lower() in _STREETS):
                yield Match(hit.start(), hit.end(), Kind.FACILITY, 0.4)
        for hit in self._family.finditer(text):
            if not all(is_common_word(word) for word in hit["name"].split()[:-2]):
                yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.6)
        for hit in self._headed.finditer(text):
            if self._is_proper(hit.group("name").split()):
                whole = not (" for " in hit[0] and bears_name(hit["name"]))  # "Medical Center for Ida Mae"
                yield Match(hit.start() if whole else hit.start("name"), hit.end(), Kind.FACILITY, 0.7)
        for hit in self._called.finditer(text):
            words = hit.group("name").split()
            if len(words) > 2 and words[0].lower() not in _FIELDS and self._trade.search(hit["name"], len(words[0])):
                yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.5)
        for hit in self._typed.finditer(text):
            if any(map(is_stranger, hit["name"].split())):
                yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
        for hit in self._club.finditer(text):
            if not all(is_common_word(word.strip("()")) for word in hit.group("name").split()):
                yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
        for hit in self._short.finditer(text):
            words = [word.rstrip(".") for word in hit.group("name").split()]
            shouted = all(word.isupper() for word in words)
            named = self._is_proper(words) and not _clinical(words)
            if named and not shouted and not all(map(is_common_word, words)):
                yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.45)
        for hit in self._label.finditer(text):
            name = hit.group("name")
            if (
                name[:1].isupper()
                and self._is_proper(name.split())
                and not all(is_common_word(w) for w in name.split())
            ):
                yield Match(hit.start("name"), hit.end("name"), Kind.FACILITY, 0.6)

    def _composed(self, text: str) -> Iterator[Match]:
        """A run of capitals that ends in trades and a closing word, and opens with a word that is neither."""
        for hit in self._capitals.finditer(text):
            opens = max((end.end() for end in _LABEL_LINE.finditer(hit.group())), default=0)
            run = hit.group()[opens:]
            if _TRADES_OPEN.isdisjoint(_FRAGMENT.findall(run)):
                continue
            trades = [*self._trade.finditer(run)]
            tails = [*self._tail.finditer(run)]
            ends = [mark.end() for mark in (*trades, *tails)]
            if not ends or len({mark.start() for mark in (*trades, *tails)}) < 2 or not trades:
                continue
            first = min(mark.start() for mark in (*trades, *tails))
            named = run[: first or 0]
            start = self._proper_start(named) if named.strip() else None
            if start is None or not self._names_something(named[start:]):
                continue
            for a, b in apart(text, hit.start() + opens + start, hit.start() + opens + max(ends)):
                yield Match(a, b, Kind.FACILITY, 0.6)

    @classmethod
    def _names_something(cls, words: str) -> bool:
        """Two words at least, or one that is no ordinary word: "Green Valley", "Zwettla", not "Annual"."""
        parts = [part for part in words.split() if part.lower() not in _LINKS.split("|")]
        return cls._is_proper(parts) and (
            any(not is_common_word(part.strip(".,")) for part in parts) or (len(parts) >= 2 and not _clinical(parts))
        )

    @classmethod
    def _is_proper(cls, names: list[str]) -> bool:
        return any(fold(name).strip(".,&-") not in cls._generic_words() and len(name) > 1 for name in names)

    @staticmethod
    def _generic_words() -> frozenset[str]:
        return HEADING_WORDS

    @classmethod
    def _proper_start(cls, name: str) -> int | None:
        """Offset at which the name begins once leading words that name nothing are dropped; None if nothing is left."""
        parts = [(part.start(), part.group()) for part in re.finditer(r"\S+", name)]
        ended = [i for i, (_, part) in enumerate(parts) if part.endswith(".") and len(part) >= _SENTENCE_END]
        parts = parts[ended[-1] + 1 :] if ended else parts
        if not cls._is_proper([part for _, part in parts]):
            return None
        if not ended and name.lower().startswith("our lady"):
            return 0
        while parts and parts[0][1].replace(".", "").lower() in _SIGNED and parts[0][1].isupper():
            parts = parts[1:]  # the credential that ends the line above
        return next((start for start, part in parts if part.lower() not in _LEAD), None)


def _clinical(parts: Iterable[str]) -> bool:
    return any(is_clinical_word(part) or is_form_word(part) for part in (p.strip(".,") for p in parts))
