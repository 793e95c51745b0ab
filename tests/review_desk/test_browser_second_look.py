"""A second look in a real Chromium: pages turned and a leak marked by keys and mouse, and nothing told but the copy."""

from __future__ import annotations

from typing import Any

import pytest

from detectors.findings import Kind
from streams.review.desk.desks import Judgement
from tests.review_desk.doubles import DeskOfTwo, copy_of_two_pages, drawn, served, waiting
from tests.review_desk.test_browser import drawn as drag
from tests.review_desk.test_browser import no_violation, press, told, whole

pytestmark = pytest.mark.browser


def test_a_leak_is_marked_and_judged(page: Any) -> None:
    desk = DeskOfTwo(copy_of_two_pages(), there=[waiting("1"), drawn("3")])
    with served(desk) as (browser, _):
        page.goto(f"http://{browser.host}{browser.path}/enter/{browser.token}")
        no_violation(page, "list")
        press(page, "n", "Enter")
        page.wait_for_selector("#decide")
        whole(page)
        no_violation(page, "second look")
        for name in ("#place-on", "#box-on", "#mark-shown"):
            assert not page.locator(name).is_visible(), name
        press(page, "b")
        assert told(page) == "No black box on this page is known."
        press(page, "j")
        assert told(page) == "Page 2 of 2."
        whole(page)
        page.select_option("#kind", "person")
        press(page, "Escape")
        page.locator("#desk").focus()
        press(page, "d")
        drag(page, 20, 30, 120, 60)
        assert told(page).startswith("It leaks: page 2, ")
        assert page.locator("input[value=leaks]").is_checked()
        press(page, "1")
        assert page.locator("input[value=clean]").is_checked()
        press(page, "2")
        page.click("#send")
        page.wait_for_selector("h1.judged")
        no_violation(page, "judged")
    [judged] = desk.decisions
    assert isinstance(judged, Judgement)
    [place] = judged.places
    assert (place.page, place.kind) == (1, Kind.PERSON)
    assert page.wrong == []
