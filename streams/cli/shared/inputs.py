"""What several commands read from their options: the profile, the patient and the authorization."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Owner
from detectors.subject import Subject
from policies import profile as profiles
from policies.profile import Profile
from policies.scope.authorization import Authorization, Sensitive, check, is_part_2
from streams.cli.shared.counting import listed
from streams.cli.shared.usage import WrongUsage, one_of
from streams.events import DocumentClass
from streams.fates import FATES, Fate
from streams.reasons import SENTENCES
from streams.subjects import subject_from_json

Patient = Annotated[
    Path | None,
    typer.Option(help="JSON of what is known of the patient (see README).", exists=True, dir_okay=False),
]
AuthorizationId = Annotated[
    str | None,
    typer.Option(help="The authorization the release rests on, for profiles that need one; with its last day."),
]
AuthorizationExpires = Annotated[str | None, typer.Option(help="Its last valid day, YYYY-MM-DD.")]
AuthorizationAllows = Annotated[
    list[Sensitive] | None,
    one_of(
        among=Sensitive,
        metavar="CATEGORY",
        help="A sensitive category that it allows; may be given again. part2-sud needs sud.",
    ),
]
AuthorizationFrom = Annotated[
    str | None,
    typer.Option("--authorization-from", help="The first day of service that it covers; pages of other days burn."),
]
AuthorizationTo = Annotated[str | None, typer.Option(help="The last day of service that it covers, YYYY-MM-DD.")]
ClassOfDocuments = Annotated[
    DocumentClass,
    one_of(among=DocumentClass, metavar="CLASS", help="Class of the documents."),
]
AuthorizationClasses = Annotated[
    list[DocumentClass] | None,
    one_of(
        among=DocumentClass,
        metavar="CLASS",
        help="A class of documents that it covers; may be given again. Without one it covers every class. A document's "
        "class is unknown unless --document-class is given.",
    ),
]
SourceProgram = Annotated[
    str,
    typer.Option(help="The programme that made the record: part2, or part2- and its name, for one of 42 CFR part 2."),
]

FORMS: Final = {
    **dict.fromkeys(
        ("names", "addresses", "phones", "emails", "ids", "relatives", "providers"), 'a list of strings, ["..."]'
    ),
    **dict.fromkeys(("mrn", "ssn"), 'a string, "..."'),
    "birth_date": 'a day as "YYYY-MM-DD"',
}
"""The keys of a patient and what stands behind each."""
_AT_FAULT: Final = {
    Reason.AUTHORIZATION_EXPIRED: "--authorization-expires",
    Reason.AUTHORIZATION_REVOKED: "--authorization-revoked",
}
_NEARLY_PART_2: Final = re.compile(r"(?<![a-z])p(?:ar)?t[\s._-]*(?:2|ii)(?![0-9a-z])|42[\s._-]*cfr", re.I)
_TELLABLE: Final = re.compile(r"[A-Za-z_]{1,24}")
"""A key that is longer or holds more than letters may be a value in the wrong place, and is not repeated."""


def profile_from(name: str) -> Profile:
    if name not in profiles.names():
        raise typer.BadParameter(f"one of {', '.join(profiles.names())}", param_hint="--profile")
    return profiles.load(name)


def authorization_from(
    identifier: str | None,
    expires: str | None,
    allows: Sequence[Sensitive] | None = None,
    *,
    revoked: bool = False,
    days: tuple[str | None, str | None] = (None, None),
    classes: Sequence[DocumentClass] | None = None,
) -> Authorization | None:
    """The authorization of the options; `days` are the first and the last day of service that it covers."""
    if identifier is None:
        if expires is not None or allows or revoked or any(days) or classes:
            raise WrongUsage("--authorization-id is also needed: which authorization it is")
        return None
    if expires is None:
        raise WrongUsage("--authorization-expires is also needed: the authorization's last valid day, YYYY-MM-DD")
    first = _day(days[0], "--authorization-from") if days[0] is not None else None
    last = _day(days[1], "--authorization-to") if days[1] is not None else None
    if first and last and last < first:
        raise typer.BadParameter("lies before --authorization-from", param_hint="--authorization-to")
    return Authorization(
        identifier,
        _day(expires, "--authorization-expires"),
        revoked,
        first,
        last,
        tuple(dict.fromkeys(c.value for c in classes)) if classes else None,
        tuple(dict.fromkeys(a.value for a in allows or ())),
    )


def must_hold(authorization: Authorization | None, profile: Profile) -> None:
    """Wrong usage without an authorization where the profile needs one, and with one that is expired or revoked. What a
    valid one does not allow is for each document to answer."""
    try:
        check(profile, authorization, "unknown", datetime.now(UTC).date())
    except RedoubtError as error:
        if FATES[error.reason] is Fate.REJECT:
            at_fault = _AT_FAULT.get(error.reason, profile.name)
            raise WrongUsage(f"{at_fault}: {SENTENCES[error.reason]}") from None


def warn_unused_authorization(profile: Profile, authorization: Authorization | None, source_program: str) -> None:
    """Where one is named, and neither the profile nor the record's programme asks for any."""
    if authorization is not None and not profile.requires_authorization and not is_part_2(source_program):
        typer.echo(
            f"redoubt: {profile.name} rests on no authorization: the one that was named changes nothing", err=True
        )


