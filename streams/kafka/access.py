"""Who may do what on the broker: one table, from which the ACLs are made and against which a process is checked.

Least right: a role has what is listed and nothing else. The broker must deny what no ACL allows
(`allow.everyone.if.no.acl.found=false`). WRITE on a topic includes the right to be idempotent; READ and WRITE
include DESCRIBE (Apache Kafka, KIP-11 and KIP-679).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from detectors.errors import Reason, RedoubtError
from streams.audit.sequencer import SEQUENCER
from streams.kafka import LOG
from streams.kafka.topics import (
    AUDIT_ENTRIES,
    AUDIT_HEADS,
    AUDIT_PENDING,
    CANARY_RESULTS,
    DECISIONS,
    LEAKAGE_OBSERVATIONS,
    LEAKAGE_WINDOWS,
    MASKED_DOCUMENTS,
    PHI_BACKFILL,
    PHI_DOCUMENTS,
    PROBE,
    REJECTED_DOCUMENTS,
    REJECTED_SETTLED,
    REVIEW_DECISIONS,
    REVIEW_REPLAYS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.monitor.topics import APP, CHANGELOG, FIGURES
from streams.settings import KafkaSettings

_ANSWER_S: Final = 30.0


class Role(StrEnum):
    """Each has a principal of its own. The first four are processes, the others are people's tools."""

    WORKER = "worker"
    SUBMITTER = "submitter"
    MONITOR = "monitor"
    SEQUENCER = "sequencer"
    REVIEWER = "reviewer"
    """Decides on what waits for a person's eye."""
    JUDGE = "judge"
    """Reads released canaries as any reader would, and says what still shows."""
    SAMPLER = "sampler"
    """Draws released documents for a second look, and counts what was seen."""
    OPERATOR = "operator"
    """Replays and discards rejected documents, runs retention."""
    ANALYST = "analyst"
    """Reads what was made for reading: no topic of the PHI zone, no task, no rejection, no audit."""
    AUDITOR = "auditor"
    REIDENTIFIER = "reidentifier"
    """Turns tokens back, each time on record."""


class Operation(StrEnum):
    READ = "READ"
    WRITE = "WRITE"
    DESCRIBE = "DESCRIBE"


class Resource(StrEnum):
    TOPIC = "TOPIC"
    GROUP = "GROUP"
    TRANSACTIONAL_ID = "TRANSACTIONAL_ID"


@dataclass(frozen=True, slots=True)
class Right:
    """`prefixed`: on every name that begins with this one."""

    operation: Operation
    resource: Resource
    name: str
    prefixed: bool = False

    def __str__(self) -> str:
        kind = self.resource.value.lower().replace("_", " ")
        return f"{self.operation.value} on {kind} {self.name}{'*' if self.prefixed else ''}"


@dataclass(frozen=True, slots=True)
class _Row:
    """What a role does. Its own group is read; `transactional`: transactional ids begin with its group's name."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    describes: tuple[str, ...] = ()
    transactional: bool = False


_TABLE: Final[Mapping[Role, _Row]] = {
    Role.WORKER: _Row(
        reads=(PHI_DOCUMENTS, PHI_BACKFILL, REVIEW_DECISIONS, REVIEW_REPLAYS, PROBE),
        writes=(
            MASKED_DOCUMENTS,
            TOKENIZED_RECORDS,
            REVIEW_TASKS,
            REJECTED_DOCUMENTS,
            LEAKAGE_OBSERVATIONS,
            AUDIT_PENDING,
            CANARY_RESULTS,
            PROBE,
        ),
        transactional=True,
    ),
    # An archive is announced in transactions; what of it was, stands in a group of the submitter's own.
    Role.SUBMITTER: _Row(reads=(PROBE,), writes=(PHI_DOCUMENTS, PHI_BACKFILL, PROBE), transactional=True),
    Role.MONITOR: _Row(
        reads=(LEAKAGE_OBSERVATIONS, CANARY_RESULTS, FIGURES, CHANGELOG, PROBE),
        writes=(LEAKAGE_WINDOWS, AUDIT_PENDING, FIGURES, CHANGELOG, PROBE),
        # How far the workers are behind: the ends of the topics, and their groups' offsets.
        describes=(PHI_DOCUMENTS, PHI_BACKFILL, *DECISIONS),
        transactional=True,
    ),
    Role.SEQUENCER: _Row(
        # What it writes to `audit.pending` is under which configuration it began.
        reads=(AUDIT_PENDING, AUDIT_ENTRIES, PROBE),
        writes=(AUDIT_PENDING, AUDIT_ENTRIES, AUDIT_HEADS, PROBE),
        transactional=True,
    ),
    Role.REVIEWER: _Row(reads=(REVIEW_TASKS, REVIEW_DECISIONS), writes=(REVIEW_DECISIONS, AUDIT_PENDING)),
    Role.JUDGE: _Row(reads=(CANARY_RESULTS, PROBE), writes=(CANARY_RESULTS, AUDIT_PENDING, PROBE), transactional=True),
    Role.SAMPLER: _Row(
        reads=(MASKED_DOCUMENTS, REVIEW_DECISIONS, PROBE),
        writes=(REVIEW_TASKS, LEAKAGE_OBSERVATIONS, AUDIT_PENDING, PROBE),
        transactional=True,
    ),
    Role.OPERATOR: _Row(
        # A replay copies the sealed event as it stands in phi.documents; the key to open it is not a right of Kafka's.
        # A decision that could not be carried out is copied in the same way, to a topic where it decides nothing new.
        reads=(
            REJECTED_DOCUMENTS,
            REJECTED_SETTLED,
            PHI_DOCUMENTS,
            PHI_BACKFILL,
            REVIEW_DECISIONS,
            REVIEW_REPLAYS,
            MASKED_DOCUMENTS,
            PROBE,
        ),
        writes=(PHI_DOCUMENTS, REVIEW_REPLAYS, REJECTED_SETTLED, AUDIT_PENDING, PROBE),
        transactional=True,
    ),
    Role.REIDENTIFIER: _Row(writes=(AUDIT_PENDING,)),
    Role.ANALYST: _Row(reads=(MASKED_DOCUMENTS, TOKENIZED_RECORDS, LEAKAGE_WINDOWS)),
    Role.AUDITOR: _Row(
        reads=(AUDIT_ENTRIES, AUDIT_HEADS, CANARY_RESULTS, LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS, MASKED_DOCUMENTS)
    ),
}


def group(role: Role, workers: str) -> str:
    """The name a role's group begins with; `workers` is the group of the workers, a setting."""
    return {Role.WORKER: workers, Role.MONITOR: APP, Role.SEQUENCER: SEQUENCER}.get(role, f"redoubt-{role.value}")


