"""The retention policy: what ships, and what a file may not say."""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from detectors.errors import Reason, RedoubtError
from policies.retention import load

SHIPPED = yaml.safe_load((resources.files("policies") / "retention.yaml").read_text(encoding="utf-8"))


def test_every_class_that_ships_says_why_and_where_that_is_written() -> None:
    policy = load()
    assert policy.of(None) is policy.classes["standard"]
    assert policy.of("unheard-of") is None
    for found in policy.classes.values():
        assert len(found.reason.split()) >= 8
        assert "CFR" in found.source
        assert found.outputs_days is None or found.outputs_days >= found.sealed_days


def test_a_class_without_an_end_of_outputs_keeps_them(tmp_path: Path) -> None:
    content = copy.deepcopy(SHIPPED)
    del content["classes"]["standard"]["outputs_days"]
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(content))
    assert load(tmp_path / "policy.yaml").classes["standard"].outputs_days is None


def _set(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["classes"]["standard"].update(fields)


@pytest.mark.parametrize(
    "spoil",
    [
        _set(keep_days=91),
        _set(keep_days=-1),
        _set(sealed_days=1.5),
        _set(sealed_days="90"),
        _set(outputs_days=3),
        _set(reason=""),
        _set(note="x"),
        lambda content: content["classes"]["standard"].pop("source"),
        lambda content: content["classes"]["standard"].pop("sealed_days"),
        lambda content: content.update(default="absent"),
        lambda content: content.update(classes={}),
        lambda content: content["classes"].update({"Mrs Jones": content["classes"]["standard"]}),
        lambda content: content.pop("number"),
    ],
)
def test_a_policy_that_could_be_misread_is_refused(tmp_path: Path, spoil: Callable[[dict[str, Any]], object]) -> None:
    content = copy.deepcopy(SHIPPED)
    spoil(content)
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(RedoubtError) as said:
        load(tmp_path / "policy.yaml")
    assert said.value.reason is Reason.MISCONFIGURED


@pytest.mark.parametrize("text", ["", "[", "- a", "number: 1", "\x00"])
def test_what_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.yaml").write_text(text)
    with pytest.raises(RedoubtError) as said:
        load(tmp_path / "policy.yaml")
    assert said.value.reason is Reason.MISCONFIGURED
