"""The attestor's own process and the worker's way to it: a Unix socket, over which a copy and what is said of it go
in, and a signed envelope comes out. The worker has no key, no right and no credential to sign with.

What that protects against: whoever steals the worker's credentials, or reaches the vault in its name, signs nothing;
and through the socket nobody has anything signed but a statement on a file that is built as a finished copy may be,
with its true bytes and pixels, as a release of a profile of this installation. What it does not: a worker that is
somebody else's can say of such a file that it was attacked and found clean, since the attack runs in the worker,
and can name any document, and any person as the decider: names, ids and the commitment are asserted by the worker, and
the statement says so.

On the wire: a frame is its length (4 bytes, big-endian) and so many bytes. A request is a frame with the release, the
copy in frames of at most PIECE bytes, and an empty frame; the answer is a frame that begins with `+` and the envelope,
or with `-` and a reason code. To a frame with WHO alone the answer is `+` and the attestor's start, as JSON: it has no
right at the broker, so the worker puts it on record, before the first thing that it has signed.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.attest.attestor import Attestor
from streams.attest.envelope import MAX_BYTES
from streams.attest.statement import Release
from streams.store.claims import Pieces
from streams.store.intermediates import Spill
from streams.watch import logs

PIECE: Final = 1024 * 1024
RELEASE_BYTES: Final = 16 * 1024
COPY_BYTES: Final = 16 * 1024 * 1024 * 1024
"""Ten times the copy of the longest chart."""
ANSWER_S: Final = 600.0
"""The pages of a chart of 2,000 are decoded in a minute; beside three others it takes its turn with them."""
START_S: Final = 30.0
AT_ONCE: Final = 16
WHO: Final = b"?"
_ID: Final = re.compile(r"[0-9a-f]{32}")
_LENGTH: Final = struct.Struct("!I")
_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Started:
    """One start of an attestor, by an id of its own, and the id of the configuration that it works under."""

    start: str
    configuration: str


class RemoteAttestor:
    """The worker's side. Raises RedoubtError(VAULT_UNAVAILABLE) where the attestor, or its vault, is away, and what
    the attestor refused with. Each start of the attestor is told to `tell` before anything is asked of it."""

    def __init__(self, path: str, tell: Callable[[Started], None] = lambda _: None) -> None:
        self._path, self._tell = path, tell
        self._told: Started | None = None
        self._telling = threading.Lock()

    def meet(self) -> None:
        """Learn who attests; raises as above, and as `tell` does: then it is told again."""
        with self._telling:
            try:
                with self._connected() as link:
                    _send(link, WHO)
                    answer = _receive(link, RELEASE_BYTES)
            except OSError:
                raise RedoubtError(Reason.VAULT_UNAVAILABLE) from None
            started = _started(answer)
            if started != self._told:
                self._tell(started)
                self._told = started

    def attest(self, release: Release, copy: bytes | Pieces) -> bytes:
        self.meet()
        try:
            with self._connected() as link:
                _send(link, release.to_json())
                for piece in _cut(copy):
                    _send(link, piece)
                _send(link, b"")
                answer = _receive(link, MAX_BYTES + 1)
        except OSError:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE) from None
        if answer[:1] == b"+":
            return answer[1:]
        raise RedoubtError(_reason(answer))

    def wait(self, within_s: float = START_S) -> None:
        """Both processes start at once. Raises RedoubtError(VAULT_UNAVAILABLE) where nobody listens by then."""
        until = time.monotonic() + within_s
        while True:
            try:
                return self.probe()
            except RedoubtError:
                if time.monotonic() > until:
                    raise
                time.sleep(_LOOK_S)

    def probe(self) -> None:
        """Raises RedoubtError(VAULT_UNAVAILABLE) where nobody listens."""
        try:
            self._connected().close()
        except OSError:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE) from None

    def _connected(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(ANSWER_S)
        try:
            link.connect(self._path)
        except OSError:
            link.close()
            raise
        return link


class Service:
    """The attestor's side: listens at `path`, which its folder's rights keep to the worker, until `stop` is set."""

    def __init__(self, attestor: Attestor, path: str, configuration: str, spill_folder: Path | None = None) -> None:
        self._attestor, self._path, self._spill_folder = attestor, path, spill_folder
        self._started = Started(secrets.token_hex(16), configuration)
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def run(self, stop: threading.Event) -> None:
        """Raises RedoubtError(MISCONFIGURED) where the socket cannot be made."""
        with self._listening() as server:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    link, _ = server.accept()
                    link.settimeout(ANSWER_S)
                    threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    @contextlib.contextmanager
    def _listening(self) -> Iterator[socket.socket]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            try:
                Path(self._path).unlink(missing_ok=True)  # of one that was killed
                server.bind(self._path)
                # The worker may be another user of the same group; who may come near the socket its folder says.
                Path(self._path).chmod(0o660)
                server.listen(AT_ONCE)
            except OSError:
                raise RedoubtError(Reason.MISCONFIGURED) from None
            server.settimeout(_LOOK_S)
            try:
                yield server
            finally:
                Path(self._path).unlink(missing_ok=True)

    def _serve(self, link: socket.socket) -> None:
        with link, self._room, contextlib.suppress(OSError):
            try:
                first = _receive(link, RELEASE_BYTES)
                answer = b"+" + self._answer(link, first)
            except RedoubtError as error:
                logs.get("attestor").warning("not attested", reason=error.reason)
                answer = b"-" + error.reason.value.encode()
            except OSError:
                return  # who asked is gone, or never asked
            except Exception as error:  # noqa: BLE001  the boundary of a request: no file shall end the attestor
                logs.get("attestor").error("not attested", error=error)
                answer = b"-" + Reason.INTERNAL.value.encode()
            _send(link, answer)

    def _answer(self, link: socket.socket, first: bytes) -> bytes:
        if first == WHO:
            return json.dumps(asdict(self._started)).encode()
        copy = _Received(Spill(self._spill_folder))
        while piece := _receive(link, PIECE):
            copy.add(piece)
        return self._attestor.attest(Release.from_json(first), copy)


class _Received:
    """A copy as it came, in pieces that memory need not hold."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._pieces = self._size = 0
        self._loaded: tuple[int, bytes] = (-1, b"")

    def __len__(self) -> int:
        return self._size

    def add(self, piece: bytes) -> None:
        """All pieces but the last are of PIECE bytes. Raises RedoubtError(TOO_MANY_BYTES)."""
        if self._size % PIECE or self._size + len(piece) > COPY_BYTES:
            raise RedoubtError(Reason.TOO_MANY_BYTES)
        self._spill.put(str(self._size // PIECE), piece)
        self._size += len(piece)

    def read(self, start: int, end: int) -> bytes:
        """The bytes in [start, end)."""
        found = bytearray()
        end = min(end, self._size)
        while start < end:
            number = start // PIECE
            piece = self._piece(number)
            within = start - number * PIECE
            found += piece[within : within + end - start]
            start = min(end, (number + 1) * PIECE)
        return bytes(found)

    def _piece(self, number: int) -> bytes:
        if self._loaded[0] != number:
            self._loaded = (number, self._spill.get(str(number)))
        return self._loaded[1]


def _cut(copy: bytes | Pieces) -> Iterator[bytes]:
    """The copy in pieces of PIECE bytes, the last one shorter."""
    pending = bytearray()
    for part in (copy,) if isinstance(copy, bytes) else copy.pieces():
        pending += part
        while len(pending) > PIECE:
            yield bytes(pending[:PIECE])
            del pending[:PIECE]
    if pending:
        yield bytes(pending)


def _send(link: socket.socket, content: bytes) -> None:
    link.sendall(_LENGTH.pack(len(content)) + content)


def _receive(link: socket.socket, at_most: int) -> bytes:
    """One frame. Raises RedoubtError(TOO_MANY_BYTES) for a longer one, OSError where the connection ends before."""
    (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
    if length > at_most:
        raise RedoubtError(Reason.TOO_MANY_BYTES)
    return _exactly(link, length)


def _exactly(link: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        part = link.recv(min(count - len(found), PIECE))
        if not part:
            raise ConnectionError
        found += part
    return bytes(found)


def _started(answer: bytes) -> Started:
    if answer[:1] != b"+":
        raise RedoubtError(_reason(answer))
    try:
        said = json.loads(answer[1:])
        found = Started(said["start"], said["configuration"])
        if all(_ID.fullmatch(each) for each in (found.start, found.configuration)):
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise RedoubtError(Reason.MISCONFIGURED)


def _reason(answer: bytes) -> Reason:
    try:
        return Reason(answer[1:].decode("ascii"))
    except ValueError:
        return Reason.VAULT_UNAVAILABLE
