"""A second reading of damaged lines: what an engine broke is put together, and the layers look again.

Specks inside words fall away, likenesses of letters and digits turn back, words that ran together part, broken ones
join, and a word one letter off a cue (a month, a title, the head of a facility's name) becomes that cue. The text as
it was read is searched all the same: this only adds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.findings import Layer, Span
from detectors.folding import word_set

CUES: Final = word_set(
    """
    january february march april june july august september october november december
    hospital clinic center associates institute pharmacy laboratory partners practice services agency cardiology
    orthopedic imaging pulmonary behavioral veterans community rehabilitation nursing family urgent care health dialysis
    surgical regional medical memorial general university
    group department pavilion
    street avenue boulevard lane drive court place road terrace circle parkway trail suite apartment
    patient name date birth phone address account member policy license provider attending facility location record
    number serial insurance medicare medicaid visit admitted discharged seen signed dictated
    year years old month since until through with from followed known reports says told denies states lives
    doctor nurse sister brother mother father husband wife daughter spouse guardian parent
    """
)
"""Words by which the layers know what stands beside them."""
_APART: Final = "\n" * 8
"""Between two lines that are read together: wider than any rule reaches over."""
_SHORTEST_CUE: Final = 4
_LONG_CUE: Final = 9
"""From this length two letters may be off."""
_FUSED: Final = word_set(
    "since through from until by at for with the and of in on to dr mr mrs ms dob mrn ssn npi dea tel fax phone old"
)
"""Words that run together with a name or a number behind them."""
_DIGIT_LIKE: Final = str.maketrans("OoIl|ZSBGgQ", "00111258690")
_LETTER_LIKE: Final = {"0": "o", "1": "l", "|": "l", "5": "s", "8": "b", "6": "g", "$": "s", "!": "l"}
_CAPITAL_LIKE: Final = {"0": "O", "1": "I", "|": "I", "5": "S", "8": "B", "6": "G", "$": "S", "!": "I"}
_SPECK: Final = re.compile(
    r"(?=['`,])(?:(?<=\w)[`](?=\w)|(?<=\d)(?!(?<=(?<!\d)[3-7])'\d{1,2}(?!\d))['`,](?=\d)|(?<=[a-z])[,`](?=[a-z])"
    r"|(?<=[\d-])['`,](?=[A-Z-])|(?<=[.\-]),?['`](?=\d))"
)
"""Five feet ten (5'10) stays. What a match begins with is asked first, here and below: mostly that is enough."""
_SPECK_FOR_BLANK: Final = re.compile(r"(?=['`])(?<=[a-z])['`](?=\d)")
_NEAR: Final = 12
"""Characters on either side within which a number's thousands stand."""
_THOUSANDS: Final = re.compile(r"\$?\d{1,3}(?:,\d{3})+")
_TITLE: Final = re.compile(r"(?=[ODM])(?<!\w)(?:[OD]r[.,]|Mr,|Mrs,|Ms,)(?= [^\W\d_a-z])")
_TITLES: Final = {"Or.": "Dr.", "Or,": "Dr.", "Dr,": "Dr.", "Mr,": "Mr.", "Mrs,": "Mrs.", "Ms,": "Ms."}
_GLUED: Final = re.compile(r"(?<![^\W_])(?P<word>[A-Za-z]{2,8}?)(?=[A-Z][a-z]{2}|\d{2})")
_GLUE: Final = re.compile(r"[A-Za-z](?:[A-Z][a-z]{2}|\d{2})")
"""Where a word may have run together with the next; most texts have no such place."""
_DIGIT: Final = re.compile(r"\d")
_NUMBER_GLUED: Final = re.compile(r"(?=\d)(?<![\w.-])(?P<number>\d{1,5})(?=[A-Z][a-z]{3})")
_TORN: Final = re.compile(
    r"(?=[A-Z])(?:(?<![\w'’.])(?P<head>[A-Z]) (?P<tail>[a-z]{2,24})(?![\w])"
    r"|(?<![\w])(?P<stem>[A-Z][\w'’-]{2,24}) (?P<end>[a-z]{1,3})(?![\w.'’]))"
)
_STATE: Final = re.compile(r"(?=[015ACHMRW])(?<!\w)(?:0[HKR]|[CM]0|1[ADLN]|[HMRW]1|5[CD]|A2)(?=[.,]? {1,3}\d{5}(?!\d))")
"""A state's letters, one of them read as a digit, before a ZIP code."""
_STATE_LETTERS: Final = str.maketrans("0152", "OISZ")
_TORN_NUMBER: Final = re.compile(r"(?<=[./-])(?P<a>\d{1,3}) (?=\d{1,3}(?![\w/.-]))")
_MIXED: Final = re.compile(r"(?<![\w@.|$!])(?=[\w|$!]{4,32}(?![\w@|$!]))[\w|$!]{0,31}?[01568|$!][\w|$!]{0,31}")
_FIGURES: Final = re.compile(r"(?=[\dOoIl|ZSBGgQ])(?<![^\W_])(?=[\w|]{0,24}\d)[\dOoIl|ZSBGgQ]{2,24}(?![^\W_])")
_PLAIN: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]{4,24}(?![^\W\d_])")
_CODE: Final = re.compile(
    r"(?:[A-Z]{1,3}\d{1,2}[A-Za-z]?|\d{1,4}(?:mg|mcg|ml|cm|mm|kg|lb|lbs|hr|hrs|yo|st|nd|rd|th|am|pm|x)\b)"
)


