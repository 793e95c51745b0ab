"""The patient's mailboxes: as written, cut by blanks, and misread; a brother's or a namesake's is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from detectors.findings import Kind, Layer, Owner, Span
from detectors.known.numbers import DAMAGED, EXACT
from detectors.known.parts import is_another
from detectors.known.slips import comparable, figures_misread, misread

_MOST_MARKS: Final = 10
"""Of a mailbox: its own dots and signs, blanks, specks, and two slips."""
_MAILBOX: Final = re.compile(
    r"(?:(?P<cut>(?<!\S)[^\s@:]{1,40}) )?(?<![^\s:;,(<])(?P<head>[^\s@:;(<]{0,40}) ?@ ?(?P<tail>[^\s@]{1,40})"
    r"(?: (?P<rest>[^\s@]{1,24}))?"
)
_ANYBODYS: Final = re.compile(r"(?<![^\s:;,(<])[^\s@:;,(<]{1,64}@[^\s@]{1,64}")
_BEGINS: Final = r"(?<![\w.+\-])"
_ENDS: Final = r"(?![\w+\-]|\.\w)"
_GOES_ON_BEFORE: Final = re.compile(r"[\w.+\-@]$")
_ENDED: Final = re.compile(_ENDS)
_LINE_END: Final = re.compile(r"[ \t]{0,3}\n[ \t]{0,3}")
_LEAST_CUT: Final = 8
_LEAST_ALONE: Final = 6
"""Letters of a name that is told without its house."""
_LEAST_NAME: Final = 3
_VOWELS: Final = frozenset("aeiouy")
_STROKES: Final = str.maketrans("/\\", "ll")
"""In no mailbox that people have."""
_MARK: Final = re.compile(r"[._+\-]+")


class MailboxSearch:
    """All the mailboxes of one subject."""

    def __init__(self, emails: Sequence[str]) -> None:
        self._emails = tuple(email.casefold() for email in emails if "@" in email)

    def spans(self, text: str) -> Iterator[Span]:
        """Every mailbox of the subject in `text`; they may overlap."""
        for email in self._emails:
            local, _, domain = email.partition("@")
            # OCR puts spaces around @ and dots.
            loose = r"\s?".join([re.escape(local), "@", r"\s?".join(map(re.escape, re.split(r"(?<=\.)", domain)))])
            shapes = [f"{_BEGINS}{loose}{_ENDS}"]
            if len(local) >= _LEAST_ALONE:
                shapes.append(rf"{_BEGINS}{re.escape(local)}(?![^\w@\n]{{0,2}}@){_ENDS}")
            for shape in shapes:
                for m in re.finditer(shape, text, re.IGNORECASE):
                    yield Span(m.start(), m.end(), Kind.EMAIL, EXACT, Layer.PATIENT, Owner.PATIENT)
            if len(email) >= _LEAST_CUT:
                yield from _over_lines(text, email)
        for m in _MAILBOX.finditer(text) if self._emails else ():
            for start, end in _broken(m):
                near = [email for email in self._emails if abs(end - start - len(email)) <= _MOST_MARKS]
                if any(_same(text[start:end].rstrip(".,;:)>"), email) for email in near):
                    yield Span(start, end, Kind.EMAIL, DAMAGED, Layer.PATIENT, Owner.PATIENT)


def _over_lines(text: str, email: str) -> Iterator[Span]:
    """Where a line's end, perhaps with a hyphen before it, cuts the mailbox once."""
    for end in _LINE_END.finditer(text):
        before = text[max(0, end.start() - len(email)) : end.start()].casefold()
        behind = text[end.end() : end.end() + len(email)].casefold()
        for cut in range(_LEAST_NAME, len(email)):
            if not (behind.startswith(email[cut:]) and before.endswith((email[:cut], email[:cut] + "-"))):
                continue
            start, stop = end.start() - cut - (not before.endswith(email[:cut])), end.end() + len(email) - cut
            if not _GOES_ON_BEFORE.search(text, max(0, start - 1), start) and _ENDED.match(text, stop):
                yield Span(start, stop, Kind.EMAIL, EXACT, Layer.PATIENT, Owner.PATIENT)


