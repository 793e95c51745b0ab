"""What the attacker is told, and what it brings back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.geometry import Quad


class Depth(StrEnum):
    """How hard validation tries, the least first; every figure names its depth.

    structure: the file's objects, solid boxes, codes. reread: every page read again at another scale. full: a second
    engine where ink is left that no sure word explains. forensic: a second engine on whole pages.
    """

    STRUCTURE = "structure"
    REREAD = "reread"
    FULL = "full"
    FORENSIC = "forensic"


ANOTHER_ENGINES: Final = (Depth.FULL, Depth.FORENSIC)
"""The depths that a second engine reads for."""


class Verdict(StrEnum):
    """What may happen to the finished copy. Ordered from the best to the worst."""

    RELEASE = "release"
    REVIEW = "review"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be readable in the finished file."""

    kind: Kind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the masker says it made: page sizes (width, height in pixels), and the burned regions of every page.

    Sizes and regions are of the pages as they came; the `notice`, if any, stands below each of them.
    """

    page_sizes: tuple[tuple[int, int], ...]
    burned: tuple[tuple[Quad, ...], ...]
    secrets: tuple[Secret, ...]
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Residual:
    """Something found in the finished file that the profile would act upon; `page` counts from 0.

    `certain` is False where only a guess (a name by NER alone, a fuzzy match at the edge of its bound) says so.
    """

    page: int
    kind: Kind
    region: Quad
    reason: Reason
    certain: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one finished file, with its reasons. Holds no content.

    `told` are boxes whose width tells a name: nothing is readable, and to burn more of the box would help nobody.
    """

    depth: Depth
    verdict: Verdict
    reasons: tuple[Reason, ...]
    residuals: tuple[Residual, ...] = ()
    told: tuple[Residual, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict is not Verdict.RELEASE and not self.reasons:
            raise ValueError("a copy is not held back without a reason")


ActsOn = Callable[[Kind, Owner, str], bool]
"""Whether the profile acts on such an identifier with this text."""
