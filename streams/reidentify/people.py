"""Who may turn tokens back, for whom and why: a file that an administrator keeps, and nothing that a caller says.

people:
  a.okafor: {role: privacy-officer, tenants: [north], hourly: 200, subject: 8f1c2d}
  j.lindt: {role: care-team, tenants: [north], hourly: 20, entity: 5b1d6c7e-...}

`subject` is what the identity provider calls the person (`sub`), `entity` the id that Vault knows them by: neither is
given to somebody else, as a name may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import jsonschema
import yaml

from detectors.errors import Reason, RedoubtError


class Standing(StrEnum):
    """In what role somebody turns tokens back."""

    PRIVACY_OFFICER = "privacy-officer"
    HONEST_BROKER = "honest-broker"
    """Stands between a study and the records that it was made from."""
    CARE_TEAM = "care-team"


class Ground(StrEnum):
    """Why, for the audit log. What more there is to say stands in the ticket."""

    PATIENT_REQUEST = "patient-request"
    INVESTIGATION = "investigation"
    LEGAL_DEMAND = "legal-demand"
    DATA_QUALITY = "data-quality"
    STUDY_RECONTACT = "study-recontact"
    """As far as the study's approval says that its people may be spoken to."""
    INCIDENTAL_FINDING = "incidental-finding"
    SAFETY_RECALL = "safety-recall"
    EMERGENCY = "emergency"
    """Somebody is in danger and there is no time to ask: allowed to all, and a second person confirms it afterwards."""


GROUNDS: Final[Mapping[Standing, frozenset[Ground]]] = {
    Standing.PRIVACY_OFFICER: frozenset(Ground),
    Standing.HONEST_BROKER: frozenset(
        {Ground.DATA_QUALITY, Ground.STUDY_RECONTACT, Ground.INCIDENTAL_FINDING, Ground.SAFETY_RECALL, Ground.EMERGENCY}
    ),
    Standing.CARE_TEAM: frozenset({Ground.INCIDENTAL_FINDING, Ground.SAFETY_RECALL, Ground.EMERGENCY}),
}
CONFIRMS: Final = Standing.PRIVACY_OFFICER

ACCOUNT: Final = "[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9])?"
"""What accounts, tenants and purposes may be called."""

_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["people"],
    "properties": {
        "people": {
            "type": "object",
            "propertyNames": {"pattern": f"^{ACCOUNT}$"},
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["role", "tenants", "hourly"],
                "properties": {
                    "role": {"enum": [standing.value for standing in Standing]},
                    "tenants": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                    "hourly": {"type": "integer", "minimum": 1, "maximum": 10_000},
                    "subject": {"type": "string", "minLength": 1, "maxLength": 255},
                    "entity": {"type": "string", "minLength": 8, "maxLength": 64},
                },
            },
        }
    },
}


@dataclass(frozen=True, slots=True)
class Person:
    """`name` is an account. `hourly` bounds the tokens that this person may turn back in an hour. Without a `subject`
    and without an `entity` nobody can prove to be this person."""

    name: str
    standing: Standing
    tenants: tuple[str, ...]
    hourly: int
    subject: str | None = None
    entity: str | None = None

    def may(self, tenant: str, ground: Ground) -> bool:
        return tenant in self.tenants and ground in GROUNDS[self.standing]


def people(file: Path) -> Mapping[str, Person]:
    """Everybody by name. Raises RedoubtError(MISCONFIGURED) for a file that is missing or says something else."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(_SCHEMA).validate(content)
    except (OSError, ValueError, yaml.YAMLError, jsonschema.ValidationError):
        raise RedoubtError(Reason.MISCONFIGURED) from None
    found = {name: _person(name, entry) for name, entry in content["people"].items()}
    for known_by in ([p.subject for p in found.values()], [p.entity for p in found.values()]):
        given = [one for one in known_by if one is not None]
        if len(given) != len(set(given)):
            raise RedoubtError(Reason.MISCONFIGURED)
    return found


def _person(name: str, entry: Mapping[str, Any]) -> Person:
    standing, tenants = Standing(entry["role"]), tuple(entry["tenants"])
    return Person(name, standing, tenants, entry["hourly"], entry.get("subject"), entry.get("entity"))
