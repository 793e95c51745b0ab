"""The map from paragraphs of the rules to the gateway's controls and to the tests behind them: `hipaa.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Control:
    """`where` is a file or folder, `tests` are node ids, both in the source tree; `left` is what the gateway cannot
    do for who runs it."""

    paragraph: str
    title: str
    control: str
    where: str
    tests: tuple[str, ...]
    left: str = ""


def controls() -> tuple[Control, ...]:
    """In the order of the rules."""
    text = resources.files(__package__ or "streams.evidence").joinpath("hipaa.yaml").read_text(encoding="utf-8")
    return tuple(Control(**{**entry, "tests": tuple(entry["tests"])}) for entry in yaml.safe_load(text))
