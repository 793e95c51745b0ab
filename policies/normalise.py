"""One spelling for each identifier, so that the same person, number or day gets the same token everywhere."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from detectors.findings import Kind
from policies import dates

_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]+")
_EXTENSION: Final = re.compile(r"(?:ext(?:ension)?|x)\.?\s*(\d{1,6})\s*$", re.IGNORECASE)
_TITLES: Final = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "md", "do", "rn", "np", "pa", "phd", "dds", "esq")
).union(("jr", "sr", "ii", "iii", "iv"))
_PHONES: Final = frozenset({Kind.PHONE, Kind.FAX})
_IDS: Final = frozenset(
    {
        Kind.SSN,
        Kind.MRN,
        Kind.HEALTH_PLAN,
        Kind.MBI,
        Kind.ACCOUNT,
        Kind.CARD,
        Kind.LICENCE,
        Kind.NPI,
        Kind.DEA,
        Kind.VEHICLE,
        Kind.DEVICE,
        Kind.OTHER_ID,
        Kind.BIOMETRIC,
        Kind.ZIP,
    }
)


def normalise(kind: Kind, text: str) -> str:
    """The value that is tokenized. Empty where nothing but punctuation is left: such a text has no token."""
    plain = _ascii(text)
    if kind is Kind.PERSON:
        return _name(plain)
    if kind in (Kind.DATE, Kind.BIRTH_DATE):
        read = dates.parse(plain)
        return (read.iso if read else None) or _words(plain)
    if kind in _PHONES:
        return _phone(plain)
    if kind in _IDS:
        return _NOT_ALNUM.sub("", plain).upper()
    if kind in (Kind.EMAIL, Kind.URL, Kind.IP_ADDRESS):
        return "".join(plain.split()).strip(".,;:<>()[]").casefold()
    return _words(plain)


def _ascii(text: str) -> str:
    """Without accents, ligatures and full-width forms; letters of other alphabets stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _name(text: str) -> str:
    """Given names before surnames, no titles, no middle initials: `KOVACS, MARIA J` and `Maria Kovacs` are one."""
    before, comma, after = text.partition(",")
    suffix_only = all(w in _TITLES for w in _words(after).split())
    ordered = f"{after} {before}" if comma and not suffix_only else text
    parts = _words(ordered.replace("'", "").replace("’", "")).split()
    kept = [p for p in parts if p not in _TITLES]
    full = [p for p in kept if len(p) > 1]
    return " ".join(full if len(full) > 1 else kept or parts)


def _phone(text: str) -> str:
    extension = _EXTENSION.search(text)
    digits = "".join(c for c in (text[: extension.start()] if extension else text) if c.isdigit())
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    return digits + (f"x{extension.group(1)}" if extension and digits else "")
