"""Lines that name who somebody is by trade: a label with a name, a signature. They tell nothing of the patient's mind.

Only whole lines count: in "individual therapy with Ann Lee, LPC" the letters behind the name say what for.
"""

from __future__ import annotations

import re
from typing import Final

_TRADE: Final = (
    r"(?i:(?:(?:licensed|clinical|attending|treating|consulting|primary|staff|board[- ]certified|child|adolescent|and"
    r"|senior|assigned|referring|supervising|mental health|behavioral health|psychiatric)\s){0,4}"
    r"(?:counsell?or|therapist|psychotherapist|psychiatrist|psychologist|social worker|clinician"
    r"|nurse(?: practitioner)?))"
)
_LETTERS: Final = (
    r"(?:LI?CSW|LISW|LMSW|MSW|LPCC?|LCPC|LMFT|LMHC|[LC]A?DC|CASAC|M\.?D|D\.?O|Ph\.?D|Psy\.?D|RN|NP|PMHNP|APRN|PA|MA|MS"
    r"|NCC)(?:-[A-Z]{1,2})?\.?(?![^\W_])"
)
_ANOTHER_WORD: Final = (
    r"(?:Session|Weekly|Group|Therap|Counsel|Psych|Treat|Visit|Refer|Consult|Evaluat|Appoint|Request|Recommend|Seen|See"
    r"|Need|Follow|Family|Individual|Mental|Behavioral|Social|Crisis|Suicid|None|Date)"
)
_NAME: Final = (
    r"(?:(?:Dr|Mr|Ms|Mrs)\.?\s)?(?:"
    + rf"(?!{_ANOTHER_WORD}|{_LETTERS})"
    + r"[A-Z](?:\.|[A-Za-z'’-]{1,24})(?:,?\s(?=[A-Z])|(?![^\W_]))){1,4}"
)
_SIGNED: Final = (
    r"(?i:(?:electronically\s)?(?:co-?)?(?:signed|dictated|authored)(?:\selectronically)?(?:\sby)?\s?:?\s?)"
)
_WHEN: Final = r"[\s,]{0,2}(?:(?i:on|at)\s)?[\d/:.,\-]*(?:\s(?:at\s)?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?)?"
_LINE: Final = re.compile(
    rf"\s*{_SIGNED}?(?:(?P<label>{_TRADE})\s?:\s?)?{_NAME}(?P<behind>(?:[\s,]{{0,3}}(?:{_LETTERS}|{_TRADE})){{0,4}}){_WHEN}\s*"
)
_LONGEST: Final = 120
"""Characters of such a line."""


def is_of_a_title(text: str, start: int, end: int) -> bool:
    """Whether the half-open offsets begin and end in a trade, or in the letters behind a name, of one line that is a
    label of a trade with a name, or a signature. What stands in the name's place is none of it."""
    begins = text.rfind("\n", 0, start) + 1
    ends = text.find("\n", start)
    ends = len(text) if ends < 0 else ends
    if end > ends or ends - begins > _LONGEST or not (line := _LINE.fullmatch(text, begins, ends)):
        return False
    trades = [line.span("label"), line.span("behind")]
    return all(any(a <= at and until <= b for a, b in trades) for at, until in ((start, start + 1), (end - 1, end)))
