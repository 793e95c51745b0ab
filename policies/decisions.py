"""What a profile decides about findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from detectors.findings import Finding
from policies.tokens.tokenizer import TokenType
from policies.values.normalise import Matching
from policies.values.shift import Shift


class Action(StrEnum):
    """What happens to an identifier. On the raster everything but KEEP is burned.

    In the tokenized record TOKENIZE, GENERALISE and SHIFT leave a token, a coarser value or another date in its place.
    """

    KEEP = "keep"
    BURN = "burn"
    TOKENIZE = "tokenize"
    GENERALISE = "generalise"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Replacement:
    """How a token or a shifted date is made where the action asks for one."""

    token: TokenType = TokenType.CONVERGENT
    matching: Matching = Matching.STRICT
    shift: Shift = Shift.DAYS


USUAL: Final = Replacement()


@dataclass(frozen=True, slots=True)
class Decision:
    """One finding and what its profile says of it. `rule` is the id of the rule, for reports and audit."""

    finding: Finding
    action: Action
    rule: str
    replacement: Replacement = USUAL
