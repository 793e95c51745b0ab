"""The head of a house's paper is the house's; the same lines below a person, or with a person's label, are not."""

from __future__ import annotations

import re

import pytest

from detectors.findings import Kind, Layer, Owner, Span
from detectors.known.letterhead import providers

KINDS = {
    "h": Kind.FACILITY, "s": Kind.STREET, "c": Kind.CITY, "z": Kind.ZIP, "t": Kind.PHONE, "p": Kind.PERSON,
    "b": Kind.BIRTH_DATE, "m": Kind.MRN, "e": Kind.EMAIL,
}  # fmt: skip


def owners(marked: str, owner: Owner = Owner.UNKNOWN) -> set[tuple[str, Owner]]:
    """`s⟦12 Elm St⟧` is a span of that kind."""
    text, spans, at = "", list[Span](), 0
    for hit in re.finditer(r"([hsczptbmeS])⟦([^⟧]*)⟧", marked):
        text += marked[at : hit.start()]
        kind = KINDS[hit[1].lower()]
        whose = owner if hit[1] == "S" else Owner.UNKNOWN
        spans.append(Span(len(text), len(text) + len(hit[2]), kind, 0.8, Layer.PATTERN, whose))
        text, at = text + hit[2], hit.end()
    text += marked[at:]
    return {(text[s.start : s.end], s.owner) for s in providers(text, spans) if s.kind is not Kind.FACILITY}


def test_the_lines_below_a_house_are_its_own() -> None:
    found = owners(
        "h⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧, c⟦Troy⟧ z⟦45373⟧\nPhone: t⟦555-0100⟧  Fax t⟦555-0101⟧\nSeen today"
    )
    assert found == {(value, Owner.PROVIDER) for value in ("12 Elm St", "Troy", "45373", "555-0100", "555-0101")}


@pytest.mark.parametrize(
    "marked",
    [
        "p⟦Ana Lopez⟧\nh⟦SUNRISE HOME⟧\ns⟦12 Elm St⟧",
        "h⟦RIVERSIDE CLINIC⟧\nAddress: s⟦12 Elm St⟧",
        "h⟦RIVERSIDE CLINIC⟧\nFACE SHEET\ns⟦12 Elm St⟧",
        "h⟦RIVERSIDE CLINIC⟧\np⟦Ana Lopez⟧ s⟦12 Elm St⟧",
        "Seen at h⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧",
        "p⟦Ana Lopez⟧\nb⟦07/08/1950⟧\nh⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧",
        "m⟦7781234⟧\nh⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧",
        "Patient lives at:\nh⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧",
        "Copy to: h⟦TROY CLINIC⟧\nh⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧",
        "h⟦RIVERSIDE CLINIC⟧\n\n\ns⟦12 Elm St⟧",
        "h⟦RIVERSIDE CLINIC⟧\n \ns⟦12 Elm St⟧",
        "RESIDENT FACE SHEET\nh⟦Sunrise Manor Nursing Home⟧\ns⟦12 Elm St⟧\nt⟦555-0100⟧",
        "h⟦SUNRISE ASSISTED LIVING⟧\ns⟦12 Elm St⟧",
        "h⟦St. Ann Hospice⟧\ns⟦12 Elm St⟧",
        "h⟦RIVERSIDE CLINIC⟧\nE-mail e⟦ana.lopez@example.com⟧",
        "h⟦RIVERSIDE CLINIC⟧\nE-mail e⟦riverside.ana@example.com⟧",
        "a\n" * 9 + "h⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧",
    ],
    ids=[
        "a person above",
        "a label",
        "a heading between",
        "a person on the line",
        "in a sentence",
        "a birth between",
        "a record above",
        "a home announced",
        "a label above",
        "blank lines",
        "a blank line",
        "a resident's face sheet",
        "assisted living",
        "a hospice",
        "a personal mailbox",
        "a name for a mailbox",
        "far below",
    ],
)
def test_others_stay_nobody_s(marked: str) -> None:
    assert {whose for _, whose in owners(marked)} == {Owner.UNKNOWN}


@pytest.mark.parametrize(
    "mailbox", ["info@riverside.example", "records@riversideclinic.org", "a@mail.riverside-oh.org"]
)
def test_a_mailbox_at_the_houses_own_domain_is_the_houses(mailbox: str) -> None:
    found = owners(f"h⟦RIVERSIDE CLINIC⟧\ns⟦12 Elm St⟧\nt⟦555-0100⟧ e⟦{mailbox}⟧")
    assert found == {(value, Owner.PROVIDER) for value in ("12 Elm St", "555-0100", mailbox)}


@pytest.mark.parametrize("owner", [Owner.PATIENT, Owner.RELATIVE])
def test_a_street_that_has_an_owner_ends_the_head(owner: Owner) -> None:
    assert owners("h⟦RIVERSIDE CLINIC⟧\nS⟦12 Elm St⟧ z⟦45373⟧", owner) == {
        ("12 Elm St", owner),
        ("45373", Owner.UNKNOWN),
    }
