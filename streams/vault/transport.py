"""HTTP to Vault without what a browser's session does for each request: that took more time than TLS and JSON.

The usual call, JSON to one server, goes straight to a pool of connections. Whatever else hvac may ask for, and an
answer that points elsewhere, goes through `requests`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH

_POOLED: Final = 16
"""Connections kept: more threads than that wait for Vault's processor, not for a connection."""
_USUAL: Final = frozenset({"json", "timeout", "verify", "allow_redirects"})
_POINTS_ELSEWHERE: Final = range(300, 400)


class Transport(requests.Session):
    """A session that takes nothing from its surroundings: no token file, proxy, .netrc or CA variable.

    Raises urllib3.exceptions.HTTPError and requests.RequestException; both may quote the request.
    """

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__()
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
        )
        found = requests.Response()
        found.status_code, found.url = answer.status, url
        found.headers = CaseInsensitiveDict(answer.headers)
        found._content = answer.data
        return found
