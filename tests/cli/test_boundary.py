"""The boundary of a document in `redoubt redact`: what fails costs one file its copy, and says a code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import streams.cli.redact  # noqa: F401  the module below, behind the command of the same name
from detectors.errors import Reason, RedoubtError
from policies.masking.assemble import Assembled
from streams.attest.attestor import Attestor, Attests, Copy
from streams.attest.keys import LocalSigner
from streams.attest.statement import Release
from streams.cli.report import explanations
from streams.decode.decoder import Decoder
from streams.pipeline.parts import Parts
from tests.pipeline.doubles import OnePage, Reads

COMMAND = sys.modules["streams.cli.redact"]
CANARY = "Quillanthe"


def one(folder: Path, file: str = "file.pdf", attests: Attests | None = None) -> COMMAND.Result:  # type: ignore[name-defined]
    document = COMMAND._Input(1, folder / file, "maximal", "unknown", None, None, "unspecified")
    return COMMAND._one(document, "name", Parts(OnePage(), Reads()), attests, 30.0, folder / "out", records=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "file.pdf").write_bytes(b"content")
    (tmp_path / "out").mkdir()
    return tmp_path


def test_a_copy_is_written_under_the_name_it_got(folder: Path) -> None:
    assert one(folder).output == "name.pdf"
    assert (folder / "out" / "name.pdf").read_bytes().startswith(b"%PDF")


class Refuses:
    """An attestor that has no key."""

    def attest(self, release: Release, copy: bytes | Copy) -> bytes:
        raise RedoubtError(Reason.MISCONFIGURED)


def test_without_its_statement_no_release_is_put_out(folder: Path) -> None:
    found = one(folder, attests=Refuses())
    assert (found.verdict, found.reason, found.output) == ("rejected", Reason.MISCONFIGURED, "")
    assert list((folder / "out").iterdir()) == []


def test_half_a_copy_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk that holds a chart's pages fails while its copy is written: its statement goes, too."""

    def pieces(_copy: Assembled) -> Iterator[bytes]:
        yield b"%PDF-1.4"
        raise RedoubtError(Reason.STORE_UNAVAILABLE)

    monkeypatch.setattr("streams.pipeline.masking.COPY_BYTES", 0)
    monkeypatch.setattr(Assembled, "pieces", pieces)
    signs = Attestor(LocalSigner(folder / "releases.key", production=False))
    found = one(folder, attests=signs)
    assert (found.output, found.reason) == ("", Reason.STORE_UNAVAILABLE)
    assert [file for file in (folder / "out").rglob("*") if file.is_file()] == []
    monkeypatch.undo()
    assert one(folder, attests=signs).output == "name.pdf"
    assert (folder / "out" / "attestations" / "name.json").is_file()


def test_what_nobody_foresaw_is_a_code_without_a_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprises(*arguments: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(COMMAND, "process", surprises)
    found = one(folder)
    assert (found.verdict, found.reason, found.output) == ("rejected", Reason.INTERNAL, "")
    assert CANARY not in repr(found)
    assert list((folder / "out").iterdir()) == []


def test_passing_trouble_is_tried_again_and_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Reason] = []

    def failing(reason: Reason) -> None:
        def fails(*arguments: object) -> None:
            calls.append(reason)
            raise RedoubtError(reason)

        monkeypatch.setattr(COMMAND, "process", fails)

    failing(Reason.READER_FAILED)
    assert one(folder).reason is Reason.READER_FAILED
    assert len(calls) == 3
    calls.clear()
    failing(Reason.DAMAGED)
    assert one(folder).reason is Reason.DAMAGED
    assert len(calls) == 1


def test_what_lies_outside_an_authorization_is_withheld(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*arguments: object) -> None:
        raise RedoubtError(Reason.AUTHORIZATION_SCOPE)

    monkeypatch.setattr(COMMAND, "process", refuses)
    assert one(folder).verdict == "withhold"


def test_a_file_that_is_gone_and_a_folder_that_takes_nothing(folder: Path) -> None:
    assert one(folder, file="absent.pdf").reason is Reason.CONTENT_MISSING
    (folder / "out" / "name.pdf").mkdir()
    assert one(folder).reason is Reason.STORE_UNAVAILABLE


@pytest.mark.parametrize(
    ("content", "is_text"),
    [
        (b"Seen on the ward.\r\n", True),
        (b"PK\x03\x04" + bytes(40), False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
    ],
    ids=["text", "Office", "old Office"],
)
def test_only_plain_text_is_pointed_to_the_command_for_it(folder: Path, content: bytes, is_text: bool) -> None:
    (folder / "file.pdf").write_bytes(content)
    document = COMMAND._Input(1, folder / "file.pdf", "maximal", "unknown", None, None, "unspecified")
    with Decoder() as decoder:
        found = COMMAND._one(document, "name", Parts(decoder, Reads()), None, 60.0, folder / "out", records=False)
    (line,) = explanations([found])
    assert "unknown_format" in line
    assert ("redoubt detect" in line) == is_text
