"""The allow-list of what a finished copy may hold: pages of one full-page image each, and nothing else.

The ways that redacted PDFs gave their content away in public are all outside it: text under boxes, annotations,
earlier revisions, attachments, metadata, thumbnails, optional content (NSA, "Redaction of PDF Files", 2008).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from policies.attack.finished.jpeg import only_pixels
from policies.attack.finished.pdf import Finished, Name, Parsed, Ref, Stored, Value
from policies.attack.finished.raster import MAX_PIXELS

_TRAILER: Final = frozenset({"Size", "Root", "ID"})
_CATALOG: Final = frozenset({"Type", "Pages"})
_PAGES: Final = frozenset({"Type", "Kids", "Count"})
_PAGE: Final = frozenset({"Type", "Parent", "MediaBox", "Contents", "Resources", "Rotate"})
_CONTENT: Final = frozenset({"Length", "Filter"})
_RESOURCES: Final = frozenset({"XObject", "ProcSet"})
_IMAGE: Final = frozenset(
    {"Type", "Subtype", "Width", "Height", "ColorSpace", "BitsPerComponent", "Filter", "DecodeParms", "Length"}
    | {"Decode", "Interpolate"}
)
_PARAMETERS: Final = frozenset(
    {"K", "Columns", "Rows", "BlackIs1", "EndOfBlock", "EndOfLine", "EncodedByteAlign", "Predictor", "Colors"}
    | {"BitsPerComponent"}
)
_FILTERS: Final = frozenset({"DCTDecode", "CCITTFaxDecode", "FlateDecode"})
_COLOUR_SPACES: Final = frozenset({"DeviceGray", "DeviceRGB"})
_FILE_ID_BYTES: Final = 16
_MAX_CONTENT: Final = 1_024
"""Placing one image takes some sixty bytes."""
_NUMBER = r"-?\d+(?:\.\d+)?"
_PLACED = re.compile(
    rf"\s*q\s+(?P<a>{_NUMBER})\s+0(?:\.0+)?\s+0(?:\.0+)?\s+(?P<d>{_NUMBER})\s+0(?:\.0+)?\s+0(?:\.0+)?\s+cm"
    r"\s+/(?P<name>[A-Za-z0-9_.+-]+)\s+Do\s+Q\s*"
)
_PAGE_TOLERANCE_PT: Final = 0.01


@dataclass(frozen=True, slots=True)
class Image:
    """What the object of a page's image says of it. `plain`: its samples are its levels, first to last; `dpi` is the
    resolution that the page's size implies."""

    stored: Stored = field(repr=False)
    width: int
    height: int
    channels: int
    bits: int
    filter: str
    plain: bool
    dpi: float


