"""What was torn off an identifier burns with it; what stands beside it and tells something of its own stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from detectors.detect import findings
from detectors.findings import Kind, Layer, Span
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
