# ruff: noqa: E501  a line of a page stays on one line
"""Families as a release desk meets them: fathers and sons of one name, twins, sisters who married, room-mates of one
given name, at one address, on portal print-outs, letters, rosters and forms.

`{slot}` is filled from a household; each slot is the patient's own, somebody else's, or neither, and tells how the
value is written. Given names, surnames, streets and towns are the canaries' and a few frequent ones, for families bear
those as well. Everything follows from the seed.

`python -m tests.eval.households [--pages N] [--seed S] [--damage none|light|middle]...` prints what stays and burns, by
how it is written.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from detectors.detect import PageDetector, findings
from detectors.subject import Subject
from policies import profile as profiles
from policies.decisions import Action
from streams.pipeline.scope import scope
from tests.eval.damage import Strength, damaged
from tests.eval.desk import ALLOWS_ALL, PROFILE, Share, reading_of
from tests.eval.desk_charts import OTHERS, OWN
from tests.eval.household import Household
from tests.eval.samples import Gold, Sample

_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Visit:
    """One page, its patient as the event tells, and how each gold is written (`Gold.kind` is "own: how")."""

    page: Sample
    subject: Subject


PORTAL: Final = (
    ("MyChart - Personal Information", "{name}", "Legal name  {full}", "Born  {birth}", "Medical record number {mrn}", "Mobile  {phone}", "Home  {phone2}",
     "Email  {email}", "Address", "{street}", "{unit}", "{town}", "Proxy access: {kin_full} ({kin_word}), {kin_birth}, {kin_phone}", "Shared with {stranger_full}, {stranger_email}"),
    ("Account holder: {name}", "Dependents on this account", "1  {twin_full}   DOB {kin_birth}   {near_mrn}", "2  {sibling_full}   DOB {kin2_birth}   {other_mrn}",
     "Statement for {full}, MRN {mrn}", "Mail to:", "{full}", "{street} {unit}", "{town}", "Questions? {name} at {email} or {phone}"),
)  # fmt: skip
LETTERS: Final = (
    ("{full}", "{street}", "{unit}", "{town}", "", "RE: {filed}, {birth}, {mrn}", "", "Dear {title} {last},",
     "Thank you for coming with your {kin_word} {kin_full}. Your sister {sibling_full} (born {kin_birth}) had the same finding.",
     "{kin_word_cap} {kin_given} can be reached at {kin_phone}; we have {phone} for you.",
     "Your mother's record {other_mrn} was requested, as was that of {stranger_full}, of {stranger_street}, {stranger_town}.",
     "Please write to {email}.", "", "cc: {sibling_full}, {kin_email}"),
    ("To whom it may concern:", "{full}, born on {birth}, lives at {street} {unit}, {town} with {his} {kin_word} {kin_full}, {his} son {sibling_given} and {his} neighbor {stranger_full}.",
     "{He} can be reached at {phone} or {email}. {His} {kin_word} {kin_given} {family} answers {kin_phone}.",
     "The children are {twin_full} ({kin_birth}) and {sibling_full} ({kin2_birth}).", "Record {mrn}. Not to be confused with {stranger_same_given}, record {near_mrn}."),
    ("Dear Dr. {doctor_last},", "I saw {full} ({birth}, {mrn}) with {his} {kin_word}, {kin_full}.",
     "Family history: father {elder} died of stroke, brother {sibling_full} has diabetes, aunt {stranger_full} breast cancer.",
     "{last} was formerly {former}. {title} {last} prefers {phone}.", "Sincerely, {doctor_full}, MD"),
)  # fmt: skip
ROSTERS: Final = (
    ("CLINIC ROSTER", "#  Name   DOB   MRN   Phone", "1  {stranger_filed}  {kin_birth}  {other_mrn}  {stranger_phone}", "2  {filed}  {birth}  {mrn}  {phone}",
     "3  {twin_filed}  {kin2_birth}  {near_mrn}  {near_phone}", "4  {same_given_filed}  {other_birth}  {other2_mrn}", "5  {sibling_filed}  {kin_birth}"),
    ("TRANSPORT LIST", "{full} / {birth} / {phone} / {street} / {town_city}", "{stranger_full} / {other_birth} / {stranger_phone} / {neighbour_street} / {stranger_town_city}",
     "{same_given_full} / {kin2_birth} / {near_phone}", "{elder} / {kin_birth} / {kin_phone}"),
    ("GROUP SESSION SIGN-IN", "{stranger_full}    {stranger_phone}", "{same_given_full}    {other2_mrn}", "{name}    {mrn}", "{sibling_full}    {other_mrn}", "{kin_full}    {kin_phone}"),
)  # fmt: skip
FORMS: Final = (
    ("PATIENT REGISTRATION", "Name (Last, First, MI): {filed}    Former name: {former}", "DOB: {birth}   SSN: {ssn}   MRN: {mrn}", "Street: {street}   Unit: {unit}", "City/State/ZIP: {town}",
     "Home: {phone}   Cell: {phone2}   E-mail: {email}", "GUARANTOR", "Name: {elder}   DOB: {kin_birth}   SSN: {other_ssn}   Phone: {kin_phone}", "SPOUSE", "Name: {kin_full}   Employer phone: {stranger_phone}",
     "Member ID: {plan}    Subscriber: {kin_filed}  ID {near_plan}"),
    ("FAX", "To: {doctor_full}, MD", "Re: {name}  {birth}", "{mrn}", "Labs for {caps} attached. Ignore page 3, it is {same_given_filed}'s ({other2_mrn}).", "Caller: {sibling_full}, {kin_phone}. Patient: {phone}."),
    ("VISIT NOTE", "{caps}  {birth}  #{mrn}", "{title} {last} is here with {his} {kin_word} {kin_full}.", "{initials} reports pain. {kin_given} agrees. {sibling_given} drove.",
     "Roommate {same_given_full} coughs. {elder} visited.", "Reach at {phone2}. Contact {kin_full} {kin_phone}.", "{email}"),
)  # fmt: skip
CUT: Final = (
    (
        "Contact details on file for {full}:",
        "e-mail {email_cut}",
        "telephone {phone_cut}",
        "record number {mrn_cut}",
        "residing at {address_cut}",
        "{name_cut} was told.",
    ),
)
LAYOUTS: Final = {"portal": PORTAL, "letter": LETTERS, "roster": ROSTERS, "form": FORMS, "cut": CUT}


def visits(count: int, seed: str) -> list[Visit]:
    kinds = [(name, lines) for name, all_of in LAYOUTS.items() for lines in all_of]
    return [_visit(number, seed, *kinds[number % len(kinds)]) for number in range(count)]


def _visit(number: int, seed: str, name: str, lines: tuple[str, ...]) -> Visit:
    home = Household(Random(f"{seed}/{number}"))  # noqa: S311
    text, golds = "", list[Gold]()
    for line in lines:
        text, at = text + ("\n" if text else ""), 0
        for slot in _SLOT.finditer(line):
            value = home.value(slot[1])
            text += line[at : slot.start()]
            if value.whose and value.text:
                first = len(text) + 4 * value.text.startswith("the ")  # no part of a date
                golds.append(Gold(first, len(text) + len(value.text), f"{value.whose}: {value.how}"))
            text, at = text + value.text, slot.end()
        text += line[at:]
    return Visit(Sample(f"{name}/{number:03}", text, tuple(golds)), home.subject())


def shares(made: Sequence[Visit], strength: Strength | None, detector: PageDetector) -> dict[str, Share]:
    """For each way of writing a value, the share that stays (the patient's) or burns to the last letter."""
    profile, found = profiles.load(PROFILE), dict[str, Share]()
    for visit in made:
        page = damaged(visit.page, strength, f"households-{strength.name}") if strength else visit.page
        reading = reading_of(page)
        every = findings([reading], [detector.spans(reading, visit.subject)], visit.subject)
        within = scope(profile, ALLOWS_ALL, visit.subject, [reading], every)
        decisions = [profile.decide(f, reading.text[f.span.start : f.span.end] if f.span else "") for f in every]
        acted = [d for d in (*decisions, *within.decisions) if d.action is not Action.KEEP]
        burned = {word for decision in acted for word in decision.finding.words}
        for gold in page.golds:
            black = [word in burned for word in reading.words_in(gold.start, gold.end)]
            well = not any(black) if gold.kind.startswith(OWN) else all(black)
            found.setdefault(gold.kind, Share()).add(well, f"{page.id} {gold.start}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.households", description="Measure families' pages.")
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--seed", default="households", help="rules were written in view of hh-a and hh-b")
    parser.add_argument("--damage", action="append", choices=["none", *(s.name.lower() for s in Strength)])
    arguments = parser.parse_args()
    made, detector = visits(arguments.pages, arguments.seed), PageDetector()
    for name in arguments.damage or ["none", "light"]:
        found = shares(made, None if name == "none" else Strength[name.upper()], detector)
        for whose, what in ((OWN, "own kept"), (OTHERS, "others burned")):
            of = {how: share for how, share in found.items() if how.startswith(whose)}
            hits, total = sum(share.hits for share in of.values()), sum(share.of for share in of.values())
            print(f"{name}: {what} {hits} of {total} ({hits / total:.4f})")
            for how, share in sorted(of.items(), key=lambda item: item[1].hits - item[1].of):
                if share.hits < share.of:
                    print(f"  {how:44} {share.hits} of {share.of}")


if __name__ == "__main__":
    main()
