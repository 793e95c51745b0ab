"""Names in terse messages that only a deed, a bed or a relation tells: "ask if baker called back", "norton spiking".

Short messages alone are read so. An ordinary word counts where what stands beside it is done by people alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_city, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.names.messages.asked import LONGEST_CHARS
from detectors.names.messages.deeds import DEEDS, STATES
from detectors.names.messages.hasty import is_stranger
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_WORD: Final = r"[^\W\d_]+(?:['’\-](?!s\b)[^\W\d_]+)?"
_NAME: Final = rf"(?P<name>{_WORD})"
_ENDS: Final = r"(?![\w-])"
_OPENS: Final = re.compile(
    rf"(?:^|(?<=[.!?;:,\n] )|(?<=\n))(?:(?:is|was|did|does|has|and|but|fyi|hey|also)[ ])?{_NAME}[ ](?:"
    rf"(?P<deed>{DEEDS})"
    rf"|(?:{STATES})){_ENDS}",
    re.I,
)
_WHETHER: Final = Searcher(
    rf"(?<!\w)(?:if|whether|when|why|until|once|after|because|since|that)[ ]{_NAME}[ ](?:has |ever |already |still )?"
    rf"(?:(?P<deed>{DEEDS})|(?:{STATES})){_ENDS}",
    re.I,
)
_MAY: Final = Searcher(
    rf"(?<!\w)(?:can|could|should|did|does|will|would)[ ]{_NAME}[ ](?:shower|walk|eat|drink|have|get|go|sit"
    rf"|stand|leave|know|pass"
    r"|take|want|need|ever|swallow|tolerate|void|ambulate|sign|come|be|see|use|wear|wash|drive|fly|return|finish"
    r"|sleep)(?!\w)",
    re.I,
)
_IS: Final = Searcher(
    rf"(?<!\w)(?:is|was|has|did)[ ]{_NAME}[ ](?:back|here|still|home|ok|awake|npo|up|done|ready|coming|going"
    rf"|getting|allowed|due"
    r"|in (?:room|rm|bed)|been|seen|gone|eaten|voided)(?!\w)",
    re.I,
)
_TAKEN: Final = Searcher(
    rf"(?<!\w)(?:move|send|transfer|take|bring|wheel|walk)[ ]{_NAME}[ ](?:to|back|down|up"
    rf"|home)(?!\w)",
    re.I,
)
_CHARTED: Final = re.compile(
    r"(?:(?<![^\n])|(?<=[:,;] ))(?P<name>[A-ZÀ-Þ][a-zß-ÿ]{1,20})(?=[ ][A-Z]{2,6}(?![\w'])|/[a-z]{3,}|[ ]?->)"
)
"""A name before a diagnosis in capitals, or before strokes: "Pham CHF exac", "Hwang/cellulitis/vanc"."""
_BOTH: Final = re.compile(
    rf"(?:(?:^|\n|[.;,:] )|(?:swap|switch|move|discharge|transfer|admit|round on|check on|see|cancel|keep|merge)"
    rf"[ ])(?P<one>{_WORD})[ ]"
    rf"(?:&|and|/)[ ](?P<name>{_WORD})(?=[ ](?:both|share|same|d/?c|dc|need|missed|no show|today|tomorrow|tmrw"
    rf"|in the|this|to|are|were|have)"
    r"(?!\w)|[ ]?(?:[.,;?!]|$))",
    re.I,
)
_BEDS: Final = Searcher(
    rf"(?<!\w)(?:bed|rm|room)[ ]?#?\d{{1,4}}[a-d]?[ :,-]{{1,3}}{_NAME}(?=[ ]?(?:[.,;?!]|$|\n)"
    r"|[ ](?:(?:bed|rm|room)[ ]?\d|nauseated|vomit\w+|npo|refus\w+|fell|s/p|confused|agitated|wants|is asking))",
    re.I,
)
_NUMBERED: Final = Searcher(rf"(?:^|(?<=\s))\d{{1,2}}[.)]?[ ]{_NAME}(?=[ ]+\d{{1,2}}[.)]?[ ]|[ ]?$|\n)")
_LOUD_LAST: Final = re.compile(
    r"(?<![\w])(?:FOR|ON|OF|TO|FROM|WITH|PT|SEE|CALL|RE:?)[ ](?P<name>[A-Z'’-]{3,20})[ ]?[.?!]?[ ]?$"
)
_ASK: Final = Searcher(
    rf"(?:^|\n|[.;,:] )(?:please |pls |can (?:you|u|someone) )?(?:ask|call|tell|page|remind|text|notify|ring|phone)[ ]"
    rf"(?:back )?{_NAME}[ ](?:if|whether|to|that|about|back|re|what|when|why|not){_ENDS}",
    re.I,
)
_KIN: Final = (
    r"niece|nephew|wife|husband|hubby|hus|partner|sister|sis|brother|bro|daughter|dtr|son|mom|mum|mother|dad"
    r"|father|aunt"
    r"|auntie|uncle|cousin|grandma|grandpa|gma|gpa|nana|roommate|neighbou?r|girlfriend|boyfriend|gf|bf|ex|friend"
    r"|poa|hcp"
    r"|ex-(?:wife|husband)"
)
_RELATED: Final = Searcher(
    rf"(?<![\w'’])(?:{_KIN})[ ]{_NAME}(?=[ ]?(?:[.,;:)(?!]|$|\n|\d|[ ](?:at|is|was|who|with|called|\+?\d)))", re.I
)
_KIN_WORRIED: Final = Searcher(
    rf"(?<![\w'’])(?:{_KIN})[ ]{_NAME}(?=[ ](?:is )?(?:worried|asking|upset|concerned|crying|angry|at "
    rf"(?:the )?bedside))",
    re.I,
)
_WHOSE_KIN: Final = Searcher(
    r"(?<![\w'’])(?P<name>[A-ZÀ-Þ][^\W\d_]{2,20})['’]s[ ](?=(?:wife|husband|mother|father|mom|dad|son|daughter"
    r"|sister|brother"
    r"|landlord|landlady|roommate|girlfriend|boyfriend|niece|nephew)(?!\w))",
    needs=r"['’]s[ ]",
    within=21,
)
"""Whose kin it is, whatever else the word means: "Serge's landlord"."""
_SIGNED: Final = re.compile(r"(?<=[\w)][.!] )(?P<name>[A-ZÀ-Þ][a-zß-ÿ]{2,15})[ ]?$")
"""A word of no list that ends a message behind its last stop."""
_INTRODUCED: Final = Searcher(
    rf"(?<![\w'’])(?:this is|it['’]?s|i['’]?m|i am|my name['’]?s|name['’]?s|hey its)[ ]{_NAME}"
    r"(?=[ ](?:from (?!the )|in (?:billing|radiology|room|rm|bed|lab|pharmacy|the)|with|at|again|calling|here)|,"
    r"[ ]\w+s['’]?[ ])",
    re.I,
)
_UNMARKED: Final = re.compile(r"(?<![\w'’.-])(?P<name>[a-z]{3,20})s(?=[ ][a-z])")
"""A possessive without its mark: "hold suttons heparin"."""
_PAPERS: Final = re.compile(
    r"[ ](?:chart|labs?|meds|results?|room|nurse|wife|husband|mom|son|daughter|bp|creatinine|potassium|a1c|inr"
    r"|mri|ct|echo"
    r"|xray|scan|consent|discharge|appt|referral|refill|family|insurance)(?!\w)"
)
_OWNS: Final = Searcher(
    r"(?<![\w'’.-])(?P<name>[^\W\d_]{2,20})['’]s[ ](?=(?:a1c|inr|bp|hr|hgb|wbc|k|sats?|temp|labs?|meds?|chart"
    r"|room|bed|mom"
    r"|mother|dad|wife|husband|son|daughter|family|pain|drain|wound|line|iv|script|refill|appt|mri|ct|xray|echo"
    r"|scan|knee"
    r"|hip|leg|arm|back|foot|surgery|discharge|consent|ride|insurance|phone|number|address|gallbladder)\b)",
    re.I,
    needs=r"['’][sS\u017f][ ]",
    within=20,
)
_MEANT: Final = Searcher(r"(?<=[a-z,;:] )(?P<name>[A-ZÀ-Þ][a-zß-ÿ]{2,20})(?![\w-]|['’][^s])")
"""A capital in the midst of a message that opens without one."""
_DISEASE: Final = re.compile(
    r"['’]?s?[ ](?:disease|syndrome|palsy|sign|signs|test|protocol|procedure|score|scale|criteria|cyst|fracture|tube"
    r"|catheter|cath|lymphoma|maneuver|index|class|stage|phenomenon|esophagus|thyroiditis|drain|dressing|frame"
    r"|hugger|pump"
    r"|lift|boot|solution|reflex|repair|tear|node|bacteria|stain|law|reaction|day|act|period)",
    re.I,
)
_NOBODY: Final = word_set(
    """
    a an the this that these those my your his her our its it he she they we you i me him them who what which when where
    patient patients pt pts nobody someone somebody anyone anybody everyone everybody one no not any some all both
    mom mum dad mother father son daughter wife husband sister brother family baby nurse doctor doc staff charge
    pharmacy insurance lab labs lady man woman boy girl kid child guy people person case page call house home hall bank
    police ambulance may can will might must should would could do does did has have had is was be been but and or if
    so as in on at to of by for from with then now here there today tomorrow yesterday morning noon night also still
    just only even ever never always church school court transport security kitchen diet lunch dinner breakfast blood
    water ice rice lamb fish pain price rate cost bill card line field light key sample pump walker tube drain gown
    male female young old long short black white brown green gray grey well good best better early late high low major
    minor english french german spanish irish welsh christian roman polish march april june july august summer winter
    spring autumn ok okay thanks please sorry sick fine ready rich rusty sandy happy handy sharp weak strong small
    little big monday tuesday wednesday thursday friday saturday sunday street room floor unit ward clinic
    hospital office desk team driver neighbor roommate visitor caller parent parents partner friend hospice rehab
    else england ireland france germany italy spain china india japan russia israel jordan serum bolus
    """
)
_OWNERS: Final = word_set(
    "resident client member subscriber employee neighbour survivor decedent deceased donor victim minor infant newborn"
    " veteran doctor teacher officer provider today tomorrow yesterday cousin aunt uncle grandma grandpa"
)
_SEASONS: Final = word_set("april june july august summer autumn")
"""Names of women that are times of the year: whoever gave birth or wants something is one of those."""
_BRANDS: Final = word_set("lyrica allegra aleve yasmin valerian viagra allen")
_TUBES: Final = word_set("foley hickman holter penrose cook bard swan miller salem sims allen baker hunt ward")
_MANY: Final = 1_000
_SHORT: Final = word_set("Ng Le Vu Wu Ho Li Xu Yu Hu Lu Su Bo Mo Al Ed Jo Ty Cy Oz Lo Ko")
_FREQUENT, _PLAIN_SURNAMES, _PLAIN_GIVEN, _ORDINARY_GIVEN, _RARE_GIVEN = 2_000, 40_000, 6_000, 3_500, 5_000


class TerseNameRecognizer(TextRecognizer):
    """In messages of at most `LONGEST_CHARS`; each hit is one word."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        if len(text) > LONGEST_CHARS:
            return
        for rule in (_OPENS, _WHETHER):
            for hit in rule.finditer(text):
                deed = hit["deed"] is not None
                if _named(hit["name"], ordinary=deed, eponym=deed or _bears(hit["name"])):
                    yield _match(hit, 0.45)
        for rule in (_ASK, _MAY, _IS):
            for hit in rule.finditer(text):
                if _named(hit["name"], ordinary=True, eponym=rule is _ASK or _bears(hit["name"])):
                    yield _match(hit, 0.45)
        for rule in (_TAKEN, _CHARTED):
            for hit in rule.finditer(text):
                bears = rule is _TAKEN and _bears(hit["name"])
                if _named(hit["name"], ordinary=bears, eponym=bears) and not (
                    rule is _CHARTED and is_city(hit["name"])
                ):
                    yield _match(hit, 0.45)
        for hit in _BEDS.finditer(text):
            if _named(hit["name"], ordinary=False):
                yield _match(hit, 0.45)
        for hit in _KIN_WORRIED.finditer(text):
            if _plain(hit["name"]) and hit["name"].lower() not in _NOBODY:
                yield _match(hit, 0.45)
        for hit in _WHOSE_KIN.finditer(text):
            if hit["name"].lower() not in _NOBODY | _OWNERS and not is_clinical_word(hit["name"]):
                yield _match(hit, 0.45)
        for hit in _SIGNED.finditer(text):
            if is_stranger(hit["name"].lower()) and not is_city(hit["name"]):
                yield _match(hit, 0.4)
        yield from _several(text)
        for hit in _LOUD_LAST.finditer(text) if text.isupper() else ():
            if _named(hit["name"], ordinary=False):
                yield _match(hit, 0.4)
        for rule in (_RELATED, _INTRODUCED):
            for hit in rule.finditer(text):
                if (given_rank(hit["name"]) or 1 << 30) <= _ORDINARY_GIVEN + 1500 and _named(
                    hit["name"], ordinary=True
                ):
                    yield _match(hit, 0.45)
        for hit in _OWNS.finditer(text):
            if not _DISEASE.match(text, hit.end("name")) and _named(hit["name"], ordinary=True):
                yield _match(hit, 0.45)
        if any(c.isupper() for c in text[:1]):
            return
        for hit in _UNMARKED.finditer(text):
            whole = hit["name"] + "s"
            sure = _plain(whole) or (_bears(hit["name"]) and _PAPERS.match(text, hit.end()) is not None)
            if sure and not _DISEASE.match(text, hit.end("name")) and _unmarked(hit["name"]):
                yield _match(hit, 0.4)
        for hit in _MEANT.finditer(text):
            if hit["name"].lower() not in _BRANDS and not _DISEASE.match(text, hit.end()) and _capital(hit["name"]):
                yield _match(hit, 0.4)


