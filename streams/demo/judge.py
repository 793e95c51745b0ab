"""The leak check of every copy against the planted truth, in processes of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from detectors.reading.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from streams.canaries.documents import SyntheticDocument
from streams.canaries.leakcheck import LeakCheck, check


@dataclass(frozen=True)
class Judged:
    """A planted document, the profile it was sent under, and the copy that came back; None where nothing did."""

    document: SyntheticDocument
    profile: str
    copy: bytes | None


def judge(cases: Sequence[Judged], processes: int) -> list[LeakCheck]:
    """One leak check a case, in order."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(processes, context, initializer=_warm_up) as pool:
        return list(pool.map(_check, cases))


_engine: TesserocrEngine | None = None


def _warm_up() -> None:
    global _engine
    _engine = TesserocrEngine()


def _check(case: Judged) -> LeakCheck:
    if _engine is None:
        raise RuntimeError("the engine is not loaded")
    return check(case.document, case.copy, profiles.load(case.profile).acts_on, _engine)
