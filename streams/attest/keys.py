"""Who signs: a key of a vault's that never leaves it, or a key file of one person at a terminal."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from detectors.errors import Reason, RedoubtError
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.transit import VaultWrites

RELEASES: Final = "releases"
"""The key that signs what is said of a release; role `attestor` alone may use it."""
AUDIT_HEADS: Final = "audit-heads"
"""The key that signs the heads of the audit log; role `sequencer` alone may use it."""
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_SIGNATURE: Final = re.compile(r"vault:(v[0-9]{1,9}):([A-Za-z0-9+/]+={0,2})")


class VaultSigner:
    """Signs by Vault transit: the key is Ed25519 and cannot be read by anyone."""

    def __init__(self, vault: VaultWrites, mount: str, key: str) -> None:
        self._vault = vault
        self._mount, self._key = mount, key

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Raises RedoubtError(VAULT_UNAVAILABLE), RedoubtError(VAULT_REFUSED) where the role may not sign."""
        answer = self._vault.write(f"{self._mount}/sign/{self._key}", {"input": base64.b64encode(message).decode()})
        found = _SIGNATURE.fullmatch(str(answer.get("signature") or ""))
        signature = base64.b64decode(found[2]) if found else b""
        if found is None or len(signature) != SIGNATURE_BYTES:
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)
        return f"{self._mount}/{self._key}:{found[1]}", signature


class LocalSigner:
    """Signs with a key file, made on first use with mode 0600; its public half lies beside it as `.pub`.

    Whoever reads the file can sign: raises RedoubtError(MISCONFIGURED) in production, and where it is not private.
    """

    def __init__(self, key_file: Path, *, production: bool) -> None:
        if production:
            raise RedoubtError(Reason.MISCONFIGURED)
        self._key = Ed25519PrivateKey.from_private_bytes(read_or_make_key(key_file, KEY_BYTES))
        public = self._key.public_key()
        self._id = hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
        self.public_file = key_file.with_name(key_file.name + ".pub")
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        try:
            # Not again: somebody may be reading it.
            if not self.public_file.exists() or self.public_file.read_bytes() != pem:
                self.public_file.write_bytes(pem)
        except OSError:
            raise RedoubtError(Reason.MISCONFIGURED) from None

    def sign(self, message: bytes) -> tuple[str, bytes]:
        return self._id, self._key.sign(message)
