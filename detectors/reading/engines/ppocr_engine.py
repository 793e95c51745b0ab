"""PP-OCR in this process, through onnxruntime: a detector of text first, a recognizer for the boxes that are asked for.

The models are those of the `rapidocr` wheel: PP-OCRv6 small, Apache-2.0, part of the hash-pinned wheel, so that nothing
is fetched when it runs. Its older sister `rapidocr-onnxruntime` carries PP-OCRv4, asks for an OpenCV that wants libGL,
loses the spaces between English words and keeps 80 MiB more. RapidOCR's own Python is not imported: it brings a
downloader that goes to the network where a model's checksum differs, and a log that nobody here reads.

Sources: Liao and others, "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020, for the boxes;
Graves and others, "Connectionist Temporal Classification", ICML 2006, for the letters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import distribution
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box, Quad
from detectors.memory import give_back
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord

DETECTOR: Final = "rapidocr/models/PP-OCRv6_det_small.onnx"
RECOGNIZER: Final = "rapidocr/models/PP-OCRv6_rec_small.onnx"
STEP_PX: Final = 32
"""The detector's sides are whole multiples of it."""
LEAST_SIDE_PX: Final = 64
MAX_SIDE_PX: Final = 2_000
"""What is longer is looked at smaller: a letter page at 180 dpi, half a sheet of a plan."""
MAX_SOURCE_PX: Final = 32_767
"""OpenCV's own limit for what it warps."""
STRIP_PX: Final = 512
"""The detector sees so many rows at a time, for its memory grows with the area: 520 MiB over a letter page at once."""
AROUND_PX: Final = 64
"""And so many above and below, so that lines on a strip's edge are seen whole by one of both."""
TEXT: Final = 0.3
"""Of the detector's answer for one pixel."""
SURE_BOX: Final = 0.5
"""Its mean over a box, as RapidOCR has it."""
LEAST_BOX_PX: Final = 3
GROWN: Final = 1.6
"""The detector is taught shrunken boxes: each side is moved out by area / perimeter, times this."""
MAX_BOXES: Final = 2_000
LINE_PX: Final = 48
"""The recognizer's height."""
MAX_LINE_PX: Final = 3_200
UPRIGHT: Final = 1.5
"""A box this many times as high as wide is a line that runs up or down."""
POOR: Final = 0.8
"""A line read with less is tried upside down, too."""
LATIN: Final = "\u024f"
"""Letters up to here; the model's others, Chinese most of them, are left out of its choice."""
SHARED: Final = 0.5
"""Share of the lower box's height that two boxes of one line have in common."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Line:
    """Letters of one box, each with its place along the box and how sure it is, both from 0 to 1."""

    letters: tuple[tuple[str, float, float], ...] = field(repr=False)

    @property
    def sure(self) -> float:
        return sum(sure for *_, sure in self.letters) / len(self.letters) if self.letters else 0.0


class PpocrEngine:
    """One PP-OCR in this process, in one thread. Not thread-safe.

    Raises RedoubtError(MISCONFIGURED) where the models are missing.
    """

    def __init__(self) -> None:
        self._recognizer = _session(RECOGNIZER)
        listed = self._recognizer.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
        characters = ["", *listed, " "]
        self._chosen = np.array([i for i, c in enumerate(characters) if c <= LATIN], np.intp)
        self._characters = [characters[i] for i in self._chosen]
        self._name = f"ppocr-6.small-rapidocr-{distribution('rapidocr').version}"

    @property
    def name(self) -> str:
        return self._name

    @cached_property
    def _detector(self) -> Any:
        """Loaded for what is asked where text stands: it takes twice the memory of the recognizer."""
        return _session(DETECTOR)

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:  # noqa: ARG002  it takes letters of any size
        """Words of a gray raster (height, width), line by line. Raises RedoubtError(READER_FAILED)."""
        return self.words_in(gray, self.text_regions(gray))

    def text_regions(self, gray: Pixels, sure: float = SURE_BOX) -> list[Quad]:
        """Where text stands on a gray raster (height, width), a line or a part of one each, without reading it.

        Of each the detector is so sure, 0 to 1.

        Raises RedoubtError(READER_FAILED).
        """
        if gray.ndim != 2 or gray.dtype != np.uint8 or max(gray.shape) > MAX_SOURCE_PX:
            raise RedoubtError(Reason.READER_FAILED)
        height, width = gray.shape
        if min(height, width) < LEAST_BOX_PX:
            return []
        factor = min(max(LEAST_SIDE_PX / min(height, width), 1.0), MAX_SIDE_PX / max(height, width))
        size = (_whole(width * factor), _whole(height * factor))
        view = cv2.resize(gray, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
        answer = np.zeros(view.shape, np.float32)
        for top in range(0, size[1], STRIP_PX):
            above, bottom = max(top - AROUND_PX, 0), min(top + STRIP_PX, size[1])
            strip = np.asarray(view[above : bottom + AROUND_PX], np.uint8)
            found = _run(self._detector, _normalised(strip)[None])[0, 0]
            answer[top:bottom] = found[top - above : bottom - above]
        return list(_boxes(answer, width / size[0], height / size[1], sure))

    def words_in(self, gray: Pixels, regions: Sequence[Quad]) -> list[EngineWord]:
        """What stands in these regions, in the order of lines. Raises RedoubtError(READER_FAILED)."""
        found: list[EngineWord] = []
        for number, line in enumerate(_lines(regions)):
            for region in line:
                found += self._read(gray, region, number)
        return found

    def texts_at(self, gray: Pixels, regions: Sequence[Quad]) -> list[tuple[str, float]]:
        """What stands in each region of a gray raster, and how sure its least sure letter is, 0 to 100.

        Raises RedoubtError(READER_FAILED).
        """
        return [self._text_at(gray, region) for region in regions]

    def _text_at(self, gray: Pixels, region: Quad) -> tuple[str, float]:
        room = region.bounds.grown(LINE_PX).clipped(gray.shape[1], gray.shape[0])
        if room is None or max(room.width, room.height) > MAX_SOURCE_PX:
            return "", 0.0
        corners = np.array(region.corners, np.float32) - np.array((room.left, room.top), np.float32)
        line = self._line(np.asarray(gray[room.top : room.bottom, room.left : room.right]), corners)
        text = "".join(letter for letter, *_ in line.letters)
        return text, 100.0 * min((sure for *_, sure in line.letters), default=0.0)

    def _read(self, gray: Pixels, region: Quad, number: int) -> list[EngineWord]:
        corners = np.array(region.corners, np.float32)
        ways = [corners]
        if _long(corners, 0, 3) >= UPRIGHT * _long(corners, 0, 1):
            ways = [np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)]
        lines = [(self._line(gray, way), way) for way in ways]
        if len(ways) == 1 and lines[0][0].sure < POOR:
            turned = np.roll(corners, 2, axis=0)
            lines.append((self._line(gray, turned), turned))
        line, way = max(lines, key=lambda item: item[0].sure)
        return list(_words(line, way, gray.shape, number))

    def _line(self, gray: Pixels, corners: Floats) -> _Line:
        """What a box says, read along its first side."""
        across, down = max(_long(corners, 0, 1), 1.0), max(_long(corners, 0, 3), 1.0)
        width = min(max(round(LINE_PX * across / down), LINE_PX // 2), MAX_LINE_PX)
        upright = np.array([[0, 0], [width, 0], [width, LINE_PX], [0, LINE_PX]], np.float32)
        how = cv2.INTER_CUBIC if down < LINE_PX else cv2.INTER_AREA
        flat = cv2.getPerspectiveTransform(corners, upright)
        strip = cv2.warpPerspective(gray, flat, (width, LINE_PX), flags=how, borderMode=cv2.BORDER_REPLICATE)
        answer = _run(self._recognizer, _normalised(np.asarray(strip, np.uint8))[None])[0][:, self._chosen]
        best, sure = answer.argmax(axis=1), answer.max(axis=1)
        first = np.flatnonzero((best != 0) & np.concatenate(([True], best[1:] != best[:-1])))
        characters, ends = self._characters, len(best)
        return _Line(tuple((characters[best[i]], (i + 0.5) / ends, float(sure[i])) for i in first.tolist()))


def _session(model: str) -> Any:
    """One thread, and no memory kept for later: a reading process lives long, and a second opinion is rare.

    What the pages before and the loading itself left free goes back to the system: together 70 MiB of a process.
    """
    give_back()
    try:
        import onnxruntime  # ten MiB, for pages alone that ask for it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        # A plan is kept for each width of a line that was ever met, and a planned line takes its memory all at once.
        options.enable_mem_pattern = False
        options.log_severity_level = 4
        path = str(distribution("rapidocr").locate_file(model))
        return onnxruntime.InferenceSession(path, sess_options=options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001  onnxruntime's exceptions have no common class, and hold paths
        raise RedoubtError(Reason.MISCONFIGURED) from None
    finally:
        give_back()


def _run(session: Any, batch: Floats) -> Floats:
    try:
        return np.asarray(session.run(None, {session.get_inputs()[0].name: batch})[0], np.float32)
    except Exception:  # noqa: BLE001  as above
        raise RedoubtError(Reason.READER_FAILED) from None


def _normalised(gray: Pixels) -> Floats:
    """Three equal channels (3, height, width) from -1 to 1."""
    one = gray.astype(np.float32) / 127.5 - 1.0
    return np.repeat(one[None], 3, axis=0)


def _whole(side: float) -> int:
    return max(round(side / STEP_PX), 1) * STEP_PX


def _long(corners: Floats, a: int, b: int) -> float:
    return math.dist(corners[a], corners[b])


def _boxes(answer: Floats, across: float, down: float, sure: float) -> Iterable[Quad]:
    """The boxes round what the detector takes for text; `across` and `down` are source pixels per one of its own."""
    marks = cv2.dilate((answer > TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(marks, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:MAX_BOXES]:
        (x, y), (w, h), angle = cv2.minAreaRect(contour)
        if min(w, h) < LEAST_BOX_PX or _mean(answer, cv2.boxPoints(((x, y), (w, h), angle))) < sure:
            continue
        out = 2 * GROWN * w * h / (2 * (w + h))
        corners = cv2.boxPoints(((x, y), (w + out, h + out), angle)) * np.array([across, down])
        yield _clockwise(corners)


def _mean(answer: Floats, corners: NDArray[Any]) -> float:
    """The detector's mean answer inside a box."""
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = answer[top:bottom, left:right]
    if not part.size:
        return 0.0
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).round().astype(np.int32)], 1)
    return float(cv2.mean(part, inside)[0])


