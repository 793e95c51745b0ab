"""Overlapping spans become disjoint ones. Every covered character stays covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter
from typing import Final

from detectors.findings import Kind, Layer, Span
from detectors.spans.carve import carved
from detectors.spans.place import placed
from detectors.text import births

_IN_ORDER: Final = attrgetter("start", "end", "kind", "score", "layer", "owner")
"""As spans compare by themselves, each looked at once."""
_LAYER_RANK: Final = {layer: rank for rank, layer in enumerate(Layer)}

# Kinds that some profile shows or only coarsens: where the evidence is about equal the other kind wins.
_COARSE: Final = frozenset({Kind.STATE, Kind.CITY, Kind.ZIP, Kind.AGE, Kind.DATE, Kind.BIRTH_DATE, Kind.FACILITY})
_COARSE_HANDICAP: Final = 0.1


def priority(span: Span) -> tuple[bool, float, int, int]:
    """Sort key, the strongest span last. The event's own data beat everything: they alone know the owner."""
    score = span.score - (_COARSE_HANDICAP if span.kind in _COARSE else 0.0)
    return (span.layer is Layer.PATIENT, round(score, 3), -_LAYER_RANK[span.layer], span.end - span.start)


def merge(text: str, spans: Iterable[Span]) -> list[Span]:
    """Disjoint spans in text order that cover exactly what `spans` cover.

    Where kinds overlap the stronger keeps its extent and the weaker keeps the rest; a rest without any letter or
    digit goes to its neighbour. A span over several values (a whole address, a doctor and the clinic) gives way to
    those of its parts that have a kind of their own. Overlapping spans of one kind and owner become one. A date that
    the text or another span knows for one of birth becomes that.
    """
    united = _united(carved(text, births.told(text, spans)))
    found: list[Span] = []
    for cluster in _clusters(united):
        found.extend(cluster if len(cluster) == 1 else _painted(text, cluster))
    return found


def _united(spans: Iterable[Span]) -> list[Span]:
    last: dict[tuple[object, ...], Span] = {}
    done: list[Span] = []
    for span in sorted(spans, key=_IN_ORDER):
        key = (span.kind, span.owner, span.layer is Layer.PATIENT)
        before = last.get(key)
        if before is None or before.end <= span.start:
            if before is not None:
                done.append(before)
            last[key] = span
        else:
            stronger = max(before, span, key=lambda s: (s.score, -_LAYER_RANK[s.layer]))
            last[key] = placed(stronger, before.start, max(before.end, span.end))
    return sorted([*done, *last.values()], key=_IN_ORDER)


def _clusters(spans: list[Span]) -> Iterator[list[Span]]:
    cluster: list[Span] = []
    end = -1
    for span in spans:
        if cluster and span.start > end:
            yield cluster
            cluster = []
        cluster.append(span)
        end = max(end, span.end) if len(cluster) > 1 else span.end
    if cluster:
        yield cluster


def _painted(text: str, cluster: list[Span]) -> list[Span]:
    cuts = sorted({offset for span in cluster for offset in (span.start, span.end)})
    place = {offset: index for index, offset in enumerate(cuts)}
    paint = cluster[:1] * (len(cuts) - 1)
    for span in sorted(cluster, key=priority):
        first, after = place[span.start], place[span.end]
        paint[first:after] = [span] * (after - first)
    seen = [0, *(n for n in range(1, len(paint)) if paint[n] is not paint[n - 1]), len(paint)]
    return _joined(text, [placed(paint[a], cuts[a], cuts[b]) for a, b in pairwise(seen)])


def _joined(text: str, pieces: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for piece in pieces:
        before = kept[-1] if kept else None
        bare = not any(c.isalnum() for c in text[piece.start : piece.end])
        same = before is not None and (before.kind, before.owner) == (piece.kind, piece.owner)
        if before is not None and (bare or same):
            stronger = before if bare or before.score >= piece.score else piece
            kept[-1] = placed(stronger, before.start, piece.end)
        elif before is not None and not any(c.isalnum() for c in text[before.start : before.end]):
            kept[-1] = placed(piece, before.start, piece.end)
        else:
            kept.append(piece)
    return _bounded(text, kept)


def _bounded(text: str, pieces: list[Span]) -> list[Span]:
    """The same pieces, where a mark between two goes with the word that it touches: whole words are what burns."""
    for index in range(1, len(pieces)):
        before, piece = pieces[index - 1], pieces[index]
        if before.end != piece.start:
            continue
        left = next(i for i in range(before.end, before.start - 1, -1) if i == before.start or text[i - 1].isalnum())
        right = next(i for i in range(piece.start, piece.end + 1) if i == piece.end or text[i].isalnum())
        if text[left:right].isspace():
            continue
        cut = next((i for i in range(right, left, -1) if text[i - 1].isspace()), before.end)
        if before.start < cut < piece.end:
            pieces[index - 1] = placed(before, before.start, cut)
            pieces[index] = placed(piece, cut, piece.end)
    return pieces
