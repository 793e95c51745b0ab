"""Pictures of bodies that nobody has: what devices show, drawn from noise, ellipses and lines.

Each is gray or colour of uint8, and shows no letter; `CLUTTER` draws what devices and surgeons add that is none either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels

Plane = NDArray[np.float32]
"""Shape (height, width), 0 to 1."""
Random = np.random.Generator


def noise(rng: Random, size: tuple[int, int], grain: float) -> Plane:
    """Around 0, of structures that many pixels wide."""
    height, width = size
    small = (max(2, int(width / grain)), max(2, int(height / grain)))
    field = rng.standard_normal(small[::-1]).astype(np.float32)
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def ellipse(size: tuple[int, int], at: tuple[float, float], axes: tuple[float, float], soft: float = 3) -> Plane:
    """1 inside and 0 outside; places and axes are shares of the width and height."""
    height, width = size
    mask = np.zeros(size, np.float32)
    centre, half = (int(at[0] * width), int(at[1] * height)), (int(axes[0] * width), int(axes[1] * height))
    cv2.ellipse(mask, centre, half, 0, 0, 360, 1, -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), soft), np.float32)


def shown(plane: Plane) -> Pixels:
    return np.asarray(np.clip(plane, 0, 1) * 255, np.uint8)


def chest(rng: Random, size: tuple[int, int]) -> Pixels:
    """Bright to the edges, with ribs and grain."""
    height, width = size
    plane = np.full(size, 0.62, np.float32) + 0.08 * noise(rng, size, 60)
    for side in (0.3, 0.7):
        plane -= 0.42 * ellipse(size, (side, 0.48), (0.15, 0.33), 12)
    plane += 0.22 * ellipse(size, (0.53, 0.6), (0.11, 0.2), 10)
    for rib in range(8):
        line = np.zeros(size, np.float32)
        for side in (0.28, 0.72):
            centre = (int(side * width), int((0.2 + 0.085 * rib) * height))
            cv2.ellipse(line, centre, (int(0.2 * width), int(0.07 * height)), 0, 190, 350, 1, max(3, width // 70))
        plane += 0.14 * cv2.GaussianBlur(line, (0, 0), 2)
    return shown(plane + 0.025 * noise(rng, size, 1.2))


def bones(rng: Random, size: tuple[int, int]) -> Pixels:
    """Long bones with bright rims on black."""
    height, width = size
    plane = np.full(size, 0.03, np.float32)
    for _ in range(int(rng.integers(3, 6))):
        mask = np.zeros(size, np.uint8)
        start, end = (
            (int(rng.uniform(0.2, 0.8) * width), int(y * height)) for y in (rng.uniform(0, 0.2), rng.uniform(0.7, 1))
        )
        cv2.line(mask, start, end, 1, max(10, width // 14))
        flesh = cv2.dilate(mask, np.ones((width // 9,) * 2, np.uint8)).astype(np.float32)
        rim = (mask - cv2.erode(mask, np.ones((7, 7), np.uint8))).astype(np.float32)
        plane = np.maximum(plane, 0.22 * cv2.GaussianBlur(flesh, (0, 0), 6))
        inside = mask.astype(np.float32) * (0.5 + 0.07 * noise(rng, size, 3))
        plane = np.maximum(plane, cv2.GaussianBlur(inside, (0, 0), 1))
        plane += 0.3 * cv2.GaussianBlur(rim, (0, 0), 1)
    return shown(plane + 0.02 * noise(rng, size, 1))


def slice_of_ct(rng: Random, size: tuple[int, int]) -> Pixels:
    """A trunk on black, a table under it."""
    height, width = size
    body = ellipse(size, (0.5, 0.5), (0.42, 0.3), 1.5)
    plane = 0.4 * body + body * 0.05 * noise(rng, size, 25)
    for _ in range(7):
        at, axes = rng.uniform((0.25, 0.35), (0.75, 0.65)), rng.uniform((0.03, 0.03), (0.13, 0.1))
        plane += rng.uniform(-0.3, 0.25) * ellipse(size, tuple(at), tuple(axes), 1.5)
    for turn in np.linspace(0, 2 * np.pi, 17)[:-1]:
        at = (0.5 + 0.37 * np.cos(turn), 0.5 + 0.25 * np.sin(turn))
        plane += 0.6 * ellipse(size, at, (0.016, 0.01), 1)
    cv2.ellipse(plane, (width // 2, int(0.7 * height)), (int(0.45 * width), int(0.16 * height)), 0, 20, 160, 0.5, 2)
    return shown(plane + 0.03 * noise(rng, size, 1.5) * body)


def head_of_mr(rng: Random, size: tuple[int, int]) -> Pixels:
    """Folds on black."""
    head, brain = ellipse(size, (0.5, 0.5), (0.33, 0.4), 2), ellipse(size, (0.5, 0.5), (0.28, 0.34), 2)
    folds = np.tanh(3 * noise(rng, size, size[1] / 32))
    plane = 0.75 * (head - brain) + brain * (0.42 + 0.15 * folds)
    for side in (0.46, 0.54):
        plane -= 0.3 * ellipse(size, (side, 0.5), (0.025, 0.1), 2)
    floor = np.hypot(0.03 * noise(rng, size, 1), 0.03 * noise(rng, size, 1))
    return shown(plane + floor)


def fan(rng: Random, size: tuple[int, int]) -> Pixels:
    """Speckle in a fan on black: an ultrasound."""
    height, width = size
    mask = np.zeros(size, np.uint8)
    top = (width // 2, int(0.04 * height))
    reach = int(rng.uniform(0.8, 0.9) * height)
    cv2.ellipse(mask, top, (reach, reach), 0, 50, 130, 1, -1)
    cv2.circle(mask, top, int(0.09 * height), 0, -1)
    speckle = np.abs(noise(rng, size, 2.2)) * (0.3 + 0.12 * noise(rng, size, 40))
    for _ in range(4):
        at, axes = rng.uniform((0.35, 0.3), (0.65, 0.8)), rng.uniform((0.03, 0.03), (0.1, 0.1))
        speckle *= 1 + rng.uniform(-0.9, 0.9) * ellipse(size, tuple(at), tuple(axes), 4)
    return shown(mask * (0.04 + speckle))


def flow(rng: Random, size: tuple[int, int]) -> Pixels:
    """Speckle in a band with a box of colours in it."""
    height, width = size
    plane = np.zeros(size, np.float32)
    rows = slice(int(0.16 * height), int(0.78 * height))
    plane[rows] = (np.abs(noise(rng, size, 2)) * (0.28 + 0.12 * noise(rng, size, 30)))[rows]
    colours = np.repeat(shown(plane)[..., None], 3, axis=2)
    box = np.zeros(size, bool)
    box[int(0.3 * height) : int(0.6 * height), int(0.25 * width) : int(0.75 * width)] = True
    streams = noise(rng, size, 14)
    colours[box & (streams > 1)], colours[box & (streams < -1.1)] = (235, 90, 20), (30, 70, 230)
    cv2.rectangle(colours, (width // 4, int(0.3 * height)), (3 * width // 4, int(0.6 * height)), (230, 230, 230), 1)
    return colours


def breast(rng: Random, size: tuple[int, int]) -> Pixels:
    dome = ellipse(size, (0.0, 0.5), (0.62, 0.42), 3)
    veils = 0.4 + 0.16 * noise(rng, size, 35) + 0.1 * noise(rng, size, 9)
    return shown(dome * veils + 0.012 * noise(rng, size, 1))


def scope(rng: Random, size: tuple[int, int]) -> Pixels:
    """Pink folds with highlights in a circle on black: an endoscope's view."""
    disc = ellipse(size, (0.58, 0.5), (0.38, 0.46), 1)
    folds = 0.62 + 0.16 * np.tanh(2 * noise(rng, size, 55)) + 0.03 * noise(rng, size, 4)
    glints = (cv2.GaussianBlur(noise(rng, size, 12), (0, 0), 2) > 2.1).astype(np.float32)
    planes = [disc * np.clip(folds * tint + glints, 0, 1) for tint in (1.25, 0.72, 0.6)]
    return np.stack([shown(plane) for plane in planes], axis=2)


