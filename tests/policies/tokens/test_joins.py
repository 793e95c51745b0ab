"""Tokens join the documents of a patient, damaged as scans are, and never those of two."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any, NamedTuple

import pytest

from detectors.findings import Kind, Owner
from policies.tokens.local import LocalTokenizer
from policies.tokens.tokenizer import TokenRequest
from policies.values.known_patient import as_listed
from policies.values.normalise import Matching, normalise
from tests.policies.tokens.cohort import (
    CONFUSED,
    DAMAGE,
    Patient,
    by_way_of_others,
    cohort,
    damaged,
    joined,
    spellings,
    subject,
)

PATIENTS, DOCUMENTS = 500, 5


@pytest.mark.parametrize(("mentions", "told"), [(1, False), (2, False), (1, True)])
def test_five_damaged_documents_of_each_patient_join_and_no_others(mentions: int, told: bool) -> None:
    """Also where each identifier stands once on its document and nobody told the patient."""
    found = join_shares(list(cohort(PATIENTS, seed=7)), mentions, DAMAGE, told)
    assert found.false == 0
    assert found.true >= 0.97, found


class JoinShares(NamedTuple):
    """The share of true pairs of documents that join by themselves, the share that a third document may join too, and
    how many pairs of two patients do."""

    directly: float
    true: float
    false: int


def join_shares(patients: Sequence[Patient], mentions: int, damage: float, told: bool = False) -> JoinShares:
    """Of documents on which each identifier stands so often, each mention read by itself. `told`: each document's event
    tells its patient's data, as the gateway's events do.
    """
    random, tokenizer = Random(11), LocalTokenizer(production=False)  # noqa: S311
    documents: list[tuple[int, list[tuple[Kind, str]]]] = []
    for index, patient in enumerate(patients):
        for style in range(DOCUMENTS):
            written = [pair for pair in spellings(patient, style) for _ in range(mentions)]
            read = [(kind, damaged(text, random, damage)) for kind, text in written]
            if told:
                read = [(kind, as_listed(kind, Owner.PATIENT, text, subject(patient))) for kind, text in read]
            requests = [TokenRequest("north", "p", k, v) for k, t in read if (v := normalise(k, t, Matching.LENIENT))]
            tokens = tokenizer.tokens(requests)
            documents.append((index, [(r.kind, token) for r, token in zip(requests, tokens, strict=True)]))
    by_token: dict[tuple[Kind, str], set[int]] = {}
    for number, (_, found) in enumerate(documents):
        for token in found:
            by_token.setdefault(token, set()).add(number)
    pairs = {pair for together in by_token.values() for pair in combinations(sorted(together), 2)}
    joins = [pair for pair in pairs if joined(documents[pair[0]][1], documents[pair[1]][1])]
    directly = sum(documents[one][0] == documents[other][0] for one, other in joins)
    persons = by_way_of_others(joins, len(documents))
    together = _pairs(Counter(persons))
    true = _pairs(Counter(zip(persons, (patient for patient, _ in documents), strict=True)))
    there_are = len(patients) * DOCUMENTS * (DOCUMENTS - 1) // 2
    return JoinShares(directly / there_are, true / there_are, together - true)


def _pairs(groups: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in groups.values())


def test_two_patients_never_share_a_number_and_share_a_name_only_where_it_is_one() -> None:
    """The million is behind `python -m tests.bench.tokens collisions`."""
    assert collisions(20_000) == 0


def collisions(count: int) -> int:
    """Values that two different identifiers were made into, over the spellings of so many patients."""
    first: dict[tuple[Kind, str], str] = {}
    wrong = 0
    for patient in cohort(count, seed=count):
        truth = {
            # Scanners lose accents: with and without them a name is one, and that is meant.
            Kind.PERSON: plain(f"{patient.given} {patient.surname} {patient.generation}"),
            Kind.MRN: patient.mrn,
            Kind.SSN: patient.ssn,
            Kind.PHONE: patient.phone,
            Kind.EMAIL: patient.email,
        }
        spelled = dict(spellings(patient, 3)) | {Kind.EMAIL: patient.email}
        for kind, meant in truth.items():
            value = normalise(kind, spelled[kind], Matching.LENIENT)
            wrong += first.setdefault((kind, value), meant) != meant
    return wrong


def test_no_rule_joins_two_patients_who_are_one_slip_apart() -> None:
    """What a scanner makes of one patient's name or number may be another's: that is no slip to set right."""
    for patient in cohort(60, seed=3):
        for style in range(4):
            mine = dict(spellings(patient, style))
            for kind, other in neighbours(patient):
                theirs = dict(spellings(other, style))
                assert normalise(kind, mine[kind], Matching.LENIENT) != normalise(kind, theirs[kind], Matching.LENIENT)


def neighbours(patient: Patient) -> Iterator[tuple[Kind, Patient]]:
    """Patients who differ by one letter or digit, lost or taken for another, and the kind in which they do."""
    for name in _slipped(patient.given):
        yield Kind.PERSON, replace(patient, given=name)
    for name in _slipped(patient.surname):
        yield Kind.PERSON, replace(patient, surname=name)
    for number in _slipped(patient.mrn.lstrip("0")):
        if not number.startswith("0"):
            yield Kind.MRN, replace(patient, mrn=number.zfill(8))
    for number in _slipped(patient.phone):
        if len(number) == len(patient.phone):
            yield Kind.PHONE, replace(patient, phone=number)
    for street in _slipped(patient.street.removesuffix(" Street")):
        yield Kind.STREET, replace(patient, street=f"{street} Street")


def _slipped(text: str) -> Iterator[str]:
    """Capitals stay, and a digit where one stood: what else a slip leaves, nobody bears."""
    for at, character in enumerate(text):
        if character.islower() or character.isdigit():
            taken_for = CONFUSED.get(character, "")
            if len(text) > 2:
                yield text[:at] + text[at + 1 :]
            if (taken_for.isdigit() if character.isdigit() else taken_for.isalpha()) and taken_for:
                yield text[:at] + taken_for + text[at + 1 :]


def plain(text: str) -> str:
    """Without accents and case."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()
