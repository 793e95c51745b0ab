"""No search for the patient's own data takes a stranger's value for it, within these bounds."""

from __future__ import annotations

import pytest

from tests.eval.strangers import NEAR, OWN, STRANGER, Shares, shares

KINDS = ("name", "record number", "phone", "birth date", "street", "mailbox")
COUNT = 40


@pytest.fixture(scope="module")
def found() -> Shares:
    return shares(COUNT, "test")


@pytest.mark.parametrize("kind", KINDS)
def test_a_strangers_value_is_never_the_patients(found: Shares, kind: str) -> None:
    for strength in ("none", "light", "middle"):
        share = found[kind, STRANGER, strength]
        assert share.of >= COUNT // 3
        assert share.hits == 0, (strength, share.hits, share.of)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_nearly_the_patients_is_not_undamaged_and_hardly_ever_damaged(found: Shares, kind: str) -> None:
    most = {"none": 0, "light": 1, "middle": 2}
    for strength, hits in most.items():
        assert found[kind, NEAR, strength].hits <= hits, strength


@pytest.mark.parametrize("kind", KINDS)
def test_the_patients_own_is_found_at_all(found: Shares, kind: str) -> None:
    assert found[kind, OWN, "none"].value == 1.0
    assert found[kind, OWN, "middle"].value > 0.7
