"""What a strict profile lets stay: words that are known to be harmless, and doses and results; never names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detectors.detect import findings
from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.pages import PageReading
from detectors.words.safe import CAPITAL_SURNAMES, is_safe, strictly, unlisted

LayOut = Callable[..., PageReading]


def left(text: str) -> list[str]:
    """The words that stay."""
    masked = unlisted(text)
    return [w for w in text.split() if not any(text[s.start : s.end] == w for s in masked)]


@pytest.mark.parametrize(
    "text",
    [
        "Patient denies chest pain and was given metformin 500 mg twice daily.",
        "Follow-up of hypertension; blood pressure 132/84 mmHg, WBC 7.2 K/uL, glucose 104.",
        "Take 2 tablets by mouth every 6 hours for 10 days, then 25mg once.",
        "Diagnosis: pneumonia (right lower arm) -- \u201cimproving\u201d",
    ],
)
def test_clinical_sentences_stay(text: str) -> None:
    assert left(text) == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "Kovacs", "maria", "MARIA", "Baker", "Foley", "Zqorvath", "Grace", "cook", "Denver", "Ohio", "OH", "Mexico",
        "December", "tuesday", "jan", "12/04", "12.04", "-12.04", "2021", "45", "4711", "00123-4", "K.", "J", "R2D2",
        "12B", "517-48-2931", "a@b.org", "\u00c5ge", "\u041c\u0430\u0440\u0438\u044f", "pain/Kovacs", "(Kovacs)",
        "Kovacs's", "x-Baker", "ninety-four", "Hundred",
    ],
)  # fmt: skip
def test_what_could_name_somebody_goes(text: str) -> None:
    assert [text[s.start : s.end] for s in unlisted(text)] == [text]


def test_a_number_stays_by_what_stands_beside_it_alone() -> None:
    assert left("glucose 104") == ["glucose", "104"]
    assert left("500 mg") == ["500", "mg"]
    assert left("room 104") == ["room"]
    assert left("glucose\n104") == ["glucose"], "another line is another thing"


def test_no_frequent_name_is_safe() -> None:
    """Over the whole census lists: what is written as a name is one of them only where it is a rare surname."""
    kept = [word for word in lexicon._words("given") if is_safe(word.title())]
    assert kept == []
    ranks = lexicon._ranks("surnames")
    assert [word for word, rank in ranks.items() if rank <= CAPITAL_SURNAMES and is_safe(word.title())] == []


def test_strictly_only_adds() -> None:
    text = "Seen by Dr. Kovacs for cough"
    found = [Span(8, 18, Kind.PERSON, 0.9, Layer.PATTERN)]
    assert strictly(text, found) == found
    assert [text[s.start : s.end] for s in strictly(text, [])] == ["Kovacs"]


def test_a_strict_page_burns_every_other_word_whole(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Cough since Zqorvath,"), (0, 1, "take 500 mg of metformin Quuxin")])
    spans = [[Span(page.text.index("Quuxin"), len(page.text), Kind.PERSON, 0.9, Layer.NER)]]
    assert {w for f in findings([page], spans, None) for w in f.words} == {len(page.words) - 1}
    found = findings([page], spans, None, strict=True)
    assert {page.words[w].text: f.kind for f in found for w in f.words} == {
        "Zqorvath,": Kind.UNREADABLE,
        "Quuxin": Kind.PERSON,
    }
    assert all(len(f.regions) == len(f.words) for f in found)
