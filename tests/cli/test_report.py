"""What a person reads at the end of a run, on a narrow terminal too."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from detectors.errors import Reason
from detectors.findings import Kind, Layer
from detectors.geometry import Box
from policies.attack.report import Depth, Verdict
from policies.decisions import Action
from streams.cli.report import OF_DICOM, Result, explanations, report, summary
from streams.decode.magic import Format
from streams.pipeline.document import BoxEntry, Outcome
from streams.reasons import SENTENCES


def outcome(verdict: Verdict, *reasons: Reason) -> Outcome:
    box = BoxEntry(1, Box(10, 20, 90, 40), Kind.SSN, Layer.PATTERN, "numbers", Action.TOKENIZE)
    numbers = {"words": 12_345, "words_burned": 1_234, "boxes": (box,)}
    return Outcome("d", 250, verdict, reasons, Depth.REREAD, "p", "1-0", "e", b"", None, **numbers)  # type: ignore[arg-type]


RESULTS = [
    Result(1, "0123456789abcdef.pdf", outcome(Verdict.RELEASE), None),
    Result(
        2, "review/0123456789abcdef.pdf", outcome(Verdict.REVIEW, Reason.UNEXPLAINED_INK, Reason.UNREADABLE_PAGE), None
    ),
    Result(3, "", None, Reason.AUTHORIZATION_EXPIRED),
]


def test_nothing_is_cut_off_at_80_columns() -> None:
    text = io.StringIO()
    Console(file=text, width=80).print(summary(RESULTS))
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in text.getvalue()
    for word in ("release", "review", "rejected", "1234 of 12345", "250"):
        assert any(word in line for line in lines), word
    copies = "".join(line.split("│")[-2].strip() for line in lines if line.startswith("│"))
    assert copies == "0123456789abcdef.pdfreview/0123456789abcdef.pdf"


def test_every_reason_of_every_file_that_is_not_released_has_its_line() -> None:
    assert list(explanations(RESULTS)) == [
        f"file 2: unexplained_ink: {SENTENCES[Reason.UNEXPLAINED_INK]}",
        f"file 2: unreadable_page: {SENTENCES[Reason.UNREADABLE_PAGE]}",
        "file 3: authorization_expired: the authorization's last valid day has passed: ask the patient for a new one",
    ]


def at(page: int, top: int) -> BoxEntry:
    return BoxEntry(page, Box(10, top, 90, top + 20), Kind.INK, Layer.VISUAL, "unreadable", Action.BURN)


def test_a_sentence_is_told_once_with_its_pages() -> None:
    """A run over a drawer of scans ended in as many copies of one long sentence as there were doubts."""
    inked = outcome(Verdict.REVIEW, Reason.UNEXPLAINED_INK)
    several = replace(inked, boxes=(at(0, 20), at(0, 60), at(2, 20)))
    many = replace(inked, boxes=tuple(at(page, 40 * n) for page in range(9) for n in range(3)))
    lines = list(explanations([Result(3, "c", inked, None), Result(4, "d", several, None), Result(7, "e", many, None)]))
    assert lines == [
        f"files 3-4 and 7: unexplained_ink: {SENTENCES[Reason.UNEXPLAINED_INK]}",
        "  file 4: page 1 at 10,20,90,40 and 10,60,90,80 px; page 3 at 10,20,90,40 px",
        "  file 7: page 1 at 10,0,90,20 and 10,40,90,60 and 10,80,90,100 px; 24 more on pages 2-9",
    ]
    (line,) = explanations([Result(4, "d", several, None)])
    assert line.startswith("file 4: unexplained_ink: ")
    assert line.endswith(" (page 1 at 10,20,90,40 and 10,60,90,80 px; page 3 at 10,20,90,40 px)")


def test_which_of_the_patients_fields_were_looked_for_is_told_without_them() -> None:
    unknown = [Result(1, "a", outcome(Verdict.REVIEW, Reason.PATIENT_NOT_FOUND), None)]
    (line,) = explanations(unknown, {Reason.PATIENT_NOT_FOUND: "looked for names and mrn"})
    assert line == f"file 1: patient_not_found: {SENTENCES[Reason.PATIENT_NOT_FOUND]}: looked for names and mrn"


def test_what_was_dicom_is_said_to_be_none_any_more() -> None:
    """Once for all such copies, released ones too; a file of which there is no copy has its reason."""
    released = Result(1, "a.pdf", outcome(Verdict.RELEASE), None, Format.DICOM)
    withheld = Result(2, "", outcome(Verdict.WITHHOLD, Reason.REGION_NOT_SOLID), None, Format.DICOM)
    scan = Result(3, "c.pdf", outcome(Verdict.RELEASE), None, Format.TIFF)
    lines = list(explanations([released, withheld, scan, replace(released, position=4)]))
    assert [line for line in lines if "DICOM" in line] == [f"from DICOM, file 1, 4: {OF_DICOM}"]
    documents = report("maximal", [released, scan])["documents"]
    assert [entry["came_as"] for entry in documents] == ["dicom", "tiff"]


def test_a_box_is_told_as_a_person_counts_and_without_text() -> None:
    (box,) = report("maximal", RESULTS)["documents"][0]["boxes"]
    assert box == {
        "page": 2, "left": 10, "top": 20, "right": 90, "bottom": 40,
        "kind": "ssn", "layer": "pattern", "rule": "numbers", "action": "tokenize",
    }  # fmt: skip


@pytest.mark.parametrize("reason", list(Reason))
def test_a_rejected_file_has_no_boxes(reason: Reason) -> None:
    (entry,) = report("maximal", [Result(1, "", None, reason)])["documents"]
    assert entry["reasons"] == [reason.value]
    assert "boxes" not in entry
