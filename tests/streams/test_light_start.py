"""What a command that looks for nobody's names does not load: Presidio with spaCy costs it two CPU seconds."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("presidio_analyzer", "spacy", "thinc", "detectors.text.analyzer", "faust", "onnxruntime")
TOLD = f"print('heavy:', *(name for name in {HEAVY!r} if name in sys.modules))"


def loaded(code: str) -> list[str]:
    ran = subprocess.run([sys.executable, "-c", f"import sys\n{code}"], capture_output=True, text=True, check=True)
    return ran.stdout.rpartition("heavy:")[2].split()


@pytest.mark.parametrize(
    "module", ["streams.events", "streams.cli", "policies.scope.authorization", "detectors.detect", "detectors.known"]
)
def test_who_moves_or_judges_findings_loads_no_recognizers(module: str) -> None:
    assert loaded(f"import {module}\n{TOLD}") == []


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"], ["rejected", "list", "--help"]])
def test_a_command_that_detects_nothing_loads_none(arguments: list[str]) -> None:
    argv = ["redoubt", *arguments]
    assert loaded(f"sys.argv = {argv!r}\nfrom streams.cli import main\ntry:\n  main()\nfinally:\n  {TOLD}") == []


def test_the_analyzer_brings_what_the_others_leave() -> None:
    assert loaded(f"import detectors.text.analyzer\n{TOLD}")[:2] == ["presidio_analyzer", "spacy"]
