"""Names in the places of a question or command that only people fill: "labs for grace king", "is Ho still here?".

Where the sentence itself says that somebody is meant, a name may be made of ordinary words, be two letters long, or
stand in any case. Short messages alone are read so: on a page the same places hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.names.messages.bedside import NOT_NAMED
from detectors.names.messages.hasty import is_stranger
from detectors.names.ordinary import COLOURS, NO_SURNAMES
from detectors.names.tokens import PARTICLES
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

LONGEST_CHARS: Final = 400
"""A message of some sixty words; what is longer is a page."""
_WORD: Final = r"[^\W\d_]+(?:['’\-](?!s\b)[^\W\d_]+){0,2}"
_NAME: Final = rf"(?P<name>{_WORD}(?:[ ]{_WORD}){{0,3}}?)"
_PAPERS: Final = (
    r"labs?|results?|charts?|records?|file|notes?|meds?|medications|vitals|weights?|allergies|imaging|summary|orders?"
    r"|appt|appointments?|refills?|x-?rays?|films|mri|ct|cta|us|ultrasound|echo|ekg|ecg|eeg|biopsy|path"
    r"|pathology|cbc|bmp"
    r"|cmp|inr|a1c|creatinine|potassium|sodium|glucose|hgb|hemoglobin|troponin|lactate|tsh|psa|wbc|platelets"
    r"|bilirubin|cultures?|scans?|bp|ekgs|visits?|medication list|med list|history|hx|dob|mrn|phone number|address"
    r"|insurance|referral|consult|discharge|face ?sheet|consent|copay|bill|balance|script|rx|prescription"
)
_WHOSE: Final = Searcher(
    rf"(?<![\w-])(?:{_PAPERS})[ ](?P<link>(?:for|of|on|from)[ ])?{_NAME}"
    r"(?=[ ]?[.,;:?!(]|[ ]?$|\n|[ ](?:from|on|after|since|before|please|pls|plz|last|in|to|at|yesterday|today|tonight"
    r"|and|with|is|are|was|dob|mrn|back|done|ready|\d))",
    re.I,
)
_TO_WHOM: Final = Searcher(
    r"(?<![\w-])(?P<verb>pull up|look up|lookup|find|search(?: for)?|page|call|text|email|tell|remind|ask|notify"
    r"|inform"
    r"|schedule|reschedule|book|discharge|admit|transfer|merge|give|cc|who(?:'s| is| saw| treated)|where(?:'s| is)|see"
    r"|message from|note from|call from|this is|thanks|seen by|spoke (?:with|to)|patient|pt|contact|reach|chart)"
    rf"[,:]?[ ]{_NAME}(?=[ ]?[.,;:?!]|[ ]?$|\n|[ ](?:about|that|to|the|his|her|their|today|tomorrow|yesterday|tonight"
    r"|for|in|on|records?|results?|please|pls|chart|from|with|is|was|again|back|calling|now|asks|dob|mrn))",
    re.I,
)
_WHO: Final = Searcher(
    rf"(?<![\w-])(?:is|was|did|does|has|have|had|can|could|should|will|would|are|when|if)[ ]{_NAME}"
    r"(?=[ ](?:been|still|get|got|have|had|taking|take|on|due|ready|allergic|discharged|admitted|cleared|able|allowed"
    r"|seen|needs?|here|back|there|home|eat|go|come|see|sign|stable|pregnant|fasting|npo|extubated|scheduled|supposed"
    r"|getting|going|doing|coming|refusing|up to date|a patient|okay|ok to|already|ever|pass|tolerate)\b"
    r"|[ ](?:in|at)[ ]?[?.]?$)",
    re.I,
)
_TITLED: Final = Searcher(rf"(?<![\w'’.-])(?P<title>mrs?|ms|dr)\.?[ ](?P<name>{_WORD})(?![\w’-])", re.I)
_HAS: Final = Searcher(
    rf"(?<![\w'’-])(?P<name>(?:{_WORD}[ ]){{0,3}}{_WORD})['’]s[ ](?=(?:last|latest|next|recent|current|new|old|mother"
    rf"|father|mom|dad|wife|husband|son|daughter|family|room|insulin|potassium|creatinine|blood|doctor|{_PAPERS})\b)",
    re.I,
    needs=r"['’](?i:s)[ ]",
    within=400,
)
_LAST: Final = Searcher(
    rf"(?<=[a-z])[ ](?:on|for|about|re|of|with|from|by|or|versus|vs)[ ](?P<name>{_WORD})(?=[ ]?[.?!;]?[ ]?(?:$|\n))"
)
"""The last word of a request, told by its capital alone: "stat blood gas on Ransom"."""
_FILED: Final = re.compile(
    rf"(?m)^[ \"'“(<]{{0,2}}(?P<name>(?P<last>[A-ZÀ-Þ]{_WORD}(?:[ ][A-ZÀ-Þ]{_WORD}){{0,2}}),[ ][A-ZÀ-Þ]\b\.?)"
    r"(?=[ ](?:[a-z]|\d)|[ ]?[-–:?]|[ ]?$)"
)
"""A surname with an initial behind its comma opens a message."""
_OPENS: Final = re.compile(rf"(?m)^[ \"'“(<]{{0,2}}(?P<name>{_WORD}(?:[ ]{_WORD}){{0,3}})")
_OF_SOMEBODY: Final = re.compile(
    rf"[ ](?:s/p|w/|pod ?\d|bed ?#?\d|r(?:oo)?m ?#?\d|npo|dob|mrn|\d{{1,3}} ?(?:yo|y/o|[mf]\b)|needs|wants|called"
    rf"|calling|asks|here)|[ ]?[-–:,][ ](?:any )?(?:{_PAPERS})\b",
    re.I,
)
"""What stands behind a person's name and no thing's."""
_GOES_ON: Final = re.compile(r"[ ]?$|[ ]?[-–:,][ ][a-z]|[ ](?P<next>[a-z][a-z0-9]{1,20})(?![\w'])", re.M)
_NO_NAME: Final = word_set(
    """
    a an the this that these those my your his her their our its it he she they we you i me him them who whom what
    which when where why how all any some no none each every both other another same more most new old next last
    first second works is are was were be been has have had do does did can could should would shall might must and or
    but if then of for to in on at by with from as not only please pls up down out off over back now still just also
    again today tomorrow yesterday tonight here there someone anyone everyone everybody anybody nobody patient
    patients pt pts january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday spring summer winter autumn easter morning noon night day days
    week weeks month months page case call home house hall room rooms street head heart short early low high good
    bad free fast west east north south post field blood bone chest rash pain hurt pool list sample numbers counts
    water waters camp park church school court law justice judge police guest friend person people peoples mom dad
    man woman son sons daughter baby nurse doctor dr english french german irish welsh lane key lock light lights
    english christian roman norman press power bank banks bush love fair fine fortune best better great smart sharp
    strong quick bright small little block short minor major case ball card cards bill price cost cash cost pay
    stock sales line lines floor wing ward wards unit clinic board team staff group care center office desk front
    door gate gates bridge bridges chance hope joy will mark grant chase drew art gene rich
    """
)
"""What fills such a place alone without being somebody; two words may well be a name of them."""
_NEVER: Final = word_set(
    """
    a an the this that these those my your his her our its it he she they we you i me him them who what which when where
    why how all any some no each every both other another and or but if then of for to in on at by with from as not
    please pls today tomorrow yesterday tonight patient patients pt is are was were have had number room date unit ward
    hospital camp
    """
)
"""Words that no name has, whatever stands beside them; "an" and "do" may be halves of one of two syllables."""
_VERBS: Final = word_set("will may can mark bill grant chase drew page case chance price art rich sue pat rob hope")
"""Given names that open a line as verbs and things: in lower case they are read as those."""
_MODAL: Final = word_set("will may can")
_SYLLABLES: Final = word_set("an do so le to la no ha by")
_NEVER_TOLD: Final = word_set(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday spring summer winter autumn easter english french german irish welsh christian
    page i case call home house street room floor wing ward unit clinic board team staff care center office surgery
    rehab
    """
)
"""What has a capital in mid-sentence and is nobody."""
_AFTER_THINGS: Final = word_set("is are and vs or for")
_FREQUENT, _LISTED, _GIVEN, _PAIRED, _BY_TITLE = 600, 20_000, 2500, 12_000, 6000
_SHORT: Final = 3


