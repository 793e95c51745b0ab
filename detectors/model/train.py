"""Makes the model again from its seeds: `python -m detectors.model.train [--score] [--out FILE]`.

One thread; numpy alone. The same processor and numpy give the same bytes; others differ in the last bits, for
matrix products add up in another order.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from detectors.model.network import Network
from detectors.model.tagger import WEIGHTS
from detectors.model.training.corpus import ALL, FIRST, Genres, pages
from detectors.model.training.draw import Draw
from detectors.model.training.learn import Learner, batches, fresh
from detectors.model.training.score import table

ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_WARM_STEPS, _TOLD_EVERY = 200, 100


@dataclass(frozen=True, slots=True)
class Course:
    """So many batches of pages, as `often` of each kind; the rate falls to nothing after `fades` batches."""

    seed: int
    often: Genres
    steps: int
    fades: int
    rate: float


COURSES: Final = (Course(20, FIRST, 3000, 5000, 0.003), Course(21, ALL, 700, 700, 0.0015))


def taught(network: Network, course: Course) -> Network:
    """The network after the course, on text made on the way."""
    learner = Learner(network, course.seed)
    began, average = time.process_time(), 0.0
    for i, batch in enumerate(batches(pages(Draw.seeded(course.seed), often=course.often))):
        if i >= course.steps:
            break
        rate = course.rate * min((i + 1) / _WARM_STEPS, 1.0) * (1 - i / course.fades)
        loss = learner.step(*batch, rate)
        average = loss if i == 0 else 0.99 * average + 0.01 * loss
        if (i + 1) % _TOLD_EVERY == 0:
            print(f"step {i + 1}: loss {average:.4f}, {time.process_time() - began:.0f} s of CPU", file=sys.stderr)  # noqa: T201
    return learner.network


def make(out: Path, courses: Sequence[Course] = COURSES) -> None:
    """Each course starts from the weights that the one before it stored."""
    network = fresh(courses[0].seed)
    for course in courses:
        taught(network, course).save(out)
        network = Network.load(out)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=WEIGHTS)
    arguments.add_argument("--score", action="store_true", help="score the weights that are there, make none")
    chosen = arguments.parse_args()
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        # Sums over several threads come out in another order, and numpy reads this when it is imported.
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        os.execv(sys.executable, [sys.executable, "-m", "detectors.model.train", *sys.argv[1:]])  # noqa: S606
    if not chosen.score:
        make(chosen.out)
    print(table(Network.load(chosen.out)))  # noqa: T201


if __name__ == "__main__":
    main()
