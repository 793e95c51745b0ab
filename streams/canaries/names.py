"""The name and place lists of the synthetic documents.

They live here alone: no detector, lexicon or training code may read them, or the figures flatter.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"

SURNAME_PREFIXES = ("O'", "Mc", "Mac", "D'", "de la ", "de ", "van der ", "van ", "von ", "El-", "Al-", "St. ", "Ben-")
SUFFIXES = ("Jr.", "Sr.", "II", "III")
STREET_SUFFIXES = (
    "Street", "St", "St.", "Avenue", "Ave", "Ave.", "Road", "Rd", "Rd.", "Lane", "Ln", "Drive", "Dr", "Court", "Ct",
    "Boulevard", "Blvd", "Way", "Place", "Pl", "Terrace", "Circle", "Parkway", "Pkwy", "Trail", "Loop",
)  # fmt: skip
UNITS = ("Apt {n}", "Apt. {n}", "Unit {n}", "Suite {n}", "Ste {n}", "#{n}", "Floor {d}")
ZIP_PREFIXES: dict[str, tuple[str, str, str]] = {
    # state: (full name, first and last three-digit prefix), USPS L002
    "AL": ("Alabama", "350", "369"), "AZ": ("Arizona", "850", "865"), "CA": ("California", "900", "961"),
    "CO": ("Colorado", "800", "816"), "CT": ("Connecticut", "060", "069"), "FL": ("Florida", "320", "349"),
    "GA": ("Georgia", "300", "319"), "IA": ("Iowa", "500", "528"), "IL": ("Illinois", "600", "629"),
    "KS": ("Kansas", "660", "679"), "LA": ("Louisiana", "700", "714"), "MA": ("Massachusetts", "010", "027"),
    "ME": ("Maine", "039", "049"), "MI": ("Michigan", "480", "499"), "MN": ("Minnesota", "550", "567"),
    "MT": ("Montana", "590", "599"), "NC": ("North Carolina", "270", "289"), "NM": ("New Mexico", "870", "884"),
    "NY": ("New York", "100", "149"), "OH": ("Ohio", "430", "458"), "OR": ("Oregon", "970", "979"),
    "PA": ("Pennsylvania", "150", "196"), "TX": ("Texas", "750", "799"), "VT": ("Vermont", "050", "059"),
    "WA": ("Washington", "980", "994"), "WI": ("Wisconsin", "530", "549"), "WY": ("Wyoming", "820", "831"),
}  # fmt: skip


@lru_cache(maxsize=8)
def listed(name: str) -> tuple[str, ...]:
    """The entries of one list: `given`, `surnames`, `towns`, `streets` or `facilities`."""
    return tuple(line for line in (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines() if line)
