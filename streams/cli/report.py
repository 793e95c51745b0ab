"""What `redoubt redact` says of its files: report.json, and the table at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from detectors.errors import Reason
from policies.attack.report import Verdict
from streams.cli.shared.counting import numbered
from streams.decode.magic import Format
from streams.fates import FATES, Fate
from streams.pipeline.document import Outcome
from streams.publish import doubtful_places
from streams.reasons import told
from streams.review.folder.report import described

OF_DICOM: Final = (
    "the copy is PDF, a page for each frame as a viewer shows it; nothing of the header is in it, so no image archive "
    "takes it back; a picture of a body waits for a person, for what is written into it faintly may be left"
)
_NAMED: Final = 3
"""Places that a line names; `redoubt review folder show` has all."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the file at `position` on the command line, counted from 1."""

    position: int
    output: str
    outcome: Outcome | None
    reason: Reason | None
    came_as: Format | None = None
    """What the file was that there is an outcome of; all copies are PDF."""
    is_text: bool = False
    """Whether a file of an unknown format is plain text."""

    @property
    def verdict(self) -> str:
        if self.outcome:
            return self.outcome.verdict.value
        withheld = self.reason is not None and FATES[self.reason] is Fate.WITHHOLD
        return Verdict.WITHHOLD.value if withheld else "rejected"


def report(profile: str, results: Sequence[Result]) -> dict[str, Any]:
    return {"profile": profile, "documents": [_entry(result) for result in results]}


def _entry(result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {"position": result.position, "verdict": result.verdict, "output": result.output or None}
    if result.outcome is None:
        return entry | {"reasons": [result.reason.value] if result.reason else []}
    return entry | {"came_as": result.came_as} | described(result.outcome)


def summary(results: Sequence[Result]) -> Table:
    """A line a file, that an 80-column terminal holds; reason codes stand in `explanations`, which are never cut."""
    table = Table(
        "file",
        "verdict",
        "pages",
        "redacted",
        "words\nburned",
        caption="redacted: findings; words burned: how many of the words that were read are black now",
    )
    table.add_column("copy", overflow="fold")
    for result in results:
        found = result.outcome
        table.add_row(
            str(result.position),
            result.verdict,
            str(found.pages) if found else "",
            str(sum(found.counts.values())) if found else "",
            f"{found.words_burned} of {found.words}" if found else "",
            escape(result.output),
        )
    return table


def explanations(results: Sequence[Result], hints: Mapping[Reason, str] = MappingProxyType({})) -> Iterator[str]:
    """Each reason once, with the files that are not released for it, and the pages and boxes that it is about; and a
    line for all copies that are less than what came in. `hints` add what a reason comes to in this run."""
    held: dict[Reason, list[Result]] = {}
    for result in results:
        reasons = result.outcome.reasons if result.outcome else (result.reason,)
        if result.verdict != Verdict.RELEASE.value:
            for reason in filter(None, reasons):
                held.setdefault(reason, []).append(result)
    for reason, found in held.items():
        sentence = ": ".join(filter(None, (told(reason), hints.get(reason))))
        where = {result.position: _where(result, reason) for result in found}
        if len(found) == 1:
            (only,) = where.values()
            yield f"file {found[0].position}: {sentence}{f' ({only})' if only else ''}"
            continue
        yield f"{numbered('file', list(where))}: {sentence}"
        yield from (f"  file {position}: {there}" for position, there in where.items() if there)
    frames = [str(result.position) for result in results if result.came_as is Format.DICOM and result.output]
    if frames:
        yield f"from DICOM, file {', '.join(frames)}: {OF_DICOM}"


def _where(result: Result, reason: Reason) -> str:
    """Pages count from 1, boxes are left,top,right,bottom in pixels."""
    if result.is_text:
        return "for plain text there is redoubt detect"
    places = [place for place in doubtful_places(result.outcome) if place.reason is reason] if result.outcome else []
    named = [
        f"page {page + 1} at {' and '.join(f'{p.left},{p.top},{p.right},{p.bottom}' for p in on_page)} px"
        for page, on_page in groupby(places[:_NAMED], key=lambda place: place.page)
    ]
    rest = places[_NAMED:]
    if rest:
        pages = sorted({place.page + 1 for place in rest})
        named.append(f"{len(rest)} more on {numbered('page', pages)}")
    return "; ".join(named)
