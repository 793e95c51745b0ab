"""Which model reads: our own, or a spaCy pipeline that the user has installed."""

from __future__ import annotations

import importlib
from typing import Any, Final

from detectors.errors import Reason, RedoubtError

OWN: Final = "redoubt"
_UNUSED: Final = ["tagger", "parser", "lemmatizer", "attribute_ruler", "senter"]
"""Tags, parses and lemmas cost half the time, and nobody asks for them."""


def pipeline(name: str) -> Any:
    """The spaCy pipeline of an installed package or in a folder. Raises RedoubtError(MISCONFIGURED)."""
    spacy = importlib.import_module("spacy")  # whoever reads with our own model needs none
    try:
        found = spacy.load(name, exclude=_UNUSED)
    except Exception:  # noqa: BLE001  a stranger's package may throw whatever it likes; only its name was asked for
        raise RedoubtError(Reason.MISCONFIGURED) from None
    if not found.pipe_names:
        raise RedoubtError(Reason.MISCONFIGURED)
    return found
