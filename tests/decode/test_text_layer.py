"""A page's text layer on the wire: as it was told, or no page at all."""

from __future__ import annotations

import socket
import struct
import threading
import time

import numpy as np
import pytest

from detectors.drawing import Drawing
from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, TextLayer
from streams.decode.batch import Flaw
from streams.decode.formats import opened
from streams.decode.wire import Answers, send_end, send_page
from tests.decode.files import text_pdf

LAYER = TextLayer(
    np.array([75, 111], np.uint32),
    np.array([[50, 10, 30, 22, 54], [50, 22, 30, 34, 54]], np.float32),
    np.array([[0, 0, 90, 60]], np.float32),
    bare=Drawing.of(np.full((60, 90), 230, np.uint8)),
    covered=np.array([1], np.uint32),
)
PAGE = PageRaster(np.full((60, 90), 255, np.uint8), 200.0, layer=LAYER)
HEAD = struct.calcsize("!cIIBBd") + PAGE.pixels.size
"""Where the layer's own numbers begin in what is sent."""


def received(sent: bytes) -> PageRaster | None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = threading.Thread(target=lambda: (theirs.sendall(sent), theirs.shutdown(socket.SHUT_WR)))
        writer.start()
        try:
            return Answers(ours, time.monotonic() + 60, 0).page()
        finally:
            writer.join()


def as_sent(page: PageRaster) -> bytes:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send_page(theirs, page)
        send_end(theirs, 1, 1, Flaw.NONE)
        theirs.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: ours.recv(1 << 16), b""))


def test_a_layer_arrives_as_it_was_told() -> None:
    page = received(as_sent(PAGE))
    assert page is not None
    assert page.layer is not None
    assert page.layer.codes.tolist() == [75, 111]
    assert page.layer.places.tolist() == LAYER.places.tolist()
    assert page.layer.pictures.tolist() == LAYER.pictures.tolist()
    assert page.layer.covered.tolist() == [1]
    assert page.layer.bare is not None
    assert page.layer.bare.pixels().tolist() == [[230] * 90] * 60


def test_what_was_drawn_arrives_where_no_glyph_is_told() -> None:
    nothing = TextLayer(LAYER.codes[:0], LAYER.places[:0], LAYER.pictures[:0], bare=LAYER.bare)
    page = received(as_sent(PageRaster(PAGE.pixels, 200.0, layer=nothing)))
    assert page is not None
    assert page.layer is not None
    assert len(page.layer.codes) == 0
    assert page.layer.bare is not None
    assert page.layer.bare.pixels().tolist() == [[230] * 90] * 60


def test_text_under_a_scan_arrives_as_such() -> None:
    page = received(as_sent(PageRaster(PAGE.pixels, 200.0, layer=TextLayer.under_scan())))
    assert page is not None
    assert page.layer is not None
    assert page.layer.scanned


@pytest.mark.parametrize(
    ("at", "value"),
    [
        pytest.param(HEAD, struct.pack("!I", 0xFFFFFFFF), id="more glyphs than a page has"),
        pytest.param(HEAD, struct.pack("!I", 0), id="no glyph"),
        pytest.param(HEAD, struct.pack("!I", 3), id="more glyphs than were sent"),
        pytest.param(HEAD + 4, struct.pack("!I", 0xFFFF), id="more pictures than a page has"),
        pytest.param(HEAD + 8, struct.pack("!I", 3), id="more covered glyphs than glyphs"),
        pytest.param(HEAD + 16 + 2 * 24 + 16, struct.pack("=I", 2), id="a covered glyph that is none"),
        pytest.param(HEAD + 12, struct.pack("!I", 86), id="more groups of samples than a page has"),
        pytest.param(HEAD + 16 + 2 * 24 + 16 + 4, struct.pack("=I", 85), id="a group past the page"),
        pytest.param(HEAD + 16, np.uint32(0xFFFFFFFF).tobytes(), id="a code beyond Unicode"),
        pytest.param(HEAD + 24, np.float32(np.nan).tobytes(), id="a base line that is no number"),
        pytest.param(HEAD + 28, np.float32(1e30).tobytes(), id="a cell far away"),
        pytest.param(HEAD + 36, np.float32(-5).tobytes(), id="a cell inside out"),
        pytest.param(10, b"\x0c", id="both told and under a scan"),
    ],
)
def test_what_is_no_layer_is_a_crash_of_the_decoder(at: int, value: bytes) -> None:
    sent = bytearray(as_sent(PAGE))
    sent[at : at + len(value)] = value
    with pytest.raises(RedoubtError) as failure:
        received(bytes(sent))
    assert failure.value.reason is Reason.DECODER_CRASHED


def test_a_page_without_its_text_is_of_the_same_size() -> None:
    with pytest.raises(ValueError, match="as large"):
        PageRaster(PAGE.pixels[:30], 200.0, layer=LAYER)


def test_a_page_of_a_file_brings_its_layer() -> None:
    layer = next(iter(opened(text_pdf()).pages)).layer
    assert layer is not None
    assert "".join(map(chr, layer.codes.tolist())) == "Page 0"
