"""A desk without documents, served in this process; what it was asked stands in a list."""

from __future__ import annotations

import asyncio
import http.client
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.pages import PageRaster
from policies.attack.report import Depth
from policies.masking.assemble import assemble
from streams.events import Place, ReviewRequested, SampleDrawn
from streams.review.desk.desks import BlackBox, Came, Judgement, Opened, Waiting, What
from streams.review.desk.server import sit
from streams.review.reviewer import Decision

TICKETS = re.compile(r"[A-Z]{1,8}-[0-9]{1,6}")


def waiting(id: str = "1", *reasons: Reason, round_: int = 1) -> Waiting:
    event = ReviewRequested(
        tenant="local",
        document_id="0" * 31 + id,
        profile="hipaa-safe-harbor",
        profile_version="1",
        depth=Depth.REREAD,
        pages=2,
        reasons=reasons or (Reason.UNEXPLAINED_INK, Reason.PATIENT_NOT_FOUND),
        topic="local",
        partition=0,
        offset=0,
        event="local",
        round=round_,
        places=(Place(1, 10, 10, 60, 40, Kind.INK, Reason.UNEXPLAINED_INK),),
        reference="local",
    )
    return Waiting(id, f"file {id}", datetime(2026, 1, 2, tzinfo=UTC), event)


def drawn(id: str = "3") -> Waiting:
    """A released copy that somebody shall look at once more."""
    event = SampleDrawn(
        tenant="local",
        document_id="0" * 31 + id,
        document_class="unknown",
        profile="hipaa-safe-harbor",
        quality="scanned",
        reference=f"sha256/{'0' * 64}",
        pages=2,
        shown=(0, 1),
    )
    return Waiting(id, f"copy {id}", datetime(2026, 1, 3, tzinfo=UTC), event)


@dataclass
class DeskOfTwo:
    """Two copies wait; a decision takes `seconds`, and fails by `fails`."""

    copy: bytes
    seconds: float = 0.0
    comes: What = What.RELEASED
    fails: Exception | None = None
    asked: list[str] = field(default_factory=list)
    there: list[Waiting] = field(default_factory=lambda: [waiting("1"), waiting("2")])
    decisions: list[Decision | Judgement] = field(default_factory=list)

    def waiting(self) -> list[Waiting]:
        return list(self.there)

    def open(self, waiting: Waiting) -> Opened:
        self.asked.append(f"open {waiting.id}")
        boxes = (BlackBox(0, 5, 5, 50, 20, Kind.PERSON, "others", "It names <somebody>.", "45 CFR 164.508"),)
        sizes = ((200, 120), (200, 120))
        if waiting.is_second_look:
            return Opened(waiting, self.copy, sizes, sizes)
        return Opened(waiting, self.copy, sizes, sizes, boxes)

    def decide(self, waiting: Waiting, decision: Decision | Judgement) -> Came:
        self.asked.append(f"decide {waiting.id}")
        time.sleep(self.seconds)
        if self.fails:
            raise self.fails
        self.decisions.append(decision)
        if self.comes is not What.HELD_AGAIN:
            self.there.remove(waiting)
        if isinstance(waiting.event, SampleDrawn):
            return Came(What.JUDGED)
        return Came(self.comes, waiting.event.reasons)


def copy_of_two_pages() -> bytes:
    return assemble([PageRaster(np.full((120, 200), 255, np.uint8), 100.0) for _ in range(2)])


@dataclass
class Browser:
    """As much of one as a request takes: no check of its own, so that each guard is met alone."""

    port: int
    path: str
    token: str
    cookie: str = ""
    csrf: str = ""

    @classmethod
    def at(cls, address: str) -> Browser:
        found = re.fullmatch(r"http://127\.0\.0\.1:([0-9]+)(/[0-9a-f]+)/enter/(\S+)", address)
        assert found
        return cls(int(found[1]), found[2], found[3])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Headers as its own pages would send them, but for those given; None leaves one out."""
        usual = {"Host": self.host, "Cookie": self.cookie or None, "Sec-Fetch-Site": "same-origin"}
        if form is not None:
            usual |= {"Origin": f"http://{self.host}", "Content-Type": "application/x-www-form-urlencoded"}
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
        body = urllib.parse.urlencode(form).encode() if form is not None else b""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {**sent, "Content-Length": str(len(body))}.items():
            line.putheader(name, value)
        line.endheaders(body)
        found = line.getresponse()
        answer = Answer(found.status, dict(found.getheaders()), found.read())
        line.close()
        return answer

    def enter(self) -> Answer:
        answer = self.ask("GET", f"{self.path}/enter/{self.token}", headers={"Sec-Fetch-Site": "none"})
        self.cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        found = re.search(rb'name="csrf" value="([^"]+)"', self.get("/").body)
        self.csrf = found[1].decode() if found else ""
        return answer

    def get(self, below: str, **headers: str | None) -> Answer:
        return self.ask("GET", f"{self.path}{below}", headers=headers)

    def post(self, below: str, form: Mapping[str, str] | None = None, **headers: str | None) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", f"{self.path}{below}", {"csrf": self.csrf, **(form or {})}, named)

    def open(self, id: str = "1") -> str:
        """The look that the form of the opened copy bears."""
        assert self.post(f"/held/{id}/open").status == 303
        found = re.search(rb'name="look" value="([^"]+)"', self.get(f"/held/{id}").body)
        assert found
        return found[1].decode()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@contextmanager
def served(desk: DeskOfTwo, idle_s: float = 60.0) -> Iterator[tuple[Browser, threading.Thread]]:
    """The desk in a thread; ended with the block."""
    addresses: list[str] = []
    there, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    def told(address: str) -> None:
        addresses.append(address)
        there.set()

    async def until_ended() -> None:
        sitting = asyncio.create_task(sit(desk, "c.lerk", "ROI-1", TICKETS, idle_s, told))
        ending = asyncio.create_task(end.wait())
        await asyncio.wait((sitting, ending), return_when=asyncio.FIRST_COMPLETED)
        sitting.cancel()
        ending.cancel()
        await asyncio.gather(sitting, ending, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(until_ended()), daemon=True)
    thread.start()
    assert there.wait(20)
    yield Browser.at(addresses[0]), thread
    loop.call_soon_threadsafe(end.set)
    thread.join(20)
    assert not thread.is_alive()
