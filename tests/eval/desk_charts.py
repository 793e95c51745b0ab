# ruff: noqa: E501  a line of a page stays on one line
"""Synthetic charts as a release desk gets them: the patient's pages, with relatives, room-mates and other patients of a
unit's log on them, and in half of the charts a page of somebody else.

`{slot}` is the patient's, `{a.slot}` to `{c.slot}` are other people's casts. Names, places and numbers are the canaries',
which no detector may read. Everything follows from the seed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from detectors.findings import Kind, Owner
from detectors.subject import Subject
from streams.canaries.cast import Cast, Field
from streams.canaries.sheet import varied
from tests.eval.samples import Gold, Sample

OWN, OTHERS = "own", "others"
"""Whose an identifier is; a gold of neither is a provider's, a day of care or an age, which the profile keeps or not."""
_COUNTED: Final = frozenset(
    {
        Kind.PERSON, Kind.BIRTH_DATE, Kind.MRN, Kind.SSN, Kind.STREET, Kind.PHONE, Kind.EMAIL, Kind.ACCOUNT, Kind.MBI,
        Kind.HEALTH_PLAN, Kind.LICENCE,
    }
)  # fmt: skip
_LETTERS, _FIGURES = "OQDILSBZGEAT", "000115826347"
_SLOT: Final = re.compile(r"\{(?:([abc])\.)?(\w+)\}")

HEADS: Final = (
    ("Patient: {patient_filed}   DOB: {birth}   MRN: {mrn}",),
    ("Patient Name: {patient_full}", "Date of Birth: {birth}   Med Rec #: {mrn}"),
    ("{patient_caps}  {birth}  {sex}", "MRN {mrn}   Acct {account}"),
    ("Name: {patient_filed}  Sex: {sex}  DOB: {birth}", "Record No. {mrn}"),
    ("RE: {patient_full}", "DOB {birth}"),
)
CONTINUED: Final = (
    "Page 2 (continued)",
    "Abdomen soft, no tenderness. Bowel sounds normal.",
    "Extremities without edema. Gait steady with walker.",
    "Continue lisinopril 20 mg daily, recheck potassium in one week.",
)
FACE: Final = (
    "{facility_caps}",
    "REGISTRATION FACE SHEET",
    "Address: {street}, {city}, {state} {zip}   Phone: {phone}",
    "SSN: {ssn}   Sex: {sex}   E-mail: {email}",
    "Insurance: Medicare   Member ID: {mbi}   Account: {account}",
    "EMERGENCY CONTACT",
    "Name: {relative_full}   Relationship: {kin}   Phone: {kin_phone}",
    "Attending: Dr. {doctor_full}   PCP: {doctor1_full}, {doctor1_credential}",
    "Date of admission: {admitted}   Reason: chest pain",
)
NOTES: Final = (
    "Date of service: {stay_date}   Provider: {doctor_full}, {doctor_credential}",
    "{title} {patient_last} is seen [for follow-up of hypertension|after a fall|for shortness of breath].",
    "{He} lives with {his} {kin} {relative_full} and uses a walker.",
    "{His} {kin} {relative_full} was called at {kin_phone} and agrees with the plan.",
    "Her roommate {a.patient_full} [was transferred to the step-down unit|complained of the noise] last night.",
    "Wrong chart was opened first: {b.patient_filed}, MRN {b.mrn}; closed without entry.",
    "The visitor, {a.relative_full}, was asked to wait outside.",
    "Lungs clear, heart regular, no edema. [Parkinson disease is stable.|Foley removed.|Wilson score 3.]",
    "Outside records: {facility2} MRN 00-{a.account} reviewed.",
    "Plan: [continue metoprolol|start physical therapy|repeat labs in one week]. Follow up {follow_up}.",
    "Signed: {doctor_full}, {doctor_credential} {discharged}",
)
LAB: Final = (
    "LABORATORY REPORT   {facility}",
    "Collected: {stay_date}   Ordering provider: Dr. {doctor1_full}",
    "Sodium 139   Potassium 4.4   Chloride 101   CO2 26",
    "WBC 7.2   Hgb 13.1   Plt 244   INR 1.1",
    "Called to {nurse_full}, RN. Specimen of {b.patient_full} was relabelled.",
    "Questions: {office_phone}",
)
LOG: Final = (
    "UNIT 4 WEST SHIFT LOG   {stay_date}",
    "401A  {a.patient_filed}  MRN {a.mrn}  fall risk",
    "401B  {patient_filed}  MRN {mrn}  telemetry",
    "402A  {b.patient_filed}  MRN {b.mrn}  discharged",
    "402B  {c.patient_filed}  DOB {c.birth}  NPO for surgery",
    "Charge nurse: {nurse_full}",
)
KINDS: Final = (FACE, NOTES, LAB, LOG, CONTINUED)


