"""From settings to running parts: the one place that knows which adapter stands behind which need."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from policies import shift
from policies.retention import load as load_retention
from policies.tokens.by_type import ByType, Remembering
from policies.tokens.derived import OFFSET_KEY, TransitSecrets
from policies.tokens.keyfile import read_or_make_key
from policies.tokens.renewal import Renewal
from policies.tokens.reversal import CONVERGENT_KEY, Reversal
from policies.tokens.tokenizer import Tokenizer, TokenType
from policies.tokens.transit import TransitTokenizer
from policies.tokens.vaulted import INDEX_KEY, VaultedTokenizer
from streams.attest.attestor import Attestor
from streams.attest.keys import AUDIT_HEADS, RELEASES, VaultSigner
from streams.attest.service import RemoteAttestor, Service
from streams.audit.heads import Heads
from streams.audit.sequencer import Sequencer
from streams.canaries.holds import ClassHolds
from streams.canaries.ledger import CanaryLedger
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.export.export import Exported, Exporter
from streams.export.folder import open_folder
from streams.export.retoken import Retokened
from streams.export.retoken import retoken as carry_over
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.job import Parts as WorkerParts
from streams.kafka.outages import Probe
from streams.kafka.starts import sweep
from streams.kafka.submit import Request, Submitter
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from streams.reidentify.allowance import Allowance
from streams.reidentify.counts import Counts
from streams.reidentify.fresh import Fresh
from streams.reidentify.people import Person, people
from streams.reidentify.proof import Proofs, Provider, VaultKeys, file_keys
from streams.reidentify.reidentification import Reidentification
from streams.reidentify.server import Desk, serving
from streams.rejected import Act, Settler
from streams.review.carry_out import CarryOut
from streams.review.lots import KEY_BYTES, Lots
from streams.review.sampler import Sampler
from streams.settings import Environment, Settings
from streams.store.claims import ClaimStore, ObjectClaims, open_claims
from streams.store.retention import Retention
from streams.store.rewrap import Rewrap
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.keyring import VaultDataKeys
from streams.vault.rotation import VaultRotation
from streams.vault.watch import watched as vault_watched
from streams.watch import logs
from streams.watch.health import Health, Part
from streams.watch.metrics import Metrics

if TYPE_CHECKING:
    from streams.canaries.judge import Judging

_PROBE: Final = "probe"
_PROBE_BYTES: Final = 64 * 1024
"""More than what a full disk has left in blocks that are already its."""


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
        originals, masked = _sealed(settings, vault), _store(settings, settings.store.masked_url)
        worker = settings.worker
        pages = opened.enter_context(PagePool(worker.processes, worker.ner_model, worker.local_lists_file))
        sample_key = TransitSecrets(vault, INDEX_KEY, settings.vault.tokens_mount)
        parts = Parts(decoder, pages, tokenizer(settings, vault), settings.worker.spill_folder, sample_key)

        phi = _store(settings, settings.store.phi_url)
        is_canary, holds = CanaryLedger(phi).is_planted, ClassHolds(phi)

        def handle(document: Document) -> Outcome:
            outcome = process(document, parts, Deadline.after(settings.worker.deadline_s))
            return holds.heeded(document, outcome, is_canary)

        attestor = RemoteAttestor(settings.attestor.socket) if settings.attestor.socket else None
        decide = CarryOut(handle, originals, masked, phi, is_canary, attestor)

        def probe_vault() -> None:
            vault.probe()
            if attestor:
                attestor.probe()

        if attestor:
            attestor.wait()
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
        signer.sign(_PROBE.encode())
        yield Service(Attestor(signer), settings.attestor.socket, settings.worker.spill_folder)
    finally:
        vault.close()


@contextmanager
def sequencer(settings: Settings) -> Iterator[Sequencer]:
    """The sequencer; it signs heads where it was given a role in Vault. Raises RedoubtError."""
    with ExitStack() as opened:
        heads = None
        if settings.vault.signs_in:
            vault = VaultSession(settings.vault)
            opened.callback(vault.close)
            outside = _store(settings, settings.sequencer.heads_url) if settings.sequencer.heads_url else None
            signer = VaultSigner(vault, settings.vault.attest_mount, AUDIT_HEADS)
            heads = Heads(signer, settings.sequencer.heads_every_s, outside)
        elif settings.sequencer.heads_url:
            raise RedoubtError(Reason.MISCONFIGURED)
        yield Sequencer(settings.kafka, heads=heads)


@contextmanager
def reidentification(settings: Settings) -> Iterator[Reidentification]:
    """The service that turns tokens back. Raises RedoubtError(MISCONFIGURED) without a file of the people who may."""
    if settings.reidentify.people_file is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    known = Fresh(settings.reidentify.people_file, people)
    known()
    vault = VaultSession(settings.vault)
    try:
        yield _reidentification(settings, vault, known)
    finally:
        vault.close()


@contextmanager
def reidentifier(settings: Settings, counts: Counts, health: Health) -> Iterator[int]:
    """The same for people who ask over TLS, while the block lasts; its port. Raises RedoubtError."""
    own = settings.reidentify
    if own.people_file is None or own.certificate_file is None or own.key_file is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    known = Fresh(own.people_file, people)
    known()
    with ExitStack() as opened:
        vault = VaultSession(settings.vault)
        opened.callback(vault.close)
        # With no right of the service's own: what a person brings is asked about in that person's name.
        bare = connect(settings.vault.address, settings.vault.ca_file)
        provider = None
        if own.issuer and own.audience:
            keys = file_keys(own.keys_file) if own.keys_file else VaultKeys(bare)
            provider = Provider(own.issuer, own.audience, keys)
        opened.enter_context(vault_watched(vault, health))
        service = _reidentification(settings, vault, known, counts.unusual)
        desk = Desk(Proofs(known, bare, provider), service, counts)
        yield opened.enter_context(serving(desk, own.address, own.port, own.certificate_file, own.key_file))


def _reidentification(
    settings: Settings,
    vault: VaultSession,
    known: Callable[[], Mapping[str, Person]],
    unusual: Callable[[], None] = lambda: None,
) -> Reidentification:
    reversal = Reversal(vault, settings.vault.tokens_mount, settings.vault.codes_mount)
    allowance = Allowance(vault, settings.vault.codes_mount)
    return Reidentification(known, reversal, allowance, AuditWriter(settings.kafka).append, unusual=unusual)


def ledger(settings: Settings) -> CanaryLedger:
    """Which documents are planted. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return CanaryLedger(_store(settings, settings.store.phi_url))


