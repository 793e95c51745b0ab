"""A document on its way, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from detectors.errors import Reason
from detectors.findings import Kind, Layer
from detectors.geometry import Box
from detectors.pages import LayerState
from detectors.subject import Subject
from policies.attack.report import Depth, Residual, Verdict
from policies.decisions import Action
from policies.masking.assemble import Assembled
from policies.record import TokenizedRecord
from policies.scope.authorization import Authorization
from streams.pipeline.answers import Answers
from streams.pipeline.journal import Checkpoint


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it enters the pipeline: the claim already fetched and its hash verified.

    `offset` is the secret that the patient's dates move by; None: they become years. `answers` are what a person said
    of an earlier copy; of most documents nobody has said anything. `checkpoint` is where pages that are done are kept
    meanwhile; None: who starts again starts at the first.
    """

    tenant: str
    id: str
    content: bytes = field(repr=False)
    profile: str
    purpose: str = "unspecified"
    document_class: str = "unknown"
    subject: Subject | None = field(default=None, repr=False)
    offset: bytes | None = field(default=None, repr=False)
    authorization: Authorization | None = None
    source_program: str = "unspecified"
    answers: Answers = field(default_factory=Answers)
    checkpoint: Checkpoint | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class BoxEntry:
    """One reason for one black box. `page` counts from 0, the box is in source pixels, `rule` is the rule's id."""

    page: int
    box: Box
    kind: Kind
    layer: Layer
    rule: str
    action: Action


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the pipeline made of a document. `copy` is None where the verdict is withhold; a large one is not in memory.

    `counts` are findings acted upon by kind; `kept` the findings that the profile keeps and no box hides. `rounds`
    counts how often the attacker's residual findings were burned and the copy attacked again. `seconds` are wall
    seconds a stage.
    """

    document_id: str
    pages: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    depth: Depth
    profile: str
    profile_version: str
    engine: str
    copy: bytes | Assembled | None = field(repr=False)
    record: TokenizedRecord | None = field(repr=False)
    counts: Mapping[Kind, int] = field(default_factory=Counter)
    kept: Mapping[Kind, int] = field(default_factory=Counter)
    words: int = 0
    words_burned: int = 0
    words_doubtful: int = 0
    rounds: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    regions: Sequence[int] = ()
    """Burned regions a page."""
    residuals: Sequence[Residual] = ()
    """What the attacker still found in the last round: places for the reviewer, counts for the figures."""
    asked: Sequence[Residual] = ()
    """What else a person must look at: a page of another patient, a page of no day. No leak, and in no figure."""
    told: Sequence[Residual] = ()
    """Boxes whose width gives a name away. No leak, and in no figure of leaks."""
    notice: str | None = None
    """What must accompany the copy (42 CFR 2.32)."""
    layers: Mapping[LayerState, int] = field(default_factory=Counter)
    """What became of the file's own text, in pages; a lying layer is a finding of its own."""
    ink_unexplained: float = 0.0
    """Share of the ink that nothing explains, on the page that has most of it."""
    page_sizes: Sequence[tuple[int, int, float]] = ()
    """Width and height of each page in the pixels that boxes count, and how many of those an inch; 0.0 where nobody
    knows."""
    boxes: Sequence[BoxEntry] = ()
    """Every black box of the copy with its reasons; no text."""
