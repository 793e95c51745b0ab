"""Names told by how they are written alone: a middle initial, a particle, a doubled surname, a comma and an initial."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.dictionaries.lexicon import is_clinical_word, is_common_word, is_given_name, is_surname, word_set
from detectors.findings import Kind
from detectors.names.cues import CREDENTIALS, EPONYM_HEADS, SUFFIXES, TITLES
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_UP = r"A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"
_WORD = rf"[{_UP}][^\W\d_]*(?:['’`\-][^\W\d_]+){{0,3}}"
_PARTICLE = (
    r"(?:(?i:van der|van den|van de|von der|de la|de los|de las|van|von|de|del|della|di|da|dos|das|du|den|ter|ten|bin"
    r"|ibn|abu|el|al|st\.?|san|santa|mac|ben|le))"
)
_LINKS = (
    r"van der|van den|van de|von der|de la|de los|de las|van|von|de|del|della|di|dos|bin|ibn|ter"
    r"|VAN DER|VAN DEN|VAN DE|VON DER|DE LA|VAN|VON|DE|DEL|DI|St\.|ST\."
)
_DEGREES = r"M\.?D|D\.?O|R\.?N|N\.?P|L\.?P\.?N|DPM|DDS|DMD|CRNA|PA-C|APRN|Ph\.?D|PharmD|LCSW|CNM|FNP|DNP|RPh|PT|OTR|RD"
_NOBLE = re.compile(r"(?<![^\W_])(?:van der|van den|von der)[ ]", re.I)
"""Before these any word is a surname."""
_LAST = rf"(?:{_PARTICLE}[ ])?{_WORD}"
_CLOSED = word_set(
    """
    the this that these those she he they his her their there then and but for with from patient no not none unit room
    bed page date time name dob mrn phone fax sex age type class group grade stage phase level factor vitamin hepatitis
    influenza part section appendix figure table panel plan line lot model version vol volume schedule form building
    suite apt floor wing pod ward dear re cc attn i we our your it its in on at by to of as an a be is was or if
    """
)


class ShapedNameRecognizer(TextRecognizer):
    """One word of each name at least must be no ordinary word; clinical words that no lexicon has as names end it."""

    KINDS = (Kind.PERSON,)
    _middle = Searcher(
        rf"(?<![\w'’-])(?P<first>{_WORD})[ ]{{1,2}}(?P<initials>(?:[{_UP}0]\.?[ ]{{1,2}}){{1,2}})"
        rf"(?P<last>{_LAST})(?![\w])",
        needs=rf"[ ][{_UP}0]\.?[ ]",
        within=200,
    )
    _filed = Searcher(
        rf"(?<![\w'’-])(?P<last>(?:{_PARTICLE}[ ])?{_WORD}(?:[ ]{_WORD})?),[ ]{{0,2}}(?P<first>{_WORD})"
        rf"(?P<initials>[ ]{{1,2}}[{_UP}](?:\.|(?![\w'’-])))",
        needs=rf",[ ]{{0,2}}{_WORD}[ ]{{1,2}}[{_UP}](?:\.|(?![\w'’-]))",
        within=400,
    )
    _filed_alone = Searcher(
        rf"(?<![\w'’-])(?P<last>(?:{_PARTICLE}[ ])?{_WORD}),[ ]{{0,2}}(?P<first>(?!I['’]){_WORD})(?![\w'’-])",
        needs=rf",[ ]{{0,2}}[{_UP}]",
        within=200,
    )
    _particle = Searcher(
        rf"(?<![\w'’-])(?:(?P<first>{_WORD})[ ]{{1,2}}(?:[{_UP}]\.?[ ]{{1,2}})?)?"
        rf"(?:{_LINKS})[ ](?P<last>{_WORD})(?![\w])",
        needs=rf"(?<![\w'’-])(?:{_LINKS})[ ][{_UP}]",
        within=200,
    )
    _doubled = Searcher(
        rf"(?<![\w'’-])(?:(?P<first>{_WORD})[ ]{{1,2}}(?:[{_UP}]\.?[ ]{{1,2}})?)?"
        rf"(?P<last>(?:[OD]['’]|Mc|Mac|El-|Al-|Ben-)?[{_UP}][^\W\d_]{{2,}}-(?:[OD]['’]|Mc|Mac)?[{_UP}][^\W\d_]{{2,}})(?![\w-])",
        needs=rf"-(?:[OD]['’]|Mc|Mac)?[{_UP}]",
        within=400,
    )

    _signed = Searcher(
        rf"(?<![\w'’-])(?P<first>{_WORD})[ ](?:[{_UP}]\.?[ ])?(?P<last>{_LAST}),?[ ]"
        rf"(?:{_DEGREES})(?![\w])",
        needs=rf"[ ](?:{_DEGREES})(?![\w])",
        within=200,
    )
    _cell = Searcher(
        rf"(?m)(?:^|(?<=[ ][ ])|(?<=\t))(?P<first>{_WORD})[ ](?P<last>{_WORD})"
        r"(?=[,;]?[ ]?$|[ ]{2}|\t|[ ](?:DOB|D\.O\.B|MRN|\d))"
    )
    _in_sentence = Searcher(
        rf"(?<=[a-z,;][ \n])(?P<first>{_WORD})[ \n](?:{_WORD}[ \n])?(?:[{_UP}]\.?[ \n])?(?P<last>{_LAST})(?![\w'’-])"
    )
    _initialled = Searcher(rf"(?<![\w.'’-])(?:[{_UP}]\.[ ]?){{1,2}}(?P<last>{_LAST})(?![\w'’-])")
    _shouted = Searcher(rf"(?<=[a-z][ \n])(?P<last>(?:{_PARTICLE}[ ])?{_WORD}),[ ](?P<first>{_WORD})(?![\w'’-])")
    _suffix = re.compile(r",?[ ]{1,2}(?:Jr|Sr|JR|SR|II|III|IV)(?![\w])\.?")

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._middle.finditer(text):
            first, last = hit.group("first"), hit.group("last")
            if _names(first, last) or ("." in hit.group("initials") and _eponym_bearer(first, last.split()[-1])):
                yield self._match(hit, 0.6)
        for hit in self._filed.finditer(text):
            first, last = hit.group("first"), hit.group("last")
            if (_names(first, last) or _eponym_bearer(first, last.split()[-1])) and first.lower() not in CREDENTIALS:
                yield self._match(hit, 0.65)
        for hit in self._filed_alone.finditer(text):
            last, first = hit.group("last").split()[-1], hit.group("first")
            both = not is_common_word(first) and not is_common_word(last) and first.lower() not in CREDENTIALS
            if both and first.isupper() == last.isupper() and _names(first, last) and _is_known(first, last):
                yield self._match(hit, 0.45)
        for hit in self._signed.finditer(text):
            if _names(hit.group("first"), hit.group("last")):
                yield Match(hit.start(), hit.end("last"), Kind.PERSON, 0.6)
        yield from self._amid_words(text)
        for hit in self._cell.finditer(text):
            first, last = hit.group("first"), hit.group("last")
            strange = min(len(first), len(last)) > 2 and not is_common_word(last) and first.isupper() == last.isupper()
            if strange and _names(first, last) and not is_clinical_word(first) and not is_clinical_word(last):
                yield Match(hit.start("first"), hit.end("last"), Kind.PERSON, 0.4)
        for hit in self._particle.finditer(text):
            last = hit.group("last")
            noble = _NOBLE.search(hit.group()) is not None
            if noble or (not is_common_word(last) and not is_clinical_word(last) and len(last) > 2):
                yield self._from_first(hit, 0.5)
        for hit in self._doubled.finditer(text):
            halves = hit.group("last").split("-")
            if not any(is_common_word(half) or is_clinical_word(half) for half in halves) and not _eponym(hit, text):
                yield self._from_first(hit, 0.5)

    def _amid_words(self, text: str) -> Iterator[Match]:
        """Capitals where a sentence has none: no heading, so the ordinary half of a name counts as well."""
        for hit in self._in_sentence.finditer(text):
            first, last = hit.group("first"), hit.group("last").split()[-1]
            titled = not first.isupper() and not last.isupper() and min(len(first), len(last)) > 2
            if titled and _names(first, last) and not (is_clinical_word(first) or is_clinical_word(last)):
                yield self._match(hit, 0.4)
        for hit in self._shouted.finditer(text):
            first, last = hit.group("first"), hit.group("last").split()[-1]
            if first.isupper() and last.isupper() and min(len(first), len(last)) > 2 and _names(first, last):
                yield self._match(hit, 0.5)
        for hit in self._initialled.finditer(text):
            *particles, last = hit.group("last").split()
            ordinary = not particles and (is_common_word(last) or is_clinical_word(last))
            if len(last) > 3 and not ordinary and not _closed(last):
                yield self._match(hit, 0.45)

    @classmethod
    def _match(cls, hit: re.Match[str], score: float) -> Match:
        return Match(hit.start(), cls._end(hit), Kind.PERSON, score)

    @classmethod
    def _end(cls, hit: re.Match[str]) -> int:
        suffix = cls._suffix.match(hit.string, hit.end())
        return suffix.end() if suffix else hit.end()

    @classmethod
    def _from_first(cls, hit: re.Match[str], score: float) -> Match:
        """The given name is taken along unless it is a word of the sentence."""
        first = hit.group("first")
        takes = first is not None and not _closed(first) and (not is_clinical_word(first) or is_given_name(first))
        start = hit.start() if takes or first is None else hit.start() + len(first)
        text = hit.group()
        while start - hit.start() < len(text) and text[start - hit.start()].isspace():
            start += 1
        return Match(start, cls._end(hit), Kind.PERSON, score)


def _closed(word: str) -> bool:
    low = word.lower()
    return low in _CLOSED or low in TITLES or low in CREDENTIALS


def _names(first: str, last: str) -> bool:
    """Whether the two can be one person's: neither a word that no name begins or ends with, one at least unusual."""
    tail = last.split()[-1]
    if _closed(first) or _closed(tail) or tail.lower() in EPONYM_HEADS or tail.lower() in SUFFIXES or len(tail) < 2:
        return False
    if any(is_clinical_word(w) and not (is_given_name(w) or is_surname(w)) for w in (first, tail)):
        return False
    return len(first) > 1 and not (is_common_word(first) and is_common_word(tail))


def _eponym_bearer(first: str, last: str) -> bool:
    """Somebody with a name that medicine knows too: "Jakob J. Torrijos"; not "Vitamin K. Deficiency"."""
    halves = (first, last)
    return not any(map(_closed, halves)) and any(not is_common_word(h) and not is_clinical_word(h) for h in halves)


def _is_known(first: str, last: str) -> bool:
    return is_given_name(first) or is_surname(last) or (first.isupper() and len(first) > 3 and len(last) > 3)


def _eponym(hit: re.Match[str], text: str) -> bool:
    after = re.match(r"[ ]{1,2}([A-Za-z]+)", text[hit.end() : hit.end() + 24])
    return after is not None and after.group(1).lower() in EPONYM_HEADS
