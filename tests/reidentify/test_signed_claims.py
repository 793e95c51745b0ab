"""Forged, stolen, stale and foreign tokens of an identity provider: none is a proof, and none says why not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from detectors.errors import Reason, RedoubtError
from streams.reidentify.signed_claims import LONGEST_LIFE_S, SKEW_S, Key, keys_of, subject

NOW = 1_800_000_000
CLAIMS = {"iss": "https://id.example", "aud": "redoubt", "sub": "8f1c", "iat": NOW - 5, "exp": NOW + 600}
RSA, EC, ED = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey
EDDSA = ED.generate()


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def number(value: int, size: int) -> str:
    return b64(value.to_bytes(size, "big"))


def jwks() -> dict[str, Any]:
    """A set as providers publish it, with keys beside that are not for this."""
    r, e = RSA.public_key().public_numbers(), EC.public_key().public_numbers()
    weak = rsa.generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505  what is refused
    return {
        "keys": [
            {"kty": "RSA", "kid": "rsa", "alg": "RS256", "use": "sig", "n": number(r.n, 256), "e": number(r.e, 3)},
            {"kty": "RSA", "kid": "weak", "n": number(weak.n, 128), "e": number(weak.e, 3)},
            {"kty": "RSA", "kid": "seals", "use": "enc", "n": number(r.n, 256), "e": number(r.e, 3)},
            {"kty": "EC", "kid": "ec", "crv": "P-256", "x": number(e.x, 32), "y": number(e.y, 32)},
            {"kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": b64(EDDSA.public_key().public_bytes_raw())},
            {"kty": "oct", "kid": "shared", "k": b64(b"secret")},
        ]
    }


def sign_rsa(content: bytes) -> bytes:
    return RSA.sign(content, padding.PKCS1v15(), hashes.SHA256())


def sign_ec(content: bytes) -> bytes:
    r, s = decode_dss_signature(EC.sign(content, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


Sign = Callable[[bytes], bytes]


def token(
    header: Mapping[str, object] | None = None,
    sign: Sign = sign_rsa,
    raw_claims: bytes | None = None,
    **claims: object,
) -> str:
    head = {"alg": "RS256", "kid": "rsa", **(header or {})}
    body = raw_claims or json.dumps({k: v for k, v in {**CLAIMS, **claims}.items() if v is not None}).encode()
    signed = f"{b64(json.dumps(head).encode())}.{b64(body)}"
    return f"{signed}.{b64(sign(signed.encode()))}"


KEYS: Mapping[str, Key] = keys_of(jwks())


def who(text: str, issuer: str = "https://id.example", audience: str = "redoubt") -> str:
    return subject(text, issuer, audience, KEYS.get, lambda: NOW)


def test_keys_that_do_not_sign_or_are_weak_are_none() -> None:
    assert sorted(KEYS) == ["ec", "ed", "rsa"]


@pytest.mark.parametrize(
    ("header", "sign"),
    [({}, sign_rsa), ({"alg": "ES256", "kid": "ec"}, sign_ec), ({"alg": "EdDSA", "kid": "ed"}, EDDSA.sign)],
)
def test_whom_the_provider_signed_for_is_known(header: dict[str, str], sign: Sign) -> None:
    assert who(token(header, sign)) == "8f1c"
    assert who(token(header, sign, aud=["other", "redoubt"])) == "8f1c"


def shared_secret(content: bytes) -> bytes:
    """The trick of taking the public key for the secret of an HMAC."""
    return hmac.digest(jwks()["keys"][0]["n"].encode(), content, hashlib.sha256)


@pytest.mark.parametrize(
    "forged",
    [
        token(iss="https://other.example"),
        token(aud="other"),
        token(aud=None),
        token(aud={"redoubt": 1}),
        token(sub=None),
        token(sub=""),
        token(sub=7),
        token(exp=NOW - SKEW_S - 1),
        token(exp=None),
        token(exp="tomorrow"),
        token(exp=True),
        token(exp=10**400),
        token(exp=math.inf),
        token(exp=math.nan),
        token(nbf=10**400),
        token(nbf=math.nan),
        token(exp=NOW + LONGEST_LIFE_S + 1),
        token(nbf=NOW + SKEW_S + 1),
        token(iat=NOW + SKEW_S + 1),
        token({"alg": "none"}, lambda _: b""),
        token({"alg": "none"}),
        token({"alg": "HS256"}, shared_secret),
        token({"alg": "ES256"}, sign_ec),
        token({"kid": "ec"}, sign_ec),
        token({"kid": "weak"}),
        token({"kid": "seals"}),
        token({"kid": "unknown"}),
        token({"kid": None}),
        token({"crit": ["b64"], "b64": False}),
        token({"typ": "JWE"}),
        token(sign=lambda content: sign_rsa(content + b"x")),
        token({"alg": "ES256", "kid": "ec"}, lambda content: EC.sign(content, ec.ECDSA(hashes.SHA256()))),
        token({"alg": "ES256", "kid": "ec"}, lambda _: bytes(64)),
        token(raw_claims=b'{"sub": "8f1c", ' + json.dumps(CLAIMS).encode()[1:]),
        token(raw_claims=b"[]"),
        token(raw_claims=b"\xff"),
        token(raw_claims=b"[" * 3000),
        token() + "=",
        token()[:-2],
        token() + ".",
        token(padding="x" * 9000),
        "",
        "..",
        "a.b",
    ],
)
def test_nothing_else_is_a_proof(forged: str) -> None:
    with pytest.raises(RedoubtError) as said:
        who(forged)
    assert said.value.reason is Reason.NOT_SIGNED_IN
    assert said.value.__cause__ is None


@pytest.mark.parametrize("wrong", [None, [], {}, {"keys": {}}, {"keys": [jwks()["keys"][0]] * 2}])
def test_what_is_no_set_of_keys_is_refused(wrong: object) -> None:
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        keys_of(wrong)
