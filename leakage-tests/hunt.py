"""Hunts canaries in bytes: as they stand, in every encoding that could carry them, and inside compressed parts."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import json
import re
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MAX_DEPTH = 3
"""Compressed parts within compressed parts."""
MAX_INFLATED = 64 * 1024 * 1024
MAX_JOINED = 4 * 1024 * 1024
"""Logs, events and reports are smaller; in the pixels of a larger file nobody wraps lines."""

_BREAKS = re.compile(rb"=?\r?\n[ \t>#]*")
"""An end of a line, as quoted-printable, mail and comments wrap them."""
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_STREAM = re.compile(rb"stream\r?\n")


@dataclass(frozen=True, slots=True)
class Hit:
    """Which canary stands in which blob, and how it is written there; `encoding` names the unpacking too."""

    canary: str
    blob: str
    encoding: str


def hunt(canaries: Sequence[str], blobs: Mapping[str, bytes]) -> list[Hit]:
    """Every canary found in any blob. Letter case does not matter."""
    wanted = [(canary, encoding, pattern) for canary in canaries for encoding, pattern in _patterns(canary)]
    found: dict[Hit, None] = {}
    for name, blob in blobs.items():
        for how, part in _unpacked(blob):
            lowered = part.lower()
            for canary, encoding, pattern in wanted:
                # base64 means something else in another letter case; all other patterns are in lower case
                if pattern in (part if encoding.startswith("base64") else lowered):
                    found[Hit(canary, name, f"{how}{encoding}")] = None
    return list(found)


def hunt_text(canaries: Sequence[str], texts: Mapping[str, str]) -> list[Hit]:
    """The same in text that an engine read: letters and digits only, so that spaces and dashes do not matter."""
    return [
        Hit(canary, name, "read")
        for name, text in texts.items()
        for canary in canaries
        if _plain(canary) in _plain(text)
    ]


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _patterns(canary: str) -> Iterator[tuple[str, bytes]]:
    """What to look for in bytes whose ASCII letters are in lower case, each once; base64 as it stands."""
    seen = set[bytes]()
    for spelled in _spellings(canary):
        for how, pattern in (*_plainly(spelled), *_escaped(spelled)):
            folded = pattern if how.startswith("base64") else pattern.lower()
            if folded not in seen:
                seen.add(folded)
                yield how, folded


def _spellings(canary: str) -> Iterator[str]:
    """Lower case folds ASCII alone in bytes: letters with accents are looked for in each case, and taken apart."""
    for spelled in (canary, canary.lower(), canary.upper()):
        for form in ("NFC", "NFD"):
            yield unicodedata.normalize(form, spelled)


def _plainly(spelled: str) -> Iterator[tuple[str, bytes]]:
    yield "raw", spelled.encode()
    yield "latin-1", spelled.encode("latin-1", "replace")
    for codec in ("cp1250", "cp1252"):
        with contextlib.suppress(UnicodeEncodeError):
            yield codec, spelled.encode(codec)
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield codec, spelled.encode(codec)
    for codec in ("utf-8", "utf-16-le", "utf-16-be"):
        yield f"reversed {codec}", spelled[::-1].encode(codec)


def _escaped(spelled: str) -> Iterator[tuple[str, bytes]]:
    yield "json", json.dumps(spelled).strip('"').encode()
    yield "quoted", urllib.parse.quote(spelled).encode()
    yield "quoted plus", urllib.parse.quote_plus(spelled).encode()
    yield "html", spelled.encode("ascii", "xmlcharrefreplace")
    yield "quoted-printable", b"".join(bytes([b]) if b < 128 else b"=%02x" % b for b in spelled.encode())
    yield "python", spelled.encode("unicode_escape")
    yield "python bytes", repr(spelled.encode())[2:-1].encode()
    yield "json escapes", "".join(f"\\u{ord(c):04x}" for c in spelled).encode()
    yield "html entities", "".join(f"&#{ord(c)};" for c in spelled).encode()
    for codec in ("utf-8", "utf-16-le", "utf-16-be"):
        data = spelled.encode(codec)
        yield f"hex {codec}", binascii.hexlify(data)
        yield f"percent {codec}", "".join(f"%{b:02x}" for b in data).encode()
        yield f"octal {codec}", "".join(f"\\{b:03o}" for b in data).encode()
        for core in _base64_cores(data):
            yield f"base64 {codec}", core
            yield f"base64 {codec}", core.replace(b"+", b"-").replace(b"/", b"_")


def _base64_cores(data: bytes) -> Iterator[bytes]:
    """What base64 makes of the data at each of three alignments, without the characters its neighbours share."""
    for offset in range(3):
        encoded = base64.b64encode(b"\x00" * offset + data)
        core = encoded[(offset * 8 + 5) // 6 : (offset + len(data)) * 8 // 6]
        if len(core) >= 8:
            yield core


def _unpacked(blob: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    yield "", blob
    if len(blob) <= MAX_JOINED and b"\n" in blob:
        yield "joined ", _BREAKS.sub(b"", blob)
        yield "joined by spaces ", _BREAKS.sub(b" ", blob)
    if depth == MAX_DEPTH:
        return
    for how, part in _parts(blob):
        for inner, bytes_ in _unpacked(part, depth + 1):
            yield f"{how} {inner}", bytes_


def _parts(blob: bytes) -> Iterator[tuple[str, bytes]]:
    """Everything in the blob that decompresses, wherever it begins, and the members of archives."""
    for pattern, window in ((_ZLIB, zlib.MAX_WBITS), (_GZIP, zlib.MAX_WBITS | 16)):
        for match in pattern.finditer(blob):
            if part := _inflated(blob[match.start() :], window):
                yield "inflated", part
    for match in _STREAM.finditer(blob):
        # PDF also knows text filters before or in place of deflate: /ASCIIHexDecode and /ASCII85Decode
        end = blob.find(b"endstream", match.end())
        data = blob[match.end() : end].strip() if end >= 0 else b""
        if re.fullmatch(rb"[0-9A-Fa-f\s]+>?", data):
            digits = re.sub(rb"[\s>]", b"", data)
            yield "hex stream", bytes.fromhex(digits.decode() + "0" * (len(digits) % 2))
        elif data.endswith(b"~>"):
            try:
                yield "ascii85", base64.a85decode(data if data.startswith(b"<~") else b"<~" + data, adobe=True)
            except ValueError:
                continue
    if blob[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(blob)) as archive:
                for member in archive.infolist():
                    yield "zip name", member.filename.encode()
                    yield "zip", archive.read(member)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return


def _inflated(data: bytes, window: int) -> bytes:
    inflater = zlib.decompressobj(window)
    try:
        return inflater.decompress(data, MAX_INFLATED)
    except zlib.error:
        return b""
