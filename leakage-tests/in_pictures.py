"""Places in a picture's file that hold what it does not show, and pictures that hide too little."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Literal

import zxingcpp
from PIL import ExifTags, Image, ImageFilter, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo
from sheet import Builder, image_of_lines


def png(canary: str) -> bytes:
    info = PngInfo()
    info.add_text("Title", canary)
    info.add_text("Comment", canary, zip=True)
    info.add_itxt("Author", canary, zip=True)
    out = io.BytesIO()
    image_of_lines().save(out, "png", pnginfo=info, exif=exif(canary))
    return out.getvalue()


def png_behind_end(canary: str) -> bytes:
    out = io.BytesIO()
    image_of_lines().save(out, "png")
    return out.getvalue() + canary.encode()


def exif(canary: str) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = canary
    exif[ExifTags.Base.Artist] = canary
    return exif


def jpeg_exif(canary: str) -> bytes:
    out = io.BytesIO()
    image_of_lines().save(out, "jpeg", quality=90, exif=exif(canary), comment=canary.encode(), xmp=canary.encode())
    return out.getvalue()


def jpeg_thumbnail(canary: str) -> bytes:
    """The EXIF block ends with a second, small JPEG: here one with a comment, as a cropped picture keeps its whole."""
    small, out = io.BytesIO(), io.BytesIO()
    Image.new("L", (16, 16), 128).save(small, "jpeg", comment=canary.encode())
    image_of_lines().save(out, "jpeg", quality=90, exif=b"Exif\x00\x00" + exif("").tobytes()[6:] + small.getvalue())
    return out.getvalue()


def defaced(change: Callable[[Image.Image], Image.Image]) -> Builder:
    """A scan whose number somebody made hard to read, not hard enough."""

    def build(canary: str) -> bytes:
        image, out = image_of_lines(canary).convert("L"), io.BytesIO()
        place = tuple(side * 150 // 72 for side in (60, 186, 180, 206))
        image.paste(change(image.crop(place)), place[:2])
        image.save(out, "png", dpi=(150, 150))
        return out.getvalue()

    return build


def coarse(part: Image.Image) -> Image.Image:
    small = part.resize((part.width * 2 // 3, part.height * 2 // 3), Image.Resampling.BOX)
    return small.resize(part.size, Image.Resampling.NEAREST)


def blurred(part: Image.Image) -> Image.Image:
    return part.filter(ImageFilter.GaussianBlur(1.5))


def tiff_tags(canary: str) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315], tags[65_000] = canary, canary, canary
    tags.tagtype[65_000] = 2
    out = io.BytesIO()
    image_of_lines().save(out, "tiff", compression="tiff_lzw", tiffinfo=tags)
    return out.getvalue()


def tiff_second_page(canary: str) -> bytes:
    out = io.BytesIO()
    image_of_lines().save(out, "tiff", compression="tiff_lzw", save_all=True, append_images=[image_of_lines(canary)])
    return out.getvalue()


def tiff_unlinked_page(canary: str) -> bytes:
    """Two pages, of which the first no longer names the second: a reader sees one, the file holds both."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = canary
    out = io.BytesIO()
    second = image_of_lines()
    second.encoderinfo = {"tiffinfo": tags}
    image_of_lines().save(out, "tiff", compression="tiff_lzw", save_all=True, append_images=[second])
    data = bytearray(out.getvalue())
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    first = int.from_bytes(data[4:8], order)
    link = first + 2 + 12 * int.from_bytes(data[first : first + 2], order)
    data[link : link + 4] = bytes(4)
    return bytes(data)


def tiff_pages_swapped(canary: str) -> bytes:
    """Two pages whose directories lead to the second one first: a copy in the file's order would burn the wrong one."""
    data = bytearray(tiff_second_page(canary))
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    first = int.from_bytes(data[4:8], order)
    link = first + 2 + 12 * int.from_bytes(data[first : first + 2], order)
    second = int.from_bytes(data[link : link + 4], order)
    back = second + 2 + 12 * int.from_bytes(data[second : second + 2], order)
    data[4:8], data[link : link + 4] = second.to_bytes(4, order), bytes(4)
    data[back : back + 4] = first.to_bytes(4, order)
    return bytes(data)


def qr_code(canary: str) -> bytes:
    page, out = image_of_lines(), io.BytesIO()
    page.paste(
        Image.fromarray(zxingcpp.create_barcode(canary, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)), (500, 380)
    )
    page.save(out, "png")
    return out.getvalue()


def shown(suffix: str) -> Builder:
    def build(canary: str) -> bytes:
        out = io.BytesIO()
        image_of_lines(canary).save(out, suffix)
        return out.getvalue()

    return build
