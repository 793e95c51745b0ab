"""Names, places and ordinary words, read once a process from data/ (its README says where they come from)."""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_MISREAD = str.maketrans("015|!", "olsli")
_BORROWED = frozenset({"cafe", "resume", "naive", "fiance", "fiancee", "facade", "cliche", "debridement", "elite"})
"""English words that some write with an accent."""
_WORDS_REMEMBERED = 1 << 15
"""Words whose folding is kept: the vocabulary of some thousand pages."""


@lru_cache(maxsize=_WORDS_REMEMBERED)
def fold(word: str) -> str:
    """Lower case, accents off, curly apostrophes straight, outer blanks gone, possessive cut."""
    word = word.strip().lower().replace("’", "'")
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return word.removesuffix("'s").rstrip("'")


def words_of(path: Path) -> set[str]:
    """The words of a hand-written list: blanks and lines part them, # opens a comment."""
    lines = path.read_text("utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def word_set(text: str) -> frozenset[str]:
    """The words of a block of text: how the house writes a list that is too long for a line each."""
    return frozenset(text.split())


_RANK_ABROAD = 1400
"""The rank of given names that the census of 1990 hardly met: believed in company, never alone."""


@cache
def _ranks(name: str) -> dict[str, int]:
    words = gzip.decompress((DATA / f"{name}.txt.gz").read_bytes()).decode("utf-8").split("\n")
    ranks = {word: rank for rank, word in enumerate(words, 1)}
    return dict.fromkeys(words_of(DATA / "world.txt"), _RANK_ABROAD) | ranks if name == "given" else ranks


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_ranks(name))


@cache
def _ordinary() -> frozenset[str]:
    return _words("common") | _clinical() | words_of(DATA / "ambiguous.txt")


@cache
def words_of_messages() -> frozenset[str]:
    """Ordinary words of no list of names, which the model does not know; where a person must stand they are names."""
    return frozenset(words_of(DATA / "messages.txt"))


@cache
def _clinical() -> frozenset[str]:
    return frozenset(words_of(DATA / "clinical.txt"))


def _rank(name: str, word: str) -> int | None:
    """The rank as written; else as it would be without an engine's confusions; else of its unbroken form."""
    ranks, key = _ranks(name), fold(word)
    rank = ranks.get(key)
    if rank is None and not key.isalpha():
        rank = ranks.get(key.translate(_MISREAD)) or ranks.get(key.replace("'", ""))
    if rank is None and "rn" in key:
        rank = ranks.get(key.replace("rn", "m"))
    return rank


def given_rank(word: str) -> int | None:
    """Frequency rank among given names, 1 the most frequent; None where it is none."""
    return _rank("given", word)


def surname_rank(word: str) -> int | None:
    """Frequency rank among surnames, 1 the most frequent; None where it is none. Hyphenated: the better half."""
    rank = _rank("surnames", word)
    if rank is None and "-" in word:
        halves = [r for half in word.split("-") if (r := _rank("surnames", half)) is not None]
        return min(halves, default=None)
    return rank


def is_given_name(word: str) -> bool:
    return given_rank(word) is not None


def is_surname(word: str) -> bool:
    return surname_rank(word) is not None


def is_clinical_word(word: str) -> bool:
    """Eponyms, drugs, laboratory and form words."""
    return fold(word) in _clinical()


def is_common_word(word: str) -> bool:
    """Ordinary English and clinical words, which must not be redacted standing alone."""
    return fold(word) in words_of_messages() or is_trained_word(word)


def is_trained_word(word: str) -> bool:
    """An ordinary word that the model was trained to know; ordinary where a person must stand, too."""
    key = fold(word)
    if not word.replace("’", "'").isascii() and key in _words("common") and key not in _BORROWED:
        # "Åge", "Pål", "Féline": English words bear no accents, names do.
        return key in _clinical()
    return key in _ordinary() or ("-" in key and all(part in _ordinary() for part in key.split("-")))


def is_city(name: str) -> bool:
    """Post towns of the United States, one word or several."""
    return " ".join(fold(part) for part in name.split()) in _words("cities")
