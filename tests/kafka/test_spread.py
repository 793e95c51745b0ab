"""Partitions get as many pages as each other, though nobody has opened a document when it is dealt out."""

from __future__ import annotations

import random
import time
import zlib
from collections import Counter
from collections.abc import Callable

from streams.decode.limits import MAX_PAGES
from streams.kafka.spread import PAGE_BYTES, Spread, guessed_pages
from tests.decode.files import text_pdf

PARTITIONS, ARCHIVES = 8, 20
ONE_PAPER, MIXED = (40_000, 60_000, 80_000), (4_000, 30_000, 60_000, 150_000)
Archive = list[tuple[int, int]]


def archive(seed: int, page_bytes: tuple[int, ...]) -> Archive:
    """Pages and bytes of documents: letters, and now and then a chart of up to 2,000 pages."""
    chance = random.Random(seed)  # noqa: S311  the same archive each time
    pages = [min(2_000, max(1, round(chance.lognormvariate(0.7, 1.3)))) for _ in range(2_000)]
    return [(count, count * chance.choice(page_bytes)) for count in pages]


def fullest(page_bytes: tuple[int, ...], guess: Callable[[int, int], int] | None) -> float:
    """Pages of the fullest partition, times the mean, over archives; dealt out by a guess or, without, by hash."""
    found = 0.0
    for seed in range(ARCHIVES):
        spread, dealt = Spread(PARTITIONS), Counter[int]()
        for number, (pages, size) in enumerate(archive(seed, page_bytes)):
            hashed = zlib.crc32(str(number).encode()) % PARTITIONS
            dealt[spread.next(guess(pages, size)) if guess else hashed] += pages
        found += max(dealt.values()) * PARTITIONS / dealt.total() / ARCHIVES
    return found


def by_bytes(_pages: int, size: int) -> int:
    return 1 + size // PAGE_BYTES


def test_pages_are_shared_more_evenly_than_by_the_hash_of_an_id() -> None:
    counted = fullest(MIXED, lambda pages, _size: pages)
    alike, mixed, hashed = fullest(ONE_PAPER, by_bytes), fullest(MIXED, by_bytes), fullest(MIXED, None)
    print(f"counted {counted:.3f}, one kind of paper {alike:.3f}, text and scans {mixed:.3f}, by hash {hashed:.3f}")
    assert counted < 1.04
    assert alike < 1.08
    assert counted < alike < mixed < hashed


def test_pages_are_counted_where_a_pdf_shows_them_and_guessed_elsewhere() -> None:
    assert guessed_pages(text_pdf()) == 1
    assert guessed_pages(b"%PDF-1.7" + b"/Type /Page\n/Type/Page>>/Type /Pages/Type\n/Page/" * 30) == 90
    assert guessed_pages(b"II*\x00" + bytes(10 * PAGE_BYTES)) == 11
    assert guessed_pages(b"%PDF-" + b"/Type/Page " * (MAX_PAGES + 1)) == MAX_PAGES


def test_a_hostile_file_is_guessed_at_in_time() -> None:
    began = time.process_time()
    guessed_pages(b"%PDF-" + b"/Type        " * 400_000)
    guessed_pages(b"%PDF-" + b" " * 5_000_000)
    assert time.process_time() - began < 2.0


def test_submitters_that_know_nothing_of_each_other_begin_somewhere_else() -> None:
    assert len({Spread(PARTITIONS).next(1) for _ in range(200)}) == PARTITIONS
