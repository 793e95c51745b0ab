"""docs/development.md is held to the tree: a folder, file, module or make target that it names exists."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "development.md").read_text()


def test_paths_lead_somewhere() -> None:
    named = set(re.findall(r"\b((?:streams|policies|detectors|tests|leakage-tests|docs)/[\w./-]+\w)", PAGE))
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", PAGE)
    assert not [link for link in links if not (ROOT / "docs" / link).exists()]


def test_modules_can_be_run() -> None:
    modules = set(re.findall(r"python -m ((?:tests|detectors)\.[\w.]+)", PAGE))
    assert modules
    assert not [module for module in modules if find_spec(module) is None]


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", PAGE)) <= targets
