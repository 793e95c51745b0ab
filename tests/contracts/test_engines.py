"""What every engine must do, the host's Tesseract, the one in this process and the broken ones alike."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from detectors.reading.engines.engine import Engine
from detectors.reading.engines.ppocr_engine import PpocrEngine
from detectors.reading.engines.tesseract_cli import TesseractCliEngine
from tests.contracts.engines import DPI, HOST, made, wheel_engine, written

NAMES = ["tesserocr", "ppocr", "wheel", pytest.param("host", marks=pytest.mark.tesseract)]


def needed(name: str) -> None:
    if name == "host" and not HOST.exists():
        if os.environ.get("CI"):
            pytest.fail("no Tesseract on this host")
        pytest.skip("no Tesseract on this host")


@pytest.fixture(scope="module", params=NAMES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    needed(request.param)
    found = made(request.param)
    with nullcontext(found) if isinstance(found, PpocrEngine) else found:
        yield found


def test_words_stand_where_they_are_written(engine: Engine) -> None:
    page = written(["Patient Maria Kovacs", "Record 4471902"])
    words = engine.words(page, DPI)
    assert [w.text for w in words] == ["Patient", "Maria", "Kovacs", "Record", "4471902"]
    assert [w.line for w in words] == [0, 0, 0, 1, 1]
    for word in words:
        assert 0 <= word.confidence <= 100
        assert 0 <= word.box.left < word.box.right <= page.shape[1]
        assert 0 <= word.box.top < word.box.bottom <= page.shape[0]
        inside = page[word.box.top : word.box.bottom, word.box.left : word.box.right]
        assert (inside < 128).any()
    assert all(a.box.right <= b.box.left for a, b in itertools.pairwise(words[:3]))


def test_every_inked_letter_lies_in_a_box(engine: Engine) -> None:
    page = written(["Discharge summary follows"])
    rest = page.copy()
    for word in engine.words(page, DPI):
        box = word.box.grown(2)
        rest[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = 255
    assert (rest < 128).sum() == 0


def test_doubtful_words_are_present(engine: Engine) -> None:
    page = cv2.GaussianBlur(written(["Patient Maria Kovacs seen today"], scale=0.9), (0, 0), 3)
    words = engine.words(page, DPI)
    assert words
    assert min(w.confidence for w in words) < 70


@pytest.mark.parametrize("shape", [(1, 1), (2, 400), (400, 2), (3, 3), (12, 12), (500, 500)])
@pytest.mark.parametrize("value", [0, 255])
def test_a_page_without_print_has_no_words(engine: Engine, shape: tuple[int, int], value: int) -> None:
    assert engine.words(np.full(shape, value, np.uint8), DPI) == []


def test_the_same_page_reads_the_same_whatever_came_before(engine: Engine) -> None:
    page = written(["Account 88-1204 closed", "Seen by Dr. Okonkwo"], scale=0.8)
    first = engine.words(page, DPI)
    engine.words(written(["QQQQ ZZZZ 000OO0 lllIII"], scale=2.0), 70)
    assert engine.words(page, DPI) == first


def test_a_view_of_another_array_reads_the_same(engine: Engine) -> None:
    page = written(["Insurance claim form"])
    wide = np.repeat(page, 2, axis=1)[:, ::2]
    assert engine.words(wide, DPI) == engine.words(page, DPI)


@pytest.mark.parametrize(
    "page", [np.zeros((10, 10, 3), np.uint8), np.zeros((10, 10), np.float32), np.zeros((10, 32_768), np.uint8)]
)
def test_what_is_no_gray_page_is_refused(engine: Engine, page: Pixels) -> None:
    with pytest.raises(RedoubtError) as caught:
        engine.words(page, DPI)
    assert caught.value.reason is Reason.READER_FAILED


@pytest.mark.parametrize("name", NAMES)
def test_one_thread_reads(name: str) -> None:
    """Asked in a fresh process, to which nobody else set a limit: threads that earlier tests left here come and go."""
    needed(name)
    command = [sys.executable, "-m", "tests.contracts.threads", name]
    unlimited = {key: value for key, value in os.environ.items() if key != "OMP_THREAD_LIMIT"}
    answer = subprocess.run(command, capture_output=True, text=True, timeout=300, env=unlimited)
    assert (answer.returncode, answer.stdout) == (0, "0\n"), answer.stderr


def test_the_name_tells_the_version(engine: Engine) -> None:
    product, _, version = engine.name.partition("-")
    assert product in ("tesserocr", "tesseract", "ppocr")
    assert version[0].isdigit()


# The broken ones: an executable that answers `--version` and then does what its name says.

_DOUBLES = {
    "ocr_crashes": "kill -SEGV $$",
    "ocr_fails": "exit 1",
    "ocr_hangs": "exec sleep 60",
    "ocr_writes_nothing": "exit 0",
    "ocr_writes_garbage": "head -c 4096 /dev/urandom > $2.tsv",
    "ocr_writes_other_text": "echo 'hello there' > $2.tsv",
    "ocr_leaves_the_page": r"printf 'level\tx\n5\t1\t1\t1\t1\t1\t9000\t9000\t20\t20\t90\tword\n' > $2.tsv",
    "ocr_breaks_off": r"printf 'level\tx\n5\t1\t1\t1\n' > $2.tsv",
}


@pytest.mark.parametrize("double", sorted(_DOUBLES))
def test_a_broken_engine_fails_by_code_and_leaves_nothing(double: str, tmp_path: Path) -> None:
    binary = tmp_path / double
    binary.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo tesseract 5.0.0 && exit 0\n{_DOUBLES[double]}\n')
    binary.chmod(0o700)
    with TesseractCliEngine(binary, timeout_s=1.0) as engine:
        started = time.monotonic()
        with pytest.raises(RedoubtError) as caught:
            engine.words(written(["Maria Kovacs"]), DPI)
        assert caught.value.reason is Reason.READER_FAILED
        assert caught.value.__cause__ is None
        assert time.monotonic() - started < 10
        assert list(engine._folder.path.iterdir()) == []


def test_a_missing_binary_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(RedoubtError) as caught:
        TesseractCliEngine(tmp_path / "none")
    assert caught.value.reason is Reason.MISCONFIGURED


def test_a_folder_on_disk_is_refused() -> None:
    with pytest.raises(RedoubtError) as caught:
        wheel_engine(memory=Path("/proc"))
    assert caught.value.reason is Reason.MISCONFIGURED


def test_the_folder_is_private_and_goes() -> None:
    with wheel_engine() as engine:
        path = engine._folder.path
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert path.is_relative_to("/dev/shm")
    assert not path.exists()


def test_a_killed_process_leaves_a_folder_that_the_next_start_sweeps() -> None:
    script = textwrap.dedent("""
        import sys, time
        from detectors.reading.engines.private_folder import PrivateFolder
        folder = PrivateFolder()
        (folder.path / "page.pgm").write_bytes(b"ink")
        print(folder.path, flush=True)
        time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        stale = Path(killed.stdout.readline().strip())
        with wheel_engine() as living:
            assert stale.exists(), "a living process's folder was swept"
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            with wheel_engine():
                assert not stale.exists()
                assert living._folder.path.exists()
    shutil.rmtree(stale, ignore_errors=True)
