"""What commands that act in a person's name say of their options."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detectors.errors import Reason
from streams.cli import app
from streams.cli.shared.acting import told_list
from streams.events import Grounds

CANARY = "Wilhelmina"


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "2000", "REDOUBT_KAFKA__BOOTSTRAP": "127.0.0.1:1"})
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("command", "possible", "impossible"),
    [
        ("rejected discard", Grounds.SUBMITTED_ANEW, Grounds.FALSE_ALARM),
        ("rejected list", Reason.DEADLINE, Reason.LEGAL_HOLD),
        ("rejected replay", Reason.WORKER_DIED, Reason.VAULT_REFUSED),
        ("review decide", Grounds.PERMITTED, Grounds.SUBMITTED_ANEW),
        ("review decide", Reason.UNEXPLAINED_INK, Reason.KNOWN_VALUE_READABLE),
        ("review list", Reason.KNOWN_VALUE_READABLE, Reason.DAMAGED),
        ("retention hold", "litigation", "closed"),
    ],
)
def test_help_names_what_can_be_said_and_nothing_else(command: str, possible: str, impossible: str) -> None:
    code, text = said(*command.split(), "--help")
    assert code == 0
    assert possible in text
    assert impossible not in text


@pytest.mark.parametrize("command", ["rejected list --reason", "review list --reason", "rejected discard abcd --why"])
def test_what_cannot_be_said_is_refused_and_not_repeated(command: str) -> None:
    code, text = said(*command.split(), CANARY)
    assert code == 2
    assert "one of" in text
    assert CANARY not in text


def test_a_revoked_authorization_can_be_submitted_as_such(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF")
    given = ["submit", str(file), "--tenant", "north", "--profile", "part2-sud", "--authorization-revoked"]
    code, text = said(*given)
    assert code == 2
    assert "--authorization-id" in text


@pytest.mark.parametrize("width", [80, 200])
def test_no_word_of_a_list_is_broken_and_an_empty_one_is_a_sentence(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    cells = {
        "file": "12",
        "when": "2026-11-23 02:43",
        "profile": "hipaa-safe-harbor",
        "doubts": "incoming_redaction, hidden_text, unexplained_ink, unreadable_page",
    }
    told_list([cells], {name: itemgetter(name) for name in cells}, dict, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    said = set(" ".join(lines).replace(",", "").split())
    assert {*" ".join([*cells, *cells.values()]).replace(",", "").split()} <= said
    assert ("┃" in "".join(lines)) is (width == 200), "a table where it has room"
    told_list([], {}, dict, as_json=False, nothing="nothing waits")
    assert capsys.readouterr().out == "nothing waits\n"
