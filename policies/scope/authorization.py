"""What a patient allowed, and whether a release may rest on it (45 CFR 164.508, 42 CFR 2.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from detectors.errors import Reason, RedoubtError
from detectors.sensitive.categories import Sensitive as Sensitive

if TYPE_CHECKING:
    from policies.profile import Profile

NOTICE: Final = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""42 CFR 2.32(a)(2), word for word: it accompanies every disclosure made with the patient's consent."""
_PART_2: Final = re.compile(r"part2(?:[-_.].*)?")


@dataclass(frozen=True, slots=True)
class Authorization:
    """Valid until `expires` inclusive, for dates of service in range and for the listed document classes.

    None in `date_from`, `date_to` or `classes` sets no limit of that kind; both days are inclusive.
    """

    id: str
    expires: date
    revoked: bool = False
    date_from: date | None = None
    date_to: date | None = None
    classes: tuple[str, ...] | None = None
    sensitive: tuple[str, ...] = ()


def is_part_2(source_program: str) -> bool:
    """Whether the programme that sent a document is one of 42 CFR part 2: `part2`, or `part2-` and its own name.

    The status comes from the programme, not from words: all that it sends is covered, and nothing that others send.
    """
    return _PART_2.fullmatch(source_program) is not None


def rests_on_consent(profile: Profile, source_program: str) -> bool:
    """Whether such a copy of this programme's document may go only as far as the patient has allowed.

    A Part 2 programme's record does under every profile, for a limited data set and codes that derive from identifiers
    still tell who the patient is by reference to other information (42 CFR 2.11), with two exceptions: to the patient
    (2.23), and de-identified (2.16(a), 2.52(b)(3), both by 45 CFR 164.514(b)), which what burns all it finds is, too.
    """
    if profile.requires_authorization:
        return True
    excepted = profile.to_patient or profile.deidentified or profile.burns_all
    return is_part_2(source_program) and not excepted


def notice_due(profile: Profile, source_program: str) -> str | None:
    """The notice that must accompany a copy; None where none is due: nothing of a Part 2 programme, or no disclosure
    that rests on a consent."""
    if profile.notice is not None:
        return profile.notice
    return NOTICE if is_part_2(source_program) and rests_on_consent(profile, source_program) else None


def not_allowed(profile: Profile, authorization: Authorization | None) -> frozenset[Sensitive]:
    """The categories whose passages the release may not show."""
    allowed = () if authorization is None else authorization.sensitive
    return frozenset(map(Sensitive, profile.unless_allowed)) - {c for c in Sensitive if c.value in allowed}


def check(
    profile: Profile,
    authorization: Authorization | None,
    document_class: str,
    today: date,
    source_program: str = "unspecified",
) -> None:
    """Whether this profile may release a document of this class and programme today.

    Raises RedoubtError with AUTHORIZATION_MISSING, _REVOKED (45 CFR 164.508(b)(5)), _EXPIRED (164.508(b)(2)(i)),
    _CLASS where the class is not among those allowed, _SCOPE where a sensitive category that the profile releases is
    not, or _PART_2 where the record is a Part 2 programme's and substance use is not allowed (42 CFR 2.31), or only for
    a range of days under a profile that dates no pages. An authorization that is given must hold, whether the profile
    needs one or not. Which pages lie in its range of days, and which passages it does not cover, only the pages tell.
    """
    rests = rests_on_consent(profile, source_program)
    if authorization is None:
        if rests:
            required = profile.requires_authorization
            raise RedoubtError(Reason.AUTHORIZATION_MISSING if required else Reason.AUTHORIZATION_PART_2)
        return
    if authorization.revoked:
        raise RedoubtError(Reason.AUTHORIZATION_REVOKED)
    if today > authorization.expires:
        raise RedoubtError(Reason.AUTHORIZATION_EXPIRED)
    if not rests:
        return
    if authorization.classes is not None and document_class not in authorization.classes:
        raise RedoubtError(Reason.AUTHORIZATION_CLASS)
    if is_part_2(source_program) and Sensitive.SUD.value not in authorization.sensitive:
        raise RedoubtError(Reason.AUTHORIZATION_PART_2)
    if not profile.requires_authorization and (authorization.date_from or authorization.date_to):
        raise RedoubtError(Reason.AUTHORIZATION_PART_2)
    if not set(profile.sensitive) <= set(authorization.sensitive):
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)
