"""What a patient allowed, and whether a release may rest on it (45 CFR 164.508)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Authorization:
    """Valid until `expires` inclusive, for dates of service in range and for the listed document classes.

    None in `date_from`, `date_to` or `classes` sets no limit of that kind.
    """

    id: str
    expires: date
    revoked: bool = False
    date_from: date | None = None
    date_to: date | None = None
    classes: tuple[str, ...] | None = None
    sensitive: tuple[str, ...] = ()
