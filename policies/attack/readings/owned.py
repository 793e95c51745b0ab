"""What a rule takes for a stranger's name, and is a listed person's with the next word of the page behind it.

A rule of names reaches as far as words have capitals: over the initial that was misread, or into the label of the next
column. A hunter that knows the patient tells whose the first part is, and only the rest stays suspect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import as_id, fold, fold_word, word_set
from detectors.subject import Subject
from policies.attack.report import ActsOn

EXACT: Final = 0.99
"""What a hunter gives to several parts of a listed name, each without a slip, and to a whole listed number."""
PART: Final = 0.9
"""One part of a name, without a slip."""
LEAST_DIGITS: Final = 7
"""Fewer are the digits of many numbers; a code with letters must be longer."""
_INITIAL: Final = re.compile(r" ?[A-Z]\.? ?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_TITLES: Final = word_set("mr mrs ms miss dr prof rev md do rn np jr sr")
_THIN: Final = frozenset("iljIL1")
_LOST: Final = "[ilj1|/! ]"
_BEHIND: Final = re.compile(r"[ .,]")


def strangers(spans: Sequence[Span], text: str, subject: Subject | None, acts_on: ActsOn) -> list[Span]:
    """`spans` without what listed people explain: of a rule's name only the rest behind the listed one.

    A name is explained where its given name and one more of its parts stand there, and the profile keeps its owner's.
    Nothing is taken from a span in which another word stands before the listed name, or is joined to it by a hyphen:
    that is a relative's, of the same family.
    """
    if subject is None:
        return list(spans)
    kept = [span for span in _joined(spans, text) if _is_kept(span, text, acts_on)]
    people = [_folded(name) for name in (*subject.names, *subject.relatives, *subject.providers)]
    patients = [_folded(name) for name in subject.names]
    names = [
        span
        for span in kept
        if span.kind is Kind.PERSON
        and (
            _is_whole(text[span.start : span.end], people)
            or _is_initialled(text[span.start : span.end], patients, people)
        )
    ]
    numbers = [span for span in kept if span.kind is not Kind.PERSON]
    own, boxes = _numbers(subject), _mailboxes(subject, text)
    found: list[Span] = []
    for span in spans:
        explained = as_id(text[span.start : span.end]) in own or any(
            a <= span.start and span.end <= b for a, b in boxes
        )
        if explained and not acts_on(span.kind, Owner.PATIENT, ""):
            continue
        if span.layer is not Layer.ATTACKER:
            found.append(span)
        elif span.kind is Kind.PERSON:
            found += _rest(span, text, names)
        elif not any(n.kind is span.kind and n.start <= span.start and span.end <= n.end for n in numbers):
            found.append(span)
    return found


def _numbers(subject: Subject) -> set[str]:
    """The patient's own numbers, look-alikes made equal, whatever kind a rule takes them for; and their digits alone,
    as read where the letter before them was taken for a sign."""
    values = [fold(value) for value in (subject.mrn or "", *subject.ids)]
    alone = [digits for value in values if (digits := "".join(c for c in value if c.isdigit())) in value]
    own = {as_id(digits) for digits in alone if len(digits) >= LEAST_DIGITS}
    return own | {as_id(value) for value in values if len(value) > LEAST_DIGITS and any(c.isdigit() for c in value)}


def _mailboxes(subject: Subject, text: str) -> list[tuple[int, int]]:
    """Where the patient's mailboxes stand with a blank in the place of a thin letter: "a. m@b" for "a.lm@b"."""
    shapes = ["".join(_LOST if c in _THIN else re.escape(c) for c in email) for email in subject.emails]
    found = [hit.span() for shape in shapes for hit in re.finditer(rf"(?<!\S){shape}(?![\w@+-]|\.\w)", text, re.I)]
    return [(start, end) for start, end in found if text[start:end].count(" ") == 1]


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Spans, and those that a middle initial parts as one: "Rajesh K. Thiruvengadam", who is listed without it."""
    found = list(spans)
    parts = sorted(s for s in spans if s.kind is Kind.PERSON and s.layer is Layer.PATIENT and s.score >= PART)
    for before, after in pairwise(parts):
        if before.owner is after.owner and _INITIAL.fullmatch(text[before.end : after.start]):
            found.append(replace(before, end=after.end, score=EXACT))
    return found


def _is_kept(span: Span, text: str, acts_on: ActsOn) -> bool:
    # A number or a mailbox with a slip has an owner only where the slip is an engine's; a name may be a namesake's.
    least = EXACT if span.kind is Kind.PERSON else PART
    listed = span.layer is Layer.PATIENT and span.owner is not Owner.UNKNOWN and span.score >= least
    return listed and not acts_on(span.kind, span.owner, text[span.start : span.end])


def _rest(span: Span, text: str, names: Sequence[Span]) -> list[Span]:
    for name in names:
        if name.end <= span.start or span.end <= name.start or _WORD.search(text[span.start : name.start]):
            continue
        if span.end <= name.end:
            return []
        if _BEHIND.match(text, name.end) or _BEHIND.match(text, name.end - 1):
            return [replace(span, start=name.end)]
    return [span]


def _folded(name: str) -> tuple[str, frozenset[str]]:
    """The given name, and the other parts: "Kovacs, Maria J" is Maria's."""
    parts = [[fold_word(word) for word in _WORD.findall(side)] for side in name.split(",", 1)]
    turned = parts[-1] if len(parts) > 1 and not set(parts[-1]) <= _TITLES else parts[0]
    ordered = turned + [word for side in parts if side is not turned for word in side]
    telling = [word for word in ordered if len(word) > 1 and word not in _TITLES]
    return (telling[0], frozenset(telling[1:])) if telling else ("", frozenset())


def _is_initialled(
    text: str, own: Sequence[tuple[str, frozenset[str]]], people: Sequence[tuple[str, frozenset[str]]]
) -> bool:
    """Whether it is the patient's whole family name with the initial of the given one, which no listed relative of the
    family shares: "Z. Zbinden-Akinwale"."""
    words = [fold_word(word) for word in _WORD.findall(text)]
    told, initials = {word for word in words if len(word) > 1}, {word for word in words if len(word) == 1}
    bearers = {given for given, others in people if given and told <= others and given[0] in initials}
    return bool(told) and len(initials) == 1 and len(bearers) == 1 and bearers <= {given for given, _ in own}


def _is_whole(text: str, people: Sequence[tuple[str, frozenset[str]]]) -> bool:
    words = {fold_word(word) for word in _WORD.findall(text)}
    return any(given in words and words & others for given, others in people)