def _day(value: str, option: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter("a day as YYYY-MM-DD", param_hint=option) from None


def program_from(value: str) -> str:
    """The programme as events name it. Nearly the name of a Part 2 programme is wrong usage: its records would go
    unprotected."""
    if _NEARLY_PART_2.search(value) and not is_part_2(value):
        raise typer.BadParameter(
            "part2, or part2- and a name, for a programme of part 2", param_hint="--source-program"
        )
    return value


def patient_from(file: Path | None) -> Subject | None:
    """The patient of the file; wrong usage names the key that is at fault, never a value."""
    if file is None:
        return None
    try:
        value = json.loads(file.read_bytes())
    except OSError:
        raise typer.BadParameter("cannot be read", param_hint="--patient") from None
    except (ValueError, RecursionError):
        raise typer.BadParameter("not JSON", param_hint="--patient") from None
    problem = _problem(value)
    if problem:
        raise typer.BadParameter(problem, param_hint="--patient")
    return subject_from_json(value)


def _problem(value: Any) -> str:
    if not isinstance(value, dict):
        return f"one object with any of the keys {', '.join(FORMS)}"
    for key, given in value.items():
        if key not in FORMS:
            name = f"key {key!r}" if _TELLABLE.fullmatch(key) else "a key"
            return f"{name} is not known; any of {', '.join(FORMS)}"
        try:
            subject_from_json({key: given})
        except RedoubtError:
            return f"{key}: {FORMS[key]} is expected"
    return ""


_WHO: Final = ("names", "mrn", "ssn", "ids")
"""The keys of a patient by which a record is known to be that patient's (streams.pipeline.doubts, WHO)."""


def looked_for(subject: Subject | None) -> str:
    """By which keys the patient was looked for, where nothing was found: the keys alone, never a value."""
    if subject is None:
        return "no --patient was given"
    given = [key for key in _WHO if getattr(subject, key)]
    if not given:
        return f"--patient has none of {listed(_WHO)}, by one of which a record is known to be the patient's"
    return f"{listed(given)} of --patient were looked for"


def warn_without_patient(profile: Profile, subject: Subject | None) -> None:
    """Where a profile keeps what is the patient's own, and nothing says who that is."""
    keeps_own = not profile.acts_on(Kind.PERSON, Owner.PATIENT, "") and profile.acts_on(Kind.PERSON, Owner.UNKNOWN, "")
    if keeps_own and (subject is None or not subject.names):
        typer.echo(
            f"redoubt: {profile.name} without the patient's names (--patient): nobody can be recognised as the "
            "patient, so all names go, the patient's own too, and a person has to look at the copy",
            err=True,
        )
