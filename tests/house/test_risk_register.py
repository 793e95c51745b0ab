"""The risk register and the map of the HIPAA rules are held to the tree: a control or test that is gone fails here."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from streams.evidence.hipaa import controls

ROOT = Path(__file__).parents[2]
RISKS: list[dict[str, Any]] = yaml.safe_load((ROOT / "docs" / "risk-register.yaml").read_text())
SCHEMA = json.loads((ROOT / "docs" / "risk-register.schema.json").read_text())


@cache
def functions_of(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


def missing(paths: list[str], tests: list[str]) -> list[str]:
    gone = [path for path in paths if not (ROOT / path).exists()]
    return gone + [test for test in tests if test.partition("::")[2] not in functions_of(test.partition("::")[0])]


def test_the_register_fits_its_schema_and_no_id_is_given_twice() -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(RISKS)
    assert len({risk["id"] for risk in RISKS}) == len(RISKS)


def test_every_control_test_and_document_exists() -> None:
    assert {risk["id"]: gone for risk in RISKS if (gone := missing(risk["controls"], risk["tests"]))} == {}
    assert {c.paragraph: gone for c in controls() if (gone := missing([c.where], list(c.tests)))} == {}


def test_every_figure_has_its_command() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {risk["figure"].removeprefix("make ") for risk in RISKS if "figure" in risk} <= targets


def test_the_check_can_fail() -> None:
    assert missing(["streams/no_such.py"], ["tests/house/test_risk_register.py::test_no_such"]) != []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate([{**RISKS[0], "tests": []}] * 40)