@dataclass(slots=True)
class _Draft:
    """Text under repair, and for each of its characters where it came from."""

    text: str = field(repr=False)
    at: list[int]

    def edit(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str | None]) -> None:
        """Puts what `change` says for each match, None leaving it; new characters stand where the match begins."""
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        for hit in pattern.finditer(self.text):
            instead = change(hit)
            if instead is None or instead == hit[0]:
                continue
            pieces += [self.text[done : hit.start()], instead]
            places += self.at[done : hit.start()]
            own = self.at[hit.start() : hit.end()]
            places += own if len(own) == len(instead) else _spread(own, len(instead), self.at[hit.start()])
            done = hit.end()
        if pieces:
            self.text = "".join([*pieces, self.text[done:]])
            self.at = [*places, *self.at[done:]]


def spans(text: str, find: Callable[[str], Iterable[Span]]) -> Iterator[Span]:
    """What `find` sees in the lines that could be repaired, all read together, as offsets into `text`."""
    lines: list[str] = []
    begins: list[int] = []
    at: list[int] = []
    draft = _repaired(text)
    start = began = 0
    for line, better in zip(text.split("\n"), draft.text.split("\n"), strict=True):
        if better != line:
            lines.append(better)
            begins.append(len(at))
            at += draft.at[began : began + len(better)]
            at += [start + len(line)] * len(_APART)
        start += len(line) + 1
        began += len(better) + 1
    for span in find(_APART.join(lines)) if lines else ():
        if span.layer is not Layer.PATIENT:
            row = bisect_right(begins, span.start) - 1
            end = min(span.end, begins[row] + len(lines[row]))
            if end > span.start:
                first = at[span.start]
                yield replace(span, start=first, end=max(at[end - 1], first) + 1)


