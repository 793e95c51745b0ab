"""The event's patient: found in every shape, owned rightly, and not seen where it is not."""

from __future__ import annotations

import math
import re
import time
from datetime import date

import pytest

from detectors.findings import Kind, Layer, Owner, Span
from detectors.known import KnownValues
from detectors.spans.merge import merge
from detectors.subject import Subject

SUBJECT = Subject(
    names=("Zsófia Grace Quuxley-O'Mander",),
    birth_date=date(1950, 2, 3),
    mrn="00123-457",
    ssn="123-45-6789",
    addresses=("1417 Wexcombe Hollow Rd Apt 3, North Tarnbrook, OH 44999",),
    phones=("+1 (555) 013-4477",),
    emails=("zsofia.q@example.org",),
    ids=("XQZ884512907",),
    relatives=("Barnabas Quuxley",),
    providers=("Dr. Ilse Vandermoot, MD",),
)
KNOWN = KnownValues(SUBJECT)


def found(text: str) -> list[tuple[str, Kind, Owner]]:
    return [(text[s.start : s.end], s.kind, s.owner) for s in merge(text, KNOWN.spans(text))]


P, R, D = Owner.PATIENT, Owner.RELATIVE, Owner.PROVIDER

POSITIVE = [
    ("seen: Zsofia Quuxley today", "Zsofia Quuxley", Kind.PERSON, P),
    ("QUUXLEY-O'MANDER, ZSOFIA G", "QUUXLEY-O'MANDER, ZSOFIA G", Kind.PERSON, P),
    ("Ms. Omander left", "Omander", Kind.PERSON, P),
    ("Z. Quuxley called", "Z. Quuxley", Kind.PERSON, P),
    ("Zsofia's mother", "Zsofia's", Kind.PERSON, P),
    ("seen by Z.G.Q.O. today", "Z.G.Q.O.", Kind.PERSON, P),
    ("Z.Q. / dictated", "Z.Q.", Kind.PERSON, P),
    ("FM/Z. G. Q. / 4", "Z. G. Q.", Kind.PERSON, P),
    ("Q.Z. slept well", "Q.Z.", Kind.PERSON, P),
    ("with B.Q. at home", "B.Q.", Kind.PERSON, R),
    ("Z.Q. Marlowe came", "Z.Q.", Kind.PERSON, Owner.UNKNOWN),
    ("ZSOFIAQUUXLEY", "ZSOFIAQUUXLEY", Kind.PERSON, P),
    ("Zs0fia Quuxiey", "Zs0fia Quuxiey", Kind.PERSON, P),
    ("Grace was seen", "Grace", Kind.PERSON, P),
    ("with Barnabas Quuxley", "Barnabas Quuxley", Kind.PERSON, R),
    ("I. Vandermoot MD", "I. Vandermoot", Kind.PERSON, D),
    ("born 2/3/1950", "2/3/1950", Kind.BIRTH_DATE, P),
    ("born 03.02.50", "03.02.50", Kind.BIRTH_DATE, P),
    ("born 1950-02-03", "1950-02-03", Kind.BIRTH_DATE, P),
    ("born Feb. 3rd, 1950", "Feb. 3rd, 1950", Kind.BIRTH_DATE, P),
    ("born 3-FEB-50", "3-FEB-50", Kind.BIRTH_DATE, P),
    ("born 3 February 1950", "3 February 1950", Kind.BIRTH_DATE, P),
    ("born 02031950", "02031950", Kind.BIRTH_DATE, P),
    ("born the third of February, 1950", "the third of February, 1950", Kind.BIRTH_DATE, P),
    ("born on February third, nineteen fifty", "February third, nineteen fifty", Kind.BIRTH_DATE, P),
    (
        "on this 3rd day of February nineteen hundred and fifty,",
        "3rd day of February nineteen hundred and fifty",
        Kind.BIRTH_DATE,
        P,
    ),
    ("born O2/O3/l950", "O2/O3/l950", Kind.BIRTH_DATE, P),
    ("no 00123457 x", "00123457", Kind.MRN, P),
    ("no 123 457 x", "123 457", Kind.MRN, P),
    ("no 000123457 x", "000123457", Kind.MRN, P),
    ("on April 20th 1969\n00123457\nseen", "00123457", Kind.MRN, P),
    ("id XQZ884512907  1 tablet", "XQZ884512907", Kind.OTHER_ID, P),
    ("no OO123-4S7 x", "OO123-4S7", Kind.MRN, P),
    ("ssn 123456789 x", "123456789", Kind.SSN, P),
    ("call 555.013.4477", "555.013.4477", Kind.PHONE, P),
    ("call (555) O13-4477", "(555) O13-4477", Kind.PHONE, P),
    ("call 013-4477 now", "013-4477", Kind.PHONE, Owner.UNKNOWN),
    ("id XQZ 8845 12907", "XQZ 8845 12907", Kind.OTHER_ID, P),
    ("idXQZ884512907end", "XQZ884512907", Kind.OTHER_ID, P),
    ("id XQZ884512\n907", "XQZ884512\n907", Kind.OTHER_ID, P),
    ("at ZSOFIA.Q@EXAMPLE. ORG", "ZSOFIA.Q@EXAMPLE. ORG", Kind.EMAIL, P),
    ("at zsofia.q@exam\nple.org", "zsofia.q@exam\nple.org", Kind.EMAIL, P),
    ("at zsof-\n  ia.q@example.org", "zsof-\n  ia.q@example.org", Kind.EMAIL, P),
    ("at zsofia.q\n@example.org", "zsofia.q\n@example.org", Kind.EMAIL, P),
    ("lives 1417 Wexcombe Hollow Road", "1417 Wexcombe Hollow Road", Kind.STREET, P),
    ("lives 1417 Wexcornbe", "1417 Wexcornbe", Kind.STREET, P),
    ("in North Tarnbrook now", "North Tarnbrook", Kind.CITY, P),
    ("OH 44999-1234", "44999-1234", Kind.ZIP, P),
]


