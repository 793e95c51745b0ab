"""A released document's copy, record and attestation: stored first, then the events that say so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.attest.attestor import Attests
from streams.attest.statement import GATEWAY, Decider, Release
from streams.events import DocumentMasked, RecordTokenized, SignOff
from streams.kafka.intake import Claim
from streams.kafka.topics import MASKED_DOCUMENTS, TOKENIZED_RECORDS
from streams.pipeline.document import Outcome
from streams.publish.origin import Addressed, Origin
from streams.store.claims import ClaimStore

RECORD_LIMIT_BYTES: Final = 256 * 1024
"""A larger record goes to the store, as a larger document does."""


def released(
    claim: Claim, outcome: Outcome, origin: Origin, masked: ClaimStore, attestor: Attests | None
) -> Iterator[Addressed]:
    """The event of the copy, and of the record where there is one. Raises as `publish` does."""
    if outcome.copy is None:
        raise RedoubtError(Reason.MASKER_FAILED)
    # First: what cannot be attested is not stored either.
    document = claim.document
    said = said_of(outcome, document.tenant, document.id, claim.commitment, *_deciders(origin))
    attestation = attestor.attest(said, outcome.copy) if attestor else None
    reference = claim.seal.put_output(masked, outcome.copy)
    yield (
        MASKED_DOCUMENTS,
        DocumentMasked(
            tenant=claim.document.tenant,
            document_id=claim.document.id,
            reference=reference,
            size_bytes=len(outcome.copy),
            commitment=claim.commitment,
            pages=outcome.pages,
            profile=outcome.profile,
            profile_version=outcome.profile_version,
            engine=outcome.engine,
            depth=outcome.depth,
            verdict=outcome.verdict,
            counts=dict(outcome.counts),
            kept=dict(outcome.kept),
            words=outcome.words,
            words_burned=outcome.words_burned,
            rounds=outcome.rounds,
            attestation=claim.seal.put_output(masked, attestation) if attestation else None,
            layers=dict(outcome.layers),
            notice=outcome.notice,
            document_class=claim.document.document_class,
        ),
    )
    if outcome.record is not None:
        # The JSON form counts: it is what the topic would carry.
        text = json.dumps(outcome.record.pages).encode()
        large = len(text) > RECORD_LIMIT_BYTES
        yield (
            TOKENIZED_RECORDS,
            RecordTokenized(
                tenant=claim.document.tenant,
                document_id=claim.document.id,
                document_class=claim.document.document_class,
                profile=outcome.profile,
                profile_version=outcome.profile_version,
                pages=outcome.pages,
                mean_confidence=outcome.record.mean_confidence,
                text=None if large else outcome.record.pages,
                reference=claim.seal.put_output(masked, text) if large else None,
            ),
        )


def _deciders(origin: Origin) -> Iterator[Decider]:
    yield from signers(origin.signed)
    # Which worker did it changes nothing, and would give the same document another attestation.
    yield Decider(origin.actor, origin.why, origin.ticket) if origin.why else Decider(GATEWAY)


def signers(signed: Iterable[SignOff]) -> tuple[Decider, ...]:
    return tuple(Decider(each.reviewer, each.why.value, each.ticket) for each in signed)


def said_of(outcome: Outcome, tenant: str, document_id: str, commitment: str, *deciders: Decider) -> Release:
    """What a statement on the release asserts. `commitment` as `Release` has it."""
    return Release(
        tenant=tenant,
        document_id=document_id,
        commitment=commitment,
        profile=outcome.profile,
        profile_version=outcome.profile_version,
        engine=outcome.engine,
        depth=outcome.depth,
        verdict=outcome.verdict,
        rounds=outcome.rounds,
        pages=outcome.pages,
        deciders=deciders,
    )
