"""From what the attacker brings back to what may happen to the copy."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.errors import Reason
from policies.attack.report import Depth, Report, Residual, Verdict


def conclude(
    depth: Depth,
    structure: Sequence[Reason],
    residuals: Sequence[Residual],
    doubts: Sequence[Reason],
    told: Sequence[Residual] = (),
) -> Report:
    """Withhold on a broken structure or a known value surely readable; review on any other doubt; else release.

    `told` are boxes whose width tells a name; whether that is a doubt, who asks has said."""
    reasons = tuple(dict.fromkeys([*structure, *(r.reason for r in residuals), *doubts]))
    readable = any(r.certain and r.reason is Reason.KNOWN_VALUE_READABLE for r in residuals)
    if structure or readable:
        verdict = Verdict.WITHHOLD
    elif reasons:
        verdict = Verdict.REVIEW
    else:
        verdict = Verdict.RELEASE
    return Report(depth, verdict, reasons, tuple(residuals), tuple(told))
