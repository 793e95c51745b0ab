"""The hunt finds a canary in every encoding that it claims to know, and nothing in innocent bytes."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import quopri
import sys
import unicodedata
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from hunt import hunt, hunt_text

CANARY = "Zanthe Quilliver-517"


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


RAW = CANARY.encode()
CARRIERS = {
    "raw": RAW,
    "upper case": CANARY.upper().encode(),
    "utf-16-le": CANARY.encode("utf-16-le"),
    "utf-16-be with mark": b"\xfe\xff" + CANARY.encode("utf-16-be"),
    "utf-32": CANARY.encode("utf-32-le"),
    "hex": RAW.hex().encode(),
    "hex upper": RAW.hex().upper().encode(),
    "hex of utf-16": CANARY.encode("utf-16-be").hex().upper().encode(),
    "base64 at 0": base64.b64encode(RAW),
    "base64 at 1": base64.b64encode(b"a" + RAW + b"tail"),
    "base64 at 2": base64.b64encode(b"ab" + RAW + b"t"),
    "base64 url": base64.urlsafe_b64encode(b"\xff\xfe" + RAW),
    "base64 of utf-16": base64.b64encode(b"xyz" + CANARY.encode("utf-16-le")),
    "percent, special characters": quote(CANARY).encode(),
    "percent, all": "".join(f"%{b:02X}" for b in RAW).encode(),
    "plus for space": CANARY.replace(" ", "+").encode(),
    "reversed": RAW[::-1],
    "reversed utf-16": CANARY[::-1].encode("utf-16-le"),
    "split over lines": b"a line " + RAW[:9] + b"\n" + RAW[9:] + b"\nanother",
    "split and indented": RAW[:5] + b"\r\n    " + RAW[5:],
    "split at a space": RAW.replace(b" ", b"\n"),
    "quoted-printable": RAW[:7] + b"=\n" + RAW[7:],
    "base64 in lines": base64.encodebytes(b"x" * 50 + RAW),
    "hex in lines": RAW.hex()[:20].encode() + b"\n" + RAW.hex()[20:].encode(),
    "json escapes": json.dumps("".join(f"\\u{ord(c):04x}" for c in CANARY)).replace("\\\\", "\\").encode(),
    "html entities": "".join(f"&#{ord(c)};" for c in CANARY).encode(),
    "pdf octal": "".join(f"\\{b:03o}" for b in RAW).encode(),
    "zlib": zlib.compress(RAW),
    "zlib, best": zlib.compress(RAW, 9),
    "gzip": gzip.compress(RAW),
    "zlib in zlib": zlib.compress(b"xx" + zlib.compress(RAW)),
    "truncated zlib": zlib.compress(RAW + os.urandom(4000))[:-900],
    "zip member": zipped("a.txt", RAW),
    "zip member name": zipped(CANARY, b""),
    "pdf stream": b"9 0 obj\n<</Filter/FlateDecode>>\nstream\r\n" + zlib.compress(b"q " + RAW) + b"\nendstream",
    "pdf hex stream": b"stream\n" + RAW.hex().encode() + b">\nendstream",
    "pdf ascii85 stream": b"stream\n" + base64.a85encode(RAW, adobe=True)[2:] + b"\nendstream",
}


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS.keys())
def test_finds_a_canary_in_every_encoding(carrier: bytes) -> None:
    hits = hunt([CANARY], {"innocent": b"nothing", "carrier": b"before " + carrier + b" behind"
                           if not carrier.startswith(b"PK") else carrier})  # fmt: skip
    assert hits
    assert {(hit.canary, hit.blob) for hit in hits} == {(CANARY, "carrier")}


ACCENTED = "Žofia Håkansson-Ní"
ACCENTED_CARRIERS = {
    "as it stands": ACCENTED.encode(),
    "upper case": ACCENTED.upper().encode(),
    "lower case": ACCENTED.lower().encode(),
    "taken apart": unicodedata.normalize("NFD", ACCENTED).encode(),
    "west european": ACCENTED.encode("cp1252"),
    "utf-16, upper case": ACCENTED.upper().encode("utf-16-le"),
    "reversed": ACCENTED[::-1].encode(),
    "json": json.dumps(ACCENTED).encode(),
    "json, upper case": json.dumps(ACCENTED.upper()).encode(),
    "percent": quote(ACCENTED).encode(),
    "html": ACCENTED.encode("ascii", "xmlcharrefreplace"),
    "quoted-printable": quopri.encodestring(ACCENTED.encode()),
    "python, bytes": repr(ACCENTED.encode()).encode(),
    "python, escapes": ACCENTED.encode("unicode_escape"),
    "base64": base64.b64encode(ACCENTED.encode()),
    "base64, upper case": base64.b64encode(b"a" + ACCENTED.upper().encode()),
    "hex": ACCENTED.encode().hex().upper().encode(),
    "zlib": zlib.compress(ACCENTED.encode()),
}


@pytest.mark.parametrize("carrier", ACCENTED_CARRIERS.values(), ids=ACCENTED_CARRIERS.keys())
def test_finds_a_name_with_accents_in_every_encoding(carrier: bytes) -> None:
    assert hunt([ACCENTED], {"carrier": b"before " + carrier + b" behind"})
    assert hunt(["Zofia Hakansson-Ni"], {"carrier": b"before " + carrier + b" behind"}) == []


def test_finds_nothing_in_innocent_bytes() -> None:
    blobs = {"random": os.urandom(200_000), "text": b"Zanthe Quilliver 517 " * 50, "packed": zlib.compress(b"Zanthe")}
    assert hunt([CANARY], blobs) == []


def test_finds_a_canary_that_was_read_with_other_spaces() -> None:
    assert hunt_text([CANARY], {"page": "ZANTHE QUIL LIVER - 517"})
    assert hunt_text([CANARY], {"page": "Zanthe Quillive 517"}) == []
