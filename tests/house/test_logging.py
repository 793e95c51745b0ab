"""What is said to the log is a constant of the code, and each field is one that the guard lets out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from streams.watch.logs import NUMBERS, WORDS

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "_LOG", "_log"}


def calls(source: str) -> Iterator[ast.Call]:
    """Calls of a logger of the gateway's own: `log.info(…)`, `logs.get("worker").info(…)`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            of = node.func.value
            named = isinstance(of, ast.Name) and of.id in LOGGERS
            got = isinstance(of, ast.Call) and ast.unparse(of.func) == "logs.get"
            if named or got:
                yield node


def faults(source: str) -> list[str]:
    found = []
    for call in calls(source):
        constant = len(call.args) == 1 and isinstance(call.args[0], ast.Constant)
        fields = {keyword.arg for keyword in call.keywords if keyword.arg}
        if not constant or not fields <= NUMBERS | set(WORDS) | {"error"}:
            found.append(ast.unparse(call))
    return found


def test_every_line_is_a_constant_with_allowed_fields() -> None:
    files = [file for room in ("streams", "policies", "detectors") for file in (ROOT / room).rglob("*.py")]
    sources = {file: source for file in files if "logs" in (source := file.read_text())}
    assert sum(1 for source in sources.values() for _ in calls(source)) >= 10
    assert {str(file.relative_to(ROOT)): bad for file, source in sources.items() if (bad := faults(source))} == {}


def test_the_check_can_fail() -> None:
    assert faults("log.info(f'failed for {name}')")
    assert faults("logs.get('worker').error('failed', patient=name)")
    assert not faults("log.info('worker started', port=port)")
