"""Figures that add up: one document's, and one window's, as the same flat counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from detectors.findings import Kind
from policies.attack.report import Verdict
from streams.canaries.bounds import anytime, exact
from streams.events import CanaryJudged, LeakageObserved, LeakageWindow, QualityBound, SampleJudged

_VERDICTS: Final = {Verdict.RELEASE: "released", Verdict.REVIEW: "review", Verdict.WITHHOLD: "withheld"}
_FOUND, _LEFT = "count.", "residual."
_CANARIES, _SAMPLES = "canaries_of.", "samples_of."
_LEAKED: Final = ".leaked"
_FIELDS: Final = (
    "documents",
    "pages",
    *_VERDICTS.values(),
    "words",
    "words_burned",
    "words_doubtful",
    "rounds",
    "canaries",
    "canaries_held",
    "canary_residuals",
    "canaries_judged",
    "canaries_leaked",
    "samples",
    "samples_leaked",
)

SEEN_LIMIT: Final = 200
"""More records than a partition gets between two commits, which are 3 s apart; each figure carries them once."""

Tally = dict[str, int]
"""Counts by name. JSON as it stands, so that it survives a changelog."""

Group = tuple[str, str, str]
"""Whose documents are counted together: tenant, declared class, profile."""


def of(observed: LeakageObserved) -> Tally:
    """The counts of one document."""
    tally = {
        "documents": 1,
        "pages": observed.pages,
        _VERDICTS[observed.verdict]: 1,
        "words": observed.words,
        "words_burned": observed.words_burned,
        "words_doubtful": observed.words_doubtful,
        "rounds": observed.rounds,
    }
    tally |= {_FOUND + kind.value: count for kind, count in observed.counts.items()}
    return tally | {_LEFT + kind.value: count for kind, count in observed.residuals.items()}


def of_canary(observed: LeakageObserved) -> Tally:
    """The counts of one planted document: it is nobody's, so it adds to no other figure."""
    return {
        "canaries": 1,
        "canaries_held": int(observed.verdict is not Verdict.RELEASE),
        "canary_residuals": sum(observed.residuals.values()),
    }


def of_judged(judged: CanaryJudged) -> Tally:
    """The counts of a released planted document that was judged."""
    leaked = int(judged.leaked > 0)
    return {"canaries_judged": 1, "canaries_leaked": leaked, **_of_quality(_CANARIES + judged.quality, leaked)}


def of_sample(judged: SampleJudged) -> Tally:
    """The counts of a released document that a person looked at again."""
    if not judged.counts:
        return {}
    leaked = int(judged.leaked)
    return {"samples": 1, "samples_leaked": leaked, **_of_quality(_SAMPLES + judged.task.quality, leaked)}


def plus(one: Mapping[str, int], other: Mapping[str, int]) -> Tally:
    """Both together; a count that only one of them has stays as it is."""
    total = Counter(one)
    total.update(other)
    return dict(total)


def with_source(seen: Mapping[str, list[int]], offset: int) -> dict[str, list[int]] | None:
    """The records of a source that were counted, with one more; None where that one was counted before.

    Of more than SEEN_LIMIT the oldest are forgotten, and what lies below them counts as seen.
    """
    offsets = seen.get("offsets", [])
    if offset in offsets or (len(offsets) == SEEN_LIMIT and offset < offsets[0]):
        return None
    return {"offsets": sorted([*offsets, offset])[-SEEN_LIMIT:]}


def window(group: Group, start_s: float, end_s: float, tally: Mapping[str, int]) -> LeakageWindow:
    """The event that tells of [start_s, end_s), seconds since 1970."""
    tenant, document_class, profile = group
    return LeakageWindow(
        tenant=tenant,
        document_class=document_class,
        profile=profile,
        start=datetime.fromtimestamp(start_s, UTC),
        end=datetime.fromtimestamp(end_s, UTC),
        counts=_by_kind(tally, _FOUND),
        residuals=_by_kind(tally, _LEFT),
        canary_bound=exact(tally.get("canaries_leaked", 0), tally.get("canaries_judged", 0)),
        sample_bound=exact(tally.get("samples_leaked", 0), tally.get("samples", 0)),
        canary_qualities=_by_quality(tally, _CANARIES),
        sample_qualities=_by_quality(tally, _SAMPLES),
        **{name: tally.get(name, 0) for name in _FIELDS},
    )


def _by_kind(tally: Mapping[str, int], prefix: str) -> dict[Kind, int]:
    return {Kind(name.removeprefix(prefix)): count for name, count in tally.items() if name.startswith(prefix)}


def _of_quality(name: str, leaked: int) -> Tally:
    return {name: 1, name + _LEAKED: leaked}


def _by_quality(tally: Mapping[str, int], prefix: str) -> dict[str, QualityBound]:
    found = {}
    for name, documents in tally.items():
        if name.startswith(prefix) and not name.endswith(_LEAKED):
            leaked = tally.get(name + _LEAKED, 0)
            bounds = exact(leaked, documents), anytime(leaked, documents)
            found[name.removeprefix(prefix)] = QualityBound(documents, leaked, *bounds)
    return found
