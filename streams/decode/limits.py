"""What a document may cost. Each limit stands with its reason; beyond it the document is rejected by code."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 256 * 1024 * 1024
"""A chart of 1,000 colour scans at 200 KB a page is 200 MB; brokers and claim checks are sized for less."""

MAX_PAGES: Final = 2_500
"""A printed chart of a long stay has 2,000 pages; larger ones arrive split by the record systems that print them, for
every page costs a second of reading."""

BATCH_PAGES: Final = 16
BATCH_SAMPLES: Final = 64_000_000
"""A child decodes so many pages, or until their rasters have so many bytes, and ends: what the gateway holds of a
document does not grow with its pages, and a child's time does not either. 16 gray pages of letter at 200 dpi fit."""

MAX_PAGE_PIXELS: Final = 80_000_000
"""Letter at 600 dpi has 34 million pixels, A3 at 600 dpi 70 million: no scanner in an office gives more."""

MAX_DOCUMENT_SAMPLES: Final = 24_000_000_000
"""Bytes of all rasters together, which pass through memory batch by batch: 2,500 gray pages of letter at 300 dpi, or
2,100 in colour at 200 dpi."""

MAX_SIDE_PX: Final = 32_767
"""The engines count pixels of a side in 16 bits."""

RENDER_DPI: Final = 200
"""What the engine reads best at usual text sizes; more only makes it slower."""

MAX_RENDER_DPI: Final = 300
"""A page that mixes text and scans is rendered at its scans' resolution up to this one."""

MIN_RENDER_DPI: Final = 100
"""Oversized pages are rendered coarser; below this, ten-point print can no longer be read, so they are refused."""

MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
"""Address space of a decoding child: the largest document twice over, and what the largest page needs, which was
1 GiB in the hungriest format with the libraries in it."""

OPEN_FILES: Final = 16
"""A decoding child needs its socket and the three standard ones."""
