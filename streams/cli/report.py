"""What `redoubt redact` says of its files: report.json, and the table at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from detectors.errors import Reason
from policies.attack.report import Verdict
from streams.decode.magic import Format
from streams.events import Place
from streams.fates import FATES, Fate
from streams.pipeline.document import Outcome
from streams.publish import doubtful_places
from streams.reasons import told
from streams.review.local_report import described

OF_DICOM: Final = (
    "the copy is PDF, a page for each frame as a viewer shows it; nothing of the header is in it, so no image archive "
    "takes it back, and where a picture of a body could hold print it is black"
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


def explanations(results: Sequence[Result]) -> Iterator[str]:
    """A line for each reason of each file that is not released, with the pages and boxes that it is about; and one for
    all copies that are less than what came in."""
    for result in results:
        reasons = result.outcome.reasons if result.outcome else (result.reason,)
        if result.verdict != Verdict.RELEASE.value:
            places = doubtful_places(result.outcome) if result.outcome else []
            for reason in reasons:
                if reason:
                    hint = "; for plain text there is redoubt detect" if result.is_text else ""
                    yield f"file {result.position}: {told(reason)}{hint}{_where(places, reason)}"
    frames = [str(result.position) for result in results if result.came_as is Format.DICOM and result.output]
    if frames:
        yield f"from DICOM, file {', '.join(frames)}: {OF_DICOM}"


def _where(places: Sequence[Place], reason: Reason) -> str:
    """Pages count from 1, boxes are left,top,right,bottom in pixels."""
    named = [f"page {p.page + 1} at {p.left},{p.top},{p.right},{p.bottom}" for p in places if p.reason is reason]
    if not named:
        return ""
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f" ({'; '.join(named[:_NAMED])}{more})"
