"""Every black box has its reason, and the reason says nothing of what the box hides."""

from __future__ import annotations

import dataclasses
import time

from detectors.findings import Finding, Kind, Layer
from detectors.geometry import Box, Quad
from policies.decisions import Action, Decision
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.pipeline.boxes import entries
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
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
