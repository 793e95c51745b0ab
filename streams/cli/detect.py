"""`redoubt detect`: the text part alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from detectors.errors import RedoubtError
from detectors.findings import Owner, Span
from policies import profile as profiles
from streams.cli import exit_codes
from streams.pool import PagePool

BATCH = 64
"""Lines in work at once: enough to keep every process busy, few enough to stay flat in memory."""


def detect(
    source: Annotated[
        Path, typer.Argument(metavar="IN.jsonl", help='Lines of {"text": "..."}.', exists=True, dir_okay=False)
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help='Lines of {"spans": [...]}; overwritten.')],
    profile: Annotated[str, typer.Option(help="Only what this profile would act on is listed.")],
    processes: Annotated[int, typer.Option(help="Processes; as many as cores.", min=1)] = 2,
    deadline: Annotated[float, typer.Option(help="Seconds a line may take.", min=1)] = 60.0,
) -> None:
    """List what a profile would act on in lines of text.

    For each input line {"text": "..."} one line {"spans": [{"start", "end", "kind", "score", "layer"}]}, offsets in
    characters, half-open. Output lines stand in the order of the input's. A line that cannot be processed also has an
    "error" with a reason code, and one span over its whole text: in doubt everything is acted upon.

    Exit codes: 0 all lines processed; 1 a line was not; 2 wrong usage.
    """
    if target.resolve() == source.resolve():
        raise typer.BadParameter("the same file as IN.jsonl", param_hint="OUT.jsonl")
    if profile not in profiles.names():
        raise typer.BadParameter(f"one of {', '.join(profiles.names())}", param_hint="--profile")
    rules = profiles.load(profile)
    os.umask(0o077)
    failed = 0
    with ExitStack() as stack:
        pages = stack.enter_context(PagePool(processes))
        lines = stack.enter_context(source.open("rb"))
        output = stack.enter_context(target.open("w", encoding="utf-8"))
        for batch in _batches(lines):
            for text, found in zip(batch, pages.spans(batch, deadline), strict=True):
                answer = _answer(rules, text, found)
                failed += "error" in answer
                output.write(json.dumps(answer) + "\n")
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
    """The line's text; None where the line is not what it should be."""
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else None


def _answer(rules: profiles.Profile, text: str | None, found: list[Span] | RedoubtError) -> dict[str, Any]:
    if text is None:
        return {"error": "invalid_line", "spans": []}
    if isinstance(found, RedoubtError):
        whole = {"start": 0, "end": len(text), "kind": "unreadable", "score": 1.0, "layer": "visual"}
        return {"error": found.reason.value, "spans": [whole]}
    acted = [s for s in found if rules.acts_on(s.kind, Owner.UNKNOWN, text[s.start : s.end])]
    return {"spans": [_span(s) for s in acted]}


def _span(span: Span) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "kind": span.kind.value,
        "score": round(span.score, 3),
        "layer": span.layer.value,
    }
