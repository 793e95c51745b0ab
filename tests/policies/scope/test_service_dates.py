"""Which pages lie in an authorization's range of days."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.findings import Finding, Kind, Layer, Span
from detectors.geometry import Box, Quad
from policies.scope.authorization import Authorization
from policies.scope.service_dates import Covered, covered
from tests.eval.desk import reading_of
from tests.eval.samples import Sample

IN, OUT, UNTOLD, UNREAD, BOTH = Covered
SPRING = Authorization("a-1", date(2999, 1, 1), date_from=date(2024, 3, 1), date_to=date(2024, 5, 31))


def lie(*pages: str, authorization: Authorization = SPRING) -> list[Covered]:
    """Dates stand in brackets; why nothing tells, `told` says."""
    return [UNTOLD if found in (UNREAD, BOTH) else found for found in told(*pages, authorization=authorization)]


def told(*pages: str, authorization: Authorization = SPRING) -> list[Covered]:
    readings, found = [], []
    for number, page in enumerate(pages):
        text, spans = "", list[Span]()
        for index, part in enumerate(page.replace("]", "[").split("[")):
            if index % 2:
                spans.append(Span(len(text), len(text) + len(part), Kind.DATE, 0.9, Layer.PATTERN))
            text += part
        readings.append(reading_of(Sample("x/1", text, ())))
        where = (Quad.of(Box(0, 0, 9, 9)),)
        found += [Finding(number, Kind.DATE, 0.9, Layer.PATTERN, where, (), span) for span in spans]
    return covered(authorization, readings, found)


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        ("Date of service: [3/1/2024]", IN),
        ("DOS [05-31-24]", IN),
        ("Date of service: [2/29/2024]", OUT),
        ("Admitted [June 1, 2024]", OUT),
        ("Date of visit: [4/2/2024]. MI in [2019]. Born abroad.", IN),
        ("Visit [4/2023]. Return [4/10/2024].", OUT),
        ("Admission date: [2/27/2024] Discharge date: [3/3/2024]", UNTOLD),
        ("Encounter [5/29/2024] - [5/31/2024]", IN),
        ("Encounter [5/29/2024] - [6/2/2024]", UNTOLD),
        ("[4/4/2024] Cough.", IN),
        ("History of MI in [2019].", UNTOLD),
        ("Visit in [2024].", UNTOLD),
        ("No day at all.", UNTOLD),
    ],
)
def test_one_page(page: str, answer: Covered) -> None:
    assert lie(page) == [answer]


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        ("Dates of service: [03/04/2019-03/06/2019]", OUT),
        ("Admitted [4/1/2024 to 4/6/2024]", IN),
        ("Stay. Admission: [2024-04-01–2024-04-06]", IN),
        ("Date(s) of service: [03-04-2019-03-06-2019]", OUT),
        ("Dates of service: [4/28-5/2/2024]", IN),
        ("Dates of service: [May 4-6, 2024]", IN),
        ("Dates of service: [4 to 6 March 2019]", OUT),
        ("Dates of service: [2/27/2024-3/2/2024]", UNTOLD),
        ("Admitted [2/1/2024] - [7/1/2024]", UNTOLD),
        ("Dates of service: [12/30-1/2/2024]", UNTOLD),
        ("Date of service: [04/05-05/2024]", UNTOLD),
        ("Dates of service: 03/04 - [05/06/2024]", UNTOLD),
        ("Dates of service: [05/06/2024] to 6/2", UNTOLD),
        ("Dates of service: [05/06/2024] - [6/2]", UNTOLD),
        ("Date of visit: [3/4/'19]", OUT),
        ("Date of visit: [05/06/2024] - 10:22", IN),
    ],
)
def test_both_ends_of_a_stay_count(page: str, answer: Covered) -> None:
    assert lie("Date of service: [4/1/2024]", page) == [IN, answer]


@pytest.mark.parametrize(
    "page",
    [
        "Date of visit: [03/04]",
        "Seen on [March 4]",
        "Date of visit: March 4",
        "Date of visit: 03042019",
        "Date of service\n03042019",
        "Date of service 4.3.",
        "Visit: 4 mars 2019",
        "Visit: 7. Dezember 2019",
        "Admission: 4/3",
        "Discharge date: winter of 19",
        "Encounter date/time: 0403 10:22",
        "Collected: 20190304",
        "Follow-up call, then [4/4]. Cough.",
        "Seen in [2024].",
        "Date of visit: [03/04] Signed [4/20/2024]",
        "Date of visit: [03/04] Collected: [4/20/2024]",
    ],
)
def test_a_day_that_cannot_be_read_is_never_taken_from_a_neighbour(page: str) -> None:
    assert lie("Date of service: [4/1/2024]", page) == [IN, UNTOLD]


@pytest.mark.parametrize(
    "page",
    [
        "Seen for 3 weeks of cough, pain 4/10.",
        "Exam 5/5 in both legs. Visit 2 of 6.",
        "Encounter: 4471234. Service: 3 West. Note: 2 tablets twice a day.",
        "Admission time: 10:22. Discharge medications: 12 in all.",
        "Date of visit: ________ MRN: 0012345",
        "Date of visit:\nMRN: 0012345",
        "Procedure: CT of the chest, 64 slices. Study may need contrast.",
        "Next visit: 2 weeks. Return visit: in March 2 or so.",
    ],
)
def test_figures_that_are_no_day_leave_a_page_with_its_neighbour(page: str) -> None:
    assert lie("Date of service: [4/1/2024]", page) == [IN, IN]


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        ("[03/04/2019] Cough. Next visit: [5/20/2024]", UNTOLD),
        ("Cough. Next visit: [5/20/2024]", UNTOLD),
        ("Cough. Follow-up visit on [5/20/2024]", UNTOLD),
        ("Return visit scheduled for [5/20/2024]", UNTOLD),
        ("Last seen: [5/20/2024]. Cough.", UNTOLD),
        ("To be admitted on [5/20/2024]", UNTOLD),
        ("Signed [5/20/2024]", UNTOLD),
        ("Next appointment with your doctor: [5/20/2024]", UNTOLD),
        ("Come again in three weeks, on [5/20/2024]", UNTOLD),
        ("Discharge date (expected): [5/20/2024]", UNTOLD),
        ("OFFICE NOTE [03/04/2019]. Next visit: [5/20/2024]", OUT),
        ("[03/04/2019] Cough. Visit [5/20/2024]", UNTOLD),
        ("Date of visit: [5/20/2024]. Cough since [March 4, 2019].", UNTOLD),
        ("Date of visit: [5/20/2024]. Next visit: [8/20/2024]. Last visit [2/2/2024].", IN),
        ("Date of visit: [5/20/2024]. Printed: [8/20/2024]. Cough since [March 2019].", IN),
        ("Date of visit: [5/20/2024]. Cough since [3/4].", IN),
        ("Date of visit: [5/20/2024]. Signed: Alma Ng, MD [6/4/2024]", IN),
        ("Date of visit: [5/20/2024]. Signed: Alma Ng, MD [3/4/2019]", UNTOLD),
        ("Last name: Kovacs Date of visit: [5/20/2024]", IN),
        ("FOLLOW-UP NOTE [5/20/2024]", IN),
    ],
)
def test_a_visit_before_or_to_come_does_not_date_the_page(page: str, answer: Covered) -> None:
    assert lie("Date of service: [4/1/2024]", page) == [IN, answer]


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        ("Lakeside Clinic\n[April 4, 2024]\nDear Dr. Roe,\nEcho of [2/2/2024], stroke on [3/4/2019].", IN),
        ("Lakeside Clinic\n[June 14, 2024]\nDear Dr. Roe,\nEcho of [2/2/2024].", OUT),
        ("Lakeside Clinic\nDate: [04/04/2024]\nGroup today. MI in [2019].", IN),
        ("Lakeside Clinic\nDate: [09/04/2023]\nGroup today.", OUT),
        # Look-alikes: a day of another kind, or one that other days speak against.
        ("[6/14/2024]\nDear Dr. Roe,\nSymptoms on [4/4/2024].", UNTOLD),
        ("[4/4/2024]\nStroke on [3/4/2019].", UNTOLD),
        ("[4/4/2024]\nLakeside\n[March 4, 2019]\nDear Dr. Roe,\nCough.", UNTOLD),
        ("[4/4/2024]\nDear Dr. Roe,\nDate of service: [3/4/2019]", OUT),
        ("Date of birth\n[3/4/2019]\nCough.", UNTOLD),
        ("Cough since [1/2/2019].\nPrinted [4/4/2024] Page 1", UNTOLD),
        ("FAX [4/4/2024] 09:12 Lakeside p. 1\nStroke on [3/4/2019].", UNTOLD),
    ],
)
def test_a_letter_is_dated_at_its_head(page: str, answer: Covered) -> None:
    assert lie(page) == [answer]


def test_a_page_of_no_day_goes_with_its_neighbour() -> None:
    inside, outside = "Date of service: [4/1/2024]", "Date of service: [1/1/2020]"
    assert lie("cover", inside, "more", outside, "more") == [IN, IN, IN, OUT, OUT]


def test_why_nothing_tells_is_told() -> None:
    assert told("No day at all.") == [UNTOLD]
    assert told("History of MI in [2019].") == [UNTOLD]
    assert told("Date of service: 4/O1/2O24") == [UNREAD]
    assert told("Admission date: [2/27/2024] Discharge date: [3/3/2024]") == [BOTH]
    assert told("[6/14/2024]\nDear Dr. Roe,\nSymptoms on [4/4/2024].") == [BOTH]


def test_without_a_range_every_page_is_inside() -> None:
    anytime = Authorization("a-1", date(2999, 1, 1))
    assert lie("Date of service: [1/1/1999]", authorization=anytime) == [IN]


def test_one_end_is_enough() -> None:
    since = Authorization("a-1", date(2999, 1, 1), date_from=date(2024, 3, 1))
    assert lie("Seen on [1/1/2030]", "Seen on [1/1/2020]", authorization=since) == [IN, OUT]
