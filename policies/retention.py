"""Retention: how long each class of document is kept, as data with a reason and a source for every class.

Days count from the moment of submission.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from detectors.errors import Reason, RedoubtError


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """`keep_days` pass before a person may discard; `sealed_days` before all that only the PHI zone may see ends;
    `outputs_days` before released copies end, None for never."""

    name: str
    title: str
    keep_days: int
    sealed_days: int
    outputs_days: int | None
    reason: str
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.keep_days <= self.sealed_days:
            raise ValueError("what nobody may discard yet cannot have ended")
        if self.outputs_days is not None and self.outputs_days < self.keep_days:
            raise ValueError("outputs are kept as long as the original at least")


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Every class by name, and the one for documents whose submitter named none."""

    number: int
    default: str
    classes: Mapping[str, RetentionClass]

    def __post_init__(self) -> None:
        if self.default not in self.classes:
            raise ValueError("the default is one of the classes")

    def of(self, name: str | None) -> RetentionClass | None:
        """None for a name that the policy no longer has: such a document is never destroyed by a clock."""
        return self.classes.get(self.default if name is None else name)


def load(file: Path | None = None) -> RetentionPolicy:
    """The policy of `file`, or the gateway's own. Raises RedoubtError(MISCONFIGURED) where it breaks the schema."""
    folder = resources.files("policies")
    schema = json.loads((folder / "retention.schema.json").read_text(encoding="utf-8"))
    try:
        content = yaml.safe_load((file or folder / "retention.yaml").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(content)
        return _built(content)
    except (OSError, yaml.YAMLError, jsonschema.ValidationError, ValueError):
        raise RedoubtError(Reason.MISCONFIGURED) from None


def _built(content: Mapping[str, Any]) -> RetentionPolicy:
    classes = {
        name: RetentionClass(
            name=name,
            title=entry["title"],
            keep_days=entry["keep_days"],
            sealed_days=entry["sealed_days"],
            outputs_days=entry.get("outputs_days"),
            reason=" ".join(entry["reason"].split()),
            source=entry["source"],
        )
        for name, entry in content["classes"].items()
    }
    return RetentionPolicy(content["number"], content["default"], classes)
