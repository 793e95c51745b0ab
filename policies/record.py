"""The tokenized record: the document as text, identifiers replaced as the profile decided.

A burned identifier leaves `[KIND]`, a tokenized one `[KIND:token]`, a generalised one its coarser value, a shifted date
`[DATE:day]`, the day that the patient's offset makes of it, or its year where no offset came with the document. Whole
words go, as on the raster, but for the punctuation around them, which belongs to the sentence; lines stay lines, and
pages keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Owner
from detectors.geometry import overlaps, sides_of
from detectors.pages import PageReading, Word
from detectors.subject import Subject
from policies.decisions import USUAL, Action, Decision, Replacement
from policies.tokens.tokenizer import Tokenizer, TokenRequest
from policies.values.generalise import generalise
from policies.values.known_patient import as_listed
from policies.values.normalise import normalise
from policies.values.shift import offset_days, shifted

TOUCHED: Final = 0.2
"""A finding that names no word takes every word of which it covers this share."""
_QUOTES: Final = "\"'“‘"
_OPENING: Final = _QUOTES + "(["
_BEHIND: Final = ".,;:!?\"'”’"
_CLOSING: Final = _BEHIND + ")]"
_LETTERS: Final = re.compile(r"[^\W_]")
_WORDLESS: Final = (Kind.UNREADABLE, Kind.INK, Kind.REDACTION, Kind.BARCODE, Kind.HANDWRITING, Kind.PICTURE)
Places = NDArray[np.int64]
"""Left, top, right and bottom of the words of a page, shape (n, 4)."""
_STRICTEST_FIRST: Final = (Action.BURN, Action.TOKENIZE, Action.GENERALISE, Action.SHIFT)


@dataclass(frozen=True, slots=True)
class TokenizedRecord:
    """Text with tokens and generalised values in place of identifiers; one string a page.

    `marks` are all that was written in brackets: what else looks like a mark stood in the document.
    """

    pages: tuple[str, ...] = field(repr=False)
    mean_confidence: float
    marks: frozenset[str] = field(default=frozenset(), repr=False)


MARKED: Final = re.compile(r"\[[A-Z0-9_]+:(rdt:[A-Za-z0-9_:-]+)\]")


def tokens_in(page: str) -> list[str]:
    """The tokens of a page of a record, in their order."""
    return MARKED.findall(page)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a page's text that goes: `start` and `end` take whole words, `value` is the identifier's own."""

    start: int
    end: int
    kind: Kind
    action: Action
    value: str = field(repr=False)
    replacement: Replacement = USUAL
    owner: Owner = Owner.UNKNOWN

    def request(self, tenant: str, purpose: str) -> TokenRequest | None:
        """The token that it wants; None where it wants none, or nothing is left of its value."""
        value = normalise(self.kind, self.value, self.replacement.matching) if self.action is Action.TOKENIZE else ""
        return TokenRequest(tenant, purpose, self.kind, value, self.replacement.token) if value else None


def tokenize(
    readings: Sequence[PageReading],
    decisions: Sequence[Decision],
    tokenizer: Tokenizer | None,
    tenant: str,
    purpose: str,
    secret: bytes | None = None,
    subject: Subject | None = None,
) -> TokenizedRecord:
    """The record of a document; `readings` in page order, `mean_confidence` from 0 to 100 over all words.

    `secret` is the patient's, which the offset of dates comes from; None: of dates that would move the year is left.
    What is held to be the `subject`'s takes the token of the subject's own data, however it was read.

    Raises RedoubtError(MISCONFIGURED) where a token is wanted and there is no tokenizer, and what the tokenizer raises.
    """
    pages = []
    for number, reading in enumerate(readings):
        places = sides_of([word.region.bounds for word in reading.words])
        own = (decision for decision in decisions if decision.finding.page == number)
        pages.append(_merged([piece for decision in own for piece in _pieces(reading, places, decision, subject)]))
    mark = _Marks(_tokens([p for pieces in pages for p in pieces], tokenizer, tenant, purpose), tenant, purpose, secret)
    confidences = [word.confidence for reading in readings for word in reading.words]
    return TokenizedRecord(
        tuple(_replaced(reading.text, pieces, mark) for reading, pieces in zip(readings, pages, strict=True)),
        sum(confidences) / len(confidences) if confidences else 0.0,
        frozenset(written for pieces in pages for p in pieces if (written := mark.of(p)).startswith("[")),
    )


