"""The sets, the contestants on each, the targets."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tests.eval import clinical, corpora
from tests.eval.contestants import Contestant, as_page, redoubt, redoubt_page
from tests.eval.damage import Strength, damaged
from tests.eval.peer import Peer
from tests.eval.samples import Sample
from tests.eval.scores import Found, Scores, score

ALL, SAFE_HARBOR = "maximal", "hipaa-safe-harbor"
NOTES, QUERIES, HARMLESS, DOCUMENTS, MESSAGES, WARDS, LOOKALIKES = 150, 240, 208, 16, 120, 208, 208


@dataclass(frozen=True, slots=True)
class Set:
    """Samples that are scored together, under which profile, read from paper or typed.

    `listed`: each miss must stand in known_misses.txt. Our own data only: nobody's corpus may be quoted there.
    """

    name: str
    profile: str
    samples: Callable[[], Sequence[Sample]]
    printed: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant on one set."""

    set: str
    profile: str
    contestant: str
    scores: Scores
    cpu_s: float
    words: int


@dataclass(frozen=True, slots=True)
class Target:
    set: str
    figure: str
    """`recall`, `words_kept` or `harmless_untouched`."""
    at_least: float


TARGETS: Final = (
    Target("synth-text", "recall", 0.97),
    Target("synth-text", "words_kept", 0.95),
    Target("notes", "recall", 0.995),
    Target("notes, middle damage", "recall", 0.98),
    Target("documents", "recall", 0.995),
    Target("queries", "recall", 0.985),
    Target("queries", "words_kept", 0.93),
    Target("harmless", "harmless_untouched", 0.85),
)


def sets() -> tuple[Set, ...]:
    """All sets there are; a corpus that this machine lacks raises FileNotFoundError when its samples are asked for."""
    return (
        Set("synth-text", ALL, corpora.synth_text, listed=False),
        Set("ccda", ALL, corpora.ccda, listed=False),
        Set("notes", ALL, lambda: clinical.notes(NOTES)),
        *(
            Set(f"notes, {strength.name.lower()} damage", ALL, lambda s=strength: _damaged(s), printed=True)  # type: ignore[misc]
            for strength in Strength
        ),
        Set("documents", ALL, lambda: clinical.documents(DOCUMENTS), printed=True),
        Set("queries", SAFE_HARBOR, lambda: clinical.under(SAFE_HARBOR, clinical.queries(QUERIES))),
        Set("messages", SAFE_HARBOR, lambda: clinical.under(SAFE_HARBOR, clinical.messages(MESSAGES))),
        Set("wards", SAFE_HARBOR, lambda: clinical.under(SAFE_HARBOR, clinical.wards(WARDS))),
        Set("harmless", SAFE_HARBOR, lambda: clinical.harmless(HARMLESS)),
        Set("lookalikes", SAFE_HARBOR, lambda: clinical.lookalikes(LOOKALIKES)),
    )


def rows(chosen: Sequence[Set], others: dict[str, Contestant], *, with_peer: bool) -> Iterator[Row]:
    """Redoubt, Presidio where wanted, and the others, set by set. A corpus that is absent is named and left out."""
    ours: dict[tuple[str, bool], Contestant] = {}
    peer = Peer() if with_peer else None
    try:
        for one in chosen:
            try:
                samples = one.samples()
            except FileNotFoundError:
                print(f"left out: {one.name} (the corpus is not on this machine)", file=sys.stderr)
                continue
            key = (one.profile, one.printed)
            if key not in ours:
                ours[key] = (redoubt_page if one.printed else redoubt)(one.profile)
            for name, contestant in {"redoubt": ours[key], **others}.items():
                started = time.process_time()
                found = [contestant(sample) for sample in samples]
                yield _row(one, name, samples, found, time.process_time() - started)
            if peer is not None:
                hits, seconds = peer.find([sample.text for sample in samples])
                yield _row(one, "presidio", samples, hits, seconds)
    finally:
        if peer is not None:
            peer.close()


def met(results: Sequence[Row]) -> list[tuple[Target, float, bool]]:
    """Each target whose set was scored, our figure, and whether it is met."""
    figures = {r.set: r.scores for r in results if r.contestant == "redoubt"}
    return [
        (t, value, value >= t.at_least)
        for t in TARGETS
        if t.set in figures
        for value in [getattr(figures[t.set], t.figure).value]
    ]


def _row(one: Set, name: str, samples: Sequence[Sample], found: Sequence[Found], cpu_s: float) -> Row:
    return Row(one.name, one.profile, name, score(samples, found), cpu_s, sum(len(s.text.split()) for s in samples))


def _damaged(strength: Strength) -> tuple[Sample, ...]:
    name = f"notes-{strength.name.lower()}"
    return tuple(_laid_out(damaged(sample, strength, name)) for sample in clinical.notes(NOTES))


def _laid_out(sample: Sample) -> Sample:
    """On a page, as documents are: making it is no work of the detector's."""
    return replace(sample, page=as_page(sample.text))
