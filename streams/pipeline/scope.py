"""What a release desk looks at: pages of another patient, passages and pages that the authorization does not cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from detectors import sensitive
from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading
from detectors.subject import Subject
from policies.attack.report import Residual
from policies.decisions import Action, Decision
from policies.profile import Profile
from policies.scope import another_patient
from policies.scope.authorization import Authorization, not_allowed
from policies.scope.service_dates import Covered, covered
from streams.pipeline.answers import Mark, findings_at

_DOUBTS: Final = {
    Covered.UNTOLD: Reason.UNDATED_PAGE,
    Covered.UNREAD: Reason.UNREAD_DATE,
    Covered.BOTH: Reason.MIXED_DATES,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """`decisions` burn what is not covered; `asked` are places that a person must look at, each with its reason."""

    decisions: tuple[Decision, ...] = ()
    asked: tuple[Residual, ...] = ()

    @property
    def doubts(self) -> tuple[Reason, ...]:
        return tuple(dict.fromkeys(place.reason for place in self.asked))


def keeps_the_patient(profile: Profile) -> bool:
    """Whether what the profile makes shows who the patient is and nobody else: a release, nothing de-identified."""
    keeps = profile.rule(Kind.PERSON, Owner.PATIENT).action is Action.KEEP
    return keeps and profile.rule(Kind.PERSON, Owner.UNKNOWN).action is not Action.KEEP


def scope(
    profile: Profile,
    authorization: Authorization | None,
    subject: Subject | None,
    readings: Sequence[PageReading],
    found: Sequence[Finding],
) -> Scope:
    """Of the whole document. Nothing for a profile under which the patient is not shown.

    Raises RedoubtError(AUTHORIZATION_DATES) where every page lies outside the range that the authorization covers.
    """
    if not keeps_the_patient(profile):
        return Scope()
    on_page = defaultdict[int, list[Finding]](list)
    for finding in found:
        on_page[finding.page].append(finding)
    lie = covered(authorization if profile.requires_authorization else None, readings, found)
    if lie and all(answer is Covered.OUTSIDE for answer in lie):
        raise RedoubtError(Reason.AUTHORIZATION_DATES)
    burned: list[Finding] = []
    asked: list[Residual] = []
    passages: list[Decision] = []
    for page, (reading, lies) in enumerate(zip(readings, lie, strict=True)):
        whole = Box(0, 0, reading.width_px, reading.height_px)
        # Also of a page that burns: whoever sends the chart must learn that another patient's record lies in it.
        if stranger := another_patient.contradiction(reading.text, on_page[page], subject):
            region = Quad.of(_around(stranger.regions))
            asked.append(Residual(page, stranger.kind, region, Reason.WRONG_PATIENT, False))
        if lies is Covered.OUTSIDE:
            burned += findings_at(Mark(page, whole, Kind.SENSITIVE), reading, Layer.PATTERN)
            continue
        if lies in _DOUBTS:
            asked.append(Residual(page, Kind.DATE, Quad.of(whole), _DOUBTS[lies], False))
        passages += _not_allowed(profile, authorization, page, reading)
    return Scope((*(profile.decide(finding, "") for finding in burned), *passages), tuple(asked))


def _not_allowed(
    profile: Profile, authorization: Authorization | None, page: int, reading: PageReading
) -> Iterator[Decision]:
    """Each passage with its rule and category, for the report: `not-covered-hiv`."""
    for passage in sensitive.passages(reading.text, not_allowed(profile, authorization)):
        words = reading.words_in(passage.start, passage.end)
        if not words:
            continue
        span = Span(passage.start, passage.end, Kind.SENSITIVE, 1.0, Layer.DICTIONARY)
        regions = tuple(reading.words[word].region for word in words)
        finding = Finding(page, Kind.SENSITIVE, 1.0, Layer.DICTIONARY, regions, words, span)
        decision = profile.decide(finding, "")
        yield Decision(finding, decision.action, f"{decision.rule}-{passage.category.value}")


def _around(regions: Sequence[Quad]) -> Box:
    bounds = [region.bounds for region in regions]
    return Box(
        min(b.left for b in bounds),
        min(b.top for b in bounds),
        max(b.right for b in bounds),
        max(b.bottom for b in bounds),
    )