@dataclass(frozen=True, slots=True)
class Chart:
    """Pages with golds of `own` and `others`; `misfiled` are the numbers of pages that are another patient's.

    `look_alikes` is a unit's log of patients whose record numbers differ from the chart's by one slip.
    """

    pages: tuple[Sample, ...]
    subject: Subject
    misfiled: frozenset[int]
    look_alikes: Sample


def charts(count: int, seed: str = "desk") -> list[Chart]:
    return [_chart(number, seed) for number in range(count)]


def _chart(number: int, seed: str) -> Chart:
    rng = Random(f"{seed}/{number}")  # noqa: S311
    casts = {key: Cast(rng) for key in ("", "a", "b", "c")}
    pages = [FACE, NOTES, *rng.sample((NOTES, LAB, LOG, CONTINUED), rng.randint(1, 3))]
    stranger = rng.randint(1, len(pages)) if number % 2 else None
    made: list[Sample] = []
    for page, lines in enumerate(pages):
        if page == stranger:
            made.append(_misfiled(rng, f"desk/{number:03}-x", casts))
        made.append(_page(rng, f"desk/{number:03}-{page}", lines, casts, ""))
    if stranger == len(pages):
        made.append(_misfiled(rng, f"desk/{number:03}-x", casts))
    found = frozenset(page for page, sample in enumerate(made) if sample.id.endswith("x"))
    return Chart(tuple(made), casts[""].subject(), found, _log_of_look_alikes(number, casts[""].mrn))


def look_alikes(record: str) -> list[str]:
    """The number given next, two figures changed about, and a figure in the place of each letter that looks like it."""
    figures = [at for at, char in enumerate(record) if char.isdigit()]
    last = figures[-1]
    found = [record[:last] + str((int(record[last]) + 1) % 10) + record[last + 1 :]]
    for a, b in pairwise(figures):
        if record[a] != record[b]:
            found.append(record[:a] + record[b] + record[a + 1 : b] + record[a] + record[b + 1 :])
            break
    likeness = zip(_LETTERS, _FIGURES, strict=True)
    return found + [record.replace(letter, figure, 1) for letter, figure in likeness if letter in record]


def _log_of_look_alikes(number: int, record: str) -> Sample:
    text, golds = "UNIT 4 WEST SHIFT LOG", list[Gold]()
    for bed, other in enumerate(look_alikes(record), start=401):
        text += f"\n{bed}A  MRN "
        golds.append(Gold(len(text), len(text) + len(other), OTHERS))
        text += other + "  fall risk"
    return Sample(f"desk/{number:03}-l", text, tuple(golds))


def _misfiled(rng: Random, id: str, casts: dict[str, Cast]) -> Sample:
    """The page of another patient, with that patient's doctors; the chart's patient is nowhere on it."""
    lines = tuple(line for line in rng.choice((FACE, NOTES, LAB)) if "{b." not in line and "{a." not in line)
    return _page(rng, id, lines, {**casts, "": casts["c"]}, OTHERS)


def _page(rng: Random, id: str, lines: tuple[str, ...], casts: dict[str, Cast], whose: str) -> Sample:
    return written(rng, id, (*(() if lines in (LOG, CONTINUED) else rng.choice(HEADS)), *lines), casts, whose)


def written(rng: Random, id: str, lines: tuple[str, ...], casts: dict[str, Cast], whose: str) -> Sample:
    """A page of these lines with their slots filled; `whose` is what the slots of no other cast count for."""
    text, golds = "", list[Gold]()
    for line in lines:
        text += "\n" if text else ""
        template, at = varied(rng, line), 0
        for slot in _SLOT.finditer(template):
            text += template[at : slot.start()]
            value = _resolved(casts[slot[1] or ""], slot[2])
            if isinstance(value, Field):
                golds.append(Gold(len(text), len(text) + len(value.text), _whose(value, slot[1] or whose)))
                value = value.text
            text, at = text + value, slot.end()
        text += template[at:]
    return Sample(id, text, tuple(golds))


def _resolved(cast: Cast, slot: str) -> Field | str:
    return str(cast.resolve("his")).capitalize() if slot == "His" else cast.resolve(slot)


def _whose(value: Field, cast: str) -> str:
    if value.kind not in _COUNTED or value.owner is Owner.PROVIDER:
        return "neither"
    return OWN if not cast and value.owner is Owner.PATIENT else OTHERS
