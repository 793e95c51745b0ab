"""`python -m tests.bench.flat --pages 2000`: whether memory stays what it was, page after page.

Documents of all five kinds, each another, go through a decoder and two reading processes, two at a time; poor scans
among them are looked at twice and by the second engine. What all processes hold together is told for every so many
pages: the most, and the least. Exits 1 where the least that they held at the end is more than `SLACK_MIB` above that
of the first pages watched, or where nothing was watched.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Final

from streams.canaries.documents import SyntheticDocument
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.bench.memory import Memory
from tests.bench.paper import Paper, drawn

WARM: Final = 100
"""Pages until what is loaded on first use is loaded. With --pages 400 --every 50 --seed 60501 and 50 here, the least
held rose by 37 MiB over the second fifty pages and by 19 over the next three hundred."""
SLACK_MIB: Final = 64.0
"""What an allocator does not give back varies by two views of a page for each process."""
LEAST: Final = 25
"""Pages of a stretch at the least: shorter ones may have held no small page."""
AT_ONCE: Final = 2
DEADLINE_S: Final = 300.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2_000)
    options.add_argument("--every", type=int, default=100, help="pages of a stretch")
    options.add_argument("--seed", type=int, default=60_001)
    given = options.parse_args()
    stretches: list[Memory] = []
    for pages, memory in watched(given.pages, given.every, given.seed):
        stretches.append(memory)
        print(
            f"{pages:6d} pages: {memory.floor:5.0f} to {memory.all:5.0f} MiB, a reading process up to "
            f"{memory.own:4.0f} of its own",
            flush=True,
        )
    print(f"grew by {growth(stretches):.0f} MiB, at most {SLACK_MIB:.0f}")
    return 0 if is_flat(stretches) else 1


def watched(pages: int, every: int, seed: int) -> Iterator[tuple[int, Memory]]:
    """Pages done so far, and the memory while the last stretch of them was; the pages until WARM are in none."""
    documents = _documents(seed)
    with Decoder() as decoder, PagePool(AT_ONCE) as pool:
        parts = Parts(decoder, pool)
        done = through(parts, documents, WARM)
        while done < pages:
            memory = Memory()
            with memory.watched(os.getpid()):
                done += through(parts, documents, max(min(every, pages - done), LEAST))
            yield done, memory


def through(parts: Parts, documents: Iterator[SyntheticDocument], pages: int) -> int:
    """So many pages, or a few more: how many."""

    def one(document: SyntheticDocument) -> int:
        incoming = Document("bench", document.id, document.content, "hipaa-safe-harbor")
        return process(incoming, parts, Deadline.after(DEADLINE_S)).pages

    done = 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while done < pages:
            done += sum(threads.map(one, [next(documents) for _ in range(2 * AT_ONCE)]))
    return done


def growth(stretches: Sequence[Memory]) -> float:
    """MiB by which the least that was held grew from the first stretch to the last."""
    return stretches[-1].floor - stretches[0].floor


def is_flat(stretches: Sequence[Memory]) -> bool:
    return len(stretches) > 1 and 0.0 < stretches[0].floor <= stretches[0].all and growth(stretches) <= SLACK_MIB


def _documents(seed: int) -> Iterator[SyntheticDocument]:
    """Two of each kind, over and over, none twice; of poor scans one has few dots an inch."""
    for number in count(seed, 2):
        for kind in Paper:
            yield from drawn(number, kind, 2)


if __name__ == "__main__":
    sys.exit(main())
