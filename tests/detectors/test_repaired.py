"""Damaged lines are put together before a second look; whole ones are not touched, and spans come back in place."""

from __future__ import annotations

import time

import pytest

from detectors.findings import Kind, Layer, Span
from detectors.text import repaired

REPAIRS = (
    ("seen by Dr. Poz`o today", "seen by Dr. Pozo today"),
    ("checked 2`017-03-22", "checked 2017-03-22"),
    ("card 52'99 8529 1919 9067", "card 5299 8529 1919 9067"),
    ("Paged Or. Felber", "Paged Dr. Felber"),
    ("Seen by Dr, Felber", "Seen by Dr. Felber"),
    ("Xqzwert Genera| Hospital", "Xqzwert General Hospital"),
    ("8ehavioral Health", "Behavioral Health"),
    ("sinceFebruary 2017", "since February 2017"),
    ("SSN678-04-5585", "SSN 678-04-5585"),
    ("83Kingcup St.", "83 Kingcup St."),
    ("until May Z021", "until May 2021"),
    ("29 Dccember 2023", "29 December 2023"),
    ("Xqzwert Orthopcdic Group", "Xqzwert Orthopedic Group"),
    ("with R astislav", "with Rastislav"),
    ("08.31.2 023", "08.31.2023"),
    ("Kilbrade 0H 70234 Resp. party", "Kilbrade OH 70234 Resp. party"),
    ("Kilbrade, M0, 65101", "Kilbrade, MO, 65101"),
    ("Kilbrade 1L 62704", "Kilbrade IL 62704"),
    ("read back on April'5, 2019", "read back on April 5, 2019"),
)
WHOLE = (
    "metformin 1,000 mg and 1,500 units",
    "T2DM, A1c 7.9, B12 low, L4-L5, H1N1, G6PD, CD4 410",
    "take 5days, then 10mg",
    "O'Brien's and D'Angelo's charts",
    "Vitamin D deficiency, Hepatitis B exposure",
    "Mayer, Marchi and Pratt",
    "height 5'10\", BP 120/80",
    "A patient with a plan",
    "given 1L 500 ml, 0R 7 at 9, M0 stage, type 1A 2 cm",
    "class of '05, 'til 5 pm, and the parents' 2 visits",
)


@pytest.mark.parametrize(("read", "meant"), REPAIRS)
def test_repairs(read: str, meant: str) -> None:
    seen: list[str] = []
    list(repaired.spans(read, lambda text: seen.append(text) or []))
    assert seen == [meant]


@pytest.mark.parametrize("text", WHOLE)
def test_leaves_whole_lines_alone(text: str) -> None:
    seen: list[str] = []
    list(repaired.spans(text, lambda line: seen.append(line) or []))
    assert seen == []


@pytest.mark.parametrize(("read", "meant"), REPAIRS)
def test_spans_come_back_over_all_that_was_read(read: str, meant: str) -> None:
    """A span over a repaired line covers all of the line as it was read, on whatever line of a page it stands."""
    page = f"First line\n{read}\nlast"
    (span,) = repaired.spans(page, lambda line: [Span(0, len(line), Kind.PERSON, 0.5, Layer.NER)])
    assert page[span.start : span.end] == read


def test_each_word_keeps_its_place() -> None:
    page = "Gannet Rock Imaging\nseen at Quill`ane Genera| Hospital on 2`017-03-22"
    found = repaired.spans(
        page,
        lambda line: [
            Span(line.index(w), line.index(w) + len(w), Kind.DATE, 0.5, Layer.NER) for w in ("General", "2017-03-22")
        ],
    )
    assert [page[s.start : s.end] for s in found] == ["Genera|", "2`017-03-22"]


def test_lines_are_read_together_and_no_span_leaves_its_own() -> None:
    page = "seen 2`017-03-22\nfine\nat Genera| Hospital"
    asked: list[str] = []

    def find(text: str) -> list[Span]:
        asked.append(text)
        return [Span(text.index("2017"), text.index("Hospital"), Kind.DATE, 0.5, Layer.NER)]

    assert [page[s.start : s.end] for s in repaired.spans(page, find)] == ["2`017-03-22"]
    assert len(asked) == 1
    assert "fine" not in asked[0]


@pytest.mark.parametrize("seed", ["1`", "A a", "a|", "0l", "Aa bb ", "1,2", "Or. ", "dobA", "1Abcd", "'", "12 34 "])
def test_worst_case_time(seed: str) -> None:
    """Ten times the text costs about ten times the time, on one line as on many."""

    def seconds(length: int) -> float:
        text = (seed * length)[:length]
        begun = time.process_time()
        list(repaired.spans(text, lambda line: []))
        return time.process_time() - begun

    assert seconds(100_000) < max(40 * seconds(10_000), 1.0)
