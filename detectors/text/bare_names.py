"""Names that nothing but their capitals and their strangeness give away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind
from detectors.folding import word_set
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

LONE: Final = 0.5
STRANGE: Final = 0.45
ODD: Final = 0.35

_WORD: Final = r"[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_])){2,24}"
_LEADS: Final = (
    "(?:Give|Compare|Has|Have|Did|Does|Do|Is|Was|Are|Were|Can|Could|Will|Would|Should|Tell|Ask|Call|Page|Text|Email|Discharge"
    "|Admit|Transfer|Schedule|Book|Remind|Update|Send|Move|Let|Show|Meet|Help|Thank|Thanks|Told|Saw|Met|Asked|Called|When|If"
    "|While|Since|Because|After|Before|Until|And|But|So|With|From|By|Per|For|About|Both)"
)
"""What opens a sentence without being a heading: after it a capital is as telling as in mid-sentence."""
_IN_SENTENCE: Final = Searcher(rf"(?<=[a-z,] )((?![a-z]){_WORD})(?![\w-])")
_ODD: Final = Searcher(
    rf"(?<![\w])(?P<before>[a-z]+|{_LEADS}),? (?P<name>(?![a-z]){_WORD})(?![\w/®™-])"
    r"(?! ?\d+(?:\.\d+)? ?(?:mg|mcg|units?|mL|g)\b)"
)
_DRUG_CUES: Final = word_set(
    "on taking take takes took using use started start starting stop stopped continue continued hold held increase "
    "decrease resume give given of mg mcg units tablet tablets dose add added received receiving switched changed "
    "failed tried prescribed administered infused via brand generic the a an in"
)
_NAMED: Final = word_set("for re regarding about saw told at")
"""After these a name may stand before a colon; after others a colon ends a label."""
_GIVEN: Final = re.compile(r"[ ](?:the|his|her|their|our|this|that|these|an?|some|two|more)[ ]")
"""Who is given something: "Give Zdenka the results"."""
_SHORTEST_ODD: Final = 4
_TOKEN: Final = rf"{_WORD}|[^\W\d_]\.?(?![\w])|[^\W\d_]{{2}}(?![\w])|\S"
_DULL: Final = rf"[\x00-@\[-`{{-\x7f]+|[a-z]{{1,25}}(?![^\W\d_]|['’\-])|(?=[a-z])(?:{_TOKEN})"
_CAPITALS: Final = re.compile(rf"(?:{_DULL})*(?P<word>{_TOKEN})?")
"""The next token that begins with a capital or beyond ASCII, behind all those that do not."""
_CONTRACTED: Final = re.compile(r"['’](?:m|d|ll|re|ve|t)$", re.IGNORECASE)
_CREDENTIALS: Final = word_set("pharmd dpm dnp crna facs facp lcsw dmd dds phd aprn fnp pac mph bsn msn arnp facog")
_SHORTEST_SHOUTED: Final = 4
"""In lines of capitals three letters are an abbreviation more often than a name."""
_LONGEST_RUN: Final = 4


class BareNameRecognizer(TextRecognizer):
    """A lexicon name inside a sentence ("then Okafor left"), a strange one there, two strange words side by side.

    Strange is what is neither ordinary English nor a clinical word: most people on earth bear names that no
    list of ours has, and two such words together are rarely anything else.
    """

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for m in _IN_SENTENCE.finditer(text):
            if m[1][0].isupper() and not m[1].isupper() and _strange(m[1]) and _is_name(m[1]):
                yield Match(m.start(1), m.end(1), Kind.PERSON, LONE)
        for m in _ODD.finditer(text):
            given = m["before"] in ("give", "Give") and _GIVEN.match(text, m.end())
            cued = m["before"].lower() in _DRUG_CUES and not given
            labels = text[m.end() : m.end() + 1] == ":" and m["before"] not in _NAMED
            if not cued and not labels and _odd(m["name"]):
                yield Match(m.start("name"), m.end("name"), Kind.PERSON, ODD)
        for start, end in _strange_runs(text):
            yield Match(start, end, Kind.PERSON, STRANGE)


def _strange_runs(text: str) -> Iterator[tuple[int, int]]:
    """Two to four strange capitalised words of a sentence, initials among them, nothing else between."""
    run: list[tuple[int, int]] = []
    for match in _CAPITALS.finditer(text):
        word = match["word"]
        if word is None or not _part_of_name(word):
            continue
        start, end = match.span("word")
        if run and not _joined(text[run[-1][1] : start], word):
            yield from _ended(text, run)
            run = []
        run.append((start, end))
    yield from _ended(text, run)


def _joined(gap: str, word: str) -> bool:
    """Prose breaks a name over two lines; in capitals two lines are two fields."""
    return gap in (" ", ", ") or (gap in ("\n", ",\n") and not word.isupper())


def _ended(text: str, run: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    words = [text[start:end] for start, end in run]
    long = [word for word in words if len(word.rstrip(".")) > 1]
    if len(long) >= 2 and len(run) <= _LONGEST_RUN and not lexicon.is_city(" ".join(words)):
        yield run[0][0], run[-1][1]


def _part_of_name(word: str) -> bool:
    if len(word.rstrip(".")) == 1:
        return word[0].isupper()
    if not word[0].isupper() or (word.isupper() and len(word) < _SHORTEST_SHOUTED):
        return False
    cased = word.isupper() or word[1:].islower() or "-" in word or "'" in word or word.startswith(("Mc", "Mac"))
    return cased and _strange(word)


def _strange(word: str) -> bool:
    if lexicon.is_common_word(word) or lexicon.is_clinical_word(word):
        return False
    return word.lower() not in _CREDENTIALS and not _CONTRACTED.search(word)


def _odd(word: str) -> bool:
    """A word with a capital in mid-sentence that is in no list, and in no guise of a listed word."""
    if len(word) < _SHORTEST_ODD or not word[0].isupper() or not word[1:].islower() or not _strange(word):
        return False
    low = word.lower()
    return not any(
        low.endswith(e) and lexicon.is_common_word(low.removesuffix(e)) for e in ("s", "es", "ed", "ing", "ly")
    )


def _is_name(word: str) -> bool:
    return bool(lexicon.is_given_name(word) or lexicon.is_surname(word))