def _repaired(text: str) -> _Draft:
    """The text with each line repaired by itself: no expression here matches a line feed."""
    draft = _Draft(text, list(range(len(text))))
    has_figures = _DIGIT.search(text) is not None
    draft.edit(_SPECK, lambda m: None if _counted(m) else "")
    draft.edit(_SPECK_FOR_BLANK, lambda _mark: " ")
    draft.edit(_TITLE, lambda m: _TITLES.get(m[0]))
    if has_figures:
        draft.edit(_STATE, lambda m: m[0].translate(_STATE_LETTERS))
        draft.edit(_TORN_NUMBER, lambda m: m["a"])
        draft.edit(_FIGURES, lambda m: m[0].translate(_DIGIT_LIKE) if _is_figure(m[0]) else None)
    if not _LETTER_LIKE.keys().isdisjoint(draft.text):
        draft.edit(_MIXED, lambda m: _letters(m[0]))
    if _GLUE.search(draft.text):
        draft.edit(_GLUED, lambda m: m[0] + " " if m["word"].lower() in _FUSED else None)
    if has_figures:
        draft.edit(_NUMBER_GLUED, lambda m: m[0] + " ")
    draft.edit(_TORN, _joined)
    if any(_cue(word.lower()) for word in _PLAIN.findall(draft.text)):
        draft.edit(_PLAIN, lambda m: _as_cue(m[0]))
    return draft


def _spread(own: list[int], length: int, start: int) -> list[int]:
    """Places for a replacement of another length: what the match had, as far as it goes."""
    if not own:
        return [start] * length
    return [*(own[min(i, len(own) - 1)] for i in range(length - 1)), own[-1]] if length else []


def _counted(mark: re.Match[str]) -> bool:
    """Whether the comma parts thousands."""
    if mark[0] != ",":
        return False
    at = max(mark.start(), _NEAR)
    return any(m.start() <= mark.start() < m.end() for m in _THOUSANDS.finditer(mark.string, at - _NEAR, at + _NEAR))


def _is_figure(word: str) -> bool:
    digits = sum(c.isdigit() for c in word)
    return digits * 2 >= len(word) and digits < len(word) and not _CODE.fullmatch(word)


def _letters(word: str) -> str | None:
    """A word of letters in which one or two likenesses stand for letters; no code, dose or ordinal."""
    odd = [c for c in word if c in _LETTER_LIKE]
    letters = sum(c.isalpha() for c in word)
    if not 1 <= len(odd) <= 2 or letters < 3 * len(odd) or letters + len(odd) != len(word) or _CODE.match(word):
        return None
    if word[0].isdigit() and lexicon.is_common_word(word[1:]):
        return None  # "5days": a count and its word
    shouted = sum(c.isupper() for c in word) > 1 and word.upper() == word
    capital = _CAPITAL_LIKE if shouted else _LETTER_LIKE
    return _CAPITAL_LIKE.get(word[0], word[0]) + "".join(capital.get(c, c) for c in word[1:])


def _joined(hit: re.Match[str]) -> str | None:
    """A word that a blank tore: neither piece is a word by itself."""
    if hit["head"]:
        return None if lexicon.is_common_word(hit["tail"]) else hit["head"] + hit["tail"]
    stem, end = hit["stem"], hit["end"]
    if lexicon.is_common_word(end) or (len(end) == 1 and end in "aixvqdb") or lexicon.is_common_word(stem):
        return None
    return stem + end


def _as_cue(word: str) -> str | None:
    low = word.lower()
    cue = _cue(low)
    if cue is None:
        return None
    if word.isupper():
        return cue.upper()
    return cue.capitalize() if word[0].isupper() else cue


@lru_cache(maxsize=1 << 14)
def _cue(word: str) -> str | None:
    """The cue that the word is a misreading of; a word of any list is none."""
    if word in CUES or lexicon.is_common_word(word) or lexicon.is_given_name(word) or lexicon.is_surname(word):
        return None
    if lexicon.is_clinical_word(word) or lexicon.is_city(word):
        return None
    for cue in _by_length(len(word)):
        limit = 2 if len(cue) >= _LONG_CUE else 1
        if Levenshtein.distance(word, cue, score_cutoff=limit) <= limit:
            return cue
    return None


@lru_cache(maxsize=32)
def _by_length(length: int) -> tuple[str, ...]:
    return tuple(sorted(c for c in CUES if abs(len(c) - length) <= 2 and len(c) >= _SHORTEST_CUE))
