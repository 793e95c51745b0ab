"""What viewers keep with the boxes that people draw in them: comments, which name at times what was hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pymupdf

from streams.check.covers import DARK
from streams.check.finding import Found, What
from streams.check.page import Page

_DARK_SHARE: Final = 0.6
"""Of an annotation's place, which is a little larger than its box."""
_NUMBER: Final = re.compile(r"\d{5,}|\d{3}-\d{2,3}-\d{4}")
_BORN: Final = re.compile(
    r"\b(?:dob|d\.o\.b\.?|born|birth(?: ?da(?:y|te))?)\W{0,3}(?:(?:is|was|on)\W+){0,2}"
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d)",
    re.IGNORECASE,
)
"""No other date: it may be the day on which the box was drawn."""
_DRAWN_BY: Final = re.compile(r"\bby\b[^.;,\n]*", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_STOCK: Final = re.compile(
    r"account|act|address|age|area|attorney|birth|black|box|by|card|care|chart|client|code|comment"
    r"|confidential|court|covered|data|date|deleted|details|disclosure|document|draft|drawing|dr|due"
    r"|enforcement|entity|exempt|exemption|exemptions|facility|family|field|file|final|financial|for"
    r"|freedom|from|full|geographic|health|hidden|hipaa|home|hospital|id|identifiable|identifier"
    r"|here|identifiers|identity|information|initials|insurance|internal|label|law|legal|letter|license|line|location"
    r"|mark|masked|medical|member|minor|mrn|name|names|not|note|number|numbers|of|office|officer|order|page"
    r"|party|patient|per|person|personal|phi|phone|physician|pii|plan|policy|practice|privacy|private"
    r"|privilege|privileged|product|protected|protection|provider|public|reason|record|records|redact"
    r"|redacted|redaction|release|removed|report|request|rule|safe|harbor|sealed|section|security|sensitive"
    r"|shape|signature|social|square|ssn|state|street|subject|telephone|text|the|third|title|trade|secret"
    r"|under|unit|use|visit|withheld|witness|work|zip",
    re.IGNORECASE,
)
"""Words that reasons for a redaction are made of, as they are written with capitals, too."""


def comments(page: Page) -> Iterator[Found]:
    """Dark boxes, marker and pens of a viewer's, with a comment of two names, a long number or a birthday; not of who
    drew them."""
    for annotation in page.page.annots():
        if annotation.type[0] in (pymupdf.PDF_ANNOT_POPUP, pymupdf.PDF_ANNOT_TEXT, pymupdf.PDF_ANNOT_FREE_TEXT):
            continue
        said = _DRAWN_BY.sub("", annotation.info.get("content") or "")
        pixels = page.shown(annotation.rect)
        if not said or not len(pixels) or float((pixels.max(axis=1) < DARK * 255).mean()) < _DARK_SHARE:
            continue
        if _NUMBER.search(said) or _BORN.search(said) or tells_names(said):
            letters = sum(letter.isalnum() for letter in said)
            yield Found(What.COMMENT, page.page.number, page.on_the_page(annotation.rect), letters)


def tells_names(text: str) -> bool:
    """Whether two words that follow one another may be a person's names."""
    return any(map(_are_names, pairwise(_WORD.findall(text))))


def _are_names(pair: tuple[str, str]) -> bool:
    return all(word[0].isupper() and len(word) > 1 and not _STOCK.fullmatch(word) for word in pair)
