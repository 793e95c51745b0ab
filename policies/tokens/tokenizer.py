"""What the house needs of a token service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from detectors.findings import Kind


class TokenType(StrEnum):
    """How a token comes about. docs/tokens.md says what each protects against, and what it does not."""

    RANDOM = "random"
    """Drawn once for a value and looked up ever after: derived from nothing, the only kind of code that 45 CFR
    164.514(c) allows."""
    CONVERGENT = "convergent"
    """Encrypted so that equal values give equal tokens: no store, but a function of the identifier."""
    SHAPED = "shaped"
    """Drawn once like a random one, and shaped so that a column for such numbers takes it; marked as no real one."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A normalised identifier to be replaced, inside one tenant and purpose."""

    tenant: str
    purpose: str
    kind: Kind
    value: str = field(repr=False)
    type: TokenType = TokenType.CONVERGENT


class Tokenizer(Protocol):
    """Gives the same token for the same request and never the value back."""

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        """One token a request, in order. All or nothing.

        Raises RedoubtError(VAULT_UNAVAILABLE) where trying again may help, RedoubtError(VAULT_REFUSED) otherwise,
        RedoubtError(MISCONFIGURED) for a type of token that it does not make.
        """
        ...