def backfill_group(workers: str) -> str:
    """The group in which the workers of that group read archives."""
    return f"{workers}-backfill"


def decisions_group(workers: str) -> str:
    """The group in which the workers of that group read people's decisions."""
    return f"{workers}-decisions"


def read_by(workers: str) -> Mapping[str, str]:
    """What the workers of that group take their work from, and the group in which they read each topic."""
    urgent = {PHI_DOCUMENTS: workers, PHI_BACKFILL: backfill_group(workers)}
    return urgent | dict.fromkeys(DECISIONS, decisions_group(workers))


def rights(role: Role, workers: str = KafkaSettings().group) -> tuple[Right, ...]:
    """All that a role may do."""
    row, own = _TABLE[role], group(role, workers)
    topics = ((Operation.READ, row.reads), (Operation.WRITE, row.writes), (Operation.DESCRIBE, row.describes))
    found = [Right(operation, Resource.TOPIC, name) for operation, names in topics for name in names]
    if row.reads:
        # People's tools take a group a run; a process has one, and no business in any other.
        process = role in (Role.WORKER, Role.MONITOR, Role.SEQUENCER)
        found.append(Right(Operation.READ, Resource.GROUP, own, prefixed=not process))
    if role is Role.WORKER:
        others = dict.fromkeys(name for name in read_by(workers).values() if name != own)
        found += [Right(Operation.READ, Resource.GROUP, name) for name in others]
    if role is Role.MONITOR:
        found += [Right(Operation.DESCRIBE, Resource.GROUP, name) for name in dict.fromkeys(read_by(workers).values())]
    if row.transactional:
        found.append(Right(Operation.WRITE, Resource.TRANSACTIONAL_ID, own, prefixed=True))
    return tuple(found)


def grant(settings: KafkaSettings, principals: Mapping[Role, str]) -> tuple[tuple[str, Right], ...]:
    """Give each role's principal (as the broker writes it, `User:name`) its rights; those that are there stay.

    Returns what was asked for. Raises RedoubtError(BROKER_UNAVAILABLE) where the broker does not answer or does not
    let this process do it.
    """
    wanted = tuple(
        dict.fromkeys((who, right) for role, who in principals.items() for right in rights(role, settings.group))
    )
    admin = AdminClient({**settings.client(), "error_cb": lambda _error: None}, logger=LOG)
    try:
        for future in admin.create_acls([_binding(*each) for each in wanted], request_timeout=_ANSWER_S).values():
            future.result(timeout=_ANSWER_S)
    except (KafkaException, TimeoutError):
        raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
    return wanted


def _binding(principal: str, right: Right) -> AclBinding:
    return AclBinding(
        ResourceType[right.resource.value],
        right.name,
        ResourcePatternType.PREFIXED if right.prefixed else ResourcePatternType.LITERAL,
        principal,
        "*",
        AclOperation[right.operation.value],
        AclPermissionType.ALLOW,
    )
