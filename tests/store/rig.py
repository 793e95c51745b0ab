"""A worker with a real vault and a real store, its pipeline replaced by one that takes orders from the content."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policies.tokens.derived import OFFSET_KEY, TransitSecrets
from streams.embedded.openbao import EmbeddedVault
from streams.kafka.job import Parts
from streams.kafka.submit import Submitter
from streams.kafka.worker import Worker
from streams.settings import KafkaSettings, VaultSettings
from streams.store.claims import ObjectClaims
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.keyring import VaultDataKeys
from streams.vault.setup import Role, set_up
from tests.kafka.transport import handle, settings


class Rig:
    """Everything has the rights of its own role; `worker` is what a thief of the worker's credentials has."""

    def __init__(self, vault: EmbeddedVault, folder: Path, bootstrap: str, phi: ObjectClaims, masked: ObjectClaims):
        self._bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        self._roles = set_up(self._bare, vault.root_token, folder / "roles")
        self.bootstrap, self.phi, self.masked = bootstrap, phi, masked
        self.worker = SealedStore(phi, VaultDataKeys(self.session(Role.WORKER)))

    def session(self, role: Role) -> VaultSession:
        files = self._roles[role]
        return VaultSession(
            self._bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})
        )

    def submitter(self, inline_up_to: int = 0) -> Submitter:
        session = self.session(Role.SUBMITTER)
        sealed, offsets = SealedStore(self.phi, VaultDataKeys(session)), TransitSecrets(session, OFFSET_KEY)
        return Submitter(KafkaSettings(bootstrap=self.bootstrap), sealed, inline_up_to, offsets)

    @contextmanager
    def working(self) -> Iterator[None]:
        """A worker in a thread; leaves cleanly at the end."""
        stop, codes = threading.Event(), list[int]()
        worker = Worker(settings(self.bootstrap), Parts(handle, self.worker, self.masked))
        thread = threading.Thread(target=lambda: codes.append(worker.run(stop)))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(60)
        assert codes == [0]
