"""How much of what stands beside a label is its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind
from detectors.folding import word_set
from detectors.labels.grid import Piece
from detectors.labels.table import KINDS, WEAK, label_key
from detectors.pages import BLANK
from detectors.patterns.states import STATE_CODES

_EMPTY: Final = word_set(
    "na none unknown nil no yes notapplicable same see sameasabove blank pending tbd deferred unavailable "
    "declined onfile left right male female m f self"
)
_MONTH: Final = re.compile(
    r"(?i)(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\W*$|^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\W*$"
)
_MONTH_LIKE: Final = re.compile(r"[^\W\d_]{3,9}[.,]?")
"""What stands before a day and a year where a date belongs is a month, however it was read: "Fed 4, 2622"."""
_BOX_NUMBER: Final = re.compile(r"\d{1,2}[a-z]?\.")
"""The number of the form's next box: "DATE OF CURRENT ILLNESS 18. HOSPITALIZATION"."""
_JOINERS: Final = word_set("to at and through thru am pm est edt cst cdt pst pdt hrs of ext x in on the st th")
_PLACING: Final = word_set("on in at")
"""Behind a number they begin its day or its place, and are none of its joiners."""
_PARTICLES: Final = word_set("de la del der van von da di du le bin al el and y e dos das ten ter of")
_SENTENCE_END: Final = re.compile(r"[^\W\d_]{4,}\.$|\d\.$")
_STATE_CODE: Final = re.compile(f"(?i:{STATE_CODES})")
"""In any case: an engine reads a lone "CO" in a cell as "co"."""
_ZIP_CODE: Final = re.compile(r"\d{5}(?:-\d{4})?[.,;]?")
_LENGTHS: Final = {
    Kind.PERSON: 7, Kind.STREET: 14, Kind.CITY: 6, Kind.FACILITY: 8, Kind.DATE: 7, Kind.BIRTH_DATE: 7,
    Kind.PHONE: 6, Kind.FAX: 6, Kind.EMAIL: 3, Kind.URL: 2, Kind.STATE: 2, Kind.ZIP: 3, Kind.AGE: 1,
}  # fmt: skip
_ID_LENGTH: Final = 5
_RANGE: Final = re.compile(r"[<>]?\d{1,3}(\.\d{1,2})?-\d{1,3}(\.\d{1,2})?|[<>]?\d{1,3}\.\d{1,2}")
"""A reference range under the head "Reference" is no reference number."""
_AGE_LENGTH: Final = 3
_DOUBTED_UNDER: Final = 80.0
"""Confidence under which letters in the field of an age may be its figures."""
_STANDINGS: Final = word_set("retired unemployed disabled selfemployed student homemaker")
"""What stands on a form in an employer's place."""
_HELD: Final = word_set("was is as a an from at of the formerly previously former since")
_WORDED_IDS: Final = frozenset({Kind.OTHER_ID})
"""Kinds whose label may stand before a name in words (employer, school)."""


