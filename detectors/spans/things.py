"""What bears a name and is nobody: scales named for a place, signs named for a doctor, devices called by their maker,
examinations spelled letter by letter, firms and insurers where their business is spoken of, hours and short forms.

A name keeps the benefit of the doubt: only guesses are taken back, only in the full wording of the scale or beside the
device's own word. A person may well work for the New York Heart Association, or be called Stryker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.patterns.search.searcher import AS_READ, Searcher
from detectors.places.headings import is_form_word
from detectors.spans.named_terms import of_terms

_shape: Final = partial(Searcher, book=AS_READ)

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
    r"(?:Coma|(?i:Bowel\sPrep(?:aration)?)|Cognitive|Sleepiness|Cardiomyopathy|Angina|Respiratory|"
    r"(?:Clinical\s)?Neuropathy"
    r"|Postnatal\sDepression|Scar|Stool)\s(?i:scale|questionnaire|assessment|score|index|chart)(?!\w)"
)
_GRADED: Final = r"classification(?=\s(?:grade|class|stage|type)(?!\w))"
_LEADING: Final = r"(?:The|By|Her|His|Per|Using|On)"
_INSTRUMENT: Final = _shape(
    rf"(?<![\w.'’-])(?!{_LEADING}\s)(?P<place>(?:[A-Z][a-z]{{1,14}}\.?\s){{1,3}}?)(?:{_SOCIETY}|{_SCALE}|{_GRADED})",
    needs=rf"(?:{_SOCIETY}|{_SCALE}|{_GRADED})",
    within=60,
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
_NO_DEED: Final = (
    r"(?![\w-]|\s(?:in|out|off|up|over|on|for|to|by|with|here|the|an?|h[ie][sr]|this|that|AMA|DNR|consents?"
    r"|papers?|forms?"
    r"|releases?|waivers?|checks?)(?!\w))"
)
_EPONYM: Final = re.compile(
    rf"(?P<name>[^\W\d_]+)(?:['’]s)?\s(?:sign{_NO_DEED}|(?:man(?:eu|oeu)ver|manoeuvre|phenomenon|triad)(?!\w))"
)
"""What is named for a doctor and belongs to no patient, as a disease might. Whoever signs is somebody."""
_TERM: Final = _shape(
    r"(?<![\w.'’-])(?:Kerley(?:['’]s)?\s(?:[A-C]\s)?lines(?!\sup)|(?:Bell|Erb|Klumpke|Todd)(?:['’]s)?\spalsy"
    r"|Barrett(?:['’]s)?\so?esophagus|(?:Zenker|Meckel)(?:['’]s)?\sdiverticulum|Hashimoto(?:['’]s)?\sthyroiditis"
    r"|Takayasu(?:['’]s)?\sarteritis|(?:Dupuytren|Volkmann)(?:['’]s)?\scontracture"
    r"|(?:Babinski|Moro|Cushing|Galant|Hoffmann)(?:['’]s)?\sreflex|Dakin(?:['’]?s)?\ssolution|Unna\sboots?"
    r"|Heimlich\smaneuver|Dix-Hallpike"
    r"|Bence[ -]Jones\sprotein|Hounsfield\sunits?|Agatston\sscore|FreeStyle\sLibre|Alaris\spump"
    r"|Varicella(?=\s(?:zoster|vaccin|titers?|immun|Ig[GM]|#)))(?![^\W\d_])"
)
"""Terms that are known whole. Whoever lines up, or has palsy or brisk reflexes, may bear another doctor's name."""
_CLAUSE_ENDS: Final = (
    r"(?=\s?(?:[.,;:)]|\n|$)|\s(?:without|with\s(?:no|minimal)|in\s\d+|at|on|today|yesterday|tomorrow|\d+"
    r"|(?:and|&)\s(?:the\s)?(?:clean|dry|intact|incision|wound|site|no|well|dressings?|sutures?|edges|healing|closed"
    r"|covered|drains?))(?!\w))"
    r"(?![^.;\n]{0,40}\b(?:h(?:er|is)\sown|went|gone|call(?:s|ed|ing)|ask(?:s|ed|ing)|refus\w+|wants|sa(?:ys|id)"
    r"|walk\w+"
    r"|fell|left|returned|sleeping|breaks?|lunch)\b)"
)
"""What a clause about a thing ends with, and no deed behind it: "Staples removed her own IV", "Staples in place of"."""
_SHARED_TERM: Final = _shape(
    r"(?<![\w.'’-])(?i:(?:modified\s)?(?P<bruce>bruce)\sprotocol"
    r"|(?P<turns>epley|semont|dix[- ]hallpike)(?:['’]?s)?\sman(?:eu|oeu)ver|dix[- ]hallpike"
    r"|(?P<cyst>baker)(?:['’]?s)?\scysts?|(?P<frame>zimmer)\sframe|(?P<blanket>bair)\shugger|(?P<lift>hoyer)\slift"
    r"|(?P<joint>phalen|tinel|spurling|lachman|mcmurray)(?:['’]?s)?\s(?:test|sign)"
    r"|(?P<gall>murphy)(?:['’]?s)?\ssigns?(?=\s(?:neg|pos|absent|present|x\s?\d))"
    rf"|(?P<closed>staples)\s(?:out|in\splace|removed|intact){_CLAUSE_ENDS})"
    r"(?!\s(?:for|of|to)\s(?:mrs?|ms|dr)(?!\w))(?![^\W\d_])"
)
"""Terms whose name many bear: nobody's unless the text has somebody of that name elsewhere, too."""
_MADE: Final = (
    r"(?:(?:infusion |insulin )?pump|catheter|stent|otoscope|ophthalmoscope|thermometer|cuff|syringes?|needles?"
    r"|vaccine"
    r"|ventilator|ultrasound|(?:endo|cysto|laparo|broncho|hystero)scope|glucometer|PICC|(?:glucose )?strips|dressing)"
    r"(?!\w)"
)
_PRODUCT: Final = _shape(
    r"(?<![\w.'’-])(?:"
    r"Boston Scientific|St\.? Jude Medical|Hill-Rom|Bair Hugger|Fisher & Paykel|Bristol[- ]Myers Squibb"
    r"|(?P<borne>(?:Welch Allyn|Smith (?:&|and) Nephew|Johnson (?:&|and) Johnson|Becton Dickinson|Karl Storz)"
    rf"(?=\s{_MADE})|Abbott(?=\s(?:(?i:freestyle)|i-STAT|Laboratories)(?!\w))|Zimmer(?=\sBiomet(?!\w))"
    r"|Philips(?=\sRespironics(?!\w)))"
    r"|(?:(?<=\b[Tt]he\s)|(?<=\b[Aa]\s)|(?<=\b[Aa]n\s))(?:Abbott|B\.? ?Braun|C\.? ?R\.? Bard|Bard|Baxter|Braun|Cook"
    rf"|Eli Lilly|Philips|Stryker|Zimmer|Bayer|Merck|Roche|Siemens|Dräger)(?=\s{_MADE})"
    r"|(?:(?<=\btakes\s)|(?<=\btaking\s)|(?<=\btake\s)|(?<=\b[Tt]ook\s))Bayer(?=\saspirin(?!\w)))"
)
"""Makers whom nobody can be called; those who may be somebody, right before what they make or their own brand; and
those that are names of patients, with an article as well. A patient has a knee, a bed and a pump too: "Cook bed 12"."""
_OWNER: Final = re.compile(
    r"(?:(?<![a-z])(?:[A-Z][\w'’.-]{0,24}|(?i:pts?|patient|mrs?|ms|dr|for|of|on|by|with|re|call(?:ed)?|from"
    r"|to))\.?|[:,])"
    r"\s{1,4}\Z"
)
"""What makes a maker's name somebody's: "Ann Welch Allyn cuff", "for Abbott FreeStyle teaching"."""
_TITLE_BEFORE: Final = re.compile(
    r"(?:(?<!\w)(?:[A-Z][\w'’-]{1,24}[.,]?|[A-Z]\.|(?i:pts?|patient|mrs?|ms|dr)\.?)|:)[ \t]{1,4}\Z|[\w.'’-]\Z"
)
_ADDRESS_LABELS: Final = frozenset({"city", "state", "zip", "code", "town", "no", "number", "coll", "date"})
_WORD: Final = re.compile(r"[^\W\d_]+")
_SPELLED: Final = _shape(
    r"(?<![\w.])(?:C ?T|M ?R(?: ?I)?|I V(?: P)?|X R|U S|P E T|E [CK] G)\s(?i:head|neck|chest|spine|brain|abdomen"
    r"|pelvis"
    r"|abd|angio\w{0,5}|scan|push|drip|bolus|fluids?|access|lines?|lumbar|knee|shoulder)(?!\w)"
)
"""An examination or a way to give a drug, a blank behind each letter."""
_SIGNING: Final = re.compile(
    r"(?<!\w)(?i:by|signed|drs?|mrs?|ms|seen|from|per|cc|pts?|patient|with|to)[.,:]{0,2}\s{1,4}\Z"
)
_TITLED_BEHIND: Final = re.compile(
    r",?\s{1,2}(?:M\.?D|D\.?O|N\.?P|R\.?N|P\.?A|Ph\.?D|DPM|DDS|CRNA|APRN|FNP|LPN)"
    r"(?!\w)"
)
_BUSINESS: Final = (
    r"(?:denials?|appeals?|claims?|portal|formulary|premiums?|prior[ -]auth\w{0,12}|pre-?auth\w{0,12}|coverage|copays?"
    r"|networks?|tiers?|policies|guidelines?|criteria|codes?|forms?|billing|reimbursement|referral)"
)
_OF_PLANS: Final = r"(?:portal|formulary|premiums?|networks?|tiers?)"
_INSURER: Final = _shape(
    r"(?<![\w.'’-])(?:United ?Health ?[Cc]are|UnitedHealth(?: Group)?|Blue ?Cross(?: (?:and |& )?Blue Shield)?|Aetna"
    r"|Cigna|Humana|Kaiser Permanente|Anthem|Molina Healthcare|Centene|(?P<lone>Kaiser|Molina))"
    rf"(?=(?: [a-z]{{2,14}})?? (?(lone){_OF_PLANS}|{_BUSINESS})(?!\w)(?![^\n]{{0,24}}\d{{5}}))"
)
"""Who pays is nobody where no member's number stands beside it. Kaiser and Molina may be patients, who have referrals
and forms, and of whom a note says that one claims or codes: only what a plan alone has tells."""
_FIRM: Final = _shape(
    r"(?<![\w.'’-])(?:Eli Lilly|Novo Nordisk|Johnson (?:&|and) Johnson|Bristol[- ]Myers(?:[- ]Squibb)?)"
    r"(?=(?: [\w-]{2,14}){0,2}? (?:shortages?|recalls?|coupons?|rebates?|prices?|pricing)(?!\w))"
)
_NO_NAME: Final = re.compile(
    r"\d{1,2}(?::\d\d)? ?[ap]\.?m\.?|\d{1,2} ?L|SLP|OT|PT|RT|MWF|TTh?S|inbox"
    r"|x\d|NYHA|MCC|NILM|HPV|IBAN|NHS|VIN|venmo|IIF|an urgent care|(?:old|elderly|young) (?:lady|man)"
    r"|(?:(?:Family|Internal|Emergency|Sports|Sleep|Addiction) Medicine|Pain (?:Management|Clinic)|(?: and )){1,3}",
    re.I,
)
"""What the model takes for a name: hours, therapies, the days of dialysis, a house's departments."""
_BILLED: Final = re.compile(r"\d{5}\s[A-Z][a-z]{3,}\s[a-z]{4,}")
"""A procedure's code and its wording: "80053 Comprehensive metabolic panel"."""
_PAIN_IS: Final = (
    r"(?:was|is|has\sbeen|remains)\s(?:(?:not|still|now|\w{2,12}ly|well|much|poorly)[ -]){0,2}"
    r"(?:controll|manag|reliev|rated|worse|better|improv|mild|moderate|severe|sharp|dull|constant|intermittent"
    r"|tolerable|minimal|aching|burning|chronic|\d)"
    r"|has\s(?:improved|resolved|worsened|increased|decreased|subsided|persisted)"
    r"|controll|scores?(?!\w)|level|manage|relie[fv]"
)
_HEADED: Final = re.compile(
    rf"Pain(?=\s(?:{_PAIN_IS}))|Head(?=\s(?:computed|CT|MRI|injury|trauma|ultrasound))"
    r"|Lead(?=\s[A-Z]{0,4}\d)|(?:[HL]\s)?thou(?=/uL)|an?\srehabilitation(?=\s(?:facility|cent|hospital))"
)
"""What opens a sentence or a row and is nobody with those words behind it."""
_PARKING: Final = re.compile(r"(?<!\w)(?:I|we|you|can|(?:where|place|how|want|able|have|need|going|trying) to) \Z")
_PARKED: Final = re.compile(r"[ ]?(?:[?!.,\n]|\Z)|[ ](?:in|at|near|on|here|there|my|outside|overnight|when|if)(?!\w)")
"""What stands around the verb; whom one speaks to is somebody: "talk to park about her meds"."""
_SPELLED_SCORE: Final = 0.75
"""What is said of a name whose words look like one, behind "seen by"."""


