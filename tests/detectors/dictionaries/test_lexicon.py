"""The word lists: what they know, how small they are, and that they share no name with the synthetic patients."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.dictionaries import build, lexicon

CANARIES = Path(__file__).parents[3] / "streams" / "canaries" / "data"
# Canary file stem: the lexicon that must not know its entries.
DISJOINT = {"given": "given", "surnames": "surnames", "towns": "cities"}


def test_ranks_follow_frequency() -> None:
    ranks = [lexicon.surname_rank(name) for name in ("Johnson", "GARCIA", "Nguyen", "Xqzwerty")]
    assert ranks[:3] == sorted(r for r in ranks[:3] if r)
    assert ranks[3] is None


@pytest.mark.parametrize("word", ["Mary", "MARIA", "José", "J0hn"])
def test_given_names(word: str) -> None:
    assert lexicon.is_given_name(word)


@pytest.mark.parametrize("word", ["Martinez", "O'Brien", "Garcia-Xqzwerty", "Thornas", "Núñez"])
def test_surnames(word: str) -> None:
    assert lexicon.is_surname(word)


@pytest.mark.parametrize(
    "word",
    ["patient", "Discharge", "may", "Brown", "Foley", "metformin", "HEMOGLOBIN", "denies", "well-developed", "Crohn's"],
)
def test_ordinary_words(word: str) -> None:
    assert lexicon.is_common_word(word)


@pytest.mark.parametrize("word", ["Martinez", "Jennifer", "Xqzwerty", "Johnson"])
def test_names_are_not_ordinary(word: str) -> None:
    assert not lexicon.is_common_word(word)


@pytest.mark.parametrize(("name", "known"), [("Dayton", True), ("salt lake city", True), ("Xqzwerty", False)])
def test_cities(name: str, known: bool) -> None:
    assert lexicon.is_city(name) is known


def test_data_is_small() -> None:
    assert sum(path.stat().st_size for path in lexicon.DATA.iterdir()) < 1_000_000


@pytest.mark.parametrize("stem", DISJOINT)
def test_lexicons_share_no_entry_with_the_canaries(stem: str) -> None:
    path = CANARIES / f"{stem}.txt"
    entries = {lexicon.fold(line) for line in path.read_text("utf-8").splitlines() if line.strip()}
    assert entries
    assert entries & lexicon._words(DISJOINT[stem]) == set()


def test_build_leaves_out_what_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = tmp_path / "held.txt"
    held.write_text("Nguyen\nJennifer\nDayton\n", "utf-8")
    monkeypatch.setattr(build, "write", lambda name, words: (tmp_path / name).write_text("\n".join(words), "utf-8"))
    monkeypatch.setattr(build, "common_words", lambda given, surnames: set())
    monkeypatch.setattr("sys.argv", ["build", "--hold-out", str(held)])
    build.main()
    assert "nguyen" not in (tmp_path / "surnames.txt.gz").read_text("utf-8").split("\n")
    assert "jennifer" not in (tmp_path / "given.txt.gz").read_text("utf-8").split("\n")
    assert "dayton" not in (tmp_path / "cities.txt.gz").read_text("utf-8").split("\n")
    assert "martinez" in (tmp_path / "surnames.txt.gz").read_text("utf-8").split("\n")
