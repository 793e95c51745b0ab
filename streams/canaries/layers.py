"""Which layer missed an identifier that leaked: told from what was planted, what an engine reads, and the counts.

An inference, since events hold no content: validation let it pass in any case, and of the layers before it the first
one that can be shown to have failed is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from detectors.findings import Kind
from streams.canaries.documents import PlantedIdentifier, SyntheticDocument
from streams.canaries.leakcheck import LeakCheck, Reading, plain
from streams.events import MissedBy


def missed_by(
    document: SyntheticDocument,
    untouched: Reading,
    counts: Mapping[Kind, int],
    taken_out: Sequence[int],
    found: LeakCheck,
) -> Counter[MissedBy]:
    """How many leaks each layer has let pass. `counts` are the gateway's findings by kind, `taken_out` indices of the
    identifiers that the profile takes out.

    recognize: an engine does not read it on the untouched page either. mask: its ink is covered and it can be read
    all the same, or as many of its kind were found as were planted, and the box lies elsewhere. detect: the rest.
    """
    planted = Counter(document.identifiers[i].kind for i in taken_out)
    missed: Counter[MissedBy] = Counter()
    for i in found.leaks:
        identifier = document.identifiers[i]
        if i not in found.uncovered:
            missed[MissedBy.MASK] += 1
        elif not _is_read(identifier, untouched):
            missed[MissedBy.RECOGNIZE] += 1
        elif counts.get(identifier.kind, 0) >= planted[identifier.kind]:
            missed[MissedBy.MASK] += 1
        else:
            missed[MissedBy.DETECT] += 1
    return missed


def _is_read(identifier: PlantedIdentifier, untouched: Reading) -> bool:
    """Whether the engine reads it, whole, in its place."""
    near = (
        word
        for word in untouched[identifier.page]
        if any(word.box.overlap(region.bounds) > 0 for region in identifier.regions)
    )
    return plain(identifier.text) in "".join(plain(word.text) for word in near)
