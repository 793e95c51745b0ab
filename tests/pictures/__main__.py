"""Pictures of bodies with known writing, through the pipeline: how much of it is burned, what else is, what is doubted.

`python -m tests.pictures --frames 66 --seed 81001 --png FOLDER` prints JSON, and exits 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2

from streams.decode.decoder import Decoder
from streams.pipeline.parts import Parts
from streams.pipeline.pool import PagePool
from tests.pictures.bodies import BODIES
from tests.pictures.frames import WAYS, Frame, coded, frame
from tests.pictures.score import Scored, scored

BURNED, UNTOUCHED = 0.995, 0.97


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--frames", type=int, default=66)
    options.add_argument("--seed", type=int, default=81_001, help="one that nothing was made in view of")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--profile", default="hipaa-safe-harbor")
    options.add_argument("--only", type=int, nargs="*", help="these frames alone, counted from 0")
    options.add_argument("--png", type=Path, help="a folder for pictures of the copies")
    given = options.parse_args()
    chosen = given.only or range(given.frames)
    with Decoder() as decoder, PagePool(given.processes) as pool, ThreadPoolExecutor(given.processes) as threads:
        parts = Parts(decoder, pool)

        def one(index: int) -> Scored:
            made, way = _frame(given.seed, index)
            return scored(made, coded(made, way), given.profile, parts)

        found = list(threads.map(one, chosen))
    missed = [(index, line) for index, score in zip(chosen, found, strict=True) for line in score.missed]
    telling = sum(score.telling for score in found)
    report = {
        "frames": len(found),
        "identifiers": telling,
        "burned": round(1 - len(missed) / telling, 4),
        "missed_undoubted": sum(len(score.missed) for score in found if not score.reasons),
        "untouched": round(sum(score.untouched for score in found) / len(found), 4),
        "harmless_kept": f"{sum(s.kept for s in found)} of {sum(s.harmless for s in found)}",
        "in_doubt": round(sum(bool(score.reasons) for score in found) / len(found), 4),
        "reasons": Counter(reason for score in found for reason in score.reasons),
        "rounds": Counter(score.rounds for score in found),
        "missed": [f"frame {index} ({'/'.join(_named(given.seed, index))}): {line}" for index, line in missed],
        "touched": [
            f"frame {index} ({'/'.join(_named(given.seed, index))}): {score.untouched:.3f} {','.join(score.reasons)}"
            for index, score in zip(chosen, found, strict=True)
            if score.untouched < UNTOUCHED or score.reasons
        ],
    }
    print(json.dumps(report, indent=2))
    if given.png:
        given.png.mkdir(parents=True, exist_ok=True)
        for index, score in zip(chosen, found, strict=True):
            cv2.imwrite(str(given.png / f"{index:02}-{'-'.join(_named(given.seed, index))}.png"), score.copy)
    return 0 if report["burned"] >= BURNED and report["untouched"] >= UNTOUCHED else 1


def _named(seed: int, index: int) -> tuple[str, str]:
    return sorted(BODIES)[index % len(BODIES)], WAYS[(index + index // len(WAYS)) % len(WAYS)]


def _frame(seed: int, index: int) -> tuple[Frame, str]:
    body, way = _named(seed, index)
    return frame(seed + index, body), way


if __name__ == "__main__":
    sys.exit(main())
