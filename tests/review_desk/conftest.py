"""A folder with held copies, the desk over it as its users start it, and a browser where there is one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pymupdf
import pytest

from tests.cli import conftest as cli

TOOLS = "REDOUBT_TEST_BROWSER"
ACTOR, TICKET = "c.lerk", "ROI-118"
CANARIES = ("Zdravka Quillfeather-Obi", "Quillfeather", "QX-5550199-7", "555-0142")


def missing(what: str) -> None:
    """In CI nothing is left out in silence."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright from the folder that REDOUBT_TEST_BROWSER names."""
    if tools := os.environ.get(TOOLS):
        sys.path.insert(0, tools)
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing(f"Playwright in the folder of {TOOLS}")
    if chromium is None:
        missing("chromium")
    # A sandbox of Chromium's own cannot be had by root.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Any:
    """A page at the smaller of the two usual sizes; what goes wrong in it, and every address and title, is kept."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        found = context.new_page()
        found.wrong, found.seen = [], []
        found.on("pageerror", lambda error: found.wrong.append(str(error)))
        found.on("console", lambda line: found.wrong.append(line.text) if line.type in ("error", "warning") else None)
        context.on("request", lambda request: found.seen.append(f"{request.url} {request.post_data or ''}"))
        found.on("framenavigated", lambda frame: found.seen.append(frame.url))
        yield found


@dataclass
class Running:
    """A desk in a process of its own."""

    process: subprocess.Popen[str]
    address: str
    said: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The path that all of its pages lie under, without the token."""
        return self.address.partition("/enter/")[0]

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=60)
        self.said += [out, err]
        return self.process.returncode


@contextmanager
def desk(
    out: Path | None,
    *options: str,
    temporary: Path,
    idle_min: float = 5,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Over the folder, or over the gateway where there is none."""
    over = ["folder", "desk", str(out)] if out else ["desk"]
    words = ["review", *over, "--idle", str(idle_min), *options]
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", *words, "--actor", ACTOR, "--ticket", TICKET],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary), **(environment or {})},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:[0-9]+/\S+", line)
        assert found, line + process.communicate(timeout=60)[1]
        running = Running(process, found[0], [line])
        yield running
        running.end()
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def held_back(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `redoubt redact` held back: two letters of whom nobody knows whose they are, the second with two pictures.

    Read only: a test takes a copy.
    """
    folder = tmp_path_factory.mktemp("desk")
    files = folder / "letter.pdf", folder / "chart.pdf"
    files[0].write_bytes(cli.page(f"Patient: {CANARIES[0]}", f"MRN: {CANARIES[2]}", f"Phone: (614) {CANARIES[3]}"))
    files[1].write_bytes(_chart())
    options = ("--profile", "roi-authorization", "--authorization-id", "a-1", "--authorization-expires", "2100-01-01")
    options += ("--out", str(folder / "out"), "--processes", "1", "--key", str(folder / "key"))
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "redact", *map(str, files), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 3, done.stderr
    return folder


def _chart() -> bytes:
    """Three pages: a picture on the first and the last, which no engine reads, and none between."""
    rng = np.random.default_rng(7)
    with pymupdf.open() as document:
        for number in range(3):
            sheet = document.new_page(width=460, height=400)
            for row, line in enumerate((*cli.PLAIN, f"Patient: {CANARIES[0]}", f"Page {number + 1}")):
                sheet.insert_text((36, 50 + 24 * row), line, fontsize=11)
            if number != 1:
                noise = cv2.GaussianBlur(rng.integers(0, 255, (220, 300), dtype=np.uint8), (0, 0), 3)
                cv2.normalize(noise, noise, 0, 255, cv2.NORM_MINMAX)
                sheet.insert_image(pymupdf.Rect(60, 190, 260, 360), stream=cv2.imencode(".png", noise)[1].tobytes())
        return bytes(document.tobytes())


@pytest.fixture
def out(held_back: Path, tmp_path: Path) -> Path:
    """The folder anew: the tasks still name the originals."""
    shutil.copytree(held_back / "out", tmp_path / "out")
    return tmp_path / "out"
