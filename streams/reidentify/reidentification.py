"""The service that turns tokens back for a person: entitled, counted, and on record before anything is opened.

In this order: the person's right, the entry of every token acknowledged by the broker, the count, then Vault. What
could not be turned back, or was refused, is on record too. An error on the way answers nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.reversal import Reversal, TurnedBack
from streams.events import AuditAction, AuditEntry, derived_id
from streams.reidentify.allowance import CONFIRM_WITHIN, Allowance
from streams.reidentify.people import CONFIRMS, Ground, Person

TICKET: Final = r"[A-Z][A-Z0-9]{0,15}-?[0-9]{1,12}"
"""The number of a case, in which nobody's name fits."""
BATCH: Final = 100
"""Tokens a call. More at once is an export of identities, which this service is not for."""
UNUSUAL_SHARE: Final = 0.5
"""Of what a person may turn back in an hour: above it somebody should look, and an entry says so."""

Append = Callable[[AuditEntry], None]
"""Returns once the entry is acknowledged."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Tokens of one tenant and purpose (the one that they were made for), why they are turned back, and where that is
    written."""

    tenant: str
    purpose: str
    ground: Ground
    ticket: str
    tokens: tuple[str, ...] = field(repr=False)


def _now() -> datetime:
    return datetime.now(UTC)


class Reidentification:
    """Raises RedoubtError: NOT_ENTITLED, TOO_MANY_TOKENS, UNCONFIRMED, BROKER_UNAVAILABLE, VAULT_UNAVAILABLE,
    VAULT_REFUSED. Of a failed call no value leaves."""

    def __init__(
        self,
        people: Callable[[], Mapping[str, Person]],
        reversal: Reversal,
        allowance: Allowance,
        append: Append,
        now: Callable[[], datetime] = _now,
        unusual: Callable[[], None] = lambda: None,
    ) -> None:
        self._people, self._reversal, self._allowance = people, reversal, allowance
        self._append, self._now, self._unusual = append, now, unusual

    def turn_back(self, name: str, asked: Asked) -> list[TurnedBack]:
        """An answer a token, in order: its value, or the reason why this one has none."""
        distinct = list(dict.fromkeys(asked.tokens))
        try:
            person = self._entitled(name, asked)
        except RedoubtError as error:
            # What was asked for is named up to the bound: a refusal is no way to fill the log.
            for token in distinct[:BATCH]:
                self._record(AuditAction.REIDENTIFICATION_REFUSED, name, asked, token, error.reason)
            raise
        for token in distinct:
            self._record(AuditAction.REIDENTIFIED, name, asked, token)
        self._count(person, asked, len(distinct))
        found = {token: self._reversal.turn_back(asked.tenant, asked.purpose, token) for token in distinct}
        for token, answer in found.items():
            if answer.reason is not None:
                self._record(AuditAction.REIDENTIFICATION_REFUSED, name, asked, token, answer.reason)
        return [found[token] for token in asked.tokens]

    def confirm(self, name: str, of: str, tenant: str, ticket: str) -> bool:
        """A second person stands in for another one's emergency in this tenant; False where there is none.

        Raises RedoubtError(NOT_ENTITLED) for the person's own, and for whoever may not confirm.
        """
        second = self._people().get(name)
        if second is None or second.standing is not CONFIRMS or name == of or tenant not in second.tenants:
            raise RedoubtError(Reason.NOT_ENTITLED)
        if tenant not in self._allowance.unconfirmed(of):
            return False
        about = Asked(tenant, of, Ground.EMERGENCY, ticket, ())
        self._record(AuditAction.EMERGENCY_CONFIRMED, name, about, of)
        return self._allowance.end_emergency(of, tenant)

    def _entitled(self, name: str, asked: Asked) -> Person:
        person = self._people().get(name)
        if person is None or not person.may(asked.tenant, asked.ground):
            raise RedoubtError(Reason.NOT_ENTITLED)
        if not 0 < len(set(asked.tokens)) <= BATCH:
            raise RedoubtError(Reason.TOO_MANY_TOKENS)
        since = self._allowance.unconfirmed(name).values()
        if any(self._now() - begun > CONFIRM_WITHIN for begun in since):
            raise RedoubtError(Reason.UNCONFIRMED)
        return person

    def _count(self, person: Person, asked: Asked, count: int) -> None:
        # No count holds somebody up who is in danger; a second person looks at it instead.
        emergency = asked.ground is Ground.EMERGENCY
        if emergency:
            self._allowance.begin_emergency(person.name, asked.tenant, self._now())
        try:
            total = self._allowance.take(person, count, self._now(), bounded=not emergency)
        except RedoubtError as error:
            if error.reason is Reason.TOO_MANY_TOKENS:
                self._record(AuditAction.REIDENTIFICATION_REFUSED, person.name, asked, "", error.reason)
            raise
        unusual = person.hourly * UNUSUAL_SHARE
        if total > unusual >= total - count:
            self._record(AuditAction.REIDENTIFICATION_UNUSUAL, person.name, asked, "")
            self._unusual()

    def _record(self, action: AuditAction, name: str, asked: Asked, token: str, reason: Reason | None = None) -> None:
        person = self._people().get(name)
        self._append(
            AuditEntry(
                entry_id=secrets.token_hex(16),
                actor=name,
                action=action,
                time=self._now(),
                tenant=asked.tenant,
                document_id=record_id(token),
                reasons=() if reason is None else (reason,),
                why=asked.ground.value,
                ticket=asked.ticket,
                purpose=asked.purpose,
                standing=None if person is None else person.standing.value,
            )
        )


def record_id(token: str) -> str:
    """The id under which the audit log speaks of a token."""
    return derived_id("redoubt.token", token)
