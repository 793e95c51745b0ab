"""What was read on a document's pages: as many pages in memory as a letter has, those of a chart put away."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Final, overload

from detectors.pages import PageReading
from streams.store.intermediates import Spill

PAGES_HELD: Final = 64
"""A page of 400 words takes .3 MB as objects: 2,000 of them would take more than the rest of the gateway."""


class Readings(Sequence[PageReading]):
    """The readings of all pages in order. Those used last are in memory, the others in the document's spill."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._held: OrderedDict[int, PageReading] = OrderedDict()
        self._count = 0
        self._away: set[int] = set()

    def append(self, reading: PageReading) -> None:
        """The next page's."""
        self._hold(self._count, reading)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> PageReading: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PageReading]: ...
    def __getitem__(self, index: int | slice) -> PageReading | Sequence[PageReading]:
        if isinstance(index, slice):
            return [self[page] for page in range(*index.indices(self._count))]
        page = index + self._count if index < 0 else index
        if not 0 <= page < self._count:
            raise IndexError(index)
        if page in self._held:
            self._held.move_to_end(page)
            return self._held[page]
        # What the spill gives back is what this process put there, or nothing: its seal is checked.
        reading = pickle.loads(self._spill.get(_name(page)))  # noqa: S301
        if not isinstance(reading, PageReading):
            raise TypeError("not a reading")
        self._hold(page, reading)
        return reading

    def __iter__(self) -> Iterator[PageReading]:
        return (self[page] for page in range(self._count))

    def _hold(self, page: int, reading: PageReading) -> None:
        self._held[page] = reading
        if len(self._held) <= PAGES_HELD:
            return
        oldest, evicted = self._held.popitem(last=False)
        if oldest not in self._away:
            self._spill.put(_name(oldest), pickle.dumps(evicted, pickle.HIGHEST_PROTOCOL))
            self._away.add(oldest)


def _name(page: int) -> str:
    return f"reading-{page}"
