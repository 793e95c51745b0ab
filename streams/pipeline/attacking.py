"""The attack on a finished copy, of which no look is taken twice because a worker was killed between them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from detectors.subject import Subject
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Residual
from streams.clock import Deadline
from streams.pipeline.journal import Journal
from streams.pipeline.masking import Masked
from streams.pipeline.parts import Pages


@dataclass(frozen=True, slots=True)
class Attacked:
    """A look and what it found. `look` stands for all that it was taken at."""

    look: str
    residuals: tuple[Residual, ...]


def attack(
    masked: Masked,
    looks: Sequence[Look],
    acts_on: ActsOn,
    subject: Subject | None,
    pages: Pages,
    journal: Journal[Attacked],
    deadline: Deadline,
) -> list[Residual]:
    """What the attacker finds on these looks, in their order. Raises RedoubtError as `pages.attack` does.

    A look that the journal has counts only where it was at the very sheet, boxes and secrets of today.
    """
    secrets = _digest([[secret.kind, secret.value] for secret in masked.claim.secrets])
    names = [_digest([secrets, masked.digests[look.page], _placed(look, masked.claim)]) for look in looks]
    found: list[Residual] = []
    taken, same = 0, True
    for entry in journal.entries():
        same = same and taken < len(looks) and entry.look == names[taken]
        if same:
            found += entry.residuals
            taken += 1
    answers = pages.attack(masked.copy, looks[taken:], masked.claim, acts_on, subject, deadline)
    for name, residuals in zip(names[taken:], answers, strict=True):
        journal.add(Attacked(name, tuple(residuals)))
        found += residuals
    return found


def _placed(look: Look, claim: Claim) -> list[object]:
    near = None if look.near is None else [quad.corners for quad in look.near]
    return [look.page, near, [quad.corners for quad in claim.burned[look.page]]]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
