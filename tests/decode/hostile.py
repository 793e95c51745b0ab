"""Documents made to hurt whoever opens them: loops, bombs and claims. Each is small, and made in memory."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Final

from PIL import Image, PngImagePlugin

from tests.decode.files import drawing, encoded

_MEGABYTE: Final = 1 << 20
_GIGABYTE: Final = 1 << 30


def zlib_bomb(size: int, filling: bytes = b" ") -> bytes:
    """A stream that unpacks to `size` bytes, a thousandth of that in size itself, made without packing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(filling * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return b"\x78\x9c" + one * (size // _MEGABYTE) + last


def pdf(*objects: bytes, extra: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    body, offsets = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, extra)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def stream(content: bytes, keys: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), keys, content)


_CATALOG: Final = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_KID: Final = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def _page(keys: bytes = b"") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]%s>>" % keys


def pdf_tree_of_itself() -> bytes:
    return pdf(_CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")


def pdf_tree_in_a_ring() -> bytes:
    return pdf(
        _CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 9>>",
        b"<</Type/Pages/Parent 2 0 R/Kids[4 0 R]/Count 9>>",
        b"<</Type/Pages/Parent 3 0 R/Kids[3 0 R]/Count 9>>",
    )


def pdf_deep_tree() -> bytes:
    depth = 20_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, depth)]
    return pdf(_CATALOG, *nodes, _page())


