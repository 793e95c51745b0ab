"""The service that people's tools ask over TLS: `POST /v1/turn-back` and `POST /v1/confirm`, JSON in and out.

Every request proves who asks. Every answer that is no value is `{"error": code}` and nothing else, whoever asked for
whatever; nothing of a request is logged. One request a connection, in a bounded number of threads and of seconds.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.reversal import TurnedBack
from streams.reidentify.counts import Counts
from streams.reidentify.people import ACCOUNT, Ground, Person
from streams.reidentify.proof import Credential, Proofs
from streams.reidentify.reidentification import TICKET, Asked, Reidentification

TURN_BACK: Final = "/v1/turn-back"
CONFIRM: Final = "/v1/confirm"
MAX_BODY: Final = 256 * 1024
"""A hundred tokens of the longest values are less."""
CONNECTIONS: Final = 32
REQUEST_S: Final = 20.0
"""A request must have arrived within; what works on it has its own bounds."""
CALLS_A_MINUTE: Final = 30
"""Of one person, refused ones too: each is up to a hundred entries in the audit log."""

BAD_REQUEST: Final = "bad_request"
STATUS: Final[Mapping[Reason, int]] = {
    Reason.NOT_SIGNED_IN: 401,
    Reason.NOT_ENTITLED: 403,
    Reason.UNCONFIRMED: 403,
    Reason.TOO_MANY_TOKENS: 429,
    Reason.VAULT_UNAVAILABLE: 503,
    Reason.BROKER_UNAVAILABLE: 503,
}
"""Any other reason is the service's own trouble: 500."""

_NAME: Final = re.compile(ACCOUNT)
_TICKET: Final = re.compile(TICKET)


class _Malformed(Exception):
    """Not a request that this service knows."""


class Desk:
    """What a request leads to: who asks is proven first, then how often, then what."""

    def __init__(self, proofs: Proofs, service: Reidentification, counts: Counts) -> None:
        self._proofs, self._service, self._counts = proofs, service, counts
        self._calls = Calls()

    def answer(self, path: str, credential: Credential, body: bytes) -> tuple[int, Mapping[str, Any]]:
        """Status and JSON. Raises nothing: an error is an answer of one shape."""
        try:
            person = self._proofs.person(credential)
            self._calls.count(person)
            return 200, self._done(path, person, body)
        except _Malformed:
            return 400, {"error": BAD_REQUEST}
        except RedoubtError as error:
            self._counts.refused(error.reason)
            return STATUS.get(error.reason, 500), {"error": error.reason.value}
        except Exception:  # noqa: BLE001  the boundary to a stranger: no words of any library leave
            self._counts.refused(Reason.INTERNAL)
            return 500, {"error": Reason.INTERNAL.value}

    def _done(self, path: str, person: Person, body: bytes) -> Mapping[str, Any]:
        if path == TURN_BACK:
            asked = _asked(_fields(body, {"tenant", "purpose", "reason", "ticket", "tokens"}))
            answers = self._service.turn_back(person.name, asked)
            self._counts.turned_back(answers, asked.ground)
            return {"answers": [_told(answer) for answer in answers]}
        if path == CONFIRM:
            given = _fields(body, {"of", "tenant", "ticket"})
            of, tenant, ticket = _name(given["of"]), _name(given["tenant"]), _ticket(given["ticket"])
            return {"confirmed": self._service.confirm(person.name, of, tenant, ticket)}
        raise _Malformed


class Calls:
    """How often each person called within the last minute, in this process."""

    def __init__(self, a_minute: int = CALLS_A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = a_minute, clock
        self._lock = threading.Lock()
        self._of: dict[str, deque[float]] = {}

    def count(self, person: Person) -> None:
        """Raises RedoubtError(TOO_MANY_TOKENS)."""
        with self._lock:
            now = self._clock()
            calls = self._of.setdefault(person.name, deque())
            while calls and now - calls[0] >= 60.0:
                calls.popleft()
            if len(calls) >= self._most:
                raise RedoubtError(Reason.TOO_MANY_TOKENS)
            calls.append(now)


def _told(answer: TurnedBack) -> Mapping[str, str | None]:
    said = {"value": answer.value} if answer.reason is None else {"reason": answer.reason.value}
    return {"token": answer.token, **said}


def _fields(body: bytes, names: set[str]) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or set(given) != names:
        raise _Malformed
    return given


def _asked(given: Mapping[str, Any]) -> Asked:
    tokens, reason = given["tokens"], given["reason"]
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise _Malformed
    if reason not in {ground.value for ground in Ground}:
        raise _Malformed
    tenant, purpose = _name(given["tenant"]), _name(given["purpose"])
    return Asked(tenant, purpose, Ground(reason), _ticket(given["ticket"]), tuple(tokens))


def _name(value: object) -> str:
    return _matching(_NAME, value)


def _ticket(value: object) -> str:
    return _matching(_TICKET, value)


def _matching(form: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _Malformed
    return value


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_S
    server_version, sys_version = "redoubt", ""

    def setup(self) -> None:
        # In this connection's thread: who is slow at the handshake holds nobody up.
        self.late = threading.Timer(REQUEST_S, _shut, [self.request])
        self.late.daemon = True
        self.late.start()
        self.request.settimeout(REQUEST_S)
        self.request.do_handshake()
        super().setup()

    def finish(self) -> None:
        self.late.cancel()
        super().finish()

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 <= length <= MAX_BODY or "Transfer-Encoding" in self.headers:
            self._say(413 if length > MAX_BODY else 400, {"error": BAD_REQUEST})
            return
        body = self.rfile.read(length)
        self.late.cancel()
        if len(body) != length:
            return
        self._say(*self.server.desk.answer(self.path, self._credential(), body))

    def _credential(self) -> Credential:
        scheme, _, bearer = self.headers.get("Authorization", "").partition(" ")
        return Credential(bearer.strip() if scheme.lower() == "bearer" else None, self.headers.get("X-Vault-Token"))

    def _say(self, status: int, said: Mapping[str, Any]) -> None:
        content = json.dumps(said).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        # The library's own page quotes the request.
        self._say(code, {"error": BAD_REQUEST})

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a request line may hold anything."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = CONNECTIONS

    def __init__(self, place: tuple[str, int], desk: Desk, certificate: Path, key: Path) -> None:
        self.desk = desk
        self._files = (certificate, key)
        self._seen: tuple[int, int] | None = None
        self._room = threading.BoundedSemaphore(CONNECTIONS)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._certified()
        super().__init__(place, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        # A certificate that was put in place anew serves from the next connection on.
        with contextlib.suppress(RedoubtError):
            self._certified()
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), peer

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            # No thread to be had: the connection is closed, and its room is free again.
            self._room.release()
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a peer that went away, or no TLS. The library would print where it came from."""

    def _certified(self) -> None:
        certificate, key = self._files
        try:
            seen = (certificate.stat().st_mtime_ns, key.stat().st_mtime_ns)
            if seen != self._seen:
                self._context.load_cert_chain(certificate, key, password="")
                self._seen = seen
            return
        except (OSError, ssl.SSLError, ValueError):
            pass
        raise RedoubtError(Reason.MISCONFIGURED)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(desk: Desk, address: str, port: int, certificate: Path, key: Path) -> Iterator[int]:
    """Serves from a thread while the block lasts; the port, a free one where 0 was asked for.

    Raises RedoubtError(MISCONFIGURED) for files that hold no certificate and key, or a place that is taken.
    """
    try:
        server = _Server((address, port), desk, certificate, key)
    except OSError:
        raise RedoubtError(Reason.MISCONFIGURED) from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
