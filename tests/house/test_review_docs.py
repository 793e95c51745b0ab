"""docs/review.md is held to the code: its commands parse, and its words are the code's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from streams.cli import app
from streams.events import Settlement
from streams.pipeline.answers import ANSWERABLE
from streams.rejected import GROUNDS as LETTER_GROUNDS
from streams.review.rules import GROUNDS as REVIEW_GROUNDS

PAGE = (Path(__file__).parents[2] / "docs" / "review.md").read_text()
BLOCKS = "".join(re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL)).replace("\\\n", " ")
COMMANDS = [shlex.split(line) for line in BLOCKS.splitlines() if line.strip()]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_is_understood(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    command = typer.main.get_command(app)
    _, *rest = words
    while commands := getattr(command, "commands", None):
        name, *rest = rest
        command = commands[name]
    assert command.make_context(words[-1], rest).params


def test_every_command_is_shown() -> None:
    groups = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for group in ("review", "rejected"):
        found = groups[group]
        shown = {words[2] for words in COMMANDS if words[1] == group} | set(re.findall(r"\*\*(\w+)\*\*", PAGE))
        assert set(found.commands) - shown <= {"list", "show"}, group


def test_grounds_and_doubts_are_the_codes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, flags=re.MULTILINE)
    assert {choice: set(re.findall(r"`(\w+)`", grounds)) for choice, grounds in rows} == {
        choice.value: {why.value for why in grounds} for choice, grounds in REVIEW_GROUNDS.items()
    }
    [doubts] = re.findall(r"reasons can be answered: (.*?);", PAGE, flags=re.DOTALL)
    assert set(re.findall(r"`(\w+)`", doubts)) | {"residual_finding"} == {reason.value for reason in ANSWERABLE}
    [discards] = re.findall(r"closes the letter \(`--why` (.*?)\)", PAGE, flags=re.DOTALL)
    assert set(re.findall(r"`(\w+)`", discards)) == {why.value for why in LETTER_GROUNDS[Settlement.DISCARD]}
