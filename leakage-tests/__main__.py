"""`make leakage`: the red team, with a table of every case, where it comes from, its result and its figure.

    python leakage-tests [--json FILE] [--without-stream] [pytest's own options]

Exit code 1 on a leak, on a planted leak that the attacker did not find, and on a case that planted nothing.
`--without-stream` leaves out the run through broker, vault, worker, monitor and sequencer, which takes minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console
from rich.table import Table

from streams.evidence.redteam import FORM

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
STREAM: Final = ("test_stream.py", "test_hostile.py")
RESULTS: Final = {"passed": "held", "failed": "LEAK", "skipped": "not tried"}
BAD: Final = ("LEAK", "FAILED", "BROKEN")
"""A case that leaked, something else that was not as it should be, and what could not even be tried."""


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    source: str
    result: str
    figure: str
    seconds: float


class Rows:
    """Collects one row a case while pytest runs. A case that could not be set up is no case that held."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        said = {name: str(value) for name, value in report.user_properties}
        path, _, name = report.nodeid.partition("::")
        words = name.removeprefix("test_").partition("[")[0].replace("_", " ")
        room = Path(path).stem.removeprefix("test_").replace("_", " ")
        result = RESULTS[report.outcome] if report.when == "call" or report.skipped else "BROKEN"
        if result == "LEAK" and "case" not in said:
            result = "FAILED"
        case, source = said.get("case", words), said.get("source", f"design: {room}")
        self.rows.append(Row(case, source, result, said.get("figure", ""), round(report.duration, 2)))

    def merged(self) -> list[tuple[Row, int]]:
        """Rows that differ in nothing but their seconds, as one, and how many they are."""
        found: dict[tuple[str, ...], tuple[Row, int]] = {}
        for row in self.rows:
            key = (row.case, row.source, row.result, row.figure)
            found[key] = (row, found.get(key, (row, 0))[1] + 1)
        return list(found.values())


def main() -> int:
    said = argparse.ArgumentParser(prog="leakage-tests", description=__doc__.partition("\n")[0])
    said.add_argument("--json", type=Path, help="the table as JSON, for `redoubt evidence --red-team`")
    said.add_argument("--without-stream", action="store_true", help="files through the command line only")
    given, others = said.parse_known_args()
    sys.path.insert(0, str(ROOT))
    rows = Rows()
    left_out = [f"--ignore={HERE / name}" for name in STREAM] if given.without_stream else []
    code = pytest.main([str(HERE), f"--rootdir={ROOT}", "-q", "--no-header", *left_out, *others], plugins=[rows])
    if given.json:
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        told = {"form": FORM, "gateway": version("redoubt-gateway"), "time": ended, "cases": rows.rows}
        given.json.write_text(json.dumps(told, indent=2, default=asdict) + "\n")
    table = Table("case", "source", "result", "figure", title="Red team")
    for row, times in rows.merged():
        style = None if row.result == "held" else "bold red" if row.result in BAD else "yellow"
        table.add_row(row.case, row.source, row.result, row.figure or f"{times} of {times}", style=style)
    console = Console(width=160)
    console.print(table)
    count = {found: sum(row.result == found for row in rows.rows) for found in ("held", "not tried", *BAD)}
    console.print(", ".join(f"{number} {found}" for found, number in count.items()))
    return 1 if code or any(count[found] for found in BAD) or not count["held"] else 0


if __name__ == "__main__":
    sys.exit(main())
