"""Who may turn tokens back, for whom and why: a file that an administrator keeps, and nothing that a caller says.

people:
  a.okafor: {role: privacy-officer, tenants: [north], hourly: 200}
  j.lindt: {role: care-team, tenants: [north], hourly: 20}
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

_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["people"],
    "properties": {
        "people": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9])?$"},
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["role", "tenants", "hourly"],
                "properties": {
                    "role": {"enum": [standing.value for standing in Standing]},
                    "tenants": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                    "hourly": {"type": "integer", "minimum": 1, "maximum": 10_000},
                },
            },
        }
    },
}


@dataclass(frozen=True, slots=True)
class Person:
    """`name` is an account. `hourly` bounds the tokens that this person may turn back in an hour."""

    name: str
    standing: Standing
    tenants: tuple[str, ...]
    hourly: int

    def may(self, tenant: str, ground: Ground) -> bool:
        return tenant in self.tenants and ground in GROUNDS[self.standing]


def people(file: Path) -> Mapping[str, Person]:
    """Everybody by name. Raises RedoubtError(MISCONFIGURED) for a file that is missing or says something else."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(_SCHEMA).validate(content)
    except (OSError, ValueError, yaml.YAMLError, jsonschema.ValidationError):
        raise RedoubtError(Reason.MISCONFIGURED) from None
    return {
        name: Person(name, Standing(entry["role"]), tuple(entry["tenants"]), entry["hourly"])
        for name, entry in content["people"].items()
    }
