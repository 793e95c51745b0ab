"""Scores detectors of text: `python -m tests.eval [--json FILE] [--set NAME]... [--detector NAME=MODULE:FACTORY]...`

Recall (an identifier counts when every letter and digit of it is covered), share of clean words kept, share of
harmless texts untouched, each with its 95 % interval; Redoubt, Presidio as it comes (`--no-peer` leaves it out), and
every other detector that is named: FACTORY() gives a function from a `tests.eval.samples.Sample` to the half-open
offsets that it would mask in `sample.text`. Our own layers plus further recognizers:

    def factory():
        return tests.eval.contestants.redoubt("maximal", TextDetector({Layer.NER: [MyRecognizer()], ...}))

Every identifier of our own data that Redoubt misses must stand in known_misses.txt, and nothing else may:
`--accept` writes the list again. Set names: see tests/eval/run.py. `--reliability FILE` draws instead how far the
probabilities of findings hold on held-back text, and prints the table.

Exit codes: 0 all as listed; 1 a miss is new, or a listed one is found by now; 2 wrong usage. `--strict` exits with 1
where a target is missed, too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.eval import calibrate, report, run
from tests.eval.contestants import named

KNOWN_MISSES = Path(__file__).parent / "known_misses.txt"


def main() -> int:
    arguments = _arguments()
    if arguments.reliability:
        rows = calibrate.reliability(one for ones in calibrate.searched(calibrate.HELD_BACK).values() for one in ones)
        calibrate.show(rows)
        calibrate.draw(rows, arguments.reliability)
        return 0
    every = run.sets()
    chosen = [one for one in every if not arguments.set or one.name in arguments.set]
    others = {name: named(path) for name, _, path in (entry.partition("=") for entry in arguments.detector)}
    results = list(run.rows(chosen, others, with_peer=arguments.peer))
    targets = run.met(results)
    report.show(results, targets)
    if arguments.json:
        arguments.json.write_text(report.as_json(results, targets) + "\n", "utf-8")
    scored = [r for r in results if r.contestant == "redoubt" and any(s.name == r.set and s.listed for s in chosen)]
    missed = {miss for row in scored for miss in row.scores.misses}
    if arguments.accept:
        _write(missed, scored)
        return 0
    return max(_judged(missed, scored), int(arguments.strict and not all(is_met for *_, is_met in targets)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description="Score detectors of text.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures and misses there")
    parser.add_argument(
        "--set", action="append", default=[], choices=[s.name for s in run.sets()], help="only this one"
    )
    parser.add_argument("--detector", action="append", default=[], metavar="NAME=MODULE:FACTORY", help="score it, too")
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="without Presidio beside us")
    parser.add_argument("--reliability", type=Path, metavar="FILE", help="draw the reliability there, score nothing")
    parser.add_argument("--accept", action="store_true", help="write known_misses.txt again for the sets scored")
    parser.add_argument("--strict", action="store_true", help="a target that is missed fails, too")
    return parser.parse_args()


def _listed(scored: Sequence[run.Row]) -> tuple[set[str], set[str]]:
    """What the list holds of the sets scored, and of others."""
    names = {miss.partition("/")[0] for miss in _lines()}
    ours = {_prefix(row.set) for row in scored} & names
    return {m for m in _lines() if m.partition("/")[0] in ours}, {
        m for m in _lines() if m.partition("/")[0] not in ours
    }


def _prefix(name: str) -> str:
    """How the ids of a set begin: `notes, light damage` has `notes-light`."""
    return name.removesuffix(" damage").replace(", ", "-")


def _lines() -> list[str]:
    return [line for line in KNOWN_MISSES.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _judged(missed: set[str], scored: Sequence[run.Row]) -> int:
    known, _ = _listed(scored)
    for word, ids in (("new miss", missed - known), ("found by now, still listed", known - missed)):
        for id in sorted(ids):
            print(f"{word}: {id}", file=sys.stderr)
    return int(missed != known)


def _write(missed: set[str], scored: Sequence[run.Row]) -> None:
    _, others = _listed(scored)
    head = [line for line in KNOWN_MISSES.read_text("utf-8").splitlines() if line.startswith("#")]
    KNOWN_MISSES.write_text("\n".join([*head, *sorted(missed | others)]) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