def _clockwise(corners: NDArray[Any]) -> Quad:
    """From the corner at the top left; lines that lean by less than 45 degrees either way stay lying."""
    by_x = sorted(corners.tolist())
    (a, d), (b, c) = (sorted(side, key=lambda p: p[1]) for side in (by_x[:2], by_x[2:]))
    return Quad(tuple((float(x), float(y)) for x, y in (a, b, c, d)))  # type: ignore[arg-type]


def _lines(regions: Sequence[Quad]) -> list[list[Quad]]:
    """Regions by lines from top to bottom, those of a line from left to right."""
    lines: list[list[Quad]] = []
    for region in sorted(regions, key=lambda r: (r.bounds.top + r.bounds.bottom, r.bounds.left)):
        one = region.bounds
        for line in reversed(lines[-4:] if one.height < UPRIGHT * one.width else ()):
            other = line[0].bounds
            low, high = sorted((one.height, other.height))
            if min(one.bottom, other.bottom) - max(one.top, other.top) >= SHARED * low and high < 2 * low:
                line.append(region)
                break
        else:
            lines.append([region])
    return [sorted(line, key=lambda r: r.bounds.left) for line in lines]


def _words(line: _Line, corners: Floats, shape: tuple[int, ...], number: int) -> Iterable[EngineWord]:
    """The line's words, each with the part of the box where its letters stand, and as sure as its least letter."""
    height, width = shape
    text = "".join(letter for letter, *_ in line.letters)
    places = [place for _, place, _ in line.letters]
    begin = 0
    for word in text.split(" "):
        end = begin + len(word)
        if word:
            start = (places[begin - 1] + places[begin]) / 2 if begin else 0.0
            stop = (places[end - 1] + places[end]) / 2 if end < len(places) else 1.0
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners.tolist()
            part = [(ax + (bx - ax) * t, ay + (by - ay) * t) for t in (start, stop)]
            part += [(dx + (cx - dx) * t, dy + (cy - dy) * t) for t in (start, stop)]
            xs, ys = [p[0] for p in part], [p[1] for p in part]
            box = Box(math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))
            clipped = box.clipped(width, height)
            if clipped is not None:
                least = min(sure for *_, sure in line.letters[begin:end])
                yield EngineWord(word, 100.0 * min(max(least, 0.0), 1.0), clipped, number)
        begin = end + 1
