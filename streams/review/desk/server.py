"""The review desk's own small server: on loopback, for one person, until it is left alone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import web

from detectors.errors import Reason, RedoubtError
from streams.review.desk import form, pages, words
from streams.review.desk.desks import Desk
from streams.review.desk.guard import HEADERS, Guard, Refused
from streams.review.desk.sitting import Look, Sitting

_FILES: Final = Path(__file__).parent / "pages"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SERVED: Final = {file.name: _TYPES[file.suffix] for file in _FILES.iterdir() if file.suffix in _TYPES}
_ID: Final = "[0-9a-f]{1,64}"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves one sitting. `ticket` is prefilled, `is_ticket` says what one is; `idle_s` without a request end it."""

    def __init__(
        self, desk: Desk, guard: Guard, actor: str, ticket: str, is_ticket: re.Pattern[str], idle_s: float
    ) -> None:
        self._sitting, self._guard = Sitting(desk), guard
        self._actor, self._ticket, self._is_ticket, self._idle_s = actor, ticket, is_ticket, idle_s
        self._pages = pages.Pages(guard.path, guard.csrf, actor, idle_s)
        self._ended = asyncio.Event()
        self._last = 0.0

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded], client_max_size=form.MAX_BYTES)
        at, held = self._guard.path, f"{self._guard.path}/held/{{id:{_ID}}}"
        app.router.add_get(f"{at}/enter/{{token:[A-Za-z0-9_-]{{43}}}}", self._enter, allow_head=False)
        app.router.add_get(f"{at}/", self._list, allow_head=False)
        app.router.add_get(f"{at}/{{file:{'|'.join(map(re.escape, _SERVED))}}}", self._file, allow_head=False)
        app.router.add_get(held, self._copy, allow_head=False)
        app.router.add_get(f"{held}/{{page:[0-9]{{1,5}}}}.png", self._picture, allow_head=False)
        app.router.add_get(f"{at}/came", self._came, allow_head=False)
        app.router.add_post(f"{held}/open", self._open)
        app.router.add_post(f"{held}/decide", self._decide)
        app.router.add_post(f"{at}/end", self._end)
        return app

    async def until_left(self) -> None:
        """Returns once the person has ended it, or has asked for nothing for so long."""
        clock = asyncio.get_running_loop().time
        self._last = clock()
        while not self._ended.is_set():
            left = self._last + self._idle_s - clock()
            if left <= 0 and not self._sitting.busy:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), max(left, 0.1))

    def end(self) -> None:
        self._ended.set()

    def close(self) -> None:
        self._sitting.close()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every request: who asks first, and an answer of our own words whatever happens."""
        try:
            self._guard.addressed(request.headers)
            if handler != self._enter:
                self._guard.known(request)
                self._last = asyncio.get_running_loop().time()
            answer = await handler(request)
        except Refused as refused:
            answer = self._pages.refused(refused.status)
        except web.HTTPException as error:
            answer = self._pages.refused(error.status)
        except RedoubtError as error:
            answer = self._pages.failed(words.sentence(error.reason), 409)
        except Exception:  # noqa: BLE001  the boundary to the browser: no words of any library leave
            answer = self._pages.failed(words.sentence(Reason.INTERNAL), 500)
        answer.headers.update(HEADERS)
        return answer

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        return self._guard.enter(request.match_info["token"])

    async def _list(self, _: web.Request) -> web.StreamResponse:
        look = self._sitting.look
        return self._pages.listed(await self._sitting.waiting(), look.opened.waiting.id if look else None)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        return web.Response(body=(_FILES / name).read_bytes(), content_type=_SERVED[name], charset="utf-8")

    async def _open(self, request: web.Request) -> web.StreamResponse:
        await self._guard.posted(request)
        look = await self._sitting.open(request.match_info["id"])
        return _see(f"{self._guard.path}/held/{look.opened.waiting.id}")

    async def _copy(self, request: web.Request) -> web.StreamResponse:
        look = self._look(request)
        if look is None:
            return self._pages.unopened(request.match_info["id"])
        return self._pages.copy(look, form.Said(ticket=self._ticket))

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        look, page = self._look(request), int(request.match_info["page"])
        if look is None or not 1 <= page <= len(look.opened.pictures):
            raise Refused(404)
        return web.Response(body=await self._sitting.picture(look, page - 1), content_type="image/png")

    async def _decide(self, request: web.Request) -> web.StreamResponse:
        fields = await self._guard.posted(request)
        id = next((value for name, value in fields if name == "look"), "")
        look, ending = self._look(request), self._sitting.ending
        if ending is not None and ending.look == id:
            return _see(f"{self._guard.path}/came")
        if look is None or look.id != id:
            raise RedoubtError(Reason.ALREADY_DECIDED)
        given = form.said(fields)
        try:
            decision = form.decision(given, look.opened, self._actor, self._is_ticket)
            await self._sitting.decide(look, decision)
        except form.Unclear as unclear:
            return self._pages.copy(look, given, str(unclear), 422)
        except RedoubtError as error:
            return self._pages.copy(look, given, f"Not done: {words.sentence(error.reason)}", 409)
        return _see(f"{self._guard.path}/came")

    async def _came(self, _: web.Request) -> web.StreamResponse:
        if self._sitting.ending is None:
            return _see(f"{self._guard.path}/")
        return self._pages.came(self._sitting.ending, await self._sitting.waiting())

    async def _end(self, request: web.Request) -> web.StreamResponse:
        await self._guard.posted(request)
        asyncio.get_running_loop().call_later(0.2, self.end)
        return self._pages.failed(words.ENDED, 200)

    def _look(self, request: web.Request) -> Look | None:
        look = self._sitting.look
        return look if look is not None and look.opened.waiting.id == request.match_info["id"] else None


def _see(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place})


async def sit(
    desk: Desk,
    actor: str,
    ticket: str,
    is_ticket: re.Pattern[str],
    idle_s: float,
    told: Callable[[str], None],
    port: int = 0,
) -> None:
    """Serve the desk until it is ended, left alone for `idle_s`, or cancelled. `told` is given the address, which
    opens once. Raises OSError where the port is taken."""
    # Its lines could quote a request; what matters is told on the page.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL + 1)
    with socket.create_server(("127.0.0.1", port)) as listening:
        guard = Guard(listening.getsockname()[1])
        server = Server(desk, guard, actor, ticket, is_ticket, idle_s)
        runner = web.AppRunner(server.app(), access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            told(guard.address)
            await server.until_left()
        finally:
            await runner.cleanup()
            server.close()
