"""Shaped tokens: numbers that a column for numbers takes, and that no authority has issued or will issue.

A kind whose numbering plan keeps a range free gets digits of it, with the check digit that the plan asks for. Any
other gets the mark `TKN` in front of its digits: a tenant's own numbers may look like anything.
"""

from __future__ import annotations

import secrets
from typing import Final

from detectors.findings import Kind

MARK: Final = "TKN"
_DRAWN: Final = 12
"""Digits behind the mark. The length is one for all: a length class would tell old numbers from new ones."""


def draw(kind: Kind) -> str:
    """A random number of the kind's shape. Whoever hands it out makes sure that it was not handed out before."""
    match kind:
        case Kind.SSN:
            # Area 000 is never assigned: 20 CFR 422.103; SSA, "Social Security Number Randomization".
            return "000" + _digits(6)
        case Kind.PHONE | Kind.FAX:
            # An area code begins with 2 to 9: North American Numbering Plan.
            return "0" + _digits(9)
        case Kind.NPI:
            # An NPI begins with 1 or 2; its check digit is Luhn's over 80840 and the number: 45 CFR 162.406.
            body = "9" + _digits(8)
            return body + luhn("80840" + body)
        case Kind.CARD:
            # No payment card begins with 0: ISO/IEC 7812-1 leaves it to other uses.
            body = "0" + _digits(14)
            return body + luhn(body)
        case _:
            return MARK + _digits(_DRAWN)


def luhn(body: str) -> str:
    """The check digit to put behind `body`: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _digits(count: int) -> str:
    return f"{secrets.randbelow(10**count):0{count}d}"
