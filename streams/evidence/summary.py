"""The first table of the archive: the figures that somebody asks for first."""

from __future__ import annotations

from collections.abc import Sequence

from streams.canaries.table import Bounded, looked_at
from streams.events import AuditAction
from streams.evidence import redteam
from streams.evidence.gathered import DECISIONS, Gathered, Scope, Story
from streams.evidence.markup import Cells, share, table


def in_short(scope: Scope, found: Gathered, told: Sequence[Story], bounds: Sequence[Bounded]) -> str:
    """The figures that somebody asks for first, each told more of below."""
    released = [story for story in told if story.released]
    decided = sum(each.entry.action in DECISIONS for story in told for each in story.entries)
    canaries, again = bounds[0], looked_at(found.looked_at)[0]
    rows: list[Cells] = [
        ("documents", len(told)),
        ("released copies with a signed statement here", f"{sum(s.attested for s in released)} of {len(released)}"),
        ("decisions and views by people", decided),
    ]
    if scope.first is not None:
        acts = [each.entry for each in scope.others(found.log[: found.head.size])]
        turned = sum(entry.action is AuditAction.REIDENTIFIED for entry in acts)
        under = {entry.document_id for entry in acts if entry.action is AuditAction.CONFIGURED}
        rows += [("tokens turned back", turned), ("configurations under which processes began", len(under))]
    rows += [
        ("released canaries that leaked", f"{canaries.leaked} of {canaries.documents}"),
        ("documents that leak, by the canaries, at any moment", f"at most {share(canaries.anytime_bound)}"),
        ("releases looked at again that leaked", f"{again.leaked} of {again.documents}"),
        ("red team", redteam.read(found.results).told if found.results else "no results were given"),
    ]
    return table(("what", "figure"), rows)
