# ruff: noqa: E501  a sentence stays on one line
"""The forms: face sheet, insurance claim and prescription, with their labelled boxes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from streams.canaries import prose
from streams.canaries.furniture import box, signature
from streams.canaries.prose import some
from streams.canaries.sheet import Sheet


def face_sheet(s: Sheet, rng: Random) -> None:
    s.line(
        "[PATIENT REGISTRATION|FACE SHEET|ADMISSION RECORD|Inpatient Face Sheet]", bold=True, size=14, align="centre"
    )
    s.space(10)
    rows = [box("patient_filed", "mrn"), box("birth", "age", "sex", "ssn"), box("street"), box("city", "state", "zip"),
            box("phone", "cell"), box("email", "licence"), box("admitted", "account"), box("doctor_filed", "facility")]  # fmt: skip
    (s.boxes if rng.random() < 0.6 else _as_pairs(s))(rows)
    s.heading("[INSURANCE|Coverage|Payer Information]")
    s.boxes(
        [
            box("plan", "mbi"),
            box("card", "claim"),
            box("vin", "relative"),
            [("[Relationship|Relation]", "{kin}"), *box("kin_phone")],
        ]
    )
    s.heading("[Reason for Visit|CHIEF COMPLAINT]")
    s.paragraph(some(rng, prose.HISTORY, 2))
    s.heading("[CONSENT|Consent for Treatment]")
    for notice in rng.sample(prose.NOTICES, 3):
        s.paragraph(notice, size=max(8.5, s.style.size - 1))
        s.space(4)
    signature(s, "{patient_full}", "{admitted}", "[Patient or representative|Signed]")


def _as_pairs(s: Sheet) -> Callable[[list[list[tuple[str, str]]]], None]:
    return lambda rows: s.pairs([(f"{label}:", value) for row in rows for label, value in row])


def claim_form(s: Sheet, rng: Random) -> None:
    s.line("[HEALTH INSURANCE CLAIM FORM|Statement of Claim|MEDICAL CLAIM]", bold=True, size=13, align="centre")
    s.space(8)
    s.boxes([
        [("1a. [INSURED'S I.D. NUMBER|MEMBER NUMBER]", "{plan}"), ("1b. CLAIM NUMBER", "{claim}")],
        [("2. PATIENT'S NAME", "{patient_caps}"), ("3. PATIENT'S BIRTH DATE", "{birth}"), ("SEX", "{sex}")],
        [("4. INSURED'S NAME", "{relative_caps}"), ("6. RELATIONSHIP", "{kin}"), ("9a. MEDICARE NUMBER", "{mbi}")],
        [("5. PATIENT'S ADDRESS", "{street}"), ("CITY", "{city}"), ("STATE", "{state}"), ("ZIP CODE", "{zip}")],
        [("TELEPHONE", "{phone}"), ("26. PATIENT'S ACCOUNT NO.", "{account}"), ("28. PATIENT'S SSN", "{ssn}")],
        [("14. DATE OF CURRENT ILLNESS", "{past_date}"), ("18. HOSPITALIZATION FROM", "{admitted}"), ("TO", "{discharged}")],
        [("17. REFERRING PROVIDER", "{doctor1_full}"), ("17b. NPI", "{npi2}"), ("10b. AUTO ACCIDENT VIN", "{vin}")],
    ])  # fmt: skip
    s.heading("[21. DIAGNOSIS OR NATURE OF ILLNESS|Diagnoses]")
    for code, name in rng.sample(prose.DIAGNOSES, 3):
        s.paragraph(f"{code}   {name}", indent=8)
    s.heading("24. [SERVICES|Services Rendered]")
    rows = [
        ("{stay_date}", code, name, f"{rng.randint(40, 900)}.00", "{npi}")
        for code, name in rng.sample(prose.PROCEDURES, rng.randint(3, 5))
    ]
    s.table(("Date of Service", "Code", "Description", "Charges", "Rendering NPI"), rows, (0.2, 0.1, 0.36, 0.14, 0.2))
    s.space(6)
    s.heading("[CERTIFICATION|12. Authorization]")
    for notice in (
        *rng.sample(prose.NOTICES, 2),
        "Charges remain subject to review, and payment is made only for services that are covered and medically necessary. Any person who knowingly files a false statement may be guilty of a criminal act under state and federal law.",
    ):
        s.paragraph(notice, size=8.5)
        s.space(3)
    s.paragraph(
        "[33. BILLING PROVIDER|Billing]: {facility}, {office_street}, {office_city}, {office_state} {office_zip}, {office_phone}"
    )
    signature(s, "{doctor_full}, {doctor_credential}", "{discharged}", "31. SIGNATURE OF PHYSICIAN OR SUPPLIER")


def prescription(s: Sheet, rng: Random) -> None:
    s.line("{doctor_full}, {doctor_credential}", bold=True, size=13, align="centre")
    s.space(15)
    s.line("{facility}", align="centre")
    s.space(13)
    s.line("{office_street}, {office_city}, {office_state} {office_zip}", align="centre", size=9)
    s.space(13)
    s.line("[Tel|Phone] {office_phone}   Fax {fax}   DEA {dea}   NPI {npi}   Lic. {md_licence}", align="centre", size=8)
    s.space(10)
    s.boxes(
        [
            box("patient_filed", "birth"),
            [("ADDRESS", "{street}, {city}, {state} {zip}")],
            [("DATE", "{admitted}"), ("AGE", "{age}"), ("PLAN", "{plan}")],
        ]
    )
    s.space(14)
    s.line("Rx", bold=True, size=20, baseline=s.y + 12)
    s.space(22)
    for drug in rng.sample(prose.DRUGS, rng.randint(2, 4)):
        s.paragraph(drug, bold=True, size=s.style.size + 1)
        s.paragraph(
            f"Sig: {rng.choice(prose.DIRECTIONS)}. Dispense: {rng.choice((30, 60, 90))}. Refills: {rng.choice(('none', 'one', 'three'))}.",
            indent=14,
        )
        s.space(5)
    s.heading("[INSTRUCTIONS|Notes to Pharmacy]")
    s.paragraph(
        "[Substitution permitted unless marked|Dispense as written]. Keep this medicine out of the reach of children, store it at room temperature, and do not share it with others. Finish the whole course unless told otherwise, and report any rash, swelling or trouble breathing at once. "
        + some(rng, prose.PLAN, 4)
    )
    s.paragraph(
        "[Caregiver|Picked up by]: {relative_full}, {kin_phone}. Verify [coverage|benefits] with member {plan}."
    )
    s.space(4)
    s.paragraph(prose.NOTICES[3], size=s.style.size - 1)
    signature(s, "{doctor_full}", "{admitted}", "[Prescriber signature|Signature of prescriber]")
