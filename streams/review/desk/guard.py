"""Who may ask the desk: the browser that came with the address of the terminal, from the desk's own pages, once.

The desk listens on loopback, where every page of every site that the browser shows, and every user of the machine, can
reach it too. So: the Host must be the very address (a name that was pointed here is somebody else's page); the address
holds a token that works once and becomes a cookie for this desk's path alone; whatever came from elsewhere is refused
by Sec-Fetch-Site, which pages cannot set; and what changes anything bears the token of the form.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from multidict import CIMultiDictProxy

COOKIE: Final = "redoubt-desk"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "redoubt",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, errors among them."""
_FORM: Final = "application/x-www-form-urlencoded"
"""A form with files would be written to temporary ones."""


class Refused(Exception):
    """Not this person's browser, or not from this desk's page. The status is the answer."""

    def __init__(self, status: int = 403) -> None:
        super().__init__(status)
        self.status = status


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Guard:
    """One desk's secrets. `port` is where it listens."""

    port: int
    path: str = field(default_factory=lambda: f"/{secrets.token_hex(8)}")
    """Cookies are the same on all ports of a machine: what listens on another one would have to guess this path."""
    csrf: str = field(default_factory=_secret, repr=False)
    _token: str | None = field(default_factory=_secret, repr=False)
    _cookie: str = field(default_factory=_secret, repr=False)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """To be opened once."""
        return f"http://{self.host}{self.path}/enter/{self._token}"

    def enter(self, token: str) -> web.StreamResponse:
        """The token becomes the cookie, and is dead. Raises Refused."""
        if self._token is None or not _same(token, self._token):
            raise Refused
        self._token = None
        answer = web.Response(status=303, headers={"Location": f"{self.path}/"})
        answer.set_cookie(COOKIE, self._cookie, path=f"{self.path}/", httponly=True, samesite="Strict")
        return answer

    def addressed(self, headers: CIMultiDictProxy[str]) -> None:
        """Raises Refused for a request to another host, or one that another site's page sent."""
        if headers.getall("Host", []) != [self.host]:
            raise Refused(421)
        if headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            raise Refused

    def known(self, request: web.Request) -> None:
        """Raises Refused for a request without the cookie."""
        if not _same(request.cookies.get(COOKIE, ""), self._cookie):
            raise Refused

    async def posted(self, request: web.Request) -> list[tuple[str, str]]:
        """The fields of a form of the desk's own page. Raises Refused for any other.

        Under a policy of no referrer browsers send the origin of a form as null: then only Sec-Fetch-Site tells.
        """
        own = request.headers.get("Sec-Fetch-Site") == "same-origin"
        origin = request.headers.get("Origin")
        if origin != f"http://{self.host}" and not (own and origin in (None, "null")):
            raise Refused
        if request.content_type != _FORM:
            raise Refused(415)
        fields = [(name, value) for name, value in (await request.post()).items() if isinstance(value, str)]
        if not any(name == "csrf" and _same(value, self.csrf) for name, value in fields):
            raise Refused
        return fields


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
