"""`redoubt redact` as its users run it: what is written where, what the exit codes say, and what never speaks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from detectors.errors import Reason
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies.scope.authorization import NOTICE
from streams.cli import app
from streams.reasons import SENTENCES
from tests.acceptance.command import Redaction, page_pixels, read, redact
from tests.cli.bad import BAD, CANARY
from tests.cli.conftest import PLAIN, page
from tests.decode.files import encoded

SSN = "517-48-2931"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def scanned(pdf: bytes) -> Image.Image:
    """Its first page as a scan of 200 dpi."""
    with pymupdf.open(stream=pdf) as document:
        pixmap = document[0].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
        return Image.frombytes("L", (pixmap.width, pixmap.height), pixmap.samples)


def words_of(engine: TesserocrEngine, copy: bytes) -> str:
    return read(engine, page_pixels(copy)).casefold()


DEADLINE_S = 3
ENDLESS = "endless.pdf"
TOLD_AT_ONCE = {name: found for name, found in BAD.items() if name != ENDLESS}


class TestBadInput:
    @pytest.fixture(scope="class")
    @classmethod
    def out(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("bad") / "out"

    @pytest.fixture(scope="class")
    @classmethod
    def run(cls, out: Path) -> Redaction:
        folder = out.parent
        files = [folder / name for name in TOLD_AT_ONCE]
        for file, (content, _) in zip(files, TOLD_AT_ONCE.values(), strict=True):
            file.write_bytes(content)
        good = [folder / "good.pdf", folder / "good-too.pdf"]
        for file in good:
            file.write_bytes(page(f"SSN: {SSN}"))
        return redact([good[0], *files, good[1]], out)

    @pytest.mark.parametrize("name", sorted(TOLD_AT_ONCE))
    def test_it_gets_its_reason_code(self, run: Redaction, name: str) -> None:
        entry = run.entry(list(TOLD_AT_ONCE).index(name) + 2)
        assert entry["verdict"] == "rejected"
        assert entry["output"] is None
        assert {Reason(reason) for reason in entry["reasons"]} <= BAD[name][1]
        assert entry["reasons"]

    def test_the_other_files_are_released_all_the_same(self, run: Redaction) -> None:
        assert run.returncode == 1
        assert sorted(run.copies) == [1, len(TOLD_AT_ONCE) + 2]
        assert {run.entry(position)["verdict"] for position in run.copies} == {"release"}

    def test_harmless_words_stay(self, run: Redaction, engine: TesserocrEngine) -> None:
        """A black page would pass most of what stands here."""
        text = words_of(engine, run.copies[1])
        assert [line for line in PLAIN if line.split()[-1].strip(".").casefold() not in text] == []
        assert SSN not in text

    def test_nothing_of_it_is_written_or_said(self, run: Redaction, out: Path) -> None:
        said = run.stdout + run.stderr + (out / "report.json").read_text()
        assert CANARY not in said
        assert "Traceback" not in said
        # The report, and of each good file the copy, its statement, and the key of its commitment.
        assert len([f for f in out.rglob("*") if f.is_file()]) == 1 + 2 * 3


def test_endless_work_ends_at_the_deadline(tmp_path: Path) -> None:
    (tmp_path / ENDLESS).write_bytes(BAD[ENDLESS][0])
    run = redact([tmp_path / ENDLESS], tmp_path / "out", "--deadline", str(DEADLINE_S), limit_s=60)
    assert run.returncode == 1
    assert run.entry(1)["reasons"] == [Reason.DEADLINE.value]


class TestOneRun:
    """A clean page, a noisy one and one for a person's eye, with content in every name."""

    @pytest.fixture(scope="class")
    @classmethod
    def out(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("one") / "out"

    @pytest.fixture(scope="class")
    @classmethod
    def run(cls, out: Path) -> Redaction:
        folder = out.parent
        (folder / f"{CANARY}.pdf").write_bytes(page(f"Patient: Maria {CANARY}", f"SSN: {SSN}"))
        (folder / "scribbles.png").write_bytes(scribbles())
        files = [folder / f"{CANARY}.pdf", folder / "scribbles.png"]
        needless = ("--authorization-id", "a", "--authorization-expires", "2999-01-01")
        return redact(files, out, "--records", "--keyring", str(folder / "key"), *needless, profile="analytics")

    def test_a_release_is_signed_and_a_held_copy_is_not(self, run: Redaction, out: Path) -> None:
        (statement,) = (out / "attestations").glob("*.json")
        copy, key = out / f"{statement.stem}.pdf", statement.with_suffix(".input-key")
        assert run.entry(1)["output"] == copy.name
        assert "this user's own key" in run.stderr
        assert "redoubt review folder list OUT" in run.stderr
        check = ("verify", copy, "--attestation", statement, "--public-key", out.parent / "releases.key.pub")
        held = at_once(*check, "--input", out.parent / f"{CANARY}.pdf", "--input-key", key)
        assert (held.exit_code, "a person's own key" in held.output) == (0, True), held.output
        assert "1 page, profile" in held.output
        assert "decided by the profile's rules alone\n" in held.output, "and by no gateway"
        other = at_once(*check, "--input", out.parent / "scribbles.png", "--input-key", key)
        assert other.exit_code == 1
        assert CANARY.encode() not in statement.read_bytes()

    def test_an_authorization_that_changes_nothing_is_told(self, run: Redaction) -> None:
        assert "analytics rests on no authorization" in run.stderr

    def test_a_doubtful_copy_is_kept_apart(self, run: Redaction, out: Path) -> None:
        assert run.returncode == 3
        entry = run.entry(2)
        assert entry["verdict"] == "review"
        assert entry["output"].startswith("review/")
        assert [f.suffix for f in out.iterdir() if f.is_file()].count(".pdf") == 1

    def test_names_are_opaque_and_files_private(self, run: Redaction, out: Path) -> None:
        for path in out.rglob("*"):
            assert CANARY.casefold() not in path.name.casefold()
            assert path.stat().st_mode & 0o077 == 0

    def test_the_report_counts_and_quotes_nothing(self, run: Redaction, out: Path) -> None:
        report = (out / "report.json").read_text()
        entry = run.entry(1)
        assert entry["redacted"]["ssn"] >= 1
        assert entry["pages"] == 1
        for content in (CANARY, SSN, "metformin", "Maria", str(out.parent)):
            assert content.casefold() not in (report + run.stdout + run.stderr).casefold()

    def test_every_black_box_has_its_reason(self, run: Redaction) -> None:
        boxes = run.entry(1)["boxes"]
        assert {"ssn", "person"} <= {box["kind"] for box in boxes}
        pixels = page_pixels(run.copies[1])
        rules = {rule.id for rule in profiles.load("analytics").rules}
        listed = np.zeros(pixels.shape, bool)
        for box in boxes:
            window = pixels[box["top"] : box["bottom"], box["left"] : box["right"]]
            listed[box["top"] : box["bottom"], box["left"] : box["right"]] = True
            assert box["page"] == 1
            assert np.median(window) == 0
            assert box["rule"] in rules
            assert set(box) == {"page", "left", "top", "right", "bottom", "kind", "layer", "rule", "action"}
        solid = cv2.morphologyEx((pixels < 40).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
        assert solid.any()
        assert not (solid.astype(bool) & ~listed).any(), "a box that the report does not list"

    def test_the_record_holds_tokens_in_place_of_values(self, out: Path) -> None:
        (record,) = (out / "records").iterdir()
        text = record.read_text()
        assert "metformin" in text
        assert "[SSN:" in text
        assert SSN not in text
        assert CANARY not in text


def scribbles() -> bytes:
    """Print that reads, above much that shows it is writing and that nobody can read."""
    with pymupdf.open(stream=page(f"SSN: {SSN}")) as document:
        pixmap = document[0].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
    gray = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width].copy()
    for row in range(6):
        for x in np.arange(60, pixmap.width - 60, 0.25):
            y = 350 + 42 * row + 11 * np.sin(x / 4.0) * np.sin(x / 37.0 + row) + 6 * np.sin(x / 9.0)
            gray[int(y) : int(y) + 3, int(x) : int(x) + 3] = 0
    return encoded(Image.fromarray(gray), "PNG", dpi=(150, 150))


def test_names_are_kept_on_request(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "letter.pdf").write_bytes(page())
    run = redact([tmp_path / "a" / "letter.pdf", tmp_path / "b" / "letter.pdf"], tmp_path / "out", "--keep-names")
    assert run.returncode == 0
    assert sorted(f.name for f in (tmp_path / "out").glob("*.pdf")) == ["letter-2.pdf", "letter.pdf"]


class TestAuthorization:
    """45 CFR 164.508: the patient's own record goes out, other people's identifiers do not."""

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("roi")
        lines = ("Patient: Ottilie Brannigan", "Emergency contact: Casimir Brannigan", f"Contact SSN: {SSN}")
        (folder / "record.pdf").write_bytes(page(*lines))
        patient = {"names": ["Ottilie Brannigan"], "relatives": ["Casimir Brannigan"]}
        (folder / "patient.json").write_text(json.dumps(patient))
        return folder

    def run(
        self, folder: Path, out: str, *options: str, profile: str = "roi-authorization", file: str = "record.pdf"
    ) -> Redaction:
        options = ("--patient", str(folder / "patient.json"), *options)
        return redact([folder / file], folder / out, *options, profile=profile)

    def test_the_patient_stays_readable_and_the_relative_does_not(self, folder: Path, engine: TesserocrEngine) -> None:
        expires = (TODAY + timedelta(days=1)).isoformat()
        options = ("--authorization-id", "a-1", "--authorization-expires", expires, "--authorization-class", "unknown")
        run = self.run(folder, "allowed", *options)
        text = words_of(engine, run.copies[1])
        assert "42 cfr" not in text, "no record of a Part 2 programme"
        assert "ottilie brannigan" in text
        assert "casimir" not in text
        assert SSN not in text
        assert run.entry(1)["kept"]["person"] >= 1

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ((), Reason.AUTHORIZATION_MISSING),
            (("--authorization-id", "a", "--authorization-expires", "2001-02-03"), Reason.AUTHORIZATION_EXPIRED),
            (
                ("--authorization-id", "a", "--authorization-expires", "2999-01-01", "--authorization-revoked"),
                Reason.AUTHORIZATION_REVOKED,
            ),
        ],
        ids=["missing", "expired", "revoked"],
    )
    def test_without_a_valid_one_nothing_is_written(
        self, folder: Path, options: tuple[str, ...], reason: Reason
    ) -> None:
        out = folder / reason.value
        done = at_once("redact", folder / "record.pdf", "--out", out, "--profile", "roi-authorization", *options)
        assert done.exit_code == 2
        assert SENTENCES[reason] in " ".join(done.output.replace("│", " ").split())
        assert "--patient" not in done.output, "what keeps the run from starting is told alone"
        assert not out.exists()

    def test_a_part_2_record_needs_a_consent_that_names_it(self, folder: Path, engine: TesserocrEngine) -> None:
        options = ("--authorization-id", "a-1", "--authorization-expires", "2999-01-01")
        run = self.run(folder, "part2-without", *options, "--source-program", "part2-rehab")
        assert run.returncode == 3
        assert run.entry(1)["reasons"] == [Reason.AUTHORIZATION_PART_2.value]
        scan = scanned((folder / "record.pdf").read_bytes())
        scan.save(folder / "scan.tiff", save_all=True, append_images=[scan], compression="tiff_lzw", dpi=(200, 200))
        run = self.run(
            folder, "part2", *options, "--authorization-allows", "sud", profile="part2-sud", file="scan.tiff"
        )
        assert run.returncode == 0
        for number in (0, 1):
            sheet = page_pixels(run.copies[1], number)
            text = read(engine, sheet)
            assert text.endswith(NOTICE), "42 CFR 2.32 on every page"
            assert "Ottilie Brannigan" in text
            assert "Casimir" not in text


