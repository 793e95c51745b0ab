"""What a scanner made of a spelling, set right where the field leaves no choice.

Each rule turns something that nobody writes (a digit in a name, a street's type without one of its letters) into the
one thing it can have been. None turns one value that people bear or issue into another: what may be either stays as
read.
"""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import Indel

AS_DIGITS: Final = str.maketrans("OoQDIil|SsZzBbGgq", "00001111552286699")
_AS_STREET_LETTERS: Final = str.maketrans("0158", "olsb")
_STREET_LETTERS: Final = 4
"""Fewer may be an ordinal or a flat: `8th`, `5B`."""
_IN_HOUSE_NUMBER: Final = re.compile(r"(?<=[0-9])[oilzq](?=[0-9])")
"""No n, s, e or w, which a grid's numbers have (`7S120`); no b or g, each of which is two digits."""
_GLUED_NUMBER: Final = re.compile(r"^([0-9]+)(?=[a-z]{4})")
_TYPES: Final = ("avenue", "boulevard", "circle", "highway", "parkway", "square", "street", "terrace")
"""Street types of USPS Publication 28, appendix C1, that are long enough to be no other word with a letter lost."""
_GLUED_TYPE: Final = re.compile(rf"(?<=[a-z])(?=(?:{'|'.join(word.title() for word in _TYPES)})\b)")
_NO_SLIP: Final = "venue"
"""Of all types without a letter the one that may be meant."""
_LOOK_ALIKE: Final = (("rn", "m"), ("ri", "n"), ("c", "e"), ("o", "a"), ("b", "h"), ("v", "u"), ("i", "l"))
_GENERATIONS: Final = ("Jr", "Sr", "II", "III", "IV")
_CAPITALS: Final = re.compile(r"(?<![^\W_])(?=[A-Z1]*[l1])[A-Zl1]{4,}(?![^\W_])")
_THIRD: Final = re.compile(r"(?<=\s)[Il1]{3}(?![^\W_])")
_SMALL_L: Final = re.compile(r"(?<=[a-z])1(?=[a-z])|(?<=[a-z]{2})1(?![^\W_])")
_CAPITAL_I: Final = re.compile(r"(?<![^\W_])[l1](?=[bcdfgkmnrstvz][a-z])")
"""No name begins with a small l before such a letter."""
_GLUED_GENERATION: Final = re.compile(r"(?<=[a-z])(?=(?:Jr|Sr|II|III|IV)\b)")
_GLUED_INITIAL: Final = re.compile(r"(?<=[a-z]{2})(?=[A-Z]\b)")
_GLUED_NAMES: Final = re.compile(r"(?<=[a-z]{3})(?<!\bFitz)(?=[A-Z][a-z]{2})")
_LABEL: Final = re.compile(r"^\s*([A-Z]{2,4})[\s.:#]+(?=[0-9OIlSBG][0-9OIlSBGZg -]{5,}$)")
_MRN: Final = "MRN"
_SMALL_IN_NUMBER: Final = re.compile(r"(?<=[0-9])[bgq](?=[ -]?[0-9])")


def name(text: str) -> str:
    """A name with letters for ones, its parts set apart where the blank between them was lost."""
    text = _CAPITALS.sub(lambda hit: re.sub("[l1]", "I", hit[0]), text)
    for pattern, letters in ((_THIRD, "III"), (_SMALL_L, "l"), (_CAPITAL_I, "I"), (_GLUED_GENERATION, " ")):
        text = pattern.sub(letters, text)
    text = _GLUED_INITIAL.sub(" ", text)
    whole = [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in _GENERATIONS]
    # Beside another name a capital may stand within a word, `MaryAnn Smith`; one word is rarely a whole name.
    return _GLUED_NAMES.sub(" ", text, count=1) if len(whole) == 1 else text


def glued_street(text: str) -> str:
    """A street with the blank before its type that was lost, `Oak HillStreet`."""
    return _GLUED_TYPE.sub(" ", text)


def street(words: str) -> str:
    """A street in small letters: digits in its number, letters in its name, and its type."""
    parted = _GLUED_NUMBER.sub(r"\1 ", words).split()
    found = [_street_word(_IN_HOUSE_NUMBER.sub(lambda hit: hit[0].translate(AS_DIGITS), word)) for word in parted]
    if len(found) > 2:
        found[-1] = _street_type(found[-1])
    return " ".join(found)


def record_number(text: str) -> str:
    """A record number without a label that lost a letter, `MN: 4853 0762`, and with digits for small letters."""
    label = _LABEL.match(text)
    bare = text[label.end() :] if label and Indel.distance(label[1], _MRN) == 1 else text
    return _SMALL_IN_NUMBER.sub(lambda hit: hit[0].translate(AS_DIGITS), bare)


def _street_word(word: str) -> str:
    """A house number keeps its digits; a word of a street's name that is mostly letters has none."""
    return word.translate(_AS_STREET_LETTERS) if sum(c.isalpha() for c in word) >= _STREET_LETTERS else word


def _street_type(word: str) -> str:
    """The type that it is with a letter lost or taken for a look-alike."""
    for type_ in _TYPES:
        lost = len(word) == len(type_) - 1 and Indel.distance(word, type_) == 1
        if (lost and word != _NO_SLIP) or word in _taken_for(type_):
            return type_
    return word


def _taken_for(type_: str) -> set[str]:
    pairs = (*_LOOK_ALIKE, *((other, one) for one, other in _LOOK_ALIKE))
    return {type_[: at.start()] + other + type_[at.end() :] for one, other in pairs for at in re.finditer(one, type_)}