MISREAD = [
    ("seen: Zsofia Quuxlcy today", "Zsofia Quuxlcy", Kind.PERSON, P),
    ("Patient: QUUXLEY-0MANDER, ZSOFLA", "QUUXLEY-0MANDER, ZSOFLA", Kind.PERSON, P),
    ("Ms. Quux ley was", "Quux ley", Kind.PERSON, P),
    ("Quuxley, ZsofiaG. came", "Quuxley, ZsofiaG", Kind.PERSON, P),
    ("DOB Fcb 3, 1950", "Fcb 3, 1950", Kind.BIRTH_DATE, P),
    ("DOB Feb 3 1`950", "Feb 3 1`950", Kind.BIRTH_DATE, P),
    ("DOB Z/3/1950", "Z/3/1950", Kind.BIRTH_DATE, P),
    ("call (555) 013-A477", "(555) 013-A477", Kind.PHONE, P),
    ("id XQZ88A512907", "XQZ88A512907", Kind.OTHER_ID, P),
    ("id XQZ8845|2907.", "XQZ8845|2907", Kind.OTHER_ID, P),
    ("at zsofia. q@example.org", "zsofia. q@example.org", Kind.EMAIL, P),
    ("at zsofia.q@exarnple.0rg", "zsofia.q@exarnple.0rg", Kind.EMAIL, P),
    ("Ms. Quuxleyis seen for", "Quuxleyis", Kind.PERSON, P),
]
"""What an engine makes of the patient's values stays theirs."""

ANOTHERS = [
    ("seen: Gracie Quuxley today", "Gracie Quuxley", Kind.PERSON),
    ("DOB Feb 8, 1950", "Feb 8, 1950", Kind.BIRTH_DATE),
    ("DOB 2/3/1956", "2/3/1956", Kind.BIRTH_DATE),
    ("born the third of February, nineteen fifty-one", "third of February", Kind.BIRTH_DATE),
    ("born the thirteenth of February, 1950", "thirteenth of February, 1950", Kind.BIRTH_DATE),
    ("born the twenty-third of February, 1950", "third of February, 1950", Kind.BIRTH_DATE),
    ("call (555) 018-4477", "555) 018-4477", Kind.PHONE),
    ("id XQZ884512901", "XQZ884512901", Kind.OTHER_ID),
    ("at zsofia.m@example.org", "zsofia.m@example.org", Kind.EMAIL),
    ("at bsofia.q@example.org", "bsofia.q@example.org", Kind.EMAIL),
    # Letters that print takes for one another, where no figure stands: another unit's number, another plan's.
    ("id KQZ884512907", "KQZ884512907", Kind.OTHER_ID),
    ("id XOZ884512907", "XOZ884512907", Kind.OTHER_ID),
    # A longer number, and a mailbox of another house, around the patient's.
    ("id XQZ8845129071", "XQZ8845129071", Kind.OTHER_ID),
    ("no 900123457 x", "900123457", Kind.MRN),
    ("no H00123457 x", "H00123457", Kind.MRN),
    ("at anna-zsofia.q@example.org", "anna-zsofia.q@example.org", Kind.EMAIL),
    ("at zsofia.q@example.net", "zsofia.q@example.net", Kind.EMAIL),
    ("at zsofia.q@sample.org", "zsofia.q@sample.org", Kind.EMAIL),
    ("at zsofia.q@exam\nple.net", "zsofia.q@exam\nple.net", Kind.EMAIL),
    ("at anna-zsofia.q@exam\nple.org", "anna-zsofia.q@exam\nple.org", Kind.EMAIL),
    ("at zsofia.q@exam\nple.org.au", "zsofia.q@exam\nple.org.au", Kind.EMAIL),
    ("at z\nsofia.q@example.org", "sofia.q@example.org", Kind.EMAIL),
    ("no 90000123457 x", "90000123457", Kind.MRN),
    ("no 001234571 x", "001234571", Kind.MRN),
]
"""One figure or letter that no engine takes for the patient's: a twin's number, the next patient's, a brother's."""