@pytest.mark.parametrize(
    "options",
    [
        ("--profile", "none-such"),
        ("--profile", "maximal", "--authorization-id", "a", "--authorization-expires", CANARY),
        ("--profile", "maximal", "--patient", "PATIENT"),
        ("--profile", "maximal", "--keyring", "PATIENT"),
        ("--profile", "maximal", "--key", "PATIENT"),
        ("--profile", "maximal", "--processes", "0"),
        ("--profile", "maximal", "--document-class", CANARY),
        ("--profile", "maximal", "--authorization-allows", CANARY),
        ("--profile", "maximal", "--authorization-class", CANARY),
        ("--profile", "maximal", "--authorization-id", "a"),
        ("--profile", "maximal", "--source-program", f"Part 2 {CANARY}"),
        ("--profile", "research"),
        ("--profile", "hipaa-safe-harbor-coded"),
        (),
    ],
    ids=[
        *("profile", "day", "patient", "keyring", "key", "processes", "class", "category", "covered", "no day"),
        *("programme", "drawn tokens", "codes", "nothing"),
    ],
)
def test_wrong_usage_is_told_without_content(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "file.pdf").write_bytes(page())
    (tmp_path / "patient").write_text(f'{{"nickname": "{CANARY}"}}')
    given = [str(tmp_path / "patient") if option == "PATIENT" else option for option in options]
    done = at_once("redact", tmp_path / "file.pdf", "--out", tmp_path / "out", *given)
    assert done.exit_code == 2
    assert done.output
    assert "Traceback" not in done.output
    assert CANARY not in done.output
    assert not (tmp_path / "out" / "report.json").exists()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file.pdf").write_bytes(page())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "stale.pdf").write_bytes(b"stale")
    done = at_once("redact", tmp_path / "file.pdf", "--out", tmp_path / "out", "--profile", "maximal")
    assert done.exit_code == 2
    assert "not empty" in done.output
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["stale.pdf"]


