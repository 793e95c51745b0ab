"""Bounds that hold: known values, and coverage by simulation, also for who looks after every document."""

from __future__ import annotations

import numpy as np
import pytest

from streams.canaries.bounds import anytime, exact, of_identifiers

RUNS, LOOKS = 400, 800


def test_known_values() -> None:
    assert exact(0, 299) == pytest.approx(0.01, abs=1e-4)
    assert exact(0, 2995) == pytest.approx(0.001, abs=1e-5)
    # Clopper and Pearson; R's binom.test(c(3, 97), alternative = "less") says 0.07570
    assert exact(3, 100) == pytest.approx(0.07570, abs=1e-4)
    assert exact(0, 1) == pytest.approx(0.95)
    assert (exact(0, 0), exact(5, 5), anytime(0, 0), anytime(5, 5)) == (1.0, 1.0, 1.0, 1.0)
    for bound in (exact, anytime):
        for wrong in ((-1, 5), (6, 5)):
            with pytest.raises(ValueError, match="among"):
                bound(*wrong)


def test_bounds_fall_with_documents_and_rise_with_leaks() -> None:
    for bound in (exact, anytime):
        assert bound(0, 100) > bound(0, 300) > bound(0, 3000) > 0
        assert bound(0, 300) < bound(1, 300) < bound(5, 300) < 1
    assert all(anytime(k, n) > exact(k, n) for k, n in ((0, 50), (0, 300), (3, 300), (30, 3000)))
    assert anytime(0, 299) < 0.02


@pytest.mark.parametrize("share", [0.02, 0.05])
def test_who_looks_after_every_document_is_not_cheated(share: float) -> None:
    """And is by the exact bound, which is for one look: that is what the other one is for."""
    leaks = np.random.default_rng(7).random((RUNS, LOOKS)) < share
    counts = leaks.cumsum(axis=1)
    least_that_holds = {bound: _least_counts(bound, share) for bound in (exact, anytime)}
    missed = {bound: (counts < least).any(axis=1).mean() for bound, least in least_that_holds.items()}
    # Three standard errors of a share of .05 in 400 runs are .033.
    assert missed[anytime] <= 0.05 + 0.033
    assert missed[exact] > 0.1
    for look in (99, 499, LOOKS - 1):
        assert (counts[:, look] < least_that_holds[exact][look]).mean() <= 0.05 + 0.033


def _least_counts(bound, share: float) -> np.ndarray:  # type: ignore[no-untyped-def, type-arg]
    """For each number of documents, the fewest leaks whose bound is not below the true share."""
    found, k = [], 0
    for documents in range(1, LOOKS + 1):
        while k < documents and bound(k, documents) < share:
            k += 1
        found.append(k)
    return np.array(found)


def test_identifiers_are_bounded_by_whole_documents() -> None:
    assert of_identifiers([]) == (0.0, 1.0)
    assert of_identifiers([(0, 10)] * 50) == (0.0, 1.0)
    # The same leaks, spread or in one document: together they say less.
    spread, lumped = [(1, 10)] * 10 + [(0, 10)] * 90, [(10, 10)] + [(0, 10)] * 99
    assert of_identifiers(spread)[0] == of_identifiers(lumped)[0] == 0.01
    assert 0.01 < of_identifiers(spread)[1] < of_identifiers(lumped)[1]