@pytest.mark.parametrize(("text", "value", "kind", "owner"), MISREAD)
def test_misread_values_stay_whose_they_are(text: str, value: str, kind: Kind, owner: Owner) -> None:
    assert (value, kind, owner) in found(text)


@pytest.mark.parametrize(("text", "value", "kind"), ANOTHERS)
def test_nearly_the_same_is_somebody_else_s(text: str, value: str, kind: Kind) -> None:
    assert P not in {o for v, k, o in found(text) if k is kind and (v in value or value in v)}


@pytest.mark.parametrize(("text", "value", "kind", "owner"), POSITIVE)
def test_found_whole(text: str, value: str, kind: Kind, owner: Owner) -> None:
    hits = [(v.strip("("), k, o) for v, k, o in found(text)]
    assert (value.strip("("), kind, owner) in hits


NEGATIVE = [
    "with good grace and hope",
    "GRACE PERIOD OF PAYMENT",
    "born 2/4/1950 or 2/3/1951",
    "on 12/3/1950",
    "no 9123-4579",
    "dose 457 mg 123 tablets",
    "the hollow organ, 1417 cells",
    "north of town",
    "44998 cases",
    "555 patients, 4477 controls",
    "SSSSSSSS OOOO IIII",
    "Z.X.Q. and G.Z. and Z.G.Q.R. came",
    "version Z.Q.1, host a.Z.Q, Z.Q.example",
    "the Z-Q axis, ZGQ, z.q.",
]


@pytest.mark.parametrize("text", NEGATIVE)
def test_look_alikes_are_nobody_s(text: str) -> None:
    assert found(text) == []


def test_a_long_run_is_not_cut_inside_a_word() -> None:
    text = "no 00123457" + " 1" * 14 + " 00123457 Generated by"
    assert not any("G" in value for value, _, _ in found(text))


def test_credentials_are_no_initials() -> None:
    assert ("Ilse Vandermoot", Kind.PERSON, D) in found("Ilse Vandermoot, M.D. wrote")


def test_another_person_s_name_is_not_kept_for_a_shared_surname() -> None:
    text = "Maren Quuxley and Zsofia Quuxley"
    ner = Span(0, 13, Kind.PERSON, 0.8, Layer.NER)
    spans = merge(text, KNOWN.settled(text, [ner, *KNOWN.spans(text)]))
    owners = {text[s.start : s.end]: s.owner for s in spans}
    assert owners["Zsofia Quuxley"] is Owner.PATIENT
    assert Owner.PATIENT not in {o for v, o in owners.items() if v.startswith(("Maren", "Quuxley"))}


def test_a_number_one_digit_off_burns_as_nobody_s() -> None:
    assert ("123-45-6780", Kind.SSN, Owner.UNKNOWN) in found("ssn 123-45-6780 x")


@pytest.mark.parametrize("unit", ["1", "1 ", "Q", "Zsofia ", "1/2/", "12-", "S5", "Wexcombe ", "a.", "zsofia.q @"])
def test_hostile_text_takes_time_as_it_grows(unit: str) -> None:
    """Four times as much takes about four times as long, never sixteen, however busy the machine is."""

    def cpu_s(length: int) -> float:
        text = (unit * length)[:length]
        took = []
        for _ in range(3):
            began = time.process_time()
            KNOWN.spans(text)
            took.append(time.process_time() - began)
        return min(took)

    assert math.log(cpu_s(40_000) / max(cpu_s(10_000), 1e-2), 4) < 1.6


def test_the_subject_s_values_show_in_no_repr() -> None:
    parts = KNOWN, KNOWN._numbers, KNOWN._addresses, KNOWN._names
    shown = re.sub(r"0x[0-9a-f]+", "", "".join(map(repr, parts)))  # where an object lies may hold any figures
    assert not any(v in shown.casefold() for v in ("quux", "wexcombe", "123", "tarnbrook"))