def test_a_folder_that_cannot_be_made_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file.pdf").write_bytes(page())
    done = at_once("redact", tmp_path / "file.pdf", "--out", tmp_path / "file.pdf" / "out", "--profile", "maximal")
    assert done.exit_code == 2
    assert "cannot be made" in done.output


def test_with_overwrite_a_stale_copy_of_the_same_name_goes(tmp_path: Path) -> None:
    """A file that is refused in this run must not leave the copy of an earlier one under its name."""
    (tmp_path / "letter.pdf").write_bytes(b"")
    (tmp_path / "out" / "review").mkdir(parents=True)
    for stale in ("letter.pdf", "review/letter.pdf"):
        (tmp_path / "out" / stale).write_bytes(b"stale")
    run = redact(
        [tmp_path / "letter.pdf"], tmp_path / "out", "--keep-names", "--overwrite", profile="roi-patient-access"
    )
    assert run.returncode == 1
    assert [f.name for f in (tmp_path / "out").rglob("*") if f.is_file()] == ["report.json"]
    assert "nobody can be recognised as the patient" in run.stderr


def test_production_has_no_local_key_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file.pdf").write_bytes(page())
    monkeypatch.setenv("REDOUBT_ENVIRONMENT", "production")
    done = at_once("redact", tmp_path / "file.pdf", "--out", tmp_path / "out", "--profile", "maximal")
    assert done.exit_code == 2
    assert "production" in done.output
    assert not (tmp_path / "out").exists()


def at_once(*arguments: str | Path) -> Result:
    """In this process: for what ends before any part is started."""
    mask = os.umask(0o077)
    try:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "160"})
    finally:
        os.umask(mask)
