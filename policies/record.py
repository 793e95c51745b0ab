"""The tokenized record: the document as text, identifiers replaced as the profile decided."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TokenizedRecord:
    """Text with tokens and generalised values in place of identifiers; one string a page."""

    pages: tuple[str, ...] = field(repr=False)
    mean_confidence: float
