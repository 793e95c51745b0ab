"""What a profile decides about findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from detectors.findings import Finding


class Action(StrEnum):
    """What happens to an identifier. On the raster everything but KEEP is burned.

    In the tokenized record TOKENIZE and GENERALISE leave a token or a coarser value in its place.
    """

    KEEP = "keep"
    BURN = "burn"
    TOKENIZE = "tokenize"
    GENERALISE = "generalise"


@dataclass(frozen=True, slots=True)
class Decision:
    """One finding and what its profile says of it. `rule` is the id of the rule, for reports and audit."""

    finding: Finding
    action: Action
    rule: str
