"""The red team: a canary in every place of a document, the product run as its users run it, then the hunt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pymupdf
import pytest
import zxingcpp

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES, Case
from hunt import hunt, hunt_text

from detectors.reading.engines.tesserocr_engine import TesserocrEngine

Record = Callable[[str, object], None]

RUN_LIMIT_S = 240
READ_DPI = 200


@dataclass(frozen=True)
class Run:
    """One run of the command line over all cases: everything that it left anywhere, by place."""

    blobs: Mapping[str, bytes] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    report: Mapping[str, Any]
    left_in_temp: list[str]


def everything_under(folder: Path, place: str) -> dict[str, bytes]:
    """Contents and names of all files; a folder's name counts as well."""
    found: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        name = f"{place}/{path.relative_to(folder)}"
        found[f"name of {name}"] = str(path.relative_to(folder)).encode()
        if path.is_file():
            found[name] = path.read_bytes()
    return found


def read_pages(engine: TesserocrEngine, content: bytes) -> str:
    """What an engine reads on the rendered pages of a document or image, twice a page, and what their barcodes say."""
    texts = []
    with pymupdf.open(stream=content) as document:
        for page in document:
            pixmap = page.get_pixmap(dpi=READ_DPI if page.rect.width < 600 else 120, colorspace=pymupdf.csGRAY)
            rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
            texts += [code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(rows))]
            # as it is, and with the paper made white: a see-through marker hides nothing from a person
            paper = cv2.morphologyEx(rows, cv2.MORPH_CLOSE, np.ones((21, 21), np.uint8))
            for view in (rows, cv2.divide(rows, np.maximum(paper, 32), scale=255)):
                texts.append(" ".join(w.text for w in engine.words(np.ascontiguousarray(view), READ_DPI)))
    return "\n".join(texts)


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("inputs")
    files = {}
    for number, case in enumerate(CASES):
        name = case.canary if case.in_name else f"case-{number:02d}"
        files[case.name] = folder / f"{name}.{case.suffix}"
        files[case.name].write_bytes(case.build(case.canary))
    return files


@pytest.fixture(scope="module")
def run(inputs: dict[str, Path], engine: TesserocrEngine, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    out, temp, home = folder / "out", folder / "temp", folder / "home"
    temp.mkdir()
    home.mkdir()
    environment = {**os.environ, "TMPDIR": str(temp), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    command = [sys.executable, "-m", "streams.cli", "redact", *map(str, inputs.values()), "--profile", "maximal"]
    done = subprocess.run(
        [*command, "--out", str(out), "--records"],
        env=environment,
        capture_output=True,
        timeout=RUN_LIMIT_S,
        check=False,
        cwd=folder,
    )
    blobs = {"stdout": done.stdout, "stderr": done.stderr}
    blobs |= everything_under(out, "out") | everything_under(temp, "temp") | everything_under(home, "home")
    report_file = out / "report.json"
    # Who finds nothing behind a run that failed has shown nothing.
    assert done.returncode in (0, 1, 3), done.stderr.decode(errors="replace")[-2000:]
    report = json.loads(report_file.read_text())
    texts = {
        name: read_pages(engine, blob) for name, blob in blobs.items() if name.endswith(".pdf") and blob[:4] == b"%PDF"
    }
    left = [str(path.relative_to(temp)) for path in temp.rglob("*")]
    return Run(blobs, texts, report, left)


def by_name(case: Case) -> str:
    return case.name.replace(" ", "_")


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_the_canary_is_in_the_input_and_nowhere_in_what_the_run_left(
    case: Case, inputs: dict[str, Path], run: Run, engine: TesserocrEngine, record_property: Record
) -> None:
    """Without the first the second could pass for want of anything to find."""
    file = inputs[case.name]
    content = file.read_bytes()
    before = hunt([case.canary], {"content": content, "name": file.name.encode()})
    if not case.hidden or case.coded:
        before += hunt_text([case.canary], {"read": read_pages(engine, content)})
    after = hunt([case.canary], run.blobs) + hunt_text([case.canary], run.texts)
    record_property("case", case.name)
    record_property("source", case.source)
    verdict = run.report["documents"][CASES.index(case)]["verdict"]
    record_property("figure", f"{len(before)} places before, {len(after)} after; {verdict}")
    assert before
    assert verdict in ("release", "review")
    assert after == []


@pytest.mark.parametrize("name", ["under a black box", "under a highlight", "under a square", "marked for removal"])
def test_what_came_hidden_is_burned_and_told_as_that(name: str, run: Run) -> None:
    told = run.report["documents"][[case.name for case in CASES].index(name)]
    assert told["redacted"]["redaction"] >= 1
    assert (told["verdict"], "incoming_redaction" in told["reasons"]) == ("review", True)


def test_the_run_handled_every_document(run: Run) -> None:
    """A copy of most documents, or the hunt was over an empty folder."""
    copies = [name for name in run.blobs if name.startswith("out/") and name.endswith(".pdf")]
    assert len(copies) >= 0.9 * len(CASES)
    assert run.report


def test_the_run_leaves_no_temporary_file(run: Run) -> None:
    assert run.left_in_temp == []


def test_clean_words_are_still_there(run: Run) -> None:
    """A blacked-out page has no leaks either."""
    kept = [text for text in run.texts.values() if "metformin" in text.casefold() and "exercise" in text.casefold()]
    assert len(kept) >= 0.9 * len(run.texts) > 0
