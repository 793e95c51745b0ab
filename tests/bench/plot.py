"""The steps of a page as stacked bars, one for each kind of paper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

from tests.bench.steps import ORDER

_LEAST: Final = 0.01
"""Share of the highest bar from which a step has a colour of its own; smaller ones are drawn as one."""


def stacked(seconds: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """CPU seconds a page by step, kind by kind, as SVG. The same figures give the same file."""
    mpl.rcParams.update({"svg.hashsalt": "redoubt", "svg.fonttype": "none", "font.size": 9})
    highest = max(sum(by.values()) for by in seconds.values())
    named = [step for step in ORDER if any(by.get(step, 0.0) >= _LEAST * highest for by in seconds.values())]
    rows = [(step, [by.get(step, 0.0) for by in seconds.values()]) for step in named]
    rows.append(("smaller steps", [sum(v for s, v in by.items() if s not in named) for by in seconds.values()]))
    figure, axes = plt.subplots(figsize=(8, 3.6))
    left = [0.0] * len(seconds)
    colours = plt.get_cmap("tab20")
    for number, (step, widths) in enumerate(rows):
        axes.barh(list(seconds), widths, left=left, label=step, color=colours(number % 20))
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("CPU seconds a page, one process")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=7, frameon=False)
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