def _several(text: str) -> Iterator[Match]:
    """Two together, both listed and one no ordinary word; a numbered list of names, half of them no ordinary words."""
    for hit in _BOTH.finditer(text):
        both = [hit["one"], hit["name"]]
        if all(_listed(w) for w in both) and any(_short(w) or _plain(w) for w in both):
            for group in ("one", "name"):
                yield Match(hit.start(group), hit.end(group), Kind.PERSON, 0.45)
    numbered = [*_NUMBERED.finditer(text)]
    sure = sum(_plain(hit["name"]) for hit in numbered)
    if len(numbered) > 1 and all(_listed(hit["name"]) for hit in numbered) and 2 * sure >= len(numbered):
        for hit in numbered:
            yield _match(hit, 0.45)


def _listed(word: str) -> bool:
    frequent = (surname_rank(word) or 1 << 30) <= _FREQUENT or (given_rank(word) or 1 << 30) <= _ORDINARY_GIVEN
    listed = surname_rank(word) is not None or given_rank(word) is not None
    return word.lower() not in _NOBODY and (frequent or (listed and _plain(word)) or _short(word))


def _short(word: str) -> bool:
    """Names of two letters that abbreviations and words share, written as names are."""
    return word in _SHORT


def _match(hit: re.Match[str], score: float) -> Match:
    return Match(hit.start("name"), hit.end("name"), Kind.PERSON, score)


