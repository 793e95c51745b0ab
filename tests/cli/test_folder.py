"""What lies in the folder of a run is of this run alone, and nothing outside of it is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from streams.cli.folder import draft, finished, prepare


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that two runs left behind, and something of the user's own."""
    out = tmp_path / "out"
    mine = ("mine.pdf", "review/mine.pdf", "notes.txt", ".mine.4711", "mine.part")
    for file in ("a.pdf", "review/b.pdf", "records/a.txt", "letter.pdf", *mine):
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).write_text(file)
    outputs = ["a.pdf", "review/b.pdf", None, "../outside.pdf"]
    (out / "report.json").write_text(json.dumps({"documents": [{"output": output} for output in outputs]}))
    (tmp_path / "outside.pdf").write_text("outside")
    return out


def files(folder: Path) -> set[str]:
    return {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()}


def test_a_folder_that_holds_anything_is_refused_untouched(out: Path) -> None:
    before = files(out)
    with pytest.raises(typer.BadParameter) as caught:
        prepare(out, ["a"], overwrite=False)
    assert "not empty" in caught.value.message
    assert "--overwrite" in caught.value.message
    assert files(out) == before


def test_a_new_and_an_empty_folder_are_taken(tmp_path: Path) -> None:
    for _ in range(2):
        prepare(tmp_path / "new" / "er", ["a"], overwrite=False)
        finished(tmp_path / "new" / "er")
        assert not files(tmp_path / "new" / "er")


def test_an_earlier_run_goes_and_what_is_not_of_it_stays(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(out, ["letter"], overwrite=True)
    finished(out)
    assert files(out) == {"mine.pdf", "review/mine.pdf", "notes.txt", ".mine.4711", "mine.part"}
    assert not capsys.readouterr().err
    assert (out.parent / "outside.pdf").read_text() == "outside"


def test_the_copies_of_a_run_that_broke_off_go_with_the_next(tmp_path: Path) -> None:
    """They were made by who knows which version, and no report names them."""
    out = tmp_path / "out"
    prepare(out, ["first", "second"], overwrite=False)
    (out / "first.pdf").write_text("out")
    (out / "review").mkdir()
    (out / "review" / "second.ready").write_text("ready")
    (out / "records").mkdir()
    part = draft(out / "review").name
    for file in (part, f"review/{part}", "review/.gone.ready.4711", "records/.a.txt.4711", ".report.json.4711"):
        (out / file).write_text("what a killed writer left")
    with pytest.raises(typer.BadParameter, match="a run that broke off left copies in it"):
        prepare(out, ["third"], overwrite=False)
    prepare(out, ["third"], overwrite=True)
    finished(out)
    assert not files(out)


@pytest.mark.parametrize(
    "report", ["", "[]", "{}", '{"documents": [1]}', '{"documents": [{"output": 5}]}', "[" * 9_999]
)
def test_a_report_that_is_none_names_nothing(out: Path, report: str) -> None:
    (out / "report.json").write_text(report)
    prepare(out, [], overwrite=True)
    assert "a.pdf" in files(out)
    assert "report.json" not in files(out)


def test_the_log_of_decisions_outlives_the_copies_and_that_is_said(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "audit.jsonl").write_text("who let it out")
    prepare(out, ["letter"], overwrite=True)
    assert (out / "audit.jsonl").read_text() == "who let it out"
    assert "audit.jsonl stays" in capsys.readouterr().err
