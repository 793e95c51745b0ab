"""A second look at the desk: blind, counted once, and never taken for a decision on a held copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from streams.events import Place
from streams.review.desk import words
from streams.review.desk.desks import Judgement, What
from streams.review.desk.folder import FolderDesk
from tests.review_desk.doubles import Browser, DeskOfTwo, copy_of_two_pages, drawn, served, waiting

LEAKS = {"choice": "leaks", "burn": "2:10,10,50,30:person", "ticket": "QA-3"}
CLEAN = {"choice": "clean", "ticket": "QA-3"}


@pytest.fixture
def desk() -> DeskOfTwo:
    return DeskOfTwo(copy_of_two_pages(), there=[waiting("1"), drawn("3")])


@pytest.fixture
def entered(desk: DeskOfTwo) -> Iterator[Browser]:
    with served(desk) as (found, _):
        found.enter()
        yield found


def test_second_looks_stand_below_what_is_held_and_say_nothing_of_how_it_was_released(entered: Browser) -> None:
    listed = entered.get("/").text
    assert listed.index("file 1") < listed.index("Second looks") < listed.index("copy 3")
    entered.open("3")
    text = entered.get("/held/3").text
    assert "Can anything be read" in text
    assert "HIPAA Safe Harbor" in text, "what has to go"
    assert re.search(r'"boxes": *\[\]', text), "blind"
    for told in ("In doubt", "Withhold", "why-release", "places in doubt", "black boxes", "round"):
        assert told not in text, told


def test_where_it_leaks_is_said_with_its_places(entered: Browser, desk: DeskOfTwo) -> None:
    look = entered.open("3")
    assert entered.post("/held/3/decide", {"look": look, **LEAKS}).status == 303
    seen = Place(1, 10, 10, 50, 30, Kind.PERSON, Reason.RESIDUAL_FINDING)
    assert desk.decisions == [Judgement("c.lerk", "QA-3", (seen,))]
    assert words.CAME[What.JUDGED][1] in entered.get("/came").text


def test_a_clean_one_is_said_once(entered: Browser, desk: DeskOfTwo) -> None:
    look = entered.open("3")
    for _ in range(2):
        assert entered.post("/held/3/decide", {"look": look, **CLEAN}).status == 303
    assert desk.decisions == [Judgement("c.lerk", "QA-3")]
    came = entered.get("/came").text
    assert "Judged" in came
    assert "Next: file 1" in came


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({**LEAKS, "burn": ""}, "One of the places is none"),
        ({"choice": "leaks", "ticket": "QA-3"}, "Mark where it leaks"),
        ({**LEAKS, "burn": "3:10,10,50,30"}, "One of the places is none"),
        ({**LEAKS, "ticket": "Quillanthe"}, "The ticket is the number of a case"),
        ({**LEAKS, "choice": "clean"}, "choose that it leaks"),
        ({**CLEAN, "choice": "release", "why-release": "read_by_eye"}, "Choose: clean, or it leaks."),
        ({"ticket": "QA-3"}, "Choose: clean, or it leaks."),
    ],
)
def test_what_is_no_judgement_is_told_and_nothing_is_sent(
    entered: Browser, desk: DeskOfTwo, form: dict[str, str], told: str
) -> None:
    look = entered.open("3")
    answer = entered.post("/held/3/decide", {"look": look, **form})
    assert (answer.status, told in answer.text) == (422, True)
    assert "Quillanthe" not in answer.text.partition('name="ticket"')[0]
    assert desk.decisions == []


def test_a_held_copy_is_not_judged(entered: Browser, desk: DeskOfTwo, tmp_path: Path) -> None:
    look = entered.open("1")
    assert entered.post("/held/1/decide", {"look": look, **CLEAN}).status == 422
    assert desk.decisions == []
    folder = FolderDesk(tmp_path, lambda *_: "released", "c.lerk", "ROI-7")
    with pytest.raises(RedoubtError) as failed:
        folder.decide(waiting("1"), Judgement("c.lerk", "QA-3"))
    assert failed.value.reason is Reason.INVALID_EVENT
