"""How the model is made: the text that it learns from, the split, and the arithmetic of learning."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from detectors.dictionaries.lexicon import fold
from detectors.model.features import EDGE, TABLES, ids, tokens
from detectors.model.network import Tag
from detectors.model.training import learn
from detectors.model.training.corpus import PATTERNS, filled, pages, patterns
from detectors.model.training.draw import Draw, listed

GENRES = sorted(path.stem for path in PATTERNS.glob("*.txt"))


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("held", [False, True])
def test_every_pattern_can_be_filled(genre: str, held: bool) -> None:
    draw = Draw.seeded(1, held)
    for pattern in patterns(genre, held):
        for _ in range(3):
            text = "".join(piece for piece, _ in filled(pattern, draw))
            assert "{" not in text
            assert "}" not in text


def test_a_pattern_without_people_has_no_tag() -> None:
    draw = Draw.seeded(2)
    assert all(
        tag is Tag.NOTHING
        for x in [*patterns("clean", False), *patterns("shorthand", False)]
        for _, tag in filled(x, draw)
    )


def test_a_branch_that_names_a_slot_is_one() -> None:
    tags = {tag for i in range(20) for _, tag in filled("{town|full}", Draw.seeded(i))}
    assert tags == {Tag.PLACE, Tag.PERSON}


def test_the_split_shares_neither_patterns_nor_names() -> None:
    for genre in GENRES:
        assert not set(patterns(genre, False)) & set(patterns(genre, True))
        assert patterns(genre, True)
    for name in ("given", "surnames", "cities", "common"):
        assert not set(listed(name, False)) & set(listed(name, True))


def test_trained_text_never_uses_a_held_back_given_name_in_its_slot() -> None:
    held = set(listed("given", True))
    draw = Draw.seeded(3)
    drawn = {fold(draw.frequent("given")) for _ in range(3000)}
    assert len(drawn) > 300
    assert not drawn & held


def test_pages_are_the_same_from_the_same_seed() -> None:
    first, again, other = (list(islice(pages(Draw.seeded(seed)), 20)) for seed in (4, 4, 5))
    assert first == again != other


@pytest.mark.parametrize("damage", [0.0, 0.06])
def test_each_character_has_its_tag(damage: float) -> None:
    found = list(islice(pages(Draw.seeded(6), damage), 50))
    assert all(len(text) == len(tags) for text, tags in found)
    assert {tag for _, tags in found for tag in tags} == set(Tag)


def test_gradients_are_the_slopes_of_the_loss() -> None:
    text, tags = next(pages(Draw.seeded(7), 0.0))
    spans = tokens(text)
    rows = ids(text, spans)
    gold = np.asarray([-1] * EDGE + [max(tags[a:b]) for a, b in spans] + [-1] * EDGE, np.int32)
    rng = np.random.default_rng(8)
    for name in ("w", "w0", "w1", "w3", "b2", *TABLES):
        network = learn.fresh(9)
        gradients, _ = learn.gradients(network, rows, gold)
        direction = np.sign(gradients[name]) * (rng.random(gradients[name].shape) < 0.5)
        slope = float((gradients[name] * direction).sum())
        losses = []
        for step in (-1e-3, 1e-3):
            moved = learn.fresh(9)
            moved.weights[name] += (step * direction).astype(np.float32)
            losses.append(learn.gradients(moved, rows, gold)[1])
        assert (losses[1] - losses[0]) / 2e-3 == pytest.approx(slope, rel=0.05)


def test_learning_lowers_the_loss_and_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "BATCH_TOKENS", 500)

    def losses(seed: int) -> list[float]:
        learner = learn.Learner(learn.fresh(seed), seed)
        batch = next(learn.batches(pages(Draw.seeded(seed))))
        return [learner.step(*batch, 0.003) for _ in range(12)]

    first = losses(10)
    assert first == losses(10)
    assert first[-1] < 0.8 * first[0]