def class_holds(settings: Settings) -> ClassHolds:
    """Which classes are held. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return ClassHolds(_store(settings, settings.store.phi_url))


@contextmanager
def judging(settings: Settings) -> Iterator[Judging]:
    """Judges released canaries, with an engine of its own. Raises RedoubtError."""
    # Here alone: no worker loads what makes and judges planted documents.
    from detectors.reading.tesserocr_engine import TesserocrEngine
    from streams.canaries.judge import Judge, Judging

    masked = _store(settings, settings.store.masked_url)
    with TesserocrEngine() as engine:
        yield Judging(settings.kafka, Judge(ledger(settings), masked, engine), class_holds(settings))


def sampler(settings: Settings) -> Sampler:
    """Draws releases for a second look. Raises RedoubtError(MISCONFIGURED) without a key that is private."""
    own = settings.sampler
    if own.key_file is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    return Sampler(settings.kafka, Lots(read_or_make_key(own.key_file, KEY_BYTES), own.share, own.shares))


def masked_store(settings: Settings) -> ClaimStore:
    """Finished copies, as any reader of them has them. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return _store(settings, settings.store.masked_url)


@contextmanager
def submitter(settings: Settings) -> Iterator[Submitter]:
    """Seals and stores documents, and announces them. Raises RedoubtError by the part that is missing."""
    vault = VaultSession(settings.vault)
    try:
        offsets = TransitSecrets(vault, OFFSET_KEY, settings.vault.tokens_mount)
        with Submitter(settings.kafka, _sealed(settings, vault), offsets=offsets) as found:
            yield found
    finally:
        vault.close()


def offset_secret(settings: Settings, request: Request, patient: Subject | None) -> bytes | None:
    """What the dates of all of a patient's documents move by, with the submitter's rights. Raises RedoubtError."""
    vault = VaultSession(settings.vault)
    try:
        offsets = TransitSecrets(vault, OFFSET_KEY, settings.vault.tokens_mount)
        return shift.offset_secret(offsets, request.tenant, request.purpose, patient)
    finally:
        vault.close()


