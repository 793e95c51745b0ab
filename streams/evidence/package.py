"""The archive: readable pages, the machine's form, proofs and statements; the same bytes from the same log."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import resources
from importlib.metadata import version
from typing import Any, Final

import pymupdf

from policies import profile as profiles
from streams.audit import proofs
from streams.canaries.table import Bounded, bounded, looked_at
from streams.events import AuditSequenced
from streams.evidence import flow, report
from streams.evidence.gathered import Gathered, Scope, Story, stories
from streams.evidence.hipaa import controls
from streams.evidence.markup import STYLE
from streams.evidence.paged import PAPER, paged

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can tell: an archive does not say when it was packed."""


def package(scope: Scope, found: Gathered) -> bytes:
    """A ZIP file. Raises RedoubtError: INVALID_EVENT for results that are none of the red team's."""
    told = list(stories(scope, found))
    made = _files(scope, found, told)
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
    made["manifest.json"] = _json(listed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(made):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), made[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(html: str, svg: str) -> bytes:
    """The page as PDF, the picture where its mark stands."""
    images = pymupdf.Archive()
    images.add(_picture(svg), "flow.png")
    raw = paged(html.replace(report.PICTURE, '<img src="flow.png" width="516"/>'), STYLE, images)
    with pymupdf.open(stream=raw, filetype="pdf") as document:
        for number, page in enumerate(document, 1):
            page.insert_text(
                (PAPER.width / 2 - 20, PAPER.height - 24), f"{number} of {document.page_count}", fontsize=8
            )
        document.set_metadata({})
        return bytes(document.tobytes(garbage=4, deflate=True, no_new_id=True))


def _picture(svg: str) -> bytes:
    with pymupdf.open(stream=svg.encode(), filetype="svg") as drawing:
        return bytes(drawing[0].get_pixmap(dpi=200).tobytes("png"))


def _files(scope: Scope, found: Gathered, told: Sequence[Story]) -> dict[str, bytes]:
    ids = {story.document_id for story in told}
    files = {f"attestations/{id}.json": statement for id, statement in sorted(found.attestations.items()) if id in ids}
    others = scope.others(found.log[: found.head.size])
    for id in dict.fromkeys([*(story.document_id for story in told), *(each.entry.entry_id for each in others)]):
        files[f"proofs/{id}.json"] = _json(proofs.inclusion(found.log, found.head, id))
    used = sorted({story.released.profile for story in told if story.released and story.released.profile})
    used = [name for name in used if name in profiles.names()]
    texts = resources.files("policies").joinpath("profiles")
    files |= {f"profiles/{name}.yaml": texts.joinpath(f"{name}.yaml").read_bytes() for name in used}
    files["head.json"] = base64.b64decode(found.head.envelope)
    if found.results is not None:
        files["red-team.json"] = found.results
    bounds = bounded(found.judged)
    svg = flow.picture(Counter(story.outcome for story in told))
    html = report.html(scope, found, told, bounds, controls())
    files["flow.svg"] = svg.encode()
    files["evidence.html"] = html.replace(report.PICTURE, svg).encode()
    files["evidence.pdf"] = pdf(html, svg)
    files["evidence.json"] = _json(_said(scope, found, told, bounds))
    return files


def _said(scope: Scope, found: Gathered, told: Sequence[Story], bounds: Sequence[Bounded]) -> Mapping[str, Any]:
    span = [str(day) for day in (scope.first, scope.last) if day]
    return {
        "form": "redoubt-evidence-1",
        "gateway": version("redoubt-gateway"),
        "scope": {"document": scope.document_id} if scope.document_id else {"days": span},
        "head": {"size": found.head.size, "root": found.head.root, "time": found.head.time.isoformat()},
        "documents": [_document(story) for story in told],
        "other_acts": [_entry(each) for each in scope.others(found.log[: found.head.size])],
        "canary_bounds": [asdict(row) for row in bounds],
        "second_look_bounds": [asdict(row) for row in looked_at(found.looked_at)],
        "hipaa": [asdict(control) for control in controls()],
    }


def _document(story: Story) -> Mapping[str, Any]:
    said: dict[str, Any] = {
        "id": story.document_id,
        "outcome": story.outcome,
        "attested": story.attested,
        "entries": [_entry(found) for found in story.entries],
    }
    if story.masked:
        said["masked"] = json.loads(story.masked.to_message()[2])
    if (entry := story.released) is not None:
        installed = entry.profile in profiles.names()
        said["profile_text_is_of_this_version"] = (
            installed and profiles.load(entry.profile or "").version == entry.profile_version
        )
    if story.observed:
        said["validation"] = json.loads(story.observed.to_message()[2])
    return said


def _entry(found: AuditSequenced) -> Mapping[str, Any]:
    return {"index": found.index, **json.loads(found.entry.to_message()[2])}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=True).encode() + b"\n"
