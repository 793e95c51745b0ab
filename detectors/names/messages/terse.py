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
from detectors.names.messages.clauses import (
    AGED,
    AND_TO,
    ASK,
    BEDS,
    BOTH,
    CHARTED,
    COUPLE,
    FORMERLY,
    INTRODUCED,
    IRISH,
    IS,
    KIN_WORRIED,
    KOREAN,
    LOUD_LAST,
    MAY,
    MEANT,
    NUMBERED,
    OPENS,
    OWNS,
    PAPERS,
    RELATED,
    SIGNED,
    TAKEN,
    TELL,
    UNMARKED,
    WHETHER,
    WHOSE_KIN,
)
from detectors.names.messages.hasty import is_stranger
from detectors.names.messages.told import Told, named
from detectors.names.messages.wards import WARDS, roomed
from detectors.patterns.base import Match, TextRecognizer

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
_THREE: Final = 3
_SHORT_THINGS: Final = word_set(
    "cat dog vet rep ems rad cop pet bus car cab van gun hat bag bed cot mat pad jar cup pan pot pen net log map app "
    "fax ear eye arm leg toe hip lip gum rib jaw hub gas air ice oil egg nut pie tea aid ads day sun sky job yes nah "
    "bye hmm huh wow too via per got let put run use had did its out off two six ten mrs sir kid pts new old sat nor"
)
"""Of three letters, at the head of a message, and nobody."""
_BOTH_GIVEN: Final = 1_000
_DOUBLED: Final = word_set("so-so ha-ha ho-ho ho-hum na-na ki-ki in-in in-ho do-in")
_FREQUENT, _PLAIN_SURNAMES, _PLAIN_GIVEN, _ORDINARY_GIVEN, _RARE_GIVEN = 2_000, 40_000, 6_000, 3_500, 5_000


class TerseNameRecognizer(TextRecognizer):
    """In messages of at most `LONGEST_CHARS`; each hit is one word."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        if len(text) > LONGEST_CHARS:
            return
        yield from named(_RULES, text)
        yield from named(WARDS, text)
        yield from roomed(text)
        yield from _several(text)
        if text.isupper():
            yield from named(_SHOUTED, text)
        if not any(c.isupper() for c in text[:1]):
            yield from named(_UNCAPPED, text)


def _several(text: str) -> Iterator[Match]:
    """Two together, both listed and one no ordinary word; a numbered list of names, half of them no ordinary words."""
    for hit in BOTH.finditer(text):
        both = [hit["one"], hit["name"]]
        if all(_listed(w) for w in both) and (
            any(_short(w) or _plain(w) for w in both) or all((given_rank(w) or 1 << 30) <= _BOTH_GIVEN for w in both)
        ):
            for group in ("one", "name"):
                yield Match(hit.start(group), hit.end(group), Kind.PERSON, 0.45)
    numbered = [*NUMBERED.finditer(text)]
    sure = sum(_plain(hit["name"]) for hit in numbered)
    if len(numbered) > 1 and all(_listed(hit["name"]) for hit in numbered) and 2 * sure >= len(numbered):
        for hit in numbered:
            yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)


def _listed(word: str) -> bool:
    frequent = (surname_rank(word) or 1 << 30) <= _FREQUENT or (given_rank(word) or 1 << 30) <= _ORDINARY_GIVEN
    listed = surname_rank(word) is not None or given_rank(word) is not None
    return word.lower() not in _NOBODY and (frequent or (listed and _plain(word)) or _short(word))


def _short(word: str) -> bool:
    """Names of two letters that abbreviations and words share, written as names are."""
    return word in _SHORT


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


def _did(hit: re.Match[str]) -> bool:
    deed = hit["deed"] is not None
    if deed and _three(hit["name"]):
        return True
    return _named(hit["name"], ordinary=deed, eponym=deed or _bears(hit["name"]))


def _three(word: str) -> bool:
    """A word of three letters with a capital that no list has as a name, where somebody did something: "Uma bp 190"."""
    low = word.lower()
    return len(word) == _THREE and word.istitle() and low not in _NOBODY | _SHORT_THINGS and not is_clinical_word(word)


def _meets(hit: re.Match[str]) -> bool:
    return _named(hit["name"], ordinary=True, eponym=_bears(hit["name"]))


def _goes(hit: re.Match[str]) -> bool:
    bears = _bears(hit["name"])
    return _named(hit["name"], ordinary=bears, eponym=bears)


def _sure(hit: re.Match[str]) -> bool:
    return _named(hit["name"], ordinary=False)


def _related(hit: re.Match[str]) -> bool:
    return (given_rank(hit["name"]) or 1 << 30) <= _RARE_GIVEN and _named(hit["name"], ordinary=True)


def _owns(hit: re.Match[str]) -> bool:
    return not _diseased(hit) and _named(hit["name"], ordinary=True)


def _owns_unmarked(hit: re.Match[str]) -> bool:
    whole = hit["name"] + "s"
    sure = _plain(whole) or (_bears(hit["name"]) and PAPERS.match(hit.string, hit.end()) is not None)
    return sure and not _diseased(hit) and _unmarked(hit["name"])


def _meant(hit: re.Match[str]) -> bool:
    return hit["name"].lower() not in _BRANDS and not _diseased(hit) and _capital(hit["name"])


def _diseased(hit: re.Match[str]) -> bool:
    """What medicine calls after somebody: "barretts esophagus"."""
    return _DISEASE.match(hit.string, hit.end("name")) is not None


def _renamed(hit: re.Match[str]) -> bool:
    rank = surname_rank(hit["name"]) or 1 << 30
    return hit["name"][0].isupper() and (rank <= _FREQUENT or is_stranger(hit["name"].lower()))


def _aged(hit: re.Match[str]) -> bool:
    return hit["name"].lower() not in _NOBODY | _OWNERS and is_stranger(hit["name"].lower())


_RULES: Final = (
    Told(OPENS, _did),
    Told(WHETHER, _did),
    Told(ASK, lambda hit: _named(hit["name"], ordinary=True, eponym=True)),
    Told(MAY, _meets),
    Told(IS, _meets),
    Told(TAKEN, _goes),
    Told(CHARTED, lambda hit: _sure(hit) and not is_city(hit["name"])),
    Told(BEDS, _sure),
    Told(TELL, lambda hit: _named(hit["name"], ordinary=True, eponym=True)),
    Told(AND_TO, lambda hit: hit["name"].lower() not in _TUBES and _named(hit["name"], ordinary=True)),
    Told(FORMERLY, _renamed),
    Told(COUPLE, lambda hit: hit["name"][0].isupper() and _aged(hit)),
    Told(KIN_WORRIED, lambda hit: _plain(hit["name"]) and hit["name"].lower() not in _NOBODY),
    Told(WHOSE_KIN, lambda hit: hit["name"].lower() not in _NOBODY | _OWNERS and not is_clinical_word(hit["name"])),
    Told(SIGNED, lambda hit: is_stranger(hit["name"].lower()) and not is_city(hit["name"]), 0.4),
    Told(RELATED, _related),
    Told(INTRODUCED, _related),
    Told(OWNS, _owns),
    Told(AGED, _aged),
    Told(IRISH, lambda hit: _plain(hit["name"])),
    Told(KOREAN, lambda hit: hit["name"].lower() not in _DOUBLED),
)
_SHOUTED: Final = (Told(LOUD_LAST, _sure, 0.4),)
_UNCAPPED: Final = (Told(UNMARKED, _owns_unmarked, 0.4), Told(MEANT, _meant, 0.4))
