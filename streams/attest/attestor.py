"""Says of a finished copy what it is, and signs it. Takes nobody's word for the file: it reads it itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError
from policies import profile as profiles
from policies.attack.finished.pdf import Finished, held
from policies.attack.report import Depth, Verdict
from streams.attest.envelope import Signer, signed
from streams.attest.pixels import page_digests
from streams.attest.statement import GATEWAY, PAYLOAD, Release, statement
from streams.store.claims import Pieces

_PIECE: Final = 1024 * 1024


class Copy(Finished, Pieces, Protocol):
    """A finished copy that is not in memory: read by ranges, or from its beginning to its end."""


class Attests(Protocol):
    """Gives the signed envelope for a release, as JSON. Raises RedoubtError: then nothing is released."""

    def attest(self, release: Release, copy: bytes | Copy) -> bytes: ...


class Attestor:
    """Attests with a key at hand: in the attestor's own process, or for one person at a terminal.

    Refuses what no release can be: RedoubtError(MISCONFIGURED) for a profile or version that this installation does
    not have, less depth than the profile asks for, or a verdict other than release; RedoubtError(FORBIDDEN_OBJECT) or
    PAGE_COUNT_CHANGED for a file that is not built as a finished copy may be; RedoubtError(SECOND_SIGN_OFF) where fewer
    people are said to have released it than the profile asks for. That it was attacked, and with what result, of which
    document it is a copy, the commitment to that, and who decided, it takes from the release; the statement says so
    (`statement.ASSERTED`).
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def attest(self, release: Release, copy: bytes | Finished) -> bytes:
        finished = held(copy)
        profile = profiles.load(release.profile)
        deep_enough = release.depth in list(Depth)[list(Depth).index(profile.depth) :]
        if release.verdict is not Verdict.RELEASE or release.profile_version != profile.version or not deep_enough:
            raise RedoubtError(Reason.MISCONFIGURED)
        people = {decider.name for decider in release.deciders} - {GATEWAY}
        if people and len(people) < profile.sign_offs:
            raise RedoubtError(Reason.SECOND_SIGN_OFF)
        pixels = list(page_digests(finished))
        if len(pixels) != release.pages:
            raise RedoubtError(Reason.PAGE_COUNT_CHANGED)
        sha256 = hashlib.sha256()
        for piece in _pieces(finished):
            sha256.update(piece)
        return signed(PAYLOAD, statement(release, sha256.hexdigest(), len(finished), pixels), self._signer)


def _pieces(copy: Finished) -> Iterator[bytes]:
    for at in range(0, len(copy), _PIECE):
        yield copy.read(at, min(at + _PIECE, len(copy)))