def pdf_page_without_end() -> bytes:
    """One page, listed a hundred thousand times."""
    return pdf(_CATALOG, b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>", _page())


def pdf_count(count: int) -> bytes:
    return pdf(_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count, _page())


def pdf_bomb_of_text() -> bytes:
    """Drawing instructions of eight gigabytes, packed twice."""
    content = zlib.compress(zlib_bomb(8 * _GIGABYTE), 9)
    return pdf(_CATALOG, _ONE_KID, _page(b"/Contents 4 0 R"), stream(content, b"/Filter[/FlateDecode/FlateDecode]"))


def pdf_bomb_of_an_image(width: int, height: int) -> bytes:
    image = stream(
        zlib.compress(zlib_bomb(_GIGABYTE, b"\0"), 9),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB"
        b"/Filter[/FlateDecode/FlateDecode]" % (width, height),
    )
    content = stream(b"q 612 0 0 792 0 0 cm /I Do Q")
    return pdf(_CATALOG, _ONE_KID, _page(b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"), content, image)


def pdf_bomb_of_objects() -> bytes:
    """The pages lie in an object stream of four gigabytes."""
    packed = zlib.compress(zlib_bomb(4 * _GIGABYTE), 9)
    body = b"%PDF-1.7\n1 0 obj\n" + _CATALOG + b"\nendobj\n"
    objects_at = len(body)
    keys = b"/Type/ObjStm/N 1000/First 1000000/Filter[/FlateDecode/FlateDecode]"
    body += b"3 0 obj\n" + stream(packed, keys) + b"\nendobj\n"
    rows = ((0, 0, 65_535), (1, 9, 0), (2, 3, 0), (1, objects_at, 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    table_at = len(body)
    body += b"4 0 obj\n" + stream(table, b"/Type/XRef/Size 4/W[1 4 2]/Root 1 0 R") + b"\nendobj\n"
    return body + b"startxref\n%d\n%%%%EOF\n" % table_at


def pdf_references_in_a_ring() -> bytes:
    """A form that draws itself, a page whose contents are its own list, a length that is its own."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</I 5 0 R>>>>/Length 6>>"
    return pdf(
        _CATALOG,
        _ONE_KID,
        _page(b"/Contents[4 0 R 6 0 R]/Resources<</XObject<</I 5 0 R>>>>"),
        stream(b"/I Do\n"),
        form + b"\nstream\n/I Do\n\nendstream",
        b"<</Length 6 0 R>>\nstream\n/I Do\nendstream",
    )


def pdf_revisions_in_a_ring() -> bytes:
    whole = pdf(_CATALOG, _ONE_KID, _page())
    at = whole.index(b"xref\n")
    return pdf(_CATALOG, _ONE_KID, _page(), extra=b"/Prev %d" % at)


def pdf_pattern_without_end() -> bytes:
    """A page filled with tiles of a millionth of a point."""
    keys = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .000001/YStep .000001/Resources<<>>"
    )
    content = stream(b"/Pattern cs /P scn 0 0 612 792 re f")
    resources = b"/Contents 4 0 R/Resources<</Pattern<</P 5 0 R>>>>"
    return pdf(_CATALOG, _ONE_KID, _page(resources), content, stream(b"0 0 1 1 re f", keys))


def tiff(*directories: Iterable[tuple[int, int, int, int]], next_of_last: int = 0) -> bytes:
    """A TIFF of these directories of (tag, type, count, value), one behind the other, and a few bytes of pixels."""
    packed = [sorted(directory) for directory in directories]
    at, starts = 16, []
    for rows in packed:
        starts.append(at)
        at += 2 + 12 * len(rows) + 4
    found = b"II*\x00" + struct.pack("<I", 16) + b"\xff" * 8
    for rows, after in zip(packed, [*starts[1:], next_of_last], strict=True):
        found += struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHII", *row) for row in rows)
        found += struct.pack("<I", after)
    return found


def frame(
    width: int = 16, height: int = 4, compression: int = 1, bits: int = 1, samples: int = 1, **more: int
) -> list[tuple[int, int, int, int]]:
    """A bilevel frame whose strip are the eight bytes behind the header."""
    rows = {256: width, 257: height, 258: bits, 259: compression, 262: 1, 273: 8, 277: samples, 278: height, 279: 8}
    rows |= {int(tag.removeprefix("tag")): value for tag, value in more.items()}
    return [(tag, 4 if value > 65_535 else 3, 1, value) for tag, value in rows.items()]


def tiff_of_frames_without_end() -> bytes:
    return tiff(*[frame()] * 3_000)


def tiff_of_a_bomb() -> bytes:
    """A frame within all limits whose strip, so it says, is a gigabyte of zeros."""
    head = tiff(frame(8_000, 8_000, compression=8, bits=8, tag273=8 + 8 + 2 + 12 * 9 + 4, tag279=2_000_000))
    return head + zlib_bomb(_GIGABYTE, b"\0")


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    found = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        found += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return found


def _png_head(width: int, height: int) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)


def png_of_too_many_rows() -> bytes:
    """Eight pixels a side, and a gigabyte of rows."""
    return png(_png_head(8, 8), (b"IDAT", zlib_bomb(_GIGABYTE, b"\0")), (b"IEND", b""))


def png_text_bomb() -> bytes:
    text = b"Comment\0\0" + zlib_bomb(_GIGABYTE)
    return png(_png_head(8, 8), (b"zTXt", text), (b"IDAT", zlib.compress(bytes(72))), (b"IEND", b""))


def png_profile_bomb() -> bytes:
    profile = b"icc\0\0" + zlib_bomb(_GIGABYTE)
    return png(_png_head(8, 8), (b"iCCP", profile), (b"IDAT", zlib.compress(bytes(72))), (b"IEND", b""))


def png_of_many_texts() -> bytes:
    info = PngImagePlugin.PngInfo()
    for number in range(1_000):
        info.add_text(f"k{number}", "x" * 100_000, zip=True)
    buffer = io.BytesIO()
    drawing(16, 16).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def jpeg_claims(width: int, height: int) -> bytes:
    content = encoded(drawing(64, 64), "JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def jpeg_of_many_scans() -> bytes:
    """A large progressive picture whose last refinement is said thousands of times: each is a pass over the whole."""
    content = encoded(Image.new("L", (7_000, 7_000), 200), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 3_000 + b"\xff\xd9"


def jpeg_of_a_comment_without_end() -> bytes:
    content = encoded(drawing(64, 64), "JPEG")
    comment = b"\xff\xfe\xff\xff" + b"x" * 65_533
    return content[:2] + comment * 500 + content[2:]


HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    "pdf_tree_of_itself": pdf_tree_of_itself,
    "pdf_tree_in_a_ring": pdf_tree_in_a_ring,
    "pdf_deep_tree": pdf_deep_tree,
    "pdf_page_without_end": pdf_page_without_end,
    "pdf_counts_too_many": lambda: pdf_count(2_000_000_000),
    "pdf_counts_less_than_none": lambda: pdf_count(-5),
    "pdf_bomb_of_text": pdf_bomb_of_text,
    "pdf_bomb_of_an_image": lambda: pdf_bomb_of_an_image(5_000, 5_000),
    "pdf_image_of_absurd_size": lambda: pdf_bomb_of_an_image(60_000, 60_000),
    "pdf_image_of_no_memory": lambda: pdf_bomb_of_an_image(2_000_000_000, 2_000_000_000),
    "pdf_bomb_of_objects": pdf_bomb_of_objects,
    "pdf_references_in_a_ring": pdf_references_in_a_ring,
    "pdf_revisions_in_a_ring": pdf_revisions_in_a_ring,
    "pdf_pattern_without_end": pdf_pattern_without_end,
    "tiff_frame_before_itself": lambda: tiff(frame(), next_of_last=16),
    "tiff_frames_in_a_ring": lambda: tiff(frame(), frame(), frame(), next_of_last=16),
    "tiff_frame_nowhere": lambda: tiff(frame(), next_of_last=4_000_000_000),
    "tiff_of_frames_without_end": tiff_of_frames_without_end,
    "tiff_of_a_bomb": tiff_of_a_bomb,
    "tiff_of_many_samples": lambda: tiff(frame(samples=65_535)),
    "tiff_of_wide_samples": lambda: tiff(frame(bits=65_535)),
    "tiff_of_absurd_tiles": lambda: tiff(frame(tag322=2_000_000_000, tag323=2_000_000_000, tag324=8, tag325=8)),
    "tiff_of_no_tiles": lambda: tiff(frame(tag322=0, tag323=0, tag324=8, tag325=8)),
    "tiff_of_a_long_tag": lambda: tiff([*frame(), (700, 7, 4_000_000_000, 8)]),
    "png_of_too_many_rows": png_of_too_many_rows,
    "png_text_bomb": png_text_bomb,
    "png_profile_bomb": png_profile_bomb,
    "png_of_many_texts": png_of_many_texts,
    "jpeg_of_absurd_size": lambda: jpeg_claims(65_500, 65_500),
    "jpeg_larger_than_its_data": lambda: jpeg_claims(8_000, 9_000),
    "jpeg_of_many_scans": jpeg_of_many_scans,
    "jpeg_of_a_comment_without_end": jpeg_of_a_comment_without_end,
}
