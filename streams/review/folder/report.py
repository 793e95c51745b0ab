"""`report.json` of the folder of `redoubt redact`: what each file's copy is like now, and what people decided on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.pipeline.document import Outcome
from streams.review import boxes
from streams.review.reviewer import Decision
from streams.store.private import write_private

REPORT: Final = "report.json"


def described(outcome: Outcome) -> dict[str, Any]:
    """What a copy is like, without content. Pages count from 1, as a person counts them; boxes are in pixels."""
    return {
        "verdict": outcome.verdict.value,
        "reasons": [reason.value for reason in outcome.reasons],
        "pages": outcome.pages,
        "depth": outcome.depth.value,
        "profile_version": outcome.profile_version,
        "engine": outcome.engine,
        "redacted": {kind.value: count for kind, count in sorted(outcome.counts.items())},
        "kept": {kind.value: count for kind, count in sorted(outcome.kept.items())},
        "words": outcome.words,
        "words_burned": outcome.words_burned,
        "attack_rounds": outcome.rounds,
        "boxes_whose_width_tells": len(outcome.told),
        "seconds": {stage: round(seconds, 3) for stage, seconds in outcome.seconds.items()},
        "page_sizes": [
            {"width_px": width, "height_px": height, "dpi": round(dpi, 1) or None}
            for width, height, dpi in outcome.page_sizes
        ],
        "boxes": [boxes.entry(box) for box in outcome.boxes],
    }


def said(round_: int, decision: Decision) -> dict[str, Any]:
    """A decision of this round, as the report names it."""
    return {
        "round": round_,
        "choice": decision.choice.value,
        "by": decision.reviewer,
        "why": decision.why.value,
        "ticket": decision.ticket,
    }


def decided(folder: Path, position: int, document_id: str, said: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """The file at this position is `now` so, by what was `said`; decisions of earlier rounds stay named.

    `document_id` is what `audit.jsonl` calls the file. Nothing is written where there is no report. Raises OSError, and
    RedoubtError(STORE_UNAVAILABLE) where the report is none.
    """
    file = folder / REPORT
    if not file.exists():
        return
    with _as_written():
        report = json.loads(file.read_bytes())
        mine = _at(report, position)
        earlier = [one for one in mine.get("decided", ()) if one["round"] < said["round"]]
    mine |= {**now, "document": document_id, "decided": [*earlier, dict(said)]}
    write_private(file, (json.dumps(report, indent=2) + "\n").encode())


def entry(folder: Path, position: int) -> dict[str, Any]:
    """What the report says of the file at this position; nothing where there is no report. Raises
    RedoubtError(STORE_UNAVAILABLE) where it cannot be read or is none."""
    try:
        content = (folder / REPORT).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError:
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
    with _as_written():
        return _at(json.loads(content), position)


def _at(report: Mapping[str, Any], position: int) -> dict[str, Any]:
    (mine,) = (entry for entry in report["documents"] if entry["position"] == position)
    found: dict[str, Any] = mine
    return found


@contextmanager
def _as_written() -> Iterator[None]:
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError):
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
