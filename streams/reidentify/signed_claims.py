"""A signed token of an identity provider (JWT, RFC 7519, signed as JWS, RFC 7515): whose it is, or nothing.

Narrow on purpose (RFC 8725): three algorithms, each bound to its kind of key; no key, no address and no algorithm is
taken from the token itself. Whatever is wrong is told alike.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from detectors.errors import Reason, RedoubtError

MAX_CHARACTERS: Final = 8192
LONGEST_LIFE_S: Final = 24 * 3600
"""A token that proves somebody for longer than a day is no sign-in of today."""
SKEW_S: Final = 30
"""Clocks differ by so much."""
MIN_RSA_BITS: Final = 2048
_PART: Final = re.compile(r"[A-Za-z0-9_-]+")
_KINDS: Final = ("JWT", "at+jwt")

Keys = Callable[[str], "Key | None"]
"""The provider's key of this id, as it is now."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key of the provider: `algorithm` is the only one that it is used with."""

    algorithm: str
    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey = field(repr=False)

    def signed(self, content: bytes, signature: bytes) -> bool:
        try:
            match self.public:
                case rsa.RSAPublicKey():
                    self.public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
                case ec.EllipticCurvePublicKey():
                    if len(signature) != 64:
                        return False
                    halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
                    self.public.verify(encode_dss_signature(*halves), content, ec.ECDSA(hashes.SHA256()))
                case _:
                    self.public.verify(signature, content)
        except InvalidSignature:
            return False
        return True


def keys_of(document: object) -> Mapping[str, Key]:
    """The keys of a JWK set (RFC 7517) by id: those that sign, and that are of a kind known here.

    Raises RedoubtError(MISCONFIGURED) where it is no such set, or where two keys have one id.
    """
    entries = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise RedoubtError(Reason.MISCONFIGURED)
    found: dict[str, Key] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or entry.get("use", "sig") != "sig":
            continue
        name, key = entry.get("kid"), _key(entry)
        if not isinstance(name, str) or key is None or entry.get("alg", key.algorithm) != key.algorithm:
            continue
        if name in found:
            raise RedoubtError(Reason.MISCONFIGURED)
        found[name] = key
    return found


def subject(text: str, issuer: str, audience: str, keys: Keys, now: Callable[[], float] = time.time) -> str:
    """Whom the issuer says, to this audience and now, that the bearer is. Raises RedoubtError(NOT_SIGNED_IN)."""
    parts = text.split(".")
    if len(text) > MAX_CHARACTERS or len(parts) != 3:
        raise RedoubtError(Reason.NOT_SIGNED_IN)
    header, claims, signature = _object(parts[0]), _object(parts[1]), _bytes(parts[2])
    name = header.get("kid")
    key = keys(name) if isinstance(name, str) else None
    if (
        key is None
        or header.get("alg") != key.algorithm
        or header.get("typ", "JWT") not in _KINDS
        or "crit" in header
        or not key.signed(f"{parts[0]}.{parts[1]}".encode("ascii"), signature)
        or claims.get("iss") != issuer
        or audience not in _listed(claims.get("aud"))
        or not _in_time(claims, now())
    ):
        raise RedoubtError(Reason.NOT_SIGNED_IN)
    who = claims.get("sub")
    if not isinstance(who, str) or not who:
        raise RedoubtError(Reason.NOT_SIGNED_IN)
    return who


def _in_time(claims: Mapping[str, Any], now: float) -> bool:
    ends, begins = _seconds(claims.get("exp")), _seconds(claims.get("nbf", claims.get("iat", 0)))
    if ends is None or begins is None:
        return False
    return begins - SKEW_S <= now < ends + SKEW_S and ends - now <= LONGEST_LIFE_S


def _seconds(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else [value]


def _object(part: str) -> Mapping[str, Any]:
    found: object = None
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(_bytes(part), object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise RedoubtError(Reason.NOT_SIGNED_IN)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    # Two readers that each believe another one of two claims are how such tokens are forged.
    if len(found) != len(pairs):
        raise ValueError
    return found


def _bytes(part: str) -> bytes:
    try:
        if _PART.fullmatch(part):
            return base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
    except binascii.Error:
        pass
    raise RedoubtError(Reason.NOT_SIGNED_IN)


def _key(entry: Mapping[str, Any]) -> Key | None:
    """The key of one entry; None for one of another kind, or one that is too weak or damaged."""
    try:
        match entry.get("kty"), entry.get("crv"):
            case "RSA", _:
                numbers = rsa.RSAPublicNumbers(_integer(entry["e"]), _integer(entry["n"]))
                public = numbers.public_key()
                return Key("RS256", public) if public.key_size >= MIN_RSA_BITS else None
            case "EC", "P-256":
                point = ec.EllipticCurvePublicNumbers(_integer(entry["x"]), _integer(entry["y"]), ec.SECP256R1())
                return Key("ES256", point.public_key())
            case "OKP", "Ed25519":
                return Key("EdDSA", ed25519.Ed25519PublicKey.from_public_bytes(_bytes(entry["x"])))
    except (KeyError, TypeError, ValueError, UnsupportedAlgorithm, RedoubtError):
        pass
    return None


def _integer(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")
