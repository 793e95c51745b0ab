"""The patient's given name alone, where the words around it tell of somebody else who bears it: "told by Mark, the
neighbor". In doubt it is nobody's: in the patient's own chart a stranger stands beside the patient's name or pronoun.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from detectors.findings import Kind, Owner, Span
from detectors.folding import tokens
from detectors.known.parts import name_parts

_ACQUAINTED: Final = (
    r"(?:neighbou?r|(?:room|bunk|house|flat|class|team|cell|suite)[ -]?mate|(?:boy|girl)?friend|co-?worker|colleague"
    r"|landlord|sponsor|visitor|by-?stander|passer-?by|acquaintance|care-?(?:taker|giver)|stranger"
    r"|(?:brother|father|son)-in-law|ex-husband|fianc[eé])"
)
_AT_WORK: Final = (
    r"(?:boss|supervisor|manager|employer|driver|teacher|coach|pastor|counsel+or|witness|attacker|assailant)"
)
_KIN: Final = (
    r"(?:his|patient['’]s|pt['’]s) (?:late |older |younger |twin |half-?)?"
    r"(?:(?:grand|step|god)?father|brother|uncle|cousin|nephew)"
)
_ANOTHER: Final = r"(?:another|other|different|second|wrong) (?:patient|pt|resident|client|man|person|boy|guy)"
_BEFORE: Final = re.compile(
    rf"(?<![^\W_])(?:{_ACQUAINTED}|{_AT_WORK}|{_KIN}|{_ANOTHER}|named|called himself|by the name of)"
    r"(?:,? named)?[,:]?[ ]{1,2}$",
    re.I,
)
_BEHIND: Final = re.compile(
    rf"(?:[ ]?\(|,[ ]|[ ]-[ ])(?:(?:his|the|an?|her|their) )?(?:[a-z-]{{1,12}} )?{_ACQUAINTED}(?![^\W_])"
    r"|[ ]?\((?:no relation|unrelated)"
    r"|[ ](?:from )?(?:next door|down the (?:hall|street)|across the (?:hall|street))"
    r"|[ ]from (?:bed|room|unit|work|church|school)(?![^\W_])",
    re.I,
)
_MET: Final = re.compile(
    r"(?:^|(?<=[.;!?] )|(?<=\n))(?:he|(?:the )?(?:patient|pt))(?![^\W_])"
    r"(?:(?!(?<![^\W_])(?:wife|mother|father|parents?|mom|dad|sister|daughter|son|nurse|dr|who|his)(?![^\W_]))[^.;\n]){1,40}"
    r"(?<![^\W_])(?:by|from|with|met|saw|hit|like)[ ]$",
    re.I,
)
"""Who acts is the patient already."""
_REACH: Final = 72
_INITIAL: Final = re.compile(r"[ ]?[A-Z]\.(?![^\W_])")
_PART: Final = re.compile(r"[ \t]{0,2}[,.]?[ \t]{0,2}(?:[^\W\d_]\.?[ \t]{1,2})?")


def of_others(text: str, spans: Sequence[Span], given: Collection[str], initials: Collection[str]) -> list[Span]:
    """The same disjoint spans, in text order, where such a name is nobody's.

    `given` are the patient's folded given names, `initials` the first letters of all words of the patient's names.
    """
    found = list(spans)
    for i, span in enumerate(spans):
        if span.kind is not Kind.PERSON or span.owner is not Owner.PATIENT:
            continue
        parts = name_parts(text[span.start : span.end])
        if len(parts) != 1 or parts[0] not in given or _goes_on(text, spans[max(0, i - 1) : i + 2]):
            continue
        behind = _INITIAL.match(text, span.end)
        letters = {word.folded for word in tokens(text[span.start : behind.end() if behind else span.end])}
        letters = {letter for letter in letters if len(letter) == 1}
        if not letters <= set(initials) or _is_told_apart(text, span):
            found[i] = replace(span, owner=Owner.UNKNOWN)
    return found


def _goes_on(text: str, spans: Sequence[Span]) -> bool:
    """Whether two of these spans that follow one another are one name of the patient's."""
    return any(
        a.kind is b.kind is Kind.PERSON and a.owner is b.owner and _PART.fullmatch(text, a.end, b.start)
        for a, b in pairwise(spans)
    )


def _is_told_apart(text: str, span: Span) -> bool:
    lead = text[max(0, span.start - _REACH) : span.start]
    end = span.start + len(text[span.start : span.end].rstrip(" ,."))
    return bool(_BEFORE.search(lead) or _MET.search(lead) or _BEHIND.match(text, end))
