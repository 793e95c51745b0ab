"""The processes that run all day, each with a role of its own in Vault and on the broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from detectors.errors import Reason, RedoubtError
from policies.tokens.derived import TransitSecrets
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.vaulted import INDEX_KEY
from streams.attest.attestor import Attestor
from streams.attest.keys import AUDIT_HEADS, RELEASES, VaultSigner
from streams.attest.service import RemoteAttestor, Service, Started
from streams.audit.configuration import facts, id_of, of_start
from streams.audit.counts import HeadCounts
from streams.audit.heads import Heads, Outside
from streams.audit.sequencer import Sequencer
from streams.canaries.holds import ClassHolds
from streams.canaries.ledger import CanaryLedger
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.job import Parts as WorkerParts
from streams.kafka.outages import Probe
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from streams.review.carry_out import CarryOut
from streams.review.second_looks.lots import KEY_BYTES, Lots
from streams.review.second_looks.sampler import Sampler
from streams.settings import Environment, Settings
from streams.vault.client import VaultSession
from streams.watch import logs
from streams.watch.health import Health, Part
from streams.watch.metrics import Metrics
from streams.wiring.stores import class_holds, ledger, probe_stores, sealed_store, store
from streams.wiring.tokens import tokenizer

if TYPE_CHECKING:
    from streams.canaries.judge import Judging

_PROBE: Final = b"probe"
ATTESTOR: Final = "attestor"
"""As the audit log names it."""


@contextmanager
def worker(settings: Settings, metrics: Metrics, health: Health | None = None) -> Iterator[Worker]:
    """A worker whose every part has been probed. Raises RedoubtError by the part that is missing or misconfigured."""
    with ExitStack() as opened:
        # First: a kernel that cannot confine is refused before any credential is used.
        must_confine = settings.environment is Environment.PRODUCTION
        decoder = opened.enter_context(Decoder(must_confine=must_confine))
        vault = VaultSession(settings.vault)
        opened.callback(vault.close)
        vault.probe()
        originals, masked = sealed_store(settings, vault), store(settings, settings.store.masked_url)
        worker = settings.worker
        pages = opened.enter_context(PagePool(worker.processes, worker.ner_model, worker.local_lists_file))
        sample_key = TransitSecrets(vault, INDEX_KEY, settings.vault.tokens_mount)
        parts = Parts(decoder, pages, tokenizer(settings, vault), settings.worker.spill_folder, sample_key)

        phi = store(settings, settings.store.phi_url)
        is_canary, holds = CanaryLedger(phi).is_planted, ClassHolds(phi)

        def handle(document: Document) -> Outcome:
            outcome = process(document, parts, Deadline.after(settings.worker.deadline_s))
            return holds.heeded(document, outcome, is_canary)

        def told(started: Started) -> None:
            # An attestor has no right at the broker.
            entry = of_start(ATTESTOR, started.start, started.configuration)
            AuditWriter(settings.kafka).append(entry)

        attestor = RemoteAttestor(settings.attestor.socket, told) if settings.attestor.socket else None
        decide = CarryOut(handle, originals, masked, phi, is_canary, attestor)

        def probe_vault() -> None:
            vault.probe()
            if attestor:
                attestor.probe()

        if attestor:
            attestor.wait()
            attestor.meet()
        else:
            logs.get("worker").warning("releases are not signed")
        probes: dict[Part, Probe] = {Part.VAULT: probe_vault, Part.STORE: partial(probe_stores, phi, masked)}
        found = WorkerParts(handle, originals, masked, is_canary, attestor, decide, probes)
        yield Worker(settings, found, metrics, health)


@contextmanager
def attestor(settings: Settings) -> Iterator[Service]:
    """Signs what the worker releases, with the attestor's rights, which no worker has. Raises RedoubtError."""
    if settings.attestor.socket is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    vault = VaultSession(settings.vault)
    try:
        signer = VaultSigner(vault, settings.vault.attest_mount, RELEASES)
        signer.sign(_PROBE)
        configuration = id_of(facts(settings))
        yield Service(Attestor(signer), settings.attestor.socket, configuration, settings.worker.spill_folder)
    finally:
        vault.close()


@contextmanager
def sequencer(settings: Settings, counts: HeadCounts) -> Iterator[Sequencer]:
    """The sequencer; it signs heads where it was given a role in Vault. Raises RedoubtError."""
    with ExitStack() as opened:
        heads = None
        if settings.vault.signs_in:
            vault = VaultSession(settings.vault)
            opened.callback(vault.close)
            url = settings.sequencer.heads_url
            outside = Outside(store(settings, url), counts) if url else None
            signer = VaultSigner(vault, settings.vault.attest_mount, AUDIT_HEADS)
            heads = Heads(signer, settings.sequencer.heads_every_s, outside, counts)
        elif settings.sequencer.heads_url:
            raise RedoubtError(Reason.MISCONFIGURED)
        yield Sequencer(settings.kafka, heads=heads)


@contextmanager
def judging(settings: Settings) -> Iterator[Judging]:
    """Judges released canaries, with an engine of its own. Raises RedoubtError."""
    # Here alone: no worker loads what makes and judges planted documents.
    from detectors.reading.engines.tesserocr_engine import TesserocrEngine
    from streams.canaries.judge import Judge, Judging

    masked = store(settings, settings.store.masked_url)
    with TesserocrEngine() as engine:
        yield Judging(settings.kafka, Judge(ledger(settings), masked, engine), class_holds(settings))


def sampler(settings: Settings) -> Sampler:
    """Draws releases for a second look. Raises RedoubtError(MISCONFIGURED) without a key that is private."""
    own = settings.sampler
    if own.key_file is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    return Sampler(settings.kafka, Lots(read_or_make_key(own.key_file, KEY_BYTES), own.share, own.shares))
