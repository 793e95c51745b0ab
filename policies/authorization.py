"""What a patient allowed, and whether a release may rest on it (45 CFR 164.508)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detectors.errors import Reason, RedoubtError

if TYPE_CHECKING:
    from policies.profile import Profile


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
    The range of dates of service is a matter of pages, not of the document, and is not looked at here.
    """
    if not profile.requires_authorization:
        return
    if authorization is None:
        raise RedoubtError(Reason.AUTHORIZATION_MISSING)
    if authorization.revoked:
        raise RedoubtError(Reason.AUTHORIZATION_REVOKED)
    if today > authorization.expires:
        raise RedoubtError(Reason.AUTHORIZATION_EXPIRED)
    if authorization.classes is not None and document_class not in authorization.classes:
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)
    if not set(profile.sensitive) <= set(authorization.sensitive):
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)
