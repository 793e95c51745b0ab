"""Which pages lie in an authorization's range of days."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.findings import Finding, Kind, Layer, Span
from detectors.geometry import Box, Quad
from policies.authorization import Authorization
from policies.service_dates import Covered, covered
from tests.eval.desk import reading_of
from tests.eval.samples import Sample

IN, OUT, UNTOLD = Covered
SPRING = Authorization("a-1", date(2999, 1, 1), date_from=date(2024, 3, 1), date_to=date(2024, 5, 31))


def lie(*pages: str, authorization: Authorization = SPRING) -> list[Covered]:
    """Dates stand in brackets."""
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


def test_a_page_of_no_day_goes_with_its_neighbour() -> None:
    inside, outside = "Date of service: [4/1/2024]", "Date of service: [1/1/2020]"
    assert lie("cover", inside, "more", outside, "more") == [IN, IN, IN, OUT, OUT]


def test_without_a_range_every_page_is_inside() -> None:
    anytime = Authorization("a-1", date(2999, 1, 1))
    assert lie("Date of service: [1/1/1999]", authorization=anytime) == [IN]


def test_one_end_is_enough() -> None:
    since = Authorization("a-1", date(2999, 1, 1), date_from=date(2024, 3, 1))
    assert lie("Seen on [1/1/2030]", "Seen on [1/1/2020]", authorization=since) == [IN, OUT]
