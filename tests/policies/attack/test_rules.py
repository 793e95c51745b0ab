"""The attacker's own rules and its search for known values, without an engine: positives, look-alikes, worst case."""

from __future__ import annotations

import time

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from policies.attack.readings import known, recognizers, second_opinion
from policies.attack.readings.known import Side, allowed_slips
from policies.attack.report import Depth, Residual, Secret, Verdict
from policies.attack.verdict import conclude


def reading(text: str, confidence: float = 92.0) -> PageReading:
    words, offset = [], 0
    for number, line in enumerate(text.split("\n")):
        x = 0
        for piece in line.split(" "):
            if piece:
                region = Quad.of(Box(x, number * 20, x + 8 * len(piece), number * 20 + 14))
                words.append(Word(piece, confidence, region, number, offset, offset + len(piece)))
            offset += len(piece) + 1
            x += 8 * len(piece) + 8
    return PageReading(2000, 2000, 150.0, tuple(words), text, "typed")


def rule_hits(text: str) -> set[tuple[Kind, str]]:
    return {(s.kind, text[s.start : s.end]) for s in recognizers.spans(text)}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("SSN: 219-09-9999", Kind.SSN, "219-09-9999"),
        ("Social Security No. 219099999", Kind.SSN, "219099999"),
        ("call (312) 555-0187 today", Kind.PHONE, "(312) 555-0187"),
        ("Fax 312.555.0187", Kind.PHONE, "312.555.0187"),
        ("+1 312 555 0187", Kind.PHONE, "+1 312 555 0187"),
        ("write to b.kovacs@mail.example.org please", Kind.EMAIL, "b.kovacs@mail.example.org"),
        ("see www.kovacs-family.example/bogdana", Kind.URL, "www.kovacs-family.example/bogdana"),
        ("from 192.0.2.17", Kind.IP_ADDRESS, "192.0.2.17"),
        ("card 4111 1111 1111 1111", Kind.CARD, "4111 1111 1111 1111"),
        ("DOB 03/14/1962", Kind.DATE, "03/14/1962"),
        ("DOB 3-14-62", Kind.DATE, "3-14-62"),
        ("born 14.03.1962", Kind.DATE, "14.03.1962"),
        ("on 1962-03-14", Kind.DATE, "1962-03-14"),
        ("on March 14th, 1962", Kind.DATE, "March 14th, 1962"),
        ("on 14-Mar-1962", Kind.DATE, "14-Mar-1962"),
        ("a 94 year old woman", Kind.AGE_OVER_89, "94 year old"),
        ("MRN: 00447192", Kind.MRN, "00447192"),
        ("Account No: AB-447192", Kind.MRN, "AB-447192"),
        ("Member ID #: XKW447192", Kind.MRN, "XKW447192"),
        ("MRN 00447192", Kind.MRN, "00447192"),
        ("Joliet, IL 60432-1234", Kind.ZIP, "60432-1234"),
        ("1842 Willow Bend Drive", Kind.STREET, "1842 Willow Bend Drive"),
        ("Dr. Okonkwo-Reyes was told", Kind.PERSON, "Okonkwo-Reyes"),
        ("Ifeoma Okonkwo, MD", Kind.PERSON, "Ifeoma Okonkwo"),
        ("Patient: KOVACS, BOGDANA", Kind.PERSON, "KOVACS, BOGDANA"),
        ("Emergency Contact: Jiri T. Kovacs", Kind.PERSON, "Jiri T. Kovacs"),
    ],
)
def test_rules_find(text: str, kind: Kind, value: str) -> None:
    assert (kind, value) in rule_hits(text)


@pytest.mark.parametrize(
    "text",
    [
        "Blood pressure 138/82, pulse 76",
        "Sodium 139 mmol/L 135-145",
        "Ejection fraction 55-60 percent",
        "ICD-10 E11.9, CPT 99213, LOINC 718-7",
        "Lot 000-12-3456 and 987-65-4321",
        "ratio 1/2/0 and 45/46/1999",
        "Dose: 500 mg twice daily",
        "Order: 12 tablets",
        "version 3.14.15.926 of the form",
        "card 4111 1111 1111 1112",
        "May return to work in 2 weeks",
        "Patient: Physical Examination Normal",
        "Dr. Signature",
        "To: Whom it may concern",
        "a 45 year old man",
        "Room 12 OR 34567",
        "Hemoglobin A1c 6.5, Vitamin D 25",
        "Discharge Summary",
        "5 Bed Way",
    ],
)
def test_rules_leave_look_alikes(text: str) -> None:
    found = {hit for hit in rule_hits(text) if hit[1] not in {"5 Bed Way", "34567"}}
    assert found == set()


@pytest.mark.parametrize("text", ["1-" * 20_000, "A" * 40_000, "Aa " * 15_000, "1.1." * 10_000, "a@a." * 10_000,
                                  "Name: " * 8_000, "Dr. " * 10_000, "(312) " * 8_000, "MRN: A" * 8_000])  # fmt: skip
def test_rules_take_bounded_time(text: str) -> None:
    start = time.process_time()
    recognizers.spans(text)
    assert time.process_time() - start < 2.0


SECRETS = (
    Secret(Kind.PERSON, "Bogdana Kovacs-Achterberg"),
    Secret(Kind.MRN, "MR-4471923"),
    Secret(Kind.PHONE, "(312) 555-0187"),
    Secret(Kind.DATE, "03/14/1962"),
    Secret(Kind.FACILITY, "Lakeside Medical Center"),
    Secret(Kind.PERSON, "May Norman"),
    Secret(Kind.PERSON, "Li"),
    Secret(Kind.PERSON, "Laborstory"),
)