@pytest.mark.parametrize(
    ("mrn", "text", "own"),
    [
        ("B0012345", "B0012345", True),
        ("B0012345", "BO012345", True),
        ("B0012345", "H0012345", False),
        ("O0012345", "00012345", False),
        ("B0012345", "80012345", False),
        ("80012345", "B0012345", True),
        ("O0012345", "Q0012345", False),
        ("D0012345", "12345", False),
        ("0579970", "MRN 0579g70 seen", True),
        ("68-96874", "68-g6874", True),
        ("68-96874", "68-a6874", False),
        ("68-96874", "68-86874", False),
        ("57997", "57g97", False),
    ],
)
def test_a_letter_of_a_number_for_another_letter(mrn: str, text: str, own: bool) -> None:
    spans = merge(text, KnownValues(Subject(mrn=mrn)).spans(text))
    assert (P in {s.owner for s in spans}) is own


@pytest.mark.parametrize(
    ("listed", "read", "own"),
    [
        ("maria.kovacs@example.org", "maria.kovaes@example.org", True),
        ("maria.kovacs@example.org", "maria.kovacs@exarnple.0rg", True),
        ("maria.kovacs@example.org", "rnaria.kovacs@ example.org", True),
        ("maria.kovacs@example.org", "rnaria.k0vac5@example.org", True),
        ("hanna.lm@example.org", "hanna./m@example.org", True),
        ("hanna.lm@example.org", "hanna.Im@example.org", True),
        ("hanna.lm@example.org", "hanna.im@example.org", False),
        ("hanna.lm@example.org", "Hanna.Im@example.org", False),
        # A brother's, a sister's, a namesake's; and the same name at another house.
        ("maria.kovacs@example.org", "mario.kovacs@example.org", False),
        ("maria.kovacs@example.org", "marie.kovacs@example.org", False),
        ("mariakovacs@example.org", "mariokovacs@example.org", False),
        ("timkovacs@example.org", "jimkovacs@example.org", False),
        ("kovacs.tim@example.org", "kovacs.jim@example.org", False),
        ("tkovacs@example.org", "lkovacs@example.org", False),
        ("jkovacs@example.org", "kovacs@example.org", False),
        ("kovacs.g@example.org", "kovacs.q@example.org", False),
        ("maria.kovacs@ymail.com", "maria.kovacs@gmail.com", False),
        ("maria.kovacs@mailhaven.net", "maria.kovacs@mailhayen.net", True),
        ("maria.kovacs@mailhaven.net", "maria.kovaes@mailhayen.net", False),
        ("maria.kovacs@webpost.us", "maria.kovacs@vebpost.us", False),
    ],
)
def test_a_mailbox_is_the_patients_by_either_side_of_its_sign(listed: str, read: str, own: bool) -> None:
    spans = KnownValues(Subject(emails=(listed,))).spans(f"Write to {read} today")
    assert (P in {s.owner for s in spans}) is own
    assert P in {s.owner for s in KnownValues(Subject(emails=(read,))).spans(f"Write to {read} today")}


def test_the_family_s_name_behind_a_misread_title_is_the_patient_s() -> None:
    known = KnownValues(Subject(names=("Maria Kovacs",), relatives=("Tomas Kovacs",)))
    assert {s.owner for s in known.spans("Nr. Kovacs is seen for follow-up")} == {P}
    assert R in {s.owner for s in known.spans("Nora Kovacs is seen for follow-up")}


def test_a_year_alone_is_no_birth_date_run_together() -> None:
    known = KnownValues(Subject(birth_date=date(1924, 9, 1)))
    assert [s.owner for s in known.spans("born August 31, 1924 there")] == []
    assert {s.owner for s in known.spans("born Sept 1 1924 there")} == {P}
    assert {s.owner for s in known.spans("born 9/1/24 there")} == {P}


def test_a_run_of_numbers_that_is_cut_inside_a_word_makes_nothing_of_its_rest() -> None:
    text = "Medtronic serial number PJN409112H. Driver license W400-7781-2093 on file"
    spans = list(KnownValues(Subject(ids=("PJN409112H", "W400-7781-2093"))).spans(text))
    assert {(text[s.start : s.end].strip("."), s.owner) for s in spans} == {("PJN409112H", P), ("W400-7781-2093", P)}


def test_the_family_s_name_in_a_sister_s_mailbox_is_hers() -> None:
    text = "Write to marie.kovacs@example.org today"
    spans = KnownValues(Subject(names=("Maria Kovacs",), emails=("maria.kovacs@example.org",))).spans(text)
    whole = Span(9, 33, Kind.EMAIL, 0.9, Layer.PATTERN)
    assert [(s.start, s.end, s.kind, s.owner) for s in merge(text, [*spans, whole])] == [
        (9, 33, Kind.EMAIL, Owner.UNKNOWN)
    ]
