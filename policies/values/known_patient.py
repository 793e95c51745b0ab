"""The patient's own data in the place of what a scanner made of it, so that a damaged mention joins all the same.

Only for what detection holds to be the patient's, and only where exactly one listed value is as near as a scanner's
slips are: another person's identifier never becomes the patient's here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.findings import Kind, Owner
from detectors.subject import Subject
from policies.values.normalise import Matching, normalise

CHARACTERS_A_SLIP: Final = 6
"""One slip is allowed for every so many characters."""
_IDS: Final = frozenset({Kind.HEALTH_PLAN, Kind.MBI, Kind.ACCOUNT, Kind.LICENCE, Kind.DEVICE, Kind.OTHER_ID})


def as_listed(kind: Kind, owner: Owner, text: str, subject: Subject | None) -> str:
    """The listed value that the text stands for; the text itself where there is none, or more than one."""
    if subject is None or owner is not Owner.PATIENT:
        return text
    read = normalise(kind, text, Matching.LENIENT)
    near = {
        value: listed
        for listed in _listed(kind, subject)
        if (value := normalise(kind, listed, Matching.LENIENT)) and _is_near(kind, read, value)
    }
    return near.popitem()[1] if read and len(near) == 1 else text


def _listed(kind: Kind, subject: Subject) -> Sequence[str]:
    match kind:
        case Kind.PERSON:
            return subject.names
        case Kind.MRN:
            return (subject.mrn,) if subject.mrn else ()
        case Kind.SSN:
            return (subject.ssn,) if subject.ssn else ()
        case Kind.PHONE | Kind.FAX:
            return subject.phones
        case Kind.EMAIL:
            return subject.emails
        case Kind.STREET:
            return tuple(address.split(",", 1)[0] for address in subject.addresses)
        case _:
            return subject.ids if kind in _IDS else ()


def _is_near(kind: Kind, read: str, listed: str) -> bool:
    if kind is Kind.STREET and _numbers(read) != _numbers(listed):
        # Next door somebody else lives.
        return False
    if kind is not Kind.PERSON:
        return _one_word_is_near(read, listed)
    # A family name alone, or a given name, stands for the whole one; no word may be left over.
    words = listed.split()
    return all(any(_one_word_is_near(word, other) for other in words) for word in read.split())


def _numbers(street: str) -> list[str]:
    return [word for word in street.split() if any(c.isdigit() for c in word)]


def _one_word_is_near(read: str, listed: str) -> bool:
    slips = len(listed) // CHARACTERS_A_SLIP
    return Levenshtein.distance(read, listed, score_cutoff=slips) <= slips
