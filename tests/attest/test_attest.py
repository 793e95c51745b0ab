"""What is signed of a release, and what a check of it finds: on real finished copies, with real keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from policies.attack.report import Depth, Verdict
from policies.masking.assemble import assemble
from streams.attest.attestor import Attestor
from streams.attest.envelope import encoding, public_keys, signed, verified
from streams.attest.keys import LocalSigner
from streams.attest.statement import PAYLOAD, RELEASE, STATEMENT, Decider, Release
from streams.attest.verify import opens, verify
from streams.cli import app
from tests.attest.made import DOCUMENT, PROFILE, copy_of, gray, release, signer

COPY = copy_of(gray(1), gray(2))


@pytest.fixture
def attested(tmp_path: Path) -> bytes:
    return Attestor(signer(tmp_path)).attest(release(), COPY)


def keys(folder: Path, name: str = "signing.key.pub"):  # type: ignore[no-untyped-def]
    return public_keys([folder / name])


def test_what_is_signed_is_the_encoding_of_the_specification() -> None:
    said = encoding("http://example.com/HelloWorld", b"hello world")
    assert said == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_the_statement_is_in_toto_and_says_what_was_released(attested: bytes, tmp_path: Path) -> None:
    said = json.loads(verified(PAYLOAD, attested, keys(tmp_path)))
    assert (said["_type"], said["predicateType"]) == (STATEMENT, RELEASE)
    assert said["subject"] == [{"name": f"{DOCUMENT}.pdf", "digest": {"sha256": hashlib.sha256(COPY).hexdigest()}}]
    predicate = said["predicate"]
    assert predicate["profile"] == {"name": "maximal", "version": PROFILE.version}
    assert predicate["validation"] == {"depth": PROFILE.depth.value, "verdict": "release", "rounds": 1}
    assert predicate["deciders"] == [{"name": "reviewer-4", "why": "false_alarm", "ticket": "ROI-118"}]
    assert len(predicate["output"]["pages"]["values"]) == 2
    # What the attestor measured, or knows of itself, and what it was told, are told apart, and nothing is left over.
    measured = {"output", "engines"}
    told = {member.partition(".")[0] for member in predicate["asserted"]["members"]}
    assert predicate["asserted"]["by"] == "worker"
    assert measured | told == predicate.keys() - {"asserted"}
    assert told & measured == {"engines"}, "the reader's version is told, the gateway's is not"


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (Attestor(signer(tmp_path)).attest(release(), COPY) for _ in range(2))
    assert one == other


def test_the_copy_holds_and_any_changed_pixel_does_not(attested: bytes, tmp_path: Path) -> None:
    assert verify(COPY, attested, keys(tmp_path)).holds
    chance = np.random.default_rng(5)
    for _ in range(20):
        page, row, column = int(chance.integers(2)), int(chance.integers(96)), int(chance.integers(128))
        pages = [gray(1), gray(2)]
        pages[page][row, column] = 0 if pages[page][row, column] >= 128 else 255
        found = verify(copy_of(*pages), attested, keys(tmp_path))
        assert (found.holds, found.pages) == (False, (page,))


def test_pages_swapped_dropped_or_added_are_named(attested: bytes, tmp_path: Path) -> None:
    for pages, named in (((2, 1), (0, 1)), ((1,), (1,)), ((1, 2, 2), (2,))):
        found = verify(copy_of(*map(gray, pages)), attested, keys(tmp_path))
        assert (found.holds, found.pages) == (False, named)


def test_the_same_pixels_in_other_bytes_are_not_what_was_signed(attested: bytes, tmp_path: Path) -> None:
    again = verify(COPY.replace(b"%PDF-1.7", b"%PDF-1.6"), attested, keys(tmp_path))
    assert (again.holds, again.same_bytes, again.pages) == (False, False, ())
    assert verify(COPY + b"\n% more", attested, keys(tmp_path)).pages is None


def test_a_changed_pixel_of_a_photograph_fails_too(tmp_path: Path) -> None:
    pages = [np.stack([gray(n)] * 3, axis=2) for n in (1, 2)]
    made = Attestor(signer(tmp_path)).attest(release(), assemble(PageRaster(p, 100.0) for p in pages))
    pages[1][40:48, 40:48] ^= 0xFF
    assert verify(assemble(PageRaster(p, 100.0) for p in pages), made, keys(tmp_path)).pages == (1,)


def test_nobody_elses_signature_counts(attested: bytes, tmp_path: Path) -> None:
    signer(tmp_path, "other.key")
    envelope = json.loads(attested)
    forged = {**envelope, "payload": base64.b64encode(b"{}" + base64.b64decode(envelope["payload"])).decode()}
    unsigned = {**envelope, "signatures": []}
    renamed = {**envelope, "payloadType": "text/plain"}
    for changed in (forged, unsigned, renamed, [], {"payload": 7}):
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            verify(COPY, json.dumps(changed).encode(), keys(tmp_path))
    for other in (keys(tmp_path, "other.key.pub"), []):
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            verify(COPY, attested, other)
    assert verify(COPY, attested, [*keys(tmp_path, "other.key.pub"), *keys(tmp_path)]).holds


def test_what_was_signed_for_another_purpose_is_no_attestation(tmp_path: Path) -> None:
    for payload in (b"{}", b"[1]", json.dumps({"_type": STATEMENT, "subject": [{}]}).encode()):
        with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
            verify(COPY, signed(PAYLOAD, payload, signer(tmp_path)), keys(tmp_path))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"verdict": Verdict.REVIEW}, Reason.MISCONFIGURED),
        ({"verdict": Verdict.WITHHOLD}, Reason.MISCONFIGURED),
        ({"depth": Depth.STRUCTURE}, Reason.MISCONFIGURED),
        ({"profile_version": "1-000000000000"}, Reason.MISCONFIGURED),
        ({"profile": "none-at-all"}, Reason.UNKNOWN_PROFILE),
        ({"pages": 3}, Reason.PAGE_COUNT_CHANGED),
    ],
)
def test_what_no_release_can_be_is_not_signed(tmp_path: Path, fields: dict[str, object], reason: Reason) -> None:
    assert PROFILE.depth is not Depth.STRUCTURE
    with pytest.raises(RedoubtError) as said:
        Attestor(signer(tmp_path)).attest(release(**fields), COPY)
    assert said.value.reason is reason


@pytest.mark.parametrize("copy", [b"", b"%PDF masked", COPY[:-100], COPY + b" ", COPY.replace(b" Do Q", b" sh Q")])
def test_a_file_that_is_no_finished_copy_is_not_signed(tmp_path: Path, copy: bytes) -> None:
    assert copy != COPY
    with pytest.raises(RedoubtError, match=r"^(forbidden_object|unreadable_page|page_count_changed)$"):
        Attestor(signer(tmp_path)).attest(release(), copy)


@pytest.mark.parametrize(
    "fields",
    [
        {"tenant": "Maria Kovacs"},
        {"document_id": "MRN-7730021946"},
        {"commitment": "not a digest"},
        {"engine": "Ma\nria"},
        {"deciders": ()},
        {"deciders": (Decider("Maria Kovacs"),)},
        {"deciders": (Decider("gateway", "because she said so"),)},
        {"deciders": (Decider("gateway", None, "ticket of Maria"),)},
        {"pages": 0},
    ],
)
def test_a_release_carries_ids_and_codes_only(fields: dict[str, object]) -> None:
    with pytest.raises(RedoubtError, match=r"^invalid_event$"):
        release(**fields)
    assert Release.from_json(release().to_json()) == release()


def test_only_the_input_opens_the_commitment(tmp_path: Path) -> None:
    key, content = b"k" * 32, b"what came in"
    said = release(commitment=hmac.new(key, content, hashlib.sha256).hexdigest())
    found = verify(COPY, Attestor(signer(tmp_path)).attest(said, COPY), keys(tmp_path)).attested
    assert opens(found, content, key)
    assert not opens(found, content + b"!", key)
    assert not opens(found, content, b"x" * 32)


def test_production_takes_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(RedoubtError, match=r"^misconfigured$"):
        LocalSigner(tmp_path / "signing.key", production=True)


def test_the_command_says_yes_no_and_why(attested: bytes, tmp_path: Path) -> None:
    files = {"copy.pdf": COPY, "other.pdf": copy_of(gray(1), gray(3)), "a.json": attested, "bad.pem": b"no key"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    def run(copy: str, *more: str, key: str = "signing.key.pub") -> tuple[int, str]:
        given = ["--attestation", str(tmp_path / "a.json"), "--public-key", str(tmp_path / key)]
        done = CliRunner().invoke(app, ["verify", str(tmp_path / copy), *given, *more])
        return done.exit_code, done.output

    code, said = run("copy.pdf")
    assert (code, said.startswith(f"as signed: document {DOCUMENT}, 2 pages")) == (0, True)
    assert "decided by reviewer-4\ndocument, validation and deciders are the gateway's word\n" in said
    assert run("other.pdf") == (1, "redoubt: not the copy that was signed: other pixels on page 2\n")
    signer(tmp_path, "other.key")
    assert run("copy.pdf", key="other.key.pub") == (
        1,
        "redoubt: none of these keys signed this attestation, or the file is none\n",
    )
    assert run("copy.pdf", key="bad.pem")[0] == 2
    assert run("copy.pdf", "--input", str(tmp_path / "copy.pdf"))[0] == 2