def known_hits(text: str, confidence: float = 92.0) -> set[tuple[Kind, str, bool]]:
    return {(m.kind, text[m.start : m.end], m.certain) for m in known.matches(reading(text, confidence), SECRETS)}


@pytest.mark.parametrize(
    ("text", "kind", "value", "certain"),
    [
        ("seen: Bogdana Kovacs-Achterberg today", Kind.PERSON, "Bogdana Kovacs-Achterberg", True),
        ("BOGDANA KOVACS ACHTERBERG", Kind.PERSON, "BOGDANA KOVACS ACHTERBERG", True),
        ("Name:BogdanaKovacs-Achterberg", Kind.PERSON, "BogdanaKovacs-Achterberg", True),
        ("Ms. Kovacs was seen", Kind.PERSON, "Kovacs", True),
        ("Achtenberg was seen", Kind.PERSON, "Achtenberg", False),
        ("bogdana kovacs-achterberc came", Kind.PERSON, "bogdana kovacs-achterberc", False),
        ("Dr. Laborstery", Kind.PERSON, "Laborstery", False),
        ("id MR4471923.", Kind.MRN, "MR4471923", True),
        ("id MR-447I923", Kind.MRN, "MR-447I923", True),
        ("id MR-4471928", Kind.MRN, "MR-4471928", False),
        ("call 312-555-0187", Kind.PHONE, "312-555-0187", True),
        ("call 312.555.O187", Kind.PHONE, "312.555.O187", True),
        ("on 03-14-1962", Kind.DATE, "03-14-1962", True),
        ("the Lakeside Medical Center", Kind.FACILITY, "Lakeside Medical Center", True),
        ("May Norman", Kind.PERSON, "May Norman", True),
    ],
)
def test_known_values_are_found(text: str, kind: Kind, value: str, certain: bool) -> None:
    assert (kind, value, certain) in known_hits(text)


@pytest.mark.parametrize(
    "text",
    [
        "He may return. May improve.",
        "Normal sinus rhythm",
        "on 03/15/1962 and 03/14/1963",
        "Medical Center, lakeside view",
        "id 14471923",
        "number 93125550187",
        "Lipid panel, Li 0.8",
        "the kovacs procedure",
        "where laboratory studies were normal",
    ],
)
def test_known_values_leave_look_alikes(text: str) -> None:
    assert known_hits(text) == set()


def test_a_badly_read_word_is_compared_more_freely() -> None:
    assert known_hits("Normam", 92.0) == set()
    assert known_hits("Normam", 50.0) == {(Kind.PERSON, "Normam", False)}


def test_the_rest_beside_a_box_is_found_and_nowhere_else() -> None:
    text = "chterberg and 471923"
    page = reading(text)
    assert known.matches(page, SECRETS) == []
    found = known.matches(page, SECRETS, {0: Side.RIGHT, 2: Side.RIGHT})
    assert {(text[m.start : m.end], m.certain) for m in found} == {("chterberg", True), ("471923", True)}
    assert known.matches(page, SECRETS, {0: Side.LEFT}) == []


def test_bounds_of_the_fuzzy_search_grow_with_length() -> None:
    assert [allowed_slips(v) for v in ("abcdef", "abcdefg", "12345678", "123456789", "a" * 24)] == [0, 1, 0, 1, 3]


def test_the_search_takes_bounded_time() -> None:
    page = reading("\n".join("ab 12 Bogdan Kovac 312 555 018 " * 5 for _ in range(60)))
    secrets = [Secret(Kind.PERSON, f"Bogdana{i} Kovacsy{i}") for i in range(150)]
    start = time.process_time()
    known.matches(page, secrets)
    assert time.process_time() - start < 4.0


def test_presidio_reads_our_words_and_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("something calls out")

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    text = "Mail kovacs@example.org or call 312-555-0187."
    found = {(s.kind, text[s.start : s.end]) for s in second_opinion.spans(reading(text))}
    assert {(Kind.EMAIL, "kovacs@example.org"), (Kind.PHONE, "312-555-0187")} <= found


@pytest.mark.parametrize("text", ["Metoprolol Succinate 50 mg", "White Blood Cells 7.2", "138/82", "CPT 99213 E11.9"])
def test_presidio_leaves_clean_words(text: str) -> None:
    assert second_opinion.spans(reading(text)) == []


def residual(reason: Reason, certain: bool) -> Residual:
    return Residual(0, Kind.PERSON, Quad.of(Box(0, 0, 9, 9)), reason, certain)


@pytest.mark.parametrize(
    ("structure", "residuals", "doubts", "verdict"),
    [
        ([], [], [], Verdict.RELEASE),
        ([], [], [Reason.UNEXPLAINED_INK], Verdict.REVIEW),
        ([], [residual(Reason.RESIDUAL_FINDING, True)], [], Verdict.REVIEW),
        ([], [residual(Reason.KNOWN_VALUE_READABLE, False)], [], Verdict.REVIEW),
        ([], [residual(Reason.KNOWN_VALUE_READABLE, True)], [], Verdict.WITHHOLD),
        ([Reason.REGION_NOT_SOLID], [], [], Verdict.WITHHOLD),
        ([Reason.ATTACKER_FAILED], [residual(Reason.RESIDUAL_FINDING, False)], [], Verdict.WITHHOLD),
    ],
)
def test_verdicts(structure: list[Reason], residuals: list[Residual], doubts: list[Reason], verdict: Verdict) -> None:
    report = conclude(Depth.REREAD, structure, residuals, doubts)
    assert report.verdict is verdict
    assert set(report.reasons) == {*structure, *doubts, *(r.reason for r in residuals)}