class AskedNameRecognizer(TextRecognizer):
    """In messages of at most `LONGEST_CHARS`; each hit is one name, at most four words."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        if len(text) > LONGEST_CHARS:
            return
        shouted = text.isupper()
        for rule in (_WHOSE, _TO_WHOM, _WHO):
            for hit in rule.finditer(text):
                words = hit["name"].split()
                told = not shouted and _told(text, hit.start("name"), words)
                linked = rule is not _WHOSE or hit["link"] is not None
                strange = rule is _WHOSE and told and is_stranger(words[-1].lower())
                if (linked or told or len(words) > 1) and (
                    strange or _is_somebody(words, told=told, alone=rule is _WHO)
                ):
                    yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _TITLED.finditer(text):
            rank = surname_rank(hit["name"]) or 1 << 30
            unnamed = hit["name"] in NOT_NAMED or hit["name"] in _MODAL
            if rank <= (_FREQUENT if hit["title"].lower() == "ms" else _BY_TITLE) and not unnamed:
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
        for hit in () if shouted else _LAST.finditer(text):
            if _told(text, hit.start("name"), [hit["name"]]) and _is_somebody([hit["name"]], told=True, alone=False):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)
        for hit in _FILED.finditer(text):
            last = hit["last"].split()[-1]
            if (surname_rank(last) or 1 << 30) <= _LISTED and not (is_clinical_word(last) and not is_common_word(last)):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
        for hit in _HAS.finditer(text):
            for start in _starts(hit["name"]):
                at = hit.start("name") + start
                words = text[at : hit.end("name")].split()
                if _is_somebody(words, told=not shouted and _told(text, at, words), alone=True):
                    yield Match(at, hit.end("name"), Kind.PERSON, 0.45)
                    break
        for hit in _OPENS.finditer(text):
            words = hit["name"].split()
            for many in range(len(words), 0, -1):
                end = hit.start("name") + len(" ".join(words[:many]))
                if _opens(words[:many], text, end, shouted=shouted):
                    yield Match(hit.start("name"), end, Kind.PERSON, 0.4)
                    break


def _starts(words: str) -> Iterator[int]:
    """Where a name may begin of whose last word is one: three words, two, one."""
    starts = [found.start() for found in re.finditer(r"\S+", words)]
    yield from starts[-3:]


def _told(text: str, start: int, words: Sequence[str]) -> bool:
    """Whether a capital that no sentence's beginning explains stands on every word of it but particles."""
    titled = all(w[0].isupper() and not (w.isupper() and len(w) > 1) for w in words if w.lower() not in PARTICLES)
    return titled and start > 1 and text[start - 1] == " " and (text[start - 2].islower() or text[start - 2] in ",:")


