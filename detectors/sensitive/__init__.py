"""Passages of the categories that an authorization must name, found by code, drug, phrase and heading.

A mention counts where it says that something is, was or may be so: of the patient, or of the family (whose history an
authorization covers no more than its names). What is denied does not count ("denies alcohol use"), with two exceptions
where the law protects the question with the answer: a test for HIV, and genetic information. A code, and a heading,
always counts. What counts is marked by its whole sentence, a heading with its section.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.folding import fold_word
from detectors.sensitive.categories import Sensitive
from detectors.sensitive.denial import denied
from detectors.sensitive.lists import WORD, Codes, Phrase, folded, lists, near, words_of
from detectors.sensitive.passages import section_at, sentence_at
from detectors.sensitive.titles import is_of_a_title

__all__ = ["Mention", "Passage", "Sensitive", "mentions", "passages"]

_DENIED_COUNTS: Final = frozenset({Sensitive.HIV, Sensitive.GENETIC, Sensitive.PSYCHOTHERAPY})
_PARTED: Final = re.compile(r"[-\u2010\u00ad][ \t]*\n[ \t]*")
_GAP: Final = re.compile(r"[\s'’/().,\-–]{0,3}")
_ICD10: Final = re.compile(
    r"(?<![\w.])([A-Z])([0-9OolI]{2}|[0-9OolI][A-Z])(?:(\.)([0-9A-ZolI]{1,4})|([0-9]{1,4}))?(?![\w])"
)
_PROCEDURE: Final = re.compile(r"(?<![\w\-.$])([0-9]{5}|[A-Z][0-9]{4}|[0-9]{4}U)(?![\w\-])(?!\.\d)")
_LOINC: Final = re.compile(r"(?<![\w-])[0-9]{4,5}-[0-9](?![\w-])")
_DIAGNOSES: Final = re.compile(r"(?<![^\W_])(?:icd|dx|diagnos[ei]s|diagnostic|problems?|impression|assessment)", re.I)
_BILLED: Final = re.compile(
    r"(?<![^\W_])(?:cpt|hcpcs|procedures?|proc|charges?|billing|services? codes?)(?![^\W_])", re.I
)
_ZIPPED: Final = re.compile(r"(?:(?<![^\W_])[A-Z]{2}|zip(?: code)?)[:,.]? {0,2}$")
"""Before five figures: those of an address."""
_DEPRESSION: Final = folded("depression")
_PHYSICAL: Final = re.compile(
    r"(?<![^\W_])(?:respiratory|st(?:[ -]segment)?|segment|marrow|cns|myocardial|pr|ventilatory|skull)[\s-]{1,2}$",
    re.I,
)
"""Before a depression of something else than the mood."""
_PHYSICAL_REACH: Final = 16
_OF_A_BODY: Final = re.compile(
    r"\s(?:fractures?|of\s(?:the\s)?(?:(?:left|right|lateral|medial|anterior|posterior)\s)?(?:tibial?|skull|bones?|marrow"
    r"|plateau|st|pr|segments?|consciousness|respirations?|reflex(?:es)?|articular|sternum|chest|condyle))(?![^\W_])",
    re.I,
)
"""Behind it."""
_DIGITS: Final = str.maketrans("OolI", "0011")


@dataclass(frozen=True, slots=True)
class Mention:
    """Half-open offsets of what was found; `denied` where the text says that it is not so."""

    start: int
    end: int
    category: Sensitive
    denied: bool = False
    opens: bool = False
    """A heading, which speaks for its section."""

    @property
    def counts(self) -> bool:
        return not self.denied or self.category in _DENIED_COUNTS


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Whole sentences or a section, half-open offsets, of one category."""

    start: int
    end: int
    category: Sensitive


def passages(text: str, categories: Container[Sensitive]) -> list[Passage]:
    """What is of these categories, in text order; passages of one category do not overlap, and no one is empty."""
    found = []
    for mention in mentions(text):
        if mention.category in categories and mention.counts:
            start, end = sentence_at(text, mention.start, mention.end)
            if mention.opens:
                end = len(text) if mention.category is Sensitive.PSYCHOTHERAPY else _section_end(text, mention)
            found.append(Passage(start, max(end, mention.end), mention.category))
    return _joined(found)


def mentions(text: str) -> list[Mention]:
    """Everything of any category, in text order; longer phrases before shorter ones that they hold.

    What somebody is by trade is no mention of the patient's mental health.
    """
    said = {
        mention
        for mention in (*_phrases(text), *_patterns(text))
        if mention.category is not Sensitive.MENTAL_HEALTH or not is_of_a_title(text, mention.start, mention.end)
    }
    found = {*_codes(text), *said, *_headings(text)}
    return sorted(found, key=lambda m: (m.start, -m.end, m.category))


def _section_end(text: str, heading: Mention) -> int:
    return section_at(text, heading.end, bool(text[heading.start : heading.end].partition(":")[2].strip()))


