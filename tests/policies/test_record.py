"""The tokenized record keeps no piece of what was decided upon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.subject import Subject
from policies import profile
from policies.decisions import Action, Decision, Replacement
from policies.record import tokenize
from policies.tokens.tokenizer import TokenRequest
from policies.values.normalise import Matching


class Counting:
    """Numbers each distinct request: enough to see which values were asked for, and how often."""

    def __init__(self) -> None:
        self.batches: list[Sequence[TokenRequest]] = []
        self.known: dict[TokenRequest, str] = {}

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        self.batches.append(requests)
        return [self.known.setdefault(r, f"t{len(self.known)}") for r in requests]


def reading(text: str) -> PageReading:
    """A page of that text, each character ten pixels wide and each line twenty high."""
    words, at = [], 0
    for row, line in enumerate(text.split("\n")):
        column = 0
        for piece in line.split(" "):
            if piece:
                box = Box(column * 10, row * 20, (column + len(piece)) * 10, row * 20 + 18)
                words.append(Word(piece, 90.0, Quad.of(box), row, at, at + len(piece)))
            column += len(piece) + 1
            at += len(piece) + 1
    return PageReading(2000, 2000, 200.0, tuple(words), text, "test-1")


def decided(page: PageReading, kind: Kind, value: str, action: Action, words: bool = True) -> Decision:
    start = page.text.index(value)
    span = Span(start, start + len(value), kind, 1.0, Layer.PATTERN)
    indices = page.words_in(span.start, span.end)
    regions = tuple(page.words[i].region for i in indices)
    return Decision(Finding(0, kind, 1.0, Layer.PATTERN, regions, indices if words else (), span), action, "r")


TEXT = "Patient: KOVACS, MARIA J\nborn 03/04/1951 in 94110\nseen 3/4/2021 (MRN 00123-4)\nKovacs was well"


def test_tokens_coarser_values_and_burned_marks() -> None:
    page = reading(TEXT)
    tokenizer = Counting()
    record = tokenize(
        [page],
        [
            decided(page, Kind.PERSON, "KOVACS, MARIA J", Action.TOKENIZE),
            decided(page, Kind.DATE, "03/04/1951", Action.GENERALISE),
            decided(page, Kind.ZIP, "94110", Action.GENERALISE),
            decided(page, Kind.DATE, "3/4/2021", Action.KEEP),
            decided(page, Kind.MRN, "00123-4", Action.BURN),
            decided(page, Kind.PERSON, "Kovacs", Action.TOKENIZE),
        ],
        tokenizer,
        "north",
        "research",
    )
    assert record.pages == ("Patient: [PERSON:t0]\nborn 1951 in 941\nseen 3/4/2021 (MRN [MRN])\n[PERSON:t1] was well",)
    assert record.marks == {"[PERSON:t0]", "[PERSON:t1]", "[MRN]"}
    assert record.mean_confidence == 90.0
    assert len(tokenizer.batches) == 1
    first = tokenizer.batches[0][0]
    assert (first.tenant, first.purpose, first.kind, first.value) == (
        "north",
        "research",
        Kind.PERSON,
        "maria j kovacs",
    )


def test_one_request_for_each_value_in_one_batch() -> None:
    pages = [reading("Maria Kovacs came"), reading("KOVACS, MARIA left")]
    second = decided(pages[1], Kind.PERSON, "KOVACS, MARIA", Action.TOKENIZE)
    moved = Finding(
        1, Kind.PERSON, 1.0, Layer.SPREAD, second.finding.regions, second.finding.words, second.finding.span
    )
    tokenizer = Counting()
    record = tokenize(
        pages,
        [decided(pages[0], Kind.PERSON, "Maria Kovacs", Action.TOKENIZE), Decision(moved, Action.TOKENIZE, "r")],
        tokenizer,
        "t",
        "p",
    )
    assert record.pages == ("[PERSON:t0] came", "[PERSON:t0] left")
    assert [len(b) for b in tokenizer.batches] == [1]


def test_the_strictest_of_overlapping_decisions_holds_for_all_of_them() -> None:
    page = reading("call Maria Kovacs 555-0100 now")
    record = tokenize(
        [page],
        [
            decided(page, Kind.PERSON, "Maria Kovacs 555", Action.TOKENIZE),
            decided(page, Kind.PHONE, "555-0100", Action.BURN),
        ],
        Counting(),
        "t",
        "p",
    )
    assert record.pages == ("call [PHONE] now",)


def test_an_unreadable_word_does_not_take_the_token_of_its_name() -> None:
    page = reading("call Maria Kovacs now")
    decisions = [
        decided(page, Kind.PERSON, "Maria Kovacs", Action.TOKENIZE),
        decided(page, Kind.UNREADABLE, "Kovacs", Action.BURN),
    ]
    assert tokenize([page], decisions, Counting(), "t", "p").pages == ("call [PERSON:t0] now",)


def test_words_under_burned_ink_go_too() -> None:
    page = reading("keep this\nhidden words\nkeep that")
    ink = Finding(0, Kind.INK, 1.0, Layer.VISUAL, (Quad.of(Box(0, 20, 200, 38)),))
    record = tokenize([page], [Decision(ink, Action.BURN, "r")], None, "t", "p")
    assert record.pages == ("keep this\n[INK] [INK]\nkeep that",)


def test_a_span_over_two_lines_keeps_the_lines() -> None:
    page = reading("see Maria\nKovacs today")
    record = tokenize([page], [decided(page, Kind.PERSON, "Maria\nKovacs", Action.BURN)], None, "t", "p")
    assert record.pages == ("see [PERSON]\n today",)


def test_a_token_without_a_tokenizer_is_refused() -> None:
    page = reading(TEXT)
    decisions = [decided(page, Kind.PERSON, "Kovacs", Action.TOKENIZE)]
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        tokenize([page], decisions, None, "t", "p")


def test_a_tokenizer_that_returns_too_few_is_refused() -> None:
    class Short(Counting):
        def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
            return super().tokens(requests)[1:]

    page = reading(TEXT)
    with pytest.raises(RedoubtError, match=Reason.VAULT_REFUSED.value):
        tokenize([page], [decided(page, Kind.PERSON, "Kovacs", Action.TOKENIZE)], Short(), "t", "p")


def test_nothing_of_it_is_in_a_repr() -> None:
    page = reading(TEXT)
    assert "well" not in repr(tokenize([page], [], None, "t", "p"))


PLANTED = ("Zyxanna", "Qorvell-Brunt", "771-55-90", "08/17/1963", "xk.zorn@qq.example", "Wq83311")


@given(
    words=st.lists(st.sampled_from(("the", "patient", "was", "seen", "by", *PLANTED)), min_size=1, max_size=30),
    breaks=st.sets(st.integers(0, 29)),
    spans=st.data(),
    name=st.sampled_from(profile.names()),
)
def test_no_planted_identifier_remains(words: list[str], breaks: set[int], spans: st.DataObject, name: str) -> None:
    """Whatever shape the findings have, whole, partial or overlapping: touched words are gone to the last letter."""
    text = "".join(("\n" if i in breaks and i else " " if i else "") + w for i, w in enumerate(words))
    page = reading(text)
    chosen = profile.load(name)
    decisions = []
    for index, word in enumerate(page.words):
        if word.text in PLANTED:
            start = spans.draw(st.integers(max(word.start - 6, 0), word.end - 1))
            end = spans.draw(st.integers(max(word.start, start) + 1, min(word.end + 6, len(text))))
            kind = spans.draw(st.sampled_from((Kind.PERSON, Kind.SSN, Kind.STREET, Kind.EMAIL, Kind.OTHER_ID)))
            found = Span(start, end, kind, 0.9, Layer.NER)
            indices = (index,) if spans.draw(st.booleans()) else ()
            finding = Finding(0, kind, 0.9, Layer.NER, (word.region,), indices, found, Owner.UNKNOWN)
            decisions.append(chosen.decide(finding, text[start:end]))
    record = tokenize([page], decisions, Counting(), "t", "p").pages[0]
    for planted in PLANTED:
        pieces = [planted[i : i + 3] for i in range(len(planted) - 2)]
        assert not any(piece in record for piece in pieces)
    assert record.count("\n") == text.count("\n")


def test_neighbours_keep_the_blanks_between_them() -> None:
    page = reading("Ann Lee MRN 00123-4 (217) 555-0142 tel")
    spans = [("Ann Lee ", Kind.PERSON), ("00123-4 ", Kind.MRN), ("(217) 555-0142", Kind.PHONE)]
    decisions = [decided(page, kind, value, Action.BURN) for value, kind in spans]
    assert tokenize([page], decisions, None, "t", "p").pages == ("[PERSON] MRN [MRN] [PHONE] tel",)


@pytest.mark.parametrize(
    ("text", "value", "record"),
    [
        ("seen by Ann Lee, who left.", "Ann Lee", "seen by [PERSON], who left."),
        ("seen by Ann Lee, who left.", "Ann Lee,", "seen by [PERSON], who left."),
        ("It was Ann Lee. She left.", "Ann Lee", "It was [PERSON]. She left."),
        ("mother (Ann Lee): well", "Ann Lee", "mother ([PERSON]): well"),
        ('"Ann Lee" stood there', "Ann", '"[PERSON]" stood there'),
        ("(217) 555-0142, day", "(217) 555-0142", "[PERSON], day"),
        ("call (217) 555-0142.", "217) 555-0142", "call [PERSON]."),
        ("[217] (Ann) x", "217", "[[PERSON]] (Ann) x"),
        # What a hyphen, a slash or an apostrophe joins is one word, however much of it was found.
        ("Ann-Marie, well", "Ann", "[PERSON], well"),
        ("12/Lee; well", "Lee", "[PERSON]; well"),
        ("O'Hara's. well", "Hara", "[PERSON]. well"),
        ("Lee-, well", "Lee", "[PERSON], well"),
        ("... Ann", "...", "[PERSON] Ann"),
    ],
)
def test_punctuation_around_what_went_belongs_to_the_sentence(text: str, value: str, record: str) -> None:
    page = reading(text)
    decision = decided(page, Kind.PERSON, value, Action.BURN)
    if '"Ann' in text:
        decision = replace(decision, finding=replace(decision.finding, words=(0, 1)))
        span = decision.finding.span
        assert span
        decision = replace(decision, finding=replace(decision.finding, span=replace(span, end=span.end + 4)))
    assert tokenize([page], [decision], None, "t", "p").pages == (record,)


def test_pages_keep_their_order_and_their_numbers() -> None:
    pages = [reading("one Kovacs."), reading(""), reading("three")]
    record = tokenize(pages, [decided(pages[0], Kind.PERSON, "Kovacs", Action.BURN)], None, "t", "p")
    assert record.pages == ("one [PERSON].", "", "three")


KNOWN = Subject(names=("Maria Kovacs",), mrn="00123456", phones=("217-555-0142", "217-555-0199"))


@pytest.mark.parametrize(
    ("kind", "owner", "read", "value"),
    [
        (Kind.PERSON, Owner.PATIENT, "KOVOCS, MARIA", "maria kovacs"),
        (Kind.PERSON, Owner.PATIENT, "Kovocs", "maria kovacs"),
        (Kind.MRN, Owner.PATIENT, "MRN 0O123456", "123456"),
        (Kind.MRN, Owner.PATIENT, "00123466", "123456"),
        # Not the patient's, or nothing that a slip explains.
        (Kind.PERSON, Owner.RELATIVE, "Kovocs", "kovocs"),
        (Kind.PERSON, Owner.UNKNOWN, "Kovocs", "kovocs"),
        (Kind.PERSON, Owner.PATIENT, "Maria Kovacs Lindt", "maria kovacs lindt"),
        (Kind.MRN, Owner.PATIENT, "00129999", "129999"),
        # As near to one number of the patient as to the other.
        (Kind.PHONE, Owner.PATIENT, "217-555-0192", "2175550192"),
    ],
)
def test_what_was_misread_of_the_patient_takes_the_token_of_the_patients_own_data(
    kind: Kind, owner: Owner, read: str, value: str
) -> None:
    page = reading(f"seen {read} today")
    found = decided(page, kind, read, Action.TOKENIZE)
    decision = replace(
        found, finding=replace(found.finding, owner=owner), replacement=Replacement(matching=Matching.LENIENT)
    )
    tokenizer = Counting()
    tokenize([page], [decision], tokenizer, "t", "p", subject=KNOWN)
    assert [request.value for request in tokenizer.known] == [value]


def test_two_people_s_names_in_one_word_take_neither_s_token() -> None:
    page, subject = (
        reading("Kovacs/Nyberg came. Nyberg/Kovacs and KOVACS,MARIA,J left."),
        Subject(names=("Maria Kovacs",)),
    )
    owned = {"Kovacs": Owner.PATIENT, "/Kovacs": Owner.PATIENT, "KOVACS,MARIA": Owner.PATIENT}
    decisions = []
    for value in ("Kovacs", "/Nyberg", "Nyberg/", "/Kovacs", "KOVACS,MARIA", ",J"):
        made = decided(page, Kind.PERSON, value, Action.TOKENIZE)
        decisions.append(replace(made, finding=replace(made.finding, owner=owned.get(value, Owner.UNKNOWN))))
    record = tokenize([page], decisions, Counting(), "t", "p", subject=subject)
    assert record.pages == ("[PERSON] came. [PERSON] and [PERSON:t0] left.",)
