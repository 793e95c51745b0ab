"""Every black box has its reason, and the reason says nothing of what the box hides."""

from __future__ import annotations

import dataclasses
import time

from detectors.findings import Finding, Kind, Layer
from detectors.geometry import Box, Quad
from policies.decisions import Action, Decision
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.pipeline.boxes import entries, still_shown
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.review.folder.report import described
from tests.pipeline.doubles import SECRET, AttackerFindsOnce, OnePage, Reads


def quad(left: int, top: int, right: int, bottom: int) -> Quad:
    return Quad.of(Box(left, top, right, bottom))


def decided(kind: Kind, *regions: Quad, page: int = 0, action: Action = Action.BURN) -> Decision:
    return Decision(Finding(page, kind, 1.0, Layer.PATTERN, regions), action, f"rule-{kind.value}")


def run(pages: Reads) -> Outcome:
    parts = Parts(OnePage(), pages, LocalTokenizer(production=False))
    return process(Document("tenant", "id", b"content", "maximal"), parts, Deadline.after(30))


def test_the_box_of_a_document_is_the_black_one_and_names_its_rule() -> None:
    (entry,) = run(Reads()).boxes
    assert (entry.page, entry.kind, entry.layer, entry.action) == (0, Kind.SSN, Layer.PATTERN, Action.BURN)
    assert entry.rule
    printed = Box(92, 112, 224, 138)  # where the double prints the secret
    assert entry.box.overlap(printed) == printed.area
    assert SECRET not in repr(entry)


def test_what_the_attacker_found_is_listed_too() -> None:
    found = run(AttackerFindsOnce())
    assert {entry.layer for entry in found.boxes} == {Layer.PATTERN, Layer.ATTACKER}


def test_merged_findings_each_give_their_reason_and_kept_ones_none() -> None:
    decisions = [
        decided(Kind.PERSON, quad(10, 10, 40, 20)),
        decided(Kind.SSN, quad(50, 10, 90, 20)),
        decided(Kind.DATE, quad(60, 10, 80, 20), action=Action.KEEP),
        decided(Kind.PHONE, quad(10, 10, 40, 20), page=1),
    ]
    found = entries([[quad(8, 8, 96, 22)], [quad(8, 8, 48, 22), quad(8, 50, 48, 60)]], decisions)
    assert [(e.page, e.kind) for e in found] == [(0, Kind.PERSON), (0, Kind.SSN), (1, Kind.PHONE)]
    assert {e.box for e in found if e.page == 0} == {Box(8, 8, 96, 22)}


def test_a_finding_counts_for_the_box_that_holds_most_of_it() -> None:
    boxes = [quad(0, 0, 50, 20), quad(0, 18, 50, 40)]
    decisions = [decided(Kind.MRN, quad(5, 19, 40, 38)), decided(Kind.SSN, quad(5, 2, 40, 16))]
    found = entries([boxes], decisions)
    assert [(e.box, e.kind) for e in found] == [(Box(0, 0, 50, 20), Kind.SSN), (Box(0, 18, 50, 40), Kind.MRN)]


def test_no_box_is_without_a_reason() -> None:
    boxes = [quad(0, 0, 50, 20), quad(52, 0, 100, 20)]
    found = entries([boxes], [decided(Kind.MRN, quad(5, 2, 60, 18))])
    assert [(e.box, e.kind) for e in found] == [(box.bounds, Kind.MRN) for box in boxes]


def test_a_box_ends_where_its_page_does() -> None:
    over = [quad(-6, 10, 50, 30), quad(80, 10, 130, 48), quad(101, 0, 120, 20)]
    found = entries([over], [decided(Kind.INK, region) for region in over], [(100, 40)])
    assert [e.box for e in found] == [Box(0, 10, 50, 30), Box(80, 10, 100, 40)], "and one outside is none"


def test_what_a_box_hides_is_not_kept() -> None:
    """Of a picture of a body all writing is burned, and the report counted names and numbers among what stays."""
    hidden, half = quad(10, 10, 40, 20), quad(90, 10, 120, 20)
    open_ = quad(10, 50, 40, 60)
    decisions = [
        decided(Kind.PERSON, hidden, action=Action.KEEP),
        decided(Kind.MRN, half, action=Action.KEEP),
        decided(Kind.DATE, hidden, open_, action=Action.KEEP),
        decided(Kind.PHONE, hidden, page=1, action=Action.KEEP),
        decided(Kind.SSN, quad(12, 10, 90, 20)),
    ]
    shown = still_shown([[quad(8, 8, 96, 22)], []], decisions)
    assert [d.finding.kind for d in shown] == [Kind.MRN, Kind.DATE, Kind.PHONE]


def test_the_report_tells_how_large_its_pages_are() -> None:
    outcome = run(Reads())
    ((width, height, dpi),) = outcome.page_sizes
    (page,) = described(outcome)["page_sizes"]
    assert page == {"width_px": width, "height_px": height, "dpi": dpi or None}
    assert min(width, height) > 0


def test_a_full_page_is_quick() -> None:
    regions = [quad(x * 12, y * 12, x * 12 + 10, y * 12 + 10) for x in range(50) for y in range(50)]
    decisions = [decided(Kind.PERSON, region) for region in regions]
    started = time.monotonic()
    found = entries([regions], decisions)
    assert len(found) == len(regions)
    assert time.monotonic() - started < 3


def test_an_entry_has_no_field_for_text() -> None:
    entry = run(Reads()).boxes[0]
    assert {f.name for f in dataclasses.fields(entry)} == {"page", "box", "kind", "layer", "rule", "action"}
