"""The record is attacked as the pixels are: whatever an error of ours leaves in it holds it back."""

from __future__ import annotations

import time

import pytest

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from policies.attack.readings.record import check_record
from policies.attack.report import Secret

KNOWN, LIKE = (Reason.KNOWN_VALUE_READABLE,), (Reason.RESIDUAL_FINDING,)
SECRETS = (
    Secret(Kind.PERSON, "Quillfeather, Maria"),
    Secret(Kind.MRN, "00123-4567"),
    Secret(Kind.BIRTH_DATE, "03/04/1961"),
    Secret(Kind.STREET, "12 Ombudsman Close"),
)
MARKS = frozenset(
    (
        "[PERSON:rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA]",
        "[MRN:rdt:mrn:s1:TKN000000000001]",
        "[MRN:rdt:mrn:s1:TKN000]",
        "[DATE:2021-03-11]",
        "[CITY]",
        "[PERSON]",
        "[MRN]",
    )
)
"""What was written into the records of these tests."""
CLEAN = (
    "Patient: [PERSON:rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA] MRN [MRN:rdt:mrn:s1:TKN000000000001]\n"
    "born 1961, seen [DATE:2021-03-11] in [CITY], ZIP 941, aged 90+\nmetformin 500 mg twice daily"
)


def acts_on_all(_kind: Kind, _owner: Owner, _text: str) -> bool:
    return True


def acts_on_none(_kind: Kind, _owner: Owner, _text: str) -> bool:
    return False


def test_a_clean_record_has_nothing_held_against_it() -> None:
    assert check_record([CLEAN, "", "Plan: low sodium diet"], MARKS, SECRETS, acts_on_all) == ()


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("seen by Quillfeather today", KNOWN),
        ("seen by QUILLFEATHER, MARIA today", KNOWN),
        ("record 00123-4567 of", KNOWN),
        ("record 001234567 of", KNOWN),
        ("born 03/04/1961 in", KNOWN),
        ("at 12 Ombudsman Close, in", KNOWN),
        ("seen by Quillfcather today", LIKE),
        ("[PERSON]er came", KNOWN),
        ("no4[MRN] is", KNOWN),
        ("[MRN:rdt:mrn:s1:TKN000000000001]4 is", KNOWN),
        ("SSN 078-05-1120", LIKE),
        ("Dr. Zyxanna Qorvell", LIKE),
        ("on 08/17/2019", LIKE),
        # A document may have been written with a token, to be taken for another patient's.
        ("this is rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA", LIKE),
        ("[MRN:rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA]", LIKE),
        ("[PERSON:2021-03-11]", LIKE),
        ("[PERSON:Quillfeather]", KNOWN),
        ("[PERSON:rdt:person:r1:BBBBBBBBBBBBBBBBBBBBBB]", LIKE),
        ("[PERSON:rdt:person:s1:MARIAQUILLFEATHER]", LIKE),
        ("[PERSON:rdt:person:s1:QUILLFEATHERMARIA]", KNOWN),
        ("[MRN:rdt:mrn:s1:001234567]", KNOWN),
        ("Q-u-i-l-l-f-e-a-t-h-e-r came", KNOWN),
        ("m a r i a  q u i l l f e a t h e r came", KNOWN),
        ("[DRAGON:rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA]", LIKE),
    ],
)
def test_what_is_left_in_a_record_is_found(text: str, reasons: tuple[Reason, ...]) -> None:
    assert set(reasons) <= set(check_record([CLEAN, f"{CLEAN}\n{text}"], MARKS, SECRETS, acts_on_all))
    assert set(check_record([text], MARKS, (), acts_on_all)) <= {*KNOWN, *LIKE}


def test_what_the_profile_keeps_may_stay() -> None:
    assert check_record(["Quillfeather, SSN 078-05-1120"], MARKS, SECRETS, acts_on_none) == ()


def test_a_mark_does_not_join_the_words_beside_it() -> None:
    """Two words on both sides of a burned one are no name."""
    assert check_record(["Patient: [PERSON] Ward Seven"], MARKS, (), acts_on_all) == ()


def test_letters_of_a_token_are_no_name() -> None:
    secrets = (Secret(Kind.PERSON, "Anna Lee"), Secret(Kind.OTHER_ID, "AAAA"))
    assert (
        check_record(
            ["[PERSON:rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA] [MRN:rdt:mrn:s1:TKN000]"], MARKS, secrets, acts_on_all
        )
        == ()
    )


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "[DATE:" * 20_000, "[PERSON:rdt:person:v1:" + "A" * 100_000, "rdt:" * 20_000]
)
def test_worst_case_time(text: str) -> None:
    started = time.process_time()
    check_record([text], MARKS, SECRETS, acts_on_all)
    assert time.process_time() - started < 5.0
