"""Account names of social networks; what is said about the networks themselves stays."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.patterns.handles import HandleRecognizer
from detectors.patterns.phones import PhoneNumberRecognizer

HANDLES = [
    *(
        "(Facebook: ⟦baraka.otieno88⟧, cell",
        "Instagram ⟦@hopeynw⟧.",
        "IG: ⟦hope_w⟧",
        "username: ⟦jlopez⟧",
        "Venmo ⟦@Ana-Lopez-3⟧",
    ),
    *(
        "on TikTok as ⟦dancing_nan⟧",
        "Snapchat handle: ⟦marylou⟧",
        "Telegram ⟦ana1990⟧ works",
        "find her ⟦@ana.lopez⟧ online",
    ),
    *("username was ⟦david38⟧, email lost", "her login was ⟦zorbella⟧."),
    *("portal user ⟦jd_84⟧ is locked", "login ⟦mlopez77⟧ failed"),
    *("username ⟦zorbanshannon⟧ is locked again", "portal login ⟦zorbbradley⟧ belongs to", "user ⟦zknapp⟧ logged in"),
    *("LinkedIn: ⟦in/ana-lopez⟧", "Skype name is ⟦ana.lopez⟧", "screen name: ⟦nightowl⟧", "Discord ⟦nan_y⟧"),
]
NO_HANDLES = [
    *(
        "uses Facebook daily",
        "Facebook: none",
        "met on Facebook.",
        "Snap her fingers",
        "social media: denies",
        "threads 4-0 nylon",
    ),
    *(
        "2 @ 50 mg",
        "BP 120/80 @ rest",
        "dose @10 mg",
        "Reddit and Twitter",
        "a snap fit",
        "zelle payment",
        "Instagram use 4 h a day",
    ),
    *(
        "login failed",
        "username was changed",
        "login was down.",
        "Facebook in 2019 she",
        "ana@example.org",
        "user manual",
        "user since 2019",
        "login v2",
    ),
    *("username field is locked", "user account was disabled", "login page does not work", "user logged in"),
]
PAGERS = [
    *(
        "pager ⟦12-4410⟧",
        "Pager: ⟦4410⟧",
        "beeper # ⟦88213⟧",
        "pgr ⟦7-1234⟧",
        "paged at ⟦4471⟧",
        "pager no. ⟦12 4410⟧",
        "PAGER ⟦5512⟧",
    ),
]
NO_PAGERS = [
    "pager 24 hours",
    "a 4-pager 2021-03",
    "paged at 0345",
    "paged at 10:15",
    "pager went off 3 times",
    "page 4410",
]


def _mark(text: str) -> tuple[str, int, int]:
    return text.replace("⟦", "").replace("⟧", ""), text.index("⟦"), text.index("⟧") - 1


@pytest.mark.parametrize("text", HANDLES)
def test_an_account_name_goes(text: str) -> None:
    plain, start, end = _mark(text)
    found = [(m.start, m.end, m.kind) for m in HandleRecognizer().find(plain)]
    assert (start, end, Kind.OTHER_ID) in found, found


@pytest.mark.parametrize("text", NO_HANDLES)
def test_talk_of_networks_stays(text: str) -> None:
    assert list(HandleRecognizer().find(text)) == []


@pytest.mark.parametrize("text", PAGERS)
def test_a_pager_number_goes(text: str) -> None:
    plain, start, end = _mark(text)
    assert any(m.start <= start and m.end >= end for m in PhoneNumberRecognizer().find(plain))


@pytest.mark.parametrize("text", NO_PAGERS)
def test_what_pages_nobody_stays(text: str) -> None:
    assert list(PhoneNumberRecognizer().find(text)) == []
