"""Every reason code has a sentence that a person can act upon."""

from __future__ import annotations

import re

import typer.main

from detectors.errors import Reason
from streams.cli import app
from streams.reasons import SENTENCES, told

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_every_reason_has_its_own_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_sentences_are_words_and_not_codes() -> None:
    for reason, sentence in SENTENCES.items():
        assert len(sentence.split()) >= 5, reason
        assert "_" not in sentence, reason
        assert not sentence.endswith("."), reason
        assert "\n" not in told(reason)


def test_options_in_sentences_exist() -> None:
    known = {name for parameter in COMMANDS["redact"].params for name in parameter.opts}
    named = {option for sentence in SENTENCES.values() for option in re.findall(r"--[a-z-]+", sentence)}
    assert named
    assert named <= known
