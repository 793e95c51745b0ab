"""What scanners, fax machines and phones do to a page. Each returns the damaged pixels and the map onto them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Homography
from detectors.pages import Pixels

_TILE_PX = 512
_HALF = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
"""From pixel centres, where OpenCV counts from, to pixel edges, where regions count from."""


@dataclass(frozen=True, slots=True)
class Damaged:
    pixels: Pixels
    homography: Homography
    """From the undamaged raster's pixels to these."""


def scanned(page: Pixels, dpi: int, poor: bool, rng: np.random.Generator) -> Damaged:
    """A gray page through a flatbed or feeder: skew, blur, light, holes, moiré and grain; `poor` has more of each."""
    height, width = page.shape[:2]
    degrees = float(rng.uniform(-2.0, 2.0) if poor else rng.uniform(-0.7, 0.7))
    homography = _turned(width, height, degrees, rng.uniform(-4, 4, 2))
    pixels = _warped(page, homography, (width, height), 252)
    sigma = float(rng.uniform(0.5, 0.85) if poor else rng.uniform(0.0, 0.5)) * dpi / 200
    if sigma > 0.2:
        pixels = cv2.GaussianBlur(pixels, (0, 0), sigma)
    shade = pixels.astype(np.float32)
    contrast = float(rng.uniform(0.5, 0.8) if poor else rng.uniform(0.85, 1.0))
    shade = shade * contrast + (235 * (1 - contrast) if poor else 255 * (1 - contrast))
    if poor or rng.random() < 0.3:
        shade *= _light(width, height, float(rng.uniform(0.78, 0.95)), rng)
    if poor and rng.random() < 0.5:
        shade += _moire(width, height, rng)
    shade += _grain(width, height, float(rng.uniform(5, 12) if poor else rng.uniform(1, 4)), rng)
    pixels = np.clip(shade, 0, 255).astype(np.uint8)
    if rng.random() < (0.6 if poor else 0.3):
        _punch(pixels, dpi, rng)
    return Damaged(pixels, homography)


def faxed(page: Pixels, poor: bool, rng: np.random.Generator) -> Damaged:
    """A gray page as a bilevel fax: 0 or 255, slight skew, salt and pepper, now and then a scratched column."""
    height, width = page.shape[:2]
    homography = _turned(width, height, float(rng.uniform(-0.8, 0.8) if poor else rng.uniform(-0.3, 0.3)), np.zeros(2))
    turned = _warped(page, homography, (width, height), 255)
    pixels: Pixels = np.where(turned < int(rng.integers(140, 185)), 0, 255).astype(np.uint8)
    share = float(rng.uniform(0.0008, 0.0025) if poor else rng.uniform(0.0, 0.0005))
    count = int(share * width * height)
    pixels[rng.integers(0, height, count), rng.integers(0, width, count)] = np.where(rng.random(count) < 0.6, 0, 255)
    if poor and rng.random() < 0.5:
        column = int(rng.integers(5, width // 12))
        pixels[:: int(rng.integers(2, 4)), column] = 0
    return Damaged(pixels, homography)


def photographed(page: Pixels, poor: bool, rng: np.random.Generator) -> Damaged:
    """A gray page on a table as a phone sees it, in colour: perspective, a darker ground, falling light, grain."""
    height, width = page.shape[:2]
    margin_x, margin_y = (int(side * rng.uniform(0.04, 0.09)) for side in (width, height))
    out_w, out_h = width + 2 * margin_x, height + 2 * margin_y
    lean = 0.035 if poor else 0.02
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    shift = rng.uniform(-lean, lean, (4, 2)) * (width, height)
    homography = cv2.getPerspectiveTransform(
        corners, (corners + np.array((margin_x, margin_y)) + shift).astype(np.float32)
    ).astype(np.float64)
    sheet = _warped(page, homography, (out_w, out_h), 0).astype(np.float32)
    inside = _warped(np.full_like(page, 255), homography, (out_w, out_h), 0).astype(np.float32)[..., None] / 255
    ground = np.array(rng.uniform((40, 35, 30), (110, 95, 85)), np.float32) + _grain(out_w, out_h, 6, rng)[..., None]
    paper = sheet[..., None] / 255 * np.array(rng.uniform((225, 225, 215), (250, 248, 240)), np.float32)
    colour = ground * (1 - inside) + paper * inside
    colour *= _light(out_w, out_h, float(rng.uniform(0.6, 0.75) if poor else rng.uniform(0.75, 0.95)), rng)[..., None]
    colour = cv2.GaussianBlur(colour, (0, 0), float(rng.uniform(0.6, 0.9) if poor else rng.uniform(0.35, 0.6)))
    colour += _grain(out_w, out_h, float(rng.uniform(4, 8) if poor else rng.uniform(1, 4)), rng)[..., None]
    return Damaged(np.clip(colour, 0, 255).astype(np.uint8), homography)


def _turned(width: int, height: int, degrees: float, shift: NDArray[np.float64]) -> Homography:
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = width / 2, height / 2
    return np.array(
        [[cos, -sin, x - cos * x + sin * y + shift[0]], [sin, cos, y - sin * x - cos * y + shift[1]], [0, 0, 1]]
    )


def _warped(page: Pixels, homography: Homography, size: tuple[int, int], fill: int) -> Pixels:
    centred = np.linalg.inv(_HALF) @ homography @ _HALF
    warped: Pixels = cv2.warpPerspective(page, centred, size, flags=cv2.INTER_LINEAR, borderValue=fill)
    return warped


def _light(width: int, height: int, least: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """A factor from `least` to 1 that falls off along one direction."""
    angle = float(rng.uniform(0, 2 * math.pi))
    xs = np.linspace(-1, 1, width, dtype=np.float32) * math.cos(angle)
    ys = np.linspace(-1, 1, height, dtype=np.float32) * math.sin(angle)
    fall = (xs[None, :] + ys[:, None] + 1.5) / 3
    return np.asarray(least + (1 - least) * np.clip(fall, 0, 1), np.float32)


def _moire(width: int, height: int, rng: np.random.Generator) -> NDArray[np.float32]:
    fx, fy = rng.uniform(0.3, 1.0, 2)
    xs, ys = np.arange(width, dtype=np.float32) * fx, np.arange(height, dtype=np.float32) * fy
    wave = np.outer(np.cos(ys), np.sin(xs)) + np.outer(np.sin(ys), np.cos(xs))
    return np.asarray(float(rng.uniform(4, 9)) * wave, np.float32)


def _grain(width: int, height: int, sigma: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Gaussian noise; a tile is repeated, which no engine notices and which costs a tenth."""
    tile = rng.standard_normal((_TILE_PX, _TILE_PX), np.float32) * sigma
    return np.asarray(np.tile(tile, (-(-height // _TILE_PX), -(-width // _TILE_PX)))[:height, :width], np.float32)


def _punch(pixels: Pixels, dpi: int, rng: np.random.Generator) -> None:
    """Three binder holes in the left margin, a letter page's standard 4.25 inches apart, outside the text."""
    x = int(0.32 * dpi)
    for inch in (1.25, 5.5, 9.75):
        centre = (x + int(rng.integers(-3, 4)), int(inch * dpi))
        cv2.circle(pixels, centre, int(0.13 * dpi), int(rng.integers(10, 80)), -1, cv2.LINE_AA)
