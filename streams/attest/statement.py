"""What is said of a release: an in-toto Statement, version 1, whose subject is the copy.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md. It holds no time: the same document gives the
same statement, and when it was released the audit log says.

What the attestor found out itself: the copy's digest, size and pixels, its own version, and that the profile is one of
this installation. Everything else it signs on the word of the worker that asked: which document it was, whose, the
commitment to the input, that the profile was applied, the reader, the validation, and who decided. The predicate
names these under `asserted`. A person's name there says that the worker named that person, no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from policies.attack.report import Depth, Verdict

PAYLOAD: Final = "application/vnd.in-toto+json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
RELEASE: Final = "urn:redoubt:attestation:release:v1"
GATEWAY: Final = "gateway"
"""The decider of what no person decided."""
LOCAL: Final = "local"
"""The tenant of what no gateway released, but a person with a key of their own."""
PIXELS: Final = "redoubt-page-pixels-1"
"""SHA-256 over this name, a zero, width, height and channels (big-endian, 4, 4 and 1 bytes), and the samples by row."""
ASSERTED: Final = ("deciders", "document", "engines.reader", "input", "profile", "tenant", "validation")
"""Members of the predicate that the attestor signs on the worker's word."""

_ID: Final = re.compile(r"[0-9a-f]{32}|document-[0-9]{1,9}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9])?")
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+:/-]{0,126}")
_TICKET: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}-?[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Decider:
    """Who let the copy go: the gateway by its rules, or a person with grounds and a ticket."""

    name: str
    why: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What only the pipeline knows of a release, and asserts; no content, as the events.

    `commitment` stands for the input: HMAC-SHA-256 of it under a key of this document's own, hexadecimal. Raises
    RedoubtError(INVALID_EVENT) for what is no id, name, version or digest.
    """

    tenant: str
    document_id: str
    commitment: str
    profile: str
    profile_version: str
    engine: str
    depth: Depth
    verdict: Verdict
    rounds: int
    pages: int
    deciders: tuple[Decider, ...]

    def __post_init__(self) -> None:
        names = [self.tenant, self.profile, *(d.name for d in self.deciders), *(d.why for d in self.deciders if d.why)]
        tickets = [decider.ticket for decider in self.deciders if decider.ticket]
        sound = (
            _ID.fullmatch(self.document_id)
            and _DIGEST.fullmatch(self.commitment)
            and all(_NAME.fullmatch(name) for name in names)
            and all(_VERSION.fullmatch(found) for found in (self.profile_version, self.engine))
            and all(_TICKET.fullmatch(ticket) for ticket in tickets)
        )
        if not sound or self.rounds < 0 or self.pages < 1 or not self.deciders:
            raise RedoubtError(Reason.INVALID_EVENT)

    def to_json(self) -> bytes:
        return _RELEASE.dump_json(self)

    @classmethod
    def from_json(cls, text: bytes) -> Release:
        """Raises RedoubtError(INVALID_EVENT)."""
        try:
            return _RELEASE.validate_json(text)
        except ValidationError:
            raise RedoubtError(Reason.INVALID_EVENT) from None


_RELEASE: Final = TypeAdapter(Release)


def statement(release: Release, sha256: str, size_bytes: int, pixels: Sequence[str]) -> bytes:
    """The Statement as canonical JSON: `sha256` is the copy's, `pixels` the digest of what each page shows."""
    said = {
        "_type": STATEMENT,
        "subject": [{"name": f"{release.document_id}.pdf", "digest": {"sha256": sha256}}],
        "predicateType": RELEASE,
        "predicate": {
            "asserted": {"by": "worker", "members": list(ASSERTED)},
            "tenant": release.tenant,
            "document": release.document_id,
            "input": {"commitment": {"hmac-sha256": release.commitment}},
            "output": {"bytes": size_bytes, "pages": {"digest": PIXELS, "values": list(pixels)}},
            "profile": {"name": release.profile, "version": release.profile_version},
            "engines": {"gateway": version("redoubt-gateway"), "reader": release.engine},
            "validation": {
                "depth": release.depth.value,
                "verdict": release.verdict.value,
                "rounds": release.rounds,
            },
            "deciders": [_decider(each) for each in release.deciders],
        },
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


@dataclass(frozen=True, slots=True)
class Attested:
    """What a verified statement says that can be held against files. `said` is its predicate."""

    sha256: str
    pixels: tuple[str, ...]
    commitment: str
    said: Mapping[str, Any]


def read(payload: bytes) -> Attested:
    """A Statement on a release. Raises RedoubtError(HASH_MISMATCH) for any other."""
    try:
        data = json.loads(payload)
        (subject,) = data["subject"]
        predicate = data["predicate"]
        pages = predicate["output"]["pages"]
        if (data["_type"], data["predicateType"], pages["digest"]) != (STATEMENT, RELEASE, PIXELS):
            raise ValueError
        commitment = predicate["input"]["commitment"]["hmac-sha256"]
        return Attested(subject["digest"]["sha256"], tuple(pages["values"]), commitment, predicate)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RedoubtError(Reason.HASH_MISMATCH) from None


def _decider(decider: Decider) -> dict[str, str]:
    found = {"name": decider.name, "why": decider.why, "ticket": decider.ticket}
    return {name: value for name, value in found.items() if value is not None}
