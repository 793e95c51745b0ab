"""Imported once, by the process that all reading processes are forked from: whatever it loads they share."""

from __future__ import annotations

import contextlib

from streams.pipeline.tools import warm

# Whatever cannot be loaded here is tried again by each reading process, which then says that it cannot start.
with contextlib.suppress(Exception):
    warm()
