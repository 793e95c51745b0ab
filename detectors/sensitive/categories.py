"""The categories of record that an authorization must name before they are released."""

from __future__ import annotations

from enum import StrEnum


class Sensitive(StrEnum):
    """By the rule that asks for the name: 42 CFR part 2, 45 CFR 164.508(a)(2), and the laws of states."""

    SUD = "sud"
    """Substance use, tobacco aside."""
    HIV = "hiv"
    MENTAL_HEALTH = "mental-health"
    PSYCHOTHERAPY = "psychotherapy-notes"
    """Notes of a session that are kept apart from the record (45 CFR 164.501); no part of it for the patient either."""
    REPRODUCTIVE = "reproductive"
    """Contraception, infertility, loss and termination; not ordinary prenatal care."""
    GENETIC = "genetic"