class Walk:
    """Goes from the trailer to every object, and refuses each key and value that has no place.

    `seen` are the objects that it has come to.
    """

    def __init__(self, copy: Finished, parsed: Parsed) -> None:
        self.copy = copy
        self.parsed = parsed
        self.seen: set[int] = set()

    def sizes(self) -> list[tuple[int, int]]:
        """Image sizes of all pages in order. Raises RedoubtError(FORBIDDEN_OBJECT), zlib.error."""
        kids = self.kids()
        tree = self.tree()
        sizes = [self.page(kid, tree) for kid in kids]
        _require(self.seen == set(self.parsed.objects))
        return sizes

    def kids(self) -> list[Ref]:
        """The pages in order. Raises RedoubtError(FORBIDDEN_OBJECT)."""
        trailer = self.parsed.trailer
        _require(set(trailer) <= _TRAILER and _is_file_id(trailer.get("ID")))
        catalog = self._dictionary(trailer.get("Root"), _CATALOG)
        _require(catalog.get("Type") == Name("Catalog"))
        pages = self._dictionary(catalog.get("Pages"), _PAGES)
        listed = pages.get("Kids")
        kids = [kid for kid in listed if isinstance(kid, Ref)] if isinstance(listed, list) else []
        _require(pages.get("Type") == Name("Pages") and listed == kids and pages.get("Count") == len(kids))
        _require(len(set(kids)) == len(kids))
        return kids

    def tree(self) -> Ref:
        """The root of the page tree."""
        tree = self._dictionary(self.parsed.trailer.get("Root"), _CATALOG).get("Pages")
        if not isinstance(tree, Ref):
            raise RedoubtError(Reason.FORBIDDEN_OBJECT)
        return tree

    def page(self, kid: Ref, parent: Ref) -> tuple[int, int]:
        """Width and height of its image in pixels. Raises RedoubtError(FORBIDDEN_OBJECT), zlib.error."""
        image = self.image(kid, parent)
        self.samples(image)
        return image.width, image.height

    def image(self, kid: Ref, parent: Ref) -> Image:
        """The page's image, of which all but its data is looked at. Raises RedoubtError(FORBIDDEN_OBJECT),
        zlib.error."""
        page = self._dictionary(kid, _PAGE)
        _require(page.get("Type") == Name("Page") and page.get("Parent") == parent)
        _require(page.get("Rotate", 0) == 0)
        box = self._resolved(page.get("MediaBox"))
        _require(isinstance(box, list) and len(box) == 4)
        numbers = [float(v) for v in box if isinstance(v, (int, float))] if isinstance(box, list) else []
        _require(len(numbers) == 4 and numbers[:2] == [0.0, 0.0] and min(numbers[2:]) > 0)
        contents = page.get("Contents")
        if isinstance(contents, list):
            _require(len(contents) == 1)
            contents = contents[0]
        placed = _PLACED.fullmatch(self._content(contents))
        _require(placed is not None)
        resources = self._dictionary(page.get("Resources"), _RESOURCES)
        procedures = self._resolved(resources.get("ProcSet"))
        _require(procedures is None or (isinstance(procedures, list) and all(isinstance(p, Name) for p in procedures)))
        images = self._dictionary(resources.get("XObject"), None)
        _require(placed is not None and list(images) == [placed["name"]])
        if placed is not None:
            _require(abs(float(placed["a"]) - numbers[2]) <= _PAGE_TOLERANCE_PT)
            _require(abs(float(placed["d"]) - numbers[3]) <= _PAGE_TOLERANCE_PT)
        return self._image(next(iter(images.values())), numbers[2])

    def _content(self, value: Value) -> str:
        stored = self._stored(value)
        entries = stored.value
        _require(isinstance(entries, dict) and set(entries) <= _CONTENT and stored.stream is not None)
        _require(stored.stream is not None and stored.stream[1] - stored.stream[0] <= _MAX_CONTENT)
        data = self._data(stored)
        if isinstance(entries, dict) and entries.get("Filter") is not None:
            _require(_filter(entries["Filter"]) == "FlateDecode")
            data = _inflated(data, _MAX_CONTENT)
        _require(len(data) <= _MAX_CONTENT)
        return data.decode("latin-1")

    def samples(self, image: Image) -> Pixels | None:
        """The pixels of an image without loss and without more to it, (height, width) or (height, width, 3), as any
        viewer sees them; None where only a decoder can tell. Raises RedoubtError(FORBIDDEN_OBJECT), zlib.error."""
        data = self._data(image.stored)
        if image.filter == "DCTDecode":
            _require(only_pixels(data))
        if image.filter == "CCITTFaxDecode":
            _require(_ends_as_fax(data))
        if image.filter != "FlateDecode":
            return None
        row = (image.width * image.channels * image.bits + 7) // 8
        # one more byte a row where a PNG predictor is used
        found = _inflated(data, (row + 1) * image.height)
        _require(len(found) in (row * image.height, (row + 1) * image.height))
        if not image.plain or image.bits != 8 or len(found) != row * image.height:
            return None
        shape = (image.height, image.width, image.channels)[: 2 if image.channels == 1 else 3]
        return np.frombuffer(found, np.uint8).reshape(shape)

    def _image(self, value: Value, width_pt: float) -> Image:
        stored = self._stored(value)
        entries = stored.value
        if not isinstance(entries, dict) or stored.stream is None:
            raise RedoubtError(Reason.FORBIDDEN_OBJECT)
        _require(set(entries) <= _IMAGE and entries.get("Subtype") == Name("Image"))
        _require(entries.get("Type", Name("XObject")) == Name("XObject"))
        width, height, bits = entries.get("Width"), entries.get("Height"), entries.get("BitsPerComponent")
        if not isinstance(width, int) or not isinstance(height, int) or min(width, height) < 1:
            raise RedoubtError(Reason.FORBIDDEN_OBJECT)
        _require(width * height <= MAX_PIXELS and bits in (1, 8))
        space = self._resolved(entries.get("ColorSpace"))
        _require(isinstance(space, Name) and space.text in _COLOUR_SPACES)
        _require(entries.get("Decode") in (None, [0, 1], [1, 0]))
        _require(isinstance(entries.get("Interpolate", False), bool))
        self._parameters(entries.get("DecodeParms"))
        name = _filter(entries.get("Filter"))
        _require(name in _FILTERS)
        return Image(
            stored=stored,
            width=width,
            height=height,
            channels=3 if space == Name("DeviceRGB") else 1,
            bits=8 if bits == 8 else 1,
            filter=name,
            plain=not entries.keys() & {"Decode", "DecodeParms"},
            dpi=width * 72.0 / width_pt,
        )

    def _parameters(self, value: Value) -> None:
        value = self._resolved(value)
        if isinstance(value, list):
            _require(len(value) == 1)
            value = self._resolved(value[0])
        if value is None:
            return
        _require(isinstance(value, dict) and set(value) <= _PARAMETERS)
        _require(isinstance(value, dict) and all(isinstance(v, (int, bool)) for v in value.values()))

    def _dictionary(self, value: Value, allowed: frozenset[str] | None) -> dict[str, Value]:
        value = self._resolved(value)
        if not isinstance(value, dict) or (allowed is not None and not set(value) <= allowed):
            raise RedoubtError(Reason.FORBIDDEN_OBJECT)
        return value

    def _resolved(self, value: Value) -> Value:
        if not isinstance(value, Ref):
            return value
        stored = self._stored(value)
        _require(stored.stream is None and not isinstance(stored.value, Ref))
        return stored.value

    def _data(self, stored: Stored) -> bytes:
        return self.copy.read(*stored.stream) if stored.stream else b""

    def _stored(self, value: Value) -> Stored:
        if not isinstance(value, Ref) or value.number not in self.parsed.objects:
            raise RedoubtError(Reason.FORBIDDEN_OBJECT)
        self.seen.add(value.number)
        return self.parsed.objects[value.number]


def _require(holds: bool) -> None:
    if not holds:
        raise RedoubtError(Reason.FORBIDDEN_OBJECT)


def _filter(value: Value) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value.text if isinstance(value, Name) else ""


def _inflated(data: bytes, limit: int) -> bytes:
    """The decompressed stream; refuses more than `limit` bytes, an unfinished stream and bytes behind its end."""
    inflater = zlib.decompressobj()
    found = inflater.decompress(data, limit + 1)
    _require(len(found) <= limit and inflater.eof and not inflater.unused_data)
    return found


def _ends_as_fax(data: bytes) -> bool:
    """Whether Group 4 data ends with its end-of-facsimile-block (ITU-T T.6) and nothing but padding behind."""
    bits = bin(int.from_bytes(data[-8:], "big"))[2:].zfill(64) if data else ""
    return bits.rstrip("0").endswith("000000000001000000000001") and len(bits) - len(bits.rstrip("0")) < 16


def _is_file_id(value: Value) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, bytes) and len(v) == _FILE_ID_BYTES for v in value)
    )
