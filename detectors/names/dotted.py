"""Initials: which letters stand for a whole name that is known ("T.O.W." where Tunde Oyelaran-Whitcombe is), which for
other things, and which word behind them may be the surname."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, surname_rank, word_set
from detectors.folding import fold
from detectors.names.cues import CREDENTIALS, EPONYM_HEADS, TITLES

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_RUN: Final = re.compile(
    rf"(?<![\w.])(?:[{_UP}](?:\.-?[{_UP}]){{1,5}}\.?(?!\.?\w)|[{_UP}](?:\.[ ]{{1,2}}-?[{_UP}]){{1,5}}\.(?!\w))"
)
_SURNAME: Final = re.compile(r"[ ]{1,2}[^\W\d_a-z][^\W\d_]")
_NOT_NAMED: Final = word_set(
    "mr mrs ms miss dr prof rev md do rn np pa phd dds jr sr ii iii iv pt patient name and the"
)
_MOST: Final = 6
"""Words of a name. A list of more is no name, and would have as many ways as two to their number."""
NO_PERSON: Final = word_set(
    "md do rn np pa dds phd us uk usa dc ny la nj sd nd nm nc sc wv nh ri ma po iv im sc sq pr prn bid tid qid qd hs "
    "ac pc er or ed icu ob gyn ot pt st gi gu cv id ie eg am pm ad bc npo nkda dob ssn mrn hiv tb ms al od os ou ct mr "
    "vs dnr"
)
"""Short forms that are written with full stops."""
SHORT_FORMS: Final = NO_PERSON | word_set(
    "ab ad am av bm bp br bt ca cc ce cp cr cv cxr da dt ef ekg eye fe fm fu gf ha hd hh hi hp hr ht iu ir jvp ka la "
    "lr rl lv rv ll lu ru mf mg ml mm mi mv na ng no yn ny nl ok ph pm pn pp ps qt qrs rx rr sb sl sv tp to tr ts tsh "
    "tv tx ua uc ur uti vt vf wt xr dx hx abc ade bcd xyz smt mtw"
)
"""Letters that stand apart for something else than a name: intervals, ways to give a drug, sides, sexes, yes and no."""
_OF_SHORT_FORMS: Final = word_set(
    "head neck chest spine brain hand foot leg arm hip knee back ear line lines push drip bag pole site port wave "
    "waves test tests skin scan page long short drop drops strip low high day night black white brown single force "
    "ward room bed block case cases free still will can army bank"
)
"""What stands behind them and is a surname, too."""
_FREQUENT, _RARE = 8000, 30_000
"""Up to these ranks an ordinary word is believed to be a surname behind initials, and where people are told of."""


def initials_of(name: str) -> frozenset[str]:
    """What may stand for all of a name of two words and more, as capitals in order: both halves of a compound or its
    first, particles and middle names or none, the family's name behind or before. Short forms of other things are
    none: those of two letters may be so many that more of them are left out."""
    last, comma, rest = name.partition(",")
    words = [w for w in re.split(r"[\s.,]+", f"{rest} {last}" if comma else name) if w]
    words = [w for w in words if fold(w) not in _NOT_NAMED]
    ways: list[tuple[str, ...]] = []
    for place, word in enumerate(words, 1):
        halves = [letter for half in word.split("-") if (letter := fold(half)[:1].upper()).isalpha()]
        if not halves:
            continue
        slight = word[0].islower() or 1 < place < len(words)
        ways.append(tuple({"".join(halves), halves[0], "" if slight else halves[0]}))
    if not 2 <= len(ways) <= _MOST:
        return frozenset()
    found = {"".join(way) for turned in (ways, [ways[-1], *ways[:-1]]) for way in product(*turned)}
    return frozenset(i for i in found if i.lower() not in (SHORT_FORMS if len(i) == 2 else NO_PERSON) and len(i) > 1)


def dotted(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Each run of initials with stops: where it starts and ends, its letters as `initials_of` gives them, and whether a
    word with a capital stands behind it, so that it may be the beginning of another's name."""
    for run in _RUN.finditer(text):
        letters = "".join(fold(c).upper() for c in run[0] if c.isalpha())
        yield run.start(), run.end(), letters, _SURNAME.match(text, run.end()) is not None


def is_surname_behind(letters: str, word: str, *, told: bool) -> bool:
    """Whether the word may be the surname of which these are the initials; `told` that what stands around them speaks
    of people."""
    short, low, rank = re.sub(r"[. ]", "", letters).lower(), word.lower(), surname_rank(word)
    if rank is None or low in CREDENTIALS or low in TITLES or low in EPONYM_HEADS:
        return False
    if short in SHORT_FORMS and low in _OF_SHORT_FORMS:
        return False
    ordinary, clinical = is_common_word(word), is_clinical_word(word)
    if told:
        return not ordinary or rank <= (_FREQUENT if clinical else _RARE)
    return not clinical and short not in SHORT_FORMS and (not ordinary or rank <= _FREQUENT)
