"""HTTP to Vault without what a browser's session does for each request: that took more time than TLS and JSON.

The usual call, JSON to one server, goes straight to a pool of connections. Whatever else hvac may ask for, and an
answer that points elsewhere, goes through `requests`.

Every request carries the token, and so does one that follows an answer elsewhere. It is followed to where the token may
go and nowhere else:
- over TLS to a host whose certificate the configured authority signed. That authority is what vouches for every node
  of a cluster, whatever its name; public authorities vouch for anyone, so without one only the configured host counts;
- without TLS to the configured host alone, and only where its address says http, as in a trial.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH

_POOLED: Final = 16
"""Connections kept: more threads than that wait for Vault's processor, not for a connection."""
_USUAL: Final = frozenset({"json", "timeout", "verify", "allow_redirects"})
_POINTS_ELSEWHERE: Final = range(300, 400)


class Elsewhere(requests.RequestException):
    """An answer points to where the token must not go. Names no place: whoever answered chose it."""


class Transport(requests.Session):
    """A session that takes nothing from its surroundings: no token file, proxy, .netrc or CA variable.

    Raises urllib3.exceptions.HTTPError and requests.RequestException; both may quote the request. Elsewhere is one.
    """

    def __init__(self, address: str, ca_file: Path | None) -> None:
        super().__init__()
        self._address = address
        self.trust_env = False
        self.verify = str(ca_file) if ca_file else True
        authority = str(ca_file or DEFAULT_CA_BUNDLE_PATH)
        self._pool = urllib3.PoolManager(maxsize=_POOLED, cert_reqs="CERT_REQUIRED", ca_certs=authority, retries=False)

    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None = None, **options: Any
    ) -> requests.Response:
        given = {name for name, value in options.items() if value is not None}
        if not given <= _USUAL or not isinstance(options.get("timeout"), tuple):
            return super().request(method, url, headers=headers, **options)
        found = self._sent(method, url, dict(headers or {}), options.get("json"), options["timeout"])
        if found.status_code in _POINTS_ELSEWHERE:
            # A standby does nothing of what it was asked: asking again is asking once.
            return super().request(method, url, headers=headers, **options)
        return found

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where the answer points, asked before each step of following it. Raises Elsewhere."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        url = urljoin(resp.url, target)
        # What two parsers may take for two hosts is none.
        if "\\" in url or "@" in urlsplit(url).netloc or not self._may_have_the_token(url):
            raise Elsewhere
        return target

    def _may_have_the_token(self, url: str) -> bool:
        to, configured = urlsplit(url), urlsplit(self._address)
        if to.scheme == "https" and self.verify is not True:
            return True
        return to.hostname == configured.hostname and to.scheme in {"https", configured.scheme}

    def close(self) -> None:
        self._pool.clear()
        super().close()

    def _sent(
        self, method: str, url: str, headers: dict[str, str], content: object, timeout: tuple[float, float]
    ) -> requests.Response:
        body = None
        if content is not None:
            body = json.dumps(content, separators=(",", ":"), allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        answer = self._pool.request(
            method.upper(),
            url,
            body=body,
            headers=headers,
            timeout=urllib3.Timeout(connect=timeout[0], read=timeout[1]),
            redirect=False,
        )
        found = requests.Response()
        found.status_code, found.url = answer.status, url
        found.headers = CaseInsensitiveDict(answer.headers)
        found._content = answer.data
        return found
