"""One spelling for each identifier, so that the same person, number or day gets the same token everywhere.

Slips of a scanner are set right where a field leaves no choice (a letter in a number of digits alone, a digit in a
name): see `misread`. What else may differ between two spellings of one thing is the profile's matter: see `Matching`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from detectors.findings import Kind
from policies.values import dates, misread
from policies.values.misread import AS_DIGITS


class Matching(StrEnum):
    """When two spellings are one value."""

    STRICT = "strict"
    """A middle initial and a leading zero tell two apart."""
    LENIENT = "lenient"
    """They do not: `SMITH, JOHN A` and `John Smith`, `MRN 00123-4` and `123-4` are one. For a tenant whose numbers
    have one width, and for joins that ask for more than a name."""


_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]+")
_EXTENSION: Final = re.compile(r"(?:ext(?:ension)?|x)\.?\s*(\d{1,6})\s*$", re.IGNORECASE)
_TITLES: Final = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir"))
"""In front of a name; behind it a surname may read so."""
_DEGREES: Final = frozenset(("md", "rn", "np", "phd", "dds", "esq"))
_DEGREES_BEHIND_A_COMMA: Final = _DEGREES | {"do", "pa"}
"""Do is a surname too."""
_GENERATIONS: Final = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
"""Father and son may share all but this: it always tells two apart."""
_LABEL: Final = re.compile(
    r"^\s*(?:MRN?|M\.R\.N\.|medical record|chart|SSN?|social security|acc(?:oun)?t|member|policy|plan|NPI|DEA|MBI|"
    r"medicare|licen[cs]e|lic|serial|device|vehicle|VIN|ID)(?:[ .]*(?:number|nbr|num|no|id))?[\s.:#]+(?=\S)",
    re.IGNORECASE,
)
_NUMBER_WORD: Final = re.compile(r"^\s*(?:(?:number|nbr|num|no|id)[.:#\s]+|#)\s*", re.IGNORECASE)
_PHONES: Final = frozenset({Kind.PHONE, Kind.FAX})
_DIGITS_ONLY: Final = frozenset({Kind.SSN, Kind.CARD, Kind.NPI, Kind.ZIP})
_IDS: Final = _DIGITS_ONLY | {
    Kind.MRN,
    Kind.HEALTH_PLAN,
    Kind.MBI,
    Kind.ACCOUNT,
    Kind.LICENCE,
    Kind.DEA,
    Kind.VEHICLE,
    Kind.DEVICE,
    Kind.OTHER_ID,
    Kind.BIOMETRIC,
}
_AS_LETTERS: Final = str.maketrans("058", "osb")
_RECORD_NUMBER: Final = 7
"""Shorter ones may have a letter that counts: `B12-8` is not `812-8`."""
_SLIP: Final = re.compile(r"(?<=[0-9])[OQIL](?=[0-9])|(?<=[0-9])O(?=$)")
"""Letters that issuers avoid in numbers because they look like digits; others may be meant."""


def normalise(kind: Kind, text: str, matching: Matching = Matching.STRICT) -> str:
    """The value that is tokenized. Empty where nothing but punctuation is left: such a text has no token."""
    if kind is Kind.PERSON:
        return person(text, matching)
    if kind in _DIGITS_ONLY:
        return _digits(_ascii(text))
    if kind in _IDS:
        if kind is Kind.MRN and matching is Matching.LENIENT:
            return _record_number(identifier(misread.record_number(text), matching))
        return identifier(text, matching)
    plain = _ascii(text)
    if kind in (Kind.DATE, Kind.BIRTH_DATE):
        read = dates.parse(plain)
        return (read.iso if read else None) or _words(plain)
    if kind in _PHONES:
        return _phone(plain)
    if kind in (Kind.EMAIL, Kind.URL, Kind.IP_ADDRESS):
        return "".join(plain.split()).strip(".,;:<>()[]").casefold()
    return misread.street(_words(misread.glued_street(plain))) if kind is Kind.STREET else _words(plain)


def person(text: str, matching: Matching) -> str:
    """Given names before surnames, the generation last, no titles: `KOVACS, MARIA J, MD` is `maria j kovacs`."""
    plain = misread.name(_ascii(text).replace("'", "").replace("’", ""))
    pieces = [[_unmisread(word) for word in _words(piece).split()] for piece in plain.split(",")]
    beside = _DEGREES_BEHIND_A_COMMA | _GENERATIONS.keys()
    named = [words for words in pieces if words and not beside.issuperset(words)]
    # `KOVACS, MARIA J`: what stands behind the first comma comes first, unless it is a degree or a generation.
    ordered = [word for words in (*named[1:], *named[:1]) for word in words]
    generation = [_GENERATIONS[w] for words in pieces for w in words if w in _GENERATIONS][:1]
    kept = [word for word in ordered if word not in _GENERATIONS and word not in _DEGREES]
    while len(kept) > 1 and kept[0] in _TITLES:
        kept = kept[1:]
    if len(named) == 1 and plain.isupper() and [len(word) > 1 for word in kept] == [True, True, False]:
        # `KOVACS MARIA J`: in capitals with the initial last it is the surname that comes first.
        kept = [*kept[1:], kept[0]]
    full = [word for word in kept if len(word) > 1]
    if matching is Matching.LENIENT and len(full) > 1:
        kept = full
    return " ".join([*kept, *generation] if kept else [word for words in pieces for word in words])


def _unmisread(word: str) -> str:
    return word if word.isdigit() else word.translate(_AS_LETTERS)


def _record_number(found: str) -> str:
    """Record numbers of this length are of digits alone, but for a prefix: one letter among them was a digit."""
    bare = found.removeprefix("MRN") if found[3:].isdigit() else found
    letters = [c for c in bare if not c.isdigit()]
    if len(letters) == 1 and len(bare) >= _RECORD_NUMBER and bare[0].isdigit() and bare[-1].isdigit():
        bare = bare.translate(AS_DIGITS)
    return bare.lstrip("0") or bare


def identifier(text: str, matching: Matching) -> str:
    """A number or code without its label, punctuation and case; LENIENT: without leading zeros too."""
    bare = _unlabelled(_ascii(text))
    found = _NOT_ALNUM.sub("", bare).upper()
    if matching is Matching.STRICT:
        return found
    if sum(c.isdigit() for c in found) * 2 > len(found):
        found = _SLIP.sub(lambda hit: hit[0].translate(AS_DIGITS) if hit[0] != "L" else "1", found)
    return found.lstrip("0") or found


def _digits(text: str) -> str:
    """A number that has no letters: those that are there are misread digits, unless there are too many."""
    found = _NOT_ALNUM.sub("", _unlabelled(text).replace("|", "1"))
    if sum(c.isdigit() for c in found) * 2 > len(found):
        found = found.translate(AS_DIGITS)
    return found.upper()


def _unlabelled(text: str) -> str:
    """Without the word that says what the number is; all of it where nothing else would be left."""
    return _NUMBER_WORD.sub("", _LABEL.sub("", text, count=1), count=1) or text


def _ascii(text: str) -> str:
    """Without accents, ligatures and full-width forms; letters of other alphabets stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _phone(text: str) -> str:
    extension = _EXTENSION.search(text)
    number = text[: extension.start()] if extension else text
    digits = "".join(c for c in _misread(number) if c.isdigit())
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    return digits + (f"x{extension.group(1)}" if extension and digits else "")


def _misread(number: str) -> str:
    """Letters beside digits as the digits they look like; words such as `tel` are none."""
    return " ".join(
        run.translate(AS_DIGITS) if any(c.isdigit() for c in run) else run for run in re.split(r"[\s()./-]+", number)
    )
