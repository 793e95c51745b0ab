"""A loss of more than a tenth, and of more than one, is told, whatever was lost; what became cheaper is none."""

from __future__ import annotations

from tests.bench.check import losses

ACCEPTED = {"calls": 20, "kilopixels": 1000}


def test_a_tenth_and_one_more_is_no_loss_and_more_is() -> None:
    assert losses({"calls": 23, "kilopixels": 400}, ACCEPTED) == []
    assert losses({"calls": 24, "kilopixels": 1102}, ACCEPTED) == ["calls", "kilopixels"]


def test_what_is_counted_anew_or_no_longer_is_a_loss() -> None:
    assert losses({"calls": 20, "kilopixels": 1000, "renderings": 1}, ACCEPTED) == ["renderings"]
    assert losses({"calls": 20}, ACCEPTED) == ["kilopixels"]
