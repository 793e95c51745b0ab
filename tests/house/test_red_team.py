"""The red team's command says it by its exit code where the attacker goes blind, and names what was not found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT_S = 120
FEW = "test_planted and (qr_code or nothing_burned or behind_the_end)"
"""One leak for each of three checks: what a code says, what is solid, what a file may consist of."""

BLIND = """
from policies.attack.shapes import barcodes
from policies.attack.finished import structure

barcodes.residuals = lambda *_: []
structure.solid = lambda *_: True
"""
"""Two checks that see nothing, as a defect would leave them; the third goes on."""


def red_team(folder: Path, broken: str = "") -> tuple[int, dict[str, str], str]:
    """Exit code, result by case, and what was printed, of the command over a few cases with a part of the attacker
    replaced."""
    (folder / "broken.py").write_text(broken)
    told = folder / "told.json"
    command = [sys.executable, "leakage-tests", "--without-stream", "--json", str(told), "-k", FEW, "-p", "broken"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    return done.returncode, {row["case"]: row["result"] for row in json.loads(told.read_text())["cases"]}, done.stdout


def test_where_every_leak_is_found_it_ends_with_0(tmp_path: Path) -> None:
    code, results, printed = red_team(tmp_path)
    assert set(results) == {"planted: qr code", "planted: nothing burned", "planted: bytes behind the end"}
    assert (code, set(results.values())) == (0, {"held"}), printed


def test_checks_that_see_nothing_end_it_with_1_and_what_they_missed_is_named(tmp_path: Path) -> None:
    code, results, printed = red_team(tmp_path, BLIND)
    unseen = {"planted: qr code", "planted: nothing burned"}
    assert code == 1
    assert {case for case, result in results.items() if result == "LEAK"} == unseen, "and no other"
    for case in unseen:
        assert any(case in line and "LEAK" in line for line in printed.splitlines())
