"""The check of strangers' redactions: it fires on each that does not hold, in its place, and on nothing else."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pymupdf
import pytest
from typer.testing import CliRunner

from detectors.errors import Reason, RedoubtError
from streams.canaries import documents
from streams.canaries.documents import Format
from streams.check.confined import check, examined
from streams.check.finding import What, from_json, to_json
from streams.cli import app
from streams.reasons import SENTENCES
from tests.check import boxes, designs, kept, pictures
from tests.check.sheets import NAME, PLACE, Draw, box, named, sheet

DEADLINE_S = 120.0
BAD = boxes.BAD | pictures.BAD | kept.BAD
GOOD = designs.GOOD | pictures.GOOD | kept.GOOD


CONFINED: Final = """
import struct, sys
from streams.check.confined import answer, shut_in
link = shut_in(int(sys.argv[1]), 3600)
while True:
    said = answer(link)
    link.sendall(struct.pack("!Q", len(said)) + said)
"""


@pytest.fixture(scope="module")
def confined() -> Iterator[Callable[[bytes], bytes]]:
    """Asks a process that is confined as the check's is, one for all: what it was not warmed up for it cannot load."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-P", "-c", CONFINED, str(theirs.fileno())]
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()

        def ask(content: bytes) -> bytes:
            ours.sendall(struct.pack("!Q", len(content)) + content)
            (length,) = struct.unpack("!Q", ours.recv(8, socket.MSG_WAITALL))
            return ours.recv(length, socket.MSG_WAITALL)

        yield ask
        process.kill()


@pytest.mark.parametrize("how", BAD)
def test_it_fires_on_each_that_does_not_hold(how: str, confined: Callable[[bytes], bytes]) -> None:
    told = confined(BAD[how]())
    assert told[:1] in b"FP", told
    assert from_json(told[1:])


@pytest.mark.parametrize("how", GOOD)
def test_it_fires_on_no_other(how: str, confined: Callable[[bytes], bytes]) -> None:
    assert confined(GOOD[how]()) == b"F[]"


def test_it_says_where_and_how_much_and_never_what() -> None:
    told = check(named(lambda document, page: box(page)), DEADLINE_S)
    assert told.whole
    (found,) = told.found
    assert found.what is What.TEXT_UNDER_A_BOX
    assert found.characters == sum(letter.isalnum() for letter in NAME)
    assert abs(pymupdf.Rect(found.box) & PLACE) > 0.6 * abs(pymupdf.Rect(found.box))
    assert from_json(to_json([found])) == (found,)
    assert NAME.encode() not in to_json([found])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\x89PNG\r\n\x1a\n", Reason.UNKNOWN_FORMAT),
        (b"%PDF-1.7\nnothing", Reason.DAMAGED),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, reason: Reason) -> None:
    with pytest.raises(RedoubtError) as caught:
        check(content, DEADLINE_S)
    assert caught.value.reason is reason


def test_an_answer_that_is_none_is_a_crash() -> None:
    for answer in (b"[[1]]", b"[", b'[["text under a box", -1, 0, 0, 1, 1, 0]]', b'[["NaN", 0, NaN, 0, 0, 0, 0]]'):
        with pytest.raises(RedoubtError) as caught:
            from_json(answer)
        assert caught.value.reason is Reason.DECODER_CRASHED


def test_the_command_tells_by_its_exit_code(tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("good.pdf", "bad.pdf", "none.pdf"))
    good.write_bytes(sheet(lambda document, page: None))
    bad.write_bytes(named(lambda document, page: box(page)))
    none.write_bytes(b"%PDF-1.7")
    run = CliRunner().invoke
    sound = run(app, ["check", str(good)])
    assert sound.exit_code == 0
    assert "Not looked at: titles" in sound.output
    assert run(app, ["check", str(good), str(none)]).exit_code == 3
    said = run(app, ["check", "--json", str(good), str(bad), str(none)])
    assert said.exit_code == 1
    files = json.loads(said.stdout)
    assert [len(each.get("found", ())) for each in files] == [0, 1, 0]
    assert files[2]["error"] == "damaged"
    assert "Starkweather" not in said.output


def test_what_is_no_pdf_is_told_in_words(tmp_path: Path) -> None:
    """Of a picture "unknown_format" said nothing that a person could act upon."""
    picture, cut = tmp_path / "scan.png", tmp_path / "cut.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    cut.write_bytes(b"%PDF-1.7")
    said = CliRunner().invoke(app, ["check", str(picture), str(cut), str(tmp_path / "cut.pdf")])
    assert said.exit_code == 3
    told = said.output.splitlines()
    assert told[0] == ("file 1: not examined: unknown_format: this is no PDF, and only PDF files are examined")
    assert told[1] == f"file 2: not examined: damaged: {SENTENCES[Reason.DAMAGED]}"
    (entry,) = json.loads(CliRunner().invoke(app, ["check", "--json", str(picture)]).stdout)
    assert entry["error"] == "unknown_format"
    assert [
        each["error"] for each in json.loads(CliRunner().invoke(app, ["check", "--json", str(picture)]).stdout)
    ] == ["unknown_format"]


def two_pages(draw: Draw) -> bytes:
    with pymupdf.open(stream=sheet(draw)) as document, pymupdf.open(stream=sheet(lambda d, p: None)) as other:
        document.insert_pdf(other)
        return bytes(document.tobytes())


@pytest.mark.parametrize("share", [0.6, 0.8, 0.98])
def test_a_file_that_broke_off_is_never_called_whole(share: float) -> None:
    content = two_pages(lambda document, page: None)
    assert examined(content).whole
    assert not check(content[: int(len(content) * share)], DEADLINE_S).whole


def test_the_command_says_that_it_saw_a_part(tmp_path: Path) -> None:
    cut, bad = tmp_path / "cut.pdf", tmp_path / "bad.pdf"
    content = sheet(lambda document, page: None)
    cut.write_bytes(content[: content.rindex(b"xref\n0")])
    content = named(lambda document, page: box(page))
    bad.write_bytes(content[: content.rindex(b"xref\n0")])
    run = CliRunner().invoke
    said = run(app, ["check", str(cut)])
    assert said.exit_code == 3
    assert "possibly_incomplete" in said.output
    both = run(app, ["check", str(bad)])
    assert both.exit_code == 1
    assert "text under a box" in both.output
    assert "possibly_incomplete" in both.output


def test_documents_as_the_canaries_are_bring_none() -> None:
    for document in documents.generate(3, 5, [Format.BORN_DIGITAL_PDF, Format.MIXED_PDF]):
        told = examined(document.content)
        assert (told.found, told.whole) == ((), True), document.id
