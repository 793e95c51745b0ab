"""Print that hides from an eye for strong dark ink: pale, coloured as bright as its ground, or dark on dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.levels import level_at
from detectors.pages import Pixels

Mask = NDArray[np.bool_]

STRONG: Final = 40
"""Grey levels by which ink differs from the paper around it; JPEG noise and show-through stay below."""
FAINTEST: Final = 9
"""Grey levels that count as ink on paper without any noise: a person makes out less than 4 percent with effort."""
BARELY: Final = 4
"""The same on a page that seems blank: turned up, print of six levels is read there."""
NOISE_FACTOR: Final = 6.0
"""Pale ink stands this many times above the noise that four fifths of the page stay under (7.7 sigma)."""
_QUIET: Final = 80.0
_HALF: Final = 1.9
"""What four fifths of noise stay under, in multiples of what half of it stays under."""
_PAPER_IN: Final = 0.5
"""Side of the window whose median is called paper: wider than a line of text is high."""
_AREA_IN: Final = 0.12
"""Pale areas from this size are shading and highlights; strokes that wide belong to letters over an inch high."""
_OWN: Final = 0.5
"""Share of strong ink from which a mark is no pale one with dark cores but a dark one with pale rims."""
_COLOUR: Final = 12
"""Levels between channels under which a page is as gray as its luma says."""
_RIM_IN: Final = 0.02
_JOIN_IN: Final = 0.15
_LEAST_MARKS: Final = 4
"""Fewer pale marks side by side are dirt."""
_LEAST_INK_IN2: Final = 0.003
"""Square inches of ink: three letters at 6 points have more."""
_LOW_IN: Final = 0.03
_WIDE_IN: Final = 0.15
_LARGE_IN: Final = 0.3
"""Pale marks that large both ways are letters of a watermark: black over them would take what they run behind, so they
make no line, and count with all of their box, for a person to see."""
_LINE_IN: Final = 0.6
_MARGIN_IN: Final = 0.03


def paper_of(channel: Pixels, dpi: float, how: int = cv2.INTER_AREA, bars: Mask | None = None) -> Pixels:
    """The ground under the print: exact medians of wide windows are slow, that of a small picture stands in.

    Beside `bars`, of the same shape, and under them it is that of the nearest place without one: a bar darkens the
    windows around it, and paper would be light ink there."""
    step = max(1, round(dpi * _PAPER_IN / 9))
    height, width = channel.shape
    small = cv2.resize(channel, (max(9, width // step), max(9, height // step)), interpolation=how)
    paper = cv2.medianBlur(small, 9)
    if bars is not None and bars.any():
        held = cv2.resize(bars.view(np.uint8), paper.shape[::-1], interpolation=cv2.INTER_AREA)
        near = cv2.dilate(held, np.ones((9, 9), np.uint8))
        if not near.all():
            _, nearest = cv2.distanceTransformWithLabels(near, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
            levels = np.zeros(int(nearest.max()) + 1, np.uint8)
            levels[nearest[near == 0]] = paper[near == 0]
            paper = levels[nearest]
    return np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def channels_of(pixels: Pixels, gray: Pixels) -> Sequence[Pixels]:
    """Luma, and the three channels of a page that has colour."""
    if pixels.ndim == 2:
        return (gray,)
    red, green, blue = (np.ascontiguousarray(pixels[:, :, i]) for i in range(3))
    spread = cv2.max(cv2.absdiff(red, green), cv2.absdiff(green, blue))
    return (gray, red, green, blue) if int(spread.max()) > _COLOUR else (gray,)


def threshold(differs: Pixels, lossy: bool, half: bool = False, faintest: float = FAINTEST) -> float:
    """Levels above which a difference from the paper is ink and no noise; `half` where print may fill near half."""
    quiet = level_at(differs, 50) * _HALF if half else level_at(differs.ravel()[::7], _QUIET)
    # Blocks of a JPEG ring around dark print by a tenth of its contrast.
    least = 2.5 * FAINTEST if lossy else faintest
    return min(max(least, NOISE_FACTOR * quiet), float(STRONG))


def barely_marked(gray: Pixels, dpi: float, lossy: bool) -> bool:
    """Whether a page that seems blank holds as much as a few letters, however faint."""
    differs = np.asarray(cv2.absdiff(gray, paper_of(gray, dpi, cv2.INTER_NEAREST)), np.uint8)
    marked = int(np.count_nonzero(differs > threshold(differs, lossy, faintest=BARELY)))
    return marked >= _LEAST_INK_IN2 * dpi**2


def turned_up(pixels: Pixels) -> Pixels:
    """A page of hardly any contrast with all that there is: its darkest pixel black, its lightest white."""
    return np.asarray(cv2.normalize(pixels, None, 0, 255, cv2.NORM_MINMAX), np.uint8)


def on_bars(channels: Sequence[Pixels], inner: Mask, dpi: float, lossy: bool) -> Mask:
    """Marks inside dark bars that differ from their bar's own ground in any channel, however dark they are."""
    found = np.zeros(inner.shape, bool)
    margin = max(1, round(_PAPER_IN / 2 * dpi))
    _, parts, stats, _ = components(inner)
    for number in range(1, len(stats)):
        place = _boxed(stats[number], margin)
        where = (slice(max(place.top, 0), place.bottom), slice(max(place.left, 0), place.right))
        own = parts[where] == number
        for channel in channels:
            # Outside the bar its usual level stands, so that the paper beside it is not taken for its ground.
            usual = np.uint8(np.median(channel[where][own]))
            ground = np.where(own, channel[where], usual).astype(np.uint8)
            differs = np.asarray(cv2.absdiff(ground, paper_of(ground, dpi, cv2.INTER_NEAREST)), np.uint8)
            found[where] |= own & (differs > threshold(differs[own], lossy, half=True))
    return found


