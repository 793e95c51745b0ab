"""Names made of ordinary words alone, told by the sentence around them: "Hope Young came in", "Mark has a rash"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_TITLE: Final = r"[A-Z][a-z]{1,14}"
_FREQUENT_GIVEN, _FREQUENT_SURNAME = 1000, 2000
"""Up to these ranks two words of a name need only stand in a sentence."""
_RARE_GIVEN, _RARE_SURNAME = 2000, 7000
"""Up to these they need a verb or a word before them that only people take."""
_LONE_GIVEN = 600
_SPOKEN: Final = (
    r"reports|reported|denies|denied|states|stated|says|said|complains|complained|endorses|endorsed|describes|described"
    r"|tells|told|lives|lived|smokes|smoked|drinks|drank|takes|took|feels|felt|thinks|thought|wants|wanted|asks|asked"
    r"|agrees|agreed|understands|understood|requests|requested|called|works|worked|presents|presented|underwent"
    r"|tolerated|admits|admitted|eats|sleeps|plays|came|comes|went|returns|returned|arrived|verbalized|verbalizes"
    r"|refuses|refused|declines|declined|recalls|remembers|believes|attends|attended|needs|helps|drove|phoned|signed"
    r"|accompanied|brought|met|consented|expressed|explained|knows|moved|fell|wakes|woke"
)
_STATE_OF: Final = (
    r"(?:is|was)\s(?:(?:an?)\s(?:\d|pleasant|male|female|man|woman|boy|girl|patient|retired|former|widow|student|nurse"
    r"|very|healthy|known|well|smoker|right|left)|seen|admitted|discharged|born|referred|brought|doing|feeling|taking"
    r"|complaining|able|alert|awake|married|divorced|single|accompanied|here|aware|currently|now|anxious|diagnosed"
    r"|hospitalized|treated|told|not|in\s(?:bed|pain|no|good)|his|her|the\s(?:patient|mother|father))\b"
    r"|ha[sd]\s(?:an?|no|had|been|not|never|some|two|three|his|her|\d|always|also|recently|chest|pain|trouble)\b"
    r"|does\snot|did\snot|doesn['’]t|didn['’]t|wasn['’]t|isn['’]t|hasn['’]t"
)
_AFTER: Final = re.compile(
    rf"['’]s\s(?:mother|father|wife|husband|son|daughter|sister|brother)|\s(?:{_SPOKEN})\b"
    rf"|\s(?:{_STATE_OF})"
)
_SPOKE_AFTER: Final = re.compile(rf"\s(?:{_SPOKEN})\b")
_GOES_ON: Final = re.compile(r"(?:[.,;)]|['’]s)?\s[a-z(]|[.,;]\s|[.,;]?$")
_PERSON_BEFORE: Final = re.compile(
    r"(?<![\w])(?:by|with|from|for|per|saw|told|met|named|patient|pt|called|and|to|is|as|wife|husband|son|daughter"
    r"|mother|father|sister|brother|friend|nurse|neighbor|aunt|uncle)\s$"
)
_IN_SENTENCE_BEFORE: Final = re.compile(r"[a-z,]\s$")
_TITLE_BEFORE: Final = re.compile(r"[A-Z][\w'’-]*[ ]$")
_WORDS_FIRST: Final = word_set(
    """
    will may june april august summer autumn spring winter can drew chase pat rob sue grant bill rich art gene hope
    faith chance joy case page price frank mark dawn
    """
)
"""Given names that begin sentences as verbs, months and things."""
COLOURS: Final = word_set(
    "amber pearl sandy violet rusty crystal ruby ginger rose white brown black green gray grey blue red jade clay olive"
)
NO_SURNAMES: Final = word_set(
    """
    call need needs term care period day days week month time child page line case blood pain test count result
    discharge may will can has was site number house home hall street road lane avenue center field fields clinic
    """
)


class OrdinaryNameRecognizer(TextRecognizer):
    """Both words in title case, never the whole of a line, and no third capital beside them: that is a heading."""

    KINDS = (Kind.PERSON,)
    _pair = Searcher(
        rf"(?<![\w'’.-])(?P<first>{_TITLE})[ ]{{1,2}}(?:[A-Z]\.?[ ])?(?P<last>{_TITLE})(?![\w-])(?![ ][A-Z])"
    )
    _lone = Searcher(rf"(?<![\w'’.-])(?P<first>{_TITLE})(?={_AFTER.pattern})")

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._pair.finditer(text):
            if not _alone_on_line(hit, text) and _is_pair(hit, text):
                yield Match(hit.start(), hit.end(), Kind.PERSON, 0.45)
        for hit in self._lone.finditer(text):
            if not _TITLE_BEFORE.search(text, max(0, hit.start() - 20), hit.start()) and _is_lone(
                hit["first"], hit, text
            ):
                yield Match(hit.start(), hit.end(), Kind.PERSON, 0.4)


def _is_pair(hit: re.Match[str], text: str) -> bool:
    first, last = hit["first"], hit["last"]
    given, surname = given_rank(first), surname_rank(last)
    if given is None or surname is None or given > _RARE_GIVEN or surname > _RARE_SURNAME:
        return False
    # Where one of the two is no ordinary word the census rules judge.
    if not (is_common_word(first) and is_common_word(last)) or is_clinical_word(first) or is_clinical_word(last):
        return False
    low = (first.lower(), last.lower())
    speaks = _SPOKE_AFTER.match(text, hit.end()) is not None
    if (low[1] in NO_SURNAMES and not speaks) or _TITLE_BEFORE.search(text, max(0, hit.start() - 20), hit.start()):
        return False
    before = max(0, hit.start() - 12)
    coloured = low[0] in COLOURS and low[1] in COLOURS
    if speaks or (not coloured and _AFTER.match(text, hit.end())):
        return True
    if not coloured and _PERSON_BEFORE.search(text, before, hit.start()):
        return True
    plain = low[0] not in _WORDS_FIRST and not coloured
    in_sentence = _IN_SENTENCE_BEFORE.search(text, before, hit.start()) or _GOES_ON.match(text, hit.end())
    return plain and given <= _FREQUENT_GIVEN and surname <= _FREQUENT_SURNAME and in_sentence is not None


def _is_lone(first: str, hit: re.Match[str], text: str) -> bool:
    rank = given_rank(first)
    if rank is None or rank > _LONE_GIVEN or not is_common_word(first) or is_clinical_word(first):
        return False
    return first.lower() not in _WORDS_FIRST - {"mark", "frank"} or _SPOKE_AFTER.match(text, hit.end()) is not None


def _alone_on_line(hit: re.Match[str], text: str) -> bool:
    end = text.find("\n", hit.end())
    line = text[text.rfind("\n", 0, hit.start()) + 1 : end if end >= 0 else len(text)]
    return line.strip(" .:") == hit.group()
