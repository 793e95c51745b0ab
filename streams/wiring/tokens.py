"""Tokens made for the worker, and turned back: by a process of its own, or in a trial by the command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from detectors.errors import Reason, RedoubtError
from policies.tokens.by_type import ByType, Remembering
from policies.tokens.reversal import Reversal
from policies.tokens.tokenizer import Tokenizer, TokenType
from policies.tokens.transit import TransitTokenizer
from policies.tokens.vaulted import VaultedTokenizer
from streams.kafka.audit_writer import AuditWriter
from streams.reidentify.allowance import Allowance
from streams.reidentify.counts import Counts
from streams.reidentify.fresh import Fresh
from streams.reidentify.people import Person, people
from streams.reidentify.proof import Proofs, Provider, VaultKeys, file_keys
from streams.reidentify.reidentification import Reidentification
from streams.reidentify.server import Desk, serving
from streams.settings import Settings
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.watch import watched as vault_watched
from streams.watch.health import Health


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


def _reidentification(
    settings: Settings,
    vault: VaultSession,
    known: Callable[[], Mapping[str, Person]],
    unusual: Callable[[], None] = lambda: None,
) -> Reidentification:
    reversal = Reversal(vault, settings.vault.tokens_mount, settings.vault.codes_mount)
    allowance = Allowance(vault, settings.vault.codes_mount)
    return Reidentification(known, reversal, allowance, AuditWriter(settings.kafka).append, unusual=unusual)