def without_things(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans but for guesses that are part of a scale's name, or the maker of a device."""
    spans = list(spans)
    things = [(m.start(), m.end()) for m in _INSTRUMENT.finditer(text) if _of_place(text, m)]
    things += [m.span() for m in _TERM.finditer(text)]
    shared = [*_SHARED_TERM.finditer(text)]
    apart = [s for s in spans if s.kind is Kind.PERSON and not _inside(s, [m.span() for m in shared])]
    things += [m.span() for m in shared if not _borne(text, m, apart)]
    things += [m.span() for m in _PRODUCT.finditer(text) if not _owned(text, m, spans)]
    terms = of_terms(text, spans)
    firms = [m.span() for rule in (_INSURER, _FIRM) for m in rule.finditer(text) if not _owner_before(text, m)]
    spelled = [m.span() for m in _SPELLED.finditer(text) if not _of_staff(text, m)]
    return [
        span
        for span in spans
        if not (
            _guessed(span)
            and (_inside(span, things) or _maker(text, span) or _eponym(text, span) or _of_form(text, span))
        )
        and not (span.layer in _GUESSING and span.kind in _KINDS and _inside(span, [*firms, *terms]))
        and not (span.layer is Layer.NER and span.kind is Kind.STREET and _is_billed(text, span))
        and not (span.layer in _GUESSING and span.score <= _SPELLED_SCORE and _inside(span, spelled))
    ]


def _is_billed(text: str, span: Span) -> bool:
    """A procedure's code that the model took for a house: five figures and no street behind them."""
    return text[span.start : span.end].isdigit() and _BILLED.match(text, span.start) is not None


def _of_form(text: str, span: Span) -> bool:
    """The model's guess at the labels of an address that stand in a row: "City State Zip Code"."""
    words = text[span.start : span.end].lower().replace(".", " ").replace(",", " ").split()
    if span.layer is not Layer.NER or not words:
        return False
    headed = _HEADED.match(text, span.start)
    if headed is not None and headed.end() == span.end and not _owner_before(text, headed):
        return True
    # "Family" of "Family Medicine residents"; "falls in 2024". Not "mercy": houses are typed in lower case too.
    dull = len(words) == 1 and (words[0] == "falls" or is_form_word(words[0]))
    return (
        (_ADDRESS_LABELS.issuperset(words) and (len(words) > 1 or _in_row(text, span)))
        or _NO_NAME.fullmatch(text, span.start, span.end) is not None
        or (span.kind is Kind.FACILITY and dull)
        or (
            text[span.start : span.end] == "park"
            and _PARKING.search(text, max(0, span.start - 12), span.start) is not None
            and _PARKED.match(text, span.end) is not None
        )
        or text[span.start : span.end] in ("lines", "shows", "falls")
    )


def _in_row(text: str, span: Span) -> bool:
    """Whether a label's word stands beside another, written the same way: "Town" may be somebody's name."""
    line_start = max(text.rfind("\n", 0, span.start) + 1, span.start - 24)
    near = [*_WORD.findall(text, line_start, span.start)[-1:], *_WORD.findall(text, span.end, span.end + 24)[:1]]
    return any(word.lower() in _ADDRESS_LABELS and word[0].isupper() == text[span.start].isupper() for word in near)


def _inside(span: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(a <= span.start and span.end <= b for a, b in places)


def _owner_before(text: str, found: re.Match[str]) -> bool:
    """Whether a title or a name stands before a firm, so that it may be the rest of somebody's, or of a word."""
    return _TITLE_BEFORE.search(text, max(0, found.start() - 32), found.start()) is not None


def _owned(text: str, found: re.Match[str], spans: Iterable[Span]) -> bool:
    """Whether a maker's name may be somebody's: by the word before it, or because the text knows such a one."""
    if found["borne"] and _OWNER.search(text, max(0, found.start() - 32), found.start()):
        return True
    return any(s.kind is Kind.PERSON and not _guessed(s) and found[0] in text[s.start : s.end] for s in spans)


def _borne(text: str, found: re.Match[str], persons: Iterable[Span]) -> bool:
    """Whether the name of a term is in that of somebody: "Baker cyst drained by Dr. Baker"."""
    name = found[found.lastgroup].lower() if found.lastgroup else found[0].lower()
    return any(name in text[s.start : s.end].lower() for s in persons)


def _of_staff(text: str, found: re.Match[str]) -> bool:
    """Whether the letters of an examination are somebody's initials: by what stands around, or alone in their line."""
    if _SIGNING.search(text, max(0, found.start() - 24), found.start()) or _TITLED_BEHIND.match(text, found.end()):
        return True
    alone = text[: found.start()].rpartition("\n")[2] + text[found.end() :].partition("\n")[0]
    return not alone.strip()


def _eponym(text: str, span: Span) -> bool:
    """A doctor's name that medicine knows, right before the sign that is called after it."""
    found = _EPONYM.match(text, span.start)
    return found is not None and span.end <= found.end() and lexicon.is_clinical_word(found["name"])


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
