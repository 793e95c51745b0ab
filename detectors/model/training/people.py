"""Invented people: census names, made-up names of many sounds, and every way to write them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Final

from detectors.model.training.draw import Draw, capital, listed

_ORDER: Final = 3
_CYRILLIC: Final = str.maketrans(
    "abvgdeziklmnoprstufhcyABVGDEZIKLMNOPRSTUFHCY", "абвгдезиклмнопрстуфхцыАБВГДЕЗИКЛМНОПРСТУФХЦЫ"
)
_GREEK: Final = str.maketrans(
    "abgdezhiklmnoprstufxywABGDEZHIKLMNOPRSTUFXYW", "αβγδεζηικλμνοπρστυφχψωΑΒΓΔΕΖΗΙΚΛΜΝΟΠΡΣΤΥΦΧΨΩ"
)


@cache
def _chains(held: bool) -> dict[str, str]:
    """What letters follow three letters in surnames, each as often as it does."""
    follow: defaultdict[str, list[str]] = defaultdict(list)
    for name in listed("surnames", held)[:30_000]:
        padded = "^" * _ORDER + name + "$"
        for i in range(_ORDER, len(padded)):
            follow[padded[i - _ORDER : i]].append(padded[i])
    return {key: "".join(letters) for key, letters in follow.items()}


def sounded(draw: Draw, ends: str) -> str:
    """A made-up word of syllables, in lower case; `ends`: the list that it ends from, "" for none."""
    word = ""
    for _ in range(1 + draw.chance(0.55) + draw.chance(0.12)):
        vowel = draw.word("vowel" if draw.chance(0.3) else "plain_vowel")
        word += draw.word("onset") + vowel + draw.word("coda")
    end = draw.word(ends) if ends else ""
    word = (word.rstrip("aeiou") if end[:1] in tuple("aeiou") else word) + end
    return word if 3 <= len(word) <= 14 else sounded(draw, ends)


def _chained(draw: Draw) -> str:
    """A made-up word that sounds like a surname of the census."""
    chains, word = _chains(draw.held), "^" * _ORDER
    while word[-1] != "$" and len(word) < 16:
        word += draw.of(chains[word[-_ORDER:]])
    word = word.strip("^$")
    return word if len(word) > 2 else _chained(draw)


def surname(draw: Draw) -> str:
    name = capital(
        draw.form(
            [
                (0.3, lambda: draw.frequent("surnames")),
                (0.2, lambda: draw.any("surnames")),
                (0.2, lambda: _chained(draw)),
                (0.3, lambda: sounded(draw, "surname_end")),
            ]
        )
    )
    if draw.chance(0.05):
        particle = draw.word("particle")
        return particle + name if particle[-1] in "'’-c" else f"{particle} {name}"
    if draw.chance(0.07):
        other = draw.frequent("surnames") if draw.chance(0.5) else sounded(draw, "surname_end")
        return f"{name}-{capital(other)}"
    return name


def given(draw: Draw) -> str:
    name = capital(
        draw.form(
            [
                (0.55, lambda: draw.frequent("given")),
                (0.1, lambda: draw.any("given")),
                (0.35, lambda: sounded(draw, "given_end")),
            ]
        )
    )
    return f"{name}-{capital(draw.frequent('given'))}" if draw.chance(0.02) else name


def initial(draw: Draw) -> str:
    return draw.shaped("A") + ("." if draw.chance(0.7) else "")


def full(draw: Draw) -> str:
    """Given name first."""
    first, last = given(draw), surname(draw)
    name = draw.form(
        [
            (0.55, lambda: f"{first} {last}"),
            (0.2, lambda: f"{first} {initial(draw)} {last}"),
            (0.05, lambda: f"{first} {given(draw)} {last}"),
            (0.05, lambda: f"{initial(draw)} {last}"),
            (0.03, lambda: f"{initial(draw)} {initial(draw)} {last}"),
            (0.03, lambda: f"{first} {last} {surname(draw)}"),
            (0.03, lambda: f"{first} {last} {draw.word('suffix')}"),
            (0.02, lambda: f'{first} "{given(draw)}" {last}'),
            (0.04, lambda: f"{first} {draw.shaped('A.')}"),
        ]
    )
    return name.translate(_CYRILLIC if draw.chance(0.5) else _GREEK) if draw.chance(0.02) else name


def reversed_full(draw: Draw) -> str:
    """Surname first, as lists and headers have it."""
    tail = draw.of(["", "", f" {initial(draw)}", f" {given(draw)}", f" {draw.word('suffix')}"])
    return f"{surname(draw)}{draw.of([', ', ', ', ', ', ','])}{given(draw)}{tail}"


def with_initial(draw: Draw) -> str:
    return f"{initial(draw)} {surname(draw)}"


def any_name(draw: Draw) -> str:
    name = draw.form(
        [
            (0.6, lambda: full(draw)),
            (0.2, lambda: reversed_full(draw)),
            (0.1, lambda: surname(draw)),
            (0.1, lambda: given(draw)),
        ]
    )
    return name.upper() if draw.chance(0.15) else name
