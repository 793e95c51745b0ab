"""Pages whose head tells little: one date or one number of the patient's or of somebody else, or a namesake's."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from detectors.detect import PageDetector, findings
from policies.scope import another_patient
from streams.canaries import values
from streams.canaries.cast import Cast
from tests.eval.damage import Strength, damaged
from tests.eval.desk import Share, reading_of
from tests.eval.desk_charts import written

BODY: Final = ("Lungs clear, heart regular, no edema.", "Plan: continue metoprolol. Follow up {follow_up}.")
ANOTHERS: Final = {
    "only a birth date": ("DOB: {c.birth}",),
    "only a record number": ("Record No. {c.mrn}   Page 2 of 3",),
    "a namesake's birth date": ("Patient: {patient_filed}   DOB: {c.birth}",),
    "a namesake's record number, of one facility": ("Patient: {patient_filed}   MRN: {number}",),
}
"""`{number}` is a record number of the patient's form, `{c.mrn}` one of any."""
OWN: Final = {
    "own birth date": ("DOB: {birth}",),
    "own record number": ("MRN: {mrn}",),
    "own, another facility's number": ("{facility2}", "Patient: {patient_filed}   MRN: {c.mrn}"),
    "own, another facility's number, birth date": (
        "{facility2}",
        "Patient: {patient_filed}  DOB: {birth}  MRN: {number}",
    ),
    "own, a relative's birth date": ("Patient: {patient_filed}", "Sister: {relative_full}, born {c.birth}"),
}


def shares(count: int, seed: str, strength: Strength | None, detector: PageDetector) -> Iterator[tuple[str, Share]]:
    """For each of the heads the share of pages that is judged right."""
    for heads, anothers in ((ANOTHERS, True), (OWN, False)):
        for name, lines in heads.items():
            share = Share()
            for number in range(count):
                rng = Random(f"{seed}/{name}/{number}")  # noqa: S311
                casts = {key: Cast(rng) for key in ("", "a", "b", "c")}
                other = _of_one_form(rng, casts[""].mrn)
                head = tuple(line.replace("{number}", other) for line in lines)
                page = written(rng, f"desk/{number:03}-h", (*head, *BODY), casts, "")
                page = damaged(page, strength, f"head-{strength.name}") if strength else page
                reading, subject = reading_of(page), casts[""].subject()
                found = findings([reading], [detector.spans(reading, subject)], subject)
                told = another_patient.contradiction(reading.text, found, subject) is not None
                share.add(told is anothers, page.id)
            yield name, share


def _of_one_form(rng: Random, record: str) -> str:
    return "".join(values.digits(rng, 1) if char.isdigit() else char for char in record)