def _pieces(reading: PageReading, places: Places, decision: Decision, subject: Subject | None) -> list[_Piece]:
    if decision.action is Action.KEEP:
        return []
    finding, action = decision.finding, decision.action
    words = [reading.words[i] for i in _words_of(reading, places, finding)]
    if finding.span is None:
        return [_Piece(w.start, w.end, finding.kind, action, w.text, decision.replacement) for w in words]
    start, end = _trimmed(reading.text, finding.span.start, min(finding.span.end, len(reading.text)))
    own = [w for w in words if w.start < end and start < w.end]
    whole = _Piece(
        *_whole_words(reading.text, start, end, own),
        finding.kind,
        action,
        as_listed(finding.kind, finding.owner, reading.text[start:end], subject),
        decision.replacement,
        finding.owner,
    )
    return [whole] + [_Piece(w.start, w.end, finding.kind, Action.BURN, w.text) for w in words if w not in own]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the blanks at its ends, which part it from its neighbours; all of it where it is nothing else."""
    value = text[start:end]
    if not value.strip():
        return start, end
    return start + len(value) - len(value.lstrip()), end - len(value) + len(value.rstrip())


def _whole_words(text: str, start: int, end: int, words: Sequence[Word]) -> tuple[int, int]:
    """The stretch with all of the words that it touches, without the punctuation that stands around them. What else
    stands there, a hyphen or a slash, may be the identifier's own."""
    start, end = min([start, *(w.start for w in words)]), max([end, *(w.end for w in words)])
    value = text[start:end]
    if not any(c.isalnum() for c in value):
        return start, end
    opening = len(value) - len(value.lstrip(_OPENING if ")" not in value.rstrip(_CLOSING) else _QUOTES))
    closing = len(value) - len(value.rstrip(_CLOSING if "(" not in value[opening:] else _BEHIND))
    return start + opening, end - closing


def _words_of(reading: PageReading, places: Places, finding: Finding) -> list[int]:
    """The words of a finding: those it names, those its span touches, and those under its regions."""
    found = set(finding.words)
    if finding.span is not None:
        found.update(reading.words_in(finding.span.start, finding.span.end))
    return sorted(found) if found else _under(places, finding)


def _under(places: Places, finding: Finding) -> list[int]:
    shared = overlaps(places, sides_of([quad.bounds for quad in finding.regions])).max(axis=1, initial=0)
    areas = (places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1])
    return [int(index) for index in np.flatnonzero(shared >= TOUCHED * areas)]


def _merged(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Pieces that overlap made one, so that no part of an identifier stays; the strictest decision holds for all."""
    merged: list[list[_Piece]] = []
    end = -1
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        if piece.start < end:
            merged[-1].append(piece)
        else:
            merged.append([piece])
        end = max(end, piece.end)
    return [_one(cluster) for cluster in merged]


def _one(cluster: Sequence[_Piece]) -> _Piece:
    """One piece for all; a word that is merely unreadable does not take the token of the name around it, and of two
    people's values in one word neither takes the other's."""
    known = [p for p in cluster if p.kind not in _WORDLESS] or list(cluster)
    chosen = min(known, key=lambda p: (_STRICTEST_FIRST.index(p.action), p.start - p.end, p.kind))
    if any(p.kind is chosen.kind and p.owner is not chosen.owner and len(_LETTERS.findall(p.value)) > 1 for p in known):
        chosen = replace(chosen, action=Action.BURN)
    return replace(chosen, start=min(p.start for p in cluster), end=max(p.end for p in cluster))


def _tokens(
    pieces: Sequence[_Piece], tokenizer: Tokenizer | None, tenant: str, purpose: str
) -> dict[TokenRequest, str]:
    """A token for each value that needs one, asked for in one batch and once for each value."""
    wanted = list(dict.fromkeys(r for p in pieces if (r := p.request(tenant, purpose)) is not None))
    if not wanted:
        return {}
    if tokenizer is None:
        raise RedoubtError(Reason.MISCONFIGURED)
    found = tokenizer.tokens(wanted)
    if len(found) != len(wanted):
        raise RedoubtError(Reason.VAULT_REFUSED)
    return dict(zip(wanted, found, strict=True))


def _replaced(text: str, pieces: Sequence[_Piece], marks: _Marks) -> str:
    parts: list[str] = []
    at = 0
    for piece in pieces:
        lines = text[piece.start : piece.end].count("\n")
        parts += (text[at : piece.start], marks.of(piece), "\n" * lines)
        at = piece.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is written in the place of a piece."""

    tokens: Mapping[TokenRequest, str] = field(repr=False)
    tenant: str
    purpose: str
    secret: bytes | None = field(repr=False)

    def of(self, piece: _Piece) -> str:
        bare = f"[{piece.kind.value.upper()}]"
        match piece.action:
            case Action.TOKENIZE:
                request = piece.request(self.tenant, self.purpose)
                return f"{bare[:-1]}:{self.tokens[request]}]" if request is not None else bare
            case Action.GENERALISE:
                return generalise(piece.kind, piece.value) or bare
            case Action.SHIFT:
                moved = self._shifted(piece)
                return f"{bare[:-1]}:{moved}]" if moved is not None else bare
            case _:
                return bare

    def _shifted(self, piece: _Piece) -> str | None:
        if piece.kind is not Kind.DATE:
            return None
        if self.secret is None:
            return generalise(piece.kind, piece.value)
        return shifted(piece.value, offset_days(self.secret, piece.replacement.shift))
