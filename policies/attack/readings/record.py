"""Reads the finished record again, as the copy is read: what was taken out of it must not stand in it.

The marks that were written in the place of identifiers are looked at first. They may hold a token, a moved date or
nothing, and no letter or digit may touch one: it would be what is left of the identifier. Then the text between them,
with every mark that stood in the document itself, is read for every known value and for whatever else has the shape of
an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from policies.attack.readings import known, recognizers
from policies.attack.readings.form_words import only_form_words
from policies.attack.report import ActsOn, Secret

_KINDS: Final = "|".join(kind.value.upper() for kind in Kind)
_WRITTEN: Final = r"rdt:[a-z_]{1,32}:(?:[vl][0-9]{1,6}:[A-Za-z0-9_-]{40,8192}|r1:[A-Za-z0-9_-]{22}|s1:[A-Z0-9]{4,40})"
_MARK: Final = re.compile(rf"\[(?P<kind>{_KINDS})(?::(?P<token>{_WRITTEN})|:(?P<day>\d{{4}}(?:-\d\d){{0,2}}))?\]")
_BLANK: Final = " ■ "
"""What a reader sees of a burned word: no letter, and no space that could join two words into a name."""
_FORGED: Final = re.compile(r"rdt:", re.IGNORECASE)
_SPELLED: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:[\W_]{1,3}[^\W\d_](?![^\W_])){3,}")
"""Letters that stand apart."""
_WORD: Final = re.compile(r"\S+")
_NOWHERE: Final = Quad.of(Box(0, 0, 1, 1))
_SURE: Final = 100.0


def check_record(
    pages: Sequence[str], marks: Collection[str], secrets: Sequence[Secret], acts_on: ActsOn
) -> tuple[Reason, ...]:
    """What is held against the record; nothing where it may go out. `marks` are those that were written into it.

    KNOWN_VALUE_READABLE: a value that was taken out, or a fragment of it, stands there beyond doubt.
    RESIDUAL_FINDING: something like an identifier, or a token that the document itself was written with.
    """
    return tuple(dict.fromkeys(reason for page in pages for reason in _held_against(page, marks, secrets, acts_on)))


def _held_against(page: str, marks: Collection[str], secrets: Sequence[Secret], acts_on: ActsOn) -> Iterator[Reason]:
    for mark in (found for found in _MARK.finditer(page) if found[0] in marks):
        if any(c.isalnum() for c in (page[mark.start() - 1 : mark.start()], page[mark.end() : mark.end() + 1])):
            yield Reason.KNOWN_VALUE_READABLE
        if not _fits(mark):
            yield Reason.RESIDUAL_FINDING
    text = _MARK.sub(lambda mark: _BLANK if mark[0] in marks else mark[0], page)
    if _FORGED.search(text):
        yield Reason.RESIDUAL_FINDING
    for match in known.matches(_reading(text), secrets):
        if acts_on(match.kind, Owner.UNKNOWN, text[match.start : match.end]):
            yield Reason.KNOWN_VALUE_READABLE if match.certain else Reason.RESIDUAL_FINDING
    if any(acts_on(kind, Owner.UNKNOWN, written) for kind, written in _spelled(text, secrets)):
        yield Reason.KNOWN_VALUE_READABLE
    for span in recognizers.spans(text):
        value = text[span.start : span.end]
        if acts_on(span.kind, span.owner, value) and not only_form_words(span.kind, value):
            yield Reason.RESIDUAL_FINDING


def _spelled(text: str, secrets: Sequence[Secret]) -> Iterator[tuple[Kind, str]]:
    """Known names, or telling parts of them, whose letters stand apart, in whatever case and order."""
    runs = [hit[0] for hit in _SPELLED.finditer(text)]
    parts = {
        part for secret in secrets if runs and secret.kind is Kind.PERSON for part in known.name_parts(secret.value)
    }
    for run in runs:
        letters = "".join(c for c in run if c.isalpha()).casefold()
        if any(part in letters for part in parts):
            yield Kind.PERSON, run


def _fits(mark: re.Match[str]) -> bool:
    """Whether the mark holds what its kind may hold: a token of this very kind, a day only for a date."""
    if mark["token"]:
        return mark["token"].split(":")[1] == mark["kind"].lower()
    return not mark["day"] or mark["kind"] == Kind.DATE.value.upper()


def _reading(text: str) -> PageReading:
    """The text as a page of words; where they stand does not matter here."""
    words = tuple(
        Word(hit[0], _SURE, _NOWHERE, text.count("\n", 0, hit.start()), hit.start(), hit.end())
        for hit in _WORD.finditer(text)
    )
    return PageReading(1, 1, 1.0, words, text, "record")
