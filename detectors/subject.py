"""Who the document is about, as the event tells: the strongest detector there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Subject:
    """The event's `patient`. Every field is PHI: nothing of it may be printed, logged or put into an exception.

    Names are as people write them ("Maria Kovacs-Boateng", "KOVACS, MARIA J"). `addresses` are one string each,
    lines joined by a comma. `ids` are further identifiers of the patient (plan, account, licence, device).
    """

    names: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    mrn: str | None = field(default=None, repr=False)
    ssn: str | None = field(default=None, repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    ids: tuple[str, ...] = field(default=(), repr=False)
    relatives: tuple[str, ...] = field(default=(), repr=False)
    providers: tuple[str, ...] = field(default=(), repr=False)
