"""What decisions teach, through real seals and stores: words and shapes, and never a patient's value."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from detectors.detect import PageDetector
from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer, Span
from detectors.pages import PageRaster, PageReading
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.text.analyzer import TextDetector
from detectors.words.local_lists import LocalLists
from policies.masking.assemble import assemble
from streams.cli.learn import read
from streams.events import Grounds, ReviewChoice, ReviewDecided
from streams.review.learn.examples import Example
from streams.review.learn.learning import INDEX, LISTS, Learning
from streams.review.learn.lessons import Verdict, fold, shape_of
from tests.eval.desk import reading_of
from tests.eval.samples import Sample
from tests.kafka.transport import CANARY
from tests.pipeline.doubles import LINES, reading
from tests.streams.review_desk import DIET, Desk, decision, place

IDS = ("0" * 32, "1" * 32)
NOBODY = dict.fromkeys(IDS, frozenset[str]())
DIET_AT = LINES[2].index("diet")


def example(text: str, kind: Kind, missed: bool, document: int = 0, reviewer: str = "rev-4") -> Example:
    return Example(f"x {text} y", 2, 2 + len(text), kind, missed, IDS[document], reviewer)


def twice(text: str, kind: Kind, missed: bool) -> list[Example]:
    return [example(text, kind, missed, n, f"rev-{n}") for n in (0, 1)]


GUESSES = [
    (Layer.NER, 0.69, False),
    (Layer.NER, 0.94, False),
    (Layer.NER, 0.95, True),
    (Layer.DICTIONARY, 0.35, False),
    (Layer.DICTIONARY, 0.6, True),
    (Layer.DICTIONARY, 0.9, True),
    (Layer.LABEL, 0.3, True),
    (Layer.PATTERN, 0.3, True),
]


@pytest.fixture(scope="module")
def detector() -> TextDetector:
    return TextDetector()


class TestPrivacyCheck:
    def test_a_public_word_is_learned_at_once(self) -> None:
        assert fold([example("diet", Kind.PERSON, False)], NOBODY).harmless == {"diet"}

    def test_of_what_was_wrongly_found_the_public_words_alone_are_learned(self) -> None:
        """The ward may be named after somebody, and somebody else may bear the name."""
        learned = fold(twice("Mokoena Ward", Kind.PERSON, False), NOBODY)
        assert "mokoena" not in learned.harmless

    @pytest.mark.parametrize("name", ["Maria", "Smith", "Wilson", "Al", "A1B2C3", "Mokoena", "Zyqorvex"])
    def test_a_name_is_never_harmless(self, name: str) -> None:
        assert fold(twice(name, Kind.PERSON, False), NOBODY).harmless == set()

    def test_a_word_of_the_patient_is_never_harmless_nor_one_whose_patient_is_not_known(self) -> None:
        found = twice("diet", Kind.PERSON, False)
        assert fold(found, dict.fromkeys(IDS, frozenset({"diet"}))).harmless == set()
        assert fold(found, {}).verdicts == {Verdict.PATIENTS_OWN: 2}

    def test_of_a_number_the_shape_alone_is_learned_from_two_documents(self) -> None:
        missed = [example(value, Kind.MRN, True, n) for n, value in enumerate(("QX-55501-7", "ZR-90412-3"))]
        assert fold(missed, NOBODY).shapes == {("AA-99999-9", Kind.MRN)}
        assert fold(missed[:1], NOBODY).shapes == set()

    @pytest.mark.parametrize(
        "value", ["12345678", "12/34/5678", "(614) 555-0142", "517-48-2931", "A-12", "ABCDEF12345"]
    )
    def test_a_shape_that_fits_anything_is_none(self, value: str) -> None:
        assert fold(twice(value, Kind.OTHER_ID, True), NOBODY).verdicts == {Verdict.NO_SHAPE: 2}

    def test_a_missed_name_stays_sealed(self) -> None:
        learned = fold(twice("Zyqorvex", Kind.PERSON, True), NOBODY)
        assert not learned.harmless
        assert not learned.shapes
        assert learned.verdicts == {Verdict.VALUE: 2}

    def test_a_shape_tells_nothing_of_its_value(self) -> None:
        assert shape_of(" QX 5550199-7. ") == "AA 9999999-9"


class TestLists:
    def test_guesses_at_harmless_words_go_and_what_is_known_stays(self) -> None:
        lists = LocalLists(frozenset({"zyqorvex"}))
        guess = Span(0, 8, Kind.PERSON, 0.7, Layer.NER)
        known = dataclasses.replace(guess, layer=Layer.PATIENT)
        assert lists.applied("Zyqorvex Maria", [guess, known]) == [known]
        longer = dataclasses.replace(guess, end=14)
        assert lists.applied("Zyqorvex Maria", [longer]) == [longer]

    @pytest.mark.parametrize(("layer", "score", "stays"), GUESSES)
    def test_a_guess_goes_only_where_nothing_but_the_word_speaks(self, layer: Layer, score: float, stays: bool) -> None:
        guess = Span(0, 8, Kind.PERSON, score, layer)
        assert LocalLists(frozenset({"zyqorvex"})).applied("Zyqorvex", [guess]) == [guess] * stays

    @pytest.mark.parametrize(
        "text", ["Mrs. Mokoena called about the rash.", "Seen by Dr. Mokoena today.", "Her son Mokoena drove her."]
    )
    def test_a_title_or_a_relation_outweighs_what_was_learned(self, detector: TextDetector, text: str) -> None:
        page = reading_of(Sample("x/1", text, ()))
        lists = LocalLists(frozenset({"mokoena"}))
        assert "Mokoena" in [text[s.start : s.end] for s in PageDetector(detector, lists).spans(page, None)]

    def test_what_was_learned_takes_a_bare_word_away(self, detector: TextDetector) -> None:
        text = "Seen with Mokoena today."
        page, lists = reading_of(Sample("x/1", text, ())), LocalLists(frozenset({"mokoena"}))
        assert PageDetector(detector).spans(page, None)
        assert not PageDetector(detector, lists).spans(page, None)

    def test_numbers_of_a_shape_are_found_and_longer_ones_are_not(self) -> None:
        lists = LocalLists(shapes=frozenset({("AA-99999-9", Kind.MRN)}))
        text = "QX-55501-7 and XQX-55501-7, QX-55501-77"
        assert [text[s.start : s.end] for s in lists.applied(text, [])] == ["QX-55501-7"]

    def test_they_read_back_and_anything_else_is_refused(self, tmp_path: Path) -> None:
        lists = LocalLists(frozenset({"diet"}), frozenset({("AA-99999-9", Kind.MRN)}))
        file = tmp_path / "lists.json"
        assert LocalLists.read(file) == LocalLists()
        file.write_text(lists.to_json())
        assert LocalLists.read(file) == lists
        for spoiled in (
            "[]",
            '{"harmless": ["QX-55501-7"], "shapes": []}',
            '{"harmless": [], "shapes": [["q", "mrn"]]}',
        ):
            file.write_text(spoiled)
            with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
                LocalLists.read(file)


def test_the_pages_detector_heeds_them() -> None:
    lists = LocalLists(shapes=frozenset({("AA#99999#9", Kind.MRN)}))
    page = reading_of(Sample("x/1", "Seen today QX#55501#7 with cough", ()))
    found = [page.text[s.start : s.end] for s in PageDetector(lists=lists).spans(page, None) if s.kind is Kind.MRN]
    assert found == ["QX#55501#7"]
    assert not [s for s in PageDetector().spans(page, None) if s.kind is Kind.MRN]


def learning(desk: Desk, folder: Path, opened: list[str]) -> Learning:
    def reads(copy: bytes, page: int) -> PageReading:
        return reading()

    def detects(line: str) -> list[Span]:
        at = line.find("diet")
        return [] if at < 0 else [Span(at, at + 4, Kind.PERSON, 0.6, Layer.NER)]

    return Learning(folder, desk.sealed, reads, detects, lambda decided: opened.append(decided.document_id))


def taught(tmp_path: Path) -> tuple[Desk, ReviewDecided]:
    """A false alarm that a person answered: `diet`, which the attacker took for a name."""
    desk = Desk(tmp_path / "phi")
    return desk, decision(desk.task(), ReviewChoice.RELEASE)


def test_nothing_is_written_before_it_is_applied_and_nothing_twice(tmp_path: Path) -> None:
    desk, decided = taught(tmp_path)
    opened: list[str] = []
    lessons = learning(desk, tmp_path / "own", opened)
    plan = lessons.plan([decided])
    assert opened == [decided.document_id]
    assert not (tmp_path / "own").exists()
    assert plan.after.harmless == {"diet"}
    assert (plan.effect.wrong, plan.effect.left_before, plan.effect.left_after) == (1, 0, 1)
    lessons.apply(plan)
    again = lessons.plan([decided])
    assert again.fresh == {}
    assert again.before == again.after == plan.after
    assert opened == [decided.document_id], "what is learned is read from its seal"
    assert again.effect.wrong == 1
    assert LocalLists.read(tmp_path / "own" / LISTS).harmless == {"diet"}


def test_no_text_lies_outside_its_seal(tmp_path: Path) -> None:
    desk, decided = taught(tmp_path)
    missed = decision(
        decided.task, ReviewChoice.BURN, places=(place(DIET.region.bounds, Kind.PERSON),), decision="e" * 32
    )
    lessons = learning(desk, tmp_path / "own", [])
    lessons.apply(lessons.plan([missed]))
    assert LocalLists.read(tmp_path / "own" / LISTS) == LocalLists()
    assert "diet" not in (tmp_path / "own" / INDEX).read_text()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"diet" not in written
    assert CANARY.encode() not in written
    assert lessons.plan([]).effect.missed == 1


def test_what_was_learned_of_a_document_that_is_destroyed_is_gone(tmp_path: Path) -> None:
    desk, decided = taught(tmp_path)
    lessons = learning(desk, tmp_path / "own", [])
    lessons.apply(lessons.plan([decided]))
    desk.sealed.destroy(decided.tenant, decided.document_id)
    plan = lessons.plan([])
    assert (plan.gone, plan.effect.wrong) == (1, 0)


@pytest.mark.parametrize(
    ("choice", "why"),
    [(ReviewChoice.RELEASE, Grounds.PERMITTED), (ReviewChoice.WITHHOLD, Grounds.WRONG_RECORD)],
)
def test_other_decisions_teach_nothing_and_open_nothing(tmp_path: Path, choice: ReviewChoice, why: Grounds) -> None:
    desk, decided = taught(tmp_path)
    opened: list[str] = []
    other = dataclasses.replace(decided, choice=choice, why=why)
    assert learning(desk, tmp_path / "own", opened).plan([other]).fresh == {}
    assert opened == []


def test_a_copy_is_read_as_a_person_sees_it() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=300, height=100)
        page.insert_text((20, 50), "Low sodium diet", fontsize=14)
        pixmap = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    copy = assemble([PageRaster(pixels, dpi=200.0)])
    assert read(TesserocrEngine(), copy, 0).text == "Low sodium diet"
