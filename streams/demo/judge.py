"""Every copy against the planted truth, in processes of its own: what had to go, and what had to stay."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pebble import ProcessPool

from detectors.findings import Kind, Owner
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies.profile import Profile
from streams.canaries.documents import SyntheticDocument
from streams.canaries.leakcheck import LeakCheck, check


@dataclass(frozen=True)
class Judged:
    """A planted document, the profile it was sent under, and the copy that came back; None where nothing did."""

    document: SyntheticDocument
    profile: str
    copy: bytes | None


@dataclass(frozen=True)
class Judgement:
    """`own` counts the planted identifiers of the patient that must stay, where the profile keeps the patient's name;
    `own_open` those of them whose every word has ink outside solid black."""

    check: LeakCheck
    own: int = 0
    own_open: int = 0


class Blind:
    """An engine that reads nothing: for a look at the ink alone."""

    name = "none"

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:  # noqa: ARG002  the Protocol's arguments
        return []


def judge(cases: Sequence[Judged], processes: int) -> list[Judgement]:
    """One judgement a case, in order."""
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPool(max_workers=processes, initializer=_warm_up, context=context)
    try:
        return list(pool.map(_check, cases).result())
    finally:
        # Also where the user has had enough: what is still to be judged shall not keep the process.
        pool.stop()
        pool.join()


_engine: TesserocrEngine | None = None


def _warm_up() -> None:
    global _engine
    _engine = TesserocrEngine()


def _check(case: Judged) -> Judgement:
    if _engine is None:
        raise RuntimeError("the engine is not loaded")
    profile = profiles.load(case.profile)
    return Judgement(check(case.document, case.copy, profile.acts_on, _engine), *own_open(case, profile))


def own_open(case: Judged, profile: Profile) -> tuple[int, int]:
    """How many of the patient's own identifiers must stay on the copy, and how many do; (0, 0) without a copy."""
    if case.copy is None or profile.acts_on(Kind.PERSON, Owner.PATIENT, ""):
        return 0, 0
    own = [
        p
        for p in case.document.identifiers
        if p.owner is Owner.PATIENT and not profile.acts_on(p.kind, p.owner, p.text)
    ]
    # the leak check calls an identifier uncovered where one word is; here every word counts
    words = [(index, replace(p, regions=(region,))) for index, p in enumerate(own) for region in p.regions]
    alone = replace(case.document, identifiers=tuple(word for _, word in words), words=())
    unread = tuple(() for _ in case.document.page_sizes)
    found = check(alone, case.copy, lambda _kind, _owner, _text: True, Blind(), untouched_words=unread)
    uncovered = set(found.uncovered)
    burned = {index for position, (index, _) in enumerate(words) if position not in uncovered}
    return len(own), len(own) - len(burned)
