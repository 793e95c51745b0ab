"""The scorer's arithmetic, the damage's truth, and that the eval's texts are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.dictionaries import lexicon
from tests.acceptance import corpora as strangers
from tests.eval import clinical, corpora, templates, wards
from tests.eval.contestants import as_page
from tests.eval.damage import Strength, damaged
from tests.eval.samples import Gold, Sample
from tests.eval.scores import score, wilson

CALL = Sample("s/0", "Call Ada Byron at 555-0100 today", (Gold(5, 14, "person"), Gold(18, 26, "phone")))


@pytest.mark.parametrize(
    ("found", "hits", "kept", "misses"),
    [
        ([], 0, 3, ("s/0/0/person", "s/0/1/phone")),
        ([(5, 14), (18, 21), (22, 26)], 2, 3, ()),  # a hyphen is no letter
        ([(5, 13), (18, 26)], 1, 3, ("s/0/0/person",)),
        ([(0, 32)], 2, 0, ()),
        ([(5, 27)], 2, 2, ()),  # "at" is hit
    ],
)
def test_a_span_counts_when_all_of_it_is_covered(
    found: list[tuple[int, int]], hits: int, kept: int, misses: tuple[str, ...]
) -> None:
    scores = score([CALL], [found])
    assert (scores.recall.hits, scores.words_kept.hits, scores.words_kept.of) == (hits, kept, 3)
    assert scores.misses == misses


def test_what_does_not_count_is_neither_found_nor_clean() -> None:
    sample = Sample("s/0", "Acme sells tea", (Gold(0, 4, "organization", counts=False),))
    for found in ([], [(0, 4)]):
        scores = score([sample], [found])
        assert (scores.recall.of, scores.words_kept.hits, scores.words_kept.of) == (0, 2, 2)


def test_harmless_texts() -> None:
    samples = [Sample(f"s/{n}", "take two", ()) for n in range(2)]
    assert score(samples, [[], [(0, 4)]]).harmless_untouched.value == 0.5


def test_wilson() -> None:
    """Against Newcombe, Statistics in Medicine 1998, table I: 81 of 263."""
    share = wilson(81, 263)
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize("strength", Strength)
def test_damage_keeps_its_truth(strength: Strength) -> None:
    pairs = []
    for sample in clinical.notes(12):
        worse = damaged(sample, strength, "d")
        assert worse.text.count("\n") == sample.text.count("\n")
        golds = zip(sample.golds, worse.golds, strict=True)
        pairs += [(sample.text[a.start : a.end], worse.text[b.start : b.end]) for a, b in golds]
    same = sum(before == after for before, after in pairs)
    letters = sum(len(before) for before, _ in pairs) / len(pairs)
    spared = (1 - strength.value) ** letters
    assert spared - 0.1 <= same / len(pairs) <= spared + 0.12, "labels moved, or the damage is not as strong as it says"


def test_labels_stand_where_they_say() -> None:
    for sample in [
        *clinical.notes(8),
        *clinical.queries(20),
        *clinical.messages(40),
        *clinical.wards(52),
        *clinical.documents(2),
    ]:
        assert sample.golds
        for gold in sample.golds:
            value = sample.text[gold.start : gold.end]
            assert value == value.strip()
            assert "\n" not in value
    assert clinical.notes(3) == clinical.notes(3)


def test_safe_harbor_asks_for_no_age_under_90_and_no_state() -> None:
    sample = Sample(
        "s/0", "A 60-year-old from Ohio, 93 now", (Gold(2, 4, "age"), Gold(19, 23, "state"), Gold(25, 27, "age"))
    )
    (judged,) = clinical.under("hipaa-safe-harbor", [sample])
    assert [gold.counts for gold in judged.golds] == [False, False, True]


def test_harmless_templates_name_nobody() -> None:
    lines = [*templates.HARMLESS, *wards.LOOKALIKES]
    assert not any(slot != "plain_age" for line in lines for slot in clinical.slots(line))


def test_lexicons_lack_the_names_of_the_eval() -> None:
    """The canaries' lists are held out of the lexicons; a name of two listed halves is no listed name."""
    people = [sample.text[g.start : g.end] for sample in clinical.notes(10) for g in sample.golds if g.kind == "person"]
    words = {word for name in people for word in name.replace(",", " ").replace("-", " ").split() if len(word) > 3}
    assert not {word for word in words if lexicon.is_given_name(word)}


def test_a_page_of_text_reads_as_the_text() -> None:
    page = as_page("Name:  Ada\n\nRoom 4")
    assert page.text == "Name:  Ada\n\nRoom 4"
    assert [word.line for word in page.words] == [0, 0, 2, 2]


def test_corpora_where_there_are_any() -> None:
    for name in ("synth-text", "ccda"):
        strangers.corpus(name)
    halves = corpora.synth_text(0), corpora.synth_text(1)
    headers = corpora.ccda()
    assert not {s.id for s in halves[0]} & {s.id for s in halves[1]}
    assert sum(len(s.golds) for half in halves for s in half) == 2863
    assert sum(len(s.golds) for s in headers) > 500


def test_corpora_that_are_required_are_not_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "REQUIRED", True)
    monkeypatch.setattr(strangers, "CORPORA", tmp_path)
    monkeypatch.setattr(corpora, "CORPORA", tmp_path)
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception)) as ended:
        test_corpora_where_there_are_any()
    assert ended.type is pytest.fail.Exception
