"""What a patient allowed, and whether a release may rest on it (45 CFR 164.508)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from detectors.errors import Reason, RedoubtError

if TYPE_CHECKING:
    from policies.profile import Profile


class Sensitive(StrEnum):
    """Categories of record that an authorization must name before they are released (42 CFR part 2, state law)."""

    SUD = "sud"
    HIV = "hiv"
    MENTAL_HEALTH = "mental-health"
    GENETIC = "genetic"


@dataclass(frozen=True, slots=True)
class Authorization:
    """Valid until `expires` inclusive, for dates of service in range and for the listed document classes.

    None in `date_from`, `date_to` or `classes` sets no limit of that kind.
    """

    id: str
    expires: date
    revoked: bool = False
    date_from: date | None = None
    date_to: date | None = None
    classes: tuple[str, ...] | None = None
    sensitive: tuple[str, ...] = ()


def check(profile: Profile, authorization: Authorization | None, document_class: str, today: date) -> None:
    """Whether this profile may release a document of this class today.

    Raises RedoubtError with AUTHORIZATION_MISSING, _REVOKED (45 CFR 164.508(b)(5)), _EXPIRED (164.508(b)(2)(i)), or
    _SCOPE where the class is not among those allowed or a sensitive category that the profile releases is not.
    An authorization that is given must hold, whether the profile needs one or not. One that is limited to a range of
    dates of service is out of scope too: nothing here tells yet which pages lie inside the range.
    """
    if authorization is None:
        if profile.requires_authorization:
            raise RedoubtError(Reason.AUTHORIZATION_MISSING)
        return
    if authorization.revoked:
        raise RedoubtError(Reason.AUTHORIZATION_REVOKED)
    if today > authorization.expires:
        raise RedoubtError(Reason.AUTHORIZATION_EXPIRED)
    if not profile.requires_authorization:
        return
    if authorization.date_from is not None or authorization.date_to is not None:
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)
    if authorization.classes is not None and document_class not in authorization.classes:
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)
    if not set(profile.sensitive) <= set(authorization.sensitive):
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)
