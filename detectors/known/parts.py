"""A name in its parts: which of its words tell somebody, which are given to one alone, and which make somebody else."""

from __future__ import annotations

import re
from typing import Final

from detectors.dictionaries import lexicon
from detectors.folding import Token, fold_word, word_set

TITLES: Final = word_set(
    "mr mrs ms miss dr prof rev sir madam md do rn np pa pac phd dds esq jr sr ii iii iv mister doctor"
)
_BREAKS: Final = (" ", ".", "'", "`", ",")
"""What an engine reads where a name is whole: a blank, or a speck."""
_GOES_ON: Final = re.compile(r"[ .'`,]{0,2}[a-z]")
PIECES: Final = re.compile(r"[\s,.\-–/()]+")


def is_another(word: str, part: str) -> bool:
    """Whether a folded word is a name of its own and only looks like the part when damaged: Marla and Maria.

    A word with a figure in it is misread, and the lists know it only as what it was: Zs0fia is Zsofia.
    """
    return word != part and word.isalpha() and (lexicon.is_given_name(word) or lexicon.is_surname(word))


def name_words(name: str) -> list[str]:
    """The folded words of a name, titles and initials included."""
    return [w for w in map(fold_word, PIECES.split(name)) if w]


def name_parts(name: str) -> list[str]:
    """The folded words of a name: halves of hyphenated names apart, titles and initials left out."""
    return [w for w in name_words(name.replace(".", "")) if len(w) > 1 and w not in TITLES]


def given_parts(name: str) -> list[str]:
    """The folded words of a name that are given to one alone: the first, or all behind the comma of a filed name.

    None where an initial or a title stands for them: "Dr. A. Nwosu", "Dr. Nwosu".
    """
    before, comma, filed = name.partition(",")
    words = [name_words(word) for word in before.split()]
    if comma and not set(name_words(filed)) <= TITLES:
        return name_parts(filed)
    untitled = [word for word in words if not set(word) <= TITLES]
    if not untitled or (len(untitled) == 1 and len(words) > 1):
        return []
    return [part for part in untitled[0] if len(part) > 1]


def is_initial(text: str, word: Token) -> bool:
    """Whether it is a capital alone that may stand for a name, and is not cut off the small letters behind it: "A" of
    "Kovacs, Martin A", who is no Martina."""
    return len(word.folded) == 1 and word.text.isupper() and _GOES_ON.match(text, word.end) is None


def is_cut(text: str, word: Token, after: Token) -> bool:
    """Whether an engine may have read one word for the two: "Mar tin"."""
    return text[word.end : after.start] in _BREAKS and not is_initial(text, word) and not is_initial(text, after)
