"""What a command does not load that it does not need: Presidio with spaCy costs two CPU seconds, the broker, the vault,
MuPDF and OpenCV one more."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

HEAVY = ("presidio_analyzer", "spacy", "thinc", "detectors.text.analyzer", "faust", "onnxruntime")
TOLD = f"print('heavy:', *(name for name in {HEAVY!r} if name in sys.modules))"


ENGINES = (
    *HEAVY,
    "cv2",
    "pymupdf",
    "pydicom",
    "confluent_kafka",
    "hvac",
    "pyarrow",
    "obstore",
    "jsonschema",
    "rich.table",
)
BROKER = (*HEAVY, "confluent_kafka", "hvac", "pyarrow", "obstore")


def run(arguments: list[str], unwanted: tuple[str, ...]) -> list[str]:
    """Of the unwanted modules those that a command loaded."""
    argv = ["redoubt", *arguments]
    program = f"sys.argv = {argv!r}\nfrom streams.cli import main\ntry:\n  main()\nfinally:\n  "
    return loaded(program + TOLD.replace(repr(HEAVY), repr(unwanted)))


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
    assert run(arguments, HEAVY) == []


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["review", "--help"], ["verify", "--help"]])
def test_what_opens_no_document_loads_no_engine_and_no_server(arguments: list[str]) -> None:
    assert run(arguments, ENGINES) == []


@pytest.mark.parametrize("command", ["check", "detect", "verify"])
def test_a_command_without_a_broker_loads_none(command: str) -> None:
    assert run([command, "--help"], BROKER) == []


@pytest.mark.parametrize(
    ("arguments", "limit_s"), [(["--version"], 0.5), (["--help"], 0.5), (["verify", "--help"], 0.5)]
)
def test_half_a_second_of_cpu_is_enough_to_start(arguments: list[str], limit_s: float) -> None:
    assert min(cpu_s(arguments) for _ in range(3)) < limit_s


def cpu_s(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "streams.cli", *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_the_analyzer_brings_what_the_others_leave() -> None:
    assert loaded(f"import detectors.text.analyzer\n{TOLD}")[:2] == ["presidio_analyzer", "spacy"]
