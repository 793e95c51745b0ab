"""Finished copies, releases of them, and keys, as the product makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from detectors.pages import PageRaster, Pixels
from policies import profile as profiles
from policies.attack.report import Verdict
from policies.masking.assemble import assemble
from streams.attest.keys import LocalSigner
from streams.attest.statement import Decider, Release

DOCUMENT = "0123456789abcdef0123456789abcdef"
PROFILE = profiles.load("maximal")


def gray(seed: int) -> Pixels:
    """A page of noise, so that no two pixels are alike by accident."""
    return np.random.default_rng(seed).integers(0, 256, (96, 128), np.uint8)


def copy_of(*pages: Pixels) -> bytes:
    """A finished copy; of bilevel pages lossless, so that every pixel counts."""
    return assemble(PageRaster(np.where(page < 128, 0, 255).astype(np.uint8), 100.0, bilevel=True) for page in pages)


def release(**fields: Any) -> Release:
    said: dict[str, Any] = {
        "tenant": "clinic-a",
        "document_id": DOCUMENT,
        "commitment": "ab" * 32,
        "profile": PROFILE.name,
        "profile_version": PROFILE.version,
        "engine": "tesserocr-2.13.0",
        "depth": PROFILE.depth,
        "verdict": Verdict.RELEASE,
        "rounds": 1,
        "pages": 2,
        "deciders": (Decider("reviewer-4", "false_alarm", "ROI-118"),),
    }
    return Release(**{**said, **fields})


def signer(folder: Path, name: str = "signing.key") -> LocalSigner:
    return LocalSigner(folder / name, production=False)