def mailboxes_of_all(text: str) -> Iterator[Span]:
    """What stands without a blank around the sign of a mailbox, whosever it is."""
    for m in _ANYBODYS.finditer(text):
        yield Span(m.start(), m.end(), Kind.EMAIL, DAMAGED, Layer.PATTERN)


def _broken(mailbox: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A mailbox as it stands and with what a blank may have cut off."""
    starts = [mailbox.start("head"), *([mailbox.start("cut")] if mailbox["cut"] else [])]
    ends = [mailbox.end("tail"), *([mailbox.end("rest")] if mailbox["rest"] else [])]
    yield from ((start, end) for start in starts for end in ends)


def _same(read: str, listed: str) -> bool:
    """Whether a mailbox is the listed one as an engine misread it, before its sign and behind it."""
    read = read.translate(_STROKES)
    # As the only capitals they are an l: names are written in small letters, or each begins with a capital.
    strokes = read.replace("I", "l") if re.sub("[^A-Z]", "", read).strip("I") == "" else read
    return any(_same_sides(one, listed) for one in {read, strokes})


def _same_sides(read: str, listed: str) -> bool:
    if read.count("@") != listed.count("@"):
        return False
    (name, _, house), (own, _, own_house) = read.casefold().partition("@"), listed.partition("@")
    return _same_side(name, own) and (_same_side(house, own_house) or _same_house(name == own, house, own_house))


def _same_side(read: str, listed: str) -> bool:
    if comparable(read) == comparable(listed):
        return True
    words, own = ([comparable(w) for w in _MARK.split(re.sub(r"\s+", "", side))] for side in (read, listed))
    return len(words) == len(own) and all(_same_word(a, b) for a, b in zip(words, own, strict=True))


def _same_house(certain: bool, read: str, listed: str) -> bool:
    """Whether one part of a house has one slip, behind a name without any: "mail.eom", "mailhayen.net".

    Of a house's own name no end may differ: ymail is another house than gmail.
    """
    parts = [*zip(read.split("."), listed.split("."), strict=False)]
    unlike = [(comparable(a), comparable(b)) for a, b in parts if a != b]
    if not certain or read.count(".") != listed.count(".") or len(unlike) != 1:
        return False
    (one, own), last = unlike[0], parts[-1][0] != parts[-1][1]
    ends = one[:1] == own[:1] and one[-1:] == own[-1:] and len(own) > _LEAST_ALONE
    return (last or ends) and misread(one, own)


def _same_word(read: str, listed: str) -> bool:
    """Whether one word is the other with letters for figures, or with one slip that makes nobody else of it.

    A letter at an end may be an initial, and one vowel for another makes a brother of a sister.
    """
    if (
        figures_misread(read, listed)
        or figures_misread(listed, read)
        or read.replace("rn", "m") == listed.replace("rn", "m")
    ):
        return True
    if not misread(read, listed):
        return False
    before = next(
        (i for i, (a, b) in enumerate(zip(read, listed, strict=False)) if a != b), min(len(read), len(listed))
    )
    least = min(len(read), len(listed)) - before
    behind = next((i for i in range(least) if read[-1 - i] != listed[-1 - i]), least)
    was, became = listed[before : len(listed) - behind], read[before : len(read) - behind]
    if max(len(was), len(became)) < 2 and not (before and behind):
        return False
    if len(was) > 2 or len(became) > 2 or (was in _VOWELS and became in _VOWELS):
        return False
    # Given and family name may be written as one word.
    longer = len(read) - len(listed)
    ends = [
        *((read[:n], listed[: n - longer]) for n in range(before + len(became), len(read))),
        *((read[n:], listed[n:]) for n in range(1, before + 1)),
    ]
    return not is_another(read, listed) and not any(_two_names(a, b) for a, b in ends)


def _two_names(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LEAST_NAME and is_another(one, other) and is_another(other, one)