def _is_somebody(words: Sequence[str], *, told: bool, alone: bool) -> bool:
    """`alone`: in this place one frequent surname is enough, in any case."""
    if len(words) > 1:
        return _pair(words)
    word = words[0]
    low = word.lower()
    rank, given = surname_rank(word) or 1 << 30, given_rank(word)
    if told:
        named = rank <= _LISTED or given is not None
        return named and low not in _NEVER_TOLD and (not is_clinical_word(word) or rank <= _FREQUENT)
    if low in _NO_NAME or is_clinical_word(word):
        return False
    if is_common_word(word):
        return alone and rank <= _FREQUENT
    return rank < 1 << 30 or given is not None or is_stranger(low)


def _pair(words: Sequence[str]) -> bool:
    """A given name and a surname, ordinary words or not; two short syllables; a stranger beside a name."""
    first, last = words[0], words[-1]
    lows = [word.lower() for word in words]
    if len(words) == 2 and max(map(len, words)) <= _SHORT:
        names = [w for w in lows if w not in _SYLLABLES and (surname_rank(w) or given_rank(w)) and _plain(w)]
        return bool(names) and all(w in names or w in _SYLLABLES or surname_rank(w) for w in lows)
    if (
        lows[-1] in NO_SURNAMES
        or not _NEVER.isdisjoint(lows)
        or _thing_first(first)
        or not all(map(_between, words[1:-1]))
    ):
        return False
    if lows[0] in COLOURS and lows[-1] in COLOURS:
        return False
    given, rank = given_rank(first) or 1 << 30, surname_rank(last) or 1 << 30
    if is_clinical_word(last):
        return given <= _GIVEN and rank <= _FREQUENT
    named = given <= _GIVEN or (surname_rank(first) is not None and not is_common_word(first))
    if named and (rank <= _PAIRED or is_stranger(lows[-1], sure=True)):
        return True
    return all(not is_common_word(w) and is_stranger(w.lower()) for w in (first, last))


def _thing_first(word: str) -> bool:
    return is_clinical_word(word) and (given_rank(word) or 1 << 30) > _GIVEN


def _between(word: str) -> bool:
    """A particle, an initial or a name: what stands between the first and the last word of one."""
    return word.lower() in PARTICLES or len(word) == 1 or _plain(word) or given_rank(word) is not None


def _plain(word: str) -> bool:
    return not is_common_word(word) and not is_clinical_word(word)


def _opens(words: Sequence[str], text: str, end: int, *, shouted: bool) -> bool:
    """What opens a line: a strange word before words that are known, or a given name and a surname."""
    low = words[0].lower()
    of_somebody = _OF_SOMEBODY.match(text, end) is not None
    goes_on = _GOES_ON.match(text.lower() if shouted else text, end)
    if not of_somebody and goes_on is None:
        return False
    after = goes_on["next"] if goes_on and not of_somebody else None
    if after is not None and len(after) > _SHORT and not (is_common_word(after) or is_clinical_word(after)):
        return False
    if len(words) == 1:
        if words[0] == low or low in _NO_NAME:
            return False
        if of_somebody and (surname_rank(low) or 1 << 30) <= _LISTED and not is_clinical_word(low):
            return True
        return is_stranger(low) and _plain(low) and after not in _AFTER_THINGS
    if not of_somebody and goes_on is not None and not goes_on[0].strip() and not any(map(_plain, words)):
        return False  # alone on its line: a heading
    titled = all(w[0].isupper() for w in words if w.lower() not in PARTICLES)
    if not titled and ((low in _VERBS and not of_somebody) or any(w != w.lower() for w in words)):
        return False
    return _pair(words)