def value(kind: Kind, key: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The leading pieces that are the value, edges without a letter or digit dropped; empty where there is none."""
    pieces = [p for p in pieces if not p.colon or p is not pieces[0]]
    if pieces and pieces[0].text.startswith(BLANK):
        return list(pieces[:1])  # the value is gone already: what stands behind or below it is not the value
    taken = _taken(kind, key, list(pieces[: _LENGTHS.get(kind, _ID_LENGTH)]))
    while taken and not taken[-1].folded:
        taken.pop()
    while taken and not taken[0].folded:
        taken.pop(0)
    if not taken or "".join(p.folded for p in taken) in _EMPTY:
        return []
    if kind is Kind.OTHER_ID and any(map(_RANGE.fullmatch, ("".join(p.text for p in taken), taken[0].text))):
        return []
    return taken


def _taken(kind: Kind, key: str, pieces: list[Piece]) -> list[Piece]:
    if kind is Kind.PERSON:
        return _person(pieces)
    if kind in (Kind.DATE, Kind.BIRTH_DATE):
        return _date(pieces)
    if kind is Kind.STATE and pieces and _STATE_CODE.fullmatch(pieces[0].text.strip(".,")):
        return pieces[:1]
    if kind in (Kind.STREET, Kind.CITY, Kind.STATE, Kind.FACILITY) or "employer" in key or "school" in key:
        kept = _to_zip(_sentence(pieces))
        if "employer" in key:
            kept = _without_standing(kept)
        # "Acme Widgets" is made of common words; running text behind a label begins in lower case.
        lower = sum(p.text[:1].islower() for p in kept)
        return [] if lower * 2 > len(kept) and any(map(_plain, kept)) else kept
    if kind is Kind.AGE:
        return pieces[:1] if pieces and (_figures(pieces[0]) or _misread(pieces[0])) else []
    return _number(pieces)


def _without_standing(pieces: list[Piece]) -> list[Piece]:
    """What an occupation names: "Retired, was Acme Widgets" names Acme Widgets, "Retired teacher" nobody.

    "Disabled American Veterans" is a name: the word for a standing ends with a mark, or goes on in lower case.
    """
    for index, piece in enumerate(pieces[:2]):
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        ends = after is None or piece.text[-1] in ",;/-(" or after.text[:1].islower() or not after.folded
        if piece.folded.strip(",;/-(.") not in _STANDINGS or not ends:
            continue
        rest = pieces[index + 1 :]
        while rest and (not rest[0].folded or (rest[0].text.islower() and rest[0].folded in _HELD)):
            rest = rest[1:]
        return rest
    return pieces


def _person(pieces: list[Piece]) -> list[Piece]:
    taken: list[Piece] = []
    for index, piece in enumerate(_sentence(pieces)):
        digits = sum(c.isdigit() for c in piece.text)
        if piece.colon or digits > 1 or digits == len(piece.folded) > 0:
            if len(taken) > 1 and _dated(pieces[index - 1 : index + 2]):
                taken.pop()
            break
        first = next((c for c in piece.text if c.isalpha()), "")
        lower = first.islower() and piece.folded not in _PARTICLES
        # "Zorblat, maren": the name goes on after a comma though its capital was misread.
        follows = bool(taken) and taken[-1].text.endswith(",")
        if lower and (
            lexicon.is_common_word(piece.folded) or (any(p.text[:1].isupper() for p in taken) and not follows)
        ):
            break
        if taken and not (follows and _is_given(pieces, index)) and _next_field(piece):
            break
        taken.append(piece)
    while taken and taken[-1].folded in _PARTICLES:
        taken.pop()
    return [] if all(_plain(p) for p in taken) and not _turned_round(taken) else taken


def _turned_round(pieces: Sequence[Piece]) -> bool:
    """Common words as "Surname, Given", and no answer, nor what a form says of how to fill it in."""
    if len(pieces) < 2 or not pieces[0].text.endswith(",") or not _is_given(pieces, 1):
        return False
    surname, given = pieces[0].folded, pieces[1].folded
    return surname not in _EMPTY and given not in _EMPTY | {"first", "given"} and label_key(surname) is None


def _is_given(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the piece behind "Surname," is a given name, though its word asks for something: "Seven, Age A."."""
    word, after = pieces[index], pieces[index + 1 : index + 2]
    is_word = word.text[:1].isupper() and word.text.isalpha() and not word.text.isupper()
    return is_word and not any(p.colon or any(c.isdigit() for c in p.text) for p in after)


def _dated(pieces: Sequence[Piece]) -> bool:
    """A month with its day and year: "Signed: Ann Lee, DO Jun 9, 2018"."""
    return _MONTH.match(pieces[0].text) is not None and _day_and_year(pieces[1:])


def _day_and_year(pieces: Sequence[Piece]) -> bool:
    return [len(p.folded) for p in pieces if p.folded.isdigit()] in ([1, 4], [2, 4])


def _next_field(piece: Piece) -> bool:
    """A label with no colon, as in "Ann Lee DOB 3/4/21"; surnames that are labels too ("Born") are names here."""
    match = label_key(piece.folded)
    if match is None or not match[1] or match[0] in WEAK or lexicon.is_surname(piece.folded):
        return False
    return KINDS[match[0]] is not Kind.PERSON


def _to_zip(pieces: list[Piece]) -> list[Piece]:
    """An address ends with its ZIP code; what follows on the line is the next field."""
    before = ""
    for index, piece in enumerate(pieces):
        if _ZIP_CODE.fullmatch(piece.text) and _STATE_CODE.fullmatch(before):
            return pieces[: index + 1]
        before = piece.text.strip(".,") or before
    return pieces


def _date(pieces: list[Piece]) -> list[Piece]:
    if pieces and _BOX_NUMBER.fullmatch(pieces[0].text):
        return []
    if _day_and_year(pieces[1:3]) and _MONTH_LIKE.fullmatch(pieces[0].text) and not _MONTH.match(pieces[0].text):
        return pieces[:3]
    taken: list[Piece] = []
    for piece in pieces:
        dated = any(c.isdigit() for c in piece.text) or _MONTH.search(piece.text) or not piece.folded
        if not dated and not (taken and (piece.colon or piece.folded in _JOINERS)):
            break
        taken.append(piece)
    while taken and not any(c.isdigit() for c in taken[-1].text):
        taken.pop()
    if taken or not pieces or _plain(pieces[0]) or pieces[0].text.isalpha():
        return taken
    return pieces[:1]


def _number(pieces: list[Piece]) -> list[Piece]:
    taken: list[Piece] = []
    for piece in pieces:
        digits = any(c.isdigit() for c in piece.text)
        code = piece.text.isupper() and len(piece.folded) <= 4
        if taken and piece.text in _PLACING:
            break  # "V0039281 on 02/17/2024"
        address = "@" in piece.text or "." in piece.text.strip(".")
        if not (digits or code or address or not piece.folded or (taken and piece.folded in _JOINERS)):
            break
        taken.append(piece)
    while len(taken) > 1 and not any(c.isdigit() or c == "@" for c in taken[-1].text) and not _letter(taken[-1]):
        taken.pop()
    if taken and any(c.isdigit() or c in "@." for p in taken for c in p.text):
        return taken
    # A number may have lost all its digits to OCR ("lO5S"); a plain word is no number.
    first = pieces[0] if pieces else None
    mixed = (
        first is not None and len(first.folded) >= 5 and not first.text.strip(".,;()").isalpha() and not _plain(first)
    )
    return [first] if first is not None and mixed else []


def _figures(piece: Piece) -> bool:
    return any(c.isdigit() for c in piece.text)


def _misread(piece: Piece) -> bool:
    """Letters that the engine doubts where figures belong: "oF" for 92."""
    return len(piece.text) <= _AGE_LENGTH and piece.confidence < _DOUBTED_UNDER


def _letter(piece: Piece) -> bool:
    return len(piece.folded) == 1 and piece.text.isupper()


def _sentence(pieces: list[Piece]) -> list[Piece]:
    for index, piece in enumerate(pieces):
        if _SENTENCE_END.search(piece.text) and not piece.text.isupper():
            return pieces[: index + 1]
    return pieces


def _plain(piece: Piece) -> bool:
    """A word that tells nothing: common, or no letters and digits at all."""
    return not piece.folded or (piece.text.strip(".,()").isalpha() and lexicon.is_common_word(piece.folded))
