"""`redoubt check`: whether the redactions in PDF files of others hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams.check.confined import check as look
from streams.check.finding import Found
from streams.cli.shared import exit_codes
from streams.reasons import told

EXIT_BAD: Final = 1
_SHOWN: Final = 10
_NOT_LOOKED_AT: Final = (
    "nothing found says no more than that no redaction in the file was seen to fail; a file without any has none to "
    "fail. Not looked at: titles, metadata, outlines, names that a page shows, bars that leave the edges of letters"
)

Files = Annotated[list[Path], typer.Argument(help="PDF files.", exists=True, dir_okay=False)]


def check(
    files: Files,
    deadline: Annotated[float, typer.Option(min=1, help="Seconds for each file.")] = 120.0,
    as_json: Annotated[bool, typer.Option("--json", help="All that was found, as JSON on standard output.")] = False,
) -> None:
    """Find redactions that do not hold, in PDF files that somebody else made.

    Text under boxes, under light boxes and pictures; boxes over a scan that is still in the file; boxes that can be
    seen through; mosaics and blur over print; words in the paper's colour; lines cropped away; marks for removal that
    were never carried out; comments on boxes; earlier revisions and layers with what the page hides.
    Says where, never what. Files are numbered as given, for a file's name can be a patient's.
    Exit codes: 0 nothing found; 1 something found; 2 wrong usage; 3 nothing found, and a file could not be examined
    whole: it was refused, or is broken and was mended to open it.
    """
    said: list[dict[str, Any]] = []
    for number, file in enumerate(files, 1):
        try:
            answer = look(file.read_bytes(), deadline)
            mended = {} if answer.whole else {"error": Reason.POSSIBLY_INCOMPLETE.value}
            said.append({"file": number, "found": [_shown(each) for each in answer.found], **mended})
        except OSError:
            said.append({"file": number, "error": Reason.CONTENT_MISSING.value})
        except RedoubtError as error:
            said.append({"file": number, "error": error.reason.value})
    if as_json:
        typer.echo(json.dumps(said, indent=2))
    else:
        for each in said:
            typer.echo(_line(each))
        if any(each.get("found") == [] for each in said):
            typer.echo(_NOT_LOOKED_AT)
    if any(each.get("found") for each in said):
        raise typer.Exit(EXIT_BAD)
    if any("error" in each for each in said):
        raise typer.Exit(exit_codes.HELD_BACK)


def _because(code: str) -> str:
    if code == Reason.UNKNOWN_FORMAT:
        return f"{code}: this is no PDF, and only PDF files are examined"
    return told(Reason(code))


def _shown(found: Found) -> dict[str, Any]:
    return {"what": found.what.value, "page": found.page + 1, "box_pt": found.box, "characters": found.characters}


def _line(said: dict[str, Any]) -> str:
    if "found" not in said:
        return f"file {said['file']}: not examined: {_because(said['error'])}"
    found = said["found"]
    doubt = f"not examined whole: {_because(said['error'])}" if "error" in said else ""
    if not found and doubt:
        return f"file {said['file']}: {doubt}; nothing found in what is left of it"
    if not found:
        return f"file {said['file']}: nothing found"
    lines = [
        f"  page {each['page']}: {each['what']}"
        + (f", {each['characters']} letters and digits" if each["characters"] else "")
        + ", at "
        + " ".join(f"{side:.0f}" for side in each["box_pt"])
        + " points"
        for each in found[:_SHOWN]
    ]
    more = [f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return "\n".join([f"file {said['file']}: {len(found)} found", *lines, *more, *([f"  {doubt}"] if doubt else [])])
