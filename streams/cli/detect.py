"""`redoubt detect`: the text part alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detectors.errors import RedoubtError
from detectors.findings import Owner, Span
from detectors.spans.calibration import likely
from detectors.words.safe import strictly
from policies.profile import Profile
from streams.cli.shared import exit_codes
from streams.cli.shared.counting import ranges
from streams.cli.shared.inputs import profile_from
from streams.pipeline.pool import PagePool

BATCH = 64
"""Lines in work at once: enough to keep every process busy, few enough to stay flat in memory."""
INVALID: Final = "invalid_line"


def detect(
    source: Annotated[
        Path, typer.Argument(metavar="IN.jsonl", help='Lines of {"text": "..."}.', exists=True, dir_okay=False)
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help='Lines of {"spans": [...]}; overwritten.')],
    profile: Annotated[str, typer.Option(help="Only what this profile would act on is listed.")],
    processes: Annotated[int, typer.Option(help="Processes; as many as cores.", min=1)] = 2,
    deadline: Annotated[float, typer.Option(help="Seconds that 60,000 characters of a line may take.", min=1)] = 60.0,
) -> None:
    """List what a profile would act on in lines of text.

    For each input line {"text": "..."} one line {"spans": [{"start", "end", "kind", "score", "layer"}]}, offsets in
    characters, half-open. Output lines stand in the order of the input's, as many as those; a blank line gives
    {"spans": []}. Text that could not be searched has an "error" with a reason code and one span over its whole
    text: in doubt everything is acted upon. A line that is not {"text": "..."} has the error "invalid_line" and no
    span: there is no text to point into, so do not pass it on. Standard error names the lines with an error.

    Exit codes: 0 all lines processed; 1 a line has an error; 2 wrong usage.
    """
    if target.resolve() == source.resolve():
        raise typer.BadParameter("the same file as IN.jsonl", param_hint="OUT.jsonl")
    rules = profile_from(profile)
    os.umask(0o077)
    failed: dict[str, list[int]] = {}
    number = 0
    with ExitStack() as stack:
        pages = stack.enter_context(PagePool(processes))
        lines = stack.enter_context(source.open("rb"))
        output = stack.enter_context(target.open("w", encoding="utf-8"))
        for batch in _batches(lines):
            for text, found in zip(batch, pages.spans(batch, deadline), strict=True):
                answer = _answer(rules, text, found)
                number += 1
                if "error" in answer:
                    failed.setdefault(answer["error"], []).append(number)
                output.write(json.dumps(answer) + "\n")
    for error, numbers in failed.items():
        missing = ': not {"text": "..."}, as JSON in UTF-8' if error == INVALID else ""
        typer.echo(f"redoubt: {error}: line {ranges(numbers)}{missing}", err=True)
    raise typer.Exit(exit_codes.REJECTED if failed else exit_codes.ALL_RELEASED)


def _batches(lines: Iterable[bytes]) -> Iterator[list[str | None]]:
    batch: list[str | None] = []
    for line in lines:
        batch.append(_text(line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _text(line: bytes) -> str | None:
    """The line's text, empty for a blank line; None where the line is not what it should be."""
    if not line.strip():
        return ""
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else None


def _answer(rules: Profile, text: str | None, found: list[Span] | RedoubtError) -> dict[str, Any]:
    if text is None:
        return {"error": INVALID, "spans": []}
    if isinstance(found, RedoubtError):
        whole = {"start": 0, "end": len(text), "kind": "unreadable", "score": 1.0, "layer": "visual"}
        return {"error": found.reason.value, "spans": [whole]}
    found = likely(found, rules.thresholds.least)
    acted = [s for s in found if rules.acts_on(s.kind, Owner.UNKNOWN, text[s.start : s.end])]
    if rules.strict:
        acted = strictly(text, acted)
    return {"spans": [_span(s) for s in acted]}


def _span(span: Span) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "kind": span.kind.value,
        "score": round(span.score, 3),
        "layer": span.layer.value,
    }