def counts(rng: Random, size: tuple[int, int]) -> Pixels:
    """Two whole bodies in single counts: a gamma camera."""
    plane = np.zeros(size, np.float32)
    for x in (0.3, 0.7):
        for at, axes, level in (
            ((x, 0.15), (0.04, 0.06), 0.5),
            ((x, 0.4), (0.09, 0.2), 0.4),
            ((x - 0.03, 0.75), (0.025, 0.2), 0.3),
            ((x + 0.03, 0.75), (0.025, 0.2), 0.3),
        ):
            plane += level * ellipse(size, at, axes, 5)
    return shown(rng.poisson(plane * 22).astype(np.float32) / 22)


def vessels(rng: Random, size: tuple[int, int]) -> Pixels:
    """Dark branches on even gray: a vessel series with its ground taken off."""
    height, width = size
    plane = np.full(size, 0.6, np.float32)
    ends = [(width * 0.5, float(height), -np.pi / 2, width / 45)]
    while ends:
        x, y, turn, thick = ends.pop()
        for _ in range(int(rng.integers(5, 9))):
            nx, ny = x + np.cos(turn) * width / 30, y + np.sin(turn) * width / 30
            cv2.line(plane, (int(x), int(y)), (int(nx), int(ny)), 0.18, max(1, int(thick)), cv2.LINE_AA)
            x, y, turn = nx, ny, turn + rng.normal(0, 0.15)
        if thick > 2:
            ends += [(x, y, turn + side * rng.uniform(0.2, 0.7), thick * 0.62) for side in (-1, 1)]
    return shown(cv2.GaussianBlur(plane, (0, 0), 1.2) + 0.02 * noise(rng, size, 1.2))


