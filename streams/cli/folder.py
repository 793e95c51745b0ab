"""The folder that `redoubt redact` writes to: what lies there is of this run alone, but for the log of decisions."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import typer

from streams.review.folder.log import FILE as LOG
from streams.review.folder.release import HELD as REVIEW
from streams.review.folder.release import READY, RECORDS, STATEMENTS
from streams.review.folder.report import REPORT
from streams.store.private import drafts

UNFINISHED: Final = "unfinished.json"
"""Names the copies of a run until its report does."""
_PART: Final = re.compile(r"\.[0-9a-f]{16}\.part")


def prepare(out: Path, names: Iterable[str], *, overwrite: bool) -> None:
    """Makes the folder, removes what an earlier run left under this run's names and in its own report, and the drafts
    of whoever was killed while writing; notes what this run will write: one that breaks off has no report, and its
    copies must not be taken for the next one's.

    Wrong usage where the folder holds anything and `overwrite` does not say that it may: a copy that was made of
    another file or under another profile must not be taken for one of this run.

    The log of what people decided stays, and so it is said: a copy that was let out is out, whatever became of the
    folder, and who let it out must be known for years (45 CFR 164.530(j)).
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise typer.BadParameter("the folder cannot be made", param_hint="--out") from None
    if any(out.iterdir()) and not overwrite:
        broken = ": a run that broke off left copies in it" if (out / UNFINISHED).exists() else ""
        raise typer.BadParameter(
            f"the folder is not empty{broken}; name a new one, or give --overwrite", param_hint="--out"
        )
    names = list(names)
    for name in {*names, *_reported(out / REPORT), *_reported(out / UNFINISHED)}:
        for file in (out / f"{name}.pdf", out / RECORDS / f"{name}.txt"):
            file.unlink(missing_ok=True)
        for ending in (".pdf", ".json", *READY):
            (out / REVIEW / f"{name}{ending}").unlink(missing_ok=True)
        for ending in ("json", "input-key"):
            (out / STATEMENTS / f"{name}.{ending}").unlink(missing_ok=True)
    _remove_drafts(out)
    (out / REPORT).unlink(missing_ok=True)
    planned = [{"output": f"{name}.pdf"} for name in names]
    (out / UNFINISHED).write_text(json.dumps({"documents": planned}))
    if (out / LOG).exists():
        typer.echo(f"redoubt: {LOG} stays: it says who decided what on the copies of earlier runs", err=True)


def finished(out: Path) -> None:
    """The run's report is written."""
    (out / UNFINISHED).unlink(missing_ok=True)


def draft(place: Path) -> Path:
    """Where a copy is written before it has its name."""
    return place / f".{secrets.token_hex(8)}.part"


def _remove_drafts(out: Path) -> None:
    for place in (out, out / REVIEW, out / RECORDS, out / STATEMENTS):
        left = [file for file, name in drafts(place) if place != out or name == REPORT]
        left += [file for file in place.glob(".*.part") if _PART.fullmatch(file.name)]
        for file in left:
            file.unlink(missing_ok=True)


def _reported(report: Path) -> Iterator[str]:
    """The names of the copies that an earlier report lists; none where it is not such a report."""
    try:
        outputs = [entry["output"] for entry in json.loads(report.read_bytes())["documents"] if entry["output"]]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return
    for output in outputs:
        if isinstance(output, str):
            yield Path(output).stem  # the file's own name: a report cannot lead out of the folder