@contextmanager
def rotation(settings: Settings, of_tokens: bool = False) -> Iterator[VaultRotation]:
    """Rotates the storage key and rewraps data keys, or rotates the tokens' key, with the rotator's rights."""
    vault = VaultSession(settings.vault)
    try:
        if of_tokens:
            yield VaultRotation(vault, settings.vault.tokens_mount, CONVERGENT_KEY)
        else:
            yield VaultRotation(vault, settings.vault.storage_mount)
    finally:
        vault.close()


def tokenizer(settings: Settings, vault: VaultSession) -> Tokenizer:
    """Tokens of every type, those given out remembered."""
    names = settings.vault
    drawn = VaultedTokenizer(vault, names.tokens_mount, names.codes_mount)
    convergent = TransitTokenizer(vault, names.tokens_mount, key_version=names.token_key_version)
    made_by: dict[TokenType, Tokenizer] = {
        TokenType.CONVERGENT: convergent,
        TokenType.RANDOM: drawn,
        TokenType.SHAPED: drawn,
    }
    return Remembering(ByType(made_by))


def export(settings: Settings, folder: Path, stop: threading.Event) -> Exported:
    """Exports what is new. The masked store is opened for the first record that is too large for the topic."""
    stores: list[ClaimStore] = []

    def fetch(reference: str) -> bytes:
        if not stores:
            stores.append(_store(settings, settings.store.masked_url))
        return stores[0].get(reference)

    with open_folder(folder) as opened:
        return Exporter(settings.kafka, fetch).run(opened, stop)


def retoken(settings: Settings, folder: Path, purposes: Sequence[str], stop: threading.Event) -> Retokened:
    """Carries an export's convergent tokens over, with the rotator's rights. Raises RedoubtError."""
    vault = VaultSession(settings.vault)
    try:
        renewal = Renewal(vault, purposes, settings.vault.token_key_version, settings.vault.tokens_mount)
        with open_folder(folder) as opened:
            return carry_over(opened, renewal, stop)
    finally:
        vault.close()


def rewrap(settings: Settings, rotation: VaultRotation) -> Rewrap:
    """Carries the stored data keys over. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return Rewrap(_store(settings, settings.store.phi_url), rotation)


@contextmanager
def sealed(settings: Settings) -> Iterator[SealedStore]:
    """What the PHI zone holds, for as long as the block: for a person with the right to open it."""
    vault = VaultSession(settings.vault)
    try:
        yield _sealed(settings, vault)
    finally:
        vault.close()


@contextmanager
def settler(settings: Settings, act: Act, vault: bool) -> Iterator[Settler]:
    """Replays and discards. With `vault` also what only the store still has: it is opened once it is needed."""
    with ExitStack() as stack:
        opened = (lambda: stack.enter_context(sealed(settings))) if vault else None
        yield stack.enter_context(Settler(settings.kafka, act, opened))


def retention(settings: Settings, actor: str) -> Retention:
    """Ends documents and holds them; the broker is asked at the first entry.

    Raises RedoubtError(STORE_UNAVAILABLE), RedoubtError(MISCONFIGURED) for a policy that is none.
    """
    policy = load_retention(settings.store.retention_file)
    audit = AuditWriter(settings.kafka)
    phi, masked = _store(settings, settings.store.phi_url), _store(settings, settings.store.masked_url)
    return Retention(phi, masked, policy, audit.append, actor)


def sweep_starts(settings: Settings, now: datetime) -> int:
    """How many notes of dead processes were old enough to go. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return sweep(_store(settings, settings.store.phi_url), now)


def _sealed(settings: Settings, vault: VaultSession) -> SealedStore:
    return SealedStore(_store(settings, settings.store.phi_url), VaultDataKeys(vault, settings.vault.storage_mount))


def probe_stores(*stores: ClaimStore) -> None:
    """Write as documents do: a store that is full still shows its marker. Leaves no marker of its own: a volume that
    is not mounted would then pass for an empty store, and every document in it for lost."""
    for store in stores:
        try:
            store.get(_PROBE)
        except RedoubtError as error:
            if error.reason is not Reason.CONTENT_MISSING:
                raise
        store.replace(_PROBE, bytes(_PROBE_BYTES))


def _store(settings: Settings, url: str) -> ObjectClaims:
    # A bucket that is missing says so. A folder below which no volume is mounted looks like a store not yet begun.
    begins = settings.environment is Environment.DEMO or not url.startswith("file:")
    store = open_claims(url, begins=begins)
    store.probe()
    return store
