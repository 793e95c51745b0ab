"""`python -m tests.bench.check`: whether a page costs more work than was accepted.

Counts what the pipeline does with a few pages of each kind of paper: calls of the engine and pixels that it reads,
pages decoded, pixels searched for codes, detector passes, bytes encoded. The same on every machine, however busy.
Exits 1 where a count is more than a tenth above the one in `accepted.json`; `--accept` writes that file anew. Prints
beside it what no count tells: CPU seconds over those of the first reading, which are noise on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import cv2

from tests.bench.paper import Paper, drawn
from tests.bench.steps import PROFILE, Ledger, OneProcess, walked

ACCEPTED: Final = Path(__file__).parent / "accepted.json"
SEED: Final = 61_001
LOSS: Final = 0.10
CHANCE: Final = 1
"""One call more of a handful: an engine's arithmetic differs in its last bits from processor to processor, and with it
now and then whether a page is looked at once more."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accept", action="store_true", help="write today's counts as those accepted")
    given = options.parse_args()
    cv2.setNumThreads(1)
    counted, ledger = work()
    accepted = json.loads(ACCEPTED.read_text()) if ACCEPTED.exists() else {}
    for name in sorted(counted.keys() | accepted.keys()):
        print(f"{name:32} {counted.get(name, 0):10} accepted {accepted.get(name, 0):10}")
    print(f"CPU seconds over the first reading's: {ledger.seconds.total() / ledger.seconds['engine']:.2f}")
    if given.accept:
        ACCEPTED.write_text(json.dumps(dict(sorted(counted.items())), indent=2) + "\n")
        return 0
    lost = losses(counted, accepted)
    for name in lost:
        print(f"LOST {name}: {counted.get(name, 0)}, accepted {accepted.get(name, 0)}", file=sys.stderr)
    return 1 if lost else 0


def work() -> tuple[Counter[str], Ledger]:
    """What is done for one document of each kind."""
    parts = OneProcess()
    for kind in Paper:
        walked(parts, drawn(SEED, kind, 1), PROFILE)
    return parts.ledger.work, parts.ledger


def losses(counted: Mapping[str, int], accepted: Mapping[str, int]) -> list[str]:
    """Counts more than a tenth above those accepted, and by more than chance; new ones; and those no longer counted."""
    both = counted.keys() & accepted.keys()
    grown = [name for name in both if counted[name] > (1 + LOSS) * accepted[name] + CHANCE]
    return sorted([*grown, *(accepted.keys() ^ counted.keys())])


if __name__ == "__main__":
    sys.exit(main())
