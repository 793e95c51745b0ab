"""When a page was read too badly for anyone to say that its copy is clean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from statistics import fmean
from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.pages import LayerState, PageReading
from detectors.visual.ink.accounting import InkReport
from detectors.words.doubt import doubtful
from policies.decisions import Action, Decision
from policies.profile import Profile
from policies.thresholds import Between
from streams.decode.batch import Flaw
from streams.pipeline.scope import keeps_the_patient

INK_SHARE_FOR_REVIEW: Final = 0.10
"""Share of a page's ink that no confident word explains. Painting that much black leaves nothing of use, and an
engine that lost a tenth of the ink has lost whole lines: a person looks."""
MEAN_CONFIDENCE_FOR_REVIEW: Final = 55.0
"""Mean word confidence, 0 to 100; legible scans read at 80 and more."""
WHO: Final = frozenset({Kind.PERSON, Kind.MRN, Kind.SSN, Kind.MBI, Kind.HEALTH_PLAN, Kind.ACCOUNT})
"""Kinds that say whose record it is; a date of birth or a town alone does not."""
NO_IDENTIFIERS: Final = frozenset({Kind.UNREADABLE, Kind.HANDWRITING, Kind.SENSITIVE})
"""Kinds of word that burn without anyone having read an identifier in them."""
UNREAD_SHARE_FOR_REVIEW: Final = 0.12
"""Share of the words that are no identifiers that burn because nobody could read them: such a copy is a blacked-out
page, and what the engine lost may be what the recipient asked for."""
MOST_UNREAD: Final = 0.15
"""The same of all words: what is misread so often is taken for identifiers that it is not. Of 91 poor pages of three
seeds the three that would have gone out with an identifier in the open, and a seventh unread, lay above."""
HIDING: Final = frozenset({LayerState.INVISIBLE, LayerState.CONTRADICTED})
"""Layers that tell text which the page does not show so: it may be there for eyes that look closer than an engine.
A layer under a scan is an earlier reading, and its slips are no secret."""
MIN_WORDS: Final = 5
"""Fewer words tell nothing of the page: a near-blank page is judged by its ink alone."""


def misfiled(profile: Profile, decisions: Sequence[Decision]) -> tuple[Reason, ...]:
    """Whether a release that keeps the patient's own identifiers shows none of them: perhaps another person's record.

    Such a profile keeps dates and the course of care, so that the wrong record would go out nearly whole.
    """
    if not keeps_the_patient(profile):
        return ()
    found = any(d.finding.owner is Owner.PATIENT and d.finding.kind in WHO for d in decisions)
    return () if found else (Reason.PATIENT_NOT_FOUND,)


def unsure(profile: Profile, decisions: Sequence[Decision]) -> tuple[Reason, ...]:
    """Whether something was burned that is not surely an identifier, where the profile wants a person to look; and
    whether handwriting was kept, in any profile: what was read of it is a guess."""
    if any(d.action is Action.KEEP and d.finding.kind is Kind.HANDWRITING for d in decisions):
        return (Reason.UNSURE_FINDING,)
    if profile.between is not Between.REVIEW:
        return ()
    found = any(d.action is not Action.KEEP and profile.thresholds.unsure(d.finding) for d in decisions)
    return (Reason.UNSURE_FINDING,) if found else ()


def incomplete(flaws: Flaw) -> tuple[Reason, ...]:
    """Whether the copy may lack what the document holds: whoever asked for the record would never know."""
    return (Reason.POSSIBLY_INCOMPLETE,) if Flaw.MENDED in flaws else ()


def doubts(read: Iterable[tuple[PageReading, InkReport]], decisions: Iterable[Decision] = ()) -> tuple[Reason, ...]:
    """Reasons to hold the document for a person's eye, whatever the attacker finds.

    `decisions` are those on what was found on all its pages: an unread word is known for what it is only where the
    profile takes it away as an identifier. In what a profile keeps it is a word that burns because nobody could read
    it, like any other.
    """
    known: dict[int, set[int]] = defaultdict(set)
    for decision in decisions:
        if decision.action is not Action.KEEP and decision.finding.kind not in NO_IDENTIFIERS:
            known[decision.finding.page].update(decision.finding.words)
    found: set[Reason] = set()
    for page, (reading, ink) in enumerate(read):
        if ink.share > INK_SHARE_FOR_REVIEW:
            found.add(Reason.UNEXPLAINED_INK)
        if any(mark.kind is Kind.REDACTION for mark in ink.marks):
            found.add(Reason.INCOMING_REDACTION)
        if reading.layer in HIDING:
            found.add(Reason.HIDDEN_TEXT)
        # What is faint on tissue may be written there unseen, and a face may be the picture itself: a person looks.
        if reading.picture:
            found.add(Reason.PICTURE_OF_A_BODY)
        elif len(reading.words) >= MIN_WORDS and _badly_read(reading, known[page]):
            found.add(Reason.UNREADABLE_PAGE)
    return tuple(sorted(found))


def _badly_read(reading: PageReading, known: Set[int]) -> bool:
    mean = fmean(word.confidence for word in reading.words)
    unread, others = doubtful(reading), max(len(reading.words) - len(known), len(reading.words) / 2)
    if mean < MEAN_CONFIDENCE_FOR_REVIEW or len(unread) > MOST_UNREAD * len(reading.words):
        return True
    return len(unread - known) > UNREAD_SHARE_FOR_REVIEW * others
