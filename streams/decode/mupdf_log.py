"""What MuPDF said of a document that it could show: the only sign that it left something of it out."""

from __future__ import annotations

from typing import Final

import pymupdf

# MuPDF's messages quote the document: they are judged here, and go nowhere.
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

HARMLESS: Final = (
    "... repeated",
    # around the document: every object is where it should be
    "garbage bytes before version marker",
    "unknown PDF version",
    "missing file identifier",
    # beside the pages
    "Cycle detected in outlines",
    "Missing structure type",
    "Type should be StructElem",
    "cycle in structure tree",
    # in other colours or shapes, but there
    "ICC profile",
    "Ignoring Transfer function",
    "bogus font",
    "cannot create ICC link",
    "cannot load ToUnicode CMap",
    "ignoring broken ICC profile",
    "ignoring embedded ICC profile",
    "ignoring transfer function",
    "invalid ICC colorspace",
    "non-embedded font",
)
"""How messages begin after which nothing on a page is missing (MuPDF 1.28, calls of `fz_warn`). Any other one may mean
a stream that broke off, an object that is not there, a page that is not in its tree."""


def forget() -> None:
    """What was said before is of another document."""
    pymupdf.TOOLS.reset_mupdf_warnings()


def tells_of_loss() -> bool:
    """Whether anything said since `forget` may mean that something is missing."""
    messages = pymupdf.TOOLS.mupdf_warnings(reset=False).splitlines()
    return any(not message.startswith(HARMLESS) for message in messages)
