"""Initials and the word behind them: whether it may be the surname."""

from __future__ import annotations

import re
from typing import Final

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, surname_rank, word_set
from detectors.names.cues import CREDENTIALS, EPONYM_HEADS, TITLES

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
