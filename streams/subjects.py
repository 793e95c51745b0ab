"""The event's `patient` as JSON, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject

_LISTS = ("names", "addresses", "phones", "emails", "ids", "relatives", "providers")
_STRINGS = ("mrn", "ssn")


def subject_from_json(value: Any) -> Subject:
    """Raises RedoubtError(INVALID_EVENT) on unknown fields and wrong types, without saying which value."""
    if not isinstance(value, dict) or not set(value) <= {*_LISTS, *_STRINGS, "birth_date"}:
        raise RedoubtError(Reason.INVALID_EVENT)
    fields: dict[str, Any] = {}
    for name, given in value.items():
        if name in _LISTS and isinstance(given, list) and all(isinstance(item, str) for item in given):
            fields[name] = tuple(given)
        elif name in _STRINGS and isinstance(given, str):
            fields[name] = given
        elif name == "birth_date" and isinstance(given, str):
            try:
                fields[name] = date.fromisoformat(given)
            except ValueError:
                raise RedoubtError(Reason.INVALID_EVENT) from None
        else:
            raise RedoubtError(Reason.INVALID_EVENT)
    return Subject(**fields)


def subject_to_json(subject: Subject) -> dict[str, Any]:
    """Only what is known: empty fields are left out."""
    value: dict[str, Any] = {name: list(getattr(subject, name)) for name in _LISTS if getattr(subject, name)}
    value |= {name: getattr(subject, name) for name in _STRINGS if getattr(subject, name)}
    if subject.birth_date:
        value["birth_date"] = subject.birth_date.isoformat()
    return value