def pale(channels: Sequence[Pixels], strong: Mask, dpi: float, lossy: bool) -> Mask:
    """Marks that differ from their paper by little, or in one channel alone; none of the marks of `strong`."""
    faint = np.zeros(strong.shape, np.uint8)
    for channel in channels:
        # Averages over dense print are darker than its paper, by more than pale ink is; samples are not.
        paper = paper_of(channel, dpi, cv2.INTER_NEAREST)
        differs = np.asarray(cv2.absdiff(channel, paper), np.uint8)
        faint |= (differs > threshold(differs, lossy)).astype(np.uint8)
    size = max(3, round(_AREA_IN * dpi))
    kernel = np.ones((size, size), np.uint8)
    core = cv2.morphologyEx(faint | strong.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    rim = 2 * max(1, round(2 * _RIM_IN * dpi)) + 1
    faint[cv2.dilate(core, np.ones((rim, rim), np.uint8)) > 0] = 0
    near = 2 * max(1, round(_RIM_IN * dpi)) + 1
    around = cv2.dilate(strong.astype(np.uint8), np.ones((near, near), np.uint8))
    if np.count_nonzero(faint > around) < _LEAST_INK_IN2 * dpi**2:
        return np.zeros(strong.shape, bool)
    count, marks, stats, _ = components(faint)
    dark = np.bincount(marks[strong], minlength=count)
    keep = dark < _OWN * stats[:, cv2.CC_STAT_AREA]
    keep[0] = False
    # Pale rims that broke off their dark glyph.
    beside = cv2.dilate((strong & ~keep[marks]).astype(np.uint8), np.ones((near, near), np.uint8)).astype(bool)
    found: Mask = keep[marks] & ~beside
    return found


def pale_lines(marks: Mask, dpi: float) -> tuple[int, list[Box]]:
    """What of pale marks that nothing explains is print: how much ink it makes, and its lines."""
    if np.count_nonzero(marks) < _LEAST_INK_IN2 * dpi**2:
        return 0, []
    count, labels, stats, _ = components(marks)
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    large = np.minimum(width, height) >= _LARGE_IN * dpi
    large[0] = False
    counted = large.copy()
    boxes: list[Box] = []
    join = 2 * round(_JOIN_IN * dpi / 2) + 1
    rest = (marks & ~large[labels]).astype(np.uint8)
    for kernel in ((1, join), (join, 1)):
        joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))
        _, lines, bounds, _ = components(joined)
        owner = np.zeros(count, int)
        owner[labels[rest > 0]] = lines[rest > 0]
        members = np.bincount(owner[1:], minlength=len(bounds))
        across, down = bounds[:, cv2.CC_STAT_WIDTH], bounds[:, cv2.CC_STAT_HEIGHT]
        long, high = (across, down) if kernel[0] == 1 else (down, across)
        shaped = (long >= _WIDE_IN * dpi) & (high >= _LOW_IN * dpi) & (high <= _LINE_IN * dpi)
        chosen = shaped & (members >= _LEAST_MARKS)
        chosen[0] = False
        counted |= chosen[owner]
        boxes += [_boxed(bounds[i], max(1, round(_MARGIN_IN * dpi))) for i in np.flatnonzero(chosen)]
    counted[0] = False
    ink = int(area[counted & ~large].sum()) + int((width * height)[large].sum())
    return ink, boxes


def _boxed(bounds: NDArray[np.int32], margin: int) -> Box:
    left, top, width, height = (int(v) for v in bounds[:4])
    return Box(left, top, left + width, top + height).grown(margin)
