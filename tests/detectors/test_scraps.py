"""What was torn off an identifier burns with it; what stands beside it and tells something of its own stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from detectors.detect import findings
from detectors.findings import Kind, Layer, Span
from detectors.geometry import Quad
from detectors.pages import PageReading

LayOut = Callable[..., PageReading]


def burned(laid_out: LayOut, line: str, value: str, kind: Kind, confidence: float) -> list[str]:
    """The words beside `value` that burn; it alone was read surely."""
    page = laid_out([(0, 0, line)], confidence=confidence)
    start = line.index(value)
    found = findings([page], [[Span(start, start + len(value), kind, 0.9, Layer.PATTERN)]], None)
    return [page.words[i].text for f in found if f.kind is Kind.UNREADABLE for i in f.words]


@pytest.mark.parametrize(
    ("line", "value", "kind", "rest"),
    [
        ("for Voxley, Maren b came", "Voxley, Maren", Kind.PERSON, ["b"]),
        ("at | Voxley today", "Voxley", Kind.PERSON, ["|"]),
        ("in Oberstein, [A $2656. Then", "Oberstein,", Kind.CITY, ["[A", "$2656."]),
        ("at $2 NE Ravensbourne Court", "Ravensbourne Court", Kind.STREET, ["$2", "NE"]),
        ("see voxley.example org/portal now", "voxley.example", Kind.URL, ["org/portal"]),
        ("see www voxley.example now", "voxley.example", Kind.URL, ["www"]),
        ("write records @voxley.example now", "@voxley.example", Kind.EMAIL, ["records"]),
        ("write records@ voxley.example now", "records@", Kind.EMAIL, ["voxley.example"]),
        ("write records@ voxley.example now", "voxley.example", Kind.URL, ["records@"]),
        ("see wow voxley.example now", "voxley.example", Kind.URL, ["wow"]),
        ("see voxley. net now", "voxley.", Kind.URL, ["net"]),
        ("fax 555-0142 x7 please", "555-0142", Kind.FAX, ["x7"]),
        ("call 555-0142 ext 5i38 please", "555-0142", Kind.PHONE, ["ext", "5i38"]),
    ],
)
def test_the_rest_goes_too(laid_out: LayOut, line: str, value: str, kind: Kind, rest: list[str]) -> None:
    assert sorted(burned(laid_out, line, value, kind, 85.0)) == sorted(rest)


@pytest.mark.parametrize(
    ("line", "value", "kind"),
    [
        ("then Voxley took 20 mg daily", "Voxley", Kind.PERSON),
        ("then Voxley on and in clinic", "Voxley", Kind.PERSON),
        ("in Oberstein - then home", "Oberstein", Kind.CITY),
        ("glucose 104 70-99 mg/dL at 3/4/2021 fasting", "3/4/2021", Kind.DATE),
        ("write records to voxley.example now", "voxley.example", Kind.URL),
        ("took 2 @ 3/4/2021 fasting", "3/4/2021", Kind.DATE),
        ("on 3/4/2021 mg/dL", "3/4/2021", Kind.DATE),
    ],
)
def test_what_tells_something_of_its_own_stays(laid_out: LayOut, line: str, value: str, kind: Kind) -> None:
    assert burned(laid_out, line, value, kind, 85.0) == []


def test_a_sure_sign_is_what_it_was_read_as(laid_out: LayOut) -> None:
    assert burned(laid_out, "Voxley & Quuxin b 12", "Voxley", Kind.PERSON, 95.0) == []


SURE = 96.0


@pytest.mark.parametrize(
    ("line", "value", "kind", "rest"),
    [
        ("for 0. Voxley today", "Voxley", Kind.PERSON, ["0."]),
        ("for 5. Voxley today", "Voxley", Kind.PERSON, ["5."]),
        ("O. Voxley came", "Voxley", Kind.PERSON, ["O."]),
        ("for Voxley B. today", "Voxley", Kind.PERSON, ["B."]),
        ("for Voxley, J came", "Voxley,", Kind.PERSON, ["J"]),
        ("with J R Ng today", "J R", Kind.PERSON, ["Ng"]),
        ("with J R Banks. Then", "J", Kind.PERSON, ["R", "Banks."]),
        ("Seen by B. Quuxin today", "B.", Kind.PERSON, ["Quuxin"]),
        ("with J R Qnuxln today", "J R", Kind.PERSON, ["Qnuxln"]),
        ("Pl, Voxley WI", "Voxley", Kind.PERSON, ["Pl,"]),
        ("at N. Voxley Court", "Voxley Court", Kind.STREET, ["N."]),
        ("at Voxley Court NW today", "Voxley Court", Kind.STREET, ["NW"]),
        ("at Voxley Court Apt 4B today", "Voxley Court", Kind.STREET, ["Apt", "4B"]),
        ("since September 2024 in", "September", Kind.PERSON, ["2024"]),
        ("on 11, 2023 in", "11,", Kind.UNREADABLE, ["2023"]),
        ("call 555-0142 ext.", "555-0142", Kind.PHONE, ["ext."]),
    ],
)
def test_a_sign_beside_a_piece_goes_however_surely_it_was_read(
    laid_out: LayOut, line: str, value: str, kind: Kind, rest: list[str]
) -> None:
    page = laid_out([(0, 0, line)], confidence=SURE)
    start = line.index(value)
    found = findings([page], [[Span(start, start + len(value), kind, 0.9, Layer.PATTERN)]], None)
    assert {page.words[i].text for f in found for i in f.words} == {*value.split(), *rest}


@pytest.mark.parametrize(
    ("line", "value", "kind"),
    [
        ("takes vitamin D. Voxley came", "Voxley", Kind.PERSON),
        ("takes vitamin D for 3/4/2021", "3/4/2021", Kind.DATE),
        ("ulcer of grade I Voxley came", "Voxley", Kind.PERSON),
        ("has Type 1. Voxley came", "Voxley", Kind.PERSON),
        ("5. Voxley came", "Voxley", Kind.PERSON),
        ("Voxley I would", "Voxley", Kind.PERSON),
        ("Voxley A 1 seen", "Voxley", Kind.PERSON),
        ("Voxley N. meningitidis grew", "Voxley", Kind.PERSON),
        ("Voxley S. aureus grew", "Voxley", Kind.PERSON),
        ("Voxley L. knee hurts", "Voxley", Kind.PERSON),
        ("since 3/4/2021 N. meningitidis", "3/4/2021", Kind.DATE),
        ("in Oberstein S. aureus grew", "Oberstein", Kind.CITY),
        ("then Voxley Jr came", "Voxley", Kind.PERSON),
        ("then Voxley III came", "Voxley", Kind.PERSON),
        ("then Voxley MD came", "Voxley", Kind.PERSON),
        ("at Voxley Court room with", "Voxley Court", Kind.STREET),
        ("on 3/4/2021 2024 others", "3/4/2021", Kind.DATE),
        ("noted P R Interval today", "P R", Kind.PERSON),
        ("noted C T Head today", "C T", Kind.PERSON),
        ("noted M R Spine today", "M R", Kind.PERSON),
        ("has A B Negative blood", "A B", Kind.PERSON),
        ("has H H Chart here", "H H", Kind.PERSON),
        ("takes vitamin B Banks says", "B", Kind.PERSON),
        ("for Voxley, J May return", "Voxley, J", Kind.PERSON),
        ("for Voxley B Will return", "Voxley B", Kind.PERSON),
        ("with J R then left", "J R", Kind.PERSON),
        ("then Court, Voxley came", "Voxley", Kind.PERSON),
    ],
)
def test_a_sure_sign_of_something_else_stays(laid_out: LayOut, line: str, value: str, kind: Kind) -> None:
    assert burned(laid_out, line, value, kind, SURE) == []


@pytest.mark.parametrize(("gap", "burns"), [(0.1, True), (0.5, False)])
def test_a_number_that_an_engine_tore(laid_out: LayOut, gap: float, burns: bool) -> None:
    page = laid_out([(0, 0, "id 5SYJPM1WV4 30555")], confidence=SURE)
    *_, found, rest = page.words
    (left, top), _, (_, foot), _ = found.region.corners
    right = rest.region.corners[0][0] - gap * (foot - top)
    found = replace(found, region=Quad(((left, top), (right, top), (right, foot), (left, foot))))
    page = replace(page, words=(page.words[0], found, rest))
    spans = [Span(found.start, found.end, Kind.PERSON, 0.9, Layer.NER)]
    assert {i for f in findings([page], [spans], None) for i in f.words} == ({1, 2} if burns else {1})


@pytest.mark.parametrize(("line", "rest"), [("call +1 555-0142", ["+1"]), ("in Oberstein 02 9", [])])
def test_a_country_code_is_a_part_of_the_number(laid_out: LayOut, line: str, rest: list[str]) -> None:
    value = "555-0142" if rest else "Oberstein"
    assert burned(laid_out, line, value, Kind.PHONE if rest else Kind.CITY, 95.0) == rest


def test_a_number_behind_a_label_that_nobody_could_read(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Zq: 43639 zq 43639 Note: 43639")])
    words = tuple(replace(w, confidence=40.0 if w.text in ("Zq:", "Note:") else 95.0) for w in page.words)
    found = findings([replace(page, words=words)], [[]], None)
    assert sorted(i for f in found for i in f.words) == [0, 1]


def test_a_figure_under_a_label_that_nobody_could_read(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Age"), (30, 0, "Room"), (0, 1.5, "95"), (30, 1.5, "12"), (60, 1.5, "71")])
    words = tuple(replace(w, confidence=20.0 if w.text == "Age" else 95.0) for w in page.words)
    found = findings([replace(page, words=words)], [[]], None)
    assert sorted(page.words[i].text for f in found for i in f.words) == ["95", "Age"]


def test_the_rest_of_a_street_that_nobody_could_read(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "at BOA NE Przemyske Lane, Kernby today")])
    sure = {"BOA": 81.0, "Przemyske": 4.0}
    words = tuple(replace(w, confidence=sure.get(w.text, 95.0)) for w in page.words)
    found = findings([replace(page, words=words)], [[]], None)
    assert sorted(page.words[i].text for f in found for i in f.words) == ["BOA", "Lane,", "NE", "Przemyske"]


def test_what_stands_apart_is_no_rest(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Voxley"), (20, 0, "b")], confidence=85.0)
    words = tuple(replace(w, line=0) for w in page.words)
    found = findings([replace(page, words=words)], [[Span(0, 6, Kind.PERSON, 0.9, Layer.LABEL)]], None)
    assert [f.words for f in found] == [(0,)]


@pytest.mark.parametrize(
    ("cells", "burns"),
    [
        ([(0, 0, "Bilge, Christoph"), (30, 0, "MB464302")], True),
        ([(0, 0, "Bilge, Christoph P.")], True),
        ([(0, 0, "bilge, Christoph")], False),
        ([(0, 0, "Name, Christoph")], False),
        ([(0, 0, "the Bilge, Christoph")], False),
        ([(0, 0, "Today, Christoph came again")], False),
    ],
)
def test_a_surname_of_some_list_in_a_cell_before_its_given_name(
    laid_out: LayOut, cells: list[tuple[float, float, str]], burns: bool
) -> None:
    page = laid_out(cells)
    page = replace(page, words=tuple(replace(w, line=0) for w in page.words))
    start = page.text.index("Christoph")
    found = findings([page], [[Span(start, start + 9, Kind.CITY, 0.7, Layer.NER)]], None)
    unread = {page.words[i].text for f in found if f.kind is Kind.UNREADABLE for i in f.words}
    assert unread == ({"Bilge,"} if burns else set())


@pytest.mark.parametrize(
    ("line", "values", "kind", "burns"),
    [
        ("for Njabelo A: Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, "A:"),
        ("for Njabelo O Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, "O"),
        ("at 14 N. Przemyske Lane", ("14", "Przemyske"), Kind.STREET, "N."),
        ("at 14 5th Avenue West", ("14", "Avenue"), Kind.STREET, "5th"),
        ("for Njabelo on Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, ""),
        ("for Njabelo MD Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, ""),
        ("for Njabelo II Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, ""),
        ("for Njabelo 2. Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, "2."),
        ("on 15 Jaw i922 in", ("15", "i922"), Kind.UNREADABLE, "Jaw"),
        ("for Njabelo 20 Voxley today", ("Njabelo", "Voxley"), Kind.PERSON, ""),
        ("for Njabelo 2. then Voxley", ("Njabelo", "Voxley"), Kind.PERSON, ""),
        ("on 15 jaws i922 in", ("15", "i922"), Kind.UNREADABLE, ""),
        ("on 4471 Jaw i922 in", ("4471", "i922"), Kind.UNREADABLE, ""),
        ("on Jaw 28, 2021 in", ("Jaw", "2021"), Kind.UNREADABLE, "28,"),
    ],
)
def test_what_two_found_words_make_of_the_one_between(
    laid_out: LayOut, line: str, values: tuple[str, str], kind: Kind, burns: str
) -> None:
    page = laid_out([(0, 0, line)])
    starts = [line.index(value) for value in values]
    spans = [Span(s, s + len(v), kind, 0.9, Layer.NER) for s, v in zip(starts, values, strict=True)]
    burned_there = {page.words[i].text for f in findings([page], [spans], None) for i in f.words}
    assert burned_there == {*values, *([burns] if burns else [])}
