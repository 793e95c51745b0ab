"""Who is not let in: another host, another site, another user, a form that is not the desk's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from streams.review.desk.guard import HEADERS
from tests.review_desk.doubles import Browser, DeskOfTwo, copy_of_two_pages, served

PAGES = ("/", "/held/1", "/held/1/1.png", "/came", "/desk.js", "/copy.js", "/desk.css", "/icon.svg")


@pytest.fixture
def desk() -> DeskOfTwo:
    return DeskOfTwo(copy_of_two_pages())


@pytest.fixture
def browser(desk: DeskOfTwo) -> Iterator[Browser]:
    with served(desk) as (found, _):
        yield found


@pytest.fixture
def entered(browser: Browser) -> Browser:
    assert browser.enter().status == 303
    return browser


def test_the_address_opens_once(browser: Browser) -> None:
    answer = browser.enter()
    said = answer.headers["Set-Cookie"]
    assert (answer.status, answer.headers["Location"]) == (303, f"{browser.path}/")
    assert {"HttpOnly", "SameSite=Strict", f"Path={browser.path}/"} <= set(said.split("; "))
    assert browser.get("/").status == 200
    again = browser.ask("GET", f"{browser.path}/enter/{browser.token}", headers={"Sec-Fetch-Site": "none"})
    assert again.status == 403
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("token", ["", "A" * 43, "x"])
def test_no_other_token_opens_and_the_true_one_still_does(browser: Browser, token: str) -> None:
    assert browser.get(f"/enter/{token}", Cookie=None).status == 403
    assert browser.enter().status == 303


def test_a_link_on_another_site_neither_opens_nor_spends_the_address(browser: Browser) -> None:
    for site in ("cross-site", "same-site"):
        answer = browser.ask("GET", f"{browser.path}/enter/{browser.token}", headers={"Sec-Fetch-Site": site})
        assert answer.status == 403
    assert browser.enter().status == 303


@pytest.mark.parametrize("path", PAGES)
def test_nothing_without_the_cookie(entered: Browser, desk: DeskOfTwo, path: str) -> None:
    entered.open()
    for cookie in (None, "redoubt-desk=", "redoubt-desk=" + "A" * 43, "redoubt-desk=\xff", "other=1"):
        answer = entered.get(path, Cookie=cookie)
        assert (answer.status, b"file 1" in answer.body) == (403, False), (path, cookie)
    assert desk.asked == ["open 1"]


@pytest.mark.parametrize("path", PAGES)
def test_a_name_that_was_pointed_here_is_refused(entered: Browser, path: str) -> None:
    entered.open()
    for host in ("localhost", f"localhost:{entered.port}", "evil.example", f"evil.example:{entered.port}", "127.0.0.1"):
        assert entered.get(path, Host=host).status == 421, host
    assert entered.get(path, Host=None).status in (400, 421)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_others_embed_nothing(entered: Browser, path: str, site: str) -> None:
    entered.open()
    assert entered.get(path, **{"Sec-Fetch-Site": site}).status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null", "Sec_Fetch_Site": None}, 403),
        ({"Origin": "null", "Sec_Fetch_Site": "none"}, 403),
        ({"Origin": None, "Sec_Fetch_Site": None}, 403),
        ({"Origin": None, "Sec_Fetch_Site": "none"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Cookie": None}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": "text/plain"}, 415),
    ],
)
def test_a_form_from_elsewhere_does_nothing(
    entered: Browser, desk: DeskOfTwo, headers: dict[str, str | None], status: int
) -> None:
    for path in ("/held/1/open", "/held/1/decide", "/end"):
        assert entered.post(path, **headers).status == status, path
    assert desk.asked == []
    assert entered.post("/held/1/open", Origin="null").status == 303, "what browsers send under no referrer"


@pytest.mark.parametrize("csrf", ["", "A" * 43, "\udcff"])
def test_a_form_without_its_token_does_nothing(entered: Browser, desk: DeskOfTwo, csrf: str) -> None:
    sent = {"csrf": csrf.encode("utf-8", "replace").decode()}
    for path in ("/held/1/open", "/held/1/decide", "/end"):
        assert entered.post(path, sent).status == 403, path
    assert desk.asked == []
    assert entered.get("/").status == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/../", "/desk.js/../../server.py", "/%2e%2e/server.py", "/__init__.py", "/copy.html", "/held/../enter/"),
        *("/held/1/..%2f..%2f1.png", "/held/1/0.png", "/held/1/3.png", "/held/1/99999.png", "/held/2/1.png"),
        *("/held/x", "/held/1'", "/held/1/-1.png", "//", "/favicon.ico", "/%00", "/held/%3Cscript%3E"),
    ],
)
def test_there_is_nothing_beside_the_pages(entered: Browser, path: str) -> None:
    entered.open()
    answer = entered.get(path)
    assert answer.status == 404
    for told in ("import", "Traceback", "script>", "{%"):
        assert told not in answer.text


def test_what_looks_and_what_acts_are_told_apart(entered: Browser, desk: DeskOfTwo) -> None:
    for method, path in (("GET", "/held/1/open"), ("GET", "/end"), ("POST", "/"), ("HEAD", "/"), ("PUT", "/")):
        assert entered.ask(method, f"{entered.path}{path}", {"csrf": entered.csrf}).status in (404, 405), path
    assert entered.get("/held/1").status == 404, "a page that is asked for opens no copy"
    assert desk.asked == []


def test_every_answer_keeps_to_itself(entered: Browser) -> None:
    entered.open()
    for path in (*PAGES, "/held/1/9.png", "/nothing", f"/enter/{entered.token}"):
        for cookie in (entered.cookie, None):
            answer = entered.get(path, Cookie=cookie)
            assert HEADERS.items() <= dict(answer.headers).items(), path
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert not [word for word in ("unsafe", "http", "data:", "*") if word in policy]


def test_a_form_of_any_size_is_not_taken(entered: Browser) -> None:
    assert entered.post("/held/1/decide", {"burn": "1" * 300_000}).status == 413


def test_it_listens_on_loopback_alone(browser: Browser) -> None:
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with pytest.raises(OSError, match=r"refused|timed out"):
            socket.create_connection((address, browser.port), 2)