def _plain(word: str) -> bool:
    return not is_common_word(word) and not is_clinical_word(word)


def _named(word: str, *, ordinary: bool, eponym: bool = False) -> bool:
    """A listed name. `ordinary`: frequent names that are words count; `eponym`: those that medicine knows, too."""
    low = word.lower()
    if low in _NOBODY and not (ordinary and low in _SEASONS and eponym):
        return False
    if _short(word) or (low.startswith(("d'", "o'", "mc")) and _plain(word)):
        return True
    surname, given = surname_rank(word) or 1 << 30, given_rank(word) or 1 << 30
    if _plain(word):
        return len(word) > 1 and (surname <= _PLAIN_SURNAMES or given <= _PLAIN_GIVEN or is_stranger(low))
    if is_clinical_word(word) and not eponym:
        return ordinary and given <= _FREQUENT and not surname <= _FREQUENT
    return ordinary and (surname <= _FREQUENT or given <= _ORDINARY_GIVEN)


def _bears(word: str) -> bool:
    """A doctor's name that many bear and no tube has: "is thompson back", not "is foley still in"."""
    return (surname_rank(word) or 1 << 30) <= _MANY and word.lower() not in _TUBES


def _unmarked(word: str) -> bool:
    """A name that may have lost the mark of its possessive."""
    surname, given = surname_rank(word) or 1 << 30, given_rank(word) or 1 << 30
    known = surname <= _PLAIN_SURNAMES or given <= _PLAIN_GIVEN
    return word not in _NOBODY and known and (_plain(word) or surname <= _MANY)


def _capital(word: str) -> bool:
    """Whether a word that has a capital on purpose is somebody's name, and no town or thing."""
    low = word.lower()
    if low in _NOBODY or is_clinical_word(word):
        return False
    surname, given = surname_rank(word) or 1 << 30, given_rank(word) or 1 << 30
    return given <= _ORDINARY_GIVEN or (surname <= _FREQUENT and not is_city(word))
