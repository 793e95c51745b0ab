"""What several commands read from their options: the patient and the authorization."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typer

from detectors.errors import RedoubtError
from detectors.subject import Subject
from policies.authorization import Authorization
from streams.subjects import subject_from_json


def authorization_from(identifier: str | None, expires: str | None, *, revoked: bool = False) -> Authorization | None:
    if identifier is None:
        return None
    try:
        return Authorization(identifier, date.fromisoformat(expires or ""), revoked)
    except ValueError:
        raise typer.BadParameter("a day as YYYY-MM-DD", param_hint="--authorization-expires") from None


def patient_from(file: Path | None) -> Subject | None:
    if file is None:
        return None
    try:
        return subject_from_json(json.loads(file.read_text()))
    except (ValueError, RedoubtError):
        raise typer.BadParameter("not a patient as README describes it", param_hint="--patient") from None
