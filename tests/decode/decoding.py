"""A decoder, what it says of a document, documents that keep it at work, and its processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from streams.decode.decoder import Decoder
from streams.decode.limits import MAX_PAGES
from tests.decode.files import text_pdf

DEADLINE_S = 30.0


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def reason(decoder: Decoder, content: bytes, deadline_s: float = DEADLINE_S) -> Reason:
    with pytest.raises(RedoubtError) as caught:
        decoder.decode(content, deadline_s)
    assert str(caught.value) == caught.value.reason.value
    return caught.value.reason


def outcome(decoder: Decoder, content: bytes, at_most: int = MAX_PAGES) -> Reason | list[PageRaster]:
    """The first pages, or the code."""
    try:
        return list(decoder.batch(content, 0, DEADLINE_S).pages[:at_most])
    except RedoubtError as error:
        return error.reason


def assert_alive(decoder: Decoder) -> None:
    assert len(decoder.decode(text_pdf(), DEADLINE_S)) == 1


def slow_pdf() -> bytes:
    """Nested forms that draw one another ten times each: minutes of work in a kilobyte."""
    with pymupdf.open() as document:
        page = document.new_page()
        inner = document.get_new_xref()
        document.update_object(inner, "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]>>")
        document.update_stream(inner, b"0 0 m 600 800 l 600 0 l 0 800 l S\n" * 50)
        for _ in range(9):
            outer = document.get_new_xref()
            document.update_object(
                outer, f"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</I {inner} 0 R>>>>>>"
            )
            document.update_stream(outer, b"/I Do\n" * 10)
            inner = outer
        document.xref_set_key(page.xref, "Resources", f"<</XObject<</I {inner} 0 R>>>>")
        content = document.get_new_xref()
        document.update_object(content, "<<>>")
        document.update_stream(content, b"/I Do\n")
        document.xref_set_key(page.xref, "Contents", f"{content} 0 R")
        return bytes(document.tobytes())


def sized_pdf(box: str) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((72, 72), "text")
        document.xref_set_key(page.xref, "MediaBox", box)
        return bytes(document.tobytes())


def children(decoder: Decoder) -> list[int]:
    assert decoder._parent is not None
    pid = decoder._parent.pid
    found = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [child for child in found if not _has_ended(child)]


def _has_ended(child: int) -> bool:
    """Also one of which its parent has not taken leave yet."""
    try:
        return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def spent_by_children(decoder: Decoder) -> int:
    """Ticks of CPU, user and system, of the children that ended."""
    assert decoder._parent is not None
    fields = Path(f"/proc/{decoder._parent.pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[13]) + int(fields[14])


def busy_child(decoder: Decoder) -> int:
    """The child that works on a document just handed in."""
    for _ in range(500):
        found = children(decoder)
        if found:
            time.sleep(0.3)  # until its gateway knows of it too
            return found[0]
        time.sleep(0.01)
    raise AssertionError("no child came up")


def gone(pid: int) -> bool:
    for _ in range(300):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False