def field(rng: Random, size: tuple[int, int]) -> Pixels:
    """Nothing but noise of several grains, as bright as bright tissue: the hardest ground."""
    plane = rng.uniform(0.35, 0.7) + sum(
        share * noise(rng, size, grain) for share, grain in ((0.08, 40), (0.06, 12), (0.05, 4), (0.03, 1))
    )
    return shown(np.asarray(plane, np.float32))


BODIES: Final[dict[str, Callable[[Random, tuple[int, int]], Pixels]]] = {
    found.__name__: found
    for found in (chest, bones, slice_of_ct, head_of_mr, fan, flow, breast, scope, counts, vessels, field)
}


def rulers(rng: Random, pixels: Pixels) -> None:
    """Ticks down one side, a gray scale down the other."""
    height, width = pixels.shape[:2]
    x, white = int(0.965 * width), 225
    for number, y in enumerate(np.linspace(0.2 * height, 0.85 * height, 21).astype(int)):
        cv2.line(pixels, (x, y), (x + (9 if number % 5 == 0 else 4), y), (white,) * 3, 1)
    ramp = np.linspace(255, 0, int(0.3 * height)).astype(np.uint8)[:, None]
    bar = pixels[int(0.35 * height) : int(0.35 * height) + len(ramp), int(0.012 * width) : int(0.012 * width) + 10]
    bar[:] = ramp if pixels.ndim == 2 else ramp[..., None]


def calipers(rng: Random, pixels: Pixels) -> None:
    """Two crosses and a dotted line between."""
    height, width = pixels.shape[:2]
    a, b = (rng.uniform(0.35, 0.65, 2) * (width, height) for _ in range(2))
    for x, y in (a.astype(int), b.astype(int)):
        cv2.line(pixels, (x - 5, y), (x + 5, y), (240,) * 3, 1)
        cv2.line(pixels, (x, y - 5), (x, y + 5), (240,) * 3, 1)
    for share in np.linspace(0, 1, 14):
        x, y = (a + (b - a) * share).astype(int)
        pixels[y : y + 2, x : x + 2] = 240


def metal(rng: Random, pixels: Pixels) -> None:
    """Screws, wires and clips, white and sharp: the closest to letters that a body holds."""
    height, width = pixels.shape[:2]
    for _ in range(3):
        x, y = int(rng.uniform(0.3, 0.7) * width), int(rng.uniform(0.3, 0.7) * height)
        for turn in range(9):
            cv2.line(pixels, (x - 5, y + 3 * turn), (x + 5, y + 3 * turn + 2), (250,) * 3, 1)
        cv2.line(pixels, (x, y - 6), (x, y + 32), (250,) * 3, 3)
    for clip in range(5):
        x, y = int(0.5 * width) + int(rng.normal(0, 5)), int((0.3 + 0.07 * clip) * height)
        cv2.ellipse(pixels, (x, y), (7, 4), float(rng.uniform(0, 180)), 0, 300, (245,) * 3, 2)


def trace(rng: Random, pixels: Pixels) -> None:
    """The line of an electrocardiogram under the picture."""
    height, width = pixels.shape[:2]
    x = np.arange(int(0.2 * width), int(0.8 * width))
    beat = (x % max(width // 9, 20)) / max(width // 9, 20)
    y = 0.94 * height - 0.05 * height * np.exp(-(((beat - 0.4) / 0.03) ** 2)) + rng.normal(0, 0.4, len(x))
    colour = (60, 220, 60) if pixels.ndim == 3 else (200,) * 3
    cv2.polylines(pixels, [np.stack([x, y], axis=1).astype(np.int32)], False, colour, 1, cv2.LINE_AA)


CLUTTER: Final = (rulers, calipers, metal, trace)
