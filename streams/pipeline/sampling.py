"""Which pages of a finished copy the attacker reads: all of them, unless the profile is content with less where the own
text of a page was proven on its pixels, glyph by glyph.

Of such pages a tenth is read all the same, drawn by a key: who submits a document cannot tell which of its pages.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from detectors.pages import LayerState, PageReading
from policies.attack.looks import Look
from policies.attack.report import Claim, Depth
from policies.profile import Profile
from policies.tokens.derived import DerivedSecrets
from streams.pipeline.chart import Seen

SHARE: Final = 0.1
PURPOSE: Final = "\x00sample of pages"
"""Stands where the purpose of a release does, and is none: nothing else is derived under it."""
_RANGE: Final = 2**64


def read_again(
    profile: Profile, tenant: str, pages: Sequence[Seen], readings: Sequence[PageReading], key: DerivedSecrets | None
) -> frozenset[int]:
    """The pages to read, which count from 0. All of them at any depth but `structure`, and where there is no `key`.

    At depth `structure` those that an engine had any part in reading, and of the others the sample: the same pages for
    the same document, whoever works on it. Raises RedoubtError as the key does.
    """
    proven = [page for page, reading in enumerate(readings) if _proven(reading)]
    if profile.depth is not Depth.STRUCTURE or key is None or not proven:
        return frozenset(range(len(readings)))
    document = hashlib.sha256("".join(page.digest for page in pages).encode()).hexdigest()
    secret = key.secret(tenant, PURPOSE, document)
    spared = {page for page in proven if _drawn(secret, page) >= SHARE * _RANGE}
    return frozenset(range(len(readings))) - spared


def at_depth(looks: Sequence[Look], read: frozenset[int], readings: Sequence[PageReading], claim: Claim) -> list[Look]:
    """The looks at pages to `read`, and at those of the others on which boxes were burned: what shows beside a box
    without a reading is looked for on these too, with their proven words in its place."""
    spared = (look for look in looks if look.page not in read and claim.burned[look.page])
    measured = [replace(look, proven=readings[look.page]) for look in spared]
    looked_at = [replace(look, picture=readings[look.page].picture) for look in looks if look.page in read]
    return sorted([*looked_at, *measured], key=lambda look: look.page)


def depth_of(asked: Depth, pages: int, read: frozenset[int]) -> Depth:
    """The depth that the whole document can be said to be validated at: that of the page looked at least. `asked` is
    the profile's; a page that is looked at at all is read."""
    if len(read) < pages:
        return Depth.STRUCTURE
    return Depth.REREAD if asked is Depth.STRUCTURE else asked


def _proven(reading: PageReading) -> bool:
    return reading.layer is LayerState.PROVEN and all(word.glyphs for word in reading.words)


def _drawn(secret: bytes, page: int) -> int:
    return int.from_bytes(hmac.digest(secret, page.to_bytes(8, "big"), hashlib.sha256)[:8], "big")
