"""Labelled text that nobody here wrote, read where it lies: beside the repository, where there is any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tests.eval.samples import Gold, Sample, only

CORPORA: Final = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora"
SCORED: Final = (
    "person", "street_address", "gpe", "phone_number", "email_address", "us_ssn", "credit_card", "ip_address",
    "zip_code", "date_time", "age",
)  # fmt: skip
"""Of the kinds that synth-text labels, those that are identifiers of a patient."""
_LINES: Final = {"name": " ", "addr": ", "}
_SHORTEST: Final = 3


def synth_text(half: int | None = None) -> tuple[Sample, ...]:
    """Sentences of Presidio Research (MIT). `half` 0 is the half one may look at, 1 that which is only scored.

    Raises FileNotFoundError where the corpus is absent.
    """
    lines = (CORPORA / "synth-text" / "sentences.jsonl").read_text("utf-8").splitlines()
    samples = []
    for number, line in enumerate(lines):
        if half is None or number % 2 == half:
            entry = json.loads(line)
            golds = sorted(Gold(s["start"], s["end"], s["type"].lower()) for s in entry["spans"])
            samples.append(Sample(f"synth-text/{number:04}", entry["text"], tuple(golds)))
    return only(samples, SCORED)


def ccda() -> tuple[Sample, ...]:
    """Headers of HL7's C-CDA examples (CC0) as lines of text: who it is about, and what the header says of them.

    Raises FileNotFoundError where the corpus is absent.
    """
    folder = CORPORA / "ccda"
    listed = json.loads((folder / "identifiers.json").read_text("utf-8"))
    return tuple(_header(folder / name, listed[name]) for name in sorted(listed))


def _header(path: Path, listed: list[dict[str, str]]) -> Sample:
    root = ElementTree.fromstring(path.read_bytes())  # noqa: S314  a corpus on this disk, not a document from outside
    parts = [child for child in root if _tag(child) != "component"]
    text = "\n".join(dict.fromkeys(line for part in parts for line in _lines(part, _tag(part))))
    golds: dict[tuple[int, int], Gold] = {}
    for entry in sorted(listed, key=lambda e: len(e["value"])):
        value = r"\s+".join(map(re.escape, entry["value"].split()))
        if len(entry["value"]) >= _SHORTEST:
            for hit in re.finditer(rf"(?<!\w){value}(?!\w)", text):
                golds[hit.span()] = Gold(*hit.span(), entry["kind"])
    return Sample(f"ccda/{path.stem}", text, tuple(sorted(golds.values())))


def _lines(element: ElementTree.Element, role: str) -> Iterator[str]:
    tag = _tag(element)
    if tag in _LINES:
        pieces = [" ".join(part.text.split()) for part in element.iter() if part.text and part.text.strip()]
        if pieces:
            yield f"{role} {'address' if tag == 'addr' else tag}: {_LINES[tag].join(pieces)}"
        return
    for attribute, label in (("extension", "id"), ("value", tag)):
        value = element.get(attribute)
        if value and tag in ("id", "telecom", "birthTime", "time", "effectiveTime", "low", "high"):
            yield f"{role} {'date of birth' if tag == 'birthTime' else label}: {re.sub('^(tel|mailto):', '', value)}"
    if tag not in ("id", "telecom") and element.text and element.text.strip():
        yield f"{role} {tag}: {' '.join(element.text.split())}"
    for child in element:
        yield from _lines(child, role)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
