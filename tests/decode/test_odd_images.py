"""Odd pictures: each ends in pages of the right size and scale, or in a reason code."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from detectors.errors import Reason, RedoubtError
from streams.decode.decoder import Decoder
from streams.decode.limits import MAX_PAGES
from tests.decode.files import drawing, encoded

DEADLINE_S = 120.0
WIDTH, HEIGHT = 340, 440
Shape = tuple[int, int]
PAGE: Shape = (HEIGHT, WIDTH)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def animated(kind: str, frames: int = 3, **options: Any) -> bytes:
    """Print, then blank sheets: whoever looks at one picture alone sees either of them."""
    blanks = [Image.new("RGB", (WIDTH, HEIGHT), (250 - shade, 250, 250)) for shade in range(1, frames)]
    out = io.BytesIO()
    drawing(WIDTH, HEIGHT, "RGB").save(out, kind, save_all=True, append_images=blanks, duration=50, **options)
    return out.getvalue()


def claiming(frames: int) -> bytes:
    """An animated PNG that says it has so many pictures, and has three."""
    content = animated("PNG")
    at = content.index(b"acTL")
    said = b"acTL" + frames.to_bytes(4, "big") + content[at + 8 : at + 12]
    return content[:at] + said + zlib.crc32(said).to_bytes(4, "big") + content[at + 16 :]


def sixteen_bits() -> bytes:
    return encoded(Image.fromarray(np.asarray(drawing(WIDTH, HEIGHT)).astype(np.uint16) << 8), "PNG")


def sized(width: int, height: int) -> bytes:
    head = encoded(drawing(50, 50), "PNG")
    return head[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + head[24:]


def page(kind: str, mode: str, **options: Any) -> bytes:
    return encoded(drawing(WIDTH, HEIGHT, "RGB").convert(mode), kind, **options)


def cut_jpeg() -> bytes:
    whole = encoded(drawing(), "JPEG")
    return whole[: len(whole) // 2]


ODD: dict[str, tuple[Callable[[], bytes], list[Shape] | set[Reason]]] = {
    "1 x 1": (lambda: encoded(drawing(1, 1), "PNG"), [(1, 1)]),
    "1 x 3000": (lambda: encoded(drawing(1, 3_000), "TIFF"), [(3_000, 1)]),
    "30,000 x 30,000": (lambda: sized(30_000, 30_000), {Reason.TOO_MANY_PIXELS, Reason.DAMAGED}),
    "CMYK": (lambda: page("JPEG", "CMYK"), [PAGE]),
    "CMYK as TIFF": (lambda: page("TIFF", "CMYK"), [PAGE]),
    "16 bit": (sixteen_bits, [PAGE]),
    "palette": (lambda: page("PNG", "P"), [PAGE]),
    "palette with a transparent colour": (lambda: page("PNG", "P", transparency=0), [PAGE]),
    "alpha": (lambda: page("PNG", "RGBA"), [PAGE]),
    "gray with alpha": (lambda: page("PNG", "LA"), [PAGE]),
    "zero dpi": (lambda: page("JPEG", "L", dpi=(0, 0)), [PAGE]),
    "animated PNG": (lambda: animated("PNG"), [PAGE] * 3),
    "animated PNG after a still one": (lambda: animated("PNG", default_image=True), [PAGE] * 3),
    "animated PNG that claims less": (lambda: claiming(2), [PAGE] * 2),
    "animated PNG that claims more": (lambda: claiming(9), {Reason.DAMAGED}),
    "animated PNG that claims too many": (lambda: claiming(MAX_PAGES + 1), {Reason.TOO_MANY_PAGES}),
    "animated GIF": (lambda: animated("GIF"), {Reason.UNKNOWN_FORMAT}),
    "animated WebP": (lambda: animated("WEBP"), {Reason.UNKNOWN_FORMAT}),
    "TIFF of several frames": (lambda: animated("TIFF"), [PAGE] * 3),
    "truncated JPEG": (cut_jpeg, {Reason.DAMAGED}),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_picture_is_pages_or_a_code(decoder: Decoder, name: str) -> None:
    make, expected = ODD[name]
    if isinstance(expected, list):
        assert [found.pixels.shape[:2] for found in decoder.decode(make(), DEADLINE_S)] == expected
        return
    with pytest.raises(RedoubtError) as refused:
        decoder.decode(make(), DEADLINE_S)
    assert refused.value.reason in expected


def test_every_picture_of_an_animated_png_is_seen(decoder: Decoder) -> None:
    first, *others = decoder.decode(animated("PNG"), DEADLINE_S)
    assert int(first.pixels.min()) < 60
    assert all(int(other.pixels.min()) > 200 for other in others)


def test_no_resolution_is_made_of_zero(decoder: Decoder) -> None:
    (found,) = decoder.decode(page("JPEG", "L", dpi=(0, 0)), DEADLINE_S)
    assert found.dpi == 0.0
