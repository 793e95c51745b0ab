"""Exit codes of `redoubt redact` and `redoubt detect`, documented in README."""

from __future__ import annotations

from typing import Final

ALL_RELEASED: Final = 0
REJECTED: Final = 1
"""At least one input could not be processed; nothing of it was written."""
USAGE: Final = 2
HELD_BACK: Final = 3
"""Everything was processed, and at least one copy needs a person's eye or was withheld."""
UNFORESEEN: Final = 70
"""An error that nobody foresaw (sysexits.h: EX_SOFTWARE); its class and place are printed, never its text."""
