"""The analyzer as a whole: layers, lengths, the network denied, hostile text."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from itertools import pairwise
from typing import NoReturn

import pytest

from detectors.findings import Kind, Layer, Owner
from detectors.subject import Subject
from detectors.text.analyzer import CHUNK_CHARS, TextDetector, chunks

NOTE = (
    "Jennifer Anderson was seen on 03/04/2021 in Boston. SSN 123-45-6789, phone (555) 013-4477, "
    "mail jen.anderson@mail.example.org or https://portal.example.co.uk/jen?id=4 .\n"
    "Attending: Zorblat Quux, MD\n"
)


def test_every_layer_speaks(text_detector: TextDetector) -> None:
    spans = text_detector.spans(NOTE)
    found = {(s.kind, NOTE[s.start : s.end].strip(" .,")) for s in spans}
    assert found >= {
        (Kind.PERSON, "Jennifer Anderson"),
        (Kind.DATE, "03/04/2021"),
        (Kind.SSN, "123-45-6789"),
        (Kind.EMAIL, "jen.anderson@mail.example.org"),
    }
    assert any("Zorblat Quux" in value for kind, value in found if kind is Kind.PERSON)
    assert {Layer.PATTERN, Layer.DICTIONARY, Layer.NER} <= {s.layer for s in text_detector.raw(NOTE)}


def test_the_subject_owns_what_is_theirs(text_detector: TextDetector) -> None:
    subject = Subject(names=("Jennifer Anderson",), providers=("Zorblat Quux",), ssn="123456789")
    owners = {NOTE[s.start : s.end].strip(" .,"): s.owner for s in text_detector.spans(NOTE, subject)}
    assert owners["Jennifer Anderson"] is Owner.PATIENT
    assert owners["123-45-6789"] is Owner.PATIENT
    assert owners["Zorblat Quux"] is Owner.PROVIDER
    assert owners["(555) 013-4477"] is Owner.UNKNOWN


def test_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the detector called out")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    kinds = {s.kind for s in TextDetector().spans(NOTE)}
    assert kinds >= {Kind.EMAIL, Kind.URL}


def test_disjoint_and_in_order(text_detector: TextDetector) -> None:
    spans = text_detector.spans(NOTE * 3)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize("text", ["", " ", "\n\n", "x", "é" * 50, "\x00\x01\x02", "\ud800", "😀 " * 30])
def test_odd_texts(text_detector: TextDetector, text: str) -> None:
    assert all(0 <= s.start < s.end <= len(text) for s in text_detector.spans(text))


def test_chunks_cover_the_text_and_overlap() -> None:
    for text in ("ab " * 30_000, "x" * 70_000, "", "a\n" * (CHUNK_CHARS // 2), "y " + "z" * 50_000):
        covered = 0
        for start, piece in chunks(text):
            assert start <= covered
            assert text[start : start + len(piece)] == piece
            covered = start + len(piece)
        assert covered == len(text)


def test_an_identifier_at_every_place_about_a_cut_is_found(text_detector: TextDetector) -> None:
    number = "SSN: 123-45-6789"
    for shift in (-10, 0):
        text = "word " * ((CHUNK_CHARS + shift) // 5) + number + " word" * 200
        hits = [text[s.start : s.end] for s in text_detector.spans(text) if s.kind is Kind.SSN]
        assert any("123-45-6789" in h for h in hits)


@pytest.mark.parametrize("unit", ["A", "1", "12/", "@.", "1-"])
def test_hostile_text_takes_bounded_time(text_detector: TextDetector, unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    began = time.process_time()
    text_detector.spans(text)
    assert time.process_time() - began < 15.0


def test_the_version_names_the_recognizers_and_the_model(text_detector: TextDetector) -> None:
    assert "/redoubt-model-" in text_detector.version
    assert text_detector.version == TextDetector().version


def test_presidio_finds_its_own_recognizers_where_ours_are_loaded() -> None:
    """It looks for them by the names of classes, in all that are loaded."""
    program = (
        "from presidio_analyzer import AnalyzerEngine, EntityRecognizer\n"
        "import detectors.text.analyzer\n"
        "def under(kind):\n"
        "    for each in kind.__subclasses__():\n"
        "        yield each.__name__, each.__module__\n"
        "        yield from under(each)\n"
        "found = set(under(EntityRecognizer))\n"
        "theirs = {name for name, module in found if module.startswith('presidio_analyzer')}\n"
        "ours = {name for name, module in found if module.startswith('detectors')}\n"
        "assert theirs and ours\n"
        "assert not theirs & ours, sorted(theirs & ours)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
