"""DICOM files for the decoder's tests, made in memory; the header of each names a patient."""

from __future__ import annotations

import io
import zlib
from typing import Any, Final

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEGBaseline8Bit

from detectors.pages import Pixels

CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
"""Secondary Capture Image Storage (PS3.4, B.5)."""
NAME: Final = "STARKWEATHER^QUENBY"


def written(syntax: str, preamble: bytes = b"", **values: Any) -> bytes:
    """A file of these values, whatever they are."""
    file = Dataset()
    file.SOPClassUID, file.SOPInstanceUID = CAPTURE, "2.25.4711"
    file.PatientName, file.PatientID = NAME, "00482193"
    for name, value in values.items():
        setattr(file, name, value)
    return saved(file, syntax, preamble)


def saved(file: Dataset, syntax: str, preamble: bytes = b"") -> bytes:
    file.file_meta = FileMetaDataset()
    file.file_meta.MediaStorageSOPClassUID = file.get("SOPClassUID", CAPTURE)
    file.file_meta.MediaStorageSOPInstanceUID = "2.25.4711"
    file.file_meta.TransferSyntaxUID = syntax
    out = io.BytesIO()
    pydicom.dcmwrite(out, file, enforce_file_format=True)
    return preamble.ljust(128, b"\0") + out.getvalue()[128:]


def frames(*pixels: Any, kind: str = "MONOCHROME2", bits: int = 0, **values: Any) -> bytes:
    """Frames of one size in uint8, uint16 or int16, gray of (height, width) or colour of (height, width, 3)."""
    first = pixels[0]
    size = first.dtype.itemsize * 8
    layout: dict[str, Any] = {
        "Rows": first.shape[0],
        "Columns": first.shape[1],
        "SamplesPerPixel": 1 if first.ndim == 2 else 3,
        "PhotometricInterpretation": kind,
        "BitsAllocated": size,
        "BitsStored": bits or size,
        "HighBit": (bits or size) - 1,
        "PixelRepresentation": int(first.dtype.kind == "i"),
        "NumberOfFrames": len(pixels),
        "PixelData": b"".join(frame.tobytes() for frame in pixels),
    }
    if first.ndim == 3:
        layout["PlanarConfiguration"] = 0
    return written(ExplicitVRLittleEndian, **(layout | values))


def deflated(content: bytes, more: int = 0) -> bytes:
    """The same file deflated, with so many megabytes of nothing behind it (PS3.5, A.5)."""
    plain = pydicom.dcmread(io.BytesIO(content))
    whole = saved(plain, DeflatedExplicitVRLittleEndian)
    # The group of the file's own values stays as it is; its first one tells its length.
    begins = 132 + 12 + pydicom.dcmread(io.BytesIO(whole)).file_meta.FileMetaInformationGroupLength
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(zlib.decompress(whole[begins:], -zlib.MAX_WBITS)) + packer.flush(zlib.Z_FULL_FLUSH)
    nothing = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return whole[:begins] + body + nothing * more + packer.flush()


def of_jpegs(image: Image.Image, *streams: bytes) -> bytes:
    """Frames that are each a JPEG stream of a gray picture."""
    layout = {"Rows": image.height, "Columns": image.width, "SamplesPerPixel": 1, "PixelRepresentation": 0}
    depth = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "PhotometricInterpretation": "MONOCHROME2"}
    return written(
        JPEGBaseline8Bit, **layout, **depth, NumberOfFrames=len(streams), PixelData=encapsulate(list(streams))
    )


def overlaid(content: bytes, marks: Pixels, origin: tuple[int, int] = (1, 1), frames: int = 1, at: int = 1) -> bytes:
    """With an overlay of (frames * height, width) marks, its first frame over the image's `at`; both count from 1."""
    file = pydicom.dcmread(io.BytesIO(content))
    bits = np.packbits(marks.astype(bool).ravel(), bitorder="little").tobytes()
    file.add_new((0x6000, 0x0010), "US", marks.shape[0] // frames)
    file.add_new((0x6000, 0x0011), "US", marks.shape[1])
    file.add_new((0x6000, 0x0040), "CS", "G")
    file.add_new((0x6000, 0x0050), "SS", list(origin))
    file.add_new((0x6000, 0x0100), "US", 1)
    file.add_new((0x6000, 0x0102), "US", 0)
    if frames > 1:
        file.add_new((0x6000, 0x0015), "IS", frames)
        file.add_new((0x6000, 0x0051), "US", at)
    file.add_new((0x6000, 0x3000), "OW", bits + b"\0" * (len(bits) % 2))
    return saved(file, ExplicitVRLittleEndian)