def _joined(found: list[Passage]) -> list[Passage]:
    joined: dict[Sensitive, list[Passage]] = {}
    for passage in sorted(found):
        own = joined.setdefault(passage.category, [])
        if own and passage.start <= own[-1].end:
            own[-1] = Passage(own[-1].start, max(own[-1].end, passage.end), passage.category)
        else:
            own.append(passage)
    return sorted(passage for own in joined.values() for passage in own)


def _codes(text: str) -> Iterator[Mention]:
    diagnoses, billed = bool(_DIAGNOSES.search(text)), bool(_BILLED.search(text))
    for hit in _ICD10.finditer(text):
        # Without its point a code looks like a room or a bed: then a word for diagnoses must be on the page.
        if hit[3] or diagnoses:
            code = hit[1] + hit[2].translate(_DIGITS) + "." + (hit[4] or hit[5] or "").translate(_DIGITS)
            yield from _listed(hit, lists().icd10, code)
    for hit in _PROCEDURE.finditer(text):
        if billed and not _ZIPPED.search(text, max(0, hit.start() - 12), hit.start()):
            yield from _listed(hit, lists().procedures, hit[0])
    for hit in _LOINC.finditer(text):
        if category := lists().loinc.get(hit[0]):
            yield Mention(hit.start(), hit.end(), category)


def _listed(hit: re.Match[str], codes: Sequence[Codes], code: str) -> Iterator[Mention]:
    for category in {entry.category for entry in codes if entry.holds(code)}:
        yield Mention(hit.start(), hit.end(), category)


def _phrases(text: str) -> Iterator[Mention]:
    words = [(folded(m[0]), m.start(), m.end()) for m in WORD.finditer(text)]
    yield from _among(words, text)
    if _PARTED.search(text):
        yield from _among(_put_together(words, text), text)


def _put_together(words: Sequence[tuple[str, int, int]], text: str) -> list[tuple[str, int, int]]:
    """Words that a hyphen parts at a line's end are one."""
    joined: list[tuple[str, int, int]] = []
    raw = ""
    for word, start, end in words:
        if joined and _PARTED.fullmatch(text, joined[-1][2], start):
            begin = joined.pop()[1]
            raw += text[start:end]
            joined.append((folded(raw), begin, end))
        else:
            raw = text[start:end]
            joined.append((word, start, end))
    return joined


def _among(words: Sequence[tuple[str, int, int]], text: str) -> Iterator[Mention]:
    for index, (word, start, stop) in enumerate(words):
        for phrase in _beginning(word, text[start:stop]):
            here = words[index : index + len(phrase.words)]
            whole = len(here) == len(phrase.words) and _alike(here, phrase) and _close(text, here)
            if whole and not (word == _DEPRESSION and _is_physical(text, start, here[0][2])):
                end = here[-1][2]
                denial = denied(text, sentence_at(text, start, end), start, end)
                yield Mention(start, end, phrase.category, denial)


def _is_physical(text: str, start: int, end: int) -> bool:
    before = _PHYSICAL.search(text, max(0, start - _PHYSICAL_REACH), start)
    return before is not None or _OF_A_BODY.match(text, end) is not None


def _beginning(word: str, read: str) -> Iterator[Phrase]:
    """The phrases that a word may begin; `word` is folded as the lists are, `read` as it stands."""
    known = lists()
    found = known.phrases.get(word)
    yield from found or ()
    yield from (p for p in known.open if word != p.words[0] and word.startswith(p.words[0]))
    if found or lexicon.is_common_word(fold_word(read)):
        return
    others = {other for key in near(word) for other in known.damaged.get(key, ())}
    for other in sorted(others):
        if Levenshtein.distance(word, other, score_cutoff=1) <= 1:
            yield from (p for p in known.phrases[other] if len(p.words) == 1)


def _alike(here: Sequence[tuple[str, int, int]], phrase: Phrase) -> bool:
    if len(phrase.words) == 1:
        return True
    *inner, last = (word for word, _, _ in here)
    ends = last.startswith(phrase.words[-1]) if phrase.open else last == phrase.words[-1]
    return ends and tuple(inner) == phrase.words[:-1]


def _close(text: str, here: Sequence[tuple[str, int, int]]) -> bool:
    return all(_GAP.fullmatch(text, a[2], b[1]) for a, b in pairwise(here))


def _patterns(text: str) -> Iterator[Mention]:
    for pattern, category in lists().patterns:
        for hit in pattern.finditer(text):
            start, end = hit.span()
            yield Mention(start, end, category, denied(text, sentence_at(text, start, end), start, end))


def _headings(text: str) -> Iterator[Mention]:
    known = lists().headings
    at = 0
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        whole = line.rstrip()[:-1] + following.lstrip() if _PARTED.match(line.rstrip()[-1:] + "\n") else line
        if category := known.get(words_of(whole.partition(":")[0])):
            end = at + len(line) + (len(following) + 1 if whole is not line else 0)
            yield Mention(at, end, category, opens=True)
        at += len(line) + 1
