"""What the house needs of a token service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from detectors.findings import Kind


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A normalised identifier to be replaced, inside one tenant and purpose."""

    tenant: str
    purpose: str
    kind: Kind
    value: str = field(repr=False)


class Tokenizer(Protocol):
    """Gives the same token for the same request and never the value back."""

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        """One token a request, in order. All or nothing.

        Raises RedoubtError(VAULT_UNAVAILABLE) where trying again may help, RedoubtError(VAULT_REFUSED) otherwise.
        """
        ...
